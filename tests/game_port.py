"""The stand-in's game on a UDP port of loopback, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from etstats.config import GameServer
from etstats.gateways.rcon import GamePort
from local.game_server import Udp
from local.game_udp import Game


@contextmanager
def game_port(game: Game) -> Iterator[int]:
    """The port where *game* answers."""
    loop = asyncio.new_event_loop()
    listening = loop.create_datagram_endpoint(lambda: Udp(game), local_addr=("127.0.0.1", 0))
    transport, _ = loop.run_until_complete(listening)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        loop.call_soon_threadsafe(transport.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(asyncio.sleep(0))  # the socket is closed in the next round of the loop
        loop.close()


def a_server(port: int, *, name: str = "alpha", guilds: tuple[str, ...] = ("7",), start: str = "") -> GameServer:
    """A server whose game listens at *port*; nothing is at its SSH port."""
    return GameServer(
        name=name, host="127.0.0.1", port=1, user="et", host_key="ssh-ed25519 AAAA", folder="stats",
        game_port=port, guilds=guilds, start=start,
    )  # fmt: skip


def port_of(port: int, *, password: str = "local") -> GamePort:  # opens the stand-in and nothing else
    return GamePort(server=a_server(port), password=lambda: password)
