"""The card of a round, and of a whole map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from etstats.cards import round as round_card
from etstats.cards.text import ALLIES, AXIS, GREY, PHONE_COLUMNS, TEAM_A
from etstats.domain.announcement import Half, RoundAward
from etstats.interactions.reply import Message, message_json
from etstats.words import Words, words_for
from local.discord_limits import check_message
from tests.builders import a_half, an_announced_line, buttons

ENGLISH = words_for("en")
LONG = "W" * 350


def _table_lines(message: Message) -> Iterator[str]:
    inside = False
    for line in "\n".join(field.value for embed in message.embeds for field in embed.fields).split("\n"):
        if line.startswith("```"):
            inside = not inside
        elif inside:
            yield line


def _acceptable(message: Message) -> None:
    """Discord takes it, and its tables fit a phone."""
    assert check_message(message_json(message, lambda press: f"{press.command}{press.options}")) == []
    assert max(map(len, _table_lines(message)), default=0) <= PHONE_COLUMNS


@pytest.mark.parametrize(
    ("changes", "title", "colour"),
    [
        ({}, "SUPPLY R2 · Axis hold 11:58 / 12:00", AXIS),
        ({"duration_s": 724}, "SUPPLY R2 · Axis hold 12:00 / 12:00", AXIS),
        (
            {"outcome": "completed", "winner_team": 2, "duration_s": 525, "role": "r1", "number": 1},
            "SUPPLY R1 · Allies complete 8:45 / 12:00",
            ALLIES,
        ),
        ({"role": "aborted_r1", "outcome": None, "counted": False}, "SUPPLY R1 · no result", GREY),
        ({"limit_s": None, "duration_s": None}, "SUPPLY R2 · Axis hold – / –", AXIS),
    ],
)
def test_a_rounds_title_says_what_happened(changes: dict[str, object], title: str, colour: int) -> None:
    embed = round_card.card(ENGLISH, [a_half(an_announced_line(), **changes)], about=1).embeds[0]
    assert (embed.title, embed.colour) == (title, colour)


def a_map(**changes: object) -> list[Half]:
    """Axis defend in both rounds; A attacks first, takes it in 8:45, and holds."""
    known = {"map_winner": "r1_attackers", "map_winner_team": "A", "r1_attackers_team": "A", "r1_time_s": 525,
             "score_a": 2, "score_b": 0, **changes}  # fmt: skip
    first = a_half(
        an_announced_line("ann", team=2), an_announced_line("bob", team=1), **known,
        round_id=1, role="r1", number=1, outcome="completed", winner_team=2, duration_s=525,
    )  # fmt: skip
    second = a_half(
        an_announced_line("ann", team=1, damage_given=100), an_announced_line("bob", team=2), **known,
        round_id=2, limit_s=525, duration_s=525,
    )  # fmt: skip
    return [first, second]


def test_a_whole_map_tells_who_won_both_halves_and_the_score() -> None:
    embed = round_card.card(ENGLISH, a_map(), about=2).embeds[0]
    assert (embed.title, embed.colour) == ("SUPPLY complete · Team A wins", TEAM_A)
    assert embed.description.splitlines() == [
        "**Held** after taking it in 8:45.",
        "`R1` A attacks · Allies complete 8:45 / 12:00",
        "`R2` B attacks · Axis hold 8:45 / 8:45",
        "Score so far: **Team A 2 : 0 Team B**",
    ]


@pytest.mark.parametrize(
    ("changes", "title", "line"),
    [
        (
            {"map_winner": "r2_attackers", "map_winner_team": "B", "r2_time_s": 500},
            "SUPPLY complete · Team B wins", "**Faster:** 8:20 against 8:45.",
        ),
        (
            {"map_winner": "r2_attackers", "map_winner_team": "B", "r2_time_s": 500, "r1_time_s": None},
            "SUPPLY complete · Team B wins", "**Taken** in 8:20, after a full hold.",
        ),
        (
            {"map_winner": "draw", "map_winner_team": "draw", "r1_time_s": None},
            "SUPPLY complete · drawn", "**Drawn:** both sides held.",
        ),
    ],
)  # fmt: skip
def test_a_map_says_why_it_was_won(changes: dict[str, object], title: str, line: str) -> None:
    embed = round_card.card(ENGLISH, a_map(**changes), about=2).embeds[0]
    assert (embed.title, embed.description.splitlines()[0]) == (title, line)


def test_a_maps_players_stand_in_their_teams_with_both_rounds_sums() -> None:
    fields = round_card.card(ENGLISH, a_map(team_a="Blues"), about=2).embeds[0].fields
    assert [field.name for field in fields] == ["Blues", "Team B"]
    assert fields[0].value.splitlines()[2] == "ann              24/16  3.5k  15%   4"


def test_a_first_round_whose_second_is_not_over_shows_both_sides() -> None:
    fields = round_card.card(ENGLISH, a_map()[:1], about=1).embeds[0].fields
    assert [field.name for field in fields] == ["Allies attack", "Axis defend"]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "Allies did not get through."),
        ({"gave_up": True}, "Allies gave up before the time was over."),
        ({"outcome": "completed", "winner_team": 2, "duration_s": 525}, "Allies got through with 3:15 left."),
        ({"counted": False, "uncounted_reason": "bots took part"}, "Not counted: bots took part"),
        ({"outcome": None, "winner_team": None}, ""),
    ],
)
def test_a_round_says_why(changes: dict[str, object], line: str) -> None:
    assert round_card.card(ENGLISH, [a_half(**changes)], about=1).embeds[0].description == line


@pytest.mark.parametrize(("grade", "says"), [("A", ""), ("B", "Trust **B**"), ("D", "Trust **D**"), (None, "")])
def test_trust_is_told_when_it_is_not_the_best(grade: str | None, says: str) -> None:
    description = round_card.card(ENGLISH, [a_half(grade=grade)], about=1).embeds[0].description
    assert ("Trust" in description) == bool(says)
    assert says in description


def test_the_three_best_known_awards_are_told_each_to_somebody_else() -> None:
    given = [("Most deaths", "ann"), ("Most damage given", "bob"), ("Most revives", "bob"), ("Best K/D ratio", "cat"),
             ("Most useful kills", "ann")]  # fmt: skip
    awards = tuple(RoundAward(award=award, player=who, guid=None, value_text=" 3 ") for award, who in given)
    *_, field = round_card.card(ENGLISH, [replace(a_half(), awards=awards)], about=1).embeds[0].fields
    assert field.value.splitlines() == [
        "**bob** · Most damage given: 3", "**ann** · Most useful kills: 3", "**cat** · Best K/D ratio: 3",
    ]  # fmt: skip


def test_awards_can_be_asked_for_where_there_are_some() -> None:
    shown = buttons(round_card.card(ENGLISH, [a_half()], about=7))
    assert [(button.label, button.disabled) for button in shown] == [
        ("Full table", False), ("My line", False), ("Awards", True),
    ]  # fmt: skip
    assert {dict(button.press.options)["id"] for button in shown} == {"7"}


@pytest.mark.parametrize("words", [ENGLISH, words_for("de")])
@pytest.mark.parametrize("halves", [1, 2])
def test_a_crowded_round_of_hostile_names_fits(words: Words, halves: int) -> None:
    lines = [
        an_announced_line("`" * 35, guid=f"{team}{n}", team=team, kills=999, deaths=999, damage_given=99_999)
        for team in (1, 2, 3) for n in range(40)
    ]  # fmt: skip
    awards = tuple(RoundAward(award="Most revives", player=LONG, guid=None, value_text=LONG) for _ in range(50))
    crowded = replace(
        a_half(*lines, map=LONG, uncounted_reason="x" * 900, counted=False, grade="D", team_a=LONG, team_b=LONG,
               r1_attackers_team="A", map_winner="draw"), awards=awards,
    )  # fmt: skip
    _acceptable(round_card.card(words, [crowded] * halves, about=2**63 - 1))


def test_a_side_is_ranked_and_bots_are_marked() -> None:
    lines = [an_announced_line("first"), an_announced_line("bot", is_bot=True, kills=None, damage_given=None)]
    shown = list(_table_lines(round_card.card(ENGLISH, [a_half(*lines)], about=1)))
    assert shown[1:] == [
        "first             12/8  3.4k  15%   2",
        "bot (bot)            –     –  15%   2",
    ]
