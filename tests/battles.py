"""Battles written by hand: a round that begins at 0, with whatever a test says of it. ME is of the Axis, FOE not."""

from __future__ import annotations

from typing import Any

from etstats.demo.events import Event, Hit, Kill, Objective, Restart, RoundState, Team
from etstats.demo.positions import Position
from etstats.demo.roster import Player
from etstats.greatshot.battle import Battle, battle

ME, FOE, MATE = 1, 2, 3
NAMES = {ME: "vid", FOE: "^1carniee", MATE: "olz", 40: "far away"}


def team(client: int) -> Team:
    return Team.AXIS if client % 2 else Team.ALLIES


def a_kill(at_ms: int, attacker: int, victim: int, **other: Any) -> Kill:
    fields: dict[str, Any] = {
        "at_ms": at_ms, "attacker": attacker, "victim": victim, "means": 8, "means_name": "MP40", "weapon": None,
        "weapon_name": None, "self_kill": attacker == victim, "team_kill": team(attacker) is team(victim),
        "headshot": False, "attacker_name": NAMES.get(attacker), "attacker_team": team(attacker),
        "victim_name": NAMES.get(victim), "victim_team": team(victim),
    }  # fmt: skip
    return Kill(**fields | other)


def a_hit(at_ms: int, attacker: int, victim: int, position: tuple[float, float, float]) -> Hit:
    return Hit(
        at_ms=at_ms, attacker=attacker, victim=victim, weapon=3, weapon_name="MP40", region=None, position=position
    )


def an_objective(at_ms: int, action: str, what: str, by: Team) -> Objective:
    return Objective(at_ms=at_ms, action=action, what=what, team=by, client=None)


def stands(
    client: int,
    at_ms: int,
    x: float,
    y: float,
    *,
    yaw: float = 0.0,
    alive: bool = True,
    health: int | None = None,
    carrying: bool = False,
) -> Position:
    return Position(
        at_ms=at_ms, client=client, position=(x, y, 0.0), angles=(0.0, yaw, 0.0), alive=alive, health=health,
        carrying=carrying,
    )  # fmt: skip


def a_battle(*told: Event | Position, names: dict[int, str] | None = None, limit_min: float | None = None) -> Battle:
    """A round of ten minutes with what is *told* of it, in any order."""
    playing = RoundState(
        at_ms=0, state="playing", round=0, started_ms=0, limit_min=limit_min, next_limit_min=None, winner=None
    )
    events = sorted((one for one in told if isinstance(one, Event)), key=lambda event: event.at_ms)
    positions = sorted((one for one in told if isinstance(one, Position)), key=lambda seen: seen.at_ms)
    players = [
        Player(client=client, name=name, team=team(client), player_class="medic")
        for client, name in (NAMES | (names or {})).items()
    ]
    whole = [playing, *events, Restart(at_ms=600_000)]
    return battle(whole, positions, players, complete=True, sampled_ms=200)
