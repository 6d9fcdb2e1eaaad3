"""The rules of an evening: pairing, taking round 2 apart, what counts, teams and score."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from etstats.domain.identity import file_id
from etstats.domain.round import DurationSource, Outcome, PlayerRound, Role, Round, Source
from etstats.domain.session import Session, StoredFile, sessions
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name, read

FIRST = a_file(a_header(), [a_line()])


def evening(*files: tuple[str, bytes]) -> list[Session]:
    return sessions(StoredFile(file_id=file_id("eu1", name), file=read(name, content)) for name, content in files)


def rounds(*files: tuple[str, bytes]) -> tuple[Round, ...]:
    [session] = evening(*files)
    return session.rounds


def player(played: Round, guid: str = "AAAA0001") -> PlayerRound:
    return next(player for player in played.players if player.guid == guid)


def second(*lines: str, limit: str = "12:00", winner: int = 1) -> bytes:
    return a_file(a_header(number=2, limit=limit, winner=winner), lines or [a_line(counter=1)])


def test_round_two_leaves_out_what_round_one_already_counted() -> None:
    one = a_line(weapons={"MP40": (10, 50, 3, 2, 1)}, damage_given=800, xp=20, alive_pct=90.0, time_played_min=10.0)
    two = a_line(
        counter=1,
        weapons={"MP40": (10, 50, 3, 4, 1), "COLT": (2, 5, 1, 0, 1)},
        damage_given=1900,
        xp=35,
        alive_pct=80.0,
        time_played_min=17.7,
    )
    _, played = rounds((a_name(), a_file(a_header(), [one])), (a_name(number=2, minute=9), second(two)))
    figures = player(played)
    assert figures.source is Source.DIFFERENCE
    assert (figures.kills, figures.deaths, figures.damage_given, figures.xp) == (1, 2, 1100, 35)
    assert figures.played_s == 462
    # 80 % of 1062 s less 90 % of 600 s
    assert figures.alive_ms == pytest.approx(1000 * (0.8 * 1062 - 0.9 * 600), abs=50)
    assert figures.weapons == {4: (0, 0, 0, 2, 0), 3: (2, 5, 1, 0, 1)}


def test_time_is_taken_in_tenths_of_minutes_so_no_second_is_lost() -> None:
    _, played = rounds(
        (a_name(), a_file(a_header(), [a_line(time_played_min=3.3)])),
        (a_name(number=2, minute=9), second(a_line(counter=1, time_played_min=8.6))),
    )
    assert player(played).played_s == 318  # 5.3 minutes; through floats 5.299999…


def test_who_reconnected_in_round_two_counts_from_zero() -> None:
    _, played = rounds(
        (a_name(), a_file(a_header(), [a_line(counter=0, damage_given=900), a_line("BBBB0001")])),
        (
            a_name(number=2, minute=9),
            second(a_line(counter=0, damage_given=950), a_line("BBBB0001", counter=1, time_played_min=15)),
        ),
    )
    assert (player(played).source, player(played).damage_given) == (Source.COUNTER_RESET, 950)
    assert player(played, "BBBB0001").source is Source.DIFFERENCE


def test_a_sum_that_fell_tells_a_reset_too() -> None:
    _, played = rounds(
        (a_name(), a_file(a_header(), [a_line(counter=1, damage_given=900)])),
        (a_name(number=2, minute=9), second(a_line(counter=2, damage_given=300))),
    )
    assert (player(played).source, player(played).damage_given) == (Source.COUNTER_RESET, 300)


def test_who_joined_in_round_two_has_only_that() -> None:
    _, played = rounds((a_name(), FIRST), (a_name(number=2, minute=9), second(a_line(counter=1), a_line("CCCC0001"))))
    assert player(played, "CCCC0001").source is Source.JOINED_IN_ROUND2


def test_who_left_after_round_one_is_carried_along_without_taking_part() -> None:
    _, played = rounds((a_name(), FIRST), (a_name(number=2, minute=9), second(a_line(counter=1, team=3))))
    assert not player(played).took_part


def test_a_damaged_line_in_round_one_leaves_round_two_unknown() -> None:
    torn = a_line().replace("30 100", "30")
    _, played = rounds((a_name(), a_file(a_header(), [torn])), (a_name(number=2, minute=9), second()))
    assert (player(played).source, player(played).kills) == (Source.PARTNER_MALFORMED, None)


def test_a_second_round_alone_keeps_only_what_restarts_each_round() -> None:
    [played] = rounds((a_name(number=2), second(a_line(counter=1, xp=40))))
    assert (played.role, played.counted) == (Role.R2_WITHOUT_R1, False)
    assert (player(played).xp, player(played).damage_given, player(played).kills) == (40, None, None)


def test_a_second_round_later_than_45_minutes_has_no_first() -> None:
    first, played = rounds((a_name(), FIRST), (a_name(number=2, minute=45.1), second()))
    assert (first.role, played.role) == (Role.R1_WITHOUT_R2, Role.R2_WITHOUT_R1)


def test_a_second_round_must_have_the_limit_its_first_one_set() -> None:
    first, played = rounds((a_name(), FIRST), (a_name(number=2, minute=9), second(limit="7:31")))
    assert (first.role, played.role) == (Role.R1_WITHOUT_R2, Role.R2_WITHOUT_R1)
    assert "limit_differs_from_round_1" in played.oddities


def test_the_same_map_twice_in_a_row_pairs_in_order() -> None:
    played = rounds(*a_match(minute=0), *a_match(minute=20))
    assert [one.role for one in played] == [Role.R1, Role.R2, Role.R1, Role.R2]
    assert played[2].partner_id == played[3].round_id


def test_equal_stamps_are_ordered_by_round() -> None:
    played = rounds((a_name(number=2), second()), (a_name(), FIRST))
    assert [one.role for one in played] == [Role.R1, Role.R2]


def test_a_first_round_begun_anew_does_not_count() -> None:
    other = a_file(a_header(), [a_line("BBBB0001")])
    replaced, kept = rounds((a_name(), FIRST), (a_name(minute=12), other))
    assert (replaced.counted, replaced.replaced_by, kept.counted) == (False, kept.round_id, True)
    assert "replaced_other_roster" in replaced.oddities


def test_a_map_played_again_after_its_second_round_is_no_restart() -> None:
    assert all(played.counted for played in rounds(*a_match(minute=0), (a_name(minute=20), FIRST)))


def test_a_first_round_broken_off_is_named_round_two_and_betrayed_by_its_counters() -> None:
    [played] = rounds((a_name(number=2), second(a_line(counter=0), a_line("BBBB0001", counter=0))))
    assert (played.role, played.counted) == (Role.ABORTED_R1, False)


@pytest.mark.parametrize(("minutes", "evenings"), [(60, 1), (60.02, 2)])
def test_a_gap_of_more_than_an_hour_begins_another_evening(minutes: float, evenings: int) -> None:
    assert len(evening((a_name(), FIRST), (a_name(minute=minutes, map="adler"), FIRST))) == evenings


def test_midnight_means_nothing() -> None:
    [session] = evening(*a_match(minute=175))
    assert session.crosses_midnight
    assert session.first_at == EVENING + timedelta(minutes=175)
    assert len(session.matches) == 1


def test_a_late_file_joins_two_evenings() -> None:
    ends = [(a_name(), FIRST), (a_name(minute=110, map="adler"), FIRST)]
    assert len(evening(*ends)) == 2
    [session] = evening(*ends, (a_name(minute=55, map="radar"), FIRST))
    assert session.session_id == file_id("eu1", ends[0][0])


@pytest.mark.parametrize(
    ("first_winner", "after", "second_winner", "score"),
    [
        (2, "8:00", 1, (2, 0)),  # taken in 8:00, then held: the first attackers
        (2, "8:00", 2, (0, 2)),  # taken in 8:00, then faster: the second attackers
        (1, "12:00", 2, (0, 2)),  # held, then taken
        (1, "12:00", 1, (1, 1)),  # held twice
    ],
)
def test_stopwatch_score(first_winner: int, after: str, second_winner: int, score: tuple[int, int]) -> None:
    lines = [a_line("AAAA0001", team=2), a_line("BBBB0001", team=1)]
    swapped = [a_line("AAAA0001", team=1, counter=1), a_line("BBBB0001", team=2, counter=1)]
    [session] = evening(
        (a_name(), a_file(a_header(winner=first_winner, after=after), lines)),
        (a_name(number=2, minute=9), a_file(a_header(number=2, winner=second_winner, limit=after), swapped)),
    )
    assert (session.score_a, session.score_b) == score


def test_teams_follow_their_rosters_not_their_sides() -> None:
    """The second map begins with the other team attacking, and one of its players was replaced."""
    first = a_match(minute=0)
    one, two = a_match(minute=20, map="adler")
    swap = {b"AAAA0001": b"BBBB0001", b"AAAA0002": b"CCCC0001", b"BBBB0001": b"AAAA0001", b"BBBB0002": b"AAAA0002"}

    def swapped(content: bytes) -> bytes:
        for guid in swap:
            content = content.replace(guid, b"@" + guid)
        for guid, other in swap.items():
            content = content.replace(b"@" + guid, other)
        return content

    [session] = evening(*first, (one[0], swapped(one[1])), (two[0], swapped(two[1])))
    assert [match.r1_attackers_team for match in session.matches] == ["A", "B"]
    assert (session.score_a, session.score_b) == (2, 2)
    assert {p.guid: p.team for p in session.players} == {
        **dict.fromkeys(("BBBB0001", "BBBB0002", "CCCC0001"), "A"),
        **dict.fromkeys(("AAAA0001", "AAAA0002"), "B"),
    }


def test_a_round_with_bots_does_not_count() -> None:
    [played] = rounds((a_name(), a_file(a_header(), [a_line(), a_line("OMNIBOT0", name="[BOT]Otto")])))
    assert (played.counted, played.uncounted_reason) == (False, "bots took part")


def test_two_bots_share_a_guid_but_not_their_figures() -> None:
    bots = [a_line("OMNIBOT0", name="[BOT]Otto", damage_given=100), a_line("OMNIBOT0", name="[BOT]Fritz")]
    [played] = rounds((a_name(), a_file(a_header(), bots)))
    assert [one.name for one in played.players] == ["[BOT]Otto", "[BOT]Fritz"]


@pytest.mark.parametrize(
    ("header", "minutes", "found"),
    [
        (a_header(winner=2, after="8:03"), 8.0, (483, DurationSource.HEADER)),
        (a_header(winner=1) + "\\431250", 7.2, (431, DurationSource.PLAYTIME)),
        (a_header(winner=1) + "\\431", 7.2, (431, DurationSource.PLAYTIME)),
        (a_header(winner=1) + "\\-5", 7.2, (432, DurationSource.CLOCK)),
        (a_header(winner=1, after="71:05"), 12.0, (720, DurationSource.CLOCK)),
    ],
)
def test_where_a_duration_comes_from(header: str, minutes: float, found: tuple[int, DurationSource]) -> None:
    [played] = rounds((a_name(), a_file(header, [a_line(time_played_min=minutes)])))
    assert (played.duration_s, played.duration_source) == found


@pytest.mark.parametrize(("minutes", "given_up"), [(12.0, False), (11.9, False), (11.7, True)])
def test_a_held_round_well_short_of_its_limit_was_given_up(minutes: float, given_up: bool) -> None:
    [played] = rounds((a_name(), a_file(a_header(winner=1), [a_line(time_played_min=minutes)])))
    assert (played.outcome, played.ended_early) == (Outcome.DEFENDED, given_up)


def test_an_unknown_figure_stays_unknown_in_the_evenings_sums() -> None:
    old = a_file(a_header(), [a_line(fields=37)])
    [session] = evening((a_name(), old))
    assert session.players[0].sums["revives_given"] is None
    [mixed] = evening((a_name(), old), (a_name(minute=30, map="adler"), a_file(a_header(), [a_line(revives_given=3)])))
    assert (mixed.players[0].sums["revives_given"], mixed.players[0].revives_known_rounds) == (3, 1)


def test_the_name_is_the_latest_one() -> None:
    files = [
        (a_name(minute=at, map=f"m{at}"), a_file(a_header(), [a_line(name=name)])) for at, name in ((0, "z"), (9, "a"))
    ]
    [session] = evening(*files)
    assert session.players[0].name == "a"


def test_files_in_any_order_give_the_same_sessions() -> None:
    files = [
        *a_match(minute=0),
        *a_match(minute=25, map="adler"),
        *a_match(minute=120),
        (a_name(number=2, minute=52), b""),
    ]
    expected = evening(*files)
    for seed in range(20):
        shuffled = files.copy()
        random.Random(seed).shuffle(shuffled)
        assert evening(*shuffled) == expected


def test_what_is_remembered_of_the_evenings_other_files_changes_nothing() -> None:
    """A file after the other, each time with all before it, as a warm function computes them."""
    again = a_file(a_header(), [a_line(), a_line("CCCC0001", damage_given=50)])
    files = [*a_match(), *a_match(minute=25, map="adler"), (a_name(minute=50), FIRST), (a_name(minute=60), again)]
    stored = [StoredFile(file_id=file_id("eu1", name), file=read(name, content)) for name, content in files]
    for count in range(1, len(files) + 1):
        assert sessions(stored[:count]) == evening(*files[:count])
    late = [*stored[:2], *stored[3:]]
    assert sessions(late) == evening(*files[:2], *files[3:])
    assert sessions(stored) == evening(*files)
