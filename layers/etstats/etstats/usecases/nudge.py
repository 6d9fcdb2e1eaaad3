"""There is something to announce, so that nobody waits for the next minute."""

from __future__ import annotations

from typing import Protocol

from etstats.errors import Unavailable
from etstats.usecases.log import Log


class Queue(Protocol):
    """Of the announcing function. Raises Unavailable."""

    def send(self, body: dict[str, object]) -> None: ...


def nudge(queue: Queue, log: Log) -> None:
    """Lets the posts go out now. Where that fails nothing is lost: the announcing function also runs by the clock."""
    try:
        queue.send({})
    except Unavailable as fault:
        log.warning("the posts wait for the next minute", extra={"reason": str(fault)})
