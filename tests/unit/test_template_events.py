"""The recorded ways in: each can be read, fits the template, and holds nobody's ids."""

from __future__ import annotations

import base64
import json
import re
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "events"
NAMES = sorted(path.name for path in FOLDER.glob("*.json"))


def event(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_every_way_in_has_one() -> None:
    assert {
        "schedule-fetch.json",
        "schedule-fetch-demos.json",
        "schedule-announce.json",
        "schedule-daily.json",
        "schedule-live.json",
        "schedule-backup.json",
        "schedule-health.json",
        "schedule-canary.json",
        "sqs-store.json",
        "s3-test-event.json",
        "sqs-announce.json",
        "sqs-followup.json",
        "http-ping.json",
        "http-command-last.json",
        "http-autocomplete.json",
        "http-button.json",
        "http-base64.json",
        "invoke-migrate.json",
    } <= set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("sqs-", "s3-test"))])
def test_a_message_is_whole(name: str) -> None:
    for record in event(name)["Records"]:
        assert record["eventSource"] == "aws:sqs"
        assert record["md5OfBody"] == md5(record["body"].encode(), usedforsecurity=False).hexdigest()
        assert isinstance(json.loads(record["body"]), dict)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("http-")])
def test_a_call_is_whole_and_has_lower_case_headers_as_the_api_sends_them(name: str) -> None:
    call = event(name)
    assert call["version"] == "2.0"
    assert all(header == header.lower() for header in call["headers"])
    body = base64.b64decode(call["body"]) if call["isBase64Encoded"] else call["body"].encode()
    assert int(call["headers"]["content-length"]) == len(body)
    assert json.loads(body)["type"] in range(1, 6)


def test_the_object_wrapped_in_a_message_is_the_object_by_itself() -> None:
    (message,) = event("sqs-store.json")["Records"]
    assert json.loads(message["body"]) == event("s3-object-created.json")


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_scrubbed(name: str) -> None:
    text = json.dumps(event(name))
    for number in re.findall(r"(?<![\dA-Fa-f.:-])\d{12,20}(?![\dA-Fa-f])", text):
        known = number.startswith("1111111111") or number in ("2248473465835073",) or number.startswith("17735")
        assert known, f"{name} holds {number}"
