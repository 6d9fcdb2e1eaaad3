"""A highlight to be watched: its film; until that is there, a still of it and how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from etstats.cards.ask import button
from etstats.cards.highlight import clip_press, colour_of, told, watch_press, where, who
from etstats.cards.text import escaped, file_safe, plain
from etstats.domain.demo import Shown
from etstats.domain.video import Video, VideoState, Watched
from etstats.interactions.reply import Attachment, Beside, Button, Embed, Message
from etstats.words import Words

_STILL = "still.png"
_BAR = 10
_MEDIA_TYPES = {"mp4": "video/mp4", "webp": "image/webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is to be watched. *private*: the caller alone sees it."""

    shown: Shown
    has_next: bool
    private: bool


def card(words: Words, asking: Asking, watched: Watched) -> Message:
    """The film plays inline, on phones as well."""
    file = _file(words, asking, watched)
    highlight = asking.shown.highlight
    kind = words(f"highlight.{highlight.kind.value}")
    embed = Embed(
        title=words("watch.title", n=asking.shown.position, kind=kind, name=who(words, highlight)),
        description="\n".join((told(words, highlight), where(words, asking.shown), *_state(words, watched))),
        colour=colour_of(highlight),
        image=file.name if file is not None and file.media_type.startswith("image/") else "",
    )
    return Message(embeds=(embed,), rows=(_buttons(words, asking, watched),), files=(file,) if file is not None else ())


def _file(words: Words, asking: Asking, watched: Watched) -> Attachment | None:
    highlight = asking.shown.highlight
    name = plain(highlight.name) if highlight.name else words("highlight.team")
    described = words("watch.described", kind=words(f"highlight.{highlight.kind.value}"), name=name)
    if watched.film is not None and watched.video.key is not None:
        ending = watched.video.key.rpartition(".")[2]
        called = f"{file_safe(asking.shown.map or 'film')}-{asking.shown.demo_id}-{asking.shown.position}.{ending}"
        return Attachment(name=called, content=watched.film, media_type=_MEDIA_TYPES[ending], description=described)
    if watched.still is not None:
        return Attachment(name=_STILL, content=watched.still, media_type="image/png", description=described)
    return None


def _state(words: Words, watched: Watched) -> tuple[str, ...]:
    """Nothing about a film that is there."""
    if watched.film is not None:
        return ()
    video = watched.video
    if video.state == VideoState.FAILED.value:
        return (words("watch.failed", reason=escaped(video.reason or "")),)
    if video.state == VideoState.ASKED.value:
        return (words("watch.asked"),)
    return (words("watch.rendering", bar=_bar(video), percent=video.percent),)


def _bar(video: Video) -> str:
    done = video.percent * _BAR // 100
    return "▰" * done + "▱" * (_BAR - done)


def _buttons(words: Words, asking: Asking, watched: Watched) -> tuple[Button, ...]:
    demo_id, number = asking.shown.demo_id, asking.shown.position
    made: list[Button] = []
    if watched.film is None and watched.video.state != VideoState.FAILED.value:
        made.append(button(words("watch.refresh"), watch_press(demo_id, number)))
    made.append(button(words("watch.clip"), clip_press(demo_id, number)))
    if watched.film is not None and asking.private:
        made.append(button(words("watch.share"), watch_press(demo_id, number, beside=Beside.FOR_ALL)))
    if asking.has_next:
        made.append(button(words("watch.next"), watch_press(demo_id, number + 1)))
    return tuple(made)
