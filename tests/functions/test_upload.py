"""The upload page's way in: what a browser gets, and every way it can be refused."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest

from etstats import wiring
from etstats.domain.upload import File, Ticket, Upload
from etstats.errors import BucketUnavailable, Refusal
from etstats.interactions import ticket as tickets
from etstats.usecases import upload as uploads
from etstats.usecases.upload import Begun
from functions.greatshot import upload

KEY = b"k" * 32
CONTEXT: Any = SimpleNamespace()
FILE = {"name": "evening.tv_84", "size": 9_000_000, "mark": "ab" * 32}


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "database", lambda *_: None)
    monkeypatch.setattr(wiring, "parts", lambda: SimpleNamespace(origin="https://bucket.example"))
    monkeypatch.setattr(wiring, "ticket_key", lambda: KEY)


def _event(method: str, body: str = "", **headers: str) -> dict[str, Any]:
    return {"requestContext": {"http": {"method": method}}, "headers": headers, "body": body, "isBase64Encoded": False}


def _ticket(until_s: float) -> str:
    return tickets.seal(Ticket(guild_id="7", user_id="42", number="1300", until_s=int(until_s)), key=KEY)


def _ask(what: str, *, ticket: str = "", **told: Any) -> tuple[int, Any]:
    body = {"ticket": ticket or _ticket(time.time() + 60), "ask": what, **FILE, **told}
    answer = upload.handler(_event("POST", json.dumps(body)), CONTEXT)
    assert answer["headers"]["cache-control"] == "no-store"
    return answer["statusCode"], json.loads(answer["body"])


def test_a_browser_gets_the_page_in_its_language_with_the_policy_that_goes_with_it() -> None:
    answer = upload.handler(_event("GET", **{"accept-language": "de-AT,de;q=0.9"}), CONTEXT)
    assert answer["statusCode"] == 200
    assert 'lang="de"' in answer["body"]
    assert "connect-src 'self' https://bucket.example" in answer["headers"]["content-security-policy"]
    assert 'lang="en"' in upload.handler(_event("GET"), CONTEXT)["body"]


def test_without_a_ticket_of_ours_nothing_is_begun() -> None:
    assert _ask("begin", ticket="1.7.42.1300.99999999999.AAAAAAAAAAAAAAAAAAAAAA") == (403, {"error": "error_bad_link"})
    assert _ask("begin", ticket=_ticket(time.time() - 1)) == (403, {"error": "error_expired"})


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"', "[" * 50_000, json.dumps({"x": "y" * 5_000})])
def test_what_is_no_question_is_refused(body: str) -> None:
    assert upload.handler(_event("POST", body), CONTEXT)["statusCode"] == 400


@pytest.mark.parametrize("told", [{"name": "x.exe"}, {"size": 0}, {"size": "9"}, {"size": True}, {"mark": ""}])
def test_what_is_no_demo_is_refused_before_a_link_is_signed(told: dict[str, Any]) -> None:
    assert _ask("begin", **told) == (403, {"error": "error_bad_file"})


def test_the_page_is_told_what_is_there_and_where_the_next_part_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, int]] = []

    def link(db: Any, parts: Any, ticket: Ticket, file: File, number: int) -> str:
        asked.append((ticket.user_id, file.name, number))
        return "https://bucket.example/part"

    monkeypatch.setattr(uploads, "begin", lambda *_, now: Begun(there=(1, 3)))
    monkeypatch.setattr(uploads, "part_link", link)
    assert _ask("begin") == (200, {"there": [1, 3], "finished": False})
    assert _ask("part", part=2) == (200, {"url": "https://bucket.example/part"})
    assert asked == [("42", "evening.tv_84", 2)]


def test_a_refusal_and_a_bucket_that_is_away_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(fault: Exception) -> Any:
        def finish(*_: Any) -> None:
            raise fault

        return finish

    monkeypatch.setattr(uploads, "finish", fails(Refusal("upload.error_incomplete")))
    assert _ask("finish") == (403, {"error": "error_incomplete"})
    monkeypatch.setattr(uploads, "finish", fails(BucketUnavailable("away")))
    assert _ask("finish") == (503, {"error": "error_away"})


def test_what_came_of_an_upload_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        "key": "k", "size": 9, "mark": "m", "multipart": "x", "finished": True, "refused": None, "state": "analysing",
        "percent": 40, "reason": None, "map": None, "highlights": 0,
    }  # fmt: skip
    monkeypatch.setattr(uploads, "come_of", lambda *_: Upload(**known))  # type: ignore[arg-type]
    assert _ask("state") == (
        200, {"state": "analysing", "percent": 40, "reason": None, "map": None, "highlights": 0},
    )  # fmt: skip
    monkeypatch.setattr(uploads, "come_of", lambda *_: Upload(**known | {"refused": "no"}))  # type: ignore[arg-type]
    assert _ask("state") == (200, {"state": "failed", "reason": "no"})
