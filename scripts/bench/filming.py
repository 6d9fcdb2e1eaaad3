"""A film of 10 s as it is made, from a scene in memory to the MP4: 12 players on the move, some of them shooting."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from math import cos, sin
from pathlib import Path

from etstats.cards.film import look
from etstats.cards.film.frame import Film
from etstats.cards.film.ground import Title
from etstats.demo.events import Event, Hit, Kill, Team
from etstats.demo.positions import Position
from etstats.demo.roster import Player
from etstats.gateways.film import make_film
from etstats.gateways.renderer import Renderer
from etstats.greatshot.battle import battle
from etstats.greatshot.pace import FRAMES_PER_S, paced
from etstats.greatshot.scene import Scene, scene
from etstats.words import words_for
from scripts.bench.figure import Figure, timed_ms

_RUNS = 5
_LASTS_MS = 10_000
_PLAYERS = 12
_TEAMS = (Team.AXIS, Team.ALLIES)
_KILLED_MS = (4_000, 5_500, 7_000)


def filming() -> Iterator[Figure]:
    render, shown = Renderer(), _scene()
    render('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')  # the fonts are picture.first_ms
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        times = [timed_ms(lambda: _made(render, shown, path)) for _ in range(_RUNS)]
        size = path.stat().st_size
    yield Figure(name="video.s_per_10s", value=statistics.median(times) / 1_000, unit="s", n=_RUNS, budget=10)
    yield Figure(name="video.mb", value=size / 1_000_000, unit="MB", n=1, budget=8)


def _made(render: Renderer, shown: Scene, path: Path) -> str:
    frames = paced(0, _LASTS_MS, _KILLED_MS)
    title = Title(who="mittens", team=Team.AXIS, what="Multi-kill ×3 · supply")
    film = Film(words_for("en"), render, shown, title)
    return make_film(
        film.frames(frames, _KILLED_MS), count=len(frames), side=look.SIDE, frames_per_s=FRAMES_PER_S, into=path
    )


def _scene() -> Scene:
    events: list[Event] = [*map(_hit, range(0, _LASTS_MS, 150)), *map(_kill, _KILLED_MS)]
    positions = [_position(client, at_ms) for at_ms in range(0, _LASTS_MS, 50) for client in range(_PLAYERS)]
    players = [
        Player(client=client, name=f"player {client}", team=_TEAMS[client % 2], player_class="medic")
        for client in range(_PLAYERS)
    ]
    events.sort(key=lambda event: event.at_ms)
    fought = battle(events, positions, players, complete=True, sampled_ms=50)
    return scene(fought, 0, _LASTS_MS, hero=0)


def _position(client: int, at_ms: int) -> Position:
    turn = at_ms / 1_500 + client
    return Position(
        at_ms=at_ms, client=client, position=(900 * cos(turn) + 90 * client, 700 * sin(turn), 0.0),
        angles=(0.0, at_ms / 20 + 30 * client, 0.0), alive=True, health=100 - client,
    )  # fmt: skip


def _hit(at_ms: int) -> Hit:
    attacker = at_ms // 150 % _PLAYERS
    return Hit(
        at_ms=at_ms, attacker=attacker, victim=(attacker + 1) % _PLAYERS, weapon=3, weapon_name="MP40", region=None,
        position=_position((attacker + 1) % _PLAYERS, at_ms).position,
    )  # fmt: skip


def _kill(at_ms: int) -> Kill:
    victim = at_ms // 500 % _PLAYERS | 1
    return Kill(
        at_ms=at_ms, attacker=0, victim=victim, means=8, means_name="MP40", weapon=None, weapon_name=None,
        self_kill=False, team_kill=False, headshot=True, attacker_name="player 0", attacker_team=Team.AXIS,
        victim_name=f"player {victim}", victim_team=Team.ALLIES,
    )  # fmt: skip
