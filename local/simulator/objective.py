"""Objectives: what the attackers build, blow up and carry, and what the defenders do against it."""

from __future__ import annotations

from collections.abc import Sequence

from local.simulator.battle import Battle
from local.simulator.chronicle import What
from local.simulator.fighter import Fighter
from local.simulator.maps import Step
from local.simulator.tally import SHOTS
from local.simulator.weapons import DYNAMITE, Kit

FUSE_MS = 30_000
TRY_AGAIN_MS = 1_500


def plan_attack(battle: Battle, steps: Sequence[Step], last_ms: int) -> None:
    """The attackers do *steps* one after the other, the last at *last_ms*; in between, attempts fail."""
    for done, step in enumerate(steps, start=1):
        due_ms = last_ms * done // len(steps)
        if step is Step.BUILD:
            battle.at(due_ms - 1000, _build, _attackers(battle))
        elif step is Step.CARRY:
            battle.at(due_ms - 500, _carry)
        else:
            battle.at(max(1000, due_ms - FUSE_MS), _plant, False)
    battle.at(20_000 + int(40_000 * battle.rng.random()), _try_something)


def _attackers(battle: Battle) -> int:
    return 3 - battle.game_map.defender


def _engineer(battle: Battle, side: int) -> Fighter | None:
    """An engineer on his feet; failing that, anybody who became one for the occasion."""
    living = battle.living(side)
    engineers = [fighter for fighter in living if fighter.kit is Kit.ENGINEER] or living
    return engineers[int(battle.rng.random() * len(engineers))] if engineers else None


def _build(battle: Battle, side: int) -> None:
    engineer = _engineer(battle, side)
    if engineer is None:
        battle.at(battle.now_ms + TRY_AGAIN_MS, _build, side)
        return
    battle.note(What.BUILD, engineer)
    engineer.tally.repairs_constructions += 1
    engineer.tally.xp += 7


def _carry(battle: Battle) -> None:
    """The game counts a carried objective only in rare cases."""
    carriers = battle.living(_attackers(battle))
    if not carriers:
        battle.at(battle.now_ms + TRY_AGAIN_MS, _carry)
        return
    steal(battle, carriers[int(battle.rng.random() * len(carriers))])


def steal(battle: Battle, carrier: Fighter) -> None:
    battle.note(What.STEAL, carrier)
    carrier.tally.xp += 10
    if battle.rng.random() < 0.01:
        carrier.tally.objectives_stolen += 1


def _plant(battle: Battle, defusable: bool) -> None:
    engineer = _engineer(battle, _attackers(battle))
    if engineer is None:
        battle.at(battle.now_ms + TRY_AGAIN_MS, _plant, defusable)
        return
    plant(battle, engineer)
    if defusable:
        battle.at(battle.now_ms + 8000 + int(20_000 * battle.rng.random()), _defuse)


def plant(battle: Battle, engineer: Fighter) -> None:
    engineer.tally.weapon(DYNAMITE)[SHOTS] += 1
    battle.note(What.PLANT, engineer)
    engineer.tally.dynamites_planted += 1
    engineer.tally.xp += 7


def _defuse(battle: Battle) -> None:
    engineer = _engineer(battle, battle.game_map.defender)
    if engineer is not None and engineer.kit is Kit.ENGINEER:
        defuse(battle, engineer)


def defuse(battle: Battle, engineer: Fighter) -> None:
    battle.note(What.DEFUSE, engineer)
    engineer.tally.dynamites_defused += 1
    engineer.tally.xp += 7


def _try_something(battle: Battle) -> None:
    """A plant that comes to nothing, or a defender's repair."""
    dice = battle.rng.random()
    if dice < 0.22 and Step.DYNAMITE in battle.game_map.steps:
        _plant(battle, True)
    elif dice < 0.4:
        _build(battle, battle.game_map.defender)
    battle.at(battle.now_ms + 45_000 + int(60_000 * battle.rng.random()), _try_something)
