"""The cards about players: what stands first, that every figure carries its n, that every button fits, in each
language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from etstats.cards import compare as compare_card
from etstats.cards import form as form_card
from etstats.cards import leaderboard as leaderboard_card
from etstats.cards import map as map_card
from etstats.cards import player as player_card
from etstats.cards import record as record_card
from etstats.cards import weapon as weapon_card
from etstats.cards.ask import asking, button
from etstats.cards.figure import bars, change, gap, lying_bar
from etstats.cards.text import PHONE_COLUMNS
from etstats.domain.compare import Ahead, Comparison, Encounters, Outcomes, Side
from etstats.domain.form import FIGURES, Form, SessionFigure, against_usual, leaning
from etstats.domain.form import SideSums as Sums
from etstats.domain.leaderboard import Board, Place, Ranking, Standing
from etstats.domain.map import MapFigures, PlayerOnMap
from etstats.domain.measure import MEANINGS, Measure
from etstats.domain.period import Period
from etstats.domain.player import Alias, Player, Profile, RecentSession, WeaponUse
from etstats.domain.record import Record, RecordFigure, Scope
from etstats.domain.weapon import LABELS, TopUser, WeaponComparison, WeaponFigures
from etstats.interactions.custom_id import seal
from etstats.interactions.reply import Menu, Message, Press, message_json
from etstats.words import LANGUAGES, Words, words_for
from local.discord_limits import check_message
from tests.builders import buttons
from tests.shown import table_lines, texts

ENGLISH, GERMAN = words_for("en"), words_for("de")
EVERY = [words_for(language) for language in LANGUAGES]
TODAY = date(2026, 1, 5)
WHEN = datetime(2025, 12, 30, 22, 0)
LONG = "W" * 35
HOSTILE = "```@everyone" + "|" * 23


def _fits(message: Message) -> None:
    """Discord takes it, a phone shows it, and every button's state is small enough for the longest user id."""
    assert check_message(message_json(message, _seal)) == []
    assert max(map(len, table_lines(message)), default=0) <= PHONE_COLUMNS


def _seal(press: Press) -> str:
    return seal(press, key=b"k", user_id=str(2**64 - 1), now_ms=2_000_000_000_000)


SUMS: dict[str, Any] = {
    "rounds": 20, "wins": 11, "played_s": 12_000, "alive_ms": 9_000_000, "kills": 200, "deaths": 100,
    "gun_hits": 2_000, "gun_shots": 5_000, "gun_headshot_hits": 300, "damage_given": 60_000, "damage_received": 50_000,
    "team_damage_given": 1_000, "gibs": 30, "self_kills": 4, "xp": 900, "max_killing_spree": 9, "kill_assists": 40,
    "objectives": 12, "times_revived": 33, "useful_kills": 90, "multikills": 17, "revives_given": 50,
    "revives_known_rounds": 10, "repairs_constructions": 6, "timed_rounds": 20, "timed_damage": 60_000,
    "judged_kills": 200, "events_known_rounds": 20, "repairs_known_rounds": 15,
}  # fmt: skip
NOTHING_KNOWN = {name: None for name in SUMS if name not in ("rounds", "revives_known_rounds")} | {
    "kills": 0, "deaths": 0, "gun_hits": 0, "gun_shots": 0, "gun_headshot_hits": 0, "revives_known_rounds": 0,
    "timed_rounds": 0, "events_known_rounds": 0, "repairs_known_rounds": 0,
}  # fmt: skip
HUGE = dict.fromkeys(SUMS, 10**15)


def _player(name: str = "mittens", **sums: Any) -> Player:
    told = SUMS | {"sessions": 4} | sums
    return Player(guid="0123ABCD", name=name, first_day=date(2025, 10, 2), last_day=WHEN.date(), **told)


def _on_map(map: str, *, rounds: int = 5, damage: int | None = 15_000, name: str = "mittens") -> PlayerOnMap:
    return PlayerOnMap(
        map=map, guid="0123ABCD", name=name, rounds=rounds, wins=2, played_s=3_000, kills=40, deaths=20,
        damage_given=damage, gun_hits=300, gun_shots=900, revives_given=None, revives_known_rounds=0,
    )  # fmt: skip


def _profile(player: Player, **parts: Any) -> Profile:
    usual: dict[str, Any] = {"recent": (), "weapons": (), "names": (), "maps": ()}
    return Profile(player=player, **(usual | parts))


def _recent(*damage: int | None) -> tuple[RecentSession, ...]:
    return tuple(
        RecentSession(last_at=WHEN, rounds=5, played_s=600, kills=9, deaths=6, damage_given=one) for one in damage
    )


def _rankings(rank: int | None) -> tuple[Ranking, ...]:
    return tuple(Ranking(measure=one, rank=rank, listed=14, enough_rounds=51) for one in player_card.RANKED)


def _stats(profile: Profile, words: Words = ENGLISH, *, rank: int | None = 3, map: str = "") -> Message:
    ranked = replace(profile, rankings=_rankings(rank))
    return player_card.card(words, ranked, period=Period.SEASON, map=map, today=TODAY)


# -- how figures are written -----------------------------------------------------------------------------------------


def test_bars_go_from_the_least_to_the_most() -> None:
    assert bars([1, None, 8, 4.5]) == "▁·█▅"
    assert (bars([5, 5]), bars([None]), bars([])) == ("▅▅", "", "")


@pytest.mark.parametrize(("figure", "bar"), [(10, "██"), (5, "█"), (2.5, "▌"), (0, ""), (None, ""), (-3, "")])
def test_a_lying_bar_is_as_long_as_its_share_of_the_most(figure: float | None, bar: str) -> None:
    assert lying_bar(figure, 10, 2) == bar


@pytest.mark.parametrize(("figure", "shown"), [(0.123, "+12%"), (-0.2, "−20%"), (0.004, "="), (0.0, "="), (None, "–")])
def test_a_change_has_its_sign(figure: float | None, shown: str) -> None:
    assert change(ENGLISH, figure) == shown


def test_a_gap_is_as_exact_as_what_it_is_a_gap_to() -> None:
    assert gap(ENGLISH, Measure.DPM, 6.789, 298.8) == "+6.8"
    assert gap(ENGLISH, Measure.KD, 0.123, 1.18) == "+0.12"
    assert gap(GERMAN, Measure.KILLS, 1_234, 9) == "+1.234"
    assert gap(ENGLISH, Measure.DISCIPLINE, 0.3, 2) == "−0.3%"


def test_a_button_that_cannot_be_pressed_asks_what_no_other_asks() -> None:
    press = asking("stats", player="#0123ABCD").but()
    assert button("again", press).press == press
    shown = button("shown", press, chosen=True)
    assert (shown.disabled, shown.press != press) == (True, True)


# -- /stats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "first"),
    [
        ((3_600, 3_000, 3_000), "▲ **20% above the usual**: 360.0 DPM last session, 300.0 before"),
        ((3_000, 3_600, 3_000), "▼ **9% below the usual**: 300.0 DPM last session, 330.0 before"),
        ((3_000, 3_000), "**Around the usual**: 300.0 DPM last session, 300.0 before"),
        ((3_000,), "300.0 DPM last session, the first of this part: nothing to compare with"),
        ((), "20 rounds in 4 sessions · 3 h 20 min in a team · 55% won"),
    ],
)
def test_a_profile_begins_with_the_form(damage: tuple[int, ...], first: str) -> None:
    message = _stats(_profile(_player(), recent=_recent(*damage)))
    assert message.embeds[0].description.split("\n")[0] == first


def test_every_figure_of_a_profile_has_its_rank_and_its_n() -> None:
    rows = {" ".join(line.split()[:-3]): line.split()[-3:] for line in table_lines(_stats(_profile(_player())))}
    assert rows["Damage/min"] == ["300.0", "#3/14", "20"]
    assert rows["K/D"] == ["2.00", "#3/14", "20"]
    assert rows["Accuracy"] == ["40.0%", "#3/14", "5.0k"]
    assert rows["Headshots"] == ["15.0%", "#3/14", "2.0k"]
    assert rows["Useful kills"] == ["45.0%", "#3/14", "200"]
    assert rows["Revives"] == ["50", "#3/14", "10"]
    assert rows["Time alive"] == ["75.0%", "#3/14", "20"]
    assert rows["Rounds won"] == ["11", "#3/14", "20"]


def test_who_has_no_rank_yet_is_told_what_it_takes() -> None:
    told = _stats(_profile(_player()), rank=None).embeds[0].description
    assert told.endswith("For a rank in everything: needs 51 rounds, has 20")
    assert "needs" not in _stats(_profile(_player())).embeds[0].description


def test_best_and_weakest_map_need_three_rounds_each() -> None:
    maps = [_on_map("supply"), _on_map("radar", damage=12_000), _on_map("ice", rounds=2, damage=99_000)]
    fields = {field.name: field.value for field in _stats(_profile(_player(), maps=tuple(maps))).embeds[0].fields}
    assert fields["Maps"] == "Best: **supply** 300.0 DPM (=, n=5)\nWeakest: **radar** 240.0 DPM (−20%, n=5)"
    fields = {field.name: field.value for field in _stats(_profile(_player(), maps=tuple(maps[1:]))).embeds[0].fields}
    assert fields["Maps"] == "Best and weakest map: needs two with 3 rounds each"


@pytest.mark.parametrize("words", EVERY, ids=LANGUAGES)
@pytest.mark.parametrize("name", [LONG, HOSTILE, ""])
@pytest.mark.parametrize("sums", [{}, NOTHING_KNOWN, HUGE], ids=["usual", "nothing known", "huge"])
def test_a_profile_of_anybody_fits(words: Words, name: str, sums: dict[str, Any]) -> None:
    weapons = [
        WeaponUse(weapon=key, rounds=9_999, hits=10**9, shots=10**9, kills=10**7, deaths=1, headshots=10**7)
        for key in list(LABELS)[:3]
    ]
    names = [Alias(name=HOSTILE, rounds=1, first_at=WHEN, last_at=WHEN)] * 3
    profile = _profile(
        _player(name, **sums), recent=_recent(*[10**9, None] * 5), weapons=tuple(weapons), names=tuple(names),
        maps=tuple(_on_map(map * 20) for map in ("`w", "_*")),
    )  # fmt: skip
    message = _stats(profile, words, map="ä" * 64)
    _fits(message)
    assert "–" in texts(message) or sums is not NOTHING_KNOWN


def test_a_rank_picture_says_what_is_lacking() -> None:
    drawn = player_card.picture(
        ENGLISH, _profile(_player(), rankings=_rankings(None)), period=Period.ALL, map="", today=TODAY
    )
    assert {one.sample for one in drawn.figures} == {"n 20, needs 51"}
    assert (drawn.subtitle, drawn.figures[0].text) == ("All time", "300.0")


# -- /leaderboard ----------------------------------------------------------------------------------------------------


def _standing(number: int, *, rank: int = 0) -> Standing:
    return Standing(
        rank=rank or number, guid=f"{number:08}", name=LONG, score=123_456.789, sample=1_234_567, rounds=100,
        listed=34, enough_rounds=20, enough_of_it=7,
    )  # fmt: skip


PLACE = Place(rank=14, score=9.5, rounds=90, enough_rounds=20, of_it=0, enough_of_it=0, gap=3.2)


def _leaderboard(
    measure: Measure, words: Words = ENGLISH, *, place: Place | None = None, map: str = "", page: int = 2
) -> Message:
    board = Board(page=page, standings=tuple(_standing(number) for number in range(1, 11)), place=place)
    return leaderboard_card.card(words, measure, board, me="00000004", period=Period.SEASON, map=map, today=TODAY)


@pytest.mark.parametrize("words", EVERY, ids=LANGUAGES)
@pytest.mark.parametrize("map", ["", "supply", "etl_frostbite_v2_final_really", "ä" * 64])
def test_every_leaderboard_fits_and_its_buttons_hold_what_was_asked(words: Words, map: str) -> None:
    for measure in Measure:
        message = _leaderboard(measure, words, map=map, place=PLACE)
        _fits(message)
        back, on, find = buttons(message)[:3]
        asked = dict(on.press.options)
        assert (asked["stat"], asked["period"], asked["page"]) == (measure.value, "season", "3")
        assert (dict(back.press.options).get("page"), dict(find.press.options)["page"]) == (None, "me")


def test_a_leaderboard_says_its_n_and_what_it_takes() -> None:
    for measure in Measure:
        needs = {Measure.ACCURACY: " and 7 shots", Measure.HEADSHOTS: " and 7 kills"}.get(measure, "")
        sample = ENGLISH(f"sample.{MEANINGS[measure].sample}")
        footer = _leaderboard(measure).embeds[0].footer
        assert footer == f"From 20 rounds{needs} on · 34 players · page 2 of 4\nn: {sample}"


def test_the_menu_changes_what_counts_and_offers_only_what_a_map_tells() -> None:
    (menu,) = (one for row in _leaderboard(Measure.KD).rows for one in row if isinstance(one, Menu))
    assert (menu.press.fills, len(menu.choices)) == ("stat", len(Measure))
    assert [one.value for one in menu.choices if one.chosen] == ["kd"]
    (menu,) = (one for row in _leaderboard(Measure.KD, map="ice").rows for one in row if isinstance(one, Menu))
    assert {one.value for one in menu.choices} == {one.value for one in Measure if MEANINGS[one].by_map}


def test_the_asker_is_told_where_he_stands() -> None:
    assert "You: **#14** with 9.50 (needs +3.20 for the next place)" in texts(_leaderboard(Measure.DPM, place=PLACE))
    first = replace(PLACE, rank=1, gap=None)
    assert "You: **#1** with 9.50" in texts(_leaderboard(Measure.DPM, place=first))
    few = replace(PLACE, rank=None, gap=None, rounds=5)
    assert "You are not listed yet: needs 20 rounds, has 5." in texts(_leaderboard(Measure.DPM, place=few))
    poor = replace(PLACE, rank=None, gap=None, of_it=30, enough_of_it=1_001)
    assert "needs 1,001 shots, has 30" in texts(_leaderboard(Measure.ACCURACY, place=poor))
    marked = [line for line in table_lines(_leaderboard(Measure.KILLS)) if line.startswith("▸")]
    assert [line.split()[1] for line in marked] == ["4"]


def test_the_first_page_says_who_leads_and_who_with_him() -> None:
    assert "🥇" not in texts(_leaderboard(Measure.KILLS))
    assert f"🥇 **{LONG}** leads with **123,457**" in texts(_leaderboard(Measure.KILLS, page=1))
    shared = Board(page=1, standings=tuple(_standing(number, rank=1) for number in (1, 2)), place=None)
    message = leaderboard_card.card(ENGLISH, Measure.KILLS, shared, me=None, period=Period.ALL, map="", today=TODAY)
    assert f"🥇 **{LONG}** shares the lead with 1 player: **123,457**" in texts(message)


# -- /compare --------------------------------------------------------------------------------------------------------


def _compared(*, rounds: int = 20, second: dict[str, Any] | None = None, name: str = "ole") -> Comparison:
    return Comparison(
        first=Side(guid="0123ABCD", name="mittens", **SUMS | {"rounds": rounds}),
        second=Side(guid="4567CDEF", name=name, **SUMS | (second or {})),
        together=Outcomes(won=3, lost=1, drawn=0),
        against=Outcomes(won=2, lost=5, drawn=1),
        encounters=Encounters(kills=12, deaths=7, rounds=4),
    )


def _comparison(found: Comparison, words: Words = ENGLISH) -> Message:
    return compare_card.card(words, found, period=Period.SEASON, today=TODAY)


def test_a_comparison_counts_who_is_ahead_and_marks_him() -> None:
    message = _comparison(_compared(second={"kills": 100, "judged_kills": 100, "timed_damage": 90_000}))
    # K/D falls to the first, damage and the share of useful kills to the second, the rest is even
    assert message.embeds[0].description.startswith("**mittens 1 : 2 ole** in 9 figures")
    marked = {line[:13].strip(): line[13:].split() for line in table_lines(message) if "▸" in line}
    assert marked == {
        "Damage/min": ["300.0", "▸", "450.0"], "K/D": ["▸", "2.00", "1.00"], "Useful kills": ["45.0%", "▸", "90.0%"],
    }  # fmt: skip
    assert [row.ahead for row in _compared().rows] == [Ahead.NOBODY] * 9


def test_nobody_is_ahead_by_less_than_is_shown() -> None:
    """300.0 and 300.02 damage a minute read the same, and so they count."""
    close = _compared(second={"timed_damage": 60_004})
    assert Ahead.SECOND in [row.ahead for row in close.rows]
    message = _comparison(close)
    assert message.embeds[0].description.startswith("**mittens 0 : 0 ole** in 9 figures")
    assert "▸" not in "".join(table_lines(message))
    assert {figure.ahead for figure in compare_card.picture(ENGLISH, close).figures} == {Ahead.NOBODY}


def test_nobody_is_ahead_with_too_few_rounds() -> None:
    message = _comparison(_compared(rounds=9, second={"kills": 1}))
    assert message.embeds[0].description.startswith("No winner yet: mittens needs 10 rounds, has 9.")
    assert "▸" not in "".join(table_lines(message))


def test_a_comparison_tells_of_maps_and_duels_with_their_n() -> None:
    assert [field.value for field in _comparison(_compared()).embeds[0].fields] == [
        "4 maps: 3 won, 1 lost, 0 drawn (75% won)",
        "**mittens 2 : 5 ole**, 1 drawn (n=8 maps)",
        "**mittens 12 : 7 ole** (n=4 rounds)",
    ]
    never = replace(_compared(), together=Outcomes(), against=Outcomes(), encounters=Encounters())
    assert [field.value for field in _comparison(never).embeds[0].fields] == [
        "No complete map yet", "No complete map yet", "Not known: no endstats file of a round both played",
    ]  # fmt: skip


@pytest.mark.parametrize("words", EVERY, ids=LANGUAGES)
@pytest.mark.parametrize("sums", [{}, NOTHING_KNOWN, HUGE], ids=["usual", "nothing known", "huge"])
@pytest.mark.parametrize("name", [LONG, HOSTILE, "日本の工兵日本の工兵日本"])
def test_a_comparison_with_anybody_fits(words: Words, sums: dict[str, Any], name: str) -> None:
    _fits(_comparison(_compared(second=sums, name=name), words))


# -- /form -----------------------------------------------------------------------------------------------------------


def _form(measure: Measure, *parts: tuple[int | None, int]) -> Form:
    sessions = tuple(SessionFigure(first_at=WHEN, rounds=5, part=part, whole=whole) for part, whole in parts)
    nothing = Sums(rounds=0, damage_given=0, played_s=0)
    return Form(
        name="mittens", measure=measure, sessions=sessions, usual=against_usual(measure, sessions), course=None,
        steady_rounds=4, consistency=None, latest_rounds=5, tiring=None, leaning=leaning(nothing, nothing),
    )  # fmt: skip


def _form_card(form: Form, words: Words = ENGLISH) -> Message:
    return form_card.card(words, "0123ABCD", LONG, form)


@pytest.mark.parametrize("words", EVERY, ids=LANGUAGES)
@pytest.mark.parametrize("measure", list(FIGURES))
def test_the_form_of_every_figure_fits(words: Words, measure: Measure) -> None:
    _fits(_form_card(_form(measure, *[(10**9, 7)] * 11), words))
    _fits(_form_card(_form(measure, (None, 0)), words))
    _fits(_form_card(_form(measure), words))


def test_too_little_for_a_verdict_says_how_much_it_takes() -> None:
    values = [field.value for field in _form_card(_form(Measure.DPM, (3_000, 600))).embeds[0].fields]
    assert values == [
        "needs 10 rounds in 30 days, has 4", "needs 6 rounds, has 5", "needs 10 rounds in 90 days, has 0",
    ]  # fmt: skip


def test_a_form_lists_each_session_against_the_usual() -> None:
    message = _form_card(_form(Measure.KILLS, (60, 5), (50, 5), (None, 5), (50, 5)))
    assert texts(message).split("\n")[1] == "▲ **20% above the usual**: 12.00 against 10.00"
    rows = [line.split()[:4] for line in table_lines(message)]
    assert [row[1:3] for row in rows[:4]] == [["5", "12.00"], ["5", "10.00"], ["5", "–"], ["5", "10.00"]]
    assert rows[0][3] == "+20%"
    assert rows[4][:2] == ["usual", "10.00"]


# -- /records --------------------------------------------------------------------------------------------------------


def _record(figure: RecordFigure = RecordFigure.KILLS, **changes: Any) -> Record:
    usual = Record(
        figure=figure, place=1, value=31, at=WHEN, guid="0123ABCD", name="then", now_called="mittens", map="supply",
        rounds=(1,),
    )  # fmt: skip
    return replace(usual, **changes)


def test_a_record_says_who_holds_it_since_when_and_who_is_next() -> None:
    found = [_record(), _record(place=2, value=29, now_called="ole", guid="4567CDEF")]
    told = record_card.card(ENGLISH, record_card.Wanted(scope=Scope.ROUND, today=TODAY), found).embeds[0].description
    assert told == "**Kills 31** · mittens\n↳ supply, 30 Dec 2025, held 6 days · then ole 29"
    fresh = record_card.Wanted(scope=Scope.ROUND, today=WHEN.date())
    assert "new today" in record_card.card(ENGLISH, fresh, found[:1]).embeds[0].description


@pytest.mark.parametrize("words", EVERY, ids=LANGUAGES)
@pytest.mark.parametrize("scope", list(Scope))
def test_records_of_hostile_names_and_maps_fit(words: Words, scope: Scope) -> None:
    for map in ("", "ä" * 64):
        for figure in (None, RecordFigure.DEFUSED):
            wanted = record_card.Wanted(scope=scope, today=TODAY, map=map, figure=figure)
            told = [
                _record(one, place=place, value=1e15, now_called=HOSTILE, map="m" * 64)
                for one in RecordFigure
                for place in (1, 2)
            ]
            _fits(record_card.card(words, wanted, told))
            _fits(record_card.by_map(words, wanted, [replace(one, map=f"{n}" * 64) for n, one in enumerate(told)]))
            _fits(record_card.of_player(words, wanted, told * 3))
            _fits(record_card.card(words, wanted, []))


# -- /maps and /weapons ----------------------------------------------------------------------------------------------


def _map(map: str = "supply", **changes: Any) -> MapFigures:
    usual = MapFigures(
        map=map, rounds=20, matches=9, axis_wins=8, allies_wins=12, defended=8, completed=12, given_up=3, mean_s=400.4,
        shortest_s=180, longest_s=720, fastest_s=201, fastest_at=WHEN, last_at=WHEN, kills=900, damage_given=300_000,
        played_s=60_000,
    )  # fmt: skip
    return replace(usual, **changes)


def test_a_map_tells_sides_times_the_best_and_ones_own() -> None:
    message = map_card.one(ENGLISH, _map(), [_standing(1)], [_on_map("supply"), _on_map("ice")], name="mittens")
    fields = {field.name: field.value.split("\n") for field in message.embeds[0].fields}
    assert message.embeds[0].description.split("\n")[0] == "**Defenders hold 40%** of 20 rounds"
    assert fields["Sides"] == [
        "Axis win 40%, Allies 60% (n=20 rounds)", "12 completed, 8 held, 3 of them given up",
    ]  # fmt: skip
    assert fields["Times"][:2] == [
        "Fastest attack **3:21** on Tue 30 Dec 2025", "Mean 6:40, 3:00 to 12:00 (played out)",
    ]  # fmt: skip
    assert fields["mittens here"] == ["**300.0 DPM** (=) · K/D 2.00 · 40% won · n=5"]
    held = map_card.one(ENGLISH, _map(fastest_s=None, fastest_at=None, mean_s=None), [], [], name="")
    assert [field.value.split("\n")[0] for field in held.embeds[0].fields][1:] == [
        "No attack has got through yet", "Nobody has played enough here yet",
    ]  # fmt: skip


@pytest.mark.parametrize("words", EVERY, ids=LANGUAGES)
def test_maps_of_any_name_and_number_fit(words: Words) -> None:
    many = [_map(f"{number}" + "`ä" * 31, rounds=10**6) for number in range(60)]
    own = [_on_map(one.map, rounds=10**6, damage=10**9, name=HOSTILE) for one in many]
    _fits(map_card.card(words, many, own, guid="0123ABCD"))
    _fits(map_card.card(words, many[:1], None, guid=None))
    _fits(map_card.of_player(words, "0123ABCD", own))
    _fits(map_card.one(words, many[0], [_standing(number) for number in range(5)], own, name="W" * 60))


def _weapon(key: str, **changes: Any) -> WeaponComparison:
    usual = WeaponComparison(
        weapon=key, rounds=20, hits=400, shots=1_000, kills=30, deaths=9, headshots=40, compared_with=5,
        median_accuracy=35.0, median_headshots=12.0, median_kills_per_round=1.2,
    )  # fmt: skip
    return replace(usual, **changes)


def _wanted(weapon: str = "", period: Period = Period.ALL) -> weapon_card.Wanted:
    return weapon_card.Wanted(period=period, weapon=weapon, today=TODAY)


def test_a_players_weapons_stand_against_the_median_once_he_is_surely_in_it() -> None:
    """Ten rounds put him into the group in few groups only; whom it is not made of has no arrow."""
    found = [_weapon("MP40", rounds=11), _weapon("COLT", rounds=10), _weapon("STEN", compared_with=2)]
    found.append(_weapon("LUGER", hits=300))
    message = weapon_card.of_player(ENGLISH, _wanted(), found, name="mittens", guid="0123ABCD")
    rows = {line.split()[0]: line.split()[2:4] for line in table_lines(message)}
    assert rows["MP40"] == ["40%▲", "10%▼"]
    assert rows["COLT".title()] == ["40%", "10%"]
    assert rows["Sten"] == ["40%", "10%"]
    assert rows["Luger"] == ["30%▼", "13%▲"]
    assert "accuracy with **1 of 2** weapons" in texts(message)
    assert "from 11 rounds on" in texts(message)


def test_a_gun_that_never_hit_a_head_has_none_of_a_hundred_and_a_grenade_no_figure_at_all() -> None:
    """Of 400 hits none to the head is known, and 0%; what cannot hit a head has no such figure."""
    found = [_weapon("COLT", headshots=0), _weapon("GRENADE", headshots=0, median_headshots=0.0)]
    message = weapon_card.of_player(ENGLISH, _wanted(), found, name="mittens", guid="0123ABCD")
    rows = {line.split()[0]: line.split()[3] for line in table_lines(message)}
    assert (rows["Colt"], rows["Grenade"]) == ("0%▼", "–")
    colt = WeaponUse(weapon="COLT", rounds=5, hits=40, shots=90, kills=3, deaths=1, headshots=0)
    uses = (colt, replace(colt, weapon="GRENADE"))
    stats = [line.split() for line in table_lines(_stats(_profile(_player(), weapons=uses)))]
    assert ["Colt", "3", "44%", "0%", "5"] in stats
    assert ["Grenade", "3", "44%", "–", "5"] in stats


@pytest.mark.parametrize("words", EVERY, ids=LANGUAGES)
def test_weapons_of_anybody_fit(words: Words) -> None:
    top = TopUser(guid="0123ABCD", name=HOSTILE, rounds=10**6, hits=10**9, shots=10**9, kills=10**6, headshots=10**6)
    every = [
        WeaponFigures(
            weapon=key, users=99, rounds=10**6, hits=10**9, shots=10**9, kills=10**6, deaths=9, headshots=10**6,
            top=(top,) * 5,
        )
        for key in LABELS
    ]  # fmt: skip
    own = [_weapon(key, rounds=10**6, kills=10**6, hits=10**9, shots=10**9) for key in LABELS]
    for period in Period:
        _fits(weapon_card.card(words, _wanted(period=period), every, guid="0123ABCD"))
        _fits(weapon_card.of_player(words, _wanted(period=period), own, name="W" * 60, guid="0123ABCD"))
        for figures in every:
            wanted = _wanted(figures.weapon, period)
            _fits(weapon_card.one(words, wanted, figures, own, name="W" * 60, guid="0123ABCD"))
            _fits(weapon_card.one(words, wanted, replace(figures, top=()), [], name="", guid=None))
