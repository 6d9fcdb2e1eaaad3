"""Medics: who is called, who comes, and whom the syringe brings back."""

from __future__ import annotations

from local.simulator.battle import Battle
from local.simulator.chronicle import What
from local.simulator.fighter import Fighter
from local.simulator.tally import HITS, SHOTS
from local.simulator.weapons import SYRINGE, Kit


def call_medic(battle: Battle, body: Fighter) -> None:
    """A medic may reach *body* in some seconds."""
    battle.at(battle.now_ms + 1200 + int(3000 * battle.rng.random()), _try_revive, body, body.life)


def _try_revive(battle: Battle, body: Fighter, life: int) -> None:
    medics = [mate for mate in battle.living(body.side) if mate.kit is Kit.MEDIC]
    if body.life != life or not body.lying or not medics or not body.present:
        return
    rng = battle.rng
    # the more medics live, the likelier one of them is near
    if rng.random() > 0.42 + 0.13 * len(medics):
        return
    medic = medics[int(rng.random() * len(medics))]
    revive(battle, medic, body)


def revive(battle: Battle, medic: Fighter, body: Fighter) -> None:
    """*body* is on his feet again."""
    counters = medic.tally.weapon(SYRINGE)
    counters[SHOTS] += 1 + (battle.rng.random() < 0.11)
    counters[HITS] += 1
    medic.tally.revives_given += 1
    medic.tally.xp += 4
    body.tally.times_revived += 1
    battle.note(What.REVIVE, medic, body)
    body.revive(battle.now_ms)
