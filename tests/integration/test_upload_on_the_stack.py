"""Both ways in for demos on the embedded stack: parts sent to the page's links, and a file attached to the command."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any

import aiohttp

from local.desk.people import USERS
from local.discord_messages import Upload
from local.stack import Stack
from tests.uploading import PATIENCE, a_demo, asked, link_of


async def _uploaded(stack: Stack, http: aiohttp.ClientSession) -> None:
    page, _, ticket = link_of(await asked(stack, "demo", "upload")).partition("#")
    async with http.get(page) as shown:
        assert shown.status == 200
        assert ticket not in await shown.text()
    content = a_demo(filler=6_000_000)
    told = {"ticket": ticket, "name": "an evening.tv_84", "size": len(content), "mark": "ab" * 32}

    async def ask(what: str, **more: Any) -> Any:
        async with http.post(page, json={**told, "ask": what, **more}) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    assert await ask("begin") == {"there": [], "finished": False}
    for number in (1, 2):
        url = (await ask("part", part=number))["url"]
        body = content[(number - 1) * 5_242_880 : number * 5_242_880]
        async with http.put(url, data=BytesIO(body), skip_auto_headers=["Content-Type"]) as answer:
            assert answer.status == 200
    await ask("finish")
    assert (await until_ready(ask))["highlights"] > 0


async def until_ready(ask: Any) -> Any:
    for _ in range(PATIENCE):
        state = await ask("state")
        assert state["state"] in ("received", "analysing", "ready"), state
        if state["state"] == "ready":
            return state
        await asyncio.sleep(0.1)
    raise AssertionError("the upload was not analysed")


async def _attached(stack: Stack, http: aiohttp.ClientSession) -> None:
    upload = Upload(name="attached.tv_84", content=a_demo(kills=4), content_type="application/octet-stream")
    attachment = stack.discord.memory.keep_upload(upload)
    assert (
        "is here and will be analysed"
        in (await asked(stack, "demo", "upload", user=USERS[1].id, file=attachment))["content"]
    )
    for _ in range(PATIENCE):
        listed = await stack.discord.ask({"path": ["demo", "list"]})
        if "🎬" in str(listed["message"]) and "attached" in str(listed["message"]):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"not analysed: {listed['message']}")


def test_what_is_uploaded_or_attached_is_analysed() -> None:
    """One stack serves both: it takes seconds to start."""

    async def main() -> None:
        async with Stack(retry_after_s=1) as stack, aiohttp.ClientSession() as http:
            await _uploaded(stack, http)
            await _attached(stack, http)
            assert [one.error for one in stack.pump.watched.failures()] == []

    asyncio.run(main())
