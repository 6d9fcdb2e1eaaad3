"""The digest of a night, and the card of a session that is over, with the longest and nastiest names there are."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from etstats.cards import digest as card
from etstats.cards.digest import Night, Told
from etstats.domain.digest import (
    MOST,
    Best,
    FallenRecord,
    OnThisDay,
    PersonalBest,
    night_number,
    night_numbered,
    told_bests,
    told_records,
)
from etstats.domain.evening import Evening
from etstats.domain.mvp import Mvp
from etstats.words import Words, words_for
from tests.builders import a_played_line, a_played_map, a_played_session
from tests.shown import assert_acceptable

ENGLISH, GERMAN = words_for("en"), words_for("de")
NASTY = "@everyone **[x](http://y)** `" + "W" * 40


def a_best(guid: str = "A", **changes: object) -> PersonalBest:
    usual = {"name": guid, "best": Best.KILLS, "value": 20.0, "before": 10.0, "n": 30, "map": "supply"}
    return PersonalBest(guid=guid, **{**usual, **changes})  # type: ignore[arg-type]


def a_record(guid: str = "A", **changes: object) -> FallenRecord:
    usual = {"scope": "round", "map": "supply", "figure": "kills", "value": 20.0, "name": guid, "before": 10.0,
             "holder": "olz"}  # fmt: skip
    return FallenRecord(guid=guid, **{**usual, **changes})  # type: ignore[arg-type]


def a_night(*, name: str = "mittens", sessions: int = 1, maps: int = 1, **changes: object) -> Night:
    mvp = Mvp(guid="0123ABCD", value=0.3, by_wins=True, wins=2, rounds=3, stands_out=(), runner_up=None,
              runner_up_value=None)  # fmt: skip
    evening = Evening(
        session=a_played_session(maps=maps, **changes),
        maps=(a_played_map(map=name),) * maps,
        rounds=(),
        lines=(a_played_line(name),),
    )
    return Night(
        day=date(2025, 10, 2),
        sessions=[Told(evening=evening, mvps={"A": mvp})] * sessions,
        bests=[a_best(name=name, map=name)],
        records=[a_record(name=name, map=name, holder=name)],
        before=OnThisDay(
            first_at=datetime(2024, 10, 2, 21), maps=3, players=8, score_a=4, score_b=2, team_a=name, team_b=None
        ),
    )


def test_the_verdict_comes_first_then_who_decided_it() -> None:
    (embed,) = card.card(ENGLISH, a_night()).embeds
    assert embed.title == "Last night · Thu 2 Oct 2025"
    assert embed.description.startswith("**Team A won 2 : 0** over 1 map.")
    assert [field.name.partition(":")[0] for field in embed.fields] == [
        "MVP", "Personal bests", "Records broken", "On this day in 2024",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"score_a": 1, "score_b": 1}, "**Drawn 1 : 1** over 1 map."),
        ({"score_a": 0, "score_b": 2}, "**Team B won 2 : 0** over 1 map."),
        ({"maps": 0}, "No map was played by both sides: 2 rounds."),
    ],
)
def test_a_night_without_a_winner_says_so(changes: dict[str, int], says: str) -> None:
    assert card.card(ENGLISH, a_night(**changes)).embeds[0].description.startswith(says)  # type: ignore[arg-type]


@pytest.mark.parametrize("words", [ENGLISH, GERMAN])
def test_the_longest_night_of_hostile_names_fits_and_mentions_nobody(words: Words) -> None:
    message = card.card(words, a_night(name=NASTY, sessions=5, maps=30, team_a=NASTY, team_b=NASTY))
    assert_acceptable(message)
    assert "@everyone" not in str([field.value for field in message.embeds[0].fields])


@pytest.mark.parametrize("best", list(Best))
def test_every_kind_of_best_has_its_words(best: Best) -> None:
    night = a_night()
    told = Night(day=night.day, sessions=night.sessions, bests=[a_best(best=best)], records=[], before=None)
    for words in (ENGLISH, GERMAN):
        assert "20" in card.card(words, told).embeds[0].fields[-1].value


def test_nobody_is_told_twice_and_five_at_most() -> None:
    bests = [a_best("A"), a_best("A", best=Best.GIBS, value=40.0), *(a_best(str(n)) for n in range(9))]
    first, *_ = told_bests(bests)
    assert (first.guid, first.value) == ("A", 40.0)
    assert len(told_bests(bests)) == len({one.guid for one in told_bests(bests)}) == MOST
    records = [a_record("A"), a_record("A", figure="gibs", value=30.0), a_record("A", map="radar")]
    assert [(one.map, one.value) for one in told_records(records)] == [("supply", 30.0), ("radar", 20.0)]


def test_a_nights_number_is_its_day() -> None:
    assert night_numbered(night_number(date(2026, 3, 6))) == date(2026, 3, 6)
    assert night_number(date(2026, 3, 6)) == 20260306
