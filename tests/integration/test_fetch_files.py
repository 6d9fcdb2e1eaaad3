"""Ticks of fetching: a real SSH server, a real database, and a bucket that is a dict."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncssh
import pytest

from etstats.errors import BucketUnavailable, GameServerRefused, GameServerUnavailable, HostKeyMismatch
from etstats.gateways import game_server
from etstats.gateways.game_server import GameServerConnection, read_private_key
from etstats.storage import ledger
from etstats.storage.database import Database
from etstats.usecases import fetch_files as use_case
from etstats.usecases.fetch_files import RESERVE_S, Tick, fetch_files
from etstats.usecases.visit import Outcome, ServerReport, failure
from tests.conftest import open_database
from tests.fakes import FakeBucket
from tests.ssh_server import SshServer, ssh_server

NOW = datetime(2025, 10, 2, 21, 20, tzinfo=UTC)
LONG_AGO = 1_759_440_000
NAME = "2025-10-02-211808-etl_adlernest-round-1.txt"
OTHER = "2025-10-02-212755-etl_adlernest-round-2.txt"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SshServer]:
    with ssh_server(tmp_path) as running:
        yield running


@pytest.fixture
def bucket() -> FakeBucket:
    return FakeBucket()


class Ticking:
    """Ticks one minute apart by our clock."""

    def __init__(self, db: Database, bucket: FakeBucket, server: SshServer) -> None:
        self.db = db
        self.bucket = bucket
        self.servers = [server.setting()]
        self.remaining_ms: Callable[[], int] = lambda: 60_000
        self.now = NOW
        self._key = read_private_key(server.private_key)

    def __call__(self) -> ServerReport:
        (report,) = self.reports()
        return report

    def reports(self) -> list[ServerReport]:
        self.now += timedelta(minutes=1)
        tick = Tick(
            db=self.db,
            bucket=self.bucket,
            open_server=lambda server, *, deadline_s: GameServerConnection(server, self._key, deadline_s=deadline_s),
            remaining_ms=self.remaining_ms,
            clock=lambda: self.now,
        )
        return list(fetch_files(self.servers, tick))

    def receipts(self, column: str = "state") -> dict[str, object]:
        names = self.db.values("select name from stats_file order by file_id")
        return dict(zip(names, self.db.values(f"select {column} from stats_file order by file_id"), strict=True))


@pytest.fixture
def tick(db: Database, bucket: FakeBucket, server: SshServer) -> Ticking:
    return Ticking(db, bucket, server)


def name_of(number: int) -> str:
    return f"{NOW + timedelta(minutes=number):%Y-%m-%d-%H%M%S}-supply-round-1.txt"


def outcomes(report: ServerReport) -> dict[str, Outcome]:
    return {file.name: file.outcome for file in report.files}


def young() -> int:
    """A moment that the server's own clock is not five seconds past."""
    return int(time.time())


def test_a_new_file_comes_into_the_bucket_byte_for_byte_and_only_once(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    content = bytes(range(256)) * 40
    server.put(NAME, content, mtime=LONG_AGO)
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}
    assert bucket.objects == {f"stats/alpha/{NAME}": content}
    assert tick.receipts() == {NAME: "stored"}
    assert tick().files == ()
    assert len(bucket.puts) == 1


def test_a_young_file_gets_its_receipt_and_waits_for_the_next_tick(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    server.put(NAME, b"just written", mtime=young())
    assert outcomes(tick()) == {NAME: Outcome.WAITING}
    assert bucket.objects == {}
    assert tick.receipts() == {NAME: "seen"}
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}


def test_a_file_still_growing_waits_until_it_has_stopped(tick: Ticking, server: SshServer) -> None:
    server.put(NAME, b"one line\n", mtime=young())
    assert outcomes(tick()) == {NAME: Outcome.WAITING}
    server.put(NAME, b"one line\nand another\n", mtime=young())
    assert outcomes(tick()) == {NAME: Outcome.WAITING}
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}


def test_a_file_from_the_future_is_fetched_at_the_second_tick(tick: Ticking, server: SshServer) -> None:
    server.put(NAME, b"from a machine whose clock is wrong", mtime=young() + 86_400)
    assert outcomes(tick()) == {NAME: Outcome.WAITING}
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}


def test_a_file_that_changes_later_is_fetched_again_and_keeps_its_place(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    server.put(NAME, b"first", mtime=LONG_AGO)
    tick()
    before = tick.db.values("select row(file_id, seen_at, stored_at)::text from stats_file")
    server.put(NAME, b"other", mtime=LONG_AGO + 60)  # as long as before
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}
    assert bucket.objects[f"stats/alpha/{NAME}"] == b"other"
    assert tick.db.values("select row(file_id, seen_at, stored_at)::text from stats_file") == before


def test_what_storing_wrote_on_the_receipt_stays_when_the_file_comes_again(tick: Ticking, server: SshServer) -> None:
    server.put(NAME, b"first", mtime=LONG_AGO)
    tick()
    tick.db.run("update stats_file set refusal_code = 'not_a_stats_file', refusal = 'why', note = 'kept'")
    server.put(NAME, b"second", mtime=LONG_AGO + 60)
    tick()
    assert tick.receipts("refusal_code") == {NAME: "not_a_stats_file"}
    assert tick.receipts("note") == {NAME: "kept"}


def test_a_file_that_vanishes_before_it_is_read_does_not_stop_the_others(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    def vanish(running: SshServer, name: bytes) -> None:
        if name == NAME.encode():
            (running.folder / NAME).unlink()

    server.put(NAME, b"gone soon", mtime=LONG_AGO)
    server.put(OTHER, b"stays", mtime=LONG_AGO + 60)
    server.before_read = vanish
    assert outcomes(tick()) == {NAME: Outcome.FAILED, OTHER: Outcome.FETCHED}
    assert tick.receipts("note") == {NAME: "it was gone when it was to be read", OTHER: None}
    assert tick().files == ()


def test_a_file_that_grows_between_listing_and_reading_is_left_for_the_next_tick(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    def grow(running: SshServer, name: bytes) -> None:
        with (running.folder / os.fsdecode(name)).open("ab") as file:
            file.write(b" and more")
        running.before_read = lambda running, name: None

    server.put(NAME, b"a beginning", mtime=LONG_AGO)
    server.before_read = grow
    assert outcomes(tick()) == {NAME: Outcome.FAILED}
    assert bucket.objects == {}
    assert outcomes(tick()) == {NAME: Outcome.WAITING}
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}
    assert bucket.objects == {f"stats/alpha/{NAME}": b"a beginning and more"}


def test_a_file_that_shrinks_between_listing_and_reading_is_left_too(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    server.put(NAME, b"a whole file", mtime=LONG_AGO)
    server.before_read = lambda running, name: os.truncate(running.folder / NAME, 3)
    assert outcomes(tick()) == {NAME: Outcome.FAILED}
    assert bucket.objects == {}


def test_a_file_we_may_not_read_is_noted_tried_last_and_fetched_once_we_may(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    def forbid(running: SshServer, name: bytes) -> None:
        if name == NAME.encode():
            raise asyncssh.SFTPPermissionDenied("no")

    server.put(NAME, b"locked", mtime=LONG_AGO)
    server.put(OTHER, b"open", mtime=LONG_AGO + 60)
    server.before_read = forbid
    assert outcomes(tick()) == {NAME: Outcome.FAILED, OTHER: Outcome.FETCHED}
    assert "permissions" in str(tick.receipts("note")[NAME])
    assert tick.receipts() == {NAME: "seen", OTHER: "stored"}
    server.before_read = lambda running, name: None
    server.put(OTHER, b"changed", mtime=LONG_AGO + 120)
    assert [file.name for file in tick().files] == [OTHER, NAME]
    assert tick.receipts() == {NAME: "stored", OTHER: "stored"}


def test_a_file_of_five_megabytes_is_refused_with_a_receipt_and_never_read(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    server.put(NAME, b"x" * 5_000_000, mtime=LONG_AGO)
    (refused,) = tick().files
    assert (refused.outcome, refused.reason) == (
        Outcome.REFUSED,
        "it has 5,000,000 bytes; a stats file has at most 1,048,576",
    )
    assert tick.receipts() == {NAME: "rejected"}
    assert tick.receipts("refusal_code") == {NAME: "too_large"}
    assert tick().files == ()  # said once
    assert server.reads == []
    server.put(NAME, b"a proper one", mtime=LONG_AGO + 60)
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}
    assert tick.receipts() == {NAME: "stored"}


def test_an_empty_file_is_fetched_as_it_is(tick: Ticking, server: SshServer, bucket: FakeBucket) -> None:
    server.put(NAME, b"", mtime=LONG_AGO)
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}
    assert bucket.objects == {f"stats/alpha/{NAME}": b""}


def test_every_name_the_game_can_write_is_fetched(tick: Ticking, server: SshServer, bucket: FakeBucket) -> None:
    names = [
        "2025-10-02-211808-map with spaces-round-1.txt",
        "gamestats\\2025-10-02-211808-supply-round-1.txt",
        "2025-10-02-211808-^1red^7map-round-1.txt",
        "2025-10-02-211808-über-round-1.txt",
        "2025-10-02-211808-te_escape2-round-2-endstats.txt",
        "2025-10-02-211808-te_escape2-round-2_ws.txt",
    ]
    for name in names:
        server.put(name, name.encode(), mtime=LONG_AGO)
    assert outcomes(tick()) == dict.fromkeys(names, Outcome.FETCHED)
    assert bucket.objects == {f"stats/alpha/{name}": name.encode() for name in names}


def test_files_that_are_no_stats_files_are_left_alone(tick: Ticking, server: SshServer, bucket: FakeBucket) -> None:
    for name in ["readme.txt", "2025-10-02-211808-supply-round-1.json", "server.log", "2025-10-02-211808-supply.txt"]:
        server.put(name, b"x", mtime=LONG_AGO)
    (server.folder / NAME).mkdir()
    (server.folder / OTHER).symlink_to("/etc/passwd")
    assert tick().files == ()
    assert tick.receipts() == {}
    assert bucket.objects == {}


@pytest.mark.parametrize(
    ("name", "shown", "code"),
    [
        (b"2025-10-02-211808-\xffmap-round-1.txt", "2025-10-02-211808-\\xffmap-round-1.txt", "unsafe_name"),
        (b"2025-10-02-211808-a\nb-round-1.txt", "2025-10-02-211808-a\\x0ab-round-1.txt", "unsafe_name"),
        (b"2025-10-02-211808-a\\b-round-1.txt", "2025-10-02-211808-a\\b-round-1.txt", "bad_name"),
        (b"2025-13-45-211808-supply-round-1.txt", "2025-13-45-211808-supply-round-1.txt", "bad_name"),
    ],
)
def test_a_name_that_cannot_be_right_is_refused_with_a_receipt_people_can_read(
    tick: Ticking, server: SshServer, bucket: FakeBucket, name: bytes, shown: str, code: str
) -> None:
    server.put(name, b"x", mtime=LONG_AGO)
    server.put(NAME, b"x", mtime=LONG_AGO)
    assert outcomes(tick()) == {shown: Outcome.REFUSED, NAME: Outcome.FETCHED}
    assert tick.receipts("refusal_code")[shown] == code
    assert tick().files == ()


def test_names_that_are_spelt_alike_share_one_receipt(tick: Ticking, server: SshServer, bucket: FakeBucket) -> None:
    server.put(b"2025-10-02-211808-a\nb-round-1.txt", b"x", mtime=LONG_AGO)
    server.put(b"2025-10-02-211808-a\\x0ab-round-1.txt", b"xy", mtime=LONG_AGO)
    server.put(NAME, b"x", mtime=LONG_AGO)
    assert outcomes(tick())[NAME] is Outcome.FETCHED
    assert tick.receipts() == {NAME: "stored", "2025-10-02-211808-a\\x0ab-round-1.txt": "rejected"}


def test_a_backlog_of_two_hundred_comes_oldest_first_over_at_most_four_channels(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    names = [name_of(number) for number in range(200)]
    for age, name in enumerate(names):
        server.put(name, name.encode() * 100, mtime=LONG_AGO - age)
    report = tick()
    assert [file.name for file in report.files] == names[::-1]
    assert {file.outcome for file in report.files} == {Outcome.FETCHED}
    assert bucket.objects == {f"stats/alpha/{name}": name.encode() * 100 for name in names}
    assert set(tick.receipts().values()) == {"stored"}
    assert 1 <= server.most_channels <= 4


def test_a_tick_whose_time_ends_stops_cleanly_and_the_next_goes_on(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    names = {name_of(number) for number in range(60)}
    for name in names:
        server.put(name, name.encode(), mtime=LONG_AGO)
    tick.remaining_ms = lambda: 60_000 if len(bucket.puts) < 25 else 1000 * RESERVE_S
    threads = threading.active_count()
    first = tick()
    assert first.fault is None
    assert threading.active_count() == threads
    assert 25 <= first.count(Outcome.FETCHED) <= 25 + 4
    assert first.count(Outcome.LEFT) == 60 - first.count(Outcome.FETCHED)
    tick.remaining_ms = lambda: 60_000
    assert tick().count(Outcome.FETCHED) == first.count(Outcome.LEFT)
    assert sorted(bucket.puts) == sorted(f"stats/alpha/{name}" for name in names)


def test_a_connection_lost_in_mid_backlog_costs_nothing_that_was_fetched(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    def drop(running: SshServer, name: bytes) -> None:
        if len(bucket.puts) > 40:
            running.drop_connections()

    for number in range(100):
        server.put(name_of(number), b"x", mtime=LONG_AGO + number)
    server.before_read = drop
    first = tick()
    assert isinstance(first.fault, GameServerUnavailable)
    assert len(first.files) == 100
    assert first.count(Outcome.FETCHED) == len(bucket.puts) < 100
    assert list(tick.receipts().values()).count("stored") == len(bucket.puts)
    server.before_read = lambda running, name: None
    second = tick()
    assert second.fault is None
    assert len(bucket.puts) == len(bucket.objects) == 100


def test_one_file_that_hangs_the_server_does_not_stop_the_others(
    tick: Ticking, server: SshServer, bucket: FakeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(game_server, "ANSWER_S", 0.5)
    for number in range(20):
        server.put(name_of(number), b"x", mtime=LONG_AGO + number)
    server.stuck = {name_of(0).encode()}
    report = tick()
    assert report.fault is None
    assert report.count(Outcome.FETCHED) == 19
    assert report.count(Outcome.FAILED) == 1


def test_a_wrong_host_key_fetches_nothing_and_fails_the_tick_though_others_work(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key("openssh").decode()
    server.put(NAME, b"x", mtime=LONG_AGO)
    tick.servers = [server.setting("imposter", host_key=other)]
    (report,) = reports = tick.reports()
    assert isinstance(report.fault, HostKeyMismatch)
    assert report.files == ()
    assert server.auth_attempts == 0
    tick.servers.append(server.setting("beta"))
    reports = tick.reports()
    assert outcomes(reports[1]) == {NAME: Outcome.FETCHED}
    assert failure(reports) is reports[0].fault


def test_a_dead_server_does_not_stop_the_others_nor_fail_the_tick(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    server.put(NAME, b"x", mtime=LONG_AGO)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    tick.servers = [server.setting("dead", port=port), server.setting("alive")]
    reports = tick.reports()
    assert isinstance(reports[0].fault, GameServerUnavailable)
    assert list(bucket.objects) == [f"stats/alive/{NAME}"]
    assert failure(reports) is None


def test_a_silent_server_cannot_take_the_time_of_the_next(
    tick: Ticking, server: SshServer, bucket: FakeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_case, "GRACE_S", 0.1)
    server.put(NAME, b"x", mtime=LONG_AGO)
    both_s = 6  # half of it is enough for an SSH handshake on a machine that has other things to do
    ends_at = time.monotonic() + RESERVE_S + both_s
    tick.remaining_ms = lambda: int(1000 * (ends_at - time.monotonic()))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        tick.servers = [server.setting("silent", port=silent.getsockname()[1]), server.setting("alive")]
        reports = tick.reports()
    assert isinstance(reports[0].fault, GameServerUnavailable)
    assert reports[0].took_ms < both_s * 1000
    assert outcomes(reports[1]) == {NAME: Outcome.FETCHED}


def test_a_tick_without_any_time_says_so(tick: Ticking, server: SshServer) -> None:
    tick.remaining_ms = lambda: 1000 * RESERVE_S
    report = tick()
    assert "no time left" in str(report.fault)
    assert server.auth_attempts == 0


def _report(fault: GameServerUnavailable | None) -> ServerReport:
    return ServerReport(server="alpha", listed=0, files=(), took_ms=0, fault=fault)


def test_a_tick_fails_when_no_server_could_be_used_or_a_person_is_needed() -> None:
    away, refused = GameServerUnavailable("alpha is away."), GameServerRefused("beta refuses our key.")
    assert failure([]) is None
    assert failure([_report(None), _report(None)]) is None
    assert failure([_report(None), _report(away)]) is None
    assert failure([_report(away)]) is away
    assert failure([_report(None), _report(away), _report(refused)]) is refused
    assert str(failure([_report(away), _report(refused)])) == "alpha is away. beta refuses our key."


def test_a_bucket_that_is_away_ends_the_tick_and_the_next_one_starts_over(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    server.put(NAME, b"x", mtime=LONG_AGO)
    bucket.away = True
    threads = threading.active_count()
    with pytest.raises(BucketUnavailable):
        tick()
    assert threading.active_count() == threads
    assert tick.receipts() == {NAME: "seen"}
    bucket.away = False
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}


def test_a_crash_between_bucket_and_ledger_costs_one_more_write_of_the_same_bytes(
    tick: Ticking, server: SshServer, bucket: FakeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(NAME, b"x", mtime=LONG_AGO)
    with monkeypatch.context() as crash:
        crash.setattr(ledger, "note_fetched", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tick()
    assert tick.receipts() == {NAME: "seen"}
    tick()
    assert bucket.puts == [f"stats/alpha/{NAME}"] * 2
    assert tick.receipts() == {NAME: "stored"}


def test_ticks_that_overlap_agree(
    server: SshServer, database_url: str, bucket: FakeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [name_of(number) for number in range(80)]
    for name in names:
        server.put(name, name.encode(), mtime=LONG_AGO)
    ticks = [Ticking(open_database(database_url), bucket, server) for _ in range(3)]
    with ThreadPoolExecutor(3) as at_once:
        reports = list(at_once.map(lambda one: one(), ticks))
    assert [report.fault for report in reports] == [None] * 3
    assert ticks[0].receipts() == dict.fromkeys(names, "stored")
    assert bucket.objects == {f"stats/alpha/{name}": name.encode() for name in names}
    assert ticks[0]().files == ()
    for one in ticks:
        one.db.close()


def test_two_servers_with_files_of_the_same_name_do_not_meet(
    tick: Ticking, server: SshServer, bucket: FakeBucket
) -> None:
    server.put(NAME, b"x", mtime=LONG_AGO)
    tick.servers = [server.setting("alpha"), server.setting("beta")]
    reports: list[ServerReport] = tick.reports()
    assert [outcomes(report) for report in reports] == [{NAME: Outcome.FETCHED}] * 2
    assert sorted(bucket.objects) == [f"stats/alpha/{NAME}", f"stats/beta/{NAME}"]
