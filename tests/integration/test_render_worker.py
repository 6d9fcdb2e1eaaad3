"""A renderer at work on the embedded stack: the real program, a demo that came attached, a script for a game."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp

from etstats.config import database_from_url
from etstats.storage.database import Database, connect
from local.discord_messages import Upload
from local.stack import Stack
from tests.uploading import PATIENCE, a_demo, asked, link_of

ROOT = Path(__file__).parents[2]
# what plays a clip: shows how far it is, writes a film; or never comes to an end; or fails
GAME = """
import os, sys, time
clip, film, how = sys.argv[1:]
worker = os.getppid()
print("10 %", flush=True)
assert open(clip, "rb").read(4), "no clip"
while how == "hangs" and os.getppid() == worker:
    time.sleep(0.1)
if how == "fails":
    sys.exit("no display")
open(film, "wb").write(b"a film of " + clip.rpartition(".")[2].encode())
print("100%")
"""


def test_a_renderer_delivers_is_taken_over_when_it_dies_and_says_why_it_could_not(tmp_path: Path) -> None:
    game = tmp_path / "game.py"
    game.write_text(GAME, encoding="utf-8")

    async def main() -> None:
        async with Stack(retry_after_s=1) as stack, aiohttp.ClientSession() as http:
            db = Database(lambda: connect(database_from_url(stack.database_url), statement_timeout_ms=20_000))
            try:
                await _work(stack, http, db, game)
            finally:
                db.close()

    asyncio.run(main())


async def _work(stack: Stack, http: aiohttp.ClientSession, db: Database, game: Path) -> None:
    await _demo_there(stack)
    program = (await asked(stack, "demo", "renderer"))["content"].split("```")[1].split()
    line = [sys.executable, *program[1 : program.index("--")], "--once", "--name", "the attic", "--", sys.executable]
    for position in (1, 2):
        db.run("delete from cooldown")
        told = await asked(stack, "demo", "render", highlight=position)
        assert f"Highlight {position} of adlernest waits for somebody" in told["content"]

    dying = await _renderer(line, game, "hangs")
    await _until(db, "rendering")
    dying.kill()
    await dying.wait()
    assert await _ended(await _renderer(line, game, "fails")) == 0  # the other one: this job is still somebody's
    assert _state(db, 1)[0] == "rendering"
    assert _state(db, 2) == ("asked", "1", "no display")

    db.run("update render set claimed_until = now() where position = 1")  # nobody has heard of him for long
    assert await _ended(await _renderer(line, game, "plays")) == 0
    assert _state(db, 1)[:2] == ("ready", "2")
    db.run("delete from cooldown")
    async with http.get(link_of(await _private(stack, 1))) as film:
        assert await film.read() == b"a film of dm_84"

    for _ in range(2):
        assert await _ended(await _renderer(line, game, "fails")) == 0
    assert _state(db, 2) == ("failed", "3", "no display")
    db.run("delete from cooldown")
    assert "waits" in (await asked(stack, "demo", "render", highlight=2))["content"]  # who asks again has it tried anew
    assert [one.error for one in stack.pump.watched.failures()] == []


async def _demo_there(stack: Stack) -> None:
    upload = Upload(name="x.tv_84", content=a_demo(kills=4), content_type="application/octet-stream")
    told = await asked(stack, "demo", "upload", file=stack.discord.memory.keep_upload(upload))
    assert "is here and will be analysed" in told["content"]
    for _ in range(PATIENCE):
        if "🎬" in str((await stack.discord.ask({"path": ["demo", "list"]}))["message"]):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the demo was not analysed")


async def _private(stack: Stack, position: int) -> dict[str, Any]:
    return await asked(stack, "demo", "render", highlight=position, private=True)


async def _renderer(line: list[str], game: Path, how: str) -> asyncio.subprocess.Process:
    arguments = [*line, str(game), "{clip}", "{film}", how]
    return await asyncio.create_subprocess_exec(
        *arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


async def _ended(renderer: asyncio.subprocess.Process) -> int:
    return await asyncio.wait_for(renderer.wait(), 60)


async def _until(db: Database, state: str) -> None:
    for _ in range(PATIENCE):
        if db.values("select 1 from render where state = :state and percent > 0", state=state):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"no film is {state}")


def _state(db: Database, position: int) -> tuple[Any, ...]:
    return tuple(
        db.values(
            "select array[state, cast(tries as text), reason] from render where position = :position",
            position=position,
        )[0]
    )
