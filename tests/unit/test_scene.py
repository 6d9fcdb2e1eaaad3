"""A part of a demo seen from above: who stands where between two samples, what is shown, how fast it passes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from etstats.domain.place import Box
from etstats.greatshot.pace import FRAME_MS, LONGEST_MS, paced
from etstats.greatshot.scene import CELL, Scene, scene, zones
from tests.battles import FOE, ME, a_battle, a_hit, a_kill, stands


def _scene(*events: Any, hero: int = ME) -> Scene:
    return scene(a_battle(*events), 10_000, 20_000, hero=hero)


def test_between_two_samples_he_is_on_the_line_between_them_and_turns_the_short_way() -> None:
    shown = _scene(stands(ME, 10_000, 0, 0, yaw=350), stands(ME, 10_100, 100, 40, yaw=10))
    step = shown.fighters[0].at(10_050)
    assert step is not None
    assert step.place == (50, 20)
    assert step.yaw % 360 == 0


def test_who_spawns_elsewhere_does_not_walk_there() -> None:
    shown = _scene(stands(ME, 10_000, 0, 0), stands(ME, 10_050, 2_000, 0))
    step = shown.fighters[0].at(10_040)
    assert step is not None and step.place == (0, 0)


def test_who_is_out_of_sight_is_nowhere() -> None:
    shown = _scene(stands(ME, 10_000, 0, 0), stands(ME, 15_000, 10, 0))
    assert shown.fighters[0].at(9_999) is None
    assert shown.fighters[0].at(12_000) is None
    assert shown.fighters[0].at(15_000) is not None


def test_a_shot_begins_where_its_marksman_stands_and_nobody_knows_whence_another_comes() -> None:
    seen = a_hit(12_000, ME, FOE, (500.0, 0.0, 9.0)), a_hit(12_000, 40, FOE, (1.0, 1.0, 1.0))
    shown = _scene(stands(ME, 12_000, 3, 4), *seen)
    (shot,) = shown.shots
    assert (shot.origin, shot.end, shot.struck) == ((3, 4), (500, 0), True)


def test_a_fall_is_where_the_victim_was_and_unknown_where_nobody_saw_him() -> None:
    shown = _scene(stands(FOE, 12_000, 7, 8), a_kill(12_000, ME, FOE), a_kill(13_000, ME, 40))
    assert [fall.place for fall in shown.falls] == [(7, 8), None]


def test_what_is_seen_is_around_the_hero_and_whom_he_fought() -> None:
    shown = _scene(
        stands(ME, 12_000, 0, 0),
        stands(FOE, 12_000, 3_000, 0),
        stands(40, 12_000, 9_000, 9_000),
        a_kill(12_000, ME, FOE),
    )
    assert shown.box.west < 0 and 3_000 < shown.box.east < 9_000
    assert shown.box.north < 9_000


def test_without_anything_to_see_there_still_is_a_part_of_the_map() -> None:
    assert scene(a_battle(), 0, 1_000).box.width > 0
    assert scene(a_battle(), 0, 1_000).fighters == ()


def test_busy_squares_are_lighter_than_quiet_ones() -> None:
    found = zones([(1.0, 1.0)] * 9 + [(CELL + 1.0, 1.0)] + [(-1.0, -1.0)])
    assert set(found) == {(0, 0), (1, 0), (-1, -1)}
    assert 0 < found[1, 0] < found[0, 0] <= 1


@pytest.mark.parametrize("ratio", [0.5, 1.0, 720 / 632])
def test_a_box_of_another_shape_holds_all_of_the_first(ratio: float) -> None:
    box = Box(west=-100, south=0, east=300, north=50)
    shaped = box.shaped(ratio)
    assert shaped.width / shaped.height == pytest.approx(ratio)
    assert shaped.west <= box.west and shaped.east >= box.east
    assert shaped.south <= box.south and shaped.north >= box.north


def test_the_clock_counts_down_where_the_limit_is_known_and_up_where_it_is_not() -> None:
    assert scene(a_battle(limit_min=10.0), 60_000, 70_000).clock_ms(61_000) == 600_000 - 61_000
    assert scene(a_battle(), 60_000, 70_000).clock_ms(61_000) == 61_000


def test_a_short_highlight_passes_as_it_happened() -> None:
    frames = paced(0, 10_000, [4_000, 7_000])
    assert len(frames) == 250
    assert {frame.speed for frame in frames} == {1.0}
    assert {after.at_ms - before.at_ms for before, after in pairwise(frames)} == {FRAME_MS}


def test_a_long_one_is_fast_between_its_moments_and_never_longer_than_it_may_be() -> None:
    moments = [4_000, 60_000, 116_000]
    frames = paced(0, 119_000, moments)
    assert LONGEST_MS - 3 * FRAME_MS <= len(frames) * FRAME_MS <= LONGEST_MS
    assert all(frame.speed == 1.0 for frame in frames if any(0 <= frame.at_ms - at < 1_000 for at in moments))
    assert any(frame.speed > 3 for frame in frames)
    assert frames[-1].at_ms >= 118_000


@pytest.mark.parametrize("moments", [[], list(range(0, 600_000, 1_000)), [300_000], [-5, 900_000]])
def test_whatever_its_moments_a_film_ends_in_time_and_shows_its_end(moments: list[int]) -> None:
    frames = paced(0, 600_000, moments)
    assert len(frames) * FRAME_MS <= LONGEST_MS
    assert frames[-1].at_ms > 590_000
    assert all(before.at_ms < after.at_ms for before, after in pairwise(frames))


def test_a_moment_without_length_is_a_frame() -> None:
    assert len(paced(5, 5, [5])) == 1
