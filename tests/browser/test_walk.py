"""Every command on the desk, walked in a real browser as wide as a phone: its choices, its buttons, its menus' entries.

The whole stack runs behind it, with the corpus of real evenings where there is one, else with a simulated one.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from rich.console import Console

from etstats.config import database_from_url
from etstats.storage.database import Database, connect
from local.demo import follow, read_folder, simulated
from local.stack import Stack
from tests.browser.test_desk import PYTHON, ROOT, needs_browser
from tests.corpus import FOLDER

MOST_PRESSES = 4  # of one command; tests/integration/test_every_payload.py presses more of them
# whoever walks does not wait: each cool-down is over as soon as it begins
_NO_COOLDOWN = (
    """create function no_cooldown() returns trigger language plpgsql as
       'begin new.taken_at := now() - interval ''1 day''; return new; end'""",
    "create trigger no_cooldown before insert or update on cooldown for each row execute function no_cooldown()",
)

# a line to be copied, and what the game's console said
_AS_IT_IS = ("/demo renderer", "/server rcon")

pytestmark = [*needs_browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def walked() -> dict[str, Any]:
    return asyncio.run(_walk())


async def _walk() -> dict[str, Any]:
    files = read_folder(FOLDER / "stats") if FOLDER.is_dir() else simulated(7)
    async with Stack() as stack:
        for file in files:
            stack.game_server.put(file.name, file.content, mtime=file.mtime)
        db = Database(lambda: connect(database_from_url(stack.database_url), statement_timeout_ms=30_000))
        try:
            stack.start_schedules(every_s=1)
            names = [file.name for file in files]
            await follow(stack, db, names, Console(quiet=True), time.monotonic())
            for statement in _NO_COOLDOWN:
                db.run(statement)
        finally:
            db.close()
        script = ROOT / "tests" / "browser" / "walk.py"
        walker = await asyncio.create_subprocess_exec(
            PYTHON, script, stack.discord.url, str(MOST_PRESSES), stdout=-1, stderr=-1
        )
        out, fault = await walker.communicate()
        assert walker.returncode == 0, fault.decode()[-3000:]
        told: dict[str, Any] = json.loads(out)
        return told


def test_every_command_answers_every_choice_and_press(walked: dict[str, Any]) -> None:
    assert walked["faults"] == []
    assert walked["asked"] > 50


def test_every_answer_fits_a_phone(walked: dict[str, Any]) -> None:
    assert [one for one in walked["stumbles"] if not one.startswith(_AS_IT_IS)] == []


def test_the_page_complains_of_nothing(walked: dict[str, Any]) -> None:
    assert walked["problems"] == []
