"""A round's trust with its demos, on a real PostgreSQL: the same rows in whatever order files and demos come and go."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

import pytest

from etstats.demo.cut import cut
from etstats.domain.demo_match import Said
from etstats.greatshot.analysis import Analysis, analyse
from etstats.storage import demo as book
from etstats.storage.database import Database
from etstats.storage.rebuild import shadow_of
from etstats.usecases.analyse_demo import analyse_demo
from etstats.usecases.match_demos import match_demos
from etstats.usecases.rebuild import Rebuild
from etstats.usecases.store_round import store
from local.simulator import SimulatedSession, best_client, film, simulate_session
from local.simulator.film import LEVEL_START_MS
from tests.announcing import NOW
from tests.conftest import open_database
from tests.content import content_of, forget
from tests.fakes import FakeBucket

GUILD = "7"
Act = Callable[[], object]


@cache
def _evening() -> SimulatedSession:
    return simulate_session(seed=4, maps=1, ends_at=datetime(2025, 10, 2, 22, 0), planned=True)


@cache
def _demo(kind: str) -> bytes:
    """Of the planned round: a TV's, a player's, or its first minute alone."""
    scene, out = _evening().recordings[-1].scene, BytesIO()
    film(scene, out, client=best_client(scene) if kind == "dm_84" else None)
    if kind != "part":
        return out.getvalue()
    first_minute = BytesIO()
    cut(BytesIO(out.getvalue()), first_minute, from_ms=LEVEL_START_MS, to_ms=LEVEL_START_MS + 60_000)
    return first_minute.getvalue()


def _file() -> str:
    return f"{_evening().recordings[-1].stem}.txt"


def _content(*, killed_more: bool = False) -> bytes:
    """Of the planned round's stats file; *killed_more*: its first player has another kill with his first weapon."""
    content: bytes = next(one.content for one in _evening().files if one.name == _file())
    if not killed_more:
        return content
    header, line, *others = content.split(b"\n")
    *person, figures = line.split(b"\\")
    mask, hits, shots, kills, *rest = figures.split(b" ")
    torn = b" ".join((mask, hits, shots, b"%d" % (int(kills) + 1), *rest))
    return b"\n".join((header, b"\\".join((*person, torn)), *others))


class _Round:
    """Of the planned round's files and demos, each can come, change and go."""

    def __init__(self, db: Database) -> None:
        self.db, self.bucket = db, FakeBucket()

    def file(self, *, killed_more: bool = False) -> None:
        content = _content(killed_more=killed_more)
        self.bucket.put(f"stats/eu1/{_file()}", content)
        store(self.db, server="eu1", name=_file(), content=content, channel_id="", now=NOW)

    def demo(self, kind: str) -> None:
        content = _demo(kind)
        key = f"demos/{GUILD}/{sha256(content).hexdigest()}.{'dm_84' if kind == 'dm_84' else 'tv_84'}"
        self.bucket.objects[key] = content
        self.db.run("update demo set state = 'received' where sha256 = :sha256", sha256=sha256(content).hexdigest())
        assert analyse_demo(self.db, self.bucket, key, now=lambda: NOW, time_is_short=lambda: False) == "ready"

    def found(self, kind: str) -> Any:
        (number,) = self.db.values(
            "select demo_id from demo where sha256 = :sha256", sha256=sha256(_demo(kind)).hexdigest()
        )
        return book.find_any_demo(self.db, number)

    def gone(self, kind: str) -> None:
        book.delete(self.db, self.found(kind).demo_id, guild_id=GUILD, now=NOW)

    def said(self, kind: str, match: Any, *, human: bool = True) -> None:
        one = self.found(kind)
        with self.db.transaction():
            book.say_match(self.db, one, Said(round_id=None) if human else None, by="42", now=NOW)
            book.rematch(self.db, one, match, book.demo_players(self.db, one.demo_id), human=human, now=NOW)

    def none_of_ours(self, kind: str) -> None:
        self.said(kind, None)

    def trust(self) -> tuple[list[Any], list[Any]]:
        return (
            self.db.values("select to_jsonb(round_trust) from round_trust"),
            self.db.values("select to_jsonb(player_mark) from player_mark order by position"),
        )

    def ends_as(self, acts: Sequence[Act]) -> tuple[list[Any], list[Any]]:
        """From nothing; demos that nobody knew a round for are joined at the end."""
        self.db.run("delete from demo")
        self.db.run("delete from demo_match")
        forget(self.db)
        for act in acts:
            act()
        match_demos(self.db, now=NOW)
        return self.trust()


@cache
def _analysed(content: bytes) -> Analysis:
    return analyse(BytesIO(content))


@pytest.fixture
def played(db: Database, monkeypatch: pytest.MonkeyPatch) -> _Round:
    """Each demo is analysed once for all orders."""

    def known(source: BinaryIO, *, look: object) -> Analysis:
        source.seek(0)
        return _analysed(source.read())

    monkeypatch.setattr("etstats.usecases.analyse_demo.analyse", known)
    return _Round(db)


def test_file_and_demo_of_the_planned_round_agree_to_the_kill(played: _Round) -> None:
    ((trust,), marks) = played.ends_as([played.file, lambda: played.demo("tv_84")])
    assert (trust["grade"], marks) == ("A", [])
    assert (trust["demo_sha256"], trust["demo_guilds"]) == (sha256(_demo("tv_84")).hexdigest(), [GUILD])
    told = {check["code"]: check["difference"] for check in trust["checks"] if check["origin"] == "demo"}
    assert told == dict.fromkeys(
        ("demo_kills", "demo_players", "demo_deaths", "demo_weapons", "demo_hits", "demo_heads", "demo_duration"), 0
    )


def test_a_kill_too_many_is_noticed_and_marked(played: _Round) -> None:
    ((trust,), marks) = played.ends_as([lambda: played.file(killed_more=True), lambda: played.demo("dm_84")])
    off = {one["code"]: one["difference"] for one in trust["checks"] if one["verdict"] == "off"}
    assert off == {"kills": 1, "demo_kills": -1, "demo_players": 1, "demo_weapons": 1}
    assert "demo_kills" in {mark["code"] for mark in marks}


def test_any_order_of_a_file_its_other_version_and_its_demos_gives_the_same_rows(played: _Round) -> None:
    acts = [played.file, lambda: played.demo("tv_84"), lambda: played.demo("dm_84"), lambda: played.demo("part")]
    expected = played.ends_as(acts)
    orders = list(itertools.permutations(acts))
    for order in [(*acts[1:], acts[0]), *random.Random(1).sample(orders, 2)]:
        assert played.ends_as([lambda: played.file(killed_more=True), *order]) == expected
        assert played.ends_as([*order, played.file]) == expected


def test_a_files_other_version_and_two_demos_at_once_give_the_same_rows(played: _Round, database_url: str) -> None:
    expected = played.ends_as([played.file, lambda: played.demo("tv_84"), lambda: played.demo("dm_84")])

    def at_once(what: str) -> None:
        db = open_database(database_url)
        try:
            mine = _Round(db)
            mine.file() if what == "file" else mine.demo(what)
        finally:
            db.close()

    for _ in range(3):
        played.ends_as([lambda: played.file(killed_more=True)])
        with ThreadPoolExecutor(3) as everybody:
            list(everybody.map(at_once, ("tv_84", "file", "dm_84")))
        match_demos(played.db, now=NOW)
        assert played.trust() == expected


def test_a_demo_that_goes_or_shows_another_round_takes_its_word_along(played: _Round) -> None:
    bare = played.ends_as([played.file])
    with_player = played.ends_as([played.file, lambda: played.demo("dm_84")])
    assert bare != with_player
    both = [played.file, lambda: played.demo("dm_84"), lambda: played.demo("tv_84")]
    with_both = played.ends_as(both)
    assert played.ends_as([*both, lambda: played.gone("tv_84")]) == with_player
    assert played.ends_as([*both, lambda: played.none_of_ours("tv_84")]) == with_player
    again = [lambda: played.none_of_ours("tv_84"), lambda: played.said("tv_84", None, human=False)]
    assert played.ends_as([*both, *again]) == with_both
    assert played.ends_as([*both, lambda: played.gone("tv_84"), lambda: played.gone("dm_84")]) == bare


def test_a_demo_joined_in_spite_of_other_kills_is_not_believed(played: _Round) -> None:
    played.ends_as([played.file])
    played.db.run("update player_round set kills = 0")
    played.demo("tv_84")
    ((trust,), _) = played.trust()
    (parts,) = played.db.values("select match_parts from demo")
    assert ["kills", -30] in parts
    assert (trust["demo_sha256"], trust["demo_guilds"]) == (None, [GUILD])


@pytest.fixture
def rebuild(db: Database, database_url: str, played: _Round) -> Iterator[Rebuild]:
    shadow = open_database(database_url, schema=shadow_of(db))
    made = Rebuild(
        live=db, shadow=shadow, bucket=played.bucket, channel_id="", now=NOW, tell=lambda _: None,
        is_ours=lambda _: True,
    )  # fmt: skip
    yield made
    made.end()


def test_a_rebuild_asks_the_demos_too(played: _Round, rebuild: Rebuild) -> None:
    played.ends_as([played.file, lambda: played.demo("tv_84")])
    rebuild.compute()
    assert rebuild.difference().nothing


def test_a_demo_that_comes_during_a_rebuild_is_heard(played: _Round, rebuild: Rebuild) -> None:
    played.ends_as([played.file, lambda: played.demo("dm_84")])
    rebuild.compute()
    played.demo("tv_84")
    played.gone("dm_84")
    expected = content_of(played.db)
    rebuild.apply()
    assert content_of(played.db) == expected
