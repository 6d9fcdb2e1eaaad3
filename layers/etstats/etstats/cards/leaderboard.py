"""The leaderboard card: who leads, ten lines, where the asker stands, and the buttons to turn pages and change what
counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from etstats.cards.ask import Asking, asking, button, menu, period_buttons, turning
from etstats.cards.figure import cell, gap, name, value
from etstats.cards.text import NEUTRAL, escaped, in_table, part, table
from etstats.domain.leaderboard import Board, Place, Standing
from etstats.domain.measure import MEANINGS, Measure
from etstats.domain.period import Period
from etstats.domain.where import map_mark
from etstats.interactions.reply import Component, Embed, MenuChoice, Message
from etstats.words import Words

LINES = 10
FIND_ME = "me"  # instead of a page's number


def card(
    words: Words, measure: Measure, board: Board, *, me: str | None, period: Period, map: str, today: date
) -> Message:
    """*board*: with standings. *map* '': all of them. *me*: the asker's own guid, whose line is marked."""
    asked = asking("leaderboard", stat=measure.value, period=period.value, map=map_mark(map))
    embed = Embed(
        title=" · ".join((words("leaderboard.title", measure=name(words, measure)), *part(words, period, map, today))),
        description="\n".join(_told(words, measure, board, me)),
        colour=NEUTRAL,
        footer=_footer(words, measure, board),
    )
    return Message(embeds=(embed,), rows=_rows(words, measure, board, asked, period))


def _told(words: Words, measure: Measure, board: Board, me: str | None) -> list[str]:
    explained = words(f"measure_told.{measure.value}")
    leader = [_leader(words, measure, board.standings)] if board.page == 1 else []
    told = [*leader, explained, _table(words, measure, board.standings, me)]
    return told if board.place is None else [*told, _you(words, measure, board.place)]


def _leader(words: Words, measure: Measure, standings: Sequence[Standing]) -> str:
    first, others = standings[0], sum(one.rank == 1 for one in standings) - 1
    told = {"name": escaped(first.name), "value": value(words, measure, first.score)}
    if others:
        return words("leaderboard.lead_shared", **told, others=words.count("player", others))
    return words("leaderboard.leads", **told)


def _table(words: Words, measure: Measure, standings: Sequence[Standing], me: str | None) -> str:
    """39 columns: mark of the asker, rank, name, value, n."""
    rows = [f"{'#':>4} {in_table(words('leaderboard.player'), 16)}{words(f'measure_head.{measure.value}'):>9}{'n':>8}"]
    for one in standings:
        rank = f"{'▸' if one.guid == me else ' '}{one.rank:>3}"
        shown = cell(value(words, measure, one.score), one.score, 9)
        n = cell(words.whole(one.sample), one.sample, 8)
        rows.append(f"{rank} {in_table(one.name, 16)}{shown}{n}")
    return table(rows)


def _you(words: Words, measure: Measure, place: Place) -> str:
    if place.rank is None:
        return words("leaderboard.you_not_listed", needs=_needs(words, measure, place))
    shown = value(words, measure, place.score)
    if place.gap is None:
        return words("leaderboard.you_lead", rank=place.rank, value=shown)
    lacks = gap(words, measure, place.gap, place.score or 0)
    return words("leaderboard.you", rank=place.rank, value=shown, gap=lacks)


def _needs(words: Words, measure: Measure, place: Place) -> str:
    """What there is too little of: rounds, or shots or kills."""
    if place.rounds >= place.enough_rounds and MEANINGS[measure].asked_for:
        needed, has = words.count(MEANINGS[measure].asked_for, place.enough_of_it), place.of_it
    else:
        needed, has = words.count("round", place.enough_rounds), place.rounds
    return words("figures.needs", needed=needed, has=words.whole(has))


def _footer(words: Words, measure: Measure, board: Board) -> str:
    meaning, one = MEANINGS[measure], board.standings[0]
    enough = words.count("round", one.enough_rounds)
    if meaning.asked_for:
        more = words.count(meaning.asked_for, one.enough_of_it)
        enough = words("leaderboard.both", rounds=enough, more=more)
    return words(
        "leaderboard.footer",
        enough=enough,
        players=words.count("player", one.listed),
        page=board.page,
        pages=_pages(board),
        sample=words(f"sample.{meaning.sample}"),
    )


def _pages(board: Board) -> int:
    return -(-board.standings[0].listed // LINES)


def _rows(
    words: Words, measure: Measure, board: Board, asked: Asking, period: Period
) -> tuple[tuple[Component, ...], ...]:
    find = button(words("button.find_me"), asked.but(page=FIND_ME))
    choices = [
        MenuChoice(label=name(words, one), value=one.value, chosen=one is measure)
        for one in Measure
        if MEANINGS[one].by_map or not dict(asked.options)["map"]
    ]
    return (
        (*turning(asked, board.page, _pages(board)), find),
        period_buttons(words, asked, period),
        menu(asked, "stat", words("leaderboard.menu"), choices),
    )
