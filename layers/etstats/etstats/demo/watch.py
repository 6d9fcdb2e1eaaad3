"""Snapshots as events: what is new between one and the next."""

from __future__ import annotations

from collections.abc import Iterator

from etstats.demo import configstring
from etstats.demo.configstring import Configstrings
from etstats.demo.deltas import State
from etstats.demo.events import WORLD, Event, Gib, Hit, HitSound, Kill, Objective, Region, Revive, Team
from etstats.demo.messages import Snapshot
from etstats.demo.mods import Mod
from etstats.demo.protocol import CLIENTS, ENTITY, PERSISTANT, PLAYER, as_float
from etstats.demo.roster import Player, Roster

_AT = ENTITY.at
_TYPE = _AT["eType"]
_FLAGS = _AT["eFlags"]
_OTHER = _AT["otherEntityNum"]
_OTHER2 = _AT["otherEntityNum2"]
_PARM = _AT["eventParm"]
_WEAPON = _AT["weapon"]
_MODEL = _AT["modelindex"]
_SOUND = _AT["loopSound"]
_CLIENT = _AT["clientNum"]
_POSITION = _AT["pos.trBase[0]"]
_SEQUENCE = _AT["eventSequence"]  # then four events and their four parameters, in a player's state as well
_PS_SEQUENCE = PLAYER.at["eventSequence"]
_PS_CLIENT = PLAYER.at["clientNum"]

_PLAYER_TYPE = 1
_DEAD = 0x1
_RESTARTED = 4  # this snapshot flag toggles when the map is restarted, and events are counted from 0 again
_REVIVES = PERSISTANT + 9
_SAME_PLACE = 64.0  # a revived player moved a few units, one who spawned hundreds
_REGIONS = (Region.NONE, Region.TEAM, Region.HEAD, Region.BODY)
_TEAMS = {1: Team.AXIS, 2: Team.ALLIES}


class Watch:
    """Follows the snapshots of one gamestate."""

    def __init__(self, mod: Mod, roster: Roster, strings: Configstrings, *, recorder: int | None) -> None:
        """*recorder*: whose point of view it is; None for a TV's."""
        version = strings.pairs(configstring.SERVERINFO).get("version", "")
        self._hits_sent_twice = recorder is None and version.startswith("ETTV")
        self._hits: set[Hit] = set()  # of this snapshot
        self._mod = mod
        self._roster = roster
        self._strings = strings
        self._recorder = recorder
        self._last: Snapshot | None = None
        self._rings: dict[int, int] = {}  # client → the event sequence seen last
        self._own_ring: tuple[int, int] | None = None  # of the recorder's view: client and sequence
        self._revived: int | None = None  # how often the recorder was
        self._fallen: dict[int, State] = {}  # clients that lie dead in the last snapshot
        victim, killer, means = mod.obituary_fields
        self._obituary = _AT[victim], _AT[killer], _AT[means]
        self._target = _AT[mod.hit_target]

    def see(self, snapshot: Snapshot) -> Iterator[Event]:
        """What is new since the snapshot before. To be called with every valid one, in order."""
        last = self._last
        if last is not None and (last.flags ^ snapshot.flags) & _RESTARTED:
            self._rings, self._own_ring, self._revived, self._fallen = {}, None, None, {}
        before = last.entities if last is not None else {}
        if last is not None and snapshot.delta and last.number == snapshot.number - snapshot.delta:
            numbers = snapshot.written  # all else is the same list as before
        else:
            numbers = sorted(snapshot.entities.keys() | self._rings.keys())
        base = self._mod.event_base
        at_ms = snapshot.server_time_ms
        entities = snapshot.entities
        for number in numbers:
            state = entities.get(number)
            if number < CLIENTS:
                yield from self._player(number, state, at_ms)
            if state is not None and state[_TYPE] >= base and state != before.get(number):
                yield from self._event(state, at_ms)
        if self._recorder is not None:
            yield from self._own(snapshot.player, at_ms)
        self._last = snapshot
        self._hits.clear()

    def _event(self, state: State, at_ms: int) -> Iterator[Event]:
        """An entity that is nothing but an event."""
        mod = self._mod
        number = state[_TYPE] - mod.event_base
        if number == 0:
            return
        if number == mod.obituary:
            yield self._kill(state, at_ms)
        elif number in (mod.hit, mod.wall):
            hit = self._hit(state, at_ms, on_target=number == mod.hit)
            if not (self._hits_sent_twice and hit in self._hits):
                yield hit
            self._hits.add(hit)
        elif number == mod.revive:
            yield Revive(at_ms=at_ms, client=state[_PARM], reviver=_client(state[_CLIENT]))
        elif number == mod.popup:
            yield from self._objective(state, at_ms)
        elif number == mod.gib:
            yield Gib(at_ms=at_ms, client=_client(state[_OTHER]))

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
        x, y, z = (as_float(cell) for cell in state[_POSITION : _POSITION + 3])
        return Hit(
            at_ms=at_ms,
            attacker=_client(state[_OTHER]),
            victim=_client(state[self._target]) if on_target else WORLD,
            weapon=weapon,
            weapon_name=mod.weapons.get(weapon, str(weapon)),
            region=region if on_target else Region.NONE,
            position=(x, y, z),
        )

    def _objective(self, state: State, at_ms: int) -> Iterator[Event]:
        kind, part, index = (state[_AT[f"effect{place}Time"]] for place in (1, 2, 3))
        found = _POPUPS.get((kind, part if kind in (0, 1, 6) else state[_AT["density"]] if kind == 5 else 0))
        if found is None:
            return
        action, strings_from = found
        what = self._strings.text(strings_from + index) if strings_from and 0 <= index < 64 else ""
        yield Objective(
            at_ms=at_ms,
            action=action,
            what=what,
            team=_TEAMS.get(state[_AT["teamNum"]]),
            client=_client(index) if kind == _MINES else None,
        )

    def _player(self, client: int, state: State | None, at_ms: int) -> Iterator[Event]:
        """A player's own entity: its ring of events, and whether he rose from the dead."""
        if state is None or state[_TYPE] != _PLAYER_TYPE:
            self._fallen.pop(client, None)
            self._rings.pop(client, None)
            return
        seen = self._rings.get(client)
        now = self._rings[client] = state[_SEQUENCE]
        if seen is not None and seen != now:
            yield from self._ring(client, seen, now, state[_SEQUENCE + 1 : _SEQUENCE + 9], at_ms)
        if state[_FLAGS] & _DEAD:
            self._fallen[client] = state
        else:
            lay = self._fallen.pop(client, None)
            if lay is not None and not self._mod.revive and _near(lay, state):
                yield Revive(at_ms=at_ms, client=client, reviver=None)

    def _own(self, view: State, at_ms: int) -> Iterator[Event]:
        """What only the recorder's player state tells: he has no entity in his own demo."""
        client, now = view[_PS_CLIENT], view[_PS_SEQUENCE]
        seen = self._own_ring
        self._own_ring = client, now
        if seen is not None and seen[0] == client and seen[1] != now:
            yield from self._ring(client, seen[1], now, view[_PS_SEQUENCE + 1 : _PS_SEQUENCE + 9], at_ms)
        if client != self._recorder:  # he follows somebody
            return
        revived = self._revived
        self._revived = view[_REVIVES]
        if revived is not None and view[_REVIVES] > revived and not self._mod.revive:
            yield Revive(at_ms=at_ms, client=client, reviver=None)

    def _ring(self, client: int, seen: int, now: int, ring: list[int], at_ms: int) -> Iterator[Event]:
        """*ring*: four events, then their four parameters. More than four new ones overwrote each other."""
        for sequence in range(now - min((now - seen) & 255, 4), now):
            event = ring[sequence & 3] & 255
            parameter = ring[4 + (sequence & 3)]
            if event == 0:
                continue
            if event == self._mod.player_hit:
                yield HitSound(at_ms=at_ms, attacker=client, region=_REGIONS[parameter & 3])
            elif event == self._mod.gib:
                yield Gib(at_ms=at_ms, client=client)


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


def _near(one: State, other: State) -> bool:
    apart = (as_float(one[place]) - as_float(other[place]) for place in range(_POSITION, _POSITION + 3))
    return sum(distance * distance for distance in apart) < _SAME_PLACE * _SAME_PLACE
