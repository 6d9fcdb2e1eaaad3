"""Files that a round leaves beside its stats file, and to which round each belongs.

An endstats file carries the same wall clock as the stats file, give or take seconds. A gametime file carries Unix time,
and nobody wrote down how far the game server's clock is from it: it is taken to be the whole quarter hours under which
most gametimes of a session agree with their rounds in map, number, time and duration. What could be two is neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from etstats.domain.award import EndstatsFile
from etstats.domain.gametime import Gametime
from etstats.domain.round import Round
from etstats.domain.stats_file import FileName, Kind

ENDSTATS_WINDOW = timedelta(minutes=2)
# time zones lie between these; the rest is for the seconds between the round's end and its file
ZONES = timedelta(hours=-12, minutes=-1), timedelta(hours=14, minutes=1)
_QUARTER_S = 900
# the stats file is written just before or some seconds after the time that the gametime file calls the end
_WRITTEN_WITHIN_S = 30
_DURATION_AGREES_S = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Companion:
    """An endstats or gametime file as it is stored. Equal to itself alone, as a stats file is."""

    file_id: int
    sha256: str
    name: FileName
    content: EndstatsFile | Gametime


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What belongs to one round."""

    endstats: Companion | None = None
    gametime: Companion | None = None

    @property
    def told_awards(self) -> EndstatsFile | None:
        told = self.endstats.content if self.endstats else None
        return told if isinstance(told, EndstatsFile) else None

    @property
    def told_time(self) -> Gametime | None:
        told = self.gametime.content if self.gametime else None
        return told if isinstance(told, Gametime) else None


def reach(name: FileName) -> tuple[datetime, datetime]:
    """Between which wall clock times of the game server the round of a companion can have ended."""
    if name.kind is Kind.GAMETIME:
        return name.written_at + ZONES[0], name.written_at + ZONES[1]
    return name.written_at - ENDSTATS_WINDOW, name.written_at + ENDSTATS_WINDOW


def belongings(rounds: Sequence[Round], companions: Iterable[Companion]) -> dict[int, Belongings]:
    """By round id, for each of one session's *rounds* that has any."""
    every = sorted(companions, key=lambda one: one.file_id)
    endstats = _endstats(rounds, [one for one in every if one.name.kind is Kind.ENDSTATS])
    gametimes = _gametimes(rounds, [one for one in every if one.name.kind is Kind.GAMETIME])
    return {
        round_id: Belongings(endstats=endstats.get(round_id), gametime=gametimes.get(round_id))
        for round_id in endstats.keys() | gametimes.keys()
    }


def _endstats(rounds: Sequence[Round], files: Sequence[Companion]) -> dict[int, Companion]:
    """Of several that name the same round the nearest in time is it."""
    found: dict[int, tuple[timedelta, Companion]] = {}
    for file in files:
        near = [(abs(played.written_at - file.name.written_at), played.round_id) for played in _alike(rounds, file)]
        near = sorted(pair for pair in near if pair[0] <= ENDSTATS_WINDOW)
        if not near or (len(near) > 1 and near[0][0] == near[1][0]):
            continue
        distance, round_id = near[0]
        if round_id not in found or distance < found[round_id][0]:
            found[round_id] = distance, file
    return {round_id: file for round_id, (_, file) in found.items()}


def _alike(rounds: Sequence[Round], file: Companion) -> list[Round]:
    return [played for played in rounds if (played.map, played.number) == (file.name.map, file.name.round)]


def _gametimes(rounds: Sequence[Round], files: Sequence[Companion]) -> dict[int, Companion]:
    """One to one, under the offset that most of them speak for."""
    pairs = [
        (offset, played, file)
        for file in files
        for played in _alike(rounds, file)
        if (offset := _quarters(played, file)) is not None
    ]
    votes = Counter(offset for offset, played, file in pairs if _durations_agree(played, file))
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return {}
    chosen = [(played.round_id, file) for offset, played, file in pairs if offset == ranked[0][0]]
    of_round = Counter(round_id for round_id, _ in chosen)
    of_file = Counter(file.file_id for _, file in chosen)
    return {round_id: file for round_id, file in chosen if of_round[round_id] == 1 == of_file[file.file_id]}


def _quarters(played: Round, file: Companion) -> int | None:
    """How many quarter hours the game server's clock would be ahead of UTC if these two were one round."""
    ahead = played.written_at - file.name.written_at
    quarters = round(ahead.total_seconds() / _QUARTER_S)
    off_s = ahead.total_seconds() - quarters * _QUARTER_S
    return quarters if ZONES[0] <= ahead <= ZONES[1] and abs(off_s) <= _WRITTEN_WITHIN_S else None


def _durations_agree(played: Round, file: Companion) -> bool:
    told_s = file.content.played_s if isinstance(file.content, Gametime) else None
    return (
        told_s is not None and played.duration_s is not None and abs(told_s - played.duration_s) <= _DURATION_AGREES_S
    )
