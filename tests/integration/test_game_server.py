"""The SSH side against real SSH servers on loopback, sound and broken ones."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh
import paramiko
import pytest

from etstats.errors import BadFile, BadSettings, GameServerRefused, GameServerUnavailable, HostKeyMismatch
from etstats.gateways import game_server
from etstats.gateways.game_server import GameServerConnection, read_private_key
from tests.ssh_server import SshServer, ssh_server

NAME = "2025-10-02-211808-etl_adlernest-round-1.txt"
MTIME = 1_759_440_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SshServer]:
    with ssh_server(tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def _threads_end() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    gives_up_at = time.monotonic() + 5
    while set(threading.enumerate()) - before and time.monotonic() < gives_up_at:
        time.sleep(0.01)
    assert set(threading.enumerate()) <= before


def connection(server: SshServer, *, deadline_s: float = 20, **changes: object) -> GameServerConnection:
    return GameServerConnection(server.setting(**changes), read_private_key(server.private_key), deadline_s=deadline_s)  # type: ignore[arg-type]


def eventually(condition: Callable[[], bool]) -> None:
    gives_up_at = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < gives_up_at
        time.sleep(0.01)


def test_a_file_is_listed_with_size_and_time_and_read_byte_for_byte(server: SshServer) -> None:
    content = bytes(range(256)) * 300  # several SFTP packets
    server.put(NAME, content, mtime=MTIME)
    with connection(server) as opened:
        (file,) = opened.listing().files
        assert (file.name, file.size, file.mtime) == (NAME, len(content), MTIME)
        assert opened.read(NAME, at_most=len(content) + 1) == content
    eventually(lambda: not server.connections)


def test_the_servers_own_clock_is_read_off_its_folder(server: SshServer) -> None:
    before = int(time.time())
    server.put(NAME, b"", mtime=MTIME)
    with connection(server) as opened:
        clock = opened.listing().server_clock
    assert clock is not None
    assert before <= clock <= time.time()


def test_what_starts_the_game_is_run_and_its_end_is_looked_at(server: SshServer) -> None:
    server.exits["screen -dmS et ./etlded"] = 0
    with connection(server) as opened:
        opened.run("screen -dmS et ./etlded")
        with pytest.raises(GameServerRefused, match="ended with 127"):
            opened.run("./nothing")
    assert server.ran == ["screen -dmS et ./etlded", "./nothing"]


def test_reading_stops_at_the_bound(server: SshServer) -> None:
    server.put(NAME, b"x" * 100_000, mtime=MTIME)
    with connection(server) as opened:
        assert opened.read(NAME, at_most=40_000) == b"x" * 40_000


def test_a_large_file_is_copied_in_windows(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(game_server, "_WINDOW", 100_000)
    content = bytes(range(256)) * 2_000
    server.put(NAME, content, mtime=MTIME)
    for size in (len(content), 0):
        server.put("part", content[:size], mtime=MTIME)
        copy = io.BytesIO()
        with connection(server) as opened:
            opened.download("part", copy, size=size)
            assert copy.getvalue() == content[:size]
            assert opened.read(NAME, at_most=10) == content[:10]  # the channel is at rest again


@pytest.mark.parametrize("size", [9, 11])
def test_a_file_that_is_not_as_long_as_listed_is_not_copied(server: SshServer, size: int) -> None:
    server.put(NAME, b"x" * 10, mtime=MTIME)
    with connection(server) as opened:
        with pytest.raises(BadFile) as refused:
            opened.download(NAME, io.BytesIO(), size=size)
        assert refused.value.code == "changed"
        with pytest.raises(BadFile) as refused:
            opened.download("nothing", io.BytesIO(), size=1)
        assert refused.value.code == "vanished"


def test_a_file_that_grows_while_it_is_copied_is_changed(server: SshServer) -> None:
    content = b"x" * 10
    path = server.put(NAME, content, mtime=MTIME)

    class Copy(io.BytesIO):
        def writelines(self, pieces: Any) -> None:
            super().writelines(pieces)
            path.write_bytes(content + b"y")

    with connection(server) as opened, pytest.raises(BadFile) as refused:
        opened.download(NAME, Copy(), size=len(content))
    assert refused.value.code == "changed"


def test_a_server_that_stops_sending_is_given_up(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(game_server, "ANSWER_S", 0.3)
    server.put(NAME, b"x" * 10, mtime=MTIME)
    server.stuck.add(NAME.encode())
    with connection(server) as opened:
        with pytest.raises(BadFile) as refused:
            opened.download(NAME, io.BytesIO(), size=10)
        assert refused.value.code == "no_answer"


def test_only_regular_files_are_listed_whatever_their_names(server: SshServer) -> None:
    names = [NAME, "with space.txt", "gamestats\\old.txt", "^1red.txt", "x" * 251 + ".txt"]
    for name in names:
        server.put(name, b"1", mtime=MTIME)
    server.put(b"not-\xff-utf8.txt", b"1", mtime=MTIME)
    (server.folder / "folder.txt").mkdir()
    (server.folder / "link.txt").symlink_to("/etc/passwd")
    with connection(server) as opened:
        listed = {file.name for file in opened.listing().files}
    assert listed == {*names, "not-\udcff-utf8.txt"}


def test_a_folder_of_thousands_is_listed_whole(server: SshServer) -> None:
    for number in range(3000):
        (server.folder / f"{number}.txt").touch()
    with connection(server) as opened:
        assert len({file.name for file in opened.listing().files}) == 3000
        assert opened.read("7.txt", at_most=1) == b""  # answers asked for ahead do not get in the way


def test_another_host_key_ends_it_before_anything_is_sent(server: SshServer) -> None:
    server.put(NAME, b"secret", mtime=MTIME)
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key("openssh").decode()
    with pytest.raises(HostKeyMismatch, match="pinned is SHA256:"), connection(server, host_key=other):
        pass
    assert server.auth_attempts == 0
    assert server.reads == []
    eventually(lambda: not server.connections)


def test_a_server_without_a_key_of_the_pinned_kind_is_another_server(server: SshServer) -> None:
    other = asyncssh.generate_private_key("ssh-rsa", key_size=2048).export_public_key("openssh").decode()
    with pytest.raises(HostKeyMismatch, match="offers no ssh-rsa key"), connection(server, host_key=other):
        pass
    assert server.auth_attempts == 0


@pytest.mark.parametrize("kind", ["ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521"])
def test_host_and_client_keys_of_the_other_kinds_work_too(tmp_path: Path, kind: str) -> None:
    plain = SshServer(tmp_path)
    plain.host_key = plain.client_key = asyncssh.generate_private_key(kind)
    with ssh_server(tmp_path, plain) as server, connection(server) as opened:
        assert opened.listing().files == ()


def test_a_client_key_that_is_not_authorised_says_whom_to_ask(server: SshServer) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_private_key("openssh").decode()
    opened = GameServerConnection(server.setting(), read_private_key(stranger), deadline_s=20)
    with pytest.raises(GameServerRefused, match="authorized_keys"), opened:
        pass
    eventually(lambda: not server.connections)


def test_a_folder_that_is_not_there_says_so_and_leaves_no_session(server: SshServer) -> None:
    with connection(server, folder="/nowhere") as opened, pytest.raises(GameServerRefused, match="/nowhere"):
        opened.listing()
    eventually(lambda: not server.connections)


def test_nobody_listening(server: SshServer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(GameServerUnavailable, match="accepts no connection"), connection(server, port=port):
            pass


def test_a_host_name_that_does_not_resolve(server: SshServer) -> None:
    with pytest.raises(GameServerUnavailable, match="does not resolve"), connection(server, host="nowhere.invalid"):
        pass


@contextmanager
def a_port_that(answers: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """Accepts one connection and does with it as told, until the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            accepted, _ = listener.accept()
            with accepted:
                answers(accepted, over)
                over.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        over.set()
        thread.join(10)


def _says_nothing(accepted: socket.socket, over: threading.Event) -> None:
    pass


def _talks_for_ever(accepted: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.05):
        try:
            accepted.sendall(b"just a moment\r\n")
        except OSError:
            return


def _goes_mute_after_its_greeting(accepted: socket.socket, over: threading.Event) -> None:
    accepted.sendall(b"SSH-2.0-tired\r\n")


def _is_a_web_server(accepted: socket.socket, over: threading.Event) -> None:
    accepted.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    accepted.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("answers", [_says_nothing, _talks_for_ever, _goes_mute_after_its_greeting])
def test_a_server_that_accepts_and_then_stalls_is_cut_off_at_the_deadline(
    server: SshServer, answers: Callable[[socket.socket, threading.Event], None]
) -> None:
    with a_port_that(answers) as port:
        started_at = time.monotonic()
        with pytest.raises(GameServerUnavailable, match="was cut off"), connection(server, port=port, deadline_s=0.7):
            pass
        assert time.monotonic() - started_at < 3


def test_a_port_that_speaks_something_else(server: SshServer) -> None:
    with (
        a_port_that(_is_a_web_server) as port,
        pytest.raises(GameServerUnavailable, match="does not greet as an SSH server"),
        connection(server, port=port),
    ):
        pass


class _NeverOpensSubsystems(paramiko.ServerInterface):
    def __init__(self, over: threading.Event) -> None:
        self._over = over

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.common.AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.common.OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        self._over.wait(10)
        return False


def test_a_subsystem_that_is_never_opened_is_cut_off_too(server: SshServer) -> None:
    """paramiko waits for that answer without any time-out of its own."""
    key = paramiko.Ed25519Key.from_private_key(io.StringIO(server.host_key.export_private_key("openssh").decode()))

    def answers(accepted: socket.socket, over: threading.Event) -> None:
        transport = paramiko.Transport(accepted)
        transport.add_server_key(key)
        transport.start_server(server=_NeverOpensSubsystems(over))
        over.wait(10)
        transport.close()
        transport.join(5)

    with a_port_that(answers) as port:
        started_at = time.monotonic()
        with (
            connection(server, port=port, deadline_s=1) as opened,
            pytest.raises(GameServerUnavailable, match="was cut off"),
        ):
            opened.listing()
        assert time.monotonic() - started_at < 3


def test_a_listing_that_hangs_is_cut_off(server: SshServer) -> None:
    server.stuck_listing = True
    with connection(server, deadline_s=0.7) as opened, pytest.raises(GameServerUnavailable, match="was cut off"):
        opened.listing()
    eventually(lambda: not server.connections)


def test_one_file_that_never_answers_does_not_stop_the_next(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(game_server, "ANSWER_S", 0.3)
    server.put(NAME, b"never comes", mtime=MTIME)
    server.put("other.txt", b"comes", mtime=MTIME)
    server.stuck = {NAME.encode()}
    with connection(server) as opened:
        with pytest.raises(BadFile, match="stopped answering") as refused:
            opened.read(NAME, at_most=100)
        assert refused.value.code == "no_answer"
        assert opened.read("other.txt", at_most=100) == b"comes"


def test_a_server_where_every_read_hangs_is_given_up(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(game_server, "ANSWER_S", 0.2)
    names = [f"{number}.txt" for number in range(5)]
    for name in names:
        server.put(name, b"x", mtime=MTIME)
    server.stuck = {name.encode() for name in names}
    with connection(server) as opened:
        for name in names[:3]:
            with pytest.raises(BadFile):
                opened.read(name, at_most=2)
        with pytest.raises(GameServerUnavailable, match="did not answer in time"):
            opened.read(names[3], at_most=2)


def test_a_connection_lost_while_reading_is_the_servers_fault_not_the_files(server: SshServer) -> None:
    server.put(NAME, b"x", mtime=MTIME)
    server.before_read = lambda running, name: running.drop_connections()
    with connection(server) as opened, pytest.raises(GameServerUnavailable, match="broke off"):
        opened.read(NAME, at_most=2)


def test_saying_goodbye_to_a_dead_connection_cannot_fail(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """paramiko raises EOFError out of close when the connection dies at that moment."""

    def dies(channel: paramiko.SFTPClient) -> None:
        raise EOFError

    monkeypatch.setattr(paramiko.SFTPClient, "close", dies)
    server.put(NAME, b"x", mtime=MTIME)
    server.before_read = lambda running, name: running.drop_connections()
    with connection(server) as opened, pytest.raises(GameServerUnavailable, match="broke off"):
        opened.read(NAME, at_most=2)


def test_a_file_that_is_gone_or_may_not_be_read_is_the_files_fault(server: SshServer) -> None:
    def forbid(running: SshServer, name: bytes) -> None:
        raise asyncssh.SFTPPermissionDenied("no")

    server.put(NAME, b"x", mtime=MTIME)
    with connection(server) as opened:
        with pytest.raises(BadFile) as refused:
            opened.read("gone.txt", at_most=2)
        assert refused.value.code == "vanished"
        server.before_read = forbid
        with pytest.raises(BadFile) as refused:
            opened.read(NAME, at_most=2)
        assert refused.value.code == "unreadable"
        server.before_read = lambda running, name: None
        assert opened.read(NAME, at_most=2) == b"x"  # on the channel that was there already
        assert server.most_channels == 1


def test_eight_readers_share_four_channels(server: SshServer) -> None:
    for number in range(40):
        server.put(f"{number}.txt", b"%d" % number, mtime=MTIME)
    with connection(server) as opened, ThreadPoolExecutor(8) as readers:
        contents = readers.map(lambda number: opened.read(f"{number}.txt", at_most=5), range(40))
        assert list(contents) == [b"%d" % number for number in range(40)]
    assert server.most_channels == 4


def test_a_server_that_grants_only_one_channel_is_enough(server: SshServer) -> None:
    server.most_channels_allowed = 1
    for number in range(20):
        server.put(f"{number}.txt", b"%d" % number, mtime=MTIME)
    with connection(server) as opened, ThreadPoolExecutor(4) as readers:
        opened.listing()
        contents = readers.map(lambda number: opened.read(f"{number}.txt", at_most=5), range(20))
        assert list(contents) == [b"%d" % number for number in range(20)]
    assert server.most_channels == 1


@pytest.mark.parametrize(
    "text", ["", "-----BEGIN OPENSSH PRIVATE KEY-----\nsecretsecret\n-----END OPENSSH PRIVATE KEY-----"]
)
def test_a_private_key_that_cannot_be_used_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BadSettings, match="SSH_KEY_SECRET") as refused:
        read_private_key(text)
    assert "secretsecret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_every_ecdsa_key_is_understood() -> None:
    for _ in range(20):
        key = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
        assert read_private_key(key.export_private_key("openssh").decode()).asbytes() == key.public_data


def test_a_key_with_a_passphrase_is_refused() -> None:
    locked = asyncssh.generate_private_key("ssh-ed25519").export_private_key("openssh", "passphrase").decode()
    with pytest.raises(BadSettings, match="without a passphrase"):
        read_private_key(locked)
