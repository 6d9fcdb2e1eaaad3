"""Who asks, on a real PostgreSQL: one statement tells his language, his person, his server's settings and his wait."""

from __future__ import annotations

import pytest

from etstats.domain.setting import GuildSettings, KnownCaller
from etstats.storage.caller import find_caller, find_person
from etstats.storage.database import Database
from tests.conftest import open_database

USER, GUILD = "42", "7"


def _wait_s(db: Database, *, user: str = USER, command: str = "stats", cooldown_s: int = 10) -> int:
    return find_caller(db, user, guild_id=GUILD, command=command, cooldown_s=cooldown_s).wait_s


def _link(db: Database, user: str, guid: str) -> None:
    db.run("insert into person_link (user_id, guid, proven_by) values (:user, :guid, 'code')", user=user, guid=guid)


def _merge(db: Database, guid: str, person: str, *, withdrawn: bool = False) -> None:
    db.run(
        """insert into correction (kind, guid, person, made_by, reason, made_at, withdrawn_at)
           values ('merge_persons', :guid, :person, 'x', 'x', now(), case when :withdrawn then now() end)""",
        guid=guid, person=person, withdrawn=withdrawn,
    )  # fmt: skip


def test_of_a_stranger_nothing_is_known(db: Database) -> None:
    assert find_caller(db, USER, guild_id=GUILD) == KnownCaller()


def test_what_people_chose_is_known(db: Database) -> None:
    _link(db, USER, "AAAA0001")
    db.run("insert into user_setting (user_id, language) values (:user, 'de')", user=USER)
    for name, value in (("channels", '["8", "9"]'), ("digests", "false"), ("admin", "77"), ("of a later version", "1")):
        db.run(
            """insert into guild_setting (guild_id, name, value, set_by)
               values (:guild, :name, cast(:value as jsonb), 'x')""",
            guild=GUILD, name=name, value=value,
        )  # fmt: skip
    # a number is no user: as if nobody had been named
    known = find_caller(db, USER, guild_id=GUILD)
    assert (known.language, known.person) == ("de", "AAAA0001")
    assert known.guild == GuildSettings(channels=("8", "9"), digests=False)
    assert find_caller(db, USER, guild_id="").guild == GuildSettings()


def test_a_link_leads_to_whom_the_corrections_say(db: Database) -> None:
    _link(db, USER, "AAAA0001")
    _merge(db, "AAAA0001", "BBBB0001")
    _merge(db, "BBBB0001", "CCCC0001")
    _merge(db, "CCCC0001", "DDDD0001", withdrawn=True)
    assert find_person(db, USER) == find_caller(db, USER, guild_id="").person == "CCCC0001"
    assert find_person(db, "43") is None


def test_who_asks_again_too_soon_is_told_how_long_to_wait(db: Database) -> None:
    assert [_wait_s(db), _wait_s(db)] == [0, 10]
    assert [_wait_s(db, user="43"), _wait_s(db, command="last")] == [0, 0]
    db.run("update cooldown set taken_at = now() - interval '7.5 s'")
    assert _wait_s(db) == 3
    db.run("update cooldown set taken_at = now() - interval '11 s'")
    assert [_wait_s(db), _wait_s(db)] == [0, 10]


def test_a_shorter_cool_down_works_at_once(db: Database) -> None:
    assert _wait_s(db, cooldown_s=3600) == 0
    db.run("update cooldown set taken_at = now() - interval '5 s'")
    assert [_wait_s(db, cooldown_s=3600), _wait_s(db, cooldown_s=6), _wait_s(db, cooldown_s=5)] == [3595, 1, 0]


def test_a_clock_that_went_back_locks_nobody_out(db: Database) -> None:
    _wait_s(db)
    db.run("update cooldown set taken_at = now() + interval '1 day'")
    assert _wait_s(db) == 0


def test_what_has_no_cool_down_leaves_no_trace(db: Database) -> None:
    assert [_wait_s(db, cooldown_s=0), _wait_s(db, cooldown_s=0)] == [0, 0]
    assert db.values("select count(*) from cooldown") == [0]


def test_of_two_at_the_same_moment_one_has_to_wait(db: Database, database_url: str) -> None:
    """The second waits for the first's row, not for its clock."""
    other = open_database(database_url)
    with db.transaction():
        assert _wait_s(db) == 0
        other.run("set lock_timeout = '100ms'")
        with pytest.raises(Exception, match="lock timeout"):
            _wait_s(other)
    assert _wait_s(other) > 0
    other.close()
