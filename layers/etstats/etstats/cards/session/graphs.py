"""The graphs view: the evening round by round as a picture, and the same figures in words."""

from __future__ import annotations

from etstats.cards import evening as told
from etstats.cards.picture import timeline as picture
from etstats.cards.session.view import View
from etstats.cards.text import in_table, narrow, table
from etstats.domain.evening import Evening
from etstats.domain.timeline import Timeline
from etstats.interactions.reply import Attachment, Embed, Message
from etstats.words import Words

_NAME = "timeline.png"
_LONGEST_DESCRIPTION = 1_024


def card(words: Words, evening: Evening, timeline: Timeline, drawn: bytes | None) -> Message:
    """*drawn* None: no map was played by both sides, so there is nothing to draw."""
    parts = [told.score(words, evening), *([_figures(words, timeline)] if timeline.maps else [])]
    embed = Embed(
        title=told.title(words, evening.session, words(f"session.view_{View.GRAPHS.value}")),
        description="\n".join(parts),
        colour=told.colour(evening.session),
        image=_NAME if drawn else "",
        footer=words("session.legend_graphs") if timeline.maps else "",
    )
    return Message(embeds=(embed,), files=(_file(words, timeline, drawn),) if drawn else ())


def _figures(words: Words, timeline: Timeline) -> str:
    """40 columns: map, who won it, both teams' damage per minute in both rounds."""
    rows = [f"{words('evening.map'):14}{words('evening.won'):>6}{'R1 A:B':>10}{'R2 A:B':>10}"]
    for one in timeline.maps[: told.MAP_LINES]:
        won = one.winner_team if one.winner_team in ("A", "B") else "1:1"
        rounds = "".join(f"{_dpm(played.dpm_a)}:{_dpm(played.dpm_b)}".rjust(10) for played in one.rounds)
        rows.append(f"{in_table(one.map, 14)}{won:>6}{rounds}")
    return table(rows) + told.more(words, "map", len(timeline.maps) - told.MAP_LINES)


def _dpm(dpm: float | None) -> str:
    return narrow(dpm, 5).strip()


def _file(words: Words, timeline: Timeline, drawn: bytes) -> Attachment:
    described = picture.told(words, timeline)[:_LONGEST_DESCRIPTION]
    return Attachment(name=_NAME, content=drawn, media_type="image/png", description=described)
