"""The stub of Discord in a thread of its own, for code that talks to it over a plain blocking socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from local.desk.people import CHANNEL_ID
from local.discord_messages import Json
from local.discord_stub import Running, start
from tests.builders import KEY

APPLICATION_ID = "1100000000000000099"


@contextmanager
def discord_stub() -> Iterator[Running]:
    """Listens on loopback until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    starting = start(0, application_id=APPLICATION_ID, signing_key=KEY, interactions_url="http://127.0.0.1:9/")
    running = asyncio.run_coroutine_threadsafe(starting, loop).result(10)
    try:
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(running.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def put_off(running: Running, token: str) -> None:
    """Discord has our deferral to the interaction with *token*, and shows “thinking…”."""
    webhook = running.memory.open_webhook(token, acknowledged=True)
    webhook.message_id = str(running.memory.new_message(CHANNEL_ID, {"content": "", "flags": 1 << 7})["id"])


def original(running: Running, token: str) -> Json:
    """The message that “thinking…” has become."""
    message_id = running.memory.webhooks[token].message_id
    assert message_id is not None
    return running.memory.messages[message_id]
