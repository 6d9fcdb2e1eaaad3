"""No file, whatever it holds, stops the others: storing ends in a fate or our own refusal."""

from __future__ import annotations

from datetime import UTC, timedelta
from random import Random

from etstats.errors import BadInput
from etstats.storage.database import Database
from etstats.usecases.store_round import Fate, store
from tests.fuzzed import Fuzzed, fuzzed, hard_cases
from tests.game_files import EVENING, a_match

NOW = EVENING.replace(tzinfo=UTC) + timedelta(minutes=15)


def fate(db: Database, one: Fuzzed) -> Fate | None:
    """None: refused before it could be put on record."""
    try:
        return store(db, server="eu1", name=one.name, content=one.content, channel_id="77", now=NOW).fate
    except BadInput:
        return None


def test_what_was_made_to_hurt_is_stored_or_refused_and_the_evening_goes_on(db: Database) -> None:
    found = {one.how: fate(db, one) for one in hard_cases()}
    assert {Fate.STORED, Fate.REJECTED, None} <= set(found.values())
    assert {how for how, end in found.items() if end is None} == {
        "NUL in the map", "half a letter in the map", "only NUL", "a file name of 10,000 letters",
    }  # fmt: skip
    for name, content in a_match(minute=130):
        assert store(db, server="eu1", name=name, content=content, channel_id="77", now=NOW).fate is Fate.STORED


def test_mutated_files_are_stored_or_refused(db: Database) -> None:
    ends = {fate(db, fuzzed(Random(10_000 + number))) for number in range(80)}
    assert {Fate.STORED, Fate.REJECTED} <= ends
