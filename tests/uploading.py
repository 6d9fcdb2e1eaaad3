"""Uploads on the embedded stack, for tests with a browser and without one."""

from __future__ import annotations

import asyncio
from typing import Any

from local.stack import Stack
from tests.demo_builder import DemoBuilder, a_view, an_entity

PATIENCE = 300  # tenths of a second


def a_demo(*, kills: int = 3, filler: int = 0) -> bytes:
    """Kills of one player in a row, who is seen; *filler*: bytes behind the demo's end, which nobody reads."""
    builder = DemoBuilder(tv=True).snapshot(1_000)
    for number in range(kills):
        obituary = an_entity(eType=62 + 68, otherEntityNum=1, otherEntityNum2=0, eventParm=8)
        seen = {client: a_view(clientNum=client) for client in (0, 1)}
        builder.snapshot(10_000 + 1_000 * number, {80 + number: obituary}, players=seen)
    return builder.snapshot(90_000).content() + bytes(filler)


async def asked(stack: Stack, *path: str, user: str = "", **options: Any) -> dict[str, Any]:
    """What a command that is put off was answered, once it was."""
    asking = {"path": list(path), "options": options} | ({"user": user} if user else {})
    message: dict[str, Any] = (await stack.discord.ask(asking))["message"]
    for _ in range(PATIENCE):
        if message["content"] or message["embeds"]:
            return message
        await asyncio.sleep(0.1)
    raise AssertionError(f"no answer: {stack.function('FollowupFunction').log_tail()}")


def link_of(message: dict[str, Any]) -> str:
    """Where an answer that the caller alone sees leads: by its one button, or, when it is signed, by its embed."""
    assert message["flags"] & 64
    if message["embeds"]:
        return str(message["embeds"][0]["description"].partition("](")[2].removesuffix(")**"))
    ((button,),) = [row["components"] for row in message["components"]]
    return str(button["url"])
