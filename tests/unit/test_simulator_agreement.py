"""What the product makes of simulated files, against what happened: roles, winners, score, everybody's figures."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

import pytest

from etstats.domain import round as product
from etstats.domain.session import Session, StoredFile, sessions
from etstats.domain.weapon import WEAPONS
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import read_stats_file
from local.simulator import (
    USUAL_FEATURES,
    Feature,
    Outcome,
    PlayerRound,
    Role,
    RoundTruth,
    SimulatedSession,
    simulate_evenings,
    simulate_session,
)

EVERYTHING = (*USUAL_FEATURES, Feature.MIDNIGHT, Feature.ABORTED_ROUND, Feature.REPLACED_ROUND,
              Feature.MISSING_ROUND_1, Feature.MISSING_ROUND_2)  # fmt: skip
ROLES = {
    Role.FIRST: product.Role.R1,
    Role.SECOND: product.Role.R2,
    Role.FIRST_WITHOUT_SECOND: product.Role.R1_WITHOUT_R2,
    Role.SECOND_WITHOUT_FIRST: product.Role.R2_WITHOUT_R1,
    Role.ABORTED_FIRST: product.Role.ABORTED_R1,
    Role.REPLACED_FIRST: product.Role.R1_WITHOUT_R2,
}
NOT_IN_THE_FILE_AS_SUCH = {
    "guid", "name", "plain_name", "is_bot", "reconnected", "team", "side", "played_ms", "alive_ms",
    "denied_playtime_ms", "weapons",
}  # fmt: skip


def computed(*simulated: SimulatedSession) -> list[Session]:
    """By the product, from the files in any order."""
    files = [file for session in simulated for file in session.files]
    Random(1).shuffle(files)
    return sessions(
        StoredFile(file_id=number, file=read_stats_file(read_name(file.name), file.content))
        for number, file in enumerate(files)
    )


@pytest.mark.parametrize("seed", range(10))
def test_an_evening_with_everything_is_understood(seed: int) -> None:
    simulated = simulate_session(seed=seed, maps=8, players=6 + 2 * (seed % 4), features=EVERYTHING)
    (session,) = computed(simulated)
    assert_session(simulated, session)
    assert session.crosses_midnight


@pytest.mark.parametrize(("layout", "header_fields", "line_ending"), [(33, 8, "lf"), (37, 8, "crlf"), (38, 9, "lf")])
def test_every_writer_is_understood(layout: int, header_fields: int, line_ending: str) -> None:
    simulated = simulate_session(
        seed=40 + layout, players=8, layout=layout, header_fields=header_fields, line_ending=line_ending
    )
    (session,) = computed(simulated)
    assert_session(simulated, session, unknown=_unknown(layout))


def _unknown(layout: int) -> set[str]:
    return {
        33: {"denied_playtime_s", "useless_kills", "full_selfkills", "repairs_constructions", "revives_given"},
        37: {"revives_given"},
    }.get(layout, set())


def test_evenings_are_sessions_of_their_own() -> None:
    simulated = list(simulate_evenings(seed=5, days=4, maps=2, players=6))
    found = computed(*simulated)
    assert len(found) == 4
    for one, other in zip(simulated, found, strict=True):
        assert_session(one, other)


def assert_session(simulated: SimulatedSession, session: Session, *, unknown: Collection[str] = ()) -> None:
    truth = simulated.truth
    assert (session.score_a, session.score_b) == (truth.score_a, truth.score_b)
    assert [(match.map, match.winner_team, match.r1_attackers_team) for match in session.matches] == [
        (played.map_name, played.winner or "draw", played.first_attackers) for played in truth.maps
    ]
    written = [played for played in truth.rounds if played.file is not None]
    for told, found in zip(written, session.rounds, strict=True):
        assert_round(told, found, unknown)


def assert_round(told: RoundTruth, found: product.Round, unknown: Collection[str]) -> None:
    assert (found.file, found.map, found.role) == (told.file, told.map_name, ROLES[told.role])
    assert (found.replaced_by is not None) == (told.role is Role.REPLACED_FIRST)
    assert (found.outcome is product.Outcome.COMPLETED) == (told.outcome is Outcome.COMPLETED)
    if told.role is Role.SECOND_WITHOUT_FIRST:
        return  # what counts on since the first round cannot be told
    assert found.duration_s == pytest.approx(told.duration_ms / 1000, abs=6.1)
    assert found.ended_early == (told.outcome in (Outcome.GIVEN_UP, Outcome.ABORTED))
    present = {player.guid: player for player in found.players if player.took_part}
    assert present.keys() == {player.guid for player in told.players}
    for player in told.players:
        assert_player(player, present[player.guid], unknown)


def assert_player(told: PlayerRound, found: product.PlayerRound, unknown: Collection[str]) -> None:
    assert (found.name_raw, found.name, found.team) == (told.name, told.plain_name, told.side)
    for name in PlayerRound.__slots__:
        if name not in NOT_IN_THE_FILE_AS_SUCH:
            assert getattr(found, name) == (None if name in unknown else getattr(told, name)), name
    denied_s = None if "denied_playtime_s" in unknown else told.denied_playtime_ms // 1000
    assert found.denied_playtime_s == denied_s
    assert_weapons(told, found)
    assert found.played_s is not None
    assert found.alive_ms is not None
    assert found.played_s == pytest.approx(told.played_ms / 1000, abs=6.1)
    assert found.alive_ms == pytest.approx(told.alive_ms, abs=7500)


def assert_weapons(told: PlayerRound, found: product.PlayerRound) -> None:
    """A knife whose stabs were all taken back is no longer in the second file, and counts as not used."""
    read = {WEAPONS[number].key: tally for number, tally in found.weapons.items()}
    for count in told.weapons:
        if count.shots >= 0 or count.weapon in read:
            tally = (count.hits, count.shots, count.kills, count.deaths, count.headshots)
            assert read.pop(count.weapon) == tally
        else:
            assert (count.weapon, count.hits, count.kills, count.deaths) == ("KNIFE", 0, 0, 0)
    assert not any(map(any, read.values()))


def test_who_reconnects_in_a_second_round_is_seen_to_start_anew() -> None:
    sources = set()
    for seed in range(6):
        simulated = simulate_session(seed=seed, maps=1, players=6, features=[Feature.RECONNECT])
        (session,) = computed(simulated)
        for told, found in zip(simulated.truth.rounds, session.rounds, strict=True):
            back = {player.guid for player in told.players if player.reconnected}
            sources |= {(told.number, player.source) for player in found.players if player.guid in back}
            others = {player.source for player in found.players if player.guid not in back}
            assert product.Source.COUNTER_RESET not in others
    assert sources == {(1, product.Source.DIRECT), (2, product.Source.COUNTER_RESET)}


def test_bots_are_told_apart_by_name_and_their_rounds_do_not_count() -> None:
    simulated = simulate_session(seed=2, maps=2, players=8, bots=True)
    (session,) = computed(simulated)
    for told, found in zip(simulated.truth.rounds, session.rounds, strict=True):
        assert not found.counted
        kills = {player.name: player.kills for player in found.players if player.took_part}
        assert kills == {player.plain_name: player.kills for player in told.players}
    assert not session.players
