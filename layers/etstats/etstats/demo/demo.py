"""A whole demo: its events in order, then what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, NamedTuple

from etstats.demo import configstring, round_state
from etstats.demo.configstring import Configstrings
from etstats.demo.console import read_command
from etstats.demo.decode import Decoder
from etstats.demo.events import Completeness, Event, Pause, RoundState
from etstats.demo.mods import VANILLA, Mod, choose_by
from etstats.demo.protocol import PLAYER_PROTOCOL
from etstats.demo.reader import Reader
from etstats.demo.roster import Player, Roster
from etstats.demo.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a demo is about; the map, mod and server of its first gamestate. Names carry colour codes.

    *players*: whoever was there at any time, as last described. *recorder*: the client number of who recorded.
    """

    messages: int
    snapshots: int
    gamestates: int
    first_server_time_ms: int | None
    last_server_time_ms: int | None
    truncated: bool
    protocol: int
    map: str
    mod_name: str
    mod_version: str
    server_name: str
    gametype: int | None
    recorder: int
    players: tuple[Player, ...]


class _Gamestate(NamedTuple):
    protocol: int
    recorder: int
    configstrings: dict[int, bytes]


class Demo:
    """*source*, a file open for reading bytes or bytes, read once: `events` first, then `about` and `completeness`."""

    def __init__(self, source: BinaryIO | bytes) -> None:
        self.reader = Reader(source)
        self.mod: Mod = VANILLA
        self._roster = Roster()
        self._strings = Configstrings({})
        self._first: _Gamestate | None = None
        self._watch: Watch | None = None
        self._sequence = 0
        self._waiting: list[tuple[int, bytes]] = []  # for the time of the next snapshot
        self._round: RoundState | None = None
        self._paused = False

    def events(self) -> Iterator[Event]:
        """In the order of the file; in one snapshot commands come first, then what is seen. Raises BadDemo."""
        for decoder in self.reader.steps(quietly=True):
            if decoder.has_gamestate:
                yield from self._commands()
                self._begin(decoder)
            if decoder.commands:
                self._collect(decoder.commands)
            if not decoder.has_snapshot:
                continue
            if self._waiting or self._round is None:
                yield from self._commands()
            if self._watch is not None and decoder.valid:
                yield from self._watch.see()
        yield from self._commands()

    def about(self) -> About:
        """To be asked when all events were read."""
        reader, first = self.reader, self._first
        assert first is not None, "a demo is read before it is asked about"
        serverinfo = configstring.read_pairs(first.configstrings.get(configstring.SERVERINFO, b""))
        gametype = serverinfo.get("g_gametype", "")
        return About(
            messages=reader.messages,
            snapshots=reader.snapshots,
            gamestates=reader.gamestates,
            first_server_time_ms=reader.first_server_time_ms,
            last_server_time_ms=reader.last_server_time_ms,
            truncated=reader.truncated,
            protocol=first.protocol,
            map=serverinfo.get("mapname", ""),
            mod_name=serverinfo.get("gamename", ""),
            mod_version=serverinfo.get("mod_version", ""),
            server_name=serverinfo.get("sv_hostname", ""),
            gametype=int(gametype) if gametype.isascii() and gametype.isdigit() and len(gametype) < 4 else None,
            recorder=first.recorder,
            players=tuple(player for _, player in sorted(self._roster.ever.items())),
        )

    def completeness(self) -> dict[str, Completeness]:
        """For each kind of event, how many of those that happened are in this demo."""
        own_view = self._first is None or self._first.protocol == PLAYER_PROTOCOL
        return completeness(self.mod, own_view=own_view)

    def _begin(self, decoder: Decoder) -> None:
        self._strings = Configstrings(decoder.configstrings)
        self._first = self._first or _Gamestate(decoder.protocol, decoder.recorder, decoder.configstrings)
        self._sequence = decoder.command_sequence
        self._waiting = []
        self._roster.begin(self._strings)
        self.mod = choose_by(decoder.configstrings)
        self._watch = Watch(self.mod, self._roster, self._strings, decoder)
        self._round = None
        self._paused = round_state.is_paused(self._strings)
        if decoder.has_snapshot and decoder.valid:
            decoder.look()

    def _collect(self, commands: list[tuple[int, bytes]]) -> None:
        for sequence, content in commands:
            if sequence > self._sequence:  # else it was sent again
                self._sequence = sequence
                self._waiting.append((sequence, content))

    def _commands(self) -> Iterator[Event]:
        """The commands that wait; none before the first snapshot, for they have no time yet."""
        decoder = self.reader.decoder
        if not decoder.snapshots and not decoder.invalid_snapshots:
            return
        at_ms = decoder.server_time_ms
        changed = self._round is None
        waiting, self._waiting = self._waiting, []
        for sequence, content in waiting:
            yield from read_command(sequence, content, at_ms, self._roster)
            index = self._strings.apply(content)
            if index is not None:
                yield from self._roster.update(index, self._strings, at_ms)
                if index == configstring.SERVER_TOGGLES:
                    yield from self._pause(at_ms)
                changed = changed or index in round_state.PARTS
        if changed:
            yield from self._round_state(at_ms)

    def _pause(self, at_ms: int) -> Iterator[Event]:
        """Other toggles change the same string."""
        paused = round_state.is_paused(self._strings)
        if paused is not self._paused:
            yield Pause(at_ms=at_ms, paused=paused)
        self._paused = paused

    def _round_state(self, at_ms: int) -> Iterator[Event]:
        before, now = self._round, round_state.read_round(self._strings, at_ms)
        if before is None or replace(before, at_ms=at_ms) != now:
            yield now
        self._round = now


def completeness(mod: Mod, *, own_view: bool) -> dict[str, Completeness]:
    """*own_view*: the demo is a player's, who is not told what he cannot see."""
    seen = Completeness.CULLED if own_view else Completeness.COMPLETE
    known = Completeness.GUESSED if mod.guessed else Completeness.COMPLETE
    limited = Completeness.GUESSED if mod.guessed else seen
    return {
        "kill": known,
        "hit": limited,
        "hit_sound": limited if mod.player_hit else Completeness.ABSENT,
        "revive": limited,
        "gib": limited,
        "objective": known,
        "command": seen,
        "chat": seen,
        "print": seen,
        "score": seen,
        "statistics": seen,
        "joined": Completeness.COMPLETE,
        "left": Completeness.COMPLETE,
        "name": Completeness.COMPLETE,
        "team": Completeness.COMPLETE,
        "class": Completeness.COMPLETE,
        "round": Completeness.COMPLETE,
        "pause": Completeness.COMPLETE,
        "restart": Completeness.COMPLETE,
    }
