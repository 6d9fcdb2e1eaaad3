"""How a gaming session went, round by round: what each team did per minute, and who won which map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etstats.domain.evening import Evening, PlayedMap, PlayedRound, PlayedSession, RoundLine
from etstats.domain.formula import damage_per_minute
from etstats.domain.stats_file import ALLIES, AXIS

_OTHER = {"A": "B", "B": "A"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRound:
    """Damage per minute of each team, over all its players' time. None: not known."""

    number: int
    dpm_a: float | None
    dpm_b: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineMap:
    map: str
    winner_team: str  # "A", "B" or "draw"
    rounds: tuple[TimelineRound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The complete maps, in the order played: only there is it certain who stood on which side."""

    session: PlayedSession
    maps: tuple[TimelineMap, ...]

    @property
    def rounds(self) -> tuple[TimelineRound, ...]:
        return tuple(played for one in self.maps for played in one.rounds)


def timeline(evening: Evening, lines: Sequence[RoundLine]) -> Timeline:
    """From a session and who did what in each of its counted rounds."""
    rounds = {played.round_id: played for played in evening.rounds}
    maps = [
        TimelineMap(
            map=one.map,
            winner_team=one.winner_team,
            rounds=tuple(
                _round(one, rounds[round_id], [line for line in lines if line.round_id == round_id])
                for round_id in (one.round1_id, one.round2_id)
                if round_id in rounds
            ),
        )
        for one in evening.maps
    ]
    return Timeline(session=evening.session, maps=tuple(maps))


def _round(one: PlayedMap, played: PlayedRound, lines: Sequence[RoundLine]) -> TimelineRound:
    sides = _sides(one, played)
    return TimelineRound(
        number=1 if played.round_id == one.round1_id else 2,
        dpm_a=_dpm(lines, sides["A"]),
        dpm_b=_dpm(lines, sides["B"]),
    )


def _sides(one: PlayedMap, played: PlayedRound) -> dict[str, int | None]:
    """Axis or Allies for each team, from who defends."""
    first = one.r1_attackers_team
    attackers = first if played.round_id == one.round1_id else _OTHER.get(first, "")
    attacking = {AXIS: ALLIES, ALLIES: AXIS}.get(played.defender_team or 0)
    if attacking is None or attackers not in _OTHER:
        return {"A": None, "B": None}
    return {attackers: attacking, _OTHER[attackers]: played.defender_team}


def _dpm(lines: Sequence[RoundLine], side: int | None) -> float | None:
    known = [line for line in lines if line.team == side and line.damage_given is not None and line.played_s]
    damage, played_s = sum(line.damage_given or 0 for line in known), sum(line.played_s or 0 for line in known)
    return damage_per_minute(damage, played_s)
