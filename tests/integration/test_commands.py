"""The commands' queries on a real PostgreSQL: who is found by what is typed, who is ahead and from when on."""

from __future__ import annotations

from datetime import datetime

import pytest

from etstats.commands.leaderboard import leaderboard
from etstats.commands.option import suggest_player, target_of
from etstats.commands.stats import stats
from etstats.domain.measure import Measure
from etstats.domain.name import search_key
from etstats.errors import Refusal
from etstats.interactions.request import Kind
from etstats.storage.database import Database
from etstats.storage.leaderboard import standings
from tests.builders import question

WHEN = datetime(2025, 10, 2, 22, 0)
SUMS = (
    *("played_s", "kills", "deaths", "hits", "shots", "headshot_hits", "gun_hits", "gun_shots", "gun_headshot_hits"),
    *("damage_given", "damage_received", "team_damage_given", "gibs", "self_kills", "team_kills", "xp"),
    *("kill_assists", "headshot_kills", "objectives", "times_revived", "useful_kills", "denied_playtime_s"),
    *("multikills", "revives_given", "wins", "revives_known_rounds", "timed_damage", "judged_kills"),
)


def _player(db: Database, guid: str, name: str, *, rounds: int = 10, was: tuple[str, ...] = (), **sums: int) -> None:
    sessions = sums.pop("sessions", 0)
    _insert(db, "player", guid=guid, name=name, search_name=search_key(name), rounds=rounds, sessions=sessions, **_SEEN)
    known = {"timed_damage": sums.get("damage_given", 0), "judged_kills": sums.get("kills", 0)}
    known |= dict.fromkeys(("timed_rounds", "events_known_rounds"), rounds)
    total = dict.fromkeys(SUMS, 0) | {"played_s": 600 * rounds} | known | sums
    _insert(db, "player_total", map="", guid=guid, rounds=rounds, **total)
    for one in (name, *was):
        _insert(db, "alias", guid=guid, name=one, search_name=search_key(one), rounds=1, **_SEEN)


_SEEN = {"first_at": WHEN, "last_at": WHEN}


def _insert(db: Database, table: str, **row: object) -> None:
    columns = ", ".join(row)
    db.run(f"insert into {table} ({columns}) values ({', '.join(f':{column}' for column in row)})", **row)


@pytest.fixture
def people(db: Database) -> Database:
    _player(db, "AAAAAAAA", "Mittens", rounds=40, was=("Kitten", "xX_Knight_Xx"))
    _player(db, "BBBBBBBB", "Smitten", rounds=20)
    _player(db, "CCCCCCCC", "///", rounds=5, was=("Slash",))
    _player(db, "DDDDDDDD", "Widow", rounds=30, was=("Mitten",))
    return db


def _suggested(db: Database, typed: str) -> list[str]:
    found = suggest_player(question(db, "stats", kind=Kind.AUTOCOMPLETE, focused="player", player=typed))
    return [choice.value[1:5] for choice in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mitten", ["DDDD", "AAAA", "BBBB"]),  # the whole name, its beginning, its middle
        ("MÏTT", ["AAAA", "DDDD", "BBBB"]),
        ("^1mit^7t", ["AAAA", "DDDD", "BBBB"]),
        ("knight", ["AAAA"]),
        ("///", ["CCCC"]),
        ("widwo", ["DDDD"]),  # nobody is called that; one is called nearly that
        ("' or true --", []),
        ("%", []),
    ],
)
def test_a_player_is_found_by_any_name_however_it_is_typed(people: Database, typed: str, found: list[str]) -> None:
    assert _suggested(people, typed) == found


def test_with_nothing_typed_everybody_is_suggested(people: Database) -> None:
    assert sorted(_suggested(people, "")) == ["AAAA", "BBBB", "CCCC", "DDDD"]


def test_a_suggestion_tells_the_name_it_was_found_by(people: Database) -> None:
    (choice,) = suggest_player(question(people, "stats", kind=Kind.AUTOCOMPLETE, focused="player", player="knight"))
    assert choice.name == "Mittens (was xX_Knight_Xx) · Thu 2 Oct 2025 · 40 rounds"


def _hide(db: Database, user: str, guid: str) -> None:
    db.run("insert into person_link (user_id, guid, proven_by) values (:user, :guid, 'code')", user=user, guid=guid)
    db.run("insert into user_setting (user_id, hidden) values (:user, true)", user=user)


@pytest.mark.parametrize("typed", ["", "mitten", "mittns"])
def test_who_hides_is_found_by_nobody_but_himself(people: Database, typed: str) -> None:
    _hide(people, "43", "AAAAAAAA")
    others = question(people, "stats", kind=Kind.AUTOCOMPLETE, focused="player", player=typed)
    assert "AAAA" not in [choice.value[1:5] for choice in suggest_player(others)]
    own = question(people, "stats", kind=Kind.AUTOCOMPLETE, focused="player", player=typed, me="AAAAAAAA")
    assert "AAAA" in [choice.value[1:5] for choice in suggest_player(own)]


@pytest.mark.parametrize(
    ("typed", "key"), [("#AAAAAAAA", "hidden"), ("<@43>", "hidden"), ("mittens", "unknown_player_near")]
)
def test_who_hides_is_not_shown_to_others_by_any_way_of_asking(people: Database, typed: str, key: str) -> None:
    _hide(people, "43", "AAAAAAAA")
    with pytest.raises(Refusal, match=rf"refusal\.{key}"):
        stats(question(people, "stats", player=typed))
    assert stats(question(people, "stats", player=typed, me="AAAAAAAA")).embeds[0].title == "Mittens"
    with pytest.raises(Refusal, match=r"refusal\.hidden"):
        target_of(question(people, "Stats", target="43"))


def test_who_hides_hides_the_person_his_account_was_merged_into(people: Database) -> None:
    _hide(people, "43", "EEEEEEEE")
    people.run(
        """insert into correction (kind, guid, person, made_by, reason, made_at)
           values ('merge_persons', 'EEEEEEEE', 'BBBBBBBB', 'x', 'x', now())"""
    )
    with pytest.raises(Refusal, match=r"refusal\.hidden"):
        stats(question(people, "stats", player="#BBBBBBBB"))


@pytest.mark.parametrize(
    ("typed", "title"),
    [("#AAAAAAAA", "Mittens"), ("mittens", "Mittens"), ("slash", "///"), ("wid", "Widow"), ("mitten", "Widow")],
)
def test_a_profile_is_shown_for_a_choice_a_name_or_the_only_beginning(people: Database, typed: str, title: str) -> None:
    assert stats(question(people, "stats", player=typed)).embeds[0].title == title


@pytest.mark.parametrize(
    ("typed", "key", "told"),
    [
        ("itt", "unknown_player_near", {"typed": "itt", "names": "**Mittens**, **Mitten** (now Widow), **Smitten**"}),
        ("#FFFFFFFF", "unknown_player", {"typed": "\\#FFFFFFFF"}),
        ("zzzz", "unknown_player", {"typed": "zzzz"}),
        ("<@43>", "target_not_linked", {"user": "<@43>"}),
        ("", "not_linked", {}),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(people: Database, typed: str, key: str, told: object) -> None:
    with pytest.raises(Refusal) as refused:
        stats(question(people, "stats", player=typed))
    assert (refused.value.key, refused.value.values) == (f"refusal.{key}", told)


def test_with_nobody_named_it_is_the_caller(people: Database) -> None:
    assert stats(question(people, "stats", me="BBBBBBBB")).embeds[0].title == "Smitten"


def test_somebody_mentioned_is_whom_he_is_linked_with(people: Database) -> None:
    people.run("insert into person_link (user_id, guid, proven_by) values ('43', 'DDDDDDDD', 'code')")
    assert stats(question(people, "stats", player="<@43>")).embeds[0].title == "Widow"
    assert target_of(question(people, "Stats", target="43")) == "DDDDDDDD"
    with pytest.raises(Refusal, match=r"refusal\.target_not_linked"):
        target_of(question(people, "Stats", target="44"))


def test_unknown_revives_are_not_zero_on_a_profile(people: Database) -> None:
    fields = {field.name: field.value for field in stats(question(people, "stats", player="widow")).embeds[0].fields}
    (revives,) = (line for line in fields["Support"].split("\n") if line.startswith("Revives"))
    assert revives.split() == ["Revives", "–", "–", "0"]


def test_a_rate_asks_for_a_quarter_of_the_keenest_players_rounds_and_more_than_fifty_at_most(people: Database) -> None:
    people.run("update player_total set damage_given = 1000, timed_damage = 1000")
    young = standings(people, Measure.DPM, limit=10)
    assert (young[0].enough_rounds, {one.guid[0] for one in young}) == (10, {"A", "B", "D"})
    people.run("update player_total set rounds = rounds * 10")
    old = standings(people, Measure.DPM, limit=10)
    assert (old[0].enough_rounds, {one.guid[0] for one in old}) == (51, {"A", "B", "D"})


def test_equals_share_a_rank_and_whoever_played_more_stands_first(people: Database) -> None:
    people.run("update player_total set kills = case guid when 'BBBBBBBB' then 9 else 5 end")
    ranked = [(one.rank, one.guid[0], one.score) for one in standings(people, Measure.KILLS, limit=10)]
    assert ranked == [(1, "B", 9.0), (2, "A", 5.0), (2, "D", 5.0)]


def test_who_is_unknown_in_a_measure_is_not_listed_as_zero(people: Database) -> None:
    people.run("update player_total set revives_known_rounds = 3, revives_given = 0 where guid = 'AAAAAAAA'")
    (only,) = standings(people, Measure.REVIVES, limit=10)
    assert (only.guid, only.score, only.sample) == ("AAAAAAAA", 0.0, 3)


def test_the_figures_of_a_measure_are_what_its_words_say(people: Database) -> None:
    people.run(
        """update player_total set kills = 9, deaths = 3, gun_hits = 30, gun_shots = 90, gun_headshot_hits = 3,
           played_s = 600, alive_ms = 450000, damage_given = 900, timed_damage = 900, team_damage_given = 100,
           useful_kills = 3, judged_kills = 9"""
    )
    scores = {
        measure.value: round(standings(people, measure, limit=1)[0].score, 2)
        for measure in (
            Measure.DPM, Measure.KD, Measure.EFFICIENCY, Measure.ACCURACY, Measure.HEADSHOTS,
            Measure.SURVIVAL, Measure.DISCIPLINE, Measure.USEFUL,
        )
    }  # fmt: skip
    assert scores == {
        "dpm": 90.0, "kd": 3.0, "efficiency": 75.0, "accuracy": 33.33, "headshots": 10.0,
        "survival": 75.0, "discipline": 10.0, "useful": 33.33,
    }  # fmt: skip


def test_a_page_beyond_the_last_shows_the_last(people: Database) -> None:
    footer = leaderboard(question(people, "leaderboard", stat="games", page=40)).embeds[0].footer
    assert "page 1 of 1" in footer
