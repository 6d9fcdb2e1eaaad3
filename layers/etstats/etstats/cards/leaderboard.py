"""The leaderboard card: ten lines, what they count, what it took to be listed, and the buttons to turn pages."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.text import NEUTRAL, count, in_table, table
from etstats.domain.leaderboard import Standing
from etstats.domain.measure import MEANINGS, Meaning, Measure, Shown
from etstats.interactions.reply import Button, Embed, Message, Press, sentence

LINES = 10
NOBODY_YET = "Nobody has played enough counted rounds for this yet. Play on, or ask for /leaderboard by: Rounds played."


def card(measure: Measure, standings: Sequence[Standing], *, page: int) -> Message:
    """*page* counts from 1."""
    if not standings:
        return sentence(NOBODY_YET)
    meaning = MEANINGS[measure]
    pages = pages_of(standings[0].listed)
    embed = Embed(
        title=f"Leaderboard · {meaning.label}",
        description=f"{meaning.explained[:1].upper()}{meaning.explained[1:]}.\n{_lines(meaning, standings)}",
        colour=NEUTRAL,
        footer=f"From {count(standings[0].enough_rounds, 'round')} on · {count(standings[0].listed, 'player')}"
        f" · page {page} of {pages}\nn: {meaning.sample}",
    )
    return Message(embeds=(embed,), rows=_buttons(measure, page, pages))


def pages_of(listed: int) -> int:
    return -(-listed // LINES)


def _lines(meaning: Meaning, standings: Sequence[Standing]) -> str:
    """38 columns: rank, name, value, n."""
    rows = [f"{'#':>3} {'player':16}{meaning.heading:>9}{'n':>8}"]
    for one in standings:
        rows.append(f"{one.rank:>3} {in_table(one.name, 16)}{_value(meaning, one.score):>9}{one.sample:>8,}")
    return table(rows)


def _value(meaning: Meaning, score: float) -> str:
    if meaning.shown is Shown.PERCENT:
        return f"{score:.1f}%"
    return f"{score:,.0f}" if meaning.shown is Shown.WHOLE else f"{score:,.2f}" if score < 100 else f"{score:,.1f}"


def _buttons(measure: Measure, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    if pages == 1:
        return ()
    return ((_turn("◀", measure, page - 1, pages), _turn("▶", measure, page + 1, pages)),)


def _turn(label: str, measure: Measure, page: int, pages: int) -> Button:
    press = Press(command="leaderboard", options=(("by", measure.value), ("page", str(page))))
    return Button(label=label, press=press, disabled=not 1 <= page <= pages)
