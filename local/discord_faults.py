"""Trouble that a test switches on in the stub of Discord: what goes wrong, on which calls, how many times.

    running.faults.add(Trouble(kind=Kind.RATE_LIMIT, call=Call.POST, retry_after_s=0.2, times=2))

The same over HTTP: ``POST /stub/faults`` with ``{"kind": "rate_limit", "call": "post", "retry_after_s": 0.2}``,
``DELETE /stub/faults`` to be well again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong. The first five are answered by Discord; the last two happen on the way."""

    RATE_LIMIT = "rate_limit"
    SERVER_ERROR = "server_error"
    BAD_GATEWAY = "bad_gateway"
    FORBIDDEN = "forbidden"
    UNKNOWN_WEBHOOK = "unknown_webhook"
    SLOW = "slow"
    LOST_ANSWER = "lost_answer"


class Call(StrEnum):
    """The REST calls trouble can be switched on for."""

    ANY = "any"
    POST = "post"
    EDIT = "edit"
    READ = "read"
    ORIGINAL = "original"
    COMMANDS = "commands"


@dataclass(slots=True, kw_only=True)
class Trouble:
    """The next *times* calls fail so.

    RATE_LIMIT asks to wait *retry_after_s*, and with *everywhere* before any call; SLOW waits that long and then goes
    on; UNKNOWN_WEBHOOK is what Discord says for some seconds after a deferral; LOST_ANSWER does what was asked and
    drops the connection before answering.
    """

    kind: Kind
    call: Call = Call.ANY
    times: int = 1
    retry_after_s: float = 0.5
    everywhere: bool = False

    def __post_init__(self) -> None:
        self.kind = Kind(self.kind)
        self.call = Call(self.call)


@dataclass(slots=True)
class Faults:
    """The troubles switched on, oldest first."""

    listed: list[Trouble] = field(default_factory=list)

    def add(self, trouble: Trouble) -> None:
        self.listed.append(trouble)

    def clear(self) -> None:
        self.listed.clear()

    def take(self, call: Call) -> Trouble | None:
        """The trouble this call runs into, counted down; None when all is well."""
        for trouble in self.listed:
            if trouble.call in (Call.ANY, call):
                trouble.times -= 1
                if trouble.times <= 0:
                    self.listed.remove(trouble)
                return trouble
        return None
