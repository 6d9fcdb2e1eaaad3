"""A real SSH server over a folder, in a thread of its own, that can misbehave in the ways servers do."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

from etstats.config import GameServer

USER = "et"
Hook = Callable[["SshServer", bytes], None]


class SshServer:
    """*before_read* runs when a file is about to be read; names in *stuck* are opened but never answer a read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "gamestats"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.port = 0
        self.before_read: Hook = lambda server, name: None
        self.stuck: set[bytes] = set()
        self.stuck_listing = False
        self.most_channels_allowed = 100
        self.auth_attempts = 0
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self.channels = 0
        self.most_channels = 0
        self.reads: list[bytes] = []
        self.ran: list[str] = []
        self.exits: dict[str, int] = {}
        self.opened: list[io.IOBase] = []
        self.loop = asyncio.new_event_loop()
        self._acceptor: asyncssh.SSHAcceptor | None = None

    def run(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """*ran* remembers each command; those of *exits* end with its number, others as unknown ones do."""
        self.ran.append(process.command or "")
        process.exit(self.exits.get(process.command or "", 127))

    def put(self, name: str | bytes, content: bytes, *, mtime: int) -> Path:
        path = self.folder / os.fsdecode(name)
        path.write_bytes(content)
        os.utime(path, (mtime, mtime))
        return path

    def setting(self, name: str = "alpha", **changes: object) -> GameServer:
        fields: dict[str, object] = {
            "name": name,
            "host": "127.0.0.1",
            "port": self.port,
            "user": USER,
            "host_key": self.host_key.export_public_key("openssh").decode().strip(),
            "folder": str(self.folder),
        }
        return GameServer(**(fields | changes))  # type: ignore[arg-type]

    @property
    def private_key(self) -> str:
        return self.client_key.export_private_key("openssh").decode()

    def drop_connections(self) -> None:
        """From the server's own thread: as when the machine goes away."""
        for connection in list(self.connections):
            connection.abort()

    async def open(self) -> None:
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[self.host_key],
            server_factory=lambda: _Login(self),
            encoding=None,
        )
        self.port = self._acceptor.get_port()

    async def close(self) -> None:
        assert self._acceptor is not None
        self._acceptor.close()
        self.drop_connections()
        await self._acceptor.wait_closed()
        while self.connections:
            await asyncio.sleep(0.01)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)
        for file in self.opened:  # asyncssh leaves those open whose reading was cut off
            file.close()


class _Login(asyncssh.SSHServer):
    def __init__(self, server: SshServer) -> None:
        self._server = server
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._server.connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        assert self._connection is not None
        self._server.connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        self._server.auth_attempts += 1
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.public_data == self._server.client_key.public_data

    def session_requested(self) -> asyncssh.SSHServerProcess[bytes] | bool:
        if self._server.channels >= self._server.most_channels_allowed:
            return False
        self._server.channels += 1
        self._server.most_channels = max(self._server.most_channels, self._server.channels)
        sftp: Any = lambda channel: _Sftp(self._server, channel)  # noqa: E731
        return asyncssh.SSHServerProcess(self._server.run, sftp, 3, False)


class _Sftp(asyncssh.SFTPServer):
    def __init__(self, server: SshServer, channel: asyncssh.SSHServerChannel[bytes]) -> None:
        super().__init__(channel)
        self._server = server
        self._names: dict[int, bytes] = {}

    def exit(self) -> None:
        self._server.channels -= 1

    async def scandir(self, path: bytes):  # type: ignore[no-untyped-def]
        if self._server.stuck_listing:
            await asyncio.Event().wait()
        async for entry in super().scandir(path):
            yield entry

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        name = os.path.basename(path)  # noqa: PTH119  # bytes
        self._server.before_read(self._server, name)
        opened = super().open(path, pflags, attrs)
        assert isinstance(opened, io.IOBase)
        self._server.opened.append(opened)
        self._names[id(opened)] = name
        return opened

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        name = self._names[id(file_obj)]
        self._server.reads.append(name)
        if name in self._server.stuck:
            await asyncio.Event().wait()
        content = super().read(file_obj, offset, size)
        assert isinstance(content, bytes)
        return content


@contextmanager
def ssh_server(root: Path, server: SshServer | None = None) -> Iterator[SshServer]:
    server = server or SshServer(root)
    thread = threading.Thread(target=server.loop.run_forever, name="ssh-server")
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.open(), server.loop).result(10)
        yield server
        asyncio.run_coroutine_threadsafe(server.close(), server.loop).result(10)
    finally:
        server.loop.call_soon_threadsafe(server.loop.stop)
        thread.join(10)
        server.loop.close()
