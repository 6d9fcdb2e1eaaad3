"""Players against their own usual: the three that an evening is told by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etstats.domain.evening import PlayedLine
from etstats.domain.form import SESSIONS, Verdict, dpm_of, verdict
from etstats.domain.formula import damage_per_minute
from etstats.domain.player import RecentSession

HEADLINES = 3
_FEWEST_SESSIONS = 3  # before them nobody has a usual
_SHORTEST_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """Damage per minute this evening, and the usual over the *sessions* before it. *best*: better than in any of
    them."""

    guid: str
    name: str
    dpm: float
    usual_dpm: float
    sessions: int
    verdict: Verdict
    best: bool

    @property
    def change(self) -> float:
        """As a share of the usual: 0.18 is 18 % more."""
        return self.dpm / self.usual_dpm - 1


def headline(line: PlayedLine, before: Sequence[RecentSession]) -> Headline | None:
    """None: not enough played, now or before, to say. *before*: his sessions before this one, latest first."""
    known = [one for one in before if one.damage_given is not None and one.played_s][:SESSIONS]
    now, usual = damage_per_minute(line.damage_given, line.played_s), dpm_of(known)
    judged = verdict(now, usual)
    enough = len(known) >= _FEWEST_SESSIONS and (line.played_s or 0) >= _SHORTEST_S
    if now is None or not usual or judged is None or not enough:
        return None
    return Headline(
        guid=line.guid,
        name=line.name,
        dpm=now,
        usual_dpm=usual,
        sessions=len(known),
        verdict=judged,
        best=all(now > (damage_per_minute(one.damage_given, one.played_s) or 0) for one in known),
    )


def headlines(lines: Sequence[PlayedLine], before: Mapping[str, Sequence[RecentSession]]) -> list[Headline]:
    """The three furthest from their usual, the best first."""
    found = [one for line in lines if (one := headline(line, before.get(line.guid, ()))) is not None]
    furthest = sorted(found, key=lambda one: (-abs(one.change), one.guid))[:HEADLINES]
    return sorted(furthest, key=lambda one: (-one.change, one.guid))
