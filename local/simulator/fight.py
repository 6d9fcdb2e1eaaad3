"""Fights: who meets whom, bursts and blasts, and what a kill brings about."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from random import Random

from local.simulator import weapons
from local.simulator.battle import Battle
from local.simulator.chronicle import What
from local.simulator.fighter import Fighter
from local.simulator.maps import ALLIES, AXIS
from local.simulator.medic import call_medic
from local.simulator.tally import DEATHS, HEADSHOTS, HITS, KILLS, SHOTS
from local.simulator.weapons import BLASTS, GUNS, WITHOUT_HEADS, Kit

MEETINGS_PER_MINUTE = 2.35
"""Per player in the round."""
BLASTS_PER_MINUTE = 1.05
ASSIST_WINDOW_MS = 1500
USELESS_BELOW_MS = 5000
_CHANGES = (Kit.MEDIC,) * 5 + (Kit.ENGINEER,) * 2 + (Kit.FIELD_OPS, Kit.COVERT, Kit.SOLDIER)
"""What people become who change their class at a respawn."""


def start(battle: Battle) -> None:
    """From here on, people meet and grenades fly until the round ends."""
    battle.at(4000, meet)
    battle.at(3000, throw_something)


def _pause_ms(battle: Battle, per_player_minute: float) -> int:
    players = len(battle.sides[AXIS]) + len(battle.sides[ALLIES])
    return 1 + int(battle.rng.expovariate(max(1, players) * per_player_minute / 60_000))


def _anyone(rng: Random, fighters: Sequence[Fighter]) -> Fighter:
    return fighters[int(rng.random() * len(fighters))]


class _Meeting:
    """Two enemies in each other's sight, and a mate beside the first one (or he himself: nobody)."""

    __slots__ = ("first", "first_life", "helper", "second", "second_life", "turn")

    def __init__(self, first: Fighter, second: Fighter, helper: Fighter) -> None:
        self.first, self.first_life = first, first.life
        self.second, self.second_life = second, second.life
        self.helper = helper
        self.turn = 1

    def is_over(self) -> bool:
        """Somebody fell, or fell and is back."""
        return self.first.life != self.first_life or self.second.life != self.second_life

    def has_help(self) -> bool:
        return self.helper is not self.first and self.helper.alive


def meet(battle: Battle) -> None:
    """Two living enemies meet; the one with the better sense tends to shoot first, often with a mate beside him."""
    battle.at(battle.now_ms + _pause_ms(battle, MEETINGS_PER_MINUTE), meet)
    mates, enemies = battle.living(AXIS), battle.living(ALLIES)
    if not mates or not enemies:
        return
    rng = battle.rng
    first, second = _anyone(rng, mates), _anyone(rng, enemies)
    if rng.random() > 0.5 + 0.22 * (first.person.sense - second.person.sense):
        first, second, mates = second, first, enemies
    # just after a wave people are still on their way
    if battle.fresh_wave(second.side) and rng.random() < 0.35:
        return
    helper = _anyone(rng, mates) if rng.random() < 0.55 else first
    _exchange(battle, _Meeting(first, second, helper))


def _exchange(battle: Battle, meeting: _Meeting) -> None:
    """One burst each, then the next turn, until one falls or they lose sight of each other."""
    if meeting.is_over():
        return
    rng, first, second = battle.rng, meeting.first, meeting.second
    fire(battle, first, second)
    if meeting.has_help() and second.alive:
        fire(battle, meeting.helper, second)
    if not second.alive:
        return
    if meeting.turn > 1 or rng.random() < 0.75:
        fire(battle, second, meeting.helper if meeting.has_help() and rng.random() < 0.35 else first)
    meeting.turn += 1
    if meeting.turn < 6 and rng.random() < 0.74:
        battle.at(battle.now_ms + 350 + int(rng.random() * 700), _exchange, meeting)


def _drawn_gun(fighter: Fighter, rng: Random) -> int:
    dice = rng.random()
    if dice < 0.90:
        return fighter.primary
    return fighter.pistol if dice < 0.975 else weapons.BLADE[fighter.side]


def fire(battle: Battle, shooter: Fighter, target: Fighter) -> None:
    """One burst at one enemy; it stops when he falls."""
    rng, person = battle.rng, shooter.person
    number = _drawn_gun(shooter, rng)
    gun = GUNS[number]
    shots = 1 + int(gun.burst * (0.4 + 1.2 * rng.random()))
    wanted = int(shots * person.aim * gun.steady * (0.5 + 1.1 * rng.random()) + rng.random())
    target.heal(battle.now_ms)
    hits = heads = dealt = 0
    head = False
    head_rate = 0.0 if number in WITHOUT_HEADS else person.head_rate
    while hits < wanted and hits < shots and dealt < target.health:
        head = rng.random() < head_rate
        heads += head
        hits += 1
        dealt += gun.head_damage if head else gun.damage
    counters = shooter.tally.weapon(number)
    fired = shots if hits in (wanted, shots) else -(-shots * hits // wanted)
    counters[SHOTS] += fired
    counters[HITS] += hits
    counters[HEADSHOTS] += heads
    battle.note(What.BURST, shooter, target, weapon=number, shots=fired, hits=hits, heads=heads)
    if dealt:
        _hurt(battle, shooter, target, number, dealt, head=head)
    if rng.random() * person.care < 0.02:
        _stray(battle, shooter)


def finish(battle: Battle, shooter: Fighter, targets: Sequence[Fighter], number: int, *, head: bool = False) -> None:
    """One burst that kills its only target, or one blast that kills all of them; with *head* by the head."""
    counters = shooter.tally.weapon(number)
    for target in targets:
        target.heal(battle.now_ms)
    if number in BLASTS:
        counters[SHOTS] += 1
        counters[HITS] += len(targets)
        for target in targets:
            _hurt(battle, shooter, target, number, ceil(target.health), head=False)
        battle.note(What.BLAST, shooter, weapon=number, hits=len(targets))
        return
    (target,) = targets
    damage = GUNS[number].head_damage if head else GUNS[number].damage
    hits = ceil(target.health / damage)
    counters[SHOTS] += hits
    counters[HITS] += hits
    counters[HEADSHOTS] += hits * head
    battle.note(What.BURST, shooter, target, weapon=number, shots=hits, hits=hits, heads=hits * head)
    _hurt(battle, shooter, target, number, hits * damage, head=head)


def _hurt(battle: Battle, shooter: Fighter, target: Fighter, number: int, damage: int, *, head: bool) -> None:
    shooter.tally.damage_given += damage
    target.tally.damage_received += damage
    target.wounds.append((battle.now_ms, shooter, damage))
    target.health -= damage
    if target.health <= 0:
        _kill(battle, shooter, target, number, head=head)


def _kill(battle: Battle, killer: Fighter, victim: Fighter, number: int, *, head: bool) -> None:
    battle.note(What.KILL, killer, victim, weapon=number, heads=int(head))
    killer.tally.weapon(number)[KILLS] += 1
    victim.tally.weapon(number)[DEATHS] += 1
    killer.count_kill(battle.now_ms)
    victim.count_death()
    killer.tally.xp += 5 + 2 * head
    killer.tally.headshot_kills += head
    _share_kill(battle.now_ms, killer, victim)
    spawn_ms = battle.next_wave_ms(victim.side)
    waits_ms = spawn_ms - battle.now_ms
    killer.tally.useful_kills += 2 * waits_ms >= battle.game_map.interval_ms(victim.side)
    killer.tally.useless_kills += waits_ms < USELESS_BELOW_MS
    torn = number in BLASTS and battle.rng.random() < 0.3
    killer.tally.gibs += torn
    _fall(battle, victim, spawn_ms, lying=not torn, denied_by=killer)
    if torn:
        battle.note(What.GIB, victim)
    else:
        _corpse(battle, victim)


def _share_kill(now_ms: int, killer: Fighter, victim: Fighter) -> None:
    """Others who hurt the victim just before get an assist; if one of them did more, the kill was stolen."""
    dealt: dict[Fighter, int] = {}
    for at_ms, shooter, damage in victim.wounds:
        if now_ms - at_ms <= ASSIST_WINDOW_MS:
            dealt[shooter] = dealt.get(shooter, 0) + damage
    own = dealt.pop(killer)
    for helper in dealt:
        helper.tally.kill_assists += 1
    if dealt and max(dealt.values()) > own:
        killer.tally.kill_steals += 1


def _fall(battle: Battle, victim: Fighter, spawn_ms: int, *, lying: bool, denied_by: Fighter | None) -> None:
    victim.die(battle.now_ms, lying=lying, denied_by=denied_by)
    battle.at(spawn_ms, respawn, victim, victim.life)


def _corpse(battle: Battle, victim: Fighter) -> None:
    """A body on the ground is destroyed, revived, or left alone."""
    dice = battle.rng.random()
    if dice < 0.26:
        battle.at(battle.now_ms + 200 + int(1500 * battle.rng.random()), _gib, victim, victim.life)
    elif dice < 0.28:
        battle.at(battle.now_ms + 900, _slash_corpse, victim, victim.life)
    elif dice < 0.9:
        call_medic(battle, victim)


def _gib(battle: Battle, body: Fighter, life: int) -> None:
    enemies = battle.living(3 - body.side)
    if body.life == life and body.lying and enemies:
        _anyone(battle.rng, enemies).tally.gibs += 1
        body.lying = False
        battle.note(What.GIB, body)


def _slash_corpse(battle: Battle, body: Fighter, life: int) -> None:
    """A knife in a body: the game takes the stab back, even one counted in the round before."""
    enemies = battle.living(3 - body.side)
    if body.life != life or not enemies:
        return
    slasher = _anyone(battle.rng, enemies)
    counters = slasher.tally.weapon(weapons.KNIFE)
    if counters[SHOTS] + slasher.knife_shots_before > 0:
        counters[SHOTS] -= 1


def respawn(battle: Battle, fighter: Fighter, life: int) -> None:
    """The wave his death waited for; void if he was revived meanwhile, or left."""
    if fighter.life != life or fighter.alive or not fighter.present:
        return
    rng = battle.rng
    first_life = fighter.died_ms is None
    if not first_life and rng.random() < 0.08:
        fighter.kit = rng.choice(_CHANGES)
    fighter.spawn(battle.now_ms, rng)
    battle.note(What.SPAWN, fighter, weapon=fighter.primary, kit=fighter.kit)
    if first_life or rng.random() < 0.5:
        _warm_up(battle, fighter)


def _warm_up(battle: Battle, fighter: Fighter) -> None:
    """Shots at nothing."""
    rng = battle.rng
    number = fighter.primary if rng.random() < 0.7 else weapons.BLADE[fighter.side]
    shots = 1 + int(4 * rng.random())
    fighter.tally.weapon(number)[SHOTS] += shots
    battle.note(What.BURST, fighter, weapon=number, shots=shots)


def _stray(battle: Battle, shooter: Fighter) -> None:
    mates = [mate for mate in battle.living(shooter.side) if mate is not shooter]
    if mates:
        hurt_mate(battle, shooter, _anyone(battle.rng, mates), 18 * (1 + int(3.5 * battle.rng.random() ** 3)))


def hurt_mate(battle: Battle, shooter: Fighter, mate: Fighter, damage: int) -> None:
    """Friendly fire; a team kill is no weapon's kill and no weapon's death."""
    shooter.tally.team_damage_given += damage
    mate.tally.team_damage_received += damage
    mate.heal(battle.now_ms)
    mate.health -= damage
    if mate.health > 0:
        return
    battle.note(What.TEAM_KILL, shooter, mate, weapon=shooter.primary)
    shooter.tally.team_kills += 1
    shooter.tally.xp = max(0, shooter.tally.xp - 3)
    torn = battle.rng.random() < 0.12
    shooter.tally.team_gibs += torn
    _fall(battle, mate, battle.next_wave_ms(mate.side), lying=not torn, denied_by=None)
    if torn:
        battle.note(What.GIB, mate)
    else:
        call_medic(battle, mate)


def self_kill(battle: Battle, fighter: Fighter) -> None:
    """`/kill`, or one's own grenade: neither a kill nor a death of any weapon."""
    spawn_ms = battle.next_wave_ms(fighter.side)
    battle.note(What.SELF_KILL, fighter)
    fighter.tally.self_kills += 1
    if spawn_ms - battle.now_ms >= battle.game_map.interval_ms(fighter.side) - 2000:
        fighter.tally.full_selfkills += 1
    _fall(battle, fighter, spawn_ms, lying=False, denied_by=None)


def throw_something(battle: Battle) -> None:
    """Somebody throws a grenade, or uses what his class has for a crowd."""
    battle.at(battle.now_ms + _pause_ms(battle, BLASTS_PER_MINUTE), throw_something)
    throwers = battle.living(AXIS) + battle.living(ALLIES)
    if throwers:
        thrower = _anyone(battle.rng, throwers)
        _blast(battle, thrower, _drawn_blast(thrower, battle.rng))


def _drawn_blast(fighter: Fighter, rng: Random) -> int:
    dice = rng.random()
    if fighter.kit is Kit.FIELD_OPS and dice < 0.4:
        return weapons.AIRSTRIKE if dice < 0.22 else weapons.ARTILLERY
    if fighter.kit is Kit.SOLDIER and fighter.primary != weapons.MG42 and dice < 0.6:
        return weapons.ROCKET[fighter.side]
    if fighter.kit is Kit.ENGINEER and fighter.primary == weapons.RIFLE[fighter.side]:
        return weapons.GRENADELAUNCHER
    return weapons.GRENADE


def _blast(battle: Battle, thrower: Fighter, number: int) -> None:
    """It catches each of a few enemies, and now and then a mate or the thrower."""
    rng, blast = battle.rng, BLASTS[number]
    counters = thrower.tally.weapon(number)
    counters[SHOTS] += 1
    caught = 0
    for enemy in battle.living(3 - thrower.side)[:3]:
        if enemy.alive and rng.random() < blast.reach:
            counters[HITS] += 1
            caught += 1
            enemy.heal(battle.now_ms)
            _hurt(battle, thrower, enemy, number, _force(blast, rng), head=False)
    battle.note(What.BLAST, thrower, weapon=number, hits=caught)
    if rng.random() * thrower.person.care < 0.035:
        for mate in battle.living(thrower.side)[:2]:
            if mate is not thrower:
                hurt_mate(battle, thrower, mate, _force(blast, rng))
    if thrower.alive and rng.random() < 0.02:
        self_kill(battle, thrower)


def _force(blast: weapons.Blast, rng: Random) -> int:
    return blast.weakest + int((blast.strongest - blast.weakest) * rng.random() ** 1.6)
