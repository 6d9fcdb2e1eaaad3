"""A game's UDP side as the engine behaves: getstatus, getinfo and rcon, with its limits, losses and slow answers.

    game = Game(password="…")
    game.answers(packet, "127.0.0.1", now)      # [(after how many seconds, packet), …]

What the stand-in knows of the engine: rcon's output goes out 239 signs at a time, one line of a packet is read and
quotes group words; with `limited` an address gets ten answers at once and then one a second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

PREFIX = b"\xff\xff\xff\xff"
BUFFER = 239
BURST, PER_S = 10, 1.0
BOT = 0
MAPS = ("adlernest", "braundorf_b4", "bremen_b3", "erdenberg_t2", "etl_adlernest", "frostbite", "goldrush", "radar",
        "supply", "sw_goldrush_te", "te_escape2")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    slot: int
    name: str
    team: int
    ping: int = 48
    score: int = 0

    @property
    def address(self) -> str:
        return "bot" if self.ping == BOT else f"192.0.2.{self.slot + 10}:27960"


CLIENTS = (
    Client(slot=0, name="^1Mit^7tens", team=1, score=31),
    Client(slot=1, name="Widow", team=2, ping=61, score=44),
    Client(slot=2, name="^4S^5ä^6pper", team=1, ping=35, score=12),
    Client(slot=4, name="@everyone", team=2, ping=120, score=7),
    Client(slot=5, name="watcher", team=3, ping=52),
    Client(slot=6, name="[BOT]Frida", team=2, ping=BOT, score=3),
)


@dataclass(slots=True, kw_only=True)
class Game:
    """*lost* is asked about every packet out, by its number; *delay_s* how long each takes. *heard* are the packets
    that came, *said* the rcon commands in them."""

    password: str = "local"  # noqa: S105  # opens the stand-in and nothing else
    map: str = "supply"
    clients: tuple[Client, ...] = ()
    maps: tuple[str, ...] = MAPS
    brought: Callable[[], tuple[str, ...]] = tuple  # maps that came later
    alive: bool = True
    limited: bool = False
    lost: Callable[[int], bool] = lambda _number: False
    delay_s: Callable[[int], float] = lambda _number: 0.0
    info: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    _sent: int = 0
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def answers(self, packet: bytes, address: str, now: float) -> list[tuple[float, bytes]]:
        """What goes back to *address*, and when."""
        self.heard = [*self.heard[-99:], packet]
        if not self.alive or not packet.startswith(PREFIX) or not self._allows(address, now):
            return []
        line = packet[len(PREFIX) :].partition(b"\n")[0].decode("cp1252", errors="replace")
        out = []
        for answer in self._answer(_words(line)):
            self._sent += 1
            if not self.lost(self._sent):
                out.append((self.delay_s(self._sent), PREFIX + answer.encode("cp1252", errors="replace")))
        return out

    @property
    def installed(self) -> tuple[str, ...]:
        return (*self.maps, *self.brought())

    def begin(self) -> None:
        self.alive = True

    def _allows(self, address: str, now: float) -> bool:
        if not self.limited:
            return True
        at, left = self._buckets.get(address, (now, float(BURST)))
        left = min(float(BURST), left + (now - at) * PER_S)
        self._buckets[address] = (now, left - 1 if left >= 1 else left)
        return left >= 1

    def _answer(self, words: list[str]) -> Iterator[str]:
        kind = words[0].lower() if words else ""
        challenge = words[1] if len(words) > 1 and len(words[1]) <= 128 else ""
        if kind == "getstatus":
            players = "".join(f'{one.score} {one.ping} "{one.name}"\n' for one in self.clients)
            yield f"statusResponse\n{_info(self._status() | {'challenge': challenge})}\n{players}"
        elif kind == "getinfo":
            yield f"infoResponse\n{_info(self._info() | {'challenge': challenge})}"
        elif kind == "rcon":
            yield from _printed(self._rcon(words[1:]))

    def _status(self) -> dict[str, str]:
        seated = {one.slot: str(one.team) for one in self.clients}
        return {
            "sv_hostname": "^1local ^7game server", "mapname": self.map, "sv_maxclients": "20",
            "sv_privateClients": "2", "protocol": "84", "gamename": "legacy", "g_gametype": "3", "timelimit": "12",
            "g_needpass": "0", "version": "ET Legacy", "g_redlimbotime": "30000", "g_bluelimbotime": "20000",
            "P": "".join(seated.get(slot, "-") for slot in range(max(seated, default=-1) + 1)),
        } | self.info  # fmt: skip

    def _info(self) -> dict[str, str]:
        humans = sum(one.ping != BOT for one in self.clients)
        return {
            "version": "ET Legacy", "protocol": "84", "hostname": "^1local ^7game server", "mapname": self.map,
            "clients": str(len(self.clients)), "humans": str(humans), "sv_maxclients": "18", "gametype": "3",
        }  # fmt: skip

    def _rcon(self, words: list[str]) -> list[str]:
        """What it prints, piece by piece."""
        if not self.password:
            return ["No rconpassword set on the server.\n"]
        if not words or words[0] != self.password:
            return ["Bad rconpassword.\n"]
        spoken = words[1:]
        self.said.append(" ".join(spoken))
        return self._do(spoken)

    def _do(self, spoken: list[str]) -> list[str]:
        command, *rest = spoken or [""]
        if command == "status":
            return self._table()
        if command == "dir":
            return ["Directory of maps .bsp\n", "---------------\n", *(f"{one}.bsp\n" for one in self.installed)]
        if command in ("map", "devmap"):
            if rest[0] not in self.installed:
                return [f"Can't find map maps/{rest[0]}.bsp\n"]
            self.map = rest[0]
        elif command == "clientkick":  # SLOT [SECONDS]
            self.clients = tuple(one for one in self.clients if str(one.slot) != rest[0])
        elif command == "quit":
            self.alive = False
        elif command == "swap_teams":
            self.clients = tuple(replace(one, team={1: 2, 2: 1}.get(one.team, one.team)) for one in self.clients)
        elif command == "say":
            return [f"console: {' '.join(rest)}\n"]
        elif command not in ("map_restart", "cp", "ref", "start_match", "reset_match", "mute", "unmute", "timelimit"):
            return [f"unknown command: {command}\n"]
        return []

    def _table(self) -> list[str]:
        head = [
            f"map: {self.map}\n",
            "num score ping name            lastmsg address               qport rate  lastConnectTime\n",
            "--- ----- ---- --------------- ------- --------------------- ----- ----- ---------------\n",
        ]
        rows = [
            f"{one.slot:3} {one.score:5} {one.ping:4} {one.name:<15}^7 {50:7} {one.address:<21} {4321:5} {25000:5} 0\n"
            for one in self.clients
        ]
        return [*head, *rows, "\n"]


def _words(line: str) -> list[str]:
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^\s"]+)', line)]


def _info(told: dict[str, str]) -> str:
    return "".join(f"\\{key}\\{value}" for key, value in told.items() if value)


def _printed(pieces: list[str]) -> Iterator[str]:
    """As many pieces to a packet as its buffer holds; one that is too long by itself is cut."""
    buffer = ""
    for piece in pieces:
        if len(buffer) + len(piece) > BUFFER:
            yield "print\n" + buffer
            buffer = ""
        buffer += piece[:BUFFER]
    yield "print\n" + buffer
