"""A game server's folder over SSH: one connection, a listing, files read over at most four channels.

The host key is pinned and checked before anything about us goes out. Nothing waits for ever: every step has its
timeout, and because paramiko is known to wait past its own (paramiko/paramiko#1677, #2479; opening a subsystem has
none at all), a timer cuts the connection at the deadline, which wakes whoever waits.
"""

from __future__ import annotations

import base64
import io
import logging
import os
import queue
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import paramiko
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key
from paramiko.sftp import CMD_CLOSE, CMD_HANDLE, CMD_NAME, CMD_OPENDIR, CMD_READDIR

from etstats.config import GameServer
from etstats.domain.listing import ListedFile, Listing
from etstats.domain.progress import Told, nobody
from etstats.errors import (
    BadFile,
    BadSettings,
    EtstatsError,
    GameServerRefused,
    GameServerUnavailable,
    HostKeyMismatch,
)

CHANNELS = 4
CONNECT_S = 5
HANDSHAKE_S = 8
ANSWER_S = 8  # authentication, a channel, any single request
MAX_ENTRIES = 200_000
_READ_AHEAD = 16
_WINDOW = 4 << 20
_PIECE = 256 << 10
T = TypeVar("T")

# an RSA host key signs with SHA-2; the old ssh-rsa signature is not accepted
_SIGNATURES = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}

# paramiko logs stack traces of what we put into one sentence
logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)


def read_private_key(text: str) -> paramiko.PKey:
    """SSH_KEY_SECRET's text. Raises BadSettings, which never carries any of it."""
    with suppress(Exception):  # two libraries' many ways to refuse, each of which could quote the key
        if key := _key(text.strip() + "\n"):
            return key
    raise BadSettings(
        "SSH_KEY_SECRET's value is not a private key we can use. It must be the text of an OpenSSH key file "
        "(-----BEGIN OPENSSH PRIVATE KEY-----), of type ed25519, ecdsa or rsa, without a passphrase."
    )


def _key(text: str) -> paramiko.PKey | None:
    """Only ed25519 is read by paramiko itself: of ecdsa keys without a comment it refuses every second one."""
    loaded = load_ssh_private_key(text.encode(), password=None)
    if isinstance(loaded, RSAPrivateKey):
        return paramiko.RSAKey(key=loaded)
    if isinstance(loaded, EllipticCurvePrivateKey):
        return paramiko.ECDSAKey(vals=(loaded, loaded.public_key()))
    return paramiko.Ed25519Key.from_private_key(io.StringIO(text)) if isinstance(loaded, Ed25519PrivateKey) else None


class GameServerConnection:
    """Use as a context manager: leaving it always closes the connection and ends its threads.

    Raises GameServerUnavailable and its kinds when the server is at fault, BadFile when one file is.
    `read` may be called from several threads.
    """

    def __init__(self, server: GameServer, key: paramiko.PKey, *, deadline_s: float) -> None:
        self._server = server
        self._key = key
        self._deadline_s = deadline_s
        self._ends_at = time.monotonic() + deadline_s
        self._folder = server.folder.rstrip("/").encode() + b"/"
        self._timer = threading.Timer(deadline_s, self._cut)
        self._timer.daemon = True
        self._was_cut = False
        self._socket: socket.socket | None = None
        self._transport: paramiko.Transport | None = None
        self._channels: list[paramiko.Channel] = []
        # a slot is a channel at rest, or the right to open one
        self._slots: queue.LifoQueue[_Sftp | None] = queue.LifoQueue()
        self._lost: list[_Sftp] = []

    def __enter__(self) -> GameServerConnection:
        try:
            self._timer.start()
            self._connect()
            for _ in range(CHANNELS):
                self._slots.put(None)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def listing(self) -> Listing:
        """Every regular file of the folder, and the latest moment the server has stamped on the folder itself."""
        sftp = self._take()
        with self._told("while listing its folder"):
            try:
                files = tuple(sftp.regular_files(self._folder))
                clock = sftp.last_stamp(self._folder)
            except (FileNotFoundError, PermissionError) as fault:
                raise GameServerRefused(
                    f"{self._named()} does not show {self._server.folder} to the user {self._server.user} "
                    f"({_words(fault)}). Check that folder in GAME_SERVERS and its permissions there."
                ) from fault
        self._slots.put(sftp)
        return Listing(files=files, server_clock=clock)

    def read(self, name: str, *, at_most: int) -> bytes:
        """The file's bytes, or its first *at_most*. BadFile codes: vanished, unreadable, no_answer."""
        return self._of_file(lambda sftp: sftp.content(self._folder + name.encode(), at_most))

    def download(self, name: str, into: BinaryIO, *, size: int) -> None:
        """Writes the file, a few megabytes at a time. BadFile codes as above, and changed: it has not *size* bytes."""
        path = self._folder + name.encode()
        if self._of_file(lambda sftp: sftp.copy(path, into, size)) != size:
            raise BadFile("changed", "it is not as long as it was listed: somebody is writing it")

    def put_new(self, folder: str, name: str, file: BinaryIO, *, told: Told = nobody) -> None:
        """A file that appears all at once, readable for all; it is sent piece by piece. BadFile codes as above, and
        collision: one of that name, written in whatever case, is there."""
        inside = folder.rstrip("/").encode() + b"/"
        there = self._of_file(lambda sftp: {one.name.lower() for one in sftp.regular_files(inside)})
        if name.lower() in there:
            raise BadFile("collision", "there is one of that name already")
        hidden = inside + b"." + name.encode() + b".part"
        self._of_file(lambda sftp: sftp.write_new(hidden, inside + name.encode(), file, told))

    def size(self, folder: str, name: str) -> int | None:
        """Of the file of just that name; None: there is none. BadFile codes as above."""
        inside = folder.rstrip("/").encode() + b"/"
        return self._of_file(lambda sftp: {one.name: one.size for one in sftp.regular_files(inside)}).get(name)

    def move(self, folder: str, name: str, to_folder: str, to_name: str) -> None:
        """Into a folder below, which is made when it is not there. BadFile codes as above."""
        source, target = f"{folder.rstrip('/')}/{name}", f"{folder.rstrip('/')}/{to_folder}"
        self._of_file(lambda sftp: sftp.move(source, target, to_name))

    def remove(self, folder: str, name: str) -> None:
        """BadFile codes as above."""
        self._of_file(lambda sftp: sftp.remove(f"{folder.rstrip('/')}/{name}"))

    def _of_file(self, work: Callable[[_Sftp], T]) -> T:
        sftp = self._take()
        try:
            made = work(sftp)
        except Exception as fault:  # paramiko passes on whatever its threads met, of any type
            if sftp.usable and isinstance(fault, OSError) and not isinstance(fault, TimeoutError):
                self._slots.put(sftp)
                raise _bad_file(fault) from fault
            self._give_up(sftp, fault)
            raise BadFile("no_answer", "the game server stopped answering while sending it") from fault
        self._slots.put(sftp)
        return made

    def run(self, command: str) -> None:
        """Runs *command* there and waits for its end, not for what it leaves running. Raises GameServerUnavailable."""
        assert self._transport is not None
        with self._told("while running a command"):
            channel = self._transport.open_session(timeout=ANSWER_S)
            channel.settimeout(ANSWER_S)
            channel.exec_command(command)
            if not channel.status_event.wait(ANSWER_S):
                raise TimeoutError
            status = channel.recv_exit_status()
            channel.close()
        if status != 0:
            raise GameServerRefused(
                f"{self._named()} ran the command in “start” of GAME_SERVERS, which ended with {status}. "
                "Try it there by hand, as that user."
            )

    def _connect(self) -> None:
        with self._told("while connecting"):
            address = (self._server.host, self._server.port)
            self._socket = socket.create_connection(address, timeout=min(CONNECT_S, self._deadline_s))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._transport = transport = paramiko.Transport(self._socket)
            if self._was_cut:
                raise TimeoutError
        transport.banner_timeout = transport.handshake_timeout = HANDSHAKE_S
        transport.auth_timeout = transport.channel_timeout = ANSWER_S
        self._agree_on_keys(transport)
        self._authenticate(transport)

    def _agree_on_keys(self, transport: paramiko.Transport) -> None:
        kind, pinned = self._server.host_key.split()[:2]
        transport.get_security_options().key_types = _SIGNATURES.get(kind, (kind,))
        with self._told("while agreeing on keys"):
            try:
                transport.start_client(timeout=2 * HANDSHAKE_S)
                shown = transport.get_remote_server_key().asbytes()
            except paramiko.ssh_exception.IncompatiblePeer as fault:
                # algorithms are agreed on in order: an exchange was found, a host key was not
                if transport.kex_engine is not None and transport.host_key_type is None:
                    raise self._other_key(f"offers no {kind} key") from fault
                raise
            except (paramiko.SSHException, EOFError) as fault:
                if transport.remote_version or self._was_cut:
                    raise
                raise self._silent() from fault
        if shown != base64.b64decode(pinned):
            raise self._other_key(f"showed {_fingerprint(shown)}")

    def _silent(self) -> GameServerUnavailable:
        return GameServerUnavailable(
            f"{self._named()} accepts connections but does not greet as an SSH server does. "
            "Is it overloaded, or is this another program's port? The next tick tries again."
        )

    def _other_key(self, what: str) -> HostKeyMismatch:
        pinned = _fingerprint(base64.b64decode(self._server.host_key.split()[1]))
        return HostKeyMismatch(
            f"{self._named()} {what}; pinned is {pinned}. Nothing was sent to it. If the server was set up anew, put "
            "its new key (ssh-keyscan shows it) into GAME_SERVERS. If not, somebody may be in between: ask its owner."
        )

    def _authenticate(self, transport: paramiko.Transport) -> None:
        with self._told("while logging in"):
            gives_up_at = time.monotonic() + ANSWER_S
            try:
                missing = transport.auth_publickey(self._server.user, self._key)
            except paramiko.AuthenticationException as fault:
                # the same type also says that the server hung up, or said nothing
                if not transport.is_active():
                    raise
                if time.monotonic() >= gives_up_at:
                    raise TimeoutError from fault
                raise self._refused() from fault
            if missing:
                raise self._refused()

    def _refused(self) -> GameServerRefused:
        return GameServerRefused(
            f"{self._named()} refuses our SSH key {_fingerprint(self._key.asbytes())} for the user {self._server.user}."
            " Put the public half of SSH_KEY_SECRET's key into that user's authorized_keys."
        )

    def _take(self) -> _Sftp:
        """A channel of our own until it is put back; waits while all are out."""
        while True:
            try:
                slot = self._slots.get(timeout=max(0.0, self._ends_at - time.monotonic()))
            except queue.Empty:
                raise GameServerUnavailable(f"{self._named()}: no channel was free in time.") from None
            sftp = slot or self._opened()
            if sftp is not None:
                return sftp

    def _opened(self) -> _Sftp | None:
        """A new channel; None when the server allows no more than it has given, and its slot is then gone."""
        assert self._transport is not None
        try:
            with self._told("while opening a channel"):
                try:
                    channel = self._transport.open_session(timeout=ANSWER_S)
                except paramiko.SSHException:  # of what type, is left to chance when two threads open at once
                    if self._channels and self._transport.is_active():
                        return None
                    raise
                self._channels.append(channel)
                if self._was_cut:
                    raise TimeoutError
                channel.settimeout(ANSWER_S)
                channel.invoke_subsystem("sftp")
                return _Sftp(channel)
        except GameServerUnavailable:
            self._slots.put(None)
            raise

    def _give_up(self, sftp: _Sftp, fault: Exception) -> None:
        """This channel is lost. When the connection went with it, or too many have, so is the server."""
        assert self._transport is not None
        with suppress(Exception):  # it says goodbye, over a connection that may be gone
            sftp.close()
        self._lost.append(sftp)
        if not isinstance(fault, TimeoutError):
            self._transport.join(0.5)  # paramiko closes the channels a moment before it says that it is dead
        self._slots.put(None)
        if self._was_cut or not self._transport.is_active() or len(self._lost) >= CHANNELS:
            raise self._unavailable("while sending a file", fault) from fault

    @contextmanager
    def _told(self, when: str) -> Iterator[None]:
        """Puts any fault of the network or of paramiko, which has no common type, into our words."""
        try:
            yield
        except EtstatsError:
            raise
        except Exception as fault:
            raise self._unavailable(when, fault) from fault

    def _unavailable(self, when: str, fault: Exception) -> GameServerUnavailable:
        if self._was_cut:
            what = f"was not done after the {self._deadline_s:.0f} s it had, and was cut off"
        elif isinstance(fault, socket.gaierror):
            what = "has a host name that does not resolve; check GAME_SERVERS"
        elif isinstance(fault, TimeoutError):
            what = "did not answer in time; is the machine up, and does its firewall let us in?"
        elif isinstance(fault, ConnectionRefusedError):
            what = "accepts no connection on this port; is sshd running there?"
        else:
            what = f"broke off ({_words(fault)})"
        return GameServerUnavailable(f"{self._named()} {what} ({when}). The next tick tries again.")

    def _named(self) -> str:
        return f"The game server {self._server.name} ({self._server.host}:{self._server.port})"

    def _cut(self) -> None:
        self._was_cut = True
        self._hang_up()

    def _hang_up(self) -> None:
        """Ends every wait on this connection. The socket goes first: that alone makes paramiko's thread end."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
        if self._transport is not None:
            self._transport.close()  # and with it every channel
        for channel in list(self._channels):
            channel.event.set()  # one opening at this very moment would miss the closing, and wait on

    def _close(self) -> None:
        self._timer.cancel()
        self._hang_up()
        if self._transport is not None:
            if self._transport.is_alive():
                self._transport.join(2)
            self._transport.packetizer.complete_handshake()  # else its timer outlives a handshake that failed
        if self._timer.is_alive():
            self._timer.join(2)


class _Sftp(paramiko.SFTPClient):
    """What paramiko's own client lacks: listing a folder that holds one name which is not UTF-8, without failing."""

    if TYPE_CHECKING:  # paramiko's own, which its types leave out

        def _request(self, kind: int, *arguments: object) -> tuple[int, paramiko.Message]: ...
        def _async_request(self, waiting: object, kind: int, *arguments: object) -> int: ...
        def _read_response(self, waitfor: int) -> tuple[int, paramiko.Message]: ...

    @property
    def usable(self) -> bool:
        channel = self.get_channel()
        return channel is not None and not channel.closed and not channel.eof_received

    def regular_files(self, folder: bytes) -> Iterator[ListedFile]:
        for name, attributes in self._entries(folder):
            mode, size, mtime = attributes.st_mode, attributes.st_size, attributes.st_mtime
            if mode is not None and stat.S_ISREG(mode) and size is not None and mtime is not None:
                yield ListedFile(name=name.decode(errors="surrogateescape"), size=size, mtime=mtime)

    def last_stamp(self, folder: bytes) -> int | None:
        """Reading a folder that has changed stamps its access time, so this is often the server's very now."""
        attributes = self.stat(folder)
        stamps = [stamp for stamp in (attributes.st_atime, attributes.st_mtime) if stamp is not None]
        return max(stamps, default=None)

    def content(self, path: bytes, at_most: int) -> bytes:
        file = self.open(path, "rb")
        content = file.read(at_most)
        file.close()  # not after a failed read: on a dead channel closing would wait for an answer once more
        return content

    def copy(self, path: bytes, into: BinaryIO, size: int) -> int:
        """How long the file is now; when that is *size*, all of it was written to *into*."""
        file = self.open(path, "rb")
        if file.stat().st_size == size:
            for start in range(0, size, _WINDOW):
                # all of a window is asked for at once; a whole file so would lie in memory when S3 is slower
                into.writelines(file.readv([(start, min(_WINDOW, size - start))]))
        length = file.stat().st_size or 0
        file.close()
        return length

    def write_new(self, hidden: bytes, path: bytes, file: BinaryIO, told: Told) -> None:
        """What is called *path* afterwards was whole from the first moment; what was there before stays."""
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        with self.open(hidden, "wb") as there:
            there.set_pipelined(True)
            while piece := file.read(_PIECE):
                there.write(piece)
                told(file.tell(), size)
        if self.stat(hidden).st_size != size:
            raise OSError("it did not take all of it; is its disk full?")
        self.chmod(hidden, 0o644)
        self.rename(hidden, path)

    def move(self, source: str, folder: str, name: str) -> None:
        with suppress(OSError):  # it is there
            self.mkdir(folder)
        self.rename(source, f"{folder}/{name}")

    def _entries(self, folder: bytes) -> Iterator[tuple[bytes, paramiko.SFTPAttributes]]:
        kind, answer = self._request(CMD_OPENDIR, folder)
        if kind != CMD_HANDLE:
            raise paramiko.SFTPError("no handle for the folder")
        handle = answer.get_binary()
        count = 0
        for batch in self._batches(handle):
            for _ in range(batch.get_int()):
                name = batch.get_string()
                batch.get_string()
                yield name, paramiko.SFTPAttributes._from_msg(batch)  # type: ignore[attr-defined]
                count += 1
                if count > MAX_ENTRIES:
                    raise paramiko.SFTPError(f"more than {MAX_ENTRIES} entries; move old files away")
        self._request(CMD_CLOSE, handle)

    def _batches(self, handle: bytes) -> Iterator[paramiko.Message]:
        """Asks for more and more ahead: a folder of years would otherwise cost a round trip per hundred names."""
        ahead = 1
        while True:
            asked = [self._async_request(type(None), CMD_READDIR, handle) for _ in range(ahead)]
            for number in asked:
                try:
                    kind, answer = self._read_response(number)
                except EOFError:
                    return  # answers still under way are dropped by the next request
                if kind != CMD_NAME:
                    raise paramiko.SFTPError("no names")
                yield answer
            ahead = min(2 * ahead, _READ_AHEAD)


def _bad_file(fault: OSError) -> BadFile:
    if isinstance(fault, FileNotFoundError):
        return BadFile("vanished", "it was gone when it was to be read")
    if isinstance(fault, PermissionError):
        return BadFile("unreadable", "the game server does not let us read it; check its permissions there")
    return BadFile("unreadable", f"the game server could not read it ({_words(fault)})")


def _words(fault: Exception) -> str:
    """What the other side said is shown short and without control characters."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(fault)).strip()
    return text[:200] or type(fault).__name__


def _fingerprint(key: bytes) -> str:
    return "SHA256:" + base64.b64encode(sha256(key).digest()).decode().rstrip("=")
