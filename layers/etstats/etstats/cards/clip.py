"""A clip: the file, or where to get it, and how to play it."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.linked import linked
from etstats.cards.text import escaped, file_safe
from etstats.domain.clip import Clip, Wanted
from etstats.domain.demo import Demo, DemoPlayer
from etstats.interactions.reply import Attachment, Message
from etstats.words import Words

_MEDIA_TYPE = "application/octet-stream"
_NAMED = 12


def card(words: Words, demo: Demo, wanted: Wanted, clip: Clip) -> Message:
    """As a file where a message can carry it."""
    begin_ms = demo.begin_ms or 0
    name = _file_name(demo, wanted)
    told = words(
        "clip.told", map=escaped(demo.map or demo.name), begin=words.clock((wanted.from_ms - begin_ms) // 1_000),
        end=words.clock((wanted.to_ms - begin_ms) // 1_000), kilobytes=words.whole(clip.size / 1_024),
        play=f"/demo {name.rpartition('.')[0]}",
    )  # fmt: skip
    if clip.content is not None:
        file = Attachment(name=name, content=clip.content, media_type=_MEDIA_TYPE)
        return Message(content=told, files=(file,))
    return Message(
        content=told + "\n" + words("clip.expires"), embeds=(linked(words("clip.download"), clip.url or ""),)
    )


def names(players: Sequence[DemoPlayer]) -> list[str]:
    """Whose view there is."""
    return [escaped(one.name) for one in players[:_NAMED]]


def _file_name(demo: Demo, wanted: Wanted) -> str:
    second = (wanted.from_ms - (demo.begin_ms or 0)) // 1_000
    return f"{file_safe(demo.map or 'clip')}-{demo.demo_id}-{second}s.{wanted.extension}"
