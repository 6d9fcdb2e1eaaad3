"""The moments that are found in a battle: each once, at its largest, and none that is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from etstats.demo.events import Event, Hit, Kill, Objective, Region, Restart, Revive, RoundState, Team
from etstats.demo.positions import Position
from etstats.demo.roster import Player
from etstats.domain.highlight import AFTER_MS, BEFORE_MS, NOBODY, RULES, Highlight, Kind
from etstats.greatshot.battle import battle
from etstats.greatshot.detect import detect

ME, MATE, FOE, OTHER_FOE = 0, 1, 4, 5
AXIS = (ME, MATE)


def _team(client: int) -> Team:
    return Team.AXIS if client in AXIS else Team.ALLIES


PLAYERS = [
    Player(client=client, name=f"^{client}p{client}", team=_team(client), player_class="medic")
    for client in (ME, MATE, FOE, OTHER_FOE)
]
PLAYING = RoundState(
    at_ms=0, state="playing", round=0, started_ms=0, limit_min=10.0, next_limit_min=None, winner=None
)  # fmt: skip


def _kill(at_ms: int, attacker: int = ME, victim: int = FOE, means: str = "MP40", **other: Any) -> Kill:
    fields: dict[str, Any] = {
        "at_ms": at_ms, "attacker": attacker, "victim": victim, "means": 8, "means_name": means, "weapon": None,
        "weapon_name": None, "self_kill": attacker == victim, "team_kill": _team(attacker) is _team(victim),
        "headshot": False, "attacker_name": f"^{attacker}p{attacker}", "attacker_team": _team(attacker),
        "victim_name": f"^{victim}p{victim}", "victim_team": _team(victim),
    }  # fmt: skip
    return Kill(**fields | other)


def _at(at_ms: int, client: int, *, alive: bool = True, x: float = 0.0, carrying: bool = False) -> Position:
    return Position(
        at_ms=at_ms, client=client, position=(x, 0.0, 0.0), angles=(0.0, 0.0, 0.0), alive=alive, health=None,
        carrying=carrying,
    )  # fmt: skip


def _found(
    *events: Event, positions: Iterable[Position] = (), complete: bool = True, playing: Sequence[Event] = (PLAYING,)
) -> list[Highlight]:
    """In a round whose first blood is somebody else's and which goes on afterwards."""
    around = [_kill(1_000, MATE)], [Restart(at_ms=599_000)]
    fought = battle([*playing, *around[0], *events, *around[1]], positions, PLAYERS, complete=complete, sampled_ms=200)
    return [one for one in detect(fought) if one.client != MATE or one.kind is not Kind.FIRST_BLOOD]


def _kinds(found: Iterable[Highlight]) -> list[Kind]:
    return [one.kind for one in found]


def test_three_in_four_seconds_are_worth_more_than_three_in_eight() -> None:
    (quick,) = _found(*map(_kill, (60_000, 62_000, 64_000)))
    (slow,) = _found(*map(_kill, (60_000, 62_000, 68_000)))
    assert (quick.kind, slow.kind) == (Kind.MULTI_KILL, Kind.MULTI_KILL)
    assert quick.score > slow.score


@pytest.mark.parametrize("times", [(60_000, 62_000), (60_000, 64_000, 68_001)])
def test_fewer_or_slower_is_no_highlight(times: tuple[int, ...]) -> None:
    assert _found(*map(_kill, times)) == []


def test_five_in_a_row_are_one_highlight_and_no_growing_ones() -> None:
    found = _found(*map(_kill, (60_000, 61_000, 62_000, 63_000, 64_000)))
    assert _kinds(found) == [Kind.MULTI_KILL, Kind.SPREE]
    assert [len(one.moments) for one in found] == [5, 5]


def test_dying_ends_a_spree() -> None:
    kills = list(map(_kill, (60_000, 80_000, 100_000, 140_000)))
    assert _kinds(_found(*kills)) == [Kind.SPREE]
    assert _found(*kills[:3], _kill(120_000, FOE, ME), kills[3]) == []


def test_a_kill_by_the_last_bullet_while_falling_still_belongs_to_the_spree() -> None:
    """Both die in the same moment: what he did until then was done without dying."""
    kills = list(map(_kill, (60_000, 80_000, 100_000, 140_000)))
    assert _kinds(_found(*kills, _kill(140_000, FOE, ME))) == [Kind.SPREE]


def test_team_mates_and_warm_up_count_for_nothing() -> None:
    assert _found(*(_kill(at_ms, victim=MATE) for at_ms in (60_000, 61_000, 62_000))) == []
    over = replace(PLAYING, at_ms=50_000, state="intermission")
    assert _found(over, *map(_kill, (60_000, 61_000, 62_000))) == []


def test_a_demo_of_a_warm_up_alone_is_looked_at_all_the_same() -> None:
    assert _kinds(_found(*map(_kill, (60_000, 61_000, 62_000)), playing=())) == [Kind.MULTI_KILL]


def test_heads_are_known_from_the_last_bullet_where_the_obituary_is_silent() -> None:
    def hit(at_ms: int, region: Region) -> Hit:
        return Hit(
            at_ms=at_ms, attacker=ME, victim=FOE, weapon=3, weapon_name="MP40", region=region, position=(0.0, 0.0, 0.0)
        )

    events = [
        hit(59_950, Region.BODY), hit(60_000, Region.HEAD), _kill(60_000, headshot=None),
        hit(61_950, Region.HEAD), hit(62_000, Region.BODY), _kill(62_000, headshot=None),
        hit(62_400, Region.HEAD), _kill(62_500, headshot=None),
    ]  # fmt: skip
    heads = next(part.count for one in _found(*events) for part in one.parts if part.name == "heads")
    assert heads == 2


def test_two_heads_in_a_row_are_a_chain_and_three_a_moment_of_aim() -> None:
    (chain,) = _found(_kill(60_000, headshot=True), _kill(62_000, headshot=True))
    assert (chain.kind, chain.parts[0].points) == (Kind.HEADSHOTS, 12)
    aim = next(one for one in _found(*(_kill(at_ms, headshot=True) for at_ms in (60_000, 62_000, 64_000))))
    assert Kind.HEADSHOTS in (aim.kind, *aim.also)


def test_what_overlaps_is_one_highlight_with_the_score_explained() -> None:
    kills = [_kill(60_000, headshot=True), _kill(61_000, headshot=True), _kill(62_000)]
    (one,) = _found(*kills)
    assert (one.kind, one.also) == (Kind.MULTI_KILL, (Kind.HEADSHOTS,))
    assert [(part.name, part.points) for part in one.parts] == [("multi_kill", 30), ("heads", 4), ("also_headshots", 8)]
    assert one.score == 42


def test_two_with_one_grenade_are_told_by_the_grenade() -> None:
    (double,) = _found(_kill(60_000, means="GRENADE"), _kill(60_050, victim=OTHER_FOE, means="GRENADE"))
    assert (double.kind, [moment.whom for moment in double.moments]) == (Kind.EXPLOSIVE, ["p4", "p5"])
    assert _found(_kill(60_000, means="GRENADE"), _kill(60_000, victim=OTHER_FOE, means="MP40")) == []


def test_far_is_measured_between_the_two() -> None:
    near = [_at(60_000, ME), _at(60_000, FOE, x=1_999)]
    far = [_at(60_000, ME), _at(60_000, FOE, x=2_001)]
    shot = [_kill(60_100, means="GPG40")]
    assert _found(*shot, positions=near) == []
    (long,) = _found(*shot, positions=far)
    assert (long.kind, long.units) == (Kind.LONG_SHOT, 2_001)
    assert _found(*shot) == []  # nobody saw where they stood


def test_the_last_alive_against_two() -> None:
    positions = [
        seen
        for at_ms in range(59_000, 66_000, 200)
        for seen in (
            _at(at_ms, ME), _at(at_ms, MATE, alive=at_ms < 60_000), _at(at_ms, FOE, alive=at_ms < 62_000),
            _at(at_ms, OTHER_FOE),
        )
    ]  # fmt: skip
    kills = [_kill(62_000), _kill(65_000, victim=OTHER_FOE)]
    (stand,) = _found(*kills, positions=positions)
    assert (stand.kind, stand.against) == (Kind.LAST_STAND, 2)
    assert _found(*kills, positions=positions, complete=False) == []


def test_three_revives_under_fire() -> None:
    revives = [Revive(at_ms=at_ms, client=MATE, reviver=ME) for at_ms in (60_000, 63_000, 66_000)]
    (chain,) = _found(_kill(64_000, FOE, MATE), *revives)
    assert (chain.kind, chain.client, len(chain.moments)) == (Kind.REVIVES, ME, 3)
    assert _found(*revives) == []  # in peace


def test_an_objective_is_carried_or_denied() -> None:
    way = [_at(at_ms, FOE, x=at_ms / 5, carrying=at_ms >= 60_000) for at_ms in range(59_000, 70_001, 200)]
    (carry,) = _found(positions=way)
    assert (carry.kind, carry.client, carry.units) == (Kind.CARRY, FOE, 2_000)
    (denial,) = _found(_kill(70_100), positions=way)
    assert (denial.kind, denial.client) == (Kind.DENIAL, ME)


@pytest.mark.parametrize(("at_ms", "found"), [(570_000, 1), (569_999, 0)])
def test_the_last_seconds_are_the_last_thirty(at_ms: int, found: int) -> None:
    saved = Objective(at_ms=at_ms, action="defused", what="the gate", team=Team.AXIS, client=None)
    assert [(one.kind, one.client) for one in _found(saved, _kill(580_000))] == [(Kind.LAST_SECONDS, NOBODY)] * found


def test_first_blood_asks_for_the_rounds_beginning() -> None:
    def bloods(playing: RoundState) -> list[int]:
        fought = battle([playing, _kill(20_000), _kill(25_000)], [], PLAYERS, complete=True, sampled_ms=200)
        return [one.first_ms for one in detect(fought) if one.kind is Kind.FIRST_BLOOD]

    assert bloods(PLAYING) == [20_000]
    assert bloods(replace(PLAYING, at_ms=9_000)) == []  # who knows what was before


def test_a_clip_begins_before_and_ends_after_within_the_demo() -> None:
    (one,) = _found(*map(_kill, (60_000, 62_000, 64_000)))
    assert one.window(0, 1_000_000) == (60_000 - BEFORE_MS, 64_000 + AFTER_MS)
    assert one.window(58_000, 65_000) == (58_000, 65_000)


def test_every_kind_has_its_rules() -> None:
    assert set(RULES) == set(Kind)
