"""Which round a demo shows: every candidate is scored, and the score is explained.

Points follow what communities know (reference 2F.11): the map, how long it was, who played, how often they killed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from etstats.domain.demo import DemoPlayer

ENOUGH = 50  # from here on the two are linked without asking anybody
_MAP = 30
_DURATION = ((30, 30), (60, 15))  # within so many seconds, so many points
_ROSTER = ((0.8, 20), (0.5, 10), (0.3, 0), (0.0, -10))  # from so large a share on
_KILLS = ((0.05, 15), (0.15, 5), (0.5, 0), (float("inf"), -30))  # within so large a difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a demo shows. *kills* by names without colour codes; *duration_s* of the round's play in it; *whole*: from
    its beginning to its end."""

    map: str
    duration_s: int | None
    whole: bool
    kills: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A round. *kills* and *persons* by names without colour codes, *damage* likewise. *written_at*: when it ended, by
    the game server's clock."""

    round_id: int
    map: str
    number: int
    written_at: datetime
    duration_s: int | None
    kills: Mapping[str, int]
    persons: Mapping[str, str]
    damage: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """*parts*: name (a key in `words`, section ``demo``) and points of every reason."""

    candidate: Candidate
    parts: tuple[tuple[str, int], ...]

    @property
    def score(self) -> int:
        return sum(points for _, points in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said about a demo: it shows this round, or (None) none of ours."""

    round_id: int | None


def best_match(shown: Shown, candidates: Iterable[Candidate]) -> Match | None:
    """The round it shows, if one is near enough; of two that are equally near, none: a person has to say."""
    scored = sorted((score(shown, one) for one in candidates), key=lambda match: -match.score)
    if not scored or scored[0].score < ENOUGH:
        return None
    if len(scored) > 1 and scored[1].score == scored[0].score:
        return None
    return scored[0]


def score(shown: Shown, candidate: Candidate) -> Match:
    """How near the two are."""
    parts = [("map", _MAP if shown.map.lower() == candidate.map.lower() else 0)]
    if shown.whole and shown.duration_s is not None and candidate.duration_s is not None:
        parts.append(("duration", _within(_DURATION, abs(shown.duration_s - candidate.duration_s))))
    if shown.kills and candidate.kills:
        common = shown.kills.keys() & candidate.kills.keys()
        parts.append(("roster", _from(_ROSTER, len(common) / max(len(shown.kills), len(candidate.kills)))))
        if shown.whole:
            parts.append(("kills", _within(_KILLS, _difference(shown.kills, candidate.kills))))
        elif common:
            parts.append(("kills", 5 if all(shown.kills[name] <= candidate.kills[name] for name in common) else -30))
    return Match(candidate=candidate, parts=tuple(part for part in parts if part[1]))


def kills_by_name(players: Iterable[DemoPlayer]) -> dict[str, int]:
    """Of everybody in a team."""
    return {player.name: player.kills for player in players if player.team in ("axis", "allies")}


def joined(players: Iterable[DemoPlayer], match: Match | None) -> list[DemoPlayer]:
    """Players of a demo with what the round it shows knows of them; without one, nothing."""
    persons = match.candidate.persons if match else {}
    damage = match.candidate.damage if match else {}
    return [replace(one, guid=persons.get(one.name), damage=damage.get(one.name)) for one in players]


def _difference(shown: Mapping[str, int], known: Mapping[str, int]) -> float:
    """How much every player's kills differ, as a share of all kills: two rounds with the same sum are told apart."""
    apart = sum(abs(shown.get(name, 0) - known.get(name, 0)) for name in shown.keys() | known.keys())
    return apart / max(1, sum(known.values()))


def _within(table: Iterable[tuple[float, int]], value: float) -> int:
    return next((points for limit, points in table if value <= limit), 0)


def _from(table: Iterable[tuple[float, int]], value: float) -> int:
    return next((points for limit, points in table if value >= limit), 0)
