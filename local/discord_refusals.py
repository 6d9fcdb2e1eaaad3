"""How Discord says no: a status, a code and its words; and what trouble switched on by a test answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from local.discord_faults import Kind, Trouble
from local.discord_messages import Json


class Refused(Exception):
    """Discord says no: its status and its body."""

    def __init__(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status, self.body, self.headers = status, body, headers


def refused(status: int, code: int, message: str) -> Refused:
    return Refused(status, {"message": message, "code": code})


def _rate_limited(trouble: Trouble) -> Refused:
    body = {
        "message": "You are being rate limited.",
        "retry_after": trouble.retry_after_s,
        "global": trouble.everywhere,
    }
    headers = {
        "Retry-After": str(max(1, round(trouble.retry_after_s))),
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": str(trouble.retry_after_s),
        "X-RateLimit-Scope": "global" if trouble.everywhere else "user",
    }
    return Refused(429, body, headers)


ANSWERED: Mapping[Kind, Callable[[Trouble], Refused]] = {
    Kind.RATE_LIMIT: _rate_limited,
    Kind.SERVER_ERROR: lambda _: refused(500, 0, "500: Internal Server Error"),
    Kind.BAD_GATEWAY: lambda _: refused(502, 0, "502: Bad Gateway"),
    Kind.FORBIDDEN: lambda _: refused(403, 50013, "Missing Permissions"),
    Kind.UNKNOWN_WEBHOOK: lambda _: refused(404, 10015, "Unknown Webhook"),
}
