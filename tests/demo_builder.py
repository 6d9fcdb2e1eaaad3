"""Demos as tests need them: a gamestate and snapshots, packed by our own writer."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from etstats.demo.demo import Demo
from etstats.demo.events import Event
from etstats.demo.frames import END
from etstats.demo.messages import Gamestate, Message, ServerCommand, Snapshot
from etstats.demo.protocol import ENTITY, PLAYER, SHARED
from etstats.demo.writer import Writer

State = list[int]
LEGACY = rb"\mapname\adlernest\gamename\legacy\mod_version\v2.83.1\timelimit\10"
VANILLA = rb"\mapname\oasis\gamename\etmain\timelimit\10"


def an_entity(**fields: int) -> State:
    state = ENTITY.zero[:]
    for name, cell in fields.items():
        state[ENTITY.at[name.replace("__", ".")]] = cell
    return state


def a_view(cells: dict[int, int] | None = None, **fields: int) -> State:
    """A player's state; *cells*: places in its arrays."""
    state = PLAYER.zero[:]
    for name, cell in fields.items():
        state[PLAYER.at[name]] = cell
    for place, cell in (cells or {}).items():
        state[place] = cell
    return state


class DemoBuilder:
    """Two players: client 0 “vid” of the Axis, client 1 “carniee” of the Allies; client 2 “olz” of the Axis."""

    def __init__(self, serverinfo: bytes = LEGACY, *, tv: bool = False, recorder: int = 0) -> None:
        self.gamestate = Gamestate(
            protocol=284 if tv else 84,
            command_sequence=0,
            recorder=recorder,
            checksum_feed=99,
            configstrings={
                0: serverinfo,
                21: rb"\gamestate\0\g_currentRound\1\g_nextTimeLimit\7.5",
                11: b"700",
                689: rb"n\vid\t\1\c\1",
                690: rb"n\^1carniee\t\2\c\2",
                691: rb"n\olz\t\1",
                769: b"the Door controls",
                911: b"the documents",
            },
            baselines={70: an_entity(eType=4)},
            shared_baselines={70: SHARED.zero} if tv else {},
            current={},
        )
        self._out = BytesIO()
        self._writer = Writer(self._out)
        self._writer.begin(1, self.gamestate)
        self._number = 1
        self._sequence = 0

    def snapshot(
        self,
        at_ms: int,
        entities: dict[int, State] | None = None,
        *,
        commands: Sequence[bytes] = (),
        view: State | None = None,
        players: dict[int, State] | None = None,
        shared: dict[int, State] | None = None,
        flags: int = 0,
        full: bool = False,
        lost: bool = False,
    ) -> DemoBuilder:
        """*full*: builds on nothing. *lost*: the server sent it, the recording does not have it."""
        self._number += 1
        tv = self.gamestate.protocol == 284
        snapshot = Snapshot(
            number=self._number,
            server_time_ms=at_ms,
            delta=0,
            flags=flags,
            area_mask=b"\1",
            valid=True,
            player=view or PLAYER.zero,
            entities=entities or {},
            shared=shared or dict.fromkeys(entities or {}, SHARED.zero) if tv else {},
            written=[],
            players=players or {},
        )
        began = self._out.tell()
        message = Message(number=self._number, commands=self._sent(commands), snapshot=snapshot)
        self._writer.write(message, full=full)
        if lost:
            self._out.seek(began)
            self._out.truncate()
        return self

    def content(self) -> bytes:
        return self._out.getvalue() + END

    def events(self, *kinds: str) -> list[Event]:
        """Those of *kinds*, in order."""
        return [event for event in Demo(self.content()).events() if event.kind in kinds]

    def _sent(self, commands: Sequence[bytes]) -> list[ServerCommand]:
        first = self._sequence + 1
        self._sequence += len(commands)
        return [ServerCommand(sequence=first + place, content=content) for place, content in enumerate(commands)]


def a_demo_of(*kills: tuple[int, int, int]) -> bytes:
    """A TV's, with kills of (time, attacker, victim)."""
    builder = DemoBuilder(tv=True).snapshot(1_000)
    for number, (at_ms, attacker, victim) in enumerate(kills):
        obituary = an_entity(eType=62 + 68, otherEntityNum=victim, otherEntityNum2=attacker, eventParm=8)
        builder.snapshot(at_ms, {80 + number: obituary})
    return builder.snapshot(90_000).content()


TRIPLE = a_demo_of((10_000, 0, 1), (11_000, 0, 1), (12_000, 0, 1))
