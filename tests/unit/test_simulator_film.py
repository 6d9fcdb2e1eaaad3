"""A filmed round tells what its stats file counts."""

from __future__ import annotations

from collections import Counter
from functools import cache
from io import BytesIO
from math import dist
from pathlib import Path

import pytest

from etstats.demo.demo import Demo
from etstats.demo.events import Event, Hit, Kill, Region, Team
from etstats.demo.positions import Position, read_positions
from local.simulator import PlayerRound, Recording, best_client, film, simulate_session
from local.simulator.__main__ import main
from local.simulator.chronicle import What
from local.simulator.film import LEVEL_START_MS, frame_ms
from local.simulator.ground import Ground
from local.simulator.weapons import BLASTS, DYNAMITE, KEYS, KNIFE, KNIFE_KBAR, SYRINGE

_BULLETLESS = {KEYS[number] for number in (*BLASTS, KNIFE, KNIFE_KBAR, SYRINGE, DYNAMITE)}


@cache
def _recording() -> tuple[Recording, dict[int, PlayerRound]]:
    """The shortest round of a small evening, and by client what each player did in it."""
    session = simulate_session(seed=11, maps=2, players=6)
    recording = min(session.recordings, key=lambda one: one.scene.duration_ms)
    (truth,) = [one for one in session.truth.rounds if one.file == f"{recording.stem}.txt"]
    return recording, dict(enumerate(truth.players))


@cache
def _filmed(client: int | None) -> bytes:
    out = BytesIO()
    film(_recording()[0].scene, out, client=client)
    return out.getvalue()


@cache
def _events(client: int | None = None) -> list[Event]:
    demo = Demo(_filmed(client))
    events = list(demo.events())
    assert not demo.reader.truncated
    return events


def _of(kind: str, client: int | None = None) -> list[Event]:
    return [event for event in _events(client) if event.kind == kind]


def _kills(client: int | None = None) -> list[Kill]:
    return [event for event in _events(client) if isinstance(event, Kill)]


def test_kills_deaths_and_headshot_kills_are_those_of_the_stats() -> None:
    players = _recording()[1]
    kills = [kill for kill in _kills() if not kill.self_kill and not kill.team_kill]
    assert Counter(kill.attacker for kill in kills) == Counter({one: player.kills for one, player in players.items()})
    assert Counter(kill.victim for kill in kills) == Counter({one: player.deaths for one, player in players.items()})
    heads = Counter(kill.attacker for kill in kills if kill.headshot)
    assert heads == Counter({one: player.headshot_kills for one, player in players.items()})
    assert len(kills) > 20


def test_self_kills_team_kills_revives_and_gibs_are_too() -> None:
    players = _recording()[1].values()
    assert sum(kill.self_kill for kill in _kills()) == sum(player.self_kills for player in players)
    assert sum(kill.team_kill for kill in _kills()) == sum(player.team_kills for player in players)
    assert len(_of("revive")) == sum(player.revives_given for player in players)
    assert len(_of("gib")) == sum(player.gibs + player.team_gibs for player in players)


@pytest.mark.parametrize(("regions", "counted"), [((Region.HEAD,), "headshots"), ((Region.HEAD, Region.BODY), "hits")])
def test_bullets_hit_as_often_as_the_stats_say(regions: tuple[Region, ...], counted: str) -> None:
    hits = Counter(hit.attacker for hit in _events() if isinstance(hit, Hit) and hit.region in regions)
    assert hits == Counter(
        {
            one: sum(getattr(weapon, counted) for weapon in player.weapons if weapon.weapon not in _BULLETLESS)
            for one, player in _recording()[1].items()
        }
    )


def test_every_kill_is_told_in_the_first_snapshot_after_it() -> None:
    deaths = (What.KILL, What.TEAM_KILL, What.SELF_KILL)
    scene = _recording()[0].scene
    told = [frame_ms(moment.at_ms) for moment in scene.chronicle if moment.what in deaths]
    assert [kill.at_ms for kill in _kills()] == told


def test_a_kill_by_a_bullet_follows_a_hit_on_the_victim() -> None:
    hits = [event for event in _events() if isinstance(event, Hit) and event.region in (Region.HEAD, Region.BODY)]
    shot = [kill for kill in _kills() if kill.means_name in ("MP40", "THOMPSON")]
    assert shot
    for kill in shot:
        if not kill.team_kill:
            pair = (kill.attacker, kill.victim)
            assert any((hit.attacker, hit.victim) == pair and 0 <= kill.at_ms - hit.at_ms <= 200 for hit in hits)


def test_objectives_and_the_end_are_told() -> None:
    scene = _recording()[0].scene
    planted = [moment for moment in scene.chronicle if moment.what is What.PLANT]
    actions = Counter(getattr(event, "action", "") for event in _of("objective"))
    assert actions["planted"] == len(planted)
    assert actions["constructed"] == sum(moment.what is What.BUILD for moment in scene.chronicle)
    states = [(getattr(event, "state", ""), getattr(event, "winner", None)) for event in _of("round")]
    assert states[0] == ("playing", None)
    assert states[-1][0] == "intermission"
    assert states[-1][1] in (Team.AXIS, Team.ALLIES)
    assert len(_of("chat")) == len(scene.fighters)


def test_nobody_jumps_except_into_a_life() -> None:
    """From one snapshot to the next people run; who is faster is late for a place where he has to be."""
    scene = _recording()[0].scene
    lives = {frame_ms(moment.at_ms) for moment in scene.chronicle if moment.what is What.SPAWN}
    last: dict[int, Position] = {}
    steps, far = 0, 0
    for seen in read_positions(_filmed(None), every_ms=0):
        before = last.get(seen.client)
        last[seen.client] = seen
        if before is not None and seen.alive and before.alive and seen.at_ms not in lives:
            steps += 1
            far += dist(before.position[:2], seen.position[:2]) > 60
    assert far < steps * 0.002


def test_people_come_out_of_their_own_sides_spawn() -> None:
    scene = _recording()[0].scene
    at_start = [seen for seen in read_positions(_filmed(None), every_ms=0) if seen.at_ms == LEVEL_START_MS]
    for seen in at_start:
        side = scene.fighters[seen.client].side
        assert seen.position[0] < -2000 if side == 1 else seen.position[0] > 2000
    assert len(at_start) >= len(scene.fighters) - 1


def test_who_plants_is_at_the_objective() -> None:
    scene = _recording()[0].scene
    objective = Ground(scene.game_map).objective
    clients = scene.clients()
    due = {(frame_ms(one.at_ms), clients[one.who]) for one in scene.chronicle if one.what in (What.PLANT, What.BUILD)}
    seen = {(one.at_ms, one.client): one.position for one in read_positions(_filmed(None), every_ms=0)}
    assert all(dist(seen[at_ms, client][:2], objective) < 400 for at_ms, client in due)


def test_a_players_demo_has_all_kills_and_what_he_could_see() -> None:
    client = best_client(_recording()[0].scene)
    assert _kills(client) == _kills()
    assert 0 < len(_of("hit", client)) < len(_of("hit"))
    assert {seen.client for seen in read_positions(_filmed(client))} >= {client}


def test_both_demos_come_out_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--seed", "11", "--maps", "1", "--players", "4", "--out", str(tmp_path / "stats")]
    assert main([*arguments, "--demos", str(tmp_path / "demos"), "--demo-rounds", "1"]) == 0
    assert sorted(path.suffix for path in (tmp_path / "demos").iterdir()) == [".dm_84", ".tv_84"]
    assert "2 demos in" in capsys.readouterr().out
