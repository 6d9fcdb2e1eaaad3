"""Discord calls this; it must answer within three seconds.

A PING and every refusal import nothing beyond the signature check: the rest comes in, here and inside `wiring`, once
it is needed. docs/decisions/0001-one-log-line-without-powertools.md says why this file writes its log lines itself.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Mapping

from etstats import wiring
from etstats.errors import BadRequest, BadSignature, Stranger, Unavailable
from etstats.interactions import signature

HEALTH = "GET /health"
HEALTH_LIVES_S = 15
_PING = 1
_CANARY = "x-etstats-canary"  # as interactions/canary.py has it, which takes longer to import than a PING to answer
# what GET /health was told last of each community, and when by this container's clock
_health_told: dict[str, tuple[float, int, dict[str, object]]] = {}


def handler(event: Mapping[str, object], _context: object) -> dict[str, object]:
    """One HTTP call, API payload format 2.0."""
    began = time.perf_counter()
    try:
        if event.get("routeKey") == HEALTH:
            return _health(event, began)
        body, headers = _http_parts(event)
        ours = _CANARY in headers
        signature.check(
            bytes(wiring.canary_key().verify_key) if ours else wiring.discord_public_key(),
            body=body,
            timestamp=headers.get("x-signature-timestamp", ""),
            signature=headers.get("x-signature-ed25519", ""),
            now=time.time(),
        )
        if _is_ping(body) and not ours:
            return _response(200, {"type": 1}, began, {}, outcome="pong")
        return _answered(body, began, ours=ours)
    except BadSignature as fault:
        return _refused(401, fault, began)
    except BadRequest as fault:
        return _refused(400, fault, began)
    except Unavailable as fault:  # only our own question needs anything before it is let in: a secret, once
        return _refused(503, fault, began)


def _is_ping(body: bytes) -> bool:
    """What is no JSON is none either; whoever reads it says so."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    kind = said.get("type") if isinstance(said, dict) else None
    return type(kind) is int and kind == _PING


def _health(event: Mapping[str, object], began: float) -> dict[str, object]:
    """Lights for whoever watches us from outside; looked up once in a while, however often somebody asks. Raises
    BadRequest."""
    asked = event.get("queryStringParameters")
    community = str(asked.get("community", "")) if isinstance(asked, Mapping) else ""
    told = _health_told.get(community)
    if told is None or time.monotonic() - told[0] > HEALTH_LIVES_S:
        answers, document = wiring.health_document(community)
        told = _health_told[community] = (time.monotonic(), 200 if answers else 503, document)
    _, status, document = told
    lives = {"cache-control": f"public, max-age={HEALTH_LIVES_S}"}
    return _response(status, document, began, lives, outcome="health")


def _answered(body: bytes, began: float, *, ours: bool) -> dict[str, object]:
    """Raises BadRequest, and BadSignature where a question of our own asks for more than it may."""
    from etstats.interactions import request  # noqa: PLC0415  # takes longer to import than a PING to answer
    from etstats.interactions.canary import only_health  # noqa: PLC0415

    asked = only_health(request.read(body)) if ours else request.read(body)
    answerer = wiring.answerer(asked.guild_id, ours=ours)
    try:
        said, outcome = answerer.respond(asked, body), "answered"
    except Unavailable as fault:
        said, outcome = answerer.respond_away(asked, fault), f"away: {fault}"
    except Stranger as fault:
        said, outcome = answerer.respond_stranger(asked, fault), f"refused: guild {asked.guild_id or 'none'}: {fault}"
    told = {"interaction": asked.id, "kind": asked.kind.name.lower(), "command": asked.command}
    return _response(200, said, began, {}, outcome=outcome, **told)


def _http_parts(event: Mapping[str, object]) -> tuple[bytes, dict[str, str]]:
    """The raw body, and the headers by lower-case name."""
    body = event.get("body") or ""
    headers = event.get("headers") or {}
    if not isinstance(body, str) or not isinstance(headers, Mapping):
        raise BadRequest("This is no HTTP request we understand.")
    if event.get("isBase64Encoded"):
        try:
            raw = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            raise BadRequest("This is no HTTP request we understand.") from None
    else:
        raw = body.encode("utf-8", "surrogatepass")
    return raw, {str(name).lower(): str(value) for name, value in headers.items()}


def _refused(status: int, fault: Exception, began: float) -> dict[str, object]:
    return _response(status, {"error": str(fault)}, began, {}, outcome=f"refused: {fault}")


def _response(
    status: int, said: Mapping[str, object], began: float, headers: Mapping[str, str], /, **told: str
) -> dict[str, object]:
    line: dict[str, object] = {"level": "INFO" if status == 200 else "WARNING", "status": status}
    line.update(told, ms=round((time.perf_counter() - began) * 1000, 1))
    print(json.dumps(line), flush=True)
    sent = {"content-type": "application/json", **headers}
    return {"statusCode": status, "headers": sent, "body": json.dumps(said)}
