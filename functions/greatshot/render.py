"""Those who render with the game itself call this: POST /render. docs/renders.md is the contract."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.domain.render import BEAT, MOST_BYTES, WITHIN
from etstats.domain.upload import Ticket
from etstats.errors import BadRequest, Refusal, Unavailable
from etstats.interactions import ticket as tickets
from etstats.storage.database import Database
from etstats.usecases import render_highlight as renders

logger = Logger()
_MOST_ASKED = 4_000


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """One HTTP call, API payload format 2.0."""
    try:
        asked = _read(event)
        ticket = tickets.unseal(str(asked.get("ticket")), key=wiring.render_ticket_key(), now_s=time.time())
        return _response(200, _answer(ticket, asked))
    except BadRequest as fault:
        return _response(400, {"error": "bad_request", "told": str(fault)})
    except Refusal as fault:
        logger.warning("renderer refused", reason=fault.key)
        return _response(403, {"error": fault.key.rpartition("error_")[2]})
    except Unavailable as fault:
        logger.warning("renderer is to wait", reason=str(fault))
        return _response(503, {"error": "away"})


def _read(event: Mapping[str, Any]) -> dict[str, Any]:
    """Raises BadRequest."""
    body = str(event.get("body") or "")
    try:
        asked = json.loads(body) if len(body) <= _MOST_ASKED else None
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise BadRequest("This is nothing a renderer asks.")
    return asked


def _answer(ticket: Ticket, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Raises Refusal, BadRequest and Unavailable."""
    db, now, what = wiring.guild_database(ticket.guild_id), datetime.now(UTC), asked.get("ask")
    claim, ending = str(asked.get("claim")), str(asked.get("ending"))
    if what == "job":
        return _job(db, ticket, str(asked.get("worker")), now)
    if what == "beat":
        return {"go_on": renders.beat(db, claim, _whole(asked, "percent"), now=now)}
    if what == "place":
        size = _whole(asked, "size")
        return {"url": renders.place_for(db, wiring.bucket(), claim, size=size, ending=ending)}
    if what == "done":
        renders.finish(db, wiring.bucket(), claim, ending=ending)
        logger.info("render ready", guild=ticket.guild_id)
        return {}
    if what == "failed":
        reason = str(asked.get("reason"))
        renders.fail(db, claim, reason)
        logger.warning("render failed", guild=ticket.guild_id, reason=reason)
        return {}
    raise BadRequest("A renderer asks for job, beat, place, done and failed.")


def _job(db: Database, ticket: Ticket, worker: str, now: datetime) -> dict[str, Any]:
    claim = secrets.token_hex(16)
    taken = renders.take(db, wiring.bucket(), ticket.guild_id, worker=worker, claim=claim, now=now)
    if taken is None:
        return {"job": None}
    job = taken.job
    logger.info("render begun", guild=ticket.guild_id, demo=job.demo_id, highlight=job.position, worker=worker)
    told = {
        "id": f"{job.demo_id}-{job.position}", "claim": job.claim, "demo": taken.demo_url, "kind": job.demo_kind,
        "map": job.map, "mod": job.mod, "what": job.kind, "client": job.client, "name": job.name,
        "from_ms": job.from_ms, "to_ms": job.to_ms, "beat_s": int(BEAT.total_seconds()),
        "within_s": int(WITHIN.total_seconds()), "most_bytes": MOST_BYTES,
    }  # fmt: skip
    return {"job": told}


def _whole(asked: Mapping[str, Any], name: str) -> int:
    value = asked.get(name)
    return value if type(value) is int else 0


def _response(status: int, said: Mapping[str, Any]) -> dict[str, Any]:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(said)}
