"""One round, played from its first second to its last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from local.simulator import fight, objective
from local.simulator.battle import Battle
from local.simulator.chronicle import Moment, What
from local.simulator.fighter import Fighter
from local.simulator.maps import ALLIES, AXIS, GameMap, Step
from local.simulator.roster import Person
from local.simulator.tally import Tally
from local.simulator.weapons import Kit

_BEFORE_WAVE_MS = 2600
"""Who wants fresh health and ammunition kills himself about this long before his side respawns."""

_LINE_UP = (Kit.ENGINEER, Kit.MEDIC, Kit.FIELD_OPS, Kit.MEDIC, Kit.MEDIC, Kit.COVERT, Kit.SOLDIER, Kit.ENGINEER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who plays on which side, from when on; *reconnects_ms*: loses the connection then, and his counters with it."""

    person: Person
    side: int
    joins_ms: int = 0
    reconnects_ms: int | None = None
    knife_shots_before: int = 0


def play(
    game_map: GameMap, entries: Sequence[Entry], *, end_ms: int, steps: Sequence[Step], last_step_ms: int, rng: Random
) -> tuple[list[Fighter], list[Moment]]:
    """The players as the round left them, one for each of *entries*, and what happened; the attackers get as far as
    *steps*."""
    battle = Battle(game_map, end_ms, rng)
    fighters = line_up(entries)
    for entry, fighter in zip(entries, fighters, strict=True):
        battle.at(entry.joins_ms, join, fighter)
        if entry.reconnects_ms is not None:
            battle.at(entry.reconnects_ms, _reconnect, fighter)
    fight.start(battle)
    objective.plan_attack(battle, steps, last_step_ms)
    for side in (AXIS, ALLIES):
        battle.at(game_map.interval_ms(side) - _BEFORE_WAVE_MS, _before_wave, side)
    battle.run()
    for fighter in fighters:
        if fighter.present:
            fighter.leave(end_ms)
    return fighters, battle.chronicle


def line_up(entries: Sequence[Entry]) -> list[Fighter]:
    """Every side gets an engineer and a medic; people mostly play what they like."""
    free = {side: list(_LINE_UP[: sum(entry.side == side for entry in entries)]) for side in (AXIS, ALLIES)}
    fighters = []
    for entry in entries:
        kits = free[entry.side]
        liked = entry.person.kit
        kit = kits.pop(kits.index(liked) if liked in kits else 0) if kits else Kit.MEDIC
        fighters.append(Fighter(entry.person, entry.side, kit, knife_shots_before=entry.knife_shots_before))
    return fighters


def join(battle: Battle, fighter: Fighter) -> None:
    battle.note(What.JOIN, fighter)
    fighter.present = True
    fighter.joined_ms = battle.now_ms
    battle.sides[fighter.side].append(fighter)
    starts_ms = 0 if battle.now_ms == 0 else battle.next_wave_ms(fighter.side)
    battle.at(starts_ms, fight.respawn, fighter, fighter.life)


def _reconnect(battle: Battle, fighter: Fighter) -> None:
    """Back in his team at once and alive at the next wave, with all counters at zero."""
    battle.note(What.LEAVE, fighter)
    fighter.leave(battle.now_ms)
    fighter.before, fighter.tally = fighter.tally, Tally()
    fighter.knife_shots_before = 0
    battle.sides[fighter.side].remove(fighter)
    join(battle, fighter)


def _before_wave(battle: Battle, side: int) -> None:
    rng = battle.rng
    for fighter in battle.living(side):
        fighter.heal(battle.now_ms)
        worn = 1 - fighter.health / fighter.most_health
        if rng.random() < 0.2 + 0.8 * worn:
            battle.at(battle.now_ms + int(1800 * rng.random()), _kill_himself, fighter, fighter.life)
        elif rng.random() < 0.004:
            battle.at(battle.now_ms + _BEFORE_WAVE_MS + 800, _kill_himself, fighter, fighter.life)
    battle.at(battle.now_ms + battle.game_map.interval_ms(side), _before_wave, side)


def _kill_himself(battle: Battle, fighter: Fighter, life: int) -> None:
    if fighter.life == life and fighter.alive:
        fight.self_kill(battle, fighter)
