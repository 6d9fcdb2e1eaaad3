"""The desk in a real browser: what a reader sees, with mouse, keyboard and on a phone.

The browser is driven from an environment of its own (`scripts/setup-browser`); without it, or without Chromium, these
tests are skipped and say so.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.canned import HOSTILE, canned_desk

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-browser" / "bin" / "python"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

pytestmark = [
    pytest.mark.skipif(not PYTHON.exists(), reason="no .venv-browser: run scripts/setup-browser"),
    pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no Chromium on PATH: apt-get install chromium"),
]


Seen = dict[str, Any]


@pytest.fixture(scope="module")
def visit() -> Seen:
    """One visit serves every test here: a browser takes seconds to start."""
    return asyncio.run(_visit())


async def _visit() -> Seen:
    async with canned_desk() as (running, endpoint):
        endpoint.may_finish.set()
        visitor = await asyncio.create_subprocess_exec(
            PYTHON, ROOT / "tests" / "browser" / "visit.py", running.url, stdout=-1, stderr=-1
        )
        out, fault = await visitor.communicate()
        assert visitor.returncode == 0, fault.decode()[-3000:]
        seen: Seen = json.loads(out)
        return seen


def test_a_card_is_drawn_as_discord_draws_it(visit: Seen) -> None:
    card = visit["a_card"]
    assert card["used"].endswith("/profile player:Mittens by:Kills")
    assert (card["title"], card["bold"], card["code"]) == ("Mittens", ["bold and italic"], ["Thompson"])
    assert card["bar"] == "rgb(46, 134, 222)"
    assert card["fields_in_first_row"] == 3
    assert card["link"] == "https://example.org/a?b=c"
    assert card["time"] not in ("", "<t:1760000000:R>")
    assert card["ansi"] == "Axis"
    assert card["buttons"][:2] == ["◀", "Weapons"]
    assert card["took"].endswith(" ms")


def test_a_press_changes_the_message_in_place(visit: Seen) -> None:
    before, after = visit["a_press"]["messages_before_and_after"]
    assert before == after == 1


def test_hostile_names_are_text(visit: Seen) -> None:
    hostile = visit["hostile"]
    assert hostile == {"title": HOSTILE, "elements_made": 0, "dialogs": []}


def test_commands_choices_and_players_are_suggested(visit: Seen) -> None:
    seen = visit["suggestions"]
    assert [one.split("\n")[0] for one in seen["commands"]] == ["/profile"]
    assert seen["chosen"] == "=F/A= Widowmaker"
    assert seen["choices"] == ["Kills", "Damage per minute"]
    assert seen["fault"] == "by: choose one of Kills, Damage per minute"


def test_a_typed_line_arrives_with_its_types(visit: Seen) -> None:
    assert visit["typed_values"]["arrived"] == [
        {"name": "player", "type": 3, "value": "Dr. K. Rügner"},
        {"name": "by", "type": 3, "value": "dpm"},
        {"name": "page", "type": 4, "value": 7},
        {"name": "all", "type": 5, "value": True},
    ]


def test_an_answer_that_fails_says_why(visit: Seen) -> None:
    said = visit["failures"]
    assert all(one.startswith("The application did not respond") for one in said.values())
    assert "answered 500" in said["broken"]
    assert "Must be 2000 or fewer" in said["toolong"]
    assert "three seconds" in said["silent"]


def test_a_late_answer_brings_its_file(visit: Seen) -> None:
    late = visit["late"]
    assert (late["title"], late["file"]) == ("Thought it over", "figures.csv")
    assert "thinking" in late["took"]


def test_a_private_answer_to_somebody_else_is_marked(visit: Seen) -> None:
    private = visit["private"]
    assert "Only you can see this" in private["note"] and "Private Doe" in private["used"]


def test_the_json_behind_an_answer_is_shown_and_put_away(visit: Seen) -> None:
    assert visit["raw"] == {"type": 4, "open": False}


def test_posts_have_a_channel_of_their_own(visit: Seen) -> None:
    assert visit["posts"] == {"unread": "1", "title": "Last session · Thu 2 Oct 2025", "composer": False}


def test_a_narrow_phone_shows_everything(visit: Seen) -> None:
    narrow = visit["narrow"]
    assert narrow["over_the_edge"] <= 0 and narrow["rightmost"] <= 360
    assert narrow["table_lines"] == pytest.approx(7, abs=0.2)  # a head and six players, none of them folded


def test_nothing_is_asked_of_anybody_else_and_nothing_is_complained_about(visit: Seen) -> None:
    assert visit["elsewhere"] == [] and visit["problems"] == []
