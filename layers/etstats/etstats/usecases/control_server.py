"""A game server is looked at, or told to do something and then looked at again: done is what can be seen.

No command is given twice: whether one whose answer was lost was done, only looking tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import TYPE_CHECKING, Protocol

from etstats.config import GameServer
from etstats.domain.order import Act, End, Look, Order, Outcome, lines
from etstats.domain.rcon import Line, line, scrubbed
from etstats.domain.retry import Backoff, budget, tried
from etstats.domain.server import Seat, ServerStatus, find_seat, same_name
from etstats.errors import BadFile, CircuitOpen, GameServerUnavailable, RconRefused, Unavailable
from etstats.parsing.server_reply import read_rcon_status
from etstats.storage import server as book
from etstats.storage.breaker import guarded, note_success
from etstats.storage.database import Database

if TYPE_CHECKING:
    from etstats.usecases.amend import Amender
    from etstats.usecases.map_packages import Packages

FRESH = timedelta(seconds=3)  # so young a status is not asked for again
_LOOKS_FOR = timedelta(seconds=12)  # after a command: a map is loaded in some seconds, a game starts in ten
_BETWEEN_S = 2.0
_LOOK_S = 1.5
_SHOWN = 1_200
_LEAVE_IT_SILENT = (Act.STOP, Act.REMOVE)  # done or not, these tell nothing of whether it answers
_ASKING = Backoff(tries=3, first_s=2, most_s=4)  # a second at least: servers that protect themselves ask for that
_ASKING_S = 8.0
_MAP_LINE = re.compile(r"([a-z0-9_][a-z0-9_.-]{0,62})\.bsp")


class _Nothing(GameServerUnavailable):
    """No packet came."""


class Port(Protocol):
    """A game server's UDP side. Raises GameServerUnavailable and RconRefused."""

    def status(self, *, budget_s: float) -> ServerStatus: ...

    def order(self, line: Line) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """*known*: every game server of the community. *start* runs what starts a game there."""

    db: Database
    known: Sequence[GameServer]
    port: Callable[[GameServer], Port]
    start: Callable[[GameServer], None]
    now: Callable[[], datetime]
    wait: Callable[[float], None]
    amending: Callable[[], Amender]
    packages: Callable[[], Packages]
    roots: Sequence[str] = ()

    def owned(self, guild_id: str) -> frozenset[str]:
        """The game servers whose rounds this Discord server may correct, by name."""
        return frozenset(one.name for one in self.known if guild_id and guild_id in one.guilds)

    def servers(self, guild_id: str) -> list[GameServer]:
        """Those this Discord server may see and control: no other one does."""
        return [one for one in self.known if one.game_port and guild_id and guild_id in one.guilds]

    def look(self, server: GameServer, *, budget_s: float) -> Look:
        """What is played there. Where it does not answer, or is left alone for a while, what was last known."""
        seen = book.last_seen(self.db, server.name)
        now = self.now()
        status, answers, seen_at = seen.status, True, seen.seen_at
        if seen_at is None or now - seen_at > FRESH:
            try:
                with guarded(self.db, f"game:{server.name}", now=now, faults=(GameServerUnavailable,)):
                    status = self.port(server).status(budget_s=budget_s)
                seen_at = now
                book.note_seen(self.db, server.name, status, now=now)
            except (GameServerUnavailable, CircuitOpen):
                answers = False
        return Look(
            name=server.name,
            address=f"{server.host}:{server.game_port}",
            answers=answers,
            status=status,
            seen_at=seen_at,
            last_round_at=seen.last_round_at,
        )

    def maps(self, server: GameServer) -> list[str]:
        """The maps installed there, asked anew. Raises GameServerUnavailable, and RconRefused."""
        reply = self._told(self.port(server), line("dir", "maps", "bsp"))
        found = [one[1] for row in reply.lower().split("\n") if (one := _MAP_LINE.fullmatch(row.strip()))]
        if found:
            book.note_maps(self.db, server.name, found, now=self.now())
        return sorted(set(found))

    def carry_out(self, order: Order, server: GameServer) -> Outcome:
        """Whatever the server does, there is an outcome."""
        try:
            ended = _DOING.get(order.act, Controller._give)(self, order, self.port(server), server)
        except RconRefused:
            return Outcome(end=End.REFUSED)
        except Unavailable:
            return Outcome(end=End.AWAY)
        if ended.well and order.act not in _LEAVE_IT_SILENT:
            note_success(self.db, f"game:{server.name}", now=self.now())  # who asks next need not wait
        return ended

    def _give(self, order: Order, port: Port, server: GameServer) -> Outcome:
        """What changes nothing that could be seen: sent, unless the server says otherwise."""
        reply = "\n".join(port.order(one) for one in lines(order))
        if reply.lower().lstrip().startswith("unknown command"):
            return Outcome(end=End.UNKNOWN, reply=self._shown(reply))
        if not reply.strip():
            port.status(budget_s=_LOOK_S)  # nothing came back: is anybody there?
        return Outcome(end=End.SENT, reply=self._shown(reply))

    def _change_map(self, order: Order, port: Port, server: GameServer) -> Outcome:
        if (known := self.maps(server)) and order.target not in known:
            return Outcome(end=End.NO_SUCH_MAP)
        reply = "".join(port.order(one) for one in lines(order))
        if self._seen(port, lambda status: status.map.lower() == order.target):
            with suppress(GameServerUnavailable):  # the engine looks for new packages when it loads a map
                self.maps(server)
            return Outcome(end=End.DONE)
        return Outcome(end=End.UNSEEN, reply=self._shown(reply))

    def _kick(self, order: Order, port: Port, server: GameServer) -> Outcome:
        """The slot must still be his: somebody else may sit there by now."""
        slot = int(order.target)
        seat = self._seat(port, slot)
        if seat is None or not same_name(seat.name, order.name):
            return Outcome(end=End.GONE)
        for one in lines(order):
            port.order(one)
        self.wait(1.0)
        still = self._seat(port, slot)
        gone = still is None or not same_name(still.name, order.name)
        return Outcome(end=End.DONE if gone else End.UNSEEN)

    def _seat(self, port: Port, slot: int) -> Seat | None:
        return find_seat(read_rcon_status(self._told(port, line("status")))[1], slot)

    def _told(self, port: Port, asking: Line) -> str:
        """The answer to a command that only tells something, so that it may be asked again when nothing comes."""

        def once() -> str:
            reply = port.order(asking)
            if not reply.strip():
                raise _Nothing("The game server did not answer.")
            return reply

        def clock() -> float:
            return self.now().timestamp()

        return tried(
            once, again_after=(_Nothing,), backoff=_ASKING, within=budget(_ASKING_S, clock), random=random,
            sleep=self.wait,
        )  # fmt: skip

    def _stop(self, order: Order, port: Port, server: GameServer) -> Outcome:
        for one in lines(order):
            port.order(one)
        return Outcome(end=End.DONE if self._silent(port) else End.UNSEEN)

    def _begin(self, order: Order, port: Port, server: GameServer) -> Outcome:
        if not server.start:
            return Outcome(end=End.CANNOT_START)
        if self._answers(port):
            return Outcome(end=End.RUNNING)
        return self._started(port, server)

    def _restart(self, order: Order, port: Port, server: GameServer) -> Outcome:
        """Without a command that starts it, what watches over the game on its machine is waited for."""
        for one in lines(order):
            port.order(one)
        if not self._silent(port):
            return Outcome(end=End.UNSEEN)
        return self._started(port, server)

    def _started(self, port: Port, server: GameServer) -> Outcome:
        if server.start:
            try:
                self.start(server)
            except GameServerUnavailable:
                return Outcome(end=End.NOT_STARTED)
        return Outcome(end=End.DONE if self._seen(port, lambda _: True) else End.UNSEEN)

    def _remove(self, order: Order, port: Port, server: GameServer) -> Outcome:
        try:
            return Outcome(end=End.DONE if self.packages().bin(server, order.target) else End.NOT_OURS)
        except BadFile:
            return Outcome(end=End.CANNOT_WRITE)

    def _seen(self, port: Port, wanted: Callable[[ServerStatus], bool]) -> bool:
        """Looks until it is so. A game that loads a map answers nobody meanwhile."""
        until = self.now() + _LOOKS_FOR
        while self.now() < until:
            self.wait(_BETWEEN_S)
            try:
                if wanted(port.status(budget_s=_LOOK_S)):
                    return True
            except GameServerUnavailable:
                continue
        return False

    def _silent(self, port: Port) -> bool:
        for _ in range(3):
            self.wait(1.0)
            if not self._answers(port):
                return True
        return False

    def _answers(self, port: Port) -> bool:
        try:
            port.status(budget_s=_LOOK_S)
        except GameServerUnavailable:
            return False
        return True

    def _shown(self, reply: str) -> str:
        return scrubbed(reply).strip()[:_SHOWN]


_DOING: dict[Act, Callable[[Controller, Order, Port, GameServer], Outcome]] = {
    Act.MAP: Controller._change_map,
    Act.KICK: Controller._kick,
    Act.STOP: Controller._stop,
    Act.START: Controller._begin,
    Act.RESTART: Controller._restart,
    Act.REMOVE: Controller._remove,
}
