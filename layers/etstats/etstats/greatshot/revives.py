"""A medic who raises three or more within seconds while bullets hit his team."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from etstats.demo.events import Revive
from etstats.domain.highlight import RULES, Highlight, Kind, Moment, Part
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import windows

_UNDER_FIRE_MS = 3_000


def find(battle: Battle) -> Iterator[Highlight]:
    """Only where the version tells who revived."""
    (rule,) = RULES[Kind.REVIVES]
    by_medic: defaultdict[int, list[Revive]] = defaultdict(list)
    for revive in battle.revives:
        if revive.reviver is not None and battle.span_of(revive.at_ms) is not None:
            by_medic[revive.reviver].append(revive)
    for medic, revives in by_medic.items():
        for run in windows(revives, rule):
            if any(_under_fire(battle, medic, revive) for revive in run):
                yield _highlight(battle, medic, run, rule.points)


def _under_fire(battle: Battle, medic: int, revive: Revive) -> bool:
    """An enemy's bullet hit him or a team mate, or a team mate died, within three seconds."""
    team = battle.team(medic, revive.at_ms)
    begin, end = revive.at_ms - _UNDER_FIRE_MS, revive.at_ms + _UNDER_FIRE_MS
    at = bisect_left(battle.hits, begin, key=lambda hit: hit.at_ms)
    for hit in battle.hits[at:]:
        if hit.at_ms > end:
            break
        if hit.victim >= 0 and battle.team(hit.victim, hit.at_ms) is team is not battle.team(hit.attacker, hit.at_ms):
            return True
    return any(begin <= kill.at_ms <= end and kill.victim_team is team for kill in battle.kills)


def _highlight(battle: Battle, medic: int, run: Sequence[Revive], points: int) -> Highlight:
    return Highlight(
        kind=Kind.REVIVES,
        client=medic,
        name=battle.name(medic),
        team=battle.team(medic, run[0].at_ms).value,
        moments=tuple(Moment(at_ms=revive.at_ms, whom=battle.name(revive.client)) for revive in run),
        parts=(Part(name=Kind.REVIVES.value, count=len(run), points=points * len(run)),),
    )
