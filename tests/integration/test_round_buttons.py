"""The buttons under a post: anybody presses them, and what they show is for him alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from etstats.commands.answering import Answerer
from etstats.interactions import request
from etstats.storage.database import Database
from local.discord_limits import check_message
from local.discord_stub import Running
from tests.announcing import ENDSTATS, FIRST, SECOND, Posting
from tests.builders import an_interaction
from tests.discord_threaded import discord_stub

EPHEMERAL, A_NEW_MESSAGE = 64, 4


@pytest.fixture
def stub() -> Iterator[Running]:
    with discord_stub() as running:
        yield running


@pytest.fixture
def posting(db: Database, stub: Running) -> Posting:
    made = Posting(db=db, stub=stub)
    made.store(FIRST, ENDSTATS, SECOND)
    made.announce()
    return made


def press(posting: Posting, label: str, *, user: str = "42", locale: str = "en-GB") -> dict[str, Any]:
    """What Discord is told, when somebody presses the button of the only post."""
    (post,) = posting.posts()
    (row,) = post["components"]
    custom_id = next(one["custom_id"] for one in row["components"] if one["label"] == label)
    member = {"permissions": "2048", "user": {"id": user, "username": "mittens"}}
    asked = an_interaction(type=3, data={"component_type": 2, "custom_id": custom_id}, locale=locale, member=member)
    asked["message"] = {"id": post["id"], "flags": 0}
    body = request.read(json.dumps(asked).encode())
    said = Answerer(db=lambda: posting.db, key=lambda: b"key", followups=lambda: cast("Any", None)).respond(body, b"{}")
    assert (said["type"], said["data"]["flags"] & EPHEMERAL) == (A_NEW_MESSAGE, EPHEMERAL)  # type: ignore[index]
    data: dict[str, Any] = said["data"]  # type: ignore[assignment]
    assert check_message({key: value for key, value in data.items() if key != "flags"}) == []
    return data


def link(posting: Posting, user: str, guid: str) -> None:
    posting.db.run(
        "insert into person_link (user_id, guid, proven_by) values (:user, :guid, 'admin')", user=user, guid=guid
    )


def test_the_full_table_has_everybody_of_both_rounds(posting: Posting) -> None:
    embeds = press(posting, "Full table")["embeds"]
    assert [one["title"] for one in embeds] == [
        "SUPPLY R1 · Allies complete 8:00 / 12:00",
        "SUPPLY R2 · Axis hold 8:00 / 8:00",
    ]
    (axis, allies) = embeds[0]["fields"]
    assert (axis["name"], allies["name"]) == ("Axis", "Allies")
    assert allies["value"].splitlines()[2] == "BBBB0002       5/4  1.0k 125 30% 10%   0"


def test_ones_own_line_is_that_of_whom_one_is_linked_with(posting: Posting) -> None:
    link(posting, "42", "AAAA0002")
    (embed,) = press(posting, "My line")["embeds"]
    assert embed["title"] == "SUPPLY · your line"
    first, second = embed["fields"]
    assert (first["name"], second["name"]) == ("R1 · Axis", "R2 · Allies")
    assert "**1,100** damage (#1 of 4)" in first["value"]
    assert "Most damage given: 1100" in first["value"]


def test_who_is_not_linked_or_was_not_there_is_told_what_to_do(posting: Posting) -> None:
    assert "/link" in press(posting, "My line")["content"]
    link(posting, "43", "CCCC0001")
    assert press(posting, "My line", user="43")["content"] == "You took no part in it. **Full table** shows who did."


def test_all_awards_of_both_rounds_in_the_language_of_whoever_asks(posting: Posting) -> None:
    (embed,) = press(posting, "Awards", locale="de")["embeds"]
    assert [one["value"] for one in embed["fields"]] == [
        "**AAAA0002** · Most damage given: 1100\n**BBBB0001** · Most revives: 4",
        "Zu dieser Runde gibt es keine Endstats-Datei.",
    ]


def test_a_round_that_is_gone_is_said_to_be_gone(posting: Posting) -> None:
    posting.db.run("delete from session")
    assert press(posting, "Full table")["content"].startswith("That round is not there any more.")
