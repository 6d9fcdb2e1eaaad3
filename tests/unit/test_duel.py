"""Whose duels: as the writer says, or where only one reading fits; never a guess."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.domain.award import Duel
from etstats.domain.duel import owners
from etstats.parsing.endstats_file import read_endstats_file
from etstats.parsing.filename import read_name
from tests.corpus import endstats_files, needs_corpus


def rows(*told: tuple[str, int, int]) -> list[Duel]:
    return [Duel(subject=None, subject_guid=None, opponent=name, kills=k, deaths=d) for name, k, d in told]


def fought(axis: list[str], allies: list[str], seed: int) -> tuple[list[Duel], list[str]]:
    """A round's duels as a writer without owner marks leaves them, and whose they are."""
    dice = random.Random(seed)
    killed = {(a, b): dice.randint(0, 6) for a in axis + allies for b in axis + allies if (a in axis) != (b in axis)}
    players = axis + allies
    dice.shuffle(players)
    duels, truth = [], []
    for owner in players:
        block = [
            (b, killed[owner, b], killed[b, owner]) for a, b in killed if a == owner and killed[a, b] + killed[b, a]
        ]
        for opponent, kills, deaths in sorted(block, key=lambda row: -row[1]):
            duels += rows((opponent, kills, deaths))
            truth.append(owner)
    return duels, truth


def test_a_file_that_says_whose_they_are_is_believed() -> None:
    told = [Duel(subject="olz", subject_guid="D8423F90", opponent="vid", kills=2, deaths=0)]
    assert owners(told, {}) == ("olz",)


def test_two_players_cannot_be_told_from_anything_but_each_other() -> None:
    assert owners(rows(("vid", 3, 1), ("olz", 1, 3)), {}) == ("olz", "vid")


def test_a_duel_that_nobody_tells_from_the_other_side_leaves_all_unknown() -> None:
    assert owners(rows(("vid", 3, 1), ("olz", 1, 2)), {}) == (None, None)


def test_two_readings_are_none() -> None:
    """a and b both met x and y with the same result: nothing says which of them a block belongs to."""
    told = rows(("x", 1, 1), ("y", 1, 1), ("x", 1, 1), ("y", 1, 1), ("a", 1, 1), ("b", 1, 1), ("a", 1, 1), ("b", 1, 1))
    assert owners(told, {}) == (None,) * 8


def test_nobody_fights_himself() -> None:
    assert owners(rows(("vid", 1, 1)), {}) == (None,)


def test_a_block_is_sorted_by_kills_so_a_row_with_more_begins_another() -> None:
    """y met a and b alike. The middle rows are a's and b's: x's two kills before y's three cannot be one block."""
    told = rows(("a", 4, 3), ("b", 4, 3), ("y", 3, 4), ("x", 2, 5), ("y", 3, 4), ("b", 5, 2))
    assert owners(told, {}) == ("y", "y", "b", "b", "a", "x")


@pytest.mark.parametrize("seed", range(40))
def test_what_is_found_is_the_truth(seed: int) -> None:
    size = random.Random(seed).randint(1, 6)
    axis, allies = [f"x{n}" for n in range(size)], [f"y{n}" for n in range(size)]
    duels, truth = fought(axis, allies, seed)
    teams = dict.fromkeys(axis, 1) | dict.fromkeys(allies, 2)
    for found in (owners(duels, {}), owners(duels, teams)):
        assert all(name in (None, owner) for name, owner in zip(found, truth, strict=True))


def test_most_of_an_evening_can_be_told() -> None:
    found = [owners(fought([*"abcd"], [*"wxyz"], seed)[0], {}) for seed in range(30)]
    assert sum(None not in one for one in found) >= 25


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2), st.integers(0, 2)), max_size=40))
def test_any_rows_come_to_an_end(told: list[tuple[str, int, int]]) -> None:
    assert len(owners(rows(*told), {})) == len(told)


@needs_corpus
def test_the_real_file_without_marks_has_one_reading() -> None:
    """And in that reading its six players are two sides, of which no player fights his own."""
    [path] = endstats_files()
    file = read_endstats_file(read_name(path.name), path.read_bytes())
    found = owners(file.duels, {})
    assert None not in found
    blocks = {
        name: {duel.opponent for owner, duel in zip(found, file.duels, strict=True) if owner == name} for name in found
    }
    assert blocks["bronze."] == blocks["vid"] == blocks["v_kt_r"] == {"carniee", "SuperBoyy", ".olz"}
    assert blocks["carniee"] == blocks["SuperBoyy"] == blocks[".olz"] == {"bronze.", "vid", "v_kt_r"}
