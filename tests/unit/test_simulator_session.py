"""A simulated evening as people would find it: repeatable, plausible, varied, and at believable times."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median

import pytest

from local.simulator import (
    USUAL_FEATURES,
    Feature,
    Outcome,
    PlayerRound,
    SimulatedSession,
    make_people,
    simulate_evenings,
    simulate_session,
)
from local.simulator.__main__ import main

GUNS = {"LUGER", "COLT", "MP40", "THOMPSON", "STEN", "FG42", "CARBINE", "KAR98", "GARAND", "K43", "MP34"}


def shown(raw: str) -> str:
    """What the engine draws: `^` and a visible sign other than `^` is a colour, `^^` shows one `^`."""
    return re.sub(r"\^\^(\^?[!-\]_-~])?|\^[!-\]_-~]", _drawn, raw)


def _drawn(found: re.Match[str]) -> str:
    """`^^3` is a `^`, whose second half is the colour `^3`."""
    return "^" if found.group().startswith("^^") else ""


def every_player(sessions: Sequence[SimulatedSession], *, at_least_s: int = 120) -> list[PlayerRound]:
    return [
        player for session in sessions for played in session.truth.rounds for player in played.players
        if player.played_ms >= 1000 * at_least_s
    ]  # fmt: skip


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert simulate_session(seed=11) == simulate_session(seed=11)


def test_hash_randomisation_changes_nothing(tmp_path: Path) -> None:
    for hash_seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "local.simulator", "--seed", "4", "--maps", "2", "--out", tmp_path / hash_seed],
            env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True, capture_output=True,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
    ones, others = ({file.name: file.read_bytes() for file in (tmp_path / seed).iterdir()} for seed in ("1", "2"))
    assert ones == others
    assert len(ones) == 4


def test_other_seeds_give_other_sessions() -> None:
    contents = [file.content for seed in range(5) for file in simulate_session(seed=seed, maps=2).files]
    assert len(set(contents)) == len(contents)


@pytest.mark.parametrize("seed", range(5))
def test_an_evening_has_a_good_mix(seed: int) -> None:
    session = simulate_session(seed=seed)
    assert len(session.files) == 12
    assert set(session.truth.features) == {feature.value for feature in USUAL_FEATURES}
    assert {played.outcome for played in session.truth.rounds} == {Outcome.COMPLETED, Outcome.HELD, Outcome.GIVEN_UP}
    assert None in {played.winner for played in session.truth.maps}
    assert any(one.map_name == other.map_name for one, other in pairwise(session.truth.maps))
    assert session.truth.score_a + session.truth.score_b == 12


def test_every_feature_can_be_had_at_once() -> None:
    session = simulate_session(seed=1, maps=10, features=list(Feature))
    assert session.truth.features == tuple(feature.value for feature in Feature)


def test_a_feature_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="too few for the feature 'same-map-twice'"):
        simulate_session(seed=1, maps=1, features=[Feature.SAME_MAP_TWICE])


@pytest.mark.parametrize("seed", range(4))
def test_short_sessions_take_what_fits(seed: int) -> None:
    for maps in (1, 2, 3):
        assert len(simulate_session(seed=seed, maps=maps, players=6).files) == 2 * maps


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"maps": 0}, "maps is 0"),
        ({"players": 3}, "players is 3"),
        ({"layout": 35}, "layout is 35"),
        ({"header_fields": 7}, "header_fields is 7"),
        ({"line_ending": "cr"}, "line_ending is 'cr'"),
        ({"server_name": "a\\b"}, "backslash"),
        ({"people": make_people(Random(1), 6), "players": 6}, "too few"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        simulate_session(seed=1, **arguments)  # type: ignore[arg-type]


def test_figures_are_plausible() -> None:
    sessions = [simulate_session(seed=seed, players=6 + 2 * (seed % 4)) for seed in range(12)]
    players = every_player(sessions)
    per_minute = [60_000 * player.damage_given / player.played_ms for player in players]
    assert 230 < median(per_minute) < 310
    assert sum(120 < value < 520 for value in per_minute) > 0.95 * len(players)
    ratios = [player.kills / max(1, player.deaths) for player in players]
    assert 0.9 < median(ratios) < 1.1
    assert sum(0.25 < ratio < 3.5 for ratio in ratios) > 0.9 * len(players)
    aims = [accuracy(player) for player in players]
    assert 0.33 < median(aims) < 0.40
    assert sum(0.25 < aim < 0.47 for aim in aims) > 0.95 * len(players)
    assert 0.7 < median(player.alive_ms / player.played_ms for player in players) < 0.83
    assert all(0 <= player.alive_ms <= player.played_ms for player in players)


def accuracy(player: PlayerRound) -> float:
    guns = [count for count in player.weapons if count.weapon in GUNS]
    return sum(gun.hits for gun in guns) / max(1, sum(gun.shots for gun in guns))


def test_figures_fit_each_other() -> None:
    players = every_player([simulate_session(seed=seed, players=8) for seed in range(8)])
    for player in players:
        assert max(player.killing_spree, player.headshot_kills, player.kill_steals) <= player.kills
        assert player.useful_kills + player.useless_kills <= player.kills
        assert player.death_spree <= player.deaths
        assert player.full_selfkills <= player.self_kills
        in_series = 2 * player.multikill_2 + 3 * player.multikill_3 + 4 * player.multikill_4 + 5 * player.multikill_5
        assert in_series + 6 * player.multikill_6 <= player.kills
    kills = total(players, "kills")
    assert 0.3 < total(players, "useful_kills") / kills < 0.6
    assert 0.1 < total(players, "useless_kills") / kills < 0.4
    assert 0 < total(players, "full_selfkills") < 0.1 * total(players, "self_kills")
    dead_ms = sum(player.played_ms - player.alive_ms for player in players)
    assert 0.5 * dead_ms < total(players, "denied_playtime_ms") < dead_ms


def total(players: Sequence[PlayerRound], name: str) -> int:
    return sum(getattr(player, name) for player in players)


def test_everything_the_game_counts_does_happen() -> None:
    players = every_player([simulate_session(seed=seed) for seed in range(6)])
    seen: Counter[str] = Counter()
    for player in players:
        seen.update(
            {name: bool(value) for name in PlayerRound.__slots__ if isinstance(value := getattr(player, name), int)}
        )
    rare = {"objectives_stolen", "objectives_returned", "multikill_4", "multikill_5", "multikill_6"}
    never = {name for name, times in seen.items() if not times} - rare - {"is_bot", "reconnected"}
    assert not never
    weapons = {count.weapon for player in players for count in player.weapons if count.kills}
    assert {"MP40", "THOMPSON", "LUGER", "COLT", "GRENADE", "AIRSTRIKE", "MG42"} <= weapons


def test_rounds_last_minutes_and_end_by_their_limit() -> None:
    for session in (simulate_session(seed=seed, players=6) for seed in range(10)):
        for played in session.truth.rounds:
            assert 100_000 <= played.duration_ms <= 1000 * played.limit_s
            assert max(player.played_ms for player in played.players) == played.duration_ms


def test_skill_lasts() -> None:
    """Whoever shoots best in the first half of an evening still does in the second."""
    session = simulate_session(seed=8, maps=14, features=[])
    halves = session.truth.rounds[:14], session.truth.rounds[14:]
    first, second = ({guid: hit / shot for guid, (hit, shot) in aimed(half).items()} for half in halves)
    ranked = sorted(first, key=first.__getitem__)
    assert sum(second[guid] for guid in ranked[-4:]) > sum(second[guid] for guid in ranked[:4]) + 0.1


def aimed(rounds: Sequence[object]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for played in rounds:
        for player in played.players:  # type: ignore[attr-defined]
            for count in player.weapons:
                if count.weapon in GUNS:
                    hits, shots = sums.get(player.guid, (0, 0))
                    sums[player.guid] = hits + count.hits, shots + count.shots
    return sums


def test_names_are_coloured_and_fit_the_engine() -> None:
    people = make_people(Random(5), 300)
    names = [name for person in people for name in person.names]
    for name in names:
        assert re.fullmatch(r"[ -!#-:<-\[\]-~]{1,35}", name.raw), name.raw
        assert shown(name.raw) == name.plain
    assert len({person.guid for person in people}) == len({person.names[0].plain for person in people}) == 300
    coloured = [name.raw for name in names if "^" in name.raw]
    assert len(coloured) > len(names) / 2
    assert any(re.search(r"\^[^0-9A-Za-z^]", raw) for raw in coloured)
    assert any("^^" in raw for raw in coloured)


def test_teams_stay_together_and_change_sides() -> None:
    session = simulate_session(seed=3, players=6, features=[])
    first, *others = session.truth.rounds
    team_of = {player.guid: player.team for player in first.players}
    for played in others:
        assert {player.guid: player.team for player in played.players} == team_of
    for one, other in pairwise(session.truth.rounds):
        sides, later = ({player.guid: player.side for player in played.players} for played in (one, other))
        swapped = {guid: 3 - side for guid, side in sides.items()}
        assert later == (swapped if other.number == 2 else sides)


def test_a_substitute_takes_one_place_for_good() -> None:
    session = simulate_session(seed=3, maps=3, players=6, features=[Feature.SUBSTITUTION])
    rosters = [frozenset(player.guid for player in played.players) for played in session.truth.rounds]
    changes = [(one, other) for one, other in pairwise(rosters) if one != other]
    assert [len(one - other) for one, other in changes] == [1]


@pytest.mark.parametrize("seed", range(6))
def test_rounds_follow_each_other_with_a_short_break(seed: int) -> None:
    session = simulate_session(seed=seed, features=[*USUAL_FEATURES, Feature.ABORTED_ROUND, Feature.REPLACED_ROUND])
    for before, played in pairwise(session.truth.rounds):
        idle_s = (played.ended_at - before.ended_at).total_seconds() - played.duration_ms / 1000
        assert 31 <= idle_s < 378


def test_the_session_ends_when_asked() -> None:
    ends_at = datetime(2026, 3, 1, 21, 0, 0)
    assert simulate_session(seed=1, maps=1, ends_at=ends_at).truth.rounds[-1].ended_at == ends_at


@pytest.mark.parametrize("seed", range(5))
def test_midnight_can_fall_between_two_rounds_of_a_map(seed: int) -> None:
    ends_at = datetime(2026, 3, 1, 22, 0)
    session = simulate_session(seed=seed, maps=3, ends_at=ends_at, features=[Feature.MIDNIGHT])
    over = [
        (one, other) for one, other in pairwise(session.truth.rounds) if one.ended_at.date() != other.ended_at.date()
    ]
    ((first, second),) = over
    assert (first.number, second.number) == (1, 2)
    assert session.truth.rounds[-1].ended_at.date() == ends_at.date()
    assert "midnight" in session.truth.features


def test_evenings_share_their_people() -> None:
    evenings = list(simulate_evenings(seed=6, days=3, maps=1, players=6, regulars=14))
    ends = [evening.truth.rounds[-1].ended_at for evening in evenings]
    assert [round((later - end) / timedelta(days=1)) for end, later in pairwise(ends)] == [1, 1]
    guids = {player.guid for player in every_player(evenings, at_least_s=0)}
    assert len(guids) <= 14
    names = [file.name for evening in evenings for file in evening.files]
    assert names == sorted(set(names))


def test_an_evening_takes_well_under_a_second() -> None:
    started = time.process_time()
    assert len(simulate_session(seed=12).files) == 12
    assert time.process_time() - started < 0.5


def test_the_command_writes_files_and_the_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, truth = tmp_path / "stats", tmp_path / "truth.json"
    arguments = ["--seed", "3", "--maps", "1", "--players", "6", "--ends-at", "2026-01-02T22:00:00"]
    assert main([*arguments, "--out", str(out), "--truth", str(truth), "--feature", "leaver"]) == 0
    expected = simulate_session(
        seed=3, maps=1, players=6, ends_at=datetime(2026, 1, 2, 22), features=[Feature.LEAVER]
    )  # fmt: skip
    assert {file.name: file.read_bytes() for file in out.iterdir()} == {
        file.name: file.content for file in expected.files
    }
    told = json.loads(truth.read_text(encoding="utf-8"))
    assert [played["file"] for played in told[0]["rounds"]] == [file.name for file in expected.files]
    assert "2 stats files of 1 evening in" in capsys.readouterr().out


def test_the_command_writes_many_evenings(tmp_path: Path) -> None:
    assert main(["--seed", "3", "--maps", "1", "--players", "6", "--days", "4", "--out", str(tmp_path)]) == 0
    assert len({file.name[:10] for file in tmp_path.iterdir()}) == 4


def test_the_command_explains_what_does_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "3", "--players", "99", "--out", str(tmp_path)]) == 2
    assert "players is 99; it must lie between" in capsys.readouterr().err
