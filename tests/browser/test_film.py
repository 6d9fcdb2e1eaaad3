"""A film plays where it is posted: an MP4 inline in a real browser, a WebP as a card's moving picture."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from etstats.cards.film.look import SIDE
from etstats.gateways import film
from etstats.gateways.discord import Discord
from etstats.interactions.reply import Attachment, Embed, Message
from local.discord_stub import ROUND_CHANNEL_ID
from tests.browser.test_desk import PYTHON, ROOT, needs_browser
from tests.canned import canned_desk

pytestmark = [*needs_browser, pytest.mark.timeout(120)]
FRAMES, FRAMES_PER_S = 50, 25


def _frames() -> Iterator[bytes]:
    """A bar that moves."""
    for number in range(FRAMES):
        frame = Image.new("RGB", (SIDE, SIDE), "#202225")
        ImageDraw.Draw(frame).rectangle((number * 10, 0, number * 10 + 60, SIDE), fill="#f0a030")
        yield frame.tobytes()


def _made(folder: Path) -> tuple[bytes, bytes]:
    mp4, webp = folder / "film.mp4", folder / "film.webp"
    ending = film.make_film(_frames(), count=FRAMES, side=SIDE, frames_per_s=FRAMES_PER_S, into=mp4)
    assert ending == film.MP4
    film._webp(_frames(), SIDE, FRAMES_PER_S, webp, FRAMES)
    return mp4.read_bytes(), webp.read_bytes()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    mp4, webp = _made(tmp_path_factory.mktemp("films"))
    posts = (
        Message(
            embeds=(Embed(title="without ffmpeg", image="film.webp"),),
            files=(Attachment(name="film.webp", content=webp, media_type="image/webp"),),
        ),
        Message(files=(Attachment(name="film.mp4", content=mp4, media_type="video/mp4", description="a bar"),)),
    )
    return asyncio.run(_visit(posts))


async def _visit(posts: tuple[Message, ...]) -> dict[str, Any]:
    async with canned_desk() as (running, _):
        discord = Discord(url=running.api_url, bot_token=lambda: "canned")
        for number, post in enumerate(posts):
            await asyncio.to_thread(discord.create_message, ROUND_CHANNEL_ID, post, seal=str, nonce=str(number))
        visitor = await asyncio.create_subprocess_exec(
            PYTHON, ROOT / "tests" / "browser" / "film.py", running.url, stdout=-1, stderr=-1
        )
        out, fault = await visitor.communicate()
        assert visitor.returncode == 0, fault.decode()[-3000:]
        told: dict[str, Any] = json.loads(out)
        return told


def test_an_mp4_plays_inline_as_wide_as_a_phone(seen: dict[str, Any]) -> None:
    if not seen["knows"]:
        pytest.skip("this build of Chromium does not know H.264")
    played = seen["film"]
    assert (played["fault"], played["width"], played["height"]) == ("", SIDE, SIDE)
    assert played["ready"] >= 2 and played["at"] > 0.2
    assert played["seconds"] == pytest.approx(FRAMES / FRAMES_PER_S, abs=0.1)
    assert 250 < played["shown"] <= 390 and seen["over_the_edge"] <= 0


def test_a_webp_is_shown_in_its_card(seen: dict[str, Any]) -> None:
    assert seen["picture"] == [480, 480]
