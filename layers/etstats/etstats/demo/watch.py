"""Snapshots as events: what is new between one and the next."""

from __future__ import annotations

from collections.abc import Sequence
from math import dist

from etstats.demo import configstring
from etstats.demo.configstring import Configstrings
from etstats.demo.decode import AS_ENTITY, EVENT, IN_RING, REVIVED, RING, Decoder
from etstats.demo.events import WORLD, Event, Gib, Hit, HitSound, Kill, Objective, Region, Revive, Team
from etstats.demo.messages import State
from etstats.demo.mods import Mod
from etstats.demo.protocol import CLIENTS, ENTITY, PLAYER_PROTOCOL, as_floats
from etstats.demo.roster import Player, Roster

_AT = ENTITY.at
_TYPE = _AT["eType"]
_OTHER = _AT["otherEntityNum"]
_OTHER2 = _AT["otherEntityNum2"]
_PARM = _AT["eventParm"]
_WEAPON = _AT["weapon"]
_MODEL = _AT["modelindex"]
_SOUND = _AT["loopSound"]
_CLIENT = _AT["clientNum"]
_POSITION = _AT["pos.trBase[0]"]

_SAME_PLACE = 64.0  # a revived player moved a few units, one who spawned hundreds
_REGIONS = (Region.NONE, Region.TEAM, Region.HEAD, Region.BODY)
_TEAMS = {1: Team.AXIS, 2: Team.ALLIES}


class Watch:
    """Follows the snapshots of one gamestate. The inner loops find what is new, this tells what it means."""

    def __init__(self, mod: Mod, roster: Roster, strings: Configstrings, decoder: Decoder) -> None:
        own_view = decoder.protocol == PLAYER_PROTOCOL
        version = strings.pairs(configstring.SERVERINFO).get("version", "")
        self._hits_sent_twice = not own_view and version.startswith("ETTV")
        self._hits: set[Hit] = set()  # of this snapshot
        self._mod = mod
        self._roster = roster
        self._strings = strings
        self._decoder = decoder
        victim, killer, means = mod.obituary_fields
        self._obituary = _AT[victim], _AT[killer], _AT[means]
        self._target = _AT[mod.hit_target]
        decoder.watch(mod.event_base, _wanted(mod), decoder.recorder if own_view else -1)

    def see(self) -> list[Event]:
        """What the decoder sighted in the snapshot it has just read."""
        at_ms = self._decoder.server_time_ms
        found = [self._sighted(sighting, at_ms) for sighting in self._decoder.sightings]
        self._hits.clear()
        return [event for event in found if event is not None]

    def _sighted(self, sighting: tuple[int, ...], at_ms: int) -> Event | None:
        kind, number = sighting[0], sighting[1]
        if kind == EVENT:
            return self._event(number, at_ms)
        if kind == RING:
            return self._of_ring(number, sighting[2], sighting[3], at_ms)
        if not self._mod.revive and (kind == REVIVED or _near(sighting[2:5], sighting[5:])):
            return Revive(at_ms=at_ms, client=number, reviver=None)
        return None

    def _event(self, entity: int, at_ms: int) -> Event | None:
        """An entity that is nothing but an event."""
        mod, state = self._mod, self._decoder.entity(entity)
        assert state is not None, "only what is there is sighted"
        number = state[_TYPE] - mod.event_base
        if number in (mod.hit, mod.wall):
            return self._new(self._hit(state, at_ms, on_target=number == mod.hit))
        if number == mod.obituary:
            return self._kill(state, at_ms)
        if number == mod.revive:
            return Revive(at_ms=at_ms, client=state[_PARM], reviver=_client(state[_CLIENT]))
        if number == mod.popup:
            return self._objective(state, at_ms)
        return Gib(at_ms=at_ms, client=_client(state[_OTHER])) if number == mod.gib else None

    def _new(self, hit: Hit) -> Hit | None:
        """Unless an old ETTV has sent it twice."""
        if not self._hits_sent_twice:
            return hit
        known = hit in self._hits
        self._hits.add(hit)
        return None if known else hit

    def _kill(self, state: State, at_ms: int) -> Kill:
        mod = self._mod
        victim, attacker, means = (state[place] for place in self._obituary)
        attacker = _client(attacker)
        dead, killer = self._roster.now.get(victim), self._roster.now.get(attacker)
        weapon = state[_WEAPON] if mod.kill_weapons else None
        return Kill(
            at_ms=at_ms,
            attacker=attacker,
            victim=_client(victim),
            means=means,
            means_name=mod.means.get(means, str(means)),
            weapon=weapon,
            weapon_name=None if weapon is None else mod.weapons.get(weapon, str(weapon)),
            self_kill=attacker == victim,
            team_kill=attacker != victim and _team_mates(dead, killer),
            headshot=state[_SOUND] == 1 if mod.kill_headshots else None,
            attacker_name=killer.name if killer else None,
            attacker_team=killer.team if killer else None,
            victim_name=dead.name if dead else None,
            victim_team=dead.team if dead else None,
        )

    def _hit(self, state: State, at_ms: int, *, on_target: bool) -> Hit:
        mod = self._mod
        weapon = state[_WEAPON]
        region = _REGIONS[state[_MODEL] & 3] if mod.hit_regions and state[_MODEL] < 4 else None
        return Hit(
            at_ms=at_ms,
            attacker=_client(state[_OTHER]),
            victim=_client(state[self._target]) if on_target else WORLD,
            weapon=weapon,
            weapon_name=mod.weapons.get(weapon) or str(weapon),
            region=region if on_target else Region.NONE,
            position=as_floats(state[_POSITION : _POSITION + 3]),
        )

    def _objective(self, state: State, at_ms: int) -> Objective | None:
        kind, part, index = (state[_AT[f"effect{place}Time"]] for place in (1, 2, 3))
        found = _POPUPS.get((kind, part if kind in (0, 1, 6) else state[_AT["density"]] if kind == 5 else 0))
        if found is None:
            return None
        action, strings_from = found
        what = self._strings.text(strings_from + index) if strings_from and 0 <= index < 64 else ""
        return Objective(
            at_ms=at_ms,
            action=action,
            what=what,
            team=_TEAMS.get(state[_AT["teamNum"]]),
            client=_client(index) if kind == _MINES else None,
        )

    def _of_ring(self, client: int, event: int, parameter: int, at_ms: int) -> Event | None:
        if event == self._mod.player_hit:
            return HitSound(at_ms=at_ms, attacker=client, region=_REGIONS[parameter & 3])
        return Gib(at_ms=at_ms, client=client) if event == self._mod.gib else None


def _wanted(mod: Mod) -> bytes:
    """For each event in what it is to be told."""
    wanted = bytearray(256)
    for event in (mod.obituary, mod.hit, mod.wall, mod.revive, mod.popup, mod.gib):
        wanted[event] |= AS_ENTITY
    for event in (mod.player_hit, mod.gib):
        wanted[event] |= IN_RING
    wanted[0] = 0  # the number of what a mod does not have
    return bytes(wanted)


_MINES = 2
# type and sub-type of a popup → what was done, and where the names of such things begin among the configstrings
_POPUPS: dict[tuple[int, int], tuple[str, int]] = {
    (0, 0): ("planted", configstring.OBJECTIVE_PLACES),
    (0, 1): ("defused", configstring.OBJECTIVE_PLACES),
    (1, -1): ("constructed", configstring.STRINGS),
    (1, 0): ("constructed", configstring.OBJECTIVE_PLACES),
    (6, 0): ("damaged", configstring.OBJECTIVE_PLACES),
    (6, 1): ("destroyed", configstring.OBJECTIVE_PLACES),
    (2, 0): ("mines_spotted", 0),
    (5, 0): ("stolen", configstring.STRINGS),
    (5, 1): ("returned", configstring.STRINGS),
}


def _team_mates(one: Player | None, other: Player | None) -> bool:
    return one is not None and other is not None and one.team is other.team and one.team in _TEAMS.values()


def _client(number: int) -> int:
    return number if 0 <= number < CLIENTS else WORLD


def _near(one: Sequence[int], other: Sequence[int]) -> bool:
    return dist(as_floats(one), as_floats(other)) < _SAME_PLACE
