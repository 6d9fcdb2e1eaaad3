"""What a rebuild would change, as lines in a terminal: the few things people look for first, then how much else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from etstats.cards.figure import name
from etstats.cards.text import UNKNOWN, plain
from etstats.domain.difference import Change, Difference, Move, Row
from etstats.words import ENGLISH, words_for

_ENGLISH = words_for(ENGLISH)  # as all lines in a terminal
# rows of a kind, and figures of a row, that are told; the others are counted
_ROWS = 40
_FIGURES = ("rounds", "sessions", "kills", "deaths", "damage_given", "played_s", "headshot_hits", "xp")
# columns that say how a row is kept, not what it says
_INTERNAL = frozenset({"lines_digest", "persons", "search_name", "formula_version", "guid"})


def lines(difference: Difference, *, full: bool = False) -> list[str]:
    """*full*: every row and every figure."""
    return list(_lines(difference, full))


def _lines(found: Difference, full: bool) -> Iterator[str]:
    yield f"{_count(found.files, 'file')} computed again, {_count(found.corrections, 'correction')} in force."
    if found.nothing:
        yield "No difference: every row is what files and corrections make of it."
        return
    yield from _formula(found)
    if found.lost:
        yield from _listed("Files on record that the bucket no longer has", list(found.lost), full)
    yield from _listed("Rounds", [_round(change) for change in found.rounds if _says_other(change)], full)
    if lines_only := sum(not _says_other(change) for change in found.rounds):
        yield ""
        yield f"{_count(lines_only, 'round')} in which only lines differ: in whose they are, or in their figures"
    yield from _listed("Maps", [_match(change) for change in found.matches], full)
    told = [_session(change) for change in found.sessions if _says_other(change)]
    yield from _listed("Gaming sessions", told, full)
    yield from _listed("Players", [_player(change, full) for change in found.players], full)
    yield from _listed("Leaderboards of all time", _boards(found.moves), full)
    yield ""
    yield "Rows that differ: " + ", ".join(f"{table} {rows:,}" for table, rows in sorted(found.rows.items()))


def _formula(found: Difference) -> Iterator[str]:
    if found.formula_before != found.formula_after:
        before, after = (" and ".join(map(str, told)) for told in (found.formula_before, found.formula_after))
        yield f"Figures were computed by version {before or UNKNOWN} of their definitions, now by {after or UNKNOWN}."


def _listed(heading: str, told: Sequence[str], full: bool) -> Iterator[str]:
    if told:
        shown = told if full else told[:_ROWS]
        yield ""
        yield f"{heading}: {len(told):,}"
        yield from (f"  {line}" for line in shown)
        if len(told) > len(shown):
            yield f"  … and {len(told) - len(shown):,} more (--full shows them)"


def _says_other(change: Change) -> bool:
    """False: what differs is in the lines below, and in how the row is kept."""
    return None in (change.before, change.after) or not change.differing().keys() <= _INTERNAL


def _told(change: Change, name: str, differs: Callable[[], str]) -> str:
    if change.before is None:
        return f"{name}: appears"
    if change.after is None:
        return f"{name}: vanishes"
    return f"{name}: {differs()}"


def _round(change: Change) -> str:
    row = change.row
    name = f"{_at(row['written_at'])} {row['map']} round {row['number']}"
    return _told(change, name, lambda: _differing(change, but=("counted", "uncounted_reason"), first=_counting(change)))


def _counting(change: Change) -> list[str]:
    if change.differing().keys() & {"counted", "uncounted_reason"}:
        return [" → ".join(_counts(row) for row in (change.before or {}, change.after or {}))]
    return []


def _counts(row: Row) -> str:
    return "counts" if row["counted"] else f"does not count ({row['uncounted_reason']})"


def _match(change: Change) -> str:
    row = change.row
    name = f"{_at(row['at'])} {row['map']} (won by {row['winner_team']})"
    return _told(change, name, lambda: _differing(change))


def _session(change: Change) -> str:
    scores = [f"{row['score_a']}:{row['score_b']}" for row in (change.before, change.after) if row]
    first = [f"score {' → '.join(scores)}"] if len(set(scores)) > 1 else []
    name = f"{_at(change.row['first_at'])} on {change.row['server']}"
    return _told(change, name, lambda: _differing(change, but=("score_a", "score_b"), first=first))


def _player(change: Change, full: bool) -> str:
    name = f"{plain(change.row['name'])} ({change.row['guid']})"
    return _told(change, name, lambda: _differing(change, only=() if full else _FIGURES))


def _differing(change: Change, *, first: Sequence[str] = (), only: Sequence[str] = (), but: Sequence[str] = ()) -> str:
    """Column by column before and after; of those not told, how many there are."""
    differing = {name: pair for name, pair in change.differing().items() if name not in _INTERNAL and name not in but}
    moved = ["now of another gaming session"] if differing.pop("session_id", None) else []
    told = {name: pair for name, pair in differing.items() if not only or name in only}
    words = [*first, *moved, *(f"{name} {_value(before)} → {_value(after)}" for name, (before, after) in told.items())]
    if left := len(differing) - len(told):
        words.append(_count(left, "other figure" if told else "figure"))
    return ", ".join(words)


def _boards(moves: Sequence[Move]) -> list[str]:
    persons = Counter(name for name, _ in {(move.name, move.guid) for move in moves})
    namesakes = {name for name, count in persons.items() if count > 1}
    return [
        f"{name(_ENGLISH, measure)}: {', '.join(_move(move, namesakes) for move in moved)}"
        for measure, moved in groupby(moves, key=lambda move: move.measure)
    ]


def _move(move: Move, namesakes: Collection[str]) -> str:
    name = f"{plain(move.name)} ({move.guid})" if move.name in namesakes else plain(move.name)
    return f"{name} {_value(move.before)} → {_value(move.after)}"


def _value(value: Any) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, Mapping | list):
        return f"({len(value)})"
    return plain(str(value))


def _at(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
