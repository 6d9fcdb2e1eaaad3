"""A game server for one machine: an SFTP server over a folder, and a game that answers over UDP.

server = await GameServer.start(folder)
server.host_key, server.client_key          # "ssh-ed25519 AAAA…" to pin, and the private key that is let in
"""

from __future__ import annotations

import asyncio
import os
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import asyncssh

from local.game_udp import CLIENTS, Game

USER = "etlegacy"
STATS_FOLDER = "/legacy/gamestats"
DEMOS_FOLDER = "/legacy/demos"
START = "./start-game"
MAPS_FOLDER = "/legacy"


class _Ssh(asyncssh.SSHServer):
    """One user, one key, nothing else."""

    def __init__(self, authorised: asyncssh.SSHKey) -> None:
        self._authorised = authorised

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.public_data == self._authorised.public_data


class GameServer:
    """*root* is what an SFTP client sees as `/`; stats files lie in `stats_folder`, demos in `demos_folder`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stats_folder = root / STATS_FOLDER.lstrip("/")
        self.demos_folder = root / DEMOS_FOLDER.lstrip("/")
        for folder in (self.stats_folder, self.demos_folder):
            folder.mkdir(parents=True, exist_ok=True)
        host_key = asyncssh.generate_private_key("ssh-ed25519")
        client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.host_key = host_key.export_public_key("openssh").decode().strip()
        self.client_key = client_key.export_private_key("openssh").decode()
        self.game = Game(clients=CLIENTS, brought=self._brought)
        self.ssh_port = 0
        self.udp_port = 0
        self._host_key = host_key
        self._client_key = client_key
        self._ssh: asyncssh.SSHAcceptor | None = None
        self._udp: asyncio.DatagramTransport | None = None

    @classmethod
    async def start(cls, root: Path) -> GameServer:
        server = cls(root)
        server._ssh = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[server._host_key],
            server_factory=lambda: _Ssh(server._client_key),
            sftp_factory=server._sftp,
            process_factory=server._run,
            allow_scp=False,
            agent_forwarding=False,
            encoding=None,
        )
        server.ssh_port = server._ssh.get_port()
        loop = asyncio.get_running_loop()
        server._udp, _ = await loop.create_datagram_endpoint(lambda: Udp(server.game), local_addr=("127.0.0.1", 0))
        server.udp_port = server._udp.get_extra_info("sockname")[1]
        return server

    async def stop(self) -> None:
        if self._udp is not None:
            self._udp.close()
        if self._ssh is not None:
            self._ssh.close()
            await self._ssh.wait_closed()

    def setting(self, name: str, *, guilds: Sequence[str] = ()) -> dict[str, object]:
        """This server as an entry of GAME_SERVERS; its demos are for the first of *guilds*."""
        return {
            "name": name,
            "host": "127.0.0.1",
            "port": self.ssh_port,
            "user": USER,
            "host_key": self.host_key,
            "folder": STATS_FOLDER,
            "game_port": self.udp_port,
            "guilds": list(guilds),
            "start": START,
            "maps_folder": MAPS_FOLDER,
            "demo_folder": DEMOS_FOLDER if guilds else "",
        }

    def put(self, name: str | bytes, content: bytes, *, mtime: float) -> None:
        """A finished file, as the game leaves it; it appears all at once."""
        hidden = self.root / "writing"
        hidden.write_bytes(content)
        os.utime(hidden, (mtime, mtime))
        hidden.replace(self.stats_folder / os.fsdecode(name))

    def _run(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """The one command there is: what starts the game."""
        known = process.command == START
        self.game.alive = self.game.alive or known
        process.exit(0 if known else 127)

    def _brought(self) -> tuple[str, ...]:
        """The maps in the packages beside the stats files."""
        entries: list[str] = []
        for path in (self.root / MAPS_FOLDER.lstrip("/")).glob("*.pk3"):
            with zipfile.ZipFile(path) as package:
                entries += package.namelist()
        return tuple(one[len("maps/") : -len(".bsp")] for one in entries if re.fullmatch(r"maps/[^/]+\.bsp", one))

    def _sftp(self, channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=os.fsencode(self.root))


class Udp(asyncio.DatagramProtocol):
    """The game's answers, each as late as it says."""

    def __init__(self, game: Game) -> None:
        self._game = game
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # no subclass of it before Python 3.12

    def datagram_received(self, packet: bytes, sender: tuple[str | int, int]) -> None:
        loop = asyncio.get_running_loop()
        for delay_s, answer in self._game.answers(packet, str(sender[0]), loop.time()):
            loop.call_later(delay_s, self._send, answer, sender)

    def _send(self, answer: bytes, sender: tuple[str | int, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(answer, sender)
