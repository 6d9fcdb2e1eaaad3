"""A rebuild's difference as an operator reads it."""

from __future__ import annotations

from typing import Any

from etstats.cards.difference import lines
from etstats.domain.difference import Change, Difference, Move, moves
from etstats.domain.measure import Measure

ROUND = {
    "round_id": 1,
    "session_id": 1,
    "written_at": "2026-03-06T21:10:00",
    "map": "supply",
    "number": 2,
    "counted": True,
    "uncounted_reason": None,
    "outcome": "completed",
    "lines_digest": "a",
    "formula_version": 1,
}
PLAYER = {"guid": "AAAA0001", "name": "ann", "kills": 1200, "rounds": 10, "gibs": 4}


def changed(row: dict[str, Any], **now: object) -> Change:
    return Change(before=row, after={**row, **now})


def told(**differs: Any) -> list[str]:
    return lines(Difference(files=3, corrections=0, rows={"round": 1}, **differs))


def test_no_difference_is_one_sentence() -> None:
    first, second = lines(Difference(files=1, corrections=2))
    assert first == "1 file computed again, 2 corrections in force."
    assert second.startswith("No difference")


def test_a_round_that_counts_no_more_says_why() -> None:
    found = told(rounds=(changed(ROUND, counted=False, uncounted_reason="voided: wrong config"),))
    assert "  2026-03-06 21:10 supply round 2: counts → does not count (voided: wrong config)" in found


def test_a_round_appears_vanishes_or_moves() -> None:
    found = told(
        rounds=(Change(before=None, after=ROUND), Change(before=ROUND, after=None), changed(ROUND, session_id=2))
    )
    assert [line.rpartition(": ")[2] for line in found if line.startswith("  2026")] == [
        "appears",
        "vanishes",
        "now of another gaming session",
    ]


def test_rounds_whose_lines_alone_differ_are_counted() -> None:
    found = told(rounds=(changed(ROUND, lines_digest="b"), changed(ROUND, lines_digest="c", formula_version=2)))
    assert "2 rounds in which only lines differ: in whose they are, or in their figures" in found
    assert not any(line.startswith("Rounds:") for line in found)


def test_other_definitions_are_told_first() -> None:
    found = told(formula_before=(1, 2), formula_after=(3,))
    assert found[1] == "Figures were computed by version 1 and 2 of their definitions, now by 3."


def test_of_a_player_the_figures_people_ask_for_are_told_and_the_others_counted() -> None:
    change = changed(PLAYER, kills=1100, rounds=9, gibs=3)
    assert "  ann (AAAA0001): kills 1,200 → 1,100, rounds 10 → 9, 1 other figure" in told(players=(change,))
    difference = Difference(files=1, corrections=0, rows={"player": 1}, players=(change,))
    assert "  ann (AAAA0001): kills 1,200 → 1,100, rounds 10 → 9, gibs 4 → 3" in lines(difference, full=True)


def test_a_name_cannot_play_tricks() -> None:
    [line] = [
        line for line in told(players=(changed({**PLAYER, "name": "a\u202eb\nc"}, kills=0),)) if "AAAA0001" in line
    ]
    assert line.startswith("  abc (AAAA0001): ")


def test_who_moves_is_told_by_measure_and_namesakes_with_their_guid() -> None:
    found = told(
        moves=(
            *moves(Measure.KILLS, {"A": (1, "ann"), "B": (2, "ann")}, {"A": (2, "ann"), "B": (1, "ann")}),
            *moves(Measure.XP, {"C": (1, "cat")}, {"D": (1, "dan")}),
        )
    )
    assert "  Kills: ann (B) 2 → 1, ann (A) 1 → 2" in found
    assert "  Experience: dan – → 1, cat 1 → –" in found


def test_who_keeps_his_rank_does_not_move() -> None:
    same = {"A": (1, "ann")}
    assert moves(Measure.KILLS, same, {**same, "B": (2, "ben")}) == [
        Move(measure=Measure.KILLS, guid="B", name="ben", before=None, after=2)
    ]


def test_long_lists_are_cut_unless_asked_for_in_full() -> None:
    many = Difference(files=1, corrections=0, rows={"round": 99}, rounds=(Change(before=None, after=ROUND),) * 99)
    assert "  … and 59 more (--full shows them)" in lines(many)
    assert sum("appears" in line for line in lines(many, full=True)) == 99


def test_files_the_bucket_lost_are_named() -> None:
    difference = Difference(files=1, corrections=0, lost=("stats/eu1/x.txt",))
    assert "  stats/eu1/x.txt" in lines(difference)
