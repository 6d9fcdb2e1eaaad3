"""The awards of an evening: their bars, their winners, the closest second."""

from __future__ import annotations

import pytest

from etstats.domain.award_session import PRIZES, Given, given_awards
from etstats.domain.evening import PlayedLine
from tests.builders import a_played_line

# nothing in it is worth an award
QUIET: dict[str, object] = {
    "rounds": 10, "played_s": 6000, "kills": 100, "deaths": 90, "headshot_kills": 1, "gun_shots": 3000,
    "damage_given": 10_000, "damage_received": 9_000, "gibs": 1, "self_kills": 0, "team_kills": 0,
    "max_killing_spree": 4, "max_death_spree": 4, "kill_steals": 1, "dynamites_planted": 0, "dynamites_defused": 0,
    "times_revived": 1, "useful_kills": 1, "useless_kills": 0, "repairs_constructions": 0, "revives_given": 1,
    "revives_known_rounds": 10,
}  # fmt: skip


def quiet(name: str = "quiet", **changes: object) -> PlayedLine:
    return a_played_line(name, guid=name, **(QUIET | changes))


def awards(*lines: PlayedLine) -> dict[str, Given]:
    return {one.key: one for one in given_awards(lines)}


@pytest.mark.parametrize(
    ("key", "enough", "too_little"),
    [
        ("zombie", {"times_revived": 15}, {"times_revived": 14}),
        ("team_dad", {"revives_given": 25}, {"revives_given": 24}),
        ("cleanup", {"gibs": 25}, {"gibs": 24}),
        ("silent_assassin", {"headshot_kills": 20}, {"headshot_kills": 19}),
        ("silent_assassin", {"headshot_kills": 15, "kills": 60}, {"headshot_kills": 14, "kills": 60}),
        ("demolition", {"dynamites_planted": 10}, {"dynamites_planted": 9}),
        ("bomb_squad", {"dynamites_defused": 10}, {"dynamites_defused": 9}),
        ("hot_streak", {"max_killing_spree": 5}, {"max_killing_spree": 4}),
        ("glass_cannon", {"damage_given": 15_000, "deaths": 100}, {"damage_given": 15_000, "deaths": 99}),
        ("glass_cannon", {"damage_given": 15_000, "deaths": 101}, {"damage_given": 14_900, "deaths": 101}),
        ("impactful_fragger", {"useful_kills": 30}, {"useful_kills": 29}),
        ("tank", {"damage_received": 10_000}, {"damage_received": 9_999}),
        ("bully", {"damage_given": 13_600}, {"damage_given": 13_500}),
        ("builder", {"repairs_constructions": 1}, {}),
        ("meat_shield", {"deaths": 20, "damage_received": 8_000}, {"deaths": 20, "damage_received": 7_800}),
        ("team_killer", {"team_kills": 3}, {"team_kills": 2}),
        ("self_destruct", {"self_kills": 2}, {"self_kills": 1}),
        ("kill_thief", {"kill_steals": 5}, {"kill_steals": 4}),
        ("spray", {"gun_shots": 5000}, {"gun_shots": 4999}),
        ("useless", {"useless_kills": 3}, {"useless_kills": 2}),
        ("punching_bag", {"max_death_spree": 5}, {"max_death_spree": 4}),
    ],
)
def test_every_award_has_its_bar(key: str, enough: dict[str, object], too_little: dict[str, object]) -> None:
    assert key in awards(quiet("one", **enough))
    assert key not in awards(quiet("one", **too_little))


def test_every_award_has_a_test_of_its_bar() -> None:
    assert len({prize.key for prize in PRIZES}) == len(PRIZES) == 20


def test_who_did_most_a_round_wins_and_the_next_is_told() -> None:
    best, longer, third = quiet("best", gibs=40), quiet("longer", gibs=90, rounds=30), quiet("third", gibs=5)
    told = awards(longer, third, best)["cleanup"]
    assert (told.winner.name, told.winner.value, told.winner.total, told.winner.rounds) == ("best", 4.0, 40, 10)
    assert told.second is not None
    assert (told.second.name, told.second.value) == ("longer", 3.0)


def test_who_was_there_for_a_moment_wins_nothing() -> None:
    guest = quiet("guest", gibs=40, rounds=2)
    moment = quiet("moment", gibs=90, rounds=10, played_s=120)
    assert "cleanup" not in awards(quiet(rounds=10), guest, moment)


def test_who_did_more_a_round_without_reaching_the_bar_is_not_second() -> None:
    crowd = [quiet(f"p{at}", rounds=4) for at in range(5)]
    told = awards(quiet("a", team_kills=4, rounds=4), quiet("b", team_kills=2, rounds=1), *crowd)["team_killer"]
    assert (told.winner.name, told.second) == ("a", None)


def test_chaos_is_to_stand_out() -> None:
    """In a long evening everybody kills himself more than twice."""
    crowd = [quiet(f"p{at}", self_kills=20) for at in range(5)]
    assert "self_destruct" not in awards(*crowd)
    assert awards(*crowd, quiet("wild", self_kills=30))["self_destruct"].winner.name == "wild"


def test_thrift_has_the_fewest_bullets() -> None:
    told = awards(quiet("a", gun_shots=3000), quiet("b", gun_shots=1000), quiet("c", gun_shots=2500))["thrift"]
    assert (told.winner.name, told.winner.value) == ("b", 10)
    assert told.second is not None
    assert told.second.name == "c"


def test_revives_are_told_with_the_rounds_whose_files_know_them() -> None:
    told = awards(quiet("a", revives_given=40, revives_known_rounds=8), quiet("b"))["team_dad"].winner
    assert (told.value, told.total, told.rounds) == (5, 40, 8)


def test_what_is_unknown_wins_nothing_and_nobody_is_second_with_nothing() -> None:
    told = awards(quiet("a", revives_given=40), quiet("b", revives_given=None, revives_known_rounds=0))["team_dad"]
    assert told.second is None
    assert awards(quiet("a", gibs=40), quiet("b", gibs=0))["cleanup"].second is None
