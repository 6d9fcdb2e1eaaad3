"""Which round a demo shows: thought, said by hand, said again after another analysis. On a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from etstats.commands.demo import demo_info, demo_match, suggest_round
from etstats.commands.question import Question
from etstats.errors import Refusal
from etstats.storage.database import Database
from etstats.usecases.analyse_demo import analyse_demo
from etstats.usecases.store_round import store
from tests.builders import question
from tests.demo_builder import TRIPLE
from tests.fakes import FakeBucket
from tests.game_files import a_file, a_header, a_line, a_name

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD, UPLOADER = "7", "42"


@pytest.fixture
def bucket() -> FakeBucket:
    made = FakeBucket()
    made.objects[_key()] = TRIPLE
    return made


def _key() -> str:
    return f"demos/{GUILD}/{sha256(TRIPLE).hexdigest()}.tv_84"


def _analyse(db: Database, bucket: FakeBucket) -> None:
    assert analyse_demo(db, bucket, _key(), now=lambda: NOW, time_is_short=lambda: False) == "ready"
    db.run("update demo set uploaded_by = :by", by=UPLOADER)


@pytest.fixture
def rounds(db: Database) -> list[int]:
    """Two first rounds on adlernest: with the demo's players, and with others."""
    for minute, names in ((0, ("vid", "carniee", "olz")), (70, ("one", "two", "three"))):
        lines = [
            a_line(f"AAAA000{at}", name=name, team=at % 2 + 1, time_played_min=8.0, damage_given=1_000 + at)
            for at, name in enumerate(names)
        ]
        content = a_file(a_header(map="adlernest", winner=2, after="8:00"), lines)
        store(db, server="main", name=a_name(map="adlernest", minute=minute), content=content, channel_id="", now=NOW)
    return db.values("select round_id from round order by written_at")


def _ask(db: Database, *, user: str = UPLOADER, permissions: int = 0, **options: Any) -> Question:
    made = question(db, "demo match", at=NOW, user=user, **options)
    caller = replace(made.asked.caller, permissions=permissions)
    return replace(made, asked=replace(made.asked, guild_id=GUILD, caller=caller))


def _matched(db: Database) -> Any:
    return db.values("select array[cast(round_id as text), matched_by] from demo")[0]


def _known(db: Database) -> tuple[Any, Any]:
    """What the round tells of vid: his damage, and whether his highlights are his."""
    (damage,) = db.values("select damage from demo_player where name = 'vid'")
    guids = set(db.values("select guid from highlight where name = 'vid'"))
    assert db.values("select value from performance where measure = 'damage' and name = 'vid'") == (
        [] if damage is None else [damage]
    )
    return damage, guids


def test_what_somebody_says_holds_and_outlives_another_analysis(
    db: Database, bucket: FakeBucket, rounds: list[int]
) -> None:
    _analyse(db, bucket)
    assert _matched(db) == [str(rounds[0]), "computed"]
    assert _known(db) == (1_000, {"AAAA0000"})
    told = demo_match(_ask(db, demo="#1", round=f"#{rounds[1]:x}"))
    assert told.content.endswith("as somebody said · 20 points: map 30, players -10")
    for again in (False, True):
        if again:
            db.run("update demo set state = 'received'")
            _analyse(db, bucket)
        assert _matched(db) == [str(rounds[1]), "human"]
        assert _known(db) == (None, {None})
    demo_match(_ask(db, demo="#1", round="computed"))
    assert _matched(db) == [str(rounds[0]), "computed"]
    assert _known(db) == (1_000, {"AAAA0000"})


def test_somebody_may_say_that_it_is_none_of_ours(db: Database, bucket: FakeBucket, rounds: list[int]) -> None:
    _analyse(db, bucket)
    told = demo_match(_ask(db, demo="#1", round="none"))
    assert told.content == "Shows no round that is known here, as somebody said"
    db.run("update demo set state = 'received'")
    _analyse(db, bucket)
    assert _matched(db) == [None, "human"]


def test_rounds_are_suggested_the_most_alike_first(db: Database, bucket: FakeBucket, rounds: list[int]) -> None:
    _analyse(db, bucket)
    found = suggest_round(_ask(db, demo="#1"))
    assert [one.value for one in found] == [f"#{rounds[0]:x}", f"#{rounds[1]:x}", "none", "computed"]
    assert found[0].name.startswith("adlernest, round 1, 6 Mar 2026 21:00 · ")


def test_a_demos_card_tells_the_round_and_why(db: Database, bucket: FakeBucket, rounds: list[int]) -> None:
    _analyse(db, bucket)
    (embed,) = demo_info(_ask(db, demo="#1")).embeds
    assert "Shows adlernest, round 1, 6 Mar 2026 21:00 · " in embed.description
    assert "map 30" in embed.description


@pytest.mark.parametrize(
    ("who", "round", "key"),
    [
        ({"user": "43"}, "none", "demo.not_yours"),
        ({}, "#1234", "demo.no_round"),
        ({}, "yesterday", "demo.no_round"),
    ],
)
def test_who_may_not_or_names_nothing_is_refused(
    db: Database, bucket: FakeBucket, rounds: list[int], who: dict[str, Any], round: str, key: str
) -> None:
    _analyse(db, bucket)
    with pytest.raises(Refusal) as refused:
        demo_match(_ask(db, demo="#1", round=round, **who))
    assert refused.value.key == key
    demo_match(_ask(db, demo="#1", round="none", user="43", permissions=1 << 5))
