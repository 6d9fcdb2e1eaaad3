"""A round as a demo, through our own writer: a TV's, or one player's view of it.

What happens in it is what the stats file counts: every kill, hit, revive and gib, each plant and each build. Where
people run is made up (`actor`, `ground`), so that they are where it happens when it happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import dist
from random import Random
from typing import BinaryIO

from etstats.demo.messages import Gamestate, Message, ServerCommand, Snapshot
from etstats.demo.protocol import ENTITY, PLAYER, PLAYER_PROTOCOL, SHARED, TV_PROTOCOL
from etstats.demo.writer import Writer
from local.simulator import weapons
from local.simulator.actor import Actor, cell
from local.simulator.chronicle import Moment, What
from local.simulator.fighter import Fighter
from local.simulator.ground import Ground
from local.simulator.maps import GameMap
from local.simulator.script import BODY, HEAD, NOTHING, Cue, Shot, cues, fights, heard_hits
from local.simulator.truth import Outcome
from local.simulator.writer import minutes

STEP_MS = 100
LEVEL_START_MS = 50_000
"""The server's time when the round begins."""
_AFTER_MS = 3000
_TV_CLIENT = 63
_SEEN_WITHIN = 2400.0
_LASTS_MS = 300
_FUSE_MS = 30_000
_CARRIED_MS = 9000
_TEMPORARY = range(300, 900)
_WORLD = 1022

# ET:Legacy 2.84 and later
_VERSION = "v2.84.0"
_EVENTS = 62
_BULLET, _OBITUARY, _GIB, _POPUP, _HIT, _REVIVE = 61, 68, 73, 124, 132, 133
_SUICIDE = 33
_WEAPONS = {
    weapons.KNIFE: (1, 5), weapons.KNIFE_KBAR: (48, 61), weapons.LUGER: (2, 6), weapons.COLT: (7, 7),
    weapons.MP40: (3, 8), weapons.THOMPSON: (8, 9), weapons.STEN: (10, 10), weapons.FG42: (32, 13),
    weapons.PANZERFAUST: (5, 15), weapons.BAZOOKA: (53, 64), weapons.GRENADE: (4, 16), weapons.DYNAMITE: (15, 22),
    weapons.AIRSTRIKE: (55, 23), weapons.ARTILLERY: (13, 26), weapons.GRENADELAUNCHER: (37, 39),
    weapons.MG42: (30, 44), weapons.CARBINE: (24, 37), weapons.KAR98: (23, 38), weapons.GARAND: (25, 11),
    weapons.K43: (31, 50), weapons.MP34: (54, 66), weapons.SYRINGE: (11, 24),
}  # fmt: skip
"""A stats file's weapon → its number in the game, and the means of death it is."""
# type, sub-type, density of a popup
_POPUPS = {What.PLANT: (0, 0, 0), What.DEFUSE: (0, 1, 0), What.BUILD: (1, 0, 0), What.STEAL: (5, 0, 0)}
_DESTROYED = (6, 1, 0)
_AT = ENTITY.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is filmed: one round. *names*: what its people are called, by their number."""

    game_map: GameMap
    number: int
    limit_s: int
    duration_ms: int
    outcome: Outcome
    server: str
    names: Mapping[int, str]
    fighters: tuple[Fighter, ...]
    chronicle: tuple[Moment, ...]

    def clients(self) -> dict[Fighter, int]:
        return {fighter: client for client, fighter in enumerate(self.fighters)}


def film(scene: Scene, out: BinaryIO, *, client: int | None = None) -> None:
    """Writes a TV's demo, or that of *client*. The same scene gives the same bytes."""
    _Filming(scene, out, client).run()


def best_client(scene: Scene) -> int:
    """Who killed most: whose demo people want to see."""
    return max(scene.clients().items(), key=lambda one: (one[0].tally.kills, -one[1]))[1]


def frame_ms(at_ms: int) -> int:
    """The server time of the first snapshot that shows what happened at *at_ms* of the round's clock."""
    return LEVEL_START_MS + -(-at_ms // STEP_MS) * STEP_MS


class _Filming:
    def __init__(self, scene: Scene, out: BinaryIO, client: int | None) -> None:
        self.scene, self.client = scene, client
        self.ground = Ground(scene.game_map)
        dice = Random(f"film {scene.game_map.name} {scene.number} {scene.duration_ms}")
        self.actors = {
            fighter: Actor(fighter, number, self.ground, Random(dice.getrandbits(64)))
            for fighter, number in scene.clients().items()
        }
        self.writer = Writer(out)
        self.number = 0  # of the message
        self.sequence = 0  # of the command
        self.said: list[bytes] = []
        self.temporary: dict[int, tuple[int, list[int]]] = {}  # entity → until when, state
        self.slot = 0
        self.planted: list[tuple[int, int]] = []  # when it goes off, and whose dynamite
        self._send_people()

    def run(self) -> None:
        self.number += 1
        self.writer.begin(self.number, self._gamestate())
        waiting = iter(cues(self.scene.chronicle))
        cue = next(waiting, None)
        for now_ms in range(0, self.scene.duration_ms + _AFTER_MS, STEP_MS):
            while cue is not None and cue.at_ms <= now_ms:
                self._show(cue, now_ms)
                cue = next(waiting, None)
            self._pass_time(now_ms)
            self._write(now_ms)
        self.writer.end()

    def _send_people(self) -> None:
        """Everybody learns whom he will fight, and where he has to be."""
        for fight in fights(self.scene.chronicle):
            self.actors[fight.who].fights.append((fight.from_ms, fight.to_ms, self.actors[fight.whom]))
        for moment in self.scene.chronicle:
            actor = self.actors[moment.who]
            if moment.what is What.REVIVE and moment.whom is not None:
                actor.errands.append((moment.at_ms, self.actors[moment.whom].where))
            elif moment.what in _POPUPS:
                actor.errands.append((moment.at_ms, self.ground.where))

    def _gamestate(self) -> Gamestate:
        tv = self.client is None
        scene = self.scene
        strings = {
            0: (
                f"\\mapname\\{scene.game_map.name}\\gamename\\legacy\\mod_version\\{_VERSION}\\protocol\\84"
                f"\\sv_hostname\\{scene.server}\\g_gametype\\3\\sv_maxclients\\64\\timelimit\\{scene.limit_s / 60:g}"
            ),
            1: f"\\sv_serverid\\1\\sv_fps\\{1000 // STEP_MS}\\fs_game\\legacy",
            11: str(LEVEL_START_MS),
            21: self._wolfinfo(0),
            769: "the objective",
            911: "the documents",
        }
        joined = {moment.who for moment in scene.chronicle if moment.what is What.JOIN and moment.at_ms == 0}
        strings |= {689 + actor.client: self._described(actor) for who, actor in self.actors.items() if who in joined}
        if tv:
            strings[689 + _TV_CLIENT] = "n\\ETLTV\\t\\3"
        baseline = ENTITY.zero[:]
        baseline[_AT["eType"]] = 4
        return Gamestate(
            protocol=TV_PROTOCOL if tv else PLAYER_PROTOCOL,
            command_sequence=0,
            recorder=_TV_CLIENT if self.client is None else self.client,
            checksum_feed=0,
            configstrings={index: value.encode("latin-1") for index, value in strings.items()},
            baselines={70: baseline},
            shared_baselines={70: SHARED.zero} if tv else {},
            current={},
        )

    def _wolfinfo(self, state: int) -> str:
        to_beat = self.scene.limit_s / 60 if self.scene.number == 2 else 0
        return f"\\g_currentRound\\{self.scene.number - 1}\\g_nextTimeLimit\\{to_beat:g}\\gamestate\\{state}"

    def _described(self, actor: Actor) -> str:
        return actor.described(self.scene.names[actor.fighter.person.number])

    def _say(self, command: str) -> None:
        self.said.append(command.encode("latin-1"))

    def _show(self, cue: Cue, now_ms: int) -> None:
        actor = self.actors[cue.who]
        if isinstance(cue, Shot):
            self._shoot(cue, now_ms)
            return
        for _ in range(heard_hits(cue)):
            actor.heard.append((_HIT, BODY))
        shown = _SHOWN.get(cue.what)
        if shown is not None:
            shown(self, cue, actor, now_ms)

    def _shoot(self, shot: Shot, now_ms: int) -> None:
        actor = self.actors[shot.who]
        target = None if shot.whom is None else self.actors[shot.whom]
        actor.firing_until_ms = now_ms + STEP_MS
        state = self._event(_BULLET, now_ms, actor if target is None else target)
        state[_AT["otherEntityNum"]] = actor.client
        state[_AT["otherEntityNum2"]] = _WORLD if target is None else target.client
        state[_AT["modelindex"]] = shot.hit
        state[_AT["weapon"]] = _WEAPONS[shot.weapon][0]
        if target is not None and shot.hit != NOTHING:
            target.health = max(1, target.health - (50 if shot.hit == HEAD else 18))

    def _event(self, event: int, now_ms: int, at: Actor | None) -> list[int]:
        """A temporary entity, to be filled."""
        while self.temporary.get(_TEMPORARY[self.slot], (0,))[0] > now_ms:
            self.slot = (self.slot + 1) % len(_TEMPORARY)
        state = ENTITY.zero[:]
        state[_AT["eType"]] = _EVENTS + event
        if at is not None:
            x, y = at.spot
            state[_AT["pos.trBase[0]"] : _AT["pos.trBase[2]"] + 1] = cell(x), cell(y), cell(self.ground.height(at.spot))
        self.temporary[_TEMPORARY[self.slot]] = now_ms + _LASTS_MS, state
        self.slot = (self.slot + 1) % len(_TEMPORARY)
        return state

    def _die(self, moment: Moment, actor: Actor, now_ms: int) -> None:
        victim = actor if moment.whom is None else self.actors[moment.whom]
        weapon, means = (0, _SUICIDE) if moment.what is What.SELF_KILL else _WEAPONS[moment.weapon]
        state = self._event(_OBITUARY, now_ms, victim)
        state[_AT["otherEntityNum"]], state[_AT["otherEntityNum2"]] = victim.client, actor.client
        state[_AT["eventParm"]], state[_AT["weapon"]] = means, weapon
        state[_AT["loopSound"]] = moment.heads
        victim.fall()
        if moment.what is What.SELF_KILL:
            victim.here = False

    def _gib(self, moment: Moment, actor: Actor, now_ms: int) -> None:
        self._event(_GIB, now_ms, actor)[_AT["otherEntityNum"]] = actor.client
        actor.here = False

    def _spawn(self, moment: Moment, actor: Actor, now_ms: int) -> None:
        changed = moment.kit is not None and moment.kit is not actor.kit
        actor.kit, actor.primary = moment.kit or actor.kit, moment.weapon
        actor.spawn(self._progress(now_ms))
        if changed:
            self._say(f'cs {689 + actor.client} "{self._described(actor)}"')

    def _join(self, moment: Moment, actor: Actor, now_ms: int) -> None:
        if moment.at_ms > 0:
            self._say(f'cs {689 + actor.client} "{self._described(actor)}"')

    def _leave(self, moment: Moment, actor: Actor, now_ms: int) -> None:
        actor.here = actor.alive = False
        self._say(f'cs {689 + actor.client} ""')

    def _revive(self, moment: Moment, actor: Actor, now_ms: int) -> None:
        assert moment.whom is not None
        body = self.actors[moment.whom]
        body.revive()
        state = self._event(_REVIVE, now_ms, body)
        state[_AT["clientNum"]], state[_AT["eventParm"]] = actor.client, body.client

    def _popup(self, moment: Moment, actor: Actor, now_ms: int) -> None:
        self._pop_up(_POPUPS[moment.what], actor.side, now_ms)
        if moment.what is What.PLANT:
            self.planted.append((now_ms + _FUSE_MS, actor.side))
        elif moment.what is What.DEFUSE and self.planted:
            self.planted.pop()
        elif moment.what is What.STEAL:
            actor.carries_until_ms = now_ms + _CARRIED_MS
            self._say(f'cp "{"Axis" if actor.side == 1 else "Allies"} have stolen the documents!"')

    def _pop_up(self, popup: tuple[int, int, int], side: int, now_ms: int) -> None:
        state = self._event(_POPUP, now_ms, None)
        state[_AT["effect1Time"]], state[_AT["effect2Time"]], state[_AT["density"]] = popup
        state[_AT["teamNum"]] = side

    def _pass_time(self, now_ms: int) -> None:
        for off_ms, side in [one for one in self.planted if one[0] <= now_ms]:
            self._pop_up(_DESTROYED, side, now_ms)
            self.planted.remove((off_ms, side))
        progress = self._progress(now_ms)
        for actor in self.actors.values():
            actor.move(now_ms, STEP_MS, progress)
            actor.ring()
        for entity in [entity for entity, (until_ms, _) in self.temporary.items() if until_ms <= now_ms]:
            del self.temporary[entity]
        if now_ms - STEP_MS < self.scene.duration_ms <= now_ms:
            self._end()

    def _end(self) -> None:
        defender = self.scene.game_map.defender
        winner = 3 - defender if self.scene.outcome is Outcome.COMPLETED else defender
        self._say(f'cs 14 "\\w\\{winner - 1}"')
        self._say('cs 12 "1"')
        self._say(f'cs 21 "{self._wolfinfo(3)}"')
        rows = [
            f"{actor.client} {fighter.tally.xp} 48 {self.scene.duration_ms // 60_000} 0 0 -1"
            for fighter, actor in self.actors.items()
        ]
        self._say(f"sc0 0 0 {len(rows)} {' '.join(rows)}")
        self._say(f'print "Round {self.scene.number} ended after {minutes(self.scene.duration_ms // 1000)}\n"')
        for actor in self.actors.values():
            name = self.scene.names[actor.fighter.person.number]
            self._say(f'chat "{name}^7: ^2gg" {actor.client}')

    def _progress(self, now_ms: int) -> float:
        return min(1.0, now_ms / self.scene.duration_ms)

    def _write(self, now_ms: int) -> None:
        self.number += 1
        tv = self.client is None
        entities = dict(self._bodies(now_ms))
        entities |= {entity: state for entity, (_, state) in self.temporary.items() if self._is_told(state)}
        seen = [actor for actor in self.actors.values() if tv and actor.spawns]
        snapshot = Snapshot(
            number=self.number,
            server_time_ms=LEVEL_START_MS + now_ms,
            delta=0,
            flags=0,
            area_mask=b"\0",
            valid=True,
            player=self._own_view(now_ms),
            entities=dict(sorted(entities.items())),
            shared=dict.fromkeys(entities, SHARED.zero) if tv else {},
            written=[],
            players={actor.client: self._view(actor, now_ms) for actor in seen},
        )
        commands = [
            ServerCommand(sequence=self.sequence + place, content=content)
            for place, content in enumerate(self.said, start=1)
        ]
        self.sequence += len(self.said)
        self.said.clear()
        self.writer.write(Message(number=self.number, commands=commands, snapshot=snapshot))

    def _bodies(self, now_ms: int) -> Iterator[tuple[int, list[int]]]:
        for actor in self.actors.values():
            if actor.here and actor.client != self.client and self._sees(actor):
                yield actor.client, actor.body(now_ms, _WEAPONS[actor.primary][0])

    def _sees(self, actor: Actor) -> bool:
        me = self._me()
        return me is None or dist(me.spot, actor.spot) < _SEEN_WITHIN

    def _me(self) -> Actor | None:
        return None if self.client is None else self.actors[self.scene.fighters[self.client]]

    def _is_told(self, state: list[int]) -> bool:
        """Obituaries and popups go to everybody, the rest to who is near."""
        me = self._me()
        if me is None or state[_AT["eType"]] - _EVENTS in (_OBITUARY, _POPUP):
            return True
        concerned = state[_AT["otherEntityNum"]], state[_AT["otherEntityNum2"]], state[_AT["eventParm"]]
        return any(actor.client in concerned and self._sees(actor) for actor in self.actors.values())

    def _own_view(self, now_ms: int) -> list[int]:
        me = self._me()
        if me is not None:
            return self._view(me, now_ms)
        view = PLAYER.zero[:]
        view[PLAYER.at["clientNum"]], view[PLAYER.at["pm_type"]] = _TV_CLIENT, 2
        view[PLAYER.at["commandTime"]] = now_ms
        return view

    def _view(self, actor: Actor, now_ms: int) -> list[int]:
        return actor.view(now_ms, _WEAPONS[actor.primary][0])


_SHOWN = {
    What.KILL: _Filming._die, What.TEAM_KILL: _Filming._die, What.SELF_KILL: _Filming._die, What.GIB: _Filming._gib,
    What.SPAWN: _Filming._spawn, What.JOIN: _Filming._join, What.LEAVE: _Filming._leave, What.REVIVE: _Filming._revive,
    **dict.fromkeys(_POPUPS, _Filming._popup),
}  # fmt: skip
