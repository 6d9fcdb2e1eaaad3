"""A round's chronicle as what a camera sees: shots one by one before whom they kill, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.simulator.chronicle import Moment, What
from local.simulator.fighter import Fighter
from local.simulator.weapons import BLASTS, GUNS, KNIFE, KNIFE_KBAR

NOTHING, HEAD, BODY = 0, 2, 3
"""What a bullet can hit, as the game numbers it."""
_BETWEEN_SHOTS_MS = 100
_DRAWS_MS = 500
_BLADES = {KNIFE, KNIFE_KBAR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A bullet of *who* at *at_ms* on his way to *whom*; *hit* is what it hits."""

    at_ms: int
    who: Fighter
    whom: Fighter | None
    weapon: int
    hit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fight:
    """*who* has *whom* before his gun."""

    from_ms: int
    to_ms: int
    who: Fighter
    whom: Fighter


Cue = Shot | Moment


def cues(chronicle: Sequence[Moment]) -> list[Cue]:
    """Everything to be shown, in order; shots of one moment before what they bring about."""
    shown: list[tuple[int, int, Cue]] = []
    since: dict[Fighter, int] = {}
    for number, moment in enumerate(chronicle):
        if moment.what is What.SPAWN:
            since[moment.who] = moment.at_ms
        elif moment.what is What.REVIVE and moment.whom is not None:
            since[moment.whom] = moment.at_ms
        if moment.what is What.BURST and moment.weapon not in _BLADES:
            earliest_ms = max(since.get(one, 0) for one in (moment.who, moment.whom) if one is not None)
            kill = chronicle[number + 1] if number + 1 < len(chronicle) else None
            shown += [(shot.at_ms, number, shot) for shot in _shots(moment, kill, earliest_ms)]
        else:
            shown.append((moment.at_ms, number, moment))
    shown.sort(key=lambda one: one[:2])
    return [cue for _, _, cue in shown]


def _shots(burst: Moment, then: Moment | None, earliest_ms: int) -> Iterator[Shot]:
    """Misses first: a burst ends when its target falls, and the bullet that kills is the last."""
    killed = then is not None and then.what is What.KILL and (then.who, then.whom) == (burst.who, burst.whom)
    on_target = [HEAD] * burst.heads + [BODY] * (burst.hits - burst.heads)
    if killed and then is not None and then.heads:
        on_target.reverse()
    hits = [NOTHING] * (burst.shots - burst.hits) + on_target
    for number, hit in enumerate(hits):
        at_ms = burst.at_ms - _BETWEEN_SHOTS_MS * (len(hits) - 1 - number)
        whom = burst.whom if hit else None
        yield Shot(at_ms=max(earliest_ms, at_ms), who=burst.who, whom=whom, weapon=burst.weapon, hit=hit)


def fights(chronicle: Sequence[Moment]) -> list[Fight]:
    """In the order they begin. Both see each other."""
    found = []
    for moment in chronicle:
        if moment.what is What.BURST and moment.whom is not None and moment.weapon in GUNS:
            from_ms = moment.at_ms - _BETWEEN_SHOTS_MS * moment.shots - _DRAWS_MS
            for who, whom in ((moment.who, moment.whom), (moment.whom, moment.who)):
                found.append(Fight(from_ms=from_ms, to_ms=moment.at_ms + _DRAWS_MS, who=who, whom=whom))
    return sorted(found, key=lambda fight: fight.from_ms)


def heard_hits(moment: Moment) -> int:
    """How often the attacker is told that he hit by other means than a bullet."""
    by_other_means = moment.weapon in _BLADES or (moment.what is What.BLAST and moment.weapon in BLASTS)
    return moment.hits if by_other_means and moment.what in (What.BURST, What.BLAST) else 0
