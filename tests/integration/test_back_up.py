"""Backups on a real PostgreSQL: from the bucket alone everything comes back, and what is damaged changes nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etstats import wiring
from etstats.cli import main
from etstats.domain.correction import VoidRound
from etstats.errors import BadFile, BadInput
from etstats.storage.backup import BACKED_UP, LEFT_OUT, NotEmpty, tables_to_back_up
from etstats.storage.database import Database
from etstats.storage.rebuild import DERIVED, KEPT, shadow_of
from etstats.storage.setting import set_guild, set_language
from etstats.usecases import correct
from etstats.usecases.back_up import Restorer, back_up, back_up_daily, newest
from etstats.usecases.rebuild import Rebuild
from etstats.usecases.store_round import store
from tests.conftest import open_database
from tests.content import tables
from tests.fakes import FakeBucket
from tests.game_files import EVENING, a_match, a_name

NOW = EVENING.replace(tzinfo=UTC) + timedelta(minutes=45)
NIGHT = datetime(2026, 3, 15, 5, 0, tzinfo=UTC)
FILES = [*a_match(minute=0), *a_match(minute=25, map="adler"), (a_name(minute=3), b"not a stats file\n")]
Content = dict[str, list[dict[str, Any]]]


def whole(db: Database) -> Content:
    """All that people and files have told; edits of posts are asked for anew by whoever rebuilds."""
    where = {"outbox": "where not edit"}
    return {
        table: sorted(
            db.values(f"select to_jsonb(kept) from {table} as kept {where.get(table, '')}"),
            key=lambda row: json.dumps(row, sort_keys=True),
        )
        for table in (*BACKED_UP, *DERIVED)
    }


@pytest.fixture
def bucket(db: Database) -> FakeBucket:
    """A bucket with an evening's files, and a database in which people have had their say."""
    bucket = FakeBucket()
    for name, content in FILES:
        bucket.put(f"stats/eu1/{name}", content)
        store(db, server="eu1", name=name, content=content, channel_id="77", now=NOW)
    correct.make(db, VoidRound(server="eu1", file=FILES[2][0]), by="lead", reason="a test, “really”\n", now=NOW)
    set_guild(db, "7", "channels", ["8", "9"], by="42", now=NOW)
    set_language(db, "42", "de")
    db.run("insert into person_link (user_id, guid, proven_by, name) values ('42', 'AAAA0001', 'code', 'Zoë \\ ^1')")
    db.run("update outbox set posted_at = now(), message_id = '5', state = 'made' where subject_id % 2 = 0")
    db.run("update stats_file set published_at = now(), fetched_size = 5 where refusal_code is null")
    db.run("insert into link_claim values ('43', 'AAAA0002', 'kitty', now(), null, null)")
    db.run("insert into link_vouch values ('43', '42', now())")
    for sha256 in ("aa", "bb"):
        db.run("insert into demo (guild_id, sha256, kind, name, size, received_at, match_parts) values"
               " ('7', :sha256, 'tv_84', 'evening', 5, now(), '[{\"name\": \"map\"}]')", sha256=sha256)  # fmt: skip
    db.run("delete from demo where sha256 = 'aa'")  # numbers that were given once are not given again
    db.run("insert into demo_player (demo_id, client, name, team, kills, deaths, self_kills, team_kills, headshots,"
           " first_bloods) values (2, 0, 'mittens', 'axis', 1, 2, 3, 4, 5, 6)")  # fmt: skip
    return bucket


@pytest.fixture
def bare(bare_url: str) -> Iterator[Database]:
    database = open_database(bare_url)
    yield database
    database.close()


def restorer(bare: Database, bare_url: str, bucket: FakeBucket) -> Restorer:
    def rebuild() -> Rebuild:
        shadow = open_database(bare_url, schema=shadow_of(bare))
        return Rebuild(
            live=bare, shadow=shadow, bucket=bucket, channel_id="77", now=NIGHT, tell=lambda line: None,
            is_ours=lambda server: True,
        )  # fmt: skip

    return Restorer(db=bare, bucket=bucket, rebuild=rebuild, tell=lambda line: None)


def test_every_column_is_backed_up_or_said_to_be_left_out(db: Database) -> None:
    """A table that nobody placed fails in test_rebuild; whoever places one under KEPT has it in every backup."""
    assert set(LEFT_OUT) < set(KEPT)
    assert sorted([*BACKED_UP, *LEFT_OUT, *DERIVED]) == tables(db)
    taken = {(table.name, column) for table in tables_to_back_up(db, everything=False) for column in table.columns}
    there = db.values(
        """select json_build_array(relname, attname) from pg_class join pg_attribute on attrelid = pg_class.oid
           where relname = any (:names) and relnamespace = current_schema()::regnamespace and attnum > 0
               and not attisdropped and attgenerated = ''""",
        names=list(BACKED_UP),
    )
    assert {tuple(one) for one in there} - taken == {("stats_file", "content")}


@pytest.mark.parametrize("everything", [False, True])
def test_from_the_bucket_alone_all_comes_back(
    everything: bool, db: Database, bucket: FakeBucket, bare: Database, bare_url: str
) -> None:
    before = whole(db)
    made = back_up(db, bucket, now=NIGHT, everything=everything)
    done = restorer(bare, bare_url, bucket).restore()
    assert (done.key, done.rows, done.files) == (made.key, made.rows, None if everything else len(FILES))
    after = whole(bare)
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
    assert len(before["round"]) == len(FILES)
    assert min(len(before[table]) for table in ("correction", "outbox", "link_vouch", "demo_player")) > 0
    assert bare.values("insert into demo (guild_id, sha256, kind, name, size, received_at)"
                       " values ('7', 'cc', 'tv_84', 'next', 5, now()) returning demo_id") == [3]  # fmt: skip


def test_what_came_after_the_backup_is_computed_from_its_files(
    db: Database, bucket: FakeBucket, bare: Database, bare_url: str
) -> None:
    back_up(db, bucket, now=NIGHT)
    later = a_match(minute=60, map="radar")
    for name, content in later:
        bucket.put(f"stats/eu1/{name}", content)
        store(db, server="eu1", name=name, content=content, channel_id="77", now=NOW)
    restorer(bare, bare_url, bucket).restore()
    kept = ("round", "session", "player_total", "match", "correction")
    assert {table: whole(bare)[table] for table in kept} == {table: whole(db)[table] for table in kept}


def test_nothing_is_written_over_what_is_there(db: Database, bucket: FakeBucket, database_url: str) -> None:
    back_up(db, bucket, now=NIGHT)
    before = whole(db)
    with pytest.raises(NotEmpty, match="not empty"):
        restorer(db, database_url, bucket).restore()
    assert whole(db) == before


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _turned(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content).replace(b"AAAA0001", b"AAAA0009"))


def _without_end(content: bytes) -> bytes:
    return gzip.compress(b"".join(gzip.decompress(content).splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize("damage", [_cut, _turned, _without_end, lambda _: b"", lambda _: gzip.compress(b"[1]\n")])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    damage: Any, db: Database, bucket: FakeBucket, bare: Database, bare_url: str
) -> None:
    made = back_up(db, bucket, now=NIGHT)
    bucket.objects[made.key] = damage(bucket.objects[made.key])
    with pytest.raises(BadFile, match="Take the one before it"):
        restorer(bare, bare_url, bucket).restore()
    assert tables(bare) == []


def test_a_backup_of_another_history_is_refused(
    db: Database, bucket: FakeBucket, bare: Database, bare_url: str
) -> None:
    db.run("insert into migration (number, name, checksum) values (9999, 'future', 'x')")
    back_up(db, bucket, now=NIGHT)
    with pytest.raises(BadInput, match="migration 9999"):
        restorer(bare, bare_url, bucket).restore()
    assert tables(bare) == []


def test_one_is_made_a_day_and_the_newest_is_taken(db: Database, bucket: FakeBucket) -> None:
    first = back_up_daily(db, bucket, now=NIGHT)
    assert first is not None
    assert back_up_daily(db, bucket, now=NIGHT + timedelta(hours=22)) is None
    second = back_up_daily(db, bucket, now=NIGHT + timedelta(hours=23, minutes=5))
    assert second is not None
    assert newest(bucket, "") == (second.key, NIGHT + timedelta(hours=23, minutes=5))
    assert first.key == "backups/2026-03-15T05-00-00Z.jsonl.gz"


def test_the_command_line_says_what_it_did(
    db: Database, bucket: FakeBucket, database_url: str, bare_url: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def run(url: str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("DATABASE_URL", url)
        for built in (wiring.settings, wiring.job_database, wiring.shadow_database):
            built.cache_clear()
        ended = main(arguments)
        wiring.job_database("").close()
        return ended, "".join(capsys.readouterr())

    monkeypatch.setattr(wiring, "bucket", lambda: bucket)
    assert run(database_url, "backup")[0] == 0
    ended, told = run(bare_url, "restore")
    assert (ended, f"{len(FILES)} files were computed again" in told) == (0, True)
    ended, told = run(database_url, "restore")
    assert (ended, "The database is not empty" in told) == (1, True)
    for built in (wiring.settings, wiring.job_database, wiring.shadow_database):
        built.cache_clear()
