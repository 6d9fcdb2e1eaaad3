"""A game server's UDP side: what it tells everybody (getstatus, getinfo), and rcon for those who have its password.

All is bytes. A socket of its own for every question: what an earlier one's answer brings late goes nowhere, and a
question of ours is known again by its challenge. Reading may be repeated, an rcon command never is: whether a lost one
was done nobody knows, so whoever gives it looks afterwards. No message says the password or an address.
"""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from etstats.config import GameServer
from etstats.domain.rcon import HIDDEN, Line
from etstats.domain.server import ServerStatus
from etstats.errors import BadFile, GameServerUnavailable, RconRefused
from etstats.parsing.server_reply import PREFIX, read_info, read_packet, read_status, text

PACKET_BYTES = 65_535
# An answer in many packets is over once nothing came for so long.
QUIET_S = 0.35
MOST_S = 2.5
MOST_BYTES = 64 * 1024
# With sv_protect a server answers an address ten times at once and then once a second.
AGAIN_S = 1.0
_BAD_PASSWORD = ("bad rconpassword", "no rconpassword set")


@dataclass(frozen=True, slots=True, kw_only=True)
class GamePort:
    """*password* is asked for only when rcon is; *clock* is for tests."""

    server: GameServer
    password: Callable[[], str] = field(repr=False)
    clock: Callable[[], float] = time.monotonic

    def status(self, *, budget_s: float) -> ServerStatus:
        """What is played, asked again once a second while the budget lasts. Raises GameServerUnavailable."""
        ends_at = self.clock() + budget_s
        info: dict[str, str] = {}
        status = b""
        challenge = secrets.token_hex(8)
        with self._socket() as sock:
            while True:
                for question in ("getinfo", "getstatus"):
                    sock.send(PREFIX + f"{question} {challenge}".encode())
                for kind, rest in self._packets(sock, until=min(ends_at, self.clock() + AGAIN_S)):
                    if kind == "inforesponse" and _is_ours(rest, challenge):
                        info = read_info(text(rest))
                    elif kind == "statusresponse" and _is_ours(rest.partition(b"\n")[0], challenge):
                        status = rest
                    if info and status:
                        break
                if status:
                    return read_status(status, info)
                if self.clock() >= ends_at:
                    raise self._silent()

    def order(self, line: Line, *, most_s: float = MOST_S) -> str:
        """Gives one rcon command and returns what came back, '' for nothing: many commands say nothing. The password is
        not in it.

        Raises RconRefused, and GameServerUnavailable where nobody is at that port.
        """
        told, password = bytearray(), self.password()
        ends_at = self.clock() + most_s
        with self._socket() as sock:
            sock.send(PREFIX + b"rcon " + _quoted(password) + b" " + line.text.encode("cp1252"))
            until = ends_at
            while len(told) < MOST_BYTES:
                packet = next(self._packets(sock, until=until), None)
                if packet is None:
                    break
                if packet[0] == "print":
                    told += packet[1]
                    until = min(ends_at, self.clock() + QUIET_S)
        reply = text(bytes(told[:MOST_BYTES]))
        if reply.strip().lower().startswith(_BAD_PASSWORD):
            raise RconRefused(
                f"The game server {self.server.name} does not take the rcon password we have for it. "
                "Put its rconpassword into RCON_SECRET under the server's name."
            )
        return reply.replace(password, HIDDEN) if password else reply

    @contextmanager
    def _socket(self) -> Iterator[socket.socket]:
        """Connected, so that nobody else's packets come in, and a port that is closed says so."""
        try:
            address = socket.getaddrinfo(self.server.host, self.server.game_port, type=socket.SOCK_DGRAM)[0]
            with socket.socket(address[0], socket.SOCK_DGRAM) as sock:
                sock.connect(address[4])
                yield sock
        except OSError as fault:
            raise self._silent() from fault

    def _packets(self, sock: socket.socket, *, until: float) -> Iterator[tuple[str, bytes]]:
        """What comes before *until*; what is no answer is passed over."""
        while (left_s := until - self.clock()) > 0:
            sock.settimeout(left_s)
            try:
                packet = sock.recv(PACKET_BYTES)
            except TimeoutError:
                return
            try:
                yield read_packet(packet)
            except BadFile:
                continue

    def _silent(self) -> GameServerUnavailable:
        return GameServerUnavailable(
            f"The game server {self.server.name} does not answer over UDP. Is the game running, and is “game_port” in "
            "GAME_SERVERS its port?"
        )


def _is_ours(line: bytes, challenge: str) -> bool:
    return read_info(text(line)).get("challenge") == challenge


def _quoted(password: str) -> bytes:
    """In quotes only where the engine would otherwise take it apart."""
    raw = password.encode("cp1252", errors="replace")
    return b'"' + raw + b'"' if b" " in raw else raw
