"""The cards about an evening, from hand-made facts: what they say, and that anything fits Discord and a phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etstats.cards import rounds as rounds_card
from etstats.cards import score as score_card
from etstats.cards.session import awards, maps, overview, table, view, weapons
from etstats.cards.session.view import View
from etstats.domain.award_endstats import RoundAward, often_won
from etstats.domain.award_session import given_awards
from etstats.domain.evening import Evening, PlayedRound, WeaponLine, best_of_maps
from etstats.domain.evening_index import evening_index
from etstats.domain.form import Verdict
from etstats.domain.headline import Headline
from etstats.domain.mvp import team_mvps
from etstats.domain.receipt import Receipt
from etstats.domain.round import VOIDED, Uncounted
from etstats.domain.rounds import ListedRound, Listing
from etstats.interactions.reply import Embed, Menu, Message
from etstats.words import LANGUAGES, words_for
from tests.builders import (
    a_played_line,
    a_played_map,
    a_played_round,
    a_played_session,
    a_round_line,
    an_evening,
    buttons,
)
from tests.shown import assert_acceptable, table_lines, texts

ENGLISH, GERMAN = words_for("en"), words_for("de")
LONG = "W" * 35
NASTY = (
    *("@everyone", "```\n# big", "**x** ||y|| `z`", "https://evil.example", "<@42> <#8>"),
    *("漢字" * 12, "\u202eevil", ""),
)
NOW = datetime(2025, 10, 3, tzinfo=UTC)


def shown(embed: Embed) -> Message:
    return Message(embeds=(embed,))


def two_teams(**parts: Any) -> Evening:
    lines = (a_played_line("mittens"), a_played_line("ole", guid="BBBB0001", team="B", kills=10, deaths=20))
    return an_evening(**({"maps": (a_played_map(),), "lines": lines} | parts))


def overview_of(evening: Evening, *headlines: Headline, language: str = "en") -> Message:
    lines = [
        a_round_line(line.guid, round_id=1 + at, team=1 if line.team == "A" else 2)
        for line in evening.lines
        for at in (0, 1)
    ]
    told = overview.card(
        words_for(language), evening, team_mvps(evening, lines), headlines, evening_index(evening)
    )  # fmt: skip
    return shown(told)


# --- the overview


def test_the_score_is_the_first_thing_said() -> None:
    message = overview_of(two_teams(session=a_played_session(score_a=4, score_b=2)))
    assert message.embeds[0].description.startswith("## A 4 : 2 B\n1 map · 2 rounds · 21:18–23:28")


def test_teams_are_called_what_people_call_them() -> None:
    told = texts(overview_of(two_teams(session=a_played_session(team_a="Foxes", team_b="*Wolves*"))))
    assert "## Foxes 2 : 0 \\*Wolves\\*" in told
    assert "Team A · Foxes · 2 points" in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "supply           8:45    held A"),
        ({"r1_attackers_team": "B", "winner_team": "B"}, "supply           held    8:45 B"),
        (
            {"winner": "r2_attackers", "winner_team": "B", "r2_time_s": 520},
            "supply           8:45    8:40 B by 0:05",
        ),
        ({"winner": "draw", "winner_team": "draw", "r1_time_s": None}, "supply           held    held draw"),
        ({"r2_gave_up": True}, "supply           8:45 gave up A"),
    ],
)
def test_each_map_tells_what_both_teams_needed_and_who_won(changes: dict[str, object], told: str) -> None:
    assert told in list(table_lines(overview_of(two_teams(maps=(a_played_map(**changes),)))))


def test_unknown_revives_are_a_dash_and_known_zero_is_zero() -> None:
    unknown = a_played_line("unknown", revives_given=None, revives_known_rounds=0)
    lines = (unknown, a_played_line("none", guid="2", revives_given=0))
    found = {line.split()[0]: line for line in table_lines(overview_of(an_evening(lines=lines))) if line}
    assert found["unknown"].split()[-1] == "–"
    assert found["none"].split()[-1] == "0"


def test_a_players_line_tells_over_how_many_rounds() -> None:
    (line,) = (one for one in table_lines(overview_of(two_teams())) if one.startswith("mittens"))
    # 6000 damage in 20 minutes; 300 of 900 shots hit, 45 of them a head
    assert line.split() == ["mittens", "2", "20/10", "300", "33", "15", "7"]


def a_headline(**changes: Any) -> Headline:
    usual = Headline(
        guid="1", name="vid", dpm=330, usual_dpm=300, sessions=7, verdict=Verdict.ABOVE, best=True
    )  # fmt: skip
    return replace(usual, **changes)


def test_headlines_say_how_far_from_the_usual_and_over_how_many_sessions() -> None:
    told = texts(overview_of(two_teams(), a_headline(), a_headline(dpm=290, verdict=Verdict.AROUND)))
    assert "▲ **vid** 330 DPM, 10% above the usual 300 (7 sessions) · better than in any of them" in told
    assert "≈ **vid** 290 DPM, around the usual 300 (7 sessions)\n" in told


def test_the_mvp_comes_with_the_figure_that_decided() -> None:
    best = [a_round_line("AAAA0001", round_id=at, kills=30, revives_given=0) for at in (1, 2)]
    rest = [a_round_line("AAAA0002", round_id=at, kills=10, revives_given=0) for at in (1, 2)]
    lines = (a_played_line("vid", guid="AAAA0001"), a_played_line("olz", guid="AAAA0002"))
    evening = an_evening(lines=lines, rounds=tuple(a_played_round(round_id=at, winner_team=1) for at in (1, 2)))
    told = texts(shown(overview.card(ENGLISH, evening, team_mvps(evening, [*best, *rest]), [], None)))
    # ¾ of the kills, half of the damage, no revives, alive as long: 0.569 and 0.361, each drawn half way to their mean
    assert "A **vid** 0.52, ahead of olz 0.41 · won 2 of 2 rounds · 75% of the team's kills" in told


def test_a_session_without_a_complete_map_has_no_score() -> None:
    alone = a_played_round(duration_s=300)
    told = texts(overview_of(an_evening(rounds=(alone,), lines=(a_played_line(team=None),))))
    assert "there is no score" in told
    assert "supply R1 · done in 5:00, the other round is missing" in told


def test_an_evening_on_which_nothing_counts_says_why() -> None:
    void = a_played_round(counted=False, reason=Uncounted.BOTS.value)
    told = texts(overview_of(an_evening(session=a_played_session(counted_rounds=0, rounds=1), rounds=(void,))))
    assert "0 of 1 round counted" in told
    assert "21:18 supply R1 · bots took part" in told


@pytest.mark.parametrize("reason", list(Uncounted))
def test_every_reason_is_told_in_the_readers_language(reason: Uncounted) -> None:
    evening = an_evening(rounds=(a_played_round(counted=False, reason=reason.value),))
    english, german = texts(overview_of(evening)), texts(overview_of(evening, language="de"))
    assert reason.value.split(",")[0] in english or reason is Uncounted.UNREADABLE
    assert reason.value not in german


def test_who_voided_a_round_is_quoted_and_cannot_format() -> None:
    evening = an_evening(rounds=(a_played_round(counted=False, reason=f"{VOIDED}**server lag** @here"),))
    assert "voided: \\*\\*server lag\\*\\* @\u200bhere" in texts(overview_of(evening))


def test_the_trust_grade_is_told_when_it_is_not_the_best() -> None:
    best = two_teams(rounds=(a_played_round(position=1), a_played_round(position=1)))
    assert "Trust" not in texts(overview_of(best))
    worse = two_teams(rounds=(a_played_round(position=1), a_played_round(position=1, grade="C")))
    assert "Trust: A × 1 · C × 1" in texts(overview_of(worse))


# --- the other views


def test_a_table_ranks_everybody_by_what_it_is_about() -> None:
    lines = (a_played_line("a", guid="1", damage_given=100), a_played_line("b", guid="2", damage_given=900, team="B"))
    told = list(table_lines(shown(table.card(ENGLISH, View.COMBAT, an_evening(lines=lines)))))
    assert [line.split()[:3] for line in told[1:]] == [["B", "b", "900"], ["A", "a", "100"]]


def test_time_dead_is_what_is_left_of_the_time_alive() -> None:
    told = list(table_lines(shown(table.card(ENGLISH, View.TIME, two_teams()))))
    assert told[1].split() == ["A", "mittens", "20:00", "5:00", "75%", "2:00"]


def test_a_clans_tag_is_left_out_where_there_is_little_room() -> None:
    lines = tuple(a_played_line(name, guid=name) for name in ("slomix.carniee", "slomix.olz", "vid"))
    told = "\n".join(table_lines(shown(table.card(ENGLISH, View.COMBAT, an_evening(lines=lines)))))
    assert "A carniee" in told
    assert "slomix" not in told


def test_weapons_tell_who_is_best_and_only_guns_have_an_accuracy() -> None:
    lines = [
        WeaponLine(weapon="MP40", guid="1", name="vid", rounds=2, hits=30, shots=100, kills=9, deaths=1, headshots=6),
        WeaponLine(weapon="MP40", guid="2", name="olz", rounds=2, hits=20, shots=100, kills=1, deaths=1, headshots=4),
        WeaponLine(weapon="GRENADE", guid="2", name="olz", rounds=2, hits=9, shots=5, kills=3, deaths=1, headshots=0),
    ]
    told = [line.split() for line in table_lines(shown(weapons.card(ENGLISH, two_teams(), lines)))]
    assert ["MP40", "10", "25%", "20%", "vid", "9"] in told
    assert ["Grenade", "3", "–", "–", "olz", "3"] in told
    assert ["olz", "MP40", "1", "20%", "20%"] in told


def test_who_shot_a_weapon_without_a_kill_is_in_its_accuracy() -> None:
    """30 of 100 shots, and 10 of 100 of somebody who killed nobody with it: 40 of 200, 8 of 40 to the head."""
    lines = [
        WeaponLine(weapon="COLT", guid="1", name="vid", rounds=2, hits=30, shots=100, kills=2, deaths=0, headshots=3),
        WeaponLine(weapon="COLT", guid="2", name="olz", rounds=2, hits=10, shots=100, kills=0, deaths=0, headshots=5),
        WeaponLine(weapon="LUGER", guid="2", name="olz", rounds=2, hits=10, shots=100, kills=0, deaths=0, headshots=5),
    ]
    told = [line.split() for line in table_lines(shown(weapons.card(ENGLISH, two_teams(), lines)))]
    assert ["Colt", "2", "20%", "20%", "vid", "2"] in told
    assert not any("olz" in line or "Luger" in line for line in told)


def test_the_best_of_a_map_is_who_did_most_damage_per_minute() -> None:
    lines = [a_round_line("AAAA0001", damage_given=900), a_round_line("AAAA0002", damage_given=3000, played_s=300)]
    moment = a_round_line("AAAA0003", damage_given=900, played_s=60)
    (best,) = best_of_maps(an_evening(maps=(a_played_map(),)), [*lines, moment])
    assert (best.name, best.dpm) == ("AAAA0002", 600)


def test_awards_tell_the_closest_second_and_the_games_own() -> None:
    lines = [a_played_line("a", gibs=30), a_played_line("b", guid="2", gibs=10)]
    own = [
        RoundAward(file_id=at, award="Most deaths", player=name, guid=None, value_text="9")
        for at, name in enumerate(("olz", "vid", "vid"))
    ]
    told = texts(shown(awards.card(ENGLISH, an_evening(), given_awards(lines), often_won(own))))
    assert "🧹 Cleanup Crew **a** – 15.0 gibs a round (30 in 2 rounds), then b 5.0" in told
    assert "Most deaths: **vid** 2 of 3 · olz 1" in told


def test_the_menu_changes_the_view_of_the_same_evening() -> None:
    menu = view.rows(ENGLISH, 35, View.MAPS)[0][0]
    assert isinstance(menu, Menu)
    assert (menu.press.command, menu.press.options, menu.press.fills) == ("session", (("when", "#z"),), "view")
    assert [choice.value for choice in menu.choices if choice.chosen] == ["maps"]


# --- the score


def test_the_score_tells_both_attacks_in_their_order_and_why() -> None:
    faster = a_played_map(
        position=2, r1_attackers_team="B", winner="r2_attackers", winner_team="A", r1_time_s=581, r2_time_s=502
    )
    draw = a_played_map(position=3, winner="draw", winner_team="draw", r1_time_s=None)
    message = score_card.card(ENGLISH, two_teams(maps=(a_played_map(), faster, draw)), [])
    assert list(table_lines(message)) == [
        " 1 supply                           A +2",
        "   A 8:45 → B held",
        " 2 supply                           A +2",
        "   B 9:41 → A 8:22  faster by 1:19",
        " 3 supply                            1:1",
        "   A held → B held  draw",
    ]


def test_line_ups_tell_who_came_went_and_changed_sides() -> None:
    played = [a_played_map(position=at, round1_id=2 * at, round2_id=2 * at + 1) for at in (1, 2, 3)]
    rounds = tuple(a_played_round(round_id=at, defender_team=1) for at in range(2, 8))

    def stood(guid: str, team: str, *positions: int) -> list[Any]:
        # A attacks first, so its first rounds are on the side of Allies
        return [a_round_line(guid, round_id=2 * at, team=2 if team == "A" else 1) for at in positions]

    lines = [*stood("vid", "A", 1, 2, 3), *stood("olz", "A", 1, 2), *stood("olz", "B", 3), *stood("new", "A", 1, 3)]
    evening = two_teams(
        maps=tuple(played), rounds=rounds, lines=tuple(a_played_line(n, guid=n) for n in ("vid", "olz"))
    )
    told = texts(score_card.card(ENGLISH, evening, lines))
    assert "Team A\nvid, olz (map 1–2), new (map 1, 3)" in told
    assert "Team B\nolz (map 3)" in told


def test_a_map_that_cannot_be_relied_on_says_so() -> None:
    evening = two_teams(rounds=(a_played_round(round_id=1, grade="A"), a_played_round(round_id=2, grade="D")))
    assert any("trust D  A +2" in line for line in table_lines(score_card.card(ENGLISH, evening, [])))


# --- rounds


def a_receipt(name: str = "supply.txt", **changes: Any) -> Receipt:
    seen = datetime(2025, 10, 2, 19, 20, tzinfo=UTC)
    usual = Receipt(
        name=name, state="published", fetched=True, seen_at=seen, stored_at=seen + timedelta(seconds=2),
        parsed_at=seen + timedelta(seconds=2), published_at=seen + timedelta(seconds=6), refusal_code=None,
        refusal=None, note=None,
    )  # fmt: skip
    return replace(usual, **changes)


def a_listed_round(played: PlayedRound | None = None, **changes: Any) -> ListedRound:
    usual = ListedRound(
        played=played or a_played_round(role="r1"), stats=a_receipt(), endstats=None, gametime=None,
        endstats_expected=False, replaced=False, demo_whole=None, doubts=(),
    )  # fmt: skip
    return replace(usual, **changes)


def rounds_of(*listed: ListedRound, language: str = "en", now: datetime = NOW, **more: Any) -> Message:
    listing = replace(Listing(rounds=listed, page=1, more=False), **more)
    return rounds_card.card(words_for(language), listing, session=a_played_session(), map="", asked=(), now=now)


def test_a_round_held_by_a_clock_of_six_seconds_is_not_held_beyond_its_limit() -> None:
    """7:50 were to be beaten; the clock stopped at 7:54."""
    held = a_played_round(role="r2", outcome="defended", limit_s=470, duration_s=474, gave_up=False)
    assert rounds_of(a_listed_round(held)).embeds[0].fields[0].name.endswith("held 7:50")


def test_a_receipt_tells_how_far_a_file_came_and_when() -> None:
    told = texts(rounds_of(a_listed_round()))
    assert "21:18 · supply R1 · done 8:45" in told
    assert "✔ stats: seen <t:1759432800:T>, stored +2 s, read +2 s, shown +6 s" in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"state": "seen", "fetched": False, "stored_at": None, "parsed_at": None, "published_at": None},
            "… stats: seen <t:1759432800:T> – fetched as soon as it is complete",
        ),
        ({"state": "parsed", "published_at": None}, "its card waits to be posted"),
        ({"state": "rejected", "refusal_code": "header_only"}, "✖ stats: it has a header but not one player"),
        ({"state": "rejected", "refusal_code": "new", "refusal": "some *fault*"}, "✖ stats: some \\*fault\\*"),
    ],
)
def test_a_receipt_tells_why_a_file_is_not_further(changes: dict[str, Any], told: str) -> None:
    assert told in texts(rounds_of(a_listed_round(stats=a_receipt(**changes))))


@pytest.mark.parametrize(
    ("whole", "doubts", "told"),
    [
        (True, (), "✔ demo: shows the whole round and agrees"),
        (False, (), "✔ demo: shows a part of the round and agrees"),
        (True, ("off_demo_kills",), "Trust C: a demo shows another number of kills\n✔ stats"),
        (True, ("off_demo_kills",), "✔ demo: shows the whole round and tells otherwise"),
    ],
)
def test_a_demo_is_named_among_the_sources(whole: bool, doubts: tuple[str, ...], told: str) -> None:
    played = a_played_round(role="r1", grade="C" if doubts else "A")
    assert told in texts(rounds_of(a_listed_round(played, demo_whole=whole, doubts=doubts)))
    assert "demo:" not in texts(rounds_of(a_listed_round()))


def test_what_has_not_come_is_missed_once_it_should_have() -> None:
    """The second round may take the time the first one took, and ten minutes."""
    alone = a_listed_round(a_played_round(role="r1_without_r2", time_s=525), endstats_expected=True)
    stored = datetime(2025, 10, 2, 19, 20, 2, tzinfo=UTC)
    told = [texts(rounds_of(alone, now=stored + timedelta(seconds=at))) for at in (599, 600, 600 + 525)]
    assert ["endstats: has not come" in one for one in told] == [False, True, True]
    assert ["second round's file has not come" in one for one in told] == [False, False, True]
    torn = a_listed_round(a_played_round(role="r2_without_r1"))
    assert "first round's file has not come" in texts(rounds_of(torn))
    begun_anew = a_listed_round(a_played_round(role="r1_without_r2"), replaced=True)
    assert "has not come" not in texts(rounds_of(begun_anew))


def test_a_grade_below_the_best_is_explained() -> None:
    doubted = a_listed_round(a_played_round(grade="C"), doubts=("off_kills", "mark_damaged_line", "unknown_revives"))
    assert "Trust C: kills and deaths differ; a player's line is damaged" in texts(rounds_of(doubted))
    assert "Note C: Kills und Tode weichen ab" in texts(rounds_of(doubted, language="de"))


def test_files_of_no_round_are_listed_and_pages_turned() -> None:
    other = a_receipt("2025-10-02-x_ws.txt", state="stored", note="kept", parsed_at=None, published_at=None)
    message = rounds_of(a_listed_round(), loose=(other,), page=2, more=True)
    assert "2025-10-02-x\\_ws.txt: seen" in texts(message)
    assert [dict(button.press.options)["page"] for button in buttons(message)[:2]] == ["1", "3"]


# --- everything fits


def the_largest(name: str) -> Evening:
    one = a_played_map(map=LONG, r1_time_s=5999, r2_time_s=5999, winner="r2_attackers", winner_team="B")
    lines = [
        a_played_line(name, guid=f"{team}{at:07}", team=team, kills=999, deaths=999, damage_given=999_999)
        for team in ("A", "B", None)
        for at in range(32)
    ]
    void = a_played_round(map=LONG, counted=False, reason=VOIDED + "x" * 500, grade="D")
    session = a_played_session(team_a=LONG, team_b=name, score_a=80, rounds=70, maps=40)
    return an_evening(session=session, maps=(one,) * 40, rounds=(void,) * 30, lines=tuple(lines))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [LONG, *NASTY])
def test_the_largest_evening_with_any_name_fits_discord_and_a_phone(name: str, language: str) -> None:
    words, evening = words_for(language), the_largest(name)
    lines = [a_round_line(line.guid, name=name, team=1 + (line.team == "B")) for line in evening.lines]
    guns = [
        WeaponLine(
            weapon=f"{key}{at}", guid=str(at), name=name, rounds=9, hits=9, shots=9, kills=9, deaths=9, headshots=9
        )
        for key in ("MP40", "x" * 30)
        for at in range(20)
    ]
    own = [RoundAward(file_id=1, award=f"{name} {at}", player=name, guid=None, value_text="9") for at in range(400)]
    cards = [table.card(words, one, evening) for one in table.TABLES]
    cards += [table.players(words, evening), weapons.card(words, evening, guns)]
    cards += [maps.card(words, evening, best_of_maps(evening, lines))]
    cards += [awards.card(words, evening, given_awards(evening.lines), often_won(own))]
    for message in [*map(shown, cards), score_card.card(words, evening, lines)]:
        assert_acceptable(message)
    assert_acceptable(overview_of(evening, *[a_headline(name=name)] * 3, language=language))
    loose = tuple(a_receipt(name or "x", state="rejected", refusal=name * 99) for _ in range(30))
    listed = a_listed_round(evening.rounds[0], endstats=a_receipt(), gametime=a_receipt(), doubts=("off_kills",) * 9)
    assert_acceptable(rounds_of(*[listed] * rounds_card.PAGE, loose=loose, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_evening_fits_too(language: str) -> None:
    words, evening = words_for(language), an_evening(session=a_played_session(maps=0, counted_rounds=0))
    cards = [table.card(words, one, evening) for one in table.TABLES]
    cards += [table.players(words, evening), weapons.card(words, evening, []), maps.card(words, evening, [])]
    cards += [awards.card(words, evening, [], [])]
    for message in [*map(shown, cards), score_card.card(words, evening, []), overview_of(evening, language=language)]:
        assert_acceptable(message)
    assert_acceptable(rounds_of(language=language))
