"""What the simulator writes, read with a reader of this file's own and held against the rules of the format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import pytest

from local.simulator import Feature, Outcome, PlayerRound, Role, RoundTruth, SimulatedSession, simulate_session

KEYS = [
    "KNIFE", "KNIFE_KBAR", "LUGER", "COLT", "MP40", "THOMPSON", "STEN", "FG42", "PANZERFAUST", "BAZOOKA",
    "FLAMETHROWER", "GRENADE", "MORTAR", "MORTAR2", "DYNAMITE", "AIRSTRIKE", "ARTILLERY", "SATCHEL",
    "GRENADELAUNCHER", "LANDMINE", "MG42", "BROWNING", "CARBINE", "KAR98", "GARAND", "K43", "MP34", "SYRINGE",
]  # fmt: skip
FIELDS = [
    "damage_given", "damage_received", "team_damage_given", "team_damage_received", "gibs", "self_kills",
    "team_kills", "team_gibs", "alive_pct", "xp", "killing_spree", "death_spree", "kill_assists", "kill_steals",
    "headshot_kills", "objectives_stolen", "objectives_returned", "dynamites_planted", "dynamites_defused",
    "times_revived", "bullets_fired", "dpm_raw", "time_played_min", "tank_meatshield", "dead_pct_raw",
    "dead_min_raw", "kd_raw", "useful_kills", "denied_playtime_s", "multikill_2", "multikill_3", "multikill_4",
    "multikill_5", "multikill_6", "useless_kills", "full_selfkills", "repairs_constructions", "revives_given",
]  # fmt: skip
BLASTS = {"GRENADE", "GRENADELAUNCHER", "AIRSTRIKE", "ARTILLERY", "PANZERFAUST", "BAZOOKA"}
CUMULATIVE = FIELDS[:8]
RESTARTING = [*FIELDS[9:20], FIELDS[27], *FIELDS[29:]]
TENTHS = {"alive_pct", *FIELDS[21:27]}
HITS, SHOTS, KILLS, DEATHS, HEADSHOTS = range(5)
LINE = re.compile(r"([0-9A-Z]{8})\\([\x20-\x5b\x5d-\x7e]{1,35})\\(\d)\\([123])\\(\d+)((?: -?\d+){5,}) (\t.+)")

Weapons = dict[str, list[int]]


@dataclass(frozen=True)
class Line:
    guid: str
    name: str
    rounds: int
    team: int
    weapons: Weapons
    values: dict[str, float]


@dataclass(frozen=True)
class Read:
    header: list[str]
    lines: dict[str, Line]

    @property
    def completed(self) -> bool:
        return self.header[4] != self.header[5]


def read(content: bytes, fields: list[str] = FIELDS) -> Read:
    rows = content.decode("ascii").split("\n")
    assert rows.pop() == ""
    lines = [read_line(row, fields) for row in rows[1:]]
    assert len({line.name for line in lines}) == len(lines)
    return Read(rows[0].split("\\"), {line.guid: line for line in lines})


def read_line(row: str, fields: list[str]) -> Line:
    found = LINE.fullmatch(row)
    assert found, row
    guid, name, rounds, team, mask, tuples, extended = found.groups()
    numbers = [int(token) for token in tuples.split()]
    carried = [key for bit, key in enumerate(KEYS) if int(mask) >> bit & 1]
    assert int(mask) < 1 << len(KEYS)
    assert len(numbers) == 5 * len(carried)
    texts = extended.split("\t")[1:]
    assert len(texts) == len(fields)
    for field, text in zip(fields, texts, strict=True):
        assert re.fullmatch(r"\d+\.\d" if field in TENTHS else r"-?\d+", text), (field, text)
    weapons = {key: numbers[5 * place : 5 * place + 5] for place, key in enumerate(carried)}
    values = {field: float(text) for field, text in zip(fields, texts, strict=True)}
    return Line(guid, name, int(rounds), int(team), weapons, values)


def seconds(text: str) -> int:
    minutes, rest = text.split(":")
    return 60 * int(minutes) + int(rest)


def weapon_totals(weapons: Weapons, column: int) -> int:
    return sum(counters[column] for counters in weapons.values())


def without(total: Weapons, before: Weapons) -> Weapons:
    zero = [0] * 5
    rest = {
        key: [a - b for a, b in zip(total.get(key, zero), before.get(key, zero), strict=True)]
        for key in total.keys() | before.keys()
    }
    return {key: counters for key, counters in rest.items() if any(counters)}


def pairs(session: SimulatedSession) -> Iterator[tuple[RoundTruth, RoundTruth, Read, Read]]:
    """Both rounds of every complete map: what happened, and what the files say."""
    content = {file.name: file.content for file in session.files}
    for first, second in pairwise(session.truth.rounds):
        if first.role is Role.FIRST and second.role is Role.SECOND:
            assert first.file
            assert second.file
            yield first, second, read(content[first.file]), read(content[second.file])


SEEDS = [(seed, 6 + 2 * (seed % 4)) for seed in range(12)]


@pytest.mark.parametrize(("seed", "players"), SEEDS)
def test_what_one_side_deals_the_other_takes_in_each_round_alone(seed: int, players: int) -> None:
    for _, _, first, second in pairs(simulate_session(seed=seed, players=players)):
        assert_conserved([(line.values, line.weapons) for line in first.lines.values()])
        alone = []
        for guid, line in second.lines.items():
            before = first.lines.get(guid)
            values = dict(line.values)
            for field in CUMULATIVE:
                values[field] -= before.values[field] if before else 0
            alone.append((values, without(line.weapons, before.weapons if before else {})))
        assert_conserved(alone)


def assert_conserved(players: list[tuple[dict[str, float], Weapons]]) -> None:
    def total(field: str) -> float:
        return sum(values[field] for values, _ in players)

    assert total("damage_given") == total("damage_received") > 0
    assert total("team_damage_given") == total("team_damage_received")
    assert total("revives_given") == total("times_revived")
    kills = sum(weapon_totals(weapons, KILLS) for _, weapons in players)
    assert kills == sum(weapon_totals(weapons, DEATHS) for _, weapons in players) > 0
    for _, weapons in players:
        for key, (hits, shots, _, _, headshots) in weapons.items():
            assert 0 <= headshots <= hits
            assert shots >= hits or key in BLASTS or key.startswith("KNIFE")


@pytest.mark.parametrize(("seed", "players"), SEEDS)
def test_cumulative_counters_go_on_and_the_rest_restarts(seed: int, players: int) -> None:
    session = simulate_session(seed=seed, players=players)
    fell: set[str] = set()
    for _, _, first, second in pairs(session):
        for guid in first.lines.keys() & second.lines.keys():
            before, after = first.lines[guid], second.lines[guid]
            assert after.rounds == before.rounds + 1
            for field in (*CUMULATIVE, "time_played_min"):
                assert after.values[field] >= before.values[field]
            for key, counters in before.weapons.items():
                total = after.weapons.get(key, [0] * 5)
                assert key.startswith("KNIFE") or all(a >= b for a, b in zip(total, counters, strict=True))
            fell |= {field for field in RESTARTING if after.values[field] < before.values[field]}
    assert {"xp", "kill_assists", "useful_kills", "times_revived"} <= fell


@pytest.mark.parametrize(("seed", "players"), SEEDS)
def test_files_tell_the_truth(seed: int, players: int) -> None:
    session = simulate_session(seed=seed, players=players)
    told = list(pairs(session))
    assert len(told) == 6
    for first_truth, second_truth, first, second in told:
        for player in first_truth.players:
            line = first.lines[player.guid]
            assert_told(player, line.values, line.weapons, None, line)
        for player in second_truth.players:
            line, before = second.lines[player.guid], first.lines.get(player.guid)
            values = dict(line.values)
            for field in CUMULATIVE:
                values[field] -= before.values[field] if before else 0
            assert_told(player, values, without(line.weapons, before.weapons if before else {}), before, line)


def assert_told(
    player: PlayerRound, values: dict[str, float], weapons: Weapons, before: Line | None, line: Line
) -> None:
    assert (player.name, player.side) == (line.name, line.team)
    for field in (*CUMULATIVE, *RESTARTING):
        assert getattr(player, field) == values[field], field
    assert player.denied_playtime_ms // 1000 == values["denied_playtime_s"]
    assert {
        count.weapon: [count.hits, count.shots, count.kills, count.deaths, count.headshots] for count in player.weapons
    } == {key: counters for key, counters in weapons.items() if any(counters)}
    assert (player.kills, player.deaths) == (weapon_totals(weapons, KILLS), weapon_totals(weapons, DEATHS))
    minutes_before = before.values["time_played_min"] if before else 0.0
    assert player.played_ms / 60_000 == pytest.approx(line.values["time_played_min"] - minutes_before, abs=0.101)
    alive_before = before.values["alive_pct"] / 100 * minutes_before if before else 0.0
    alive = line.values["alive_pct"] / 100 * line.values["time_played_min"] - alive_before
    assert player.alive_ms / 60_000 == pytest.approx(alive, abs=0.12)


@pytest.mark.parametrize("seed", range(6))
def test_figures_the_game_derives(seed: int) -> None:
    session = simulate_session(seed=seed, players=8)
    for file in session.files:
        for line in read(file.content).lines.values():
            kills, deaths = weapon_totals(line.weapons, KILLS), weapon_totals(line.weapons, DEATHS)
            assert line.values["kd_raw"] == pytest.approx(kills / deaths if deaths else kills + 1, abs=0.0501)
            assert line.values["bullets_fired"] == weapon_totals(line.weapons, SHOTS)
            assert line.values["alive_pct"] <= 100
            assert line.values["dpm_raw"] == 0
            assert line.values["killing_spree"] == 0 or line.values["killing_spree"] >= 3
            assert line.values["death_spree"] == 0 or line.values["death_spree"] >= 3


@pytest.mark.parametrize("seed", range(8))
def test_the_header_tells_how_a_round_ended(seed: int) -> None:
    for first_truth, second_truth, first, second in pairs(simulate_session(seed=seed, players=6)):
        assert second.header[6] == first.header[7]
        for truth, file in ((first_truth, first), (second_truth, second)):
            limit_s, next_limit_s = seconds(file.header[6]), seconds(file.header[7])
            clock_s = max(60 * line.values["time_played_min"] for line in file.lines.values())
            clock_s -= (
                max(60 * line.values["time_played_min"] for line in first.lines.values()) if file is second else 0
            )
            assert (int(file.header[3]), int(file.header[4])) == (truth.number, truth.defending_side)
            assert file.completed == (truth.outcome is Outcome.COMPLETED)
            if file.completed:
                assert next_limit_s < limit_s
                assert abs(clock_s - next_limit_s) <= 6.5
            else:
                assert next_limit_s == limit_s
                assert (limit_s - clock_s > 10) == (truth.outcome is Outcome.GIVEN_UP)


@pytest.mark.parametrize("seed", range(8))
def test_winners_follow_from_the_headers(seed: int) -> None:
    session = simulate_session(seed=seed, players=6)
    score = {"A": 0, "B": 0}
    for played, (first_truth, second_truth, first, second) in zip(session.truth.maps, pairs(session), strict=True):
        defenders = int(first.header[4])
        attackers = {player.team for player in first_truth.players if player.side != defenders}
        assert attackers == {played.first_attackers} != {second_truth.attackers}
        winner = {(True, False): attackers, (False, False): {"A", "B"}}.get((first.completed, second.completed))
        for team in winner or {second_truth.attackers}:
            score[team] += 1 if winner == {"A", "B"} else 2
        assert played.winner == (None if winner == {"A", "B"} else next(iter(winner or {second_truth.attackers})))
    assert (session.truth.score_a, session.truth.score_b) == (score["A"], score["B"])
    assert session.truth.maps[0].first_attackers == "A"


def test_a_stab_in_a_body_takes_back_one_of_the_round_before() -> None:
    alone = [
        count for seed in range(6) for played in simulate_session(seed=seed, maps=4, players=10).truth.rounds
        for player in played.players for count in player.weapons if count.shots < 0
    ]  # fmt: skip
    assert {count.weapon for count in alone} == {"KNIFE"}
    assert min(count.shots for count in alone) >= -5


def one(session: SimulatedSession, role: Role) -> tuple[RoundTruth, Read]:
    truth = next(played for played in session.truth.rounds if played.role is role)
    return truth, read(next(file.content for file in session.files if file.name == truth.file))


def test_a_leaver_is_carried_along_as_a_spectator_with_nothing_new() -> None:
    session = simulate_session(seed=3, maps=1, players=8, features=[Feature.LEAVER])
    ((_, second_truth, first, second),) = pairs(session)
    (left,) = (line for line in second.lines.values() if line.team == 3)
    before = first.lines[left.guid]
    assert left.guid not in {player.guid for player in second_truth.players}
    assert left.rounds == 1
    assert left.weapons == before.weapons
    assert [left.values[field] for field in CUMULATIVE] == [before.values[field] for field in CUMULATIVE]
    assert left.values["time_played_min"] == before.values["time_played_min"]
    assert not any(left.values[field] for field in RESTARTING)


def test_a_late_joiner_is_in_the_second_file_only_with_no_round_behind_him() -> None:
    session = simulate_session(seed=3, maps=1, players=8, features=[Feature.LATE_JOINER])
    ((_, _, first, second),) = pairs(session)
    (joined,) = second.lines.keys() - first.lines.keys()
    assert second.lines[joined].rounds == 0
    assert len(first.lines) == 7


def test_a_name_change_keeps_the_guid() -> None:
    session = simulate_session(seed=3, maps=2, players=6, features=[Feature.NAME_CHANGE])
    changed = [
        guid for _, _, first, second in pairs(session) for guid in first.lines
        if first.lines[guid].name != second.lines[guid].name
    ]  # fmt: skip
    assert len(changed) == 1


@pytest.mark.parametrize("seed", range(6))
def test_a_reconnect_loses_what_was_counted_before(seed: int) -> None:
    session = simulate_session(seed=seed, maps=1, players=6, features=[Feature.RECONNECT])
    ((first_truth, second_truth, first, second),) = pairs(session)
    (back,) = (player for played in (first_truth, second_truth) for player in played.players if player.reconnected)
    in_first = back in first_truth.players
    line = (first if in_first else second).lines[back.guid]
    assert weapon_totals(line.weapons, SHOTS) < sum(count.shots for count in back.weapons)
    assert 60_000 * line.values["time_played_min"] < back.played_ms - 25_000
    assert second.lines[back.guid].rounds == (1 if in_first else 0)
    given = sum(player.damage_given for player in (first_truth if in_first else second_truth).players)
    taken = sum(player.damage_received for player in (first_truth if in_first else second_truth).players)
    assert given == taken


def test_the_same_map_twice_goes_on_counting_rounds_but_nothing_else() -> None:
    session = simulate_session(seed=5, maps=2, players=6, features=[Feature.SAME_MAP_TWICE])
    (first, _, _, _), (again, _, first_again, second_again) = pairs(session)
    assert first.map_name == again.map_name
    assert {line.rounds for line in first_again.lines.values()} == {1}
    assert {line.rounds for line in second_again.lines.values()} == {2}
    longest_min = max(line.values["time_played_min"] for line in first_again.lines.values())
    assert longest_min == pytest.approx(again.duration_ms / 60_000, abs=0.051)


def test_an_aborted_first_round_is_named_round_2() -> None:
    session = simulate_session(seed=5, maps=2, players=6, features=[Feature.ABORTED_ROUND])
    truth, file = one(session, Role.ABORTED_FIRST)
    assert truth.number == 1
    assert str(truth.file).endswith("-round-2.txt")
    assert file.header[3:6] == ["2", file.header[4], file.header[4]]
    assert seconds(file.header[7]) > seconds(file.header[6])
    assert {line.rounds for line in file.lines.values()} == {0}
    following = session.truth.rounds[session.truth.rounds.index(truth) + 1]
    assert (following.map_name, following.role) == (truth.map_name, Role.FIRST)


def test_a_replaced_first_round_is_played_again_by_more_people_within_half_an_hour() -> None:
    session = simulate_session(seed=5, maps=2, players=8, features=[Feature.REPLACED_ROUND])
    truth, file = one(session, Role.REPLACED_FIRST)
    following = session.truth.rounds[session.truth.rounds.index(truth) + 1]
    assert (following.map_name, following.role) == (truth.map_name, Role.FIRST)
    assert (following.ended_at - truth.ended_at).total_seconds() < 1800
    assert (len(file.lines), len(following.players)) == (6, 8)


def test_a_missing_round_leaves_the_other_one_alone() -> None:
    session = simulate_session(
        seed=5, maps=3, players=6, features=[Feature.MISSING_ROUND_1, Feature.MISSING_ROUND_2]
    )  # fmt: skip
    assert len(session.truth.maps) == 1
    assert len(session.files) == 4
    first, _ = one(session, Role.FIRST_WITHOUT_SECOND)
    second, file = one(session, Role.SECOND_WITHOUT_FIRST)
    assert first.map_name != second.map_name
    assert {line.rounds for line in file.lines.values()} == {1}
    assert [played.file for played in session.truth.rounds if played.role is Role.LOST_FIRST] == [None]


@pytest.mark.parametrize("layout", [33, 36, 37, 38])
def test_older_writers_leave_fields_out(layout: int) -> None:
    fields = [field for field in FIELDS if field != "denied_playtime_s"] if layout == 33 else FIELDS
    old = simulate_session(seed=9, maps=2, players=6, layout=layout)
    new = simulate_session(seed=9, maps=2, players=6)
    for written, known in zip(old.files, new.files, strict=True):
        lines, complete = read(written.content, fields[:layout]).lines, read(known.content).lines
        for guid, line in lines.items():
            same = [field for field in fields[:layout] if field != "bullets_fired"]
            assert [line.values[field] for field in same] == [complete[guid].values[field] for field in same]
    held = [
        played.file for played in old.truth.rounds if played.number == 2 and played.outcome is not Outcome.COMPLETED
    ]
    for name in held:
        content = next(file.content for file in old.files if file.name == name)
        assert (read(content, fields[:layout]).header[7] == "0:00") == (layout <= 36)


def test_version_8_adds_the_play_time_and_means_its_figures() -> None:
    session = simulate_session(seed=9, maps=2, players=6, header_fields=9)
    for truth, file in zip(session.truth.rounds, session.files, strict=True):
        content = read(file.content)
        assert int(content.header[8]) == truth.duration_ms
        for player in truth.players:
            values = content.lines[player.guid].values
            assert values["dpm_raw"] > 0
            assert values["dead_min_raw"] == pytest.approx((player.played_ms - player.alive_ms) / 60_000, abs=0.051)


def test_crlf_is_the_same_file_with_other_line_ends() -> None:
    windows = simulate_session(seed=9, maps=1, players=6, line_ending="crlf")
    unix = simulate_session(seed=9, maps=1, players=6)
    for copy, file in zip(windows.files, unix.files, strict=True):
        assert copy.content.replace(b"\r\n", b"\n") == file.content
        assert copy.content.count(b"\r\n") == file.content.count(b"\n")


def test_bots_share_one_guid_and_have_names_of_their_own() -> None:
    session = simulate_session(seed=2, maps=1, players=6, bots=True)
    rows = session.files[0].content.decode("ascii").splitlines()[1:]
    assert {row.split("\\")[0] for row in rows} == {"OMNIBOT0"}
    assert len({row.split("\\")[1] for row in rows}) == len(rows) >= 5
    assert all(row.split("\\")[1].startswith("[BOT]") for row in rows)
    assert all(player.is_bot for player in session.truth.rounds[0].players)


def test_players_can_be_people_and_bots() -> None:
    session = simulate_session(seed=2, maps=1, players=10, bots=7, features=[])
    bots = [player.is_bot for player in session.truth.rounds[0].players]
    assert True in bots
    assert False in bots


def test_file_names_carry_the_moment_the_round_ended() -> None:
    session = simulate_session(seed=2, ends_at=datetime(2026, 2, 1, 23, 10, 5))
    for truth, file in zip(session.truth.rounds, session.files, strict=True):
        assert file.name == truth.file
        assert file.name == f"{truth.ended_at:%Y-%m-%d-%H%M%S}-{truth.map_name}-round-{truth.number}.txt"
        assert read(file.content).header[1] == truth.map_name
    assert session.files[-1].name.startswith("2026-02-01-231005-")
