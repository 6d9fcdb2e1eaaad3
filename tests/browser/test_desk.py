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

needs_browser = [
    pytest.mark.skipif(not PYTHON.exists(), reason="no .venv-browser: run scripts/setup-browser"),
    pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no Chromium on PATH: apt-get install chromium"),
]
pytestmark = [*needs_browser, pytest.mark.timeout(300)]


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


def test_a_picture_has_its_text_and_can_be_enlarged(visit: Seen) -> None:
    assert visit["picture"] == {
        "width": 320,
        "text": "DPM of the last ten sessions",
        "enlarged": True,
        "put_away": True,
    }


def test_the_json_behind_an_answer_is_shown_and_put_away(visit: Seen) -> None:
    assert visit["raw"] == {"type": 4, "put_away": True}


# --- forms, menus, what comes later -------------------------------------------------------------------------------


def test_a_form_is_checked_filled_in_and_sent(visit: Seen) -> None:
    form = visit["form"]
    assert (form["title"], form["labels"]) == ("Name the teams", ["Who began as Axis *", "Why", "For how long *"])
    assert form["faults"] == ["At least 3 characters.", "This field is needed."]
    row, why, span = form["arrived"]
    assert row["components"] == [{"type": 4, "custom_id": "axis", "value": "Übersteiger"}]
    assert why["component"] == {"type": 4, "custom_id": "why", "value": "as agreed"}
    assert span["component"] == {"type": 3, "custom_id": "span", "values": ["always"]}
    assert form["put_away"]


def test_a_menu_sends_several_choices_and_no_more_than_it_takes(visit: Seen) -> None:
    assert visit["menus"] == {"several": "Chosen: supply and goldrush."}


def test_a_press_can_be_answered_later_in_place_or_below(visit: Seen) -> None:
    assert visit["put_off"]["added"] == [0, 1]
    assert visit["put_off"]["used"].endswith("pressed\nAnswer later")


# --- who, where, in which language --------------------------------------------------------------------------------


def test_somebody_has_a_menu_of_commands(visit: Seen) -> None:
    menu = visit["menu_on_a_user"]
    assert (menu["names"], menu["said"]) == (["Stats", "Compare with me"], "Compare with me: @Säpper ツ")
    assert menu["used"].endswith("Compare with me → Säpper ツ") and menu["left"] == 0


def test_users_channels_truths_and_files_are_options(visit: Seen) -> None:
    seen = visit["every_option"]
    assert seen["types"] == [6, 7, 5, 11]
    assert seen["resolved"] == {
        "users": ["sapper"],
        "members": ["Säpper ツ"],
        "channels": ["digest"],
        "attachments": ["round.dm_84"],
    }


def test_a_private_answer_is_seen_by_the_one_who_asked_alone(visit: Seen) -> None:
    mine, others, before_asking, dismissed, again = visit["two_users"]["private"]
    assert mine > 0 and (others, before_asking, dismissed) == (0, 0, 0) and again == mine
    assert "Only you can see this" in visit["two_users"]["note"] and "Private Doe" in visit["two_users"]["used"]


def test_a_command_for_those_who_manage_is_hidden_from_others(visit: Seen) -> None:
    assert visit["two_users"]["manage"] == [0, 1]


def test_the_language_changes_what_is_asked_and_what_commands_say(visit: Seen) -> None:
    seen = visit["language"]
    assert seen["description"] == "/session\nDie letzte Session, Map für Map"
    assert (seen["asked"], seen["menu"]) == ("sarge guild de", ["Werte", "Compare with me"])


def test_direct_messages_come_from_a_user_without_a_server(visit: Seen) -> None:
    assert visit["direct"] == {"asked": "sarge dm en-GB"}


def test_posts_arrive_change_and_go_by_themselves(visit: Seen) -> None:
    title = "Last session · Thu 2 Oct 2025"
    assert visit["posts"] == {"unread": "1", "title": title, "edited": "(edited)", "gone": 1}


def test_light_dark_or_as_the_system(visit: Seen) -> None:
    grounds = dict(visit["theme"]["seen"])
    assert list(grounds) == ["light", "dark", "auto"]
    assert grounds["light"] != grounds["auto"] == grounds["dark"]  # the tests' browser is set to dark


def test_a_narrow_phone_shows_everything(visit: Seen) -> None:
    narrow = visit["narrow"]
    assert narrow["over_the_edge"] <= 0 and narrow["rightmost"] <= 360
    assert narrow["small"] == [], "a thumb needs forty pixels"
    assert narrow["menu"] == 2
    assert narrow["table_lines"] == pytest.approx(7, abs=0.2)  # a head and six players, none of them folded


def test_nothing_is_asked_of_anybody_else_and_nothing_is_complained_about(visit: Seen) -> None:
    assert visit["elsewhere"] == [] and visit["problems"] == []
