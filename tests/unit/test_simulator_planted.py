"""What finds highlights finds exactly those that the simulator planted, which knows nothing of how they are found."""

from __future__ import annotations

from collections import Counter
from functools import cache
from io import BytesIO

import pytest

from etstats.demo.configstring import without_colours
from etstats.domain.highlight import Highlight, Kind
from etstats.greatshot.analysis import analyse
from local.simulator import Recording, film, simulate_session
from local.simulator.chronicle import What

SEED = 3
# a player's demo tells everybody's deaths; who lives out of his sight, and what happens there, it does not
_TOLD_TO_ALL = {Kind.FIRST_BLOOD, Kind.MULTI_KILL, Kind.HEADSHOTS, Kind.EXPLOSIVE, Kind.SPREE, Kind.LAST_SECONDS}


@cache
def _planned() -> Recording:
    return simulate_session(seed=SEED, maps=1, planned=True).recordings[-1]


@cache
def _found(client: int | None = None) -> tuple[Highlight, ...]:
    out = BytesIO()
    film(_planned().scene, out, client=client)
    return analyse(out).highlights


def _told(found: tuple[Highlight, ...]) -> set[tuple[str, int, tuple[int, ...]]]:
    return {(one.kind.value, one.client, tuple(moment.at_ms for moment in one.moments)) for one in found}


def test_exactly_what_was_planted_is_found_and_nothing_twice() -> None:
    assert _told(_found()) == _planned().highlights()
    assert len(_found()) == len(_planned().planted)
    assert [one.also for one in _found()] == [()] * len(_found())


def test_every_kind_was_planted() -> None:
    assert {one.kind for one in _planned().planted} == {kind.value for kind in Kind}


def test_it_is_told_of_whom_and_to_whom_it_happened() -> None:
    names = {
        fighter: without_colours(_planned().scene.names[fighter.person.number]) for fighter in _planned().scene.fighters
    }
    suffered = Counter(
        (one.kind, names[one.who] if one.who else "", tuple(names[whom] for whom in one.whom))
        for one in _planned().planted
    )
    assert suffered == Counter(
        (one.kind.value, one.name, tuple(moment.whom for moment in one.moments if moment.whom)) for one in _found()
    )


@pytest.mark.parametrize("client", [0, 11])
def test_a_players_demo_has_those_that_do_not_depend_on_what_he_saw(client: int) -> None:
    """Which are named by the better of two, where something else happened in the same moment."""
    wanted = {one for one in _planned().highlights() if Kind(one[0]) in _TOLD_TO_ALL}
    assert {one for one in _told(_found(client)) if Kind(one[0]) in _TOLD_TO_ALL} == wanted


def test_its_stats_file_counts_the_same_kills() -> None:
    session = simulate_session(seed=SEED, maps=1, planned=True)
    (truth,) = [one for one in session.truth.rounds if one.file == f"{_planned().stem}.txt"]
    kills = sum(moment.what is What.KILL for moment in _planned().scene.chronicle)
    assert sum(player.kills for player in truth.players) == kills == sum(player.deaths for player in truth.players)
    assert truth.duration_ms == 120_000


def test_the_maps_before_it_are_those_of_the_same_seed_without_it() -> None:
    with_it, without = (simulate_session(seed=SEED, maps=2, planned=planned) for planned in (True, False))
    assert [file.content for file in with_it.files[:-1]] == [file.content for file in without.files]


def test_it_needs_six_on_each_side() -> None:
    with pytest.raises(ValueError, match="six on each side"):
        simulate_session(seed=SEED, maps=1, players=10, planned=True)
