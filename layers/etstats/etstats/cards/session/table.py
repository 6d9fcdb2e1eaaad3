"""The views that are one table: everybody of the evening, ranked by what the view is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from etstats.cards import evening as told
from etstats.cards.session.view import View
from etstats.cards.text import PHONE_COLUMNS, in_table, table
from etstats.domain.evening import Evening, PlayedLine
from etstats.domain.formula import damage_per_minute
from etstats.interactions.reply import Embed
from etstats.words import UNKNOWN, Words

_LINES = 40
_DETAILED = 18

Figure = Callable[[PlayedLine], int | None]
Written = Callable[[Words, PlayedLine], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    heading: str
    columns: int
    written: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Who has most of *rank* is first."""

    rank: Figure
    columns: tuple[Column, ...]


def _figure(name: str) -> Written:
    return lambda _, line: _plain(getattr(line, name))


def _plain(number: int | None) -> str:
    """Without signs between thousands: columns are narrow."""
    return UNKNOWN if number is None else str(number)


def _big(name: str) -> Written:
    return lambda words, line: words.thousands(getattr(line, name))


def _sum(*names: str) -> Figure:
    """None as soon as one is unknown."""

    def added(line: PlayedLine) -> int | None:
        figures = [getattr(line, name) for name in names]
        return None if None in figures else sum(figures)

    return added


def _minutes(seconds: int | None) -> str:
    """4512 → 75:12, also above an hour: a column of one kind."""
    return UNKNOWN if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def _dead_s(line: PlayedLine) -> int | None:
    if line.alive_ms is None or line.played_s is None:
        return None
    return max(0, line.played_s - round(line.alive_ms / 1000))


def _alive(words: Words, line: PlayedLine) -> str:
    return words.percent(line.alive_ms, 1000 * (line.played_s or 0))


_OBJECTIVES = ("objectives_stolen", "objectives_returned", "dynamites_planted", "dynamites_defused")
_MANY = _sum("multikill_4", "multikill_5", "multikill_6")

TABLES: Mapping[View, Table] = {
    View.COMBAT: Table(
        rank=_sum("damage_given"),
        columns=(
            Column(heading="DMG", columns=6, written=_big("damage_given")),
            Column(heading="TAKEN", columns=6, written=_big("damage_received")),
            Column(heading="GIBS", columns=5, written=_figure("gibs")),
            Column(heading="HSK", columns=4, written=_figure("headshot_kills")),
            Column(heading="AST", columns=4, written=_figure("kill_assists")),
            Column(heading="STL", columns=4, written=_figure("kill_steals")),
        ),
    ),
    View.SUPPORT: Table(
        rank=_sum("revives_given"),
        columns=(
            Column(heading="REV", columns=4, written=_figure("revives_given")),
            Column(heading="UP", columns=4, written=_figure("times_revived")),
            Column(heading="AST", columns=4, written=_figure("kill_assists")),
            Column(heading="BUILT", columns=6, written=_figure("repairs_constructions")),
            Column(heading="TDMG", columns=6, written=_big("team_damage_given")),
            Column(heading="TK", columns=3, written=_figure("team_kills")),
        ),
    ),
    View.OBJECTIVES: Table(
        rank=_sum(*_OBJECTIVES),
        columns=(
            Column(heading="STOLEN", columns=7, written=_figure("objectives_stolen")),
            Column(heading="BACK", columns=5, written=_figure("objectives_returned")),
            Column(heading="PLANT", columns=6, written=_figure("dynamites_planted")),
            Column(heading="DEFUSE", columns=7, written=_figure("dynamites_defused")),
        ),
    ),
    View.SPREES: Table(
        rank=_sum("max_killing_spree"),
        columns=(
            Column(heading="KILL", columns=5, written=_figure("max_killing_spree")),
            Column(heading="DEATH", columns=6, written=_figure("max_death_spree")),
            Column(heading="2×", columns=4, written=_figure("multikill_2")),
            Column(heading="3×", columns=3, written=_figure("multikill_3")),
            Column(heading="4+", columns=3, written=lambda _, line: _plain(_MANY(line))),
            Column(heading="USE", columns=4, written=_figure("useful_kills")),
        ),
    ),
    View.TIME: Table(
        rank=_sum("played_s"),
        columns=(
            Column(heading="PLAYED", columns=7, written=lambda _, line: _minutes(line.played_s)),
            Column(heading="DEAD", columns=7, written=lambda _, line: _minutes(_dead_s(line))),
            Column(heading="ALIVE", columns=6, written=_alive),
            Column(heading="DENIED", columns=7, written=lambda _, line: _minutes(line.denied_playtime_s)),
        ),
    ),
}


def card(words: Words, view: View, evening: Evening) -> Embed:
    """40 columns: the team's letter, the name, and what the view has."""
    shape = TABLES[view]
    width = PHONE_COLUMNS - 2 - sum(column.columns for column in shape.columns)
    headings = "".join(column.heading.rjust(column.columns) for column in shape.columns)
    short = evening.short_names
    rows = [f"  {in_table(words('session.player'), width)}{headings}"]
    ranked = sorted(evening.lines, key=lambda line: -_ranked_by(shape, line))
    for line in ranked[:_LINES]:
        figures = "".join(_cell(column, words, line) for column in shape.columns)
        rows.append(f"{line.team or ' '} {in_table(short[line.name], width)}{figures}")
    return _embed(words, view, evening, table(rows) + told.more(words, "player", len(ranked) - _LINES))


def _cell(column: Column, words: Words, line: PlayedLine) -> str:
    """With a blank before it; what is absurdly long is cut."""
    return in_table(column.written(words, line), column.columns - 1).strip().rjust(column.columns)


def _ranked_by(shape: Table, line: PlayedLine) -> int:
    """What is unknown comes last."""
    rank = shape.rank(line)
    return -1 if rank is None else rank


def players(words: Words, evening: Evening) -> Embed:
    """All there is about everybody, five lines each."""
    blocks = [_player(words, line) for line in evening.lines[:_DETAILED]]
    shown = table("\n".join(blocks).split("\n")) if blocks else ""
    return _embed(words, View.PLAYERS, evening, shown + told.more(words, "player", len(evening.lines) - _DETAILED))


def _player(words: Words, line: PlayedLine) -> str:
    dpm = words.whole(damage_per_minute(line.damage_given, line.played_s))
    rounds = words.count("round", line.rounds)
    many = words.whole(_sum("multikill_2", "multikill_3", "multikill_4", "multikill_5", "multikill_6")(line))
    return "\n".join(
        (
            f"{line.team or ' '} {in_table(line.name, PHONE_COLUMNS - 3 - len(rounds))} {rounds}",
            f"  {line.kills}/{line.deaths} K/D {words.ratio(line.kills, line.deaths)} · {dpm} DPM"
            f" · {words.whole(line.gibs)} G",
            f"  ▲{words.thousands(line.damage_given)} ▼{words.thousands(line.damage_received)}"
            f" · ACC {words.percent(line.gun_hits, line.gun_shots)}"
            f" · HS {words.percent(line.gun_headshot_hits, line.gun_hits)}",
            f"  UK {words.whole(line.useful_kills)} · SK {words.whole(line.self_kills)}"
            f" · FSK {words.whole(line.full_selfkills)} · MK {many}",
            f"  ↑{words.whole(line.revives_given)} ↓{words.whole(line.times_revived)}"
            f" · {_minutes(line.played_s)} · {_alive(words, line)}"
            f" · {_minutes(line.denied_playtime_s)}",
        )
    )


def _embed(words: Words, view: View, evening: Evening, shown: str) -> Embed:
    session = evening.session
    basis = words("session.basis", rounds=words.count("counting_round", session.counted_rounds))
    footer = [f"{basis} · {words.count('player', len(evening.lines))}", words(f"session.legend_{view.value}")]
    trusted = told.trust(words, evening.rounds)
    return Embed(
        title=told.title(words, session, words(f"session.view_{view.value}")),
        description=shown if evening.lines else words("session.nobody"),
        colour=told.colour(session),
        footer="\n".join([*footer, *([trusted] if trusted else [])]),
    )
