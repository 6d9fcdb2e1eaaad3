from __future__ import annotations

import pytest

from etstats.cards import export as export_card
from etstats.cards import round as round_card
from etstats.cards.text import ALLIES, AXIS, GREY
from etstats.domain.table import Table
from etstats.words import words_for
from tests.builders import (
    an_announced_line,
    an_announced_round,
)
from tests.shown import assert_acceptable as _acceptable
from tests.shown import table_lines as _table_lines

ENGLISH = words_for("en")
LONG = "W" * 35


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
    embed = round_card.card(ENGLISH, an_announced_round(**changes), [an_announced_line()]).embeds[0]
    assert (embed.title, embed.colour) == (title, colour)


def test_the_second_round_tells_what_became_of_the_map() -> None:
    known = {"map_winner_team": "B", "r1_attackers_team": "A", "score_a": 2, "score_b": 4, "r1_time_s": 525}
    done = an_announced_round(map_winner="r2_attackers", r2_time_s=500, outcome="completed", winner_team=2, **known)
    description = round_card.card(ENGLISH, done, [an_announced_line()]).embeds[0].description
    assert description == "**Map to team B** · faster, 8:20 against 8:45\nScore so far: **A 2 : 4 B**"


def test_in_round_two_the_first_attackers_defend() -> None:
    played = an_announced_round(map_winner="draw", map_winner_team="draw", r1_attackers_team="A", score_a=1, score_b=1)
    fields = round_card.card(ENGLISH, played, [an_announced_line(team=1), an_announced_line(team=2)]).embeds[0].fields
    assert [field.name for field in fields] == ["Allies · attack · team B", "Axis · defend · team A"]


def test_a_crowded_round_of_hostile_names_fits() -> None:
    lines = [an_announced_line("`" * 35, team=team, kills=999, deaths=999) for team in (1, 2, 3) for _ in range(40)]
    _acceptable(
        round_card.card(ENGLISH, an_announced_round(map=LONG, uncounted_reason="x" * 900, counted=False), lines)
    )


def test_a_side_is_ranked_and_bots_are_marked() -> None:
    lines = [an_announced_line("first"), an_announced_line("bot", is_bot=True, kills=None, damage_given=None)]
    shown = list(_table_lines(round_card.card(ENGLISH, an_announced_round(), lines)))
    assert shown[1:] == ["first           12/8  3.4k", "bot (bot)          –     –"]


def test_a_name_cannot_become_a_formula_in_a_spreadsheet() -> None:
    table = Table(name="players", columns=("name", "damage"), rows=(('=HYPERLINK("http://x")', None),))
    message = export_card.card("", [table, Table(name="maps", columns=(), rows=())], stem="me", as_json=False)
    (file,) = message.files
    assert file.name == "me-players.csv"
    assert file.content.decode("utf-8-sig") == 'name,damage\r\n"\'=HYPERLINK(""http://x"")",\r\n'
