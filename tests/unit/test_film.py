"""Frames looked at pixel by pixel, and the films made of them: probed, read back, and without ffmpeg."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from etstats.cards.film import look, sprite
from etstats.cards.film.frame import Film
from etstats.cards.film.ground import MapPicture, Title
from etstats.cards.film.look import View
from etstats.cards.picture import heat_map, round_timeline, theme
from etstats.demo.events import Team
from etstats.domain.place import Box
from etstats.errors import BadPicture, FilmFailed
from etstats.gateways import film as gateway
from etstats.gateways.film import MP4, WEBP, ffmpeg, make_film
from etstats.greatshot.pace import FRAMES_PER_S, Frame, paced
from etstats.greatshot.report import report
from etstats.greatshot.scene import scene
from etstats.words import words_for
from tests.battles import FOE, ME, a_battle, a_hit, a_kill, an_objective, stands
from tests.drawn import Drawn, drawn, is_drawn_as_declared, renderer

WORDS = words_for("en")
NASTY = ["<script>&amp;", "@everyone `x`", "\u202eевil\u0000", "🔥" * 40, "", "^1^2^3", "x" * 400, "名前", "ا" * 30]


def _film(*told: Any, hero: int = ME, who: str = "vid", picture: MapPicture | None = None) -> Film:
    shown = scene(a_battle(*told), 10_000, 20_000, hero=hero)
    return Film(WORDS, renderer(), shown, Title(who=who, team=Team.AXIS, what="Multi-kill ×3"), picture=picture)


def _shown(film: Film, at_ms: int, *, speed: float = 1.0) -> Drawn:
    return Drawn("", film.frame(Frame(at_ms=at_ms, speed=speed)))


def _alone(yaw: float, client: int = ME) -> Drawn:
    """Somebody at the middle of what is seen, who is not the hero."""
    return _shown(_film(stands(client, 12_000, 0, 0, yaw=yaw), hero=40), 12_000)


def _middle() -> tuple[float, float]:
    return look.SIDE / 2, look.HEADER + look.ARENA / 2


@pytest.mark.parametrize(("yaw", "to_x", "to_y"), [(0, 1, 0), (90, 0, -1), (180, -1, 0), (270, 0, 1), (-90, 0, 1)])
@pytest.mark.parametrize(("client", "colour"), [(ME, theme.TEAM_A), (FOE, theme.TEAM_B)])
def test_an_arrow_points_where_he_looks(yaw: float, to_x: int, to_y: int, client: int, colour: str) -> None:
    """90 is north, and north is up."""
    image, (x, y) = _alone(yaw, client), _middle()
    tip = look.ARROW - 4
    assert image.at(x + to_x * tip, y + to_y * tip) == colour
    assert image.at(x - to_x * tip, y - to_y * tip) != colour


def test_teams_differ_in_shape_as_well_as_in_colour() -> None:
    axis, allies = (sprite.arrow(team, 0, hero=False).getchannel("A") for team in (Team.AXIS, Team.ALLIES))
    assert axis.tobytes() != allies.tobytes()


def test_who_dies_is_crossed_where_he_fell_and_no_longer_stands_there() -> None:
    told = [
        *(stands(FOE, at_ms, 0, 0, alive=at_ms < 12_000, health=80) for at_ms in range(10_000, 19_000, 100)),
        a_kill(12_000, 40, FOE),
    ]
    film, (x, y) = _film(*told, hero=FOE), _middle()
    assert _shown(film, 11_000).at(x, y) == theme.TEAM_B
    fresh, later, gone = (_blue(_shown(film, at_ms), x + 6, y + 6) for at_ms in (12_800, 16_500, 18_500))
    assert fresh > 200
    assert _blue(_shown(film, 12_800), x + 9, y) < 90  # a cross, nothing round
    assert fresh > later > gone


def _blue(shown: Drawn, x: float, y: float) -> int:
    return int(shown.at(x, y)[5:7], 16)


def test_who_is_revived_is_crossed_no_more() -> None:
    told = [stands(FOE, at_ms, 0, 0, alive=not 12_000 <= at_ms < 14_000) for at_ms in range(10_000, 19_000, 100)]
    film, (x, y) = _film(*told, a_kill(12_000, 40, FOE), hero=FOE), _middle()
    assert _shown(film, 14_500).at(x - 7, y + 7) != _shown(film, 13_500).at(x - 7, y + 7)
    assert _shown(film, 14_500).at(x, y) == theme.TEAM_B


def test_a_shot_flashes_and_is_gone() -> None:
    told = [stands(ME, at_ms, 0, 0) for at_ms in range(11_000, 13_000, 50)]
    film = _film(*told, a_hit(12_000, ME, FOE, (600.0, 0.0, 0.0)))
    (x, y), far = _middle(), 300 * View(scene(a_battle(*told), 10_000, 20_000, hero=ME).box).px_per_unit
    before, during, after = (_shown(film, at_ms).at(x + far, y) for at_ms in (11_900, 12_000, 12_500))
    assert before == after != during


def test_the_more_health_the_longer_its_arc() -> None:
    whole, half = (sprite.health(percent, hero=False) for percent in (100, 50))
    radius = look.ARROW + look.HEALTH
    left = round(whole.width / 2 - radius), round(whole.height / 2)
    right = round(whole.width / 2 + radius) - 1, left[1]

    def light(image: Image.Image, at: tuple[int, int]) -> int:
        pixel = image.getpixel(at)
        assert isinstance(pixel, tuple)
        return int(pixel[0])

    assert light(half, right) == light(whole, right) > 150
    assert light(half, left) < 60 < light(whole, left)


@pytest.mark.parametrize("health", [None, 0, -40, 5, 100, 156, 9_999])
def test_any_health_is_drawn(health: int | None) -> None:
    assert _shown(_film(stands(ME, 12_000, 0, 0, health=health, carrying=True)), 12_000).size == (look.SIDE, look.SIDE)


def test_fast_forward_is_said() -> None:
    film = _film(stands(ME, 12_000, 0, 0))
    assert _shown(film, 12_000, speed=4.0).where(theme.ABOVE)
    assert not _shown(film, 12_000).where(theme.ABOVE)


@pytest.mark.parametrize("name", NASTY)
def test_any_name_is_drawn(name: str) -> None:
    told: list[Any] = [
        stands(ME, 12_000, 0, 0),
        a_kill(12_000, ME, FOE, means_name=name),
        a_kill(12_100, -1, ME, means_name=""),
    ]
    shown = scene(a_battle(*told, names={ME: name, FOE: name}), 10_000, 20_000, hero=ME)
    film = Film(WORDS, renderer(), shown, Title(who=name, team=Team.NONE, what=name))
    assert film.frame(Frame(at_ms=12_050, speed=1)).size == (look.SIDE, look.SIDE)


def test_a_name_is_cut_to_its_room_and_escaped() -> None:
    asked: list[str] = []

    def render(svg: str) -> bytes:
        asked.append(svg)
        return renderer()(svg)

    assert sprite.text(render, [("<b>" + "x" * 300, "#ffffff")], size=20, room=150).width < 190
    assert "&lt;b&gt;" in asked[0]


def test_nobody_to_see_is_a_picture_all_the_same() -> None:
    film = Film(WORDS, renderer(), scene(a_battle(), 0, 1_000), Title(who="", team=Team.NONE, what=""))
    assert len(next(film.frames(paced(0, 1_000, []), []))) == look.SIDE * look.SIDE * 3


def test_the_still_is_a_png_of_the_moment() -> None:
    image = Image.open(io.BytesIO(_film(stands(ME, 12_000, 0, 0)).still(12_000)))
    assert (image.format, image.size) == ("PNG", (look.SIDE, look.SIDE))


def test_a_maps_picture_lies_where_it_belongs() -> None:
    """Red in the west half of the world, blue in the east; the hero stands on the border."""
    picture = Image.new("RGB", (200, 100), "#ff0000")
    picture.paste("#0000ff", (100, 0, 200, 100))
    out = io.BytesIO()
    picture.save(out, "PNG")
    below = MapPicture(png=out.getvalue(), box=Box(west=-4_000, south=-2_000, east=4_000, north=2_000))
    image, (x, y) = _shown(_film(stands(ME, 12_000, 0, 0), picture=below), 19_000).image, _middle()
    west, east = image.getpixel((round(x - 200), round(y))), image.getpixel((round(x + 200), round(y)))
    assert isinstance(west, tuple) and isinstance(east, tuple)
    assert west[0] > west[2] + 50 and east[2] > east[0] + 50


@pytest.mark.parametrize("png", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\0" * 99])
def test_what_is_no_picture_of_a_map_is_refused(png: bytes) -> None:
    with pytest.raises(BadPicture):
        _film(picture=MapPicture(png=png, box=Box(west=0, south=0, east=9, north=9)))


def _moving(frames: int) -> tuple[Film, list[Frame]]:
    told = [stands(ME, at_ms, at_ms / 10, 0, yaw=at_ms / 20) for at_ms in range(10_000, 20_000, 50)]
    return _film(*told, a_kill(12_000, ME, FOE)), paced(10_000, 10_000 + frames * 40, [])


def _probed(path: Path) -> str:
    program = ffmpeg()
    assert program is not None
    asked = [program, "-hide_banner", "-i", str(path)]
    return subprocess.run(asked, check=False, capture_output=True, text=True).stderr


def test_a_film_is_what_phones_play_inline(tmp_path: Path) -> None:
    film, frames = _moving(50)
    path = tmp_path / "film.mp4"
    made = make_film(film.frames(frames, [12_000]), count=50, side=look.SIDE, frames_per_s=FRAMES_PER_S, into=path)
    said, content = _probed(path), path.read_bytes()
    assert made == MP4
    assert re.search(r"Video: h264 \(High\).*yuv420p.*720x720.*25 fps", said)
    assert "Duration: 00:00:02.00" in said
    assert content.index(b"moov") < content.index(b"mdat")  # it begins before all of it is there
    assert len(content) < 500_000


def test_without_ffmpeg_it_is_an_animated_webp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "ffmpeg", lambda: None)
    film, frames = _moving(21)
    path = tmp_path / "film.webp"
    assert make_film(film.frames(frames, []), count=21, side=look.SIDE, frames_per_s=FRAMES_PER_S, into=path) == WEBP
    with Image.open(path) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("WEBP", 11)


def test_what_stops_the_frames_stops_ffmpeg(tmp_path: Path) -> None:
    def broken() -> Any:
        yield bytes(look.SIDE * look.SIDE * 3)
        raise FilmFailed("late")

    with pytest.raises(FilmFailed, match="late"):
        make_film(broken(), count=9, side=look.SIDE, frames_per_s=FRAMES_PER_S, into=tmp_path / "x")


def test_what_ffmpeg_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(FilmFailed, match="ffmpeg ended with"):
        make_film(iter([b"\0" * 12]), count=1, side=2, frames_per_s=25, into=tmp_path / "no" / "folder")


def test_a_heat_map_marks_where_killers_stood_and_victims_fell() -> None:
    fought = report(a_battle(stands(ME, 12_000, 0, 0), stands(FOE, 12_000, 1_000, 0), a_kill(12_000, ME, FOE)))
    picture = drawn(heat_map.draw(WORDS, fought, title="<oasis>"))
    killed = [x for x, y in picture.where(theme.ABOVE) if y > 250]
    died = [x for x, y in picture.where(theme.BELOW) if y > 250]
    assert killed and died and max(killed) < min(died)
    assert heat_map.told(WORDS, fought) == "1 kill · 1 death · vid 1"


def test_a_rounds_kills_are_drawn_up_for_the_axis_and_down_for_the_allies() -> None:
    battle = a_battle(
        *(a_kill(at_ms, ME, FOE) for at_ms in (60_000, 61_000)),
        a_kill(400_000, FOE, ME),
        an_objective(300_000, "planted", "the <Door>", Team.ALLIES),
    )
    fought = report(battle)
    picture = drawn(round_timeline.draw(WORDS, fought, title="oasis"))
    bars = (220, 470)
    up = [(x, y) for x, y in picture.where(theme.TEAM_A) if bars[0] < y < bars[1]]
    down = [(x, y) for x, y in picture.where(theme.TEAM_B) if bars[0] < y < bars[1] and not 480 < x < 520]
    assert max(y for _, y in up) < 345 < min(y for _, y in down)
    assert max(x for x, _ in up) < min(x for x, _ in down)
    assert "5:00 the <Door> planted" in picture.texts
    assert round_timeline.told(WORDS, fought) == "Axis 2 kills · Allies 1 kill · 5:00 the <Door> planted"


def test_more_objectives_than_fit_below_a_timeline_are_counted() -> None:
    planted = [an_objective(at_ms * 1_000, "planted", "the door", Team.AXIS) for at_ms in range(20)]
    texts = drawn(round_timeline.draw(WORDS, report(a_battle(*planted)), title="oasis")).texts
    assert sum("the door planted" in text for text in texts) == 15
    assert "… and 5 more" in texts


@pytest.mark.parametrize("draw", [heat_map.draw, round_timeline.draw])
@pytest.mark.parametrize("name", NASTY)
def test_pictures_of_a_demo_stand_anything(draw: Any, name: str) -> None:
    told: list[Any] = [
        stands(ME, 12_000, 1e7, -1e7),
        a_kill(12_000, ME, FOE),
        an_objective(13_000, name, name, Team.NONE),
    ]
    assert is_drawn_as_declared(draw(WORDS, report(a_battle(*told, names={ME: name})), title=name))
    assert is_drawn_as_declared(draw(WORDS, report(a_battle()), title=name))
