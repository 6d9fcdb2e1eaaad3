"""Asks our own front door a question as Discord would, and writes down whether it was answered, and how quickly."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from nacl.signing import SigningKey

from etstats.domain.health import Light, Observed
from etstats.errors import Unavailable
from etstats.interactions import canary
from etstats.storage.database import Database
from etstats.storage.health import note_seen

# Discord gives up after three seconds
SLOW_MS, TOO_LATE_MS = 1_500, 3_000
_CHANNEL_MESSAGE = 4


class Door(Protocol):
    """Where Discord's questions come in. Raises Unavailable."""

    def ask(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]: ...


def ask_canary(
    db: Database, door: Door, key: SigningKey, *, now: Callable[[], datetime], clock_s: Callable[[], float]
) -> Observed:
    """What was seen of the part “answers”. Raises DatabaseUnavailable where it could not be written down."""
    at_s = now().timestamp()
    body = canary.question(now_ms=int(at_s * 1000))
    began = clock_s()
    try:
        status, said = door.ask(body, canary.signed(body, key, now_s=int(at_s)))
        fault = _fault(status, said)
    except Unavailable as away:
        fault = str(away)
    observed = _observed(fault, round((clock_s() - began) * 1000))
    note_seen(db, [observed], now=now())
    return observed


def _fault(status: int, said: bytes) -> str:
    """What is wrong with the answer; '': nothing."""
    if status != 200:
        return f"HTTP {status}"
    try:
        kind = json.loads(said)["type"]
    except (ValueError, TypeError, KeyError):
        kind = None
    return "" if kind == _CHANNEL_MESSAGE else "an answer that Discord would not show"


def _observed(fault: str, took_ms: int) -> Observed:
    late = took_ms > TOO_LATE_MS
    light = Light.BAD if fault or late else Light.WARN if took_ms > SLOW_MS else Light.GOOD
    said = f"{fault}, after {took_ms} ms" if fault else f"answered in {took_ms} ms"
    return Observed(part="answers", light=light, said=said, figure=float(took_ms))
