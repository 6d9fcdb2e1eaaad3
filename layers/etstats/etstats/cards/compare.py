"""The comparison card: who is ahead in how many figures, each of them, and what the two did with and to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from etstats.cards.ask import asking, button, period_buttons
from etstats.cards.figure import cell, rate, value
from etstats.cards.picture.comparison import Compared, ComparedFigure
from etstats.cards.text import NEUTRAL, UNKNOWN, escaped, in_table, part, table
from etstats.domain.compare import ENOUGH_ROUNDS, PER_ROUND, Ahead, Comparison, Encounters, Outcomes, Row, Side
from etstats.domain.measure import Measure
from etstats.domain.period import Period
from etstats.domain.who import player_mark
from etstats.interactions.reply import Component, Embed, Field, Message
from etstats.words import Words

_SHORT_NAME = 24  # in a line with two of them


def card(words: Words, found: Comparison, *, period: Period, today: date, drawn: bool = False) -> Message:
    """*drawn*: a picture stands below."""
    first, second = _name(found.first), _name(found.second)
    rows = _rows(words, found)
    fields = (
        Field(name=words("compare.together"), value=_together(words, found.together)),
        Field(name=words("compare.against"), value=_against(words, found.against, first, second)),
        Field(name=words("compare.duels"), value=_duels(words, found.encounters, first, second)),
    )
    embed = Embed(
        title=" · ".join((words("compare.title", first=first, second=second), *part(words, period, "", today))),
        description=f"{_score(words, found, rows, first, second)}\n{_table(words, found, rows)}",
        colour=NEUTRAL,
        fields=fields,
        footer=_footer(words, found),
    )
    return Message(embeds=(embed,), rows=_buttons(words, found, period, drawn=drawn))


def picture(words: Words, found: Comparison) -> Compared:
    return Compared(
        first=found.first.name,
        second=found.second.name,
        first_rounds=found.first.rounds,
        second_rounds=found.second.rounds,
        figures=tuple(
            ComparedFigure(
                label=words(_label(row.measure)),
                first=row.first,
                second=row.second,
                first_text=_figure(words, row.measure, row.first),
                second_text=_figure(words, row.measure, row.second),
                ahead=row.ahead,
            )
            for row in _rows(words, found)
        ),
    )


def _name(side: Side) -> str:
    return escaped(in_table(side.name, _SHORT_NAME).strip())


def _score(words: Words, found: Comparison, rows: Sequence[Row], first: str, second: str) -> str:
    """Figures won by each; or who has not played enough for that."""
    if not found.enough:
        few = min(found.first, found.second, key=lambda side: side.rounds)
        needs = words("figures.needs", needed=words.count("round", ENOUGH_ROUNDS), has=words.whole(few.rounds))
        return words("compare.too_few", name=_name(few), needs=needs)
    won = {ahead: sum(row.ahead is ahead for row in rows) for ahead in Ahead}
    counted = words.count("in_figure", len(rows))
    return words(
        "compare.score", first=first, won=won[Ahead.FIRST], lost=won[Ahead.SECOND], second=second, figures=counted
    )


def _table(words: Words, found: Comparison, rows: Sequence[Row]) -> str:
    """40 columns: the figure, and each of the two with a mark at whoever is ahead."""
    head = "".join(" " + _to_the_right(side.name, 12) for side in (found.first, found.second))
    return table([f"{'':14}{head}", *(_line(words, row) for row in rows)])


def _rows(words: Words, found: Comparison) -> list[Row]:
    """By less than is shown nobody is ahead: of 1.60 and 1.60 none has more."""
    return [replace(row, ahead=Ahead.NOBODY) if _looks_even(words, row) else row for row in found.rows]


def _looks_even(words: Words, row: Row) -> bool:
    return _figure(words, row.measure, row.first) == _figure(words, row.measure, row.second)


def _to_the_right(name: str, columns: int) -> str:
    shown = in_table(name, columns)
    return " " * (len(shown) - len(shown.rstrip())) + shown.rstrip()


def _line(words: Words, row: Row) -> str:
    cells = (_cell(words, row, Ahead.FIRST), _cell(words, row, Ahead.SECOND))
    return f"{in_table(words(_label(row.measure)), 14)}{cells[0]}{cells[1]}"


def _label(measure: Measure) -> str:
    return f"compare.{measure.value}" if measure in PER_ROUND else f"measure_short.{measure.value}"


def _cell(words: Words, row: Row, side: Ahead) -> str:
    figure = row.first if side is Ahead.FIRST else row.second
    shown = cell(_figure(words, row.measure, figure), figure, 11).strip()
    return f"{'▸ ' + shown if row.ahead is side else shown:>13}"


def _figure(words: Words, measure: Measure, figure: float | None) -> str:
    if figure is None:
        return UNKNOWN
    if measure is Measure.WINS:
        return words.percent(100 * figure, decimals=1)
    return rate(words, figure) if measure in PER_ROUND else value(words, measure, figure)


def _together(words: Words, record: Outcomes) -> str:
    if not record.maps:
        return words("compare.no_maps")
    share = words.percent(record.won, record.maps)
    maps = words.count("map", record.maps)
    return words(
        "compare.together_record", maps=maps, won=record.won, lost=record.lost, drawn=record.drawn, share=share
    )


def _against(words: Words, record: Outcomes, first: str, second: str) -> str:
    if not record.maps:
        return words("compare.no_maps")
    return words(
        "compare.against_record", first=first, won=record.won, lost=record.lost, second=second, drawn=record.drawn,
        maps=words.count("map", record.maps),
    )  # fmt: skip


def _duels(words: Words, met: Encounters, first: str, second: str) -> str:
    if not met.rounds:
        return words("compare.no_encounters")
    rounds = words.count("round", met.rounds)
    return words("compare.encounters", first=first, kills=met.kills, deaths=met.deaths, second=second, rounds=rounds)


def _footer(words: Words, found: Comparison) -> str:
    return words(
        "compare.footer",
        first=words.count("round", found.first.rounds),
        second=words.count("round", found.second.rounds),
        first_known=words.whole(found.first.revives_known_rounds),
        second_known=words.whole(found.second.revives_known_rounds),
    )


def _buttons(words: Words, found: Comparison, period: Period, *, drawn: bool) -> tuple[tuple[Component, ...], ...]:
    first, second = player_mark(found.first.guid), player_mark(found.second.guid)
    asked = asking("compare", a=first, b=second, period=period.value)
    stats = tuple(
        button(
            words("button.stats_of", name=in_table(side.name, _SHORT_NAME).strip()),
            asking("stats", player=player_mark(side.guid), period=period.value).but(),
        )
        for side in (found.first, found.second)
    )
    drawing = button(words("button.picture"), asked.but(picture="true"), chosen=drawn)
    return (*period_buttons(words, asked, period), drawing), stats
