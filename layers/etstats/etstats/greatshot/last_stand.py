"""The last of a team alive, who kills two or more of those against him before he dies or help comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from etstats.demo.events import Kill, Team
from etstats.domain.highlight import RULES, Highlight, Kind
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import of_kills

_ENEMY = {Team.AXIS: Team.ALLIES, Team.ALLIES: Team.AXIS}
_BEFORE_MS = 50  # how things stood just before a shot


def find(battle: Battle) -> Iterator[Highlight]:
    """Only where everybody is seen: who is out of sight may be alive."""
    if not battle.complete:
        return
    (rule,) = RULES[Kind.LAST_STAND]
    for kills in battle.by_attacker().values():
        for stand in _stands(battle, kills):
            against = _against(battle, stand[0])
            if len(stand) >= rule.count and against >= rule.count:
                yield of_kills(battle, Kind.LAST_STAND, stand, rule, against=against)


def _stands(battle: Battle, kills: Sequence[Kill]) -> Iterator[list[Kill]]:
    stand: list[Kill] = []
    for kill in kills:
        if stand and battle.died_between(kill.attacker, stand[-1].at_ms, kill.at_ms - 1):
            yield stand
            stand = []
        if _alone(battle, kill):
            stand.append(kill)
        elif stand:
            yield stand
            stand = []
    if stand:
        yield stand


def _alone(battle: Battle, kill: Kill) -> bool:
    team = kill.attacker_team
    return team in _ENEMY and battle.alive(team, kill.at_ms - _BEFORE_MS) == 1


def _against(battle: Battle, kill: Kill) -> int:
    team = kill.attacker_team
    return battle.alive(_ENEMY[team], kill.at_ms - _BEFORE_MS) if team in _ENEMY else 0
