from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from etstats.cards import export as export_card
from etstats.cards import last as last_card
from etstats.cards import leaderboard as leaderboard_card
from etstats.cards import round as round_card
from etstats.cards.text import ALLIES, AXIS, GREY, PHONE_COLUMNS
from etstats.domain.leaderboard import Standing
from etstats.domain.measure import MEANINGS, Measure
from etstats.domain.period import Period
from etstats.domain.table import Table
from etstats.interactions.custom_id import seal
from etstats.interactions.reply import Message, Press, message_json
from etstats.words import words_for
from local.discord_limits import check_message
from tests.builders import (
    a_lone_round,
    a_played_line,
    a_played_map,
    a_played_session,
    an_announced_line,
    an_announced_round,
    buttons,
)

ENGLISH = words_for("en")
LONG = "W" * 35


def _texts(message: Message) -> str:
    return "\n".join(
        "\n".join([embed.title, embed.description, *(f"{f.name}\n{f.value}" for f in embed.fields), embed.footer])
        for embed in message.embeds
    )


def _table_lines(message: Message) -> Iterator[str]:
    inside = False
    for line in _texts(message).split("\n"):
        if line.startswith("```"):
            inside = not inside
        elif inside:
            yield line


def _acceptable(message: Message) -> None:
    """Discord takes it, and its tables fit a phone."""
    assert check_message(message_json(message, lambda press: f"{press.command}{press.options}")) == []
    assert max(map(len, _table_lines(message)), default=0) <= PHONE_COLUMNS


def _session(**changes: object) -> Message:
    lines = [a_played_line("mittens"), a_played_line("ole", team="B", kills=10, deaths=20)]
    return last_card.card(ENGLISH, a_played_session(**changes), [a_played_map()], [], lines)


def test_the_score_is_the_first_thing_said() -> None:
    assert _session(score_a=4, score_b=2).embeds[0].description.startswith("## A 4 : 2 B")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "8:45   held  A held"),
        ({"winner": "r2_attackers", "winner_team": "B", "r2_time_s": 520}, "8:45   8:40  B faster"),
        ({"winner": "draw", "winner_team": "draw", "r1_time_s": None}, "held   held  draw"),
        ({"r2_gave_up": True}, "8:45  held†  A gave up"),
    ],
)
def test_each_map_says_its_times_and_why_it_was_won(changes: dict[str, object], told: str) -> None:
    message = last_card.card(ENGLISH, a_played_session(), [a_played_map(**changes)], [], [a_played_line()])
    assert any(line.endswith(told) for line in _table_lines(message)), _texts(message)
    assert ("gave up" in _texts(message)) is ("†" in told)


def test_a_round_that_does_not_count_is_listed_with_its_reason() -> None:
    lone = [a_lone_round(reason="replaced by a round with other players")]
    message = last_card.card(ENGLISH, a_played_session(), [a_played_map()], lone, [a_played_line()])
    assert "supply R1 · replaced by a round with other players" in _texts(message)


def test_unknown_revives_are_a_dash_and_known_zero_is_zero() -> None:
    unknown = a_played_line("unknown", revives_given=None, revives_known_rounds=0)
    none = a_played_line("none", revives_given=0)
    lines = {line.split()[0]: line for line in _table_lines(_last([unknown, none]))}
    assert lines["unknown"].split()[-1] == "–"
    assert lines["none"].split()[-1] == "0"


def _last(lines: list[object]) -> Message:
    return last_card.card(ENGLISH, a_played_session(), [a_played_map()], [], lines)  # type: ignore[arg-type]


def test_a_session_of_the_largest_size_fits_discord_and_a_phone() -> None:
    maps = [a_played_map(map=LONG, r1_time_s=5999, r2_time_s=5999, r2_gave_up=True, winner="r2_attackers")] * 40
    lone = [a_lone_round(map=LONG, reason="x" * 200)] * 30
    lines = [a_played_line(LONG, team=team, kills=999, deaths=999) for team in ("A", "B", None) for _ in range(32)]
    _acceptable(last_card.card(ENGLISH, a_played_session(), maps, lone, lines))


def test_a_session_without_a_complete_map_has_no_score() -> None:
    message = last_card.card(
        ENGLISH, a_played_session(maps=0), [], [a_lone_round(counted=True)], [a_played_line(team=None)]
    )
    assert "there is no score" in _texts(message)
    assert "done in 5:00, the other round is missing" in _texts(message)


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


def _standing(number: int) -> Standing:
    return Standing(
        rank=number, guid=f"{number:08}", name=LONG, score=123456.789, sample=1_234_567,
        rounds=100, listed=34, enough_rounds=20, enough_of_it=7,
    )  # fmt: skip


def _leaderboard(measure: Measure, *, period: Period = Period.ALL, map: str = "", page: int = 2) -> Message:
    ten = [_standing(number) for number in range(1, 11)]
    return leaderboard_card.card(ENGLISH, measure, ten, period=period, map=map, today=date(2026, 1, 5), page=page)


@pytest.mark.parametrize("measure", list(Measure))
def test_every_leaderboard_fits_and_says_its_n_and_what_it_takes(measure: Measure) -> None:
    message = _leaderboard(measure)
    _acceptable(message)
    footer = message.embeds[0].footer
    needs = {Measure.ACCURACY: " and 7 shots", Measure.HEADSHOTS: " and 7 kills"}.get(measure, "")
    assert footer == f"From 20 rounds{needs} on · 34 players · page 2 of 4\nn: {MEANINGS[measure].sample}"
    back, forth = buttons(message)
    assert back.press == Press(command="leaderboard", options=(("by", measure.value), ("page", "1")))
    assert (forth.press.options[1], forth.disabled, back.disabled) == (("page", "3"), False, False)


@pytest.mark.parametrize("map", ["supply", "etl_frostbite_v2_final_really", "ä" * 64])
def test_the_buttons_of_any_leaderboard_of_a_part_hold_what_was_asked(map: str) -> None:
    for measure in Measure:
        message = _leaderboard(measure, period=Period.SEASON, map=map, page=2)
        _acceptable(message)
        press = buttons(message)[1].press
        assert press.options[:2] == (("by", measure.value), ("period", "season"))
        seal(press, key=b"k", user_id=str(2**64 - 1), now_ms=2_000_000_000_000)  # refuses more than Discord takes


def test_a_leaderboard_of_a_part_says_which() -> None:
    assert _leaderboard(Measure.KILLS, period=Period.SEASON, map="et_ice").embeds[0].title == (
        "Leaderboard · Kills · Spring 2026 season · et\\_ice"
    )


def test_a_name_cannot_become_a_formula_in_a_spreadsheet() -> None:
    table = Table(name="players", columns=("name", "damage"), rows=(('=HYPERLINK("http://x")', None),))
    message = export_card.card("", [table, Table(name="maps", columns=(), rows=())], stem="me", as_json=False)
    (file,) = message.files
    assert file.name == "me-players.csv"
    assert file.content.decode("utf-8-sig") == 'name,damage\r\n"\'=HYPERLINK(""http://x"")",\r\n'
