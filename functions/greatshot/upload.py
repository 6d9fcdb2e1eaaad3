"""The upload page, and what it asks. A browser calls this: GET /upload brings the page, POST /upload answers it."""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.cards.page.upload import upload as upload_page
from etstats.cards.text import unmarked
from etstats.domain.upload import File, Kind, Ticket, file_told
from etstats.errors import BadRequest, Refusal, Stranger, Unavailable
from etstats.interactions import ticket as tickets
from etstats.storage.database import Database
from etstats.usecases import upload as uploads
from etstats.words import words_for

logger = Logger()
_MOST_ASKED = 4_000
_HEADERS = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """One HTTP call, API payload format 2.0."""
    if event["requestContext"]["http"]["method"] == "GET":
        return _page(event["headers"].get("accept-language", ""))
    try:
        asked = _read(event)
        ticket = tickets.unseal(str(asked.get("ticket")), key=wiring.ticket_key(), now_s=time.time())
        said = _answer(ticket, asked)
    except BadRequest as fault:
        return _response(400, {"error": "error_away", "told": str(fault)})
    except Stranger:
        logger.warning("upload refused", reason="its Discord server is of no community")
        return _response(403, {"error": "error_bad_link"})
    except Refusal as fault:
        logger.warning("upload refused", reason=fault.key)
        return _response(403, {"error": fault.key.removeprefix("upload.")})
    except Unavailable as fault:
        logger.warning("upload is to wait", reason=str(fault))
        return _response(503, {"error": "error_away"})
    return _response(200, said)


def _page(languages: str) -> dict[str, Any]:
    page = upload_page(words_for(languages[:10].partition(",")[0].strip()), bucket=wiring.parts().origin)
    headers = _HEADERS | {"content-type": "text/html; charset=utf-8", "content-security-policy": page.policy}
    return {"statusCode": 200, "headers": headers, "body": page.html}


def _read(event: Mapping[str, Any]) -> dict[str, Any]:
    """Raises BadRequest."""
    body = str(event.get("body") or "")
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        asked = json.loads(raw) if len(raw) <= _MOST_ASKED else None
    except (ValueError, RecursionError, binascii.Error):
        asked = None
    if not isinstance(asked, dict):
        raise BadRequest("This is nothing the upload page asks.")
    return asked


def _answer(ticket: Ticket, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Raises Refusal, BadRequest and Unavailable."""
    db, parts, what = wiring.guild_database(ticket.guild_id), wiring.parts(), asked.get("ask")
    if what == "state":
        return _state(db, ticket, str(asked.get("name")))
    file = _file(asked, ticket.kind)
    if what == "begin":
        begun = uploads.begin(db, parts, ticket, file, now=datetime.now(UTC))
        logger.info("upload begun", guild=ticket.guild_id, size=file.size, there=len(begun.there))
        return {"there": list(begun.there), "finished": begun.finished}
    if what == "part":
        number = asked.get("part")
        return {"url": uploads.part_link(db, parts, ticket, file, number if type(number) is int else 0)}
    if what == "finish":
        uploads.finish(db, parts, ticket, file)
        logger.info("upload finished", guild=ticket.guild_id, size=file.size)
        return {}
    raise BadRequest("The upload page asks for begin, part, finish and state.")


def _file(asked: Mapping[str, Any], kind: Kind) -> File:
    """Raises Refusal."""
    size = asked.get("size")
    file = file_told(str(asked.get("name")), size if type(size) is int else 0, str(asked.get("mark")), kind)
    if file is None:
        raise Refusal("upload.error_bad_file")
    return file


def _state(db: Database, ticket: Ticket, name: str) -> dict[str, Any]:
    found = uploads.come_of(db, ticket, name)
    if found.refused is not None:
        return {"state": "failed", "reason": found.refused}
    reason = unmarked(found.reason or "") if ticket.kind is Kind.PACKAGE else found.reason
    return {
        "state": found.state or "received", "percent": found.percent or 0, "reason": reason,
        "map": found.map, "highlights": found.highlights,
    }  # fmt: skip


def _response(status: int, said: Mapping[str, Any]) -> dict[str, Any]:
    headers = _HEADERS | {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(said)}
