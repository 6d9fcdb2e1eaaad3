"""Tickets, names and parts of uploads, and the page they are made on."""

from __future__ import annotations

import json
import re

import pytest

from etstats.cards.page.document import document
from etstats.cards.page.upload import upload
from etstats.domain.demo import MAX_BYTES
from etstats.domain.upload import PART_BYTES, File, Ticket, file_name, file_told
from etstats.interactions.ticket import BadTicket, ExpiredTicket, key_from, seal, unseal
from etstats.words import words_for

KEY = key_from("a bot's token", "upload")
TICKET = Ticket(guild_id="7", user_id="42", number="1300000000000000000", until_s=2_000)
MARK = "ab" * 32


def test_a_ticket_comes_back_until_its_time_is_over() -> None:
    text = seal(TICKET, key=KEY)
    assert unseal(text, key=KEY, now_s=2_000) == TICKET
    with pytest.raises(ExpiredTicket):
        unseal(text, key=KEY, now_s=2_001)


def test_a_ticket_that_we_did_not_make_opens_nothing() -> None:
    text = seal(TICKET, key=KEY)
    told, _, mac = text.rpartition(".")
    forged = [told.replace(".42.", ".43.") + f".{mac}", told.replace(".7.", ".8.") + f".{mac}", f"{told}.", told]
    forged += [f"{told}.\ud800", "é.1.2.3.4.5"]
    for one in [*forged, text[:-1], text + "A", "", "1.2.3", text.replace("1.", "2.", 1)]:
        with pytest.raises(BadTicket):
            unseal(one, key=KEY, now_s=0)
    for other in (key_from("another token", "upload"), key_from("a bot's token", "render")):
        with pytest.raises(BadTicket):
            unseal(text, key=other, now_s=0)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("evening.tv_84", "evening.tv_84"),
        ("C:\\demos\\evening.DM_84", "evening.dm_84"),
        ("../../stats/x.dm_84", "x.dm_84"),
        ("ün\u0000ï\u202ecode \u0308.dm_84", "ünïcode \u0308.dm_84"),
        ("x" * 300 + ".dm_84", "x" * 100 + ".dm_84"),
        ("demo.exe", None),
        (".tv_84", None),
        ("   .tv_84", None),
        ("demo.tv_84.zip", None),
        ("", None),
    ],
)
def test_a_file_is_called_by_one_plain_line_or_is_no_demo(told: str, name: str | None) -> None:
    assert file_name(told) == name


def test_a_file_that_is_too_large_empty_or_not_marked_is_not_taken() -> None:
    assert file_told("x.tv_84", MAX_BYTES, MARK) is not None
    assert [file_told("x.tv_84", size, MARK) for size in (0, -1, MAX_BYTES + 1)] == [None] * 3
    assert file_told("x.tv_84", 1, "no mark") is None


def test_the_parts_of_a_file_are_all_of_it_and_nothing_else() -> None:
    file = File(name="x.tv_84", size=2 * PART_BYTES + 1, mark=MARK)
    assert file.parts == 3
    assert file.is_whole({1: PART_BYTES, 2: PART_BYTES, 3: 1})
    assert not file.is_whole({1: PART_BYTES, 2: PART_BYTES})
    assert not file.is_whole({1: PART_BYTES, 2: PART_BYTES, 3: 2})
    assert File(name="x.tv_84", size=PART_BYTES, mark=MARK).is_whole({1: PART_BYTES})


def test_the_page_lets_nothing_run_but_itself_and_sends_to_the_bucket_alone() -> None:
    page = upload(words_for("de"), bucket="https://bucket.example")
    rules = dict(rule.split(" ", 1) for rule in page.policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert rules["connect-src"] == "'self' https://bucket.example"
    assert "unsafe" not in page.policy
    assert not re.search(r"\b(src|href|style|on\w+)=", page.html.replace('http-equiv="', ""))
    assert "Datei wählen" in page.html


def test_what_people_named_stays_data_in_a_page() -> None:
    nasty = "</script><script>alert(1)</script><!--&\u2028"
    page = document(name="upload", language="en", title=nasty, told={"name": nasty})
    assert page.html.count("<script") == 2
    (data,) = re.findall(r'<script type="application/json" id="given">(.*?)</script>', page.html, re.DOTALL)
    assert json.loads(data) == {"name": nasty}
    assert "alert(1)</script>" not in page.html
