"""The leaderboard card: ten lines, what they count, what it took to be listed, and the buttons to turn pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from etstats.cards.text import NEUTRAL, count, in_table, part, table
from etstats.domain.leaderboard import Standing
from etstats.domain.map import mark
from etstats.domain.measure import MEANINGS, Meaning, Measure, Shown
from etstats.domain.period import Period
from etstats.interactions.reply import Button, Embed, Message, Press, sentence
from etstats.words import Words

LINES = 10
NOBODY_YET = "Nobody has played enough counted rounds for this yet. Play on, or ask for /leaderboard by: Rounds played."


def card(
    _: Words, measure: Measure, standings: Sequence[Standing], *, period: Period, map: str, today: date, page: int
) -> Message:
    """*map* '': all of them. *page* counts from 1."""
    if not standings:
        return sentence(NOBODY_YET)
    meaning = MEANINGS[measure]
    pages = pages_of(standings[0].listed)
    asked = [("by", measure.value), ("period", period.value), ("map", mark(map))]
    embed = Embed(
        title=" · ".join(("Leaderboard", meaning.label, *part(period, map, today))),
        description=f"{meaning.explained[:1].upper()}{meaning.explained[1:]}.\n{_lines(meaning, standings)}",
        colour=NEUTRAL,
        footer=f"From {_enough(meaning, standings[0])} on · {count(standings[0].listed, 'player')}"
        f" · page {page} of {pages}\nn: {meaning.sample}",
    )
    return Message(embeds=(embed,), rows=_buttons(asked, page, pages))


def not_by_map(measure: Measure) -> Message:
    return sentence(f"{MEANINGS[measure].label} cannot be told map by map. Ask without the map.")


def _enough(meaning: Meaning, one: Standing) -> str:
    rounds = count(one.enough_rounds, "round")
    return f"{rounds} and {one.enough_of_it:,} {meaning.asked_for}" if meaning.asked_for else rounds


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


def _buttons(asked: Sequence[tuple[str, str]], page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    if pages == 1:
        return ()
    given = tuple((name, value) for name, value in asked if value and value != Period.ALL.value)
    return ((_turn("◀", given, page - 1, pages), _turn("▶", given, page + 1, pages)),)


def _turn(label: str, asked: tuple[tuple[str, str], ...], page: int, pages: int) -> Button:
    press = Press(command="leaderboard", options=(*asked, ("page", str(page))))
    return Button(label=label, press=press, disabled=not 1 <= page <= pages)
