"""Our own front door, from outside: the HTTP API that Discord calls."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from etstats.errors import Unavailable

TIMEOUT_S = 5
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    url: str

    def ask(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """The status and body of the answer. Raises Unavailable."""
        where = urlsplit(self.url)
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.netloc, timeout=TIMEOUT_S)
        try:
            connection.request("POST", where.path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(_MOST_BYTES)
        except (OSError, http.client.HTTPException) as fault:
            raise Unavailable(f"no answer: {fault or type(fault).__name__}") from fault
        finally:
            connection.close()
