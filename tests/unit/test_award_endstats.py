"""The game's own awards over an evening."""

from __future__ import annotations

import pytest

from etstats.domain.award_endstats import Group, OftenWon, RoundAward, group_of, often_won


def an_award(player: str, file_id: int = 1, award: str = "Most deaths", **changes: str | None) -> RoundAward:
    usual: dict[str, str | None] = {"guid": player.upper(), "value_text": "9"}
    return RoundAward(file_id=file_id, award=award, player=player, **(usual | changes))  # type: ignore[arg-type]


def only(*awards: RoundAward) -> OftenWon:
    (told,) = often_won(awards)
    return told


def test_who_won_an_award_most_often_is_told_with_the_next() -> None:
    told = only(an_award("olz", 1), an_award("vid", 2), an_award("vid", 3, value_text="12"))
    assert (told.winner.name, told.winner.times, told.files, told.best) == ("vid", 2, 3, "12")
    assert told.second is not None
    assert (told.second.name, told.second.times) == ("olz", 1)


def test_a_player_is_one_under_whatever_name() -> None:
    told = only(an_award("olz", 1), an_award(".olz", 2, guid="OLZ"))
    assert (told.winner.name, told.winner.times, told.second) == (".olz", 2, None)


def test_an_award_written_twice_in_a_file_counts_once() -> None:
    told = only(an_award("a", award="Longest killing spree"), an_award("b", award="Longest killing spree"))
    assert (told.winner.name, told.files, told.second) == ("a", 1, None)


def test_labels_under_which_the_writer_prints_something_else_are_not_believed() -> None:
    assert often_won([an_award("a", award="Most objectives stolen"), an_award("a", award="Full respawn king")]) == []


@pytest.mark.parametrize(
    ("award", "group"),
    [
        ("Best K/D ratio", Group.COMBAT),
        ("Tank/Meatshield (Refuses to die)", Group.COMBAT),
        ("Mortarmagnet", Group.DEATHS),
        ("Most bullets fired", Group.SKILLS),
        ("Farthest riflenade kill", Group.WEAPONS),
        ("Most killsteals", Group.TEAMWORK),
        ("Most corpse gibs", Group.OBJECTIVES),
        ("Most useful kills (>Half respawn time left)", Group.TIMING),
    ],
)
def test_an_award_has_its_group(award: str, group: Group) -> None:
    assert group_of(award) is group


def test_groups_come_in_their_order_and_most_often_first() -> None:
    told = often_won(
        [
            an_award("a", 1, "Most revives"),
            an_award("a", 1, "Most damage given"),
            an_award("b", 1, "Best K/D ratio"),
            an_award("b", 2, "Best K/D ratio"),
        ]
    )  # fmt: skip
    assert [one.award for one in told] == ["Best K/D ratio", "Most damage given", "Most revives"]
