"""An interactions endpoint that says what it was told to: for tests of the stub of Discord, the desk and the terminal.

Every command of `COMMANDS` shows one thing Discord can draw or one way an answer can fail. The signature is checked as
ours is, so a desk that signs wrongly is seen here.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, FormData, web
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from local.discord_messages import Json
from local.discord_stub import ROUND_CHANNEL_ID, Running, start

APPLICATION_ID = "1100000000000000099"
BOT = {"Authorization": "Bot canned"}
HOSTILE = "<img src=x onerror=alert(1)> [b]**_~@everyone"
LONG = "".join(f"{word} " for word in ["Obersturmbannschlumpf"] * 8).strip()

_NAMES = [
    *("Mittens", "^Mad^Dog^", "Säpper ツ", "=F/A= Widowmaker", "the_one_who_knocks", "日本の工兵"),
    *("xX_Pan2er_Xx", "ole", "Dr. K. Rügner", "bot01", "ETPlayer", "Zwölf"),
]

_FIELDS = [
    {"name": "Kills", "value": "**1,204**", "inline": True},
    {"name": "Deaths", "value": "987", "inline": True},
    {"name": "K/D", "value": "1.22", "inline": True},
    {"name": "Damage per minute", "value": "312 · n=48 rounds", "inline": True},
    {"name": "Accuracy", "value": "28.4 % · n=48 rounds", "inline": True},
    {"name": "A field of its own", "value": "- one\n- two\n  - nested\n- [a link](https://example.org/a?b=c)"},
    {"name": "Last seen", "value": "<t:1760000000:R>, that is <t:1760000000:f>"},
]


def _team(names: list[str]) -> str:
    head = f"{'player':12}{'K/D':>8}{'DPM':>5}{'ACC':>5}{'HS':>5}{'REV':>5}"
    rows = [
        f"{name[:12]:12}{f'{31 - 2 * at}/{9 + at}':>8}{420 - 13 * at:>5}{34 - at:>4}%{18 - at:>4}%{at:>5}"
        for at, name in enumerate(names)
    ]
    return "```\n" + "\n".join([head, *rows]) + "\n```"


CARDS: dict[str, Json] = {
    "session": {
        "embeds": [
            {
                "title": "Last session · Thu 2 Oct 2025",
                "description": "## A 7 : 5 B\n6 maps, 20:31 to 22:58\n```\n"
                "map                 R1     R2  won\nsupply            8:45   7:12  A faster\n"
                "te_escape2        held   held  draw\nbremen_b3        11:02  held†  A held\n```\n"
                "† the attackers gave up before the time was over",
                "color": 0xF0A030,
                "fields": [
                    {"name": "Team A · 7 points", "value": _team(_NAMES[:6])},
                    {"name": "Team B · 5 points", "value": _team(_NAMES[6:])},
                ],
                "footer": {"text": "12 of 12 rounds counted · 12 players\nHS: head hits of hits"},
                "timestamp": "2025-10-02T22:58:00+00:00",
            }
        ],
    },
    "profile": {
        "content": "Here you are. ✅",
        "embeds": [
            {
                "author": {"name": "etstats"},
                "title": "Mittens",
                "url": "https://example.org/players/mittens",
                "description": "*Medic* with a `Thompson`, __underlined__, ~~not~~ ||a secret||, "
                "**bold _and italic_**.\n"
                "> quoted\n-# small print\n1. first\n2. second\n### A heading",
                "color": 0x2E86DE,
                "fields": _FIELDS,
                "footer": {"text": "n=48 rounds"},
            },
            {
                "description": "```ansi\n\u001b[1;31mAxis\u001b[0m against \u001b[34mAllies\u001b[0m\n```",
                "color": 0xC0392B,
            },
        ],
        "components": [
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 2, "label": "◀", "custom_id": "page:1", "disabled": True},
                    {"type": 2, "style": 1, "label": "Weapons", "custom_id": "page:weapons"},
                    {"type": 2, "style": 3, "label": "In private", "custom_id": "private"},
                    {"type": 2, "style": 4, "label": "Break", "custom_id": "break"},
                    {"type": 2, "style": 5, "label": "Web", "url": "https://example.org/"},
                ],
            },
            {
                "type": 1,
                "components": [
                    {
                        "type": 3,
                        "custom_id": "measure",
                        "placeholder": "Another measure",
                        "options": [
                            {"label": "Kills", "value": "kills", "description": "how many", "emoji": {"name": "🔫"}},
                            {"label": "Revives", "value": "revives"},
                        ],
                    }
                ],
            },
        ],
    },
    "controls": {
        "content": "What a message can have below it.",
        "components": [
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 1, "label": "Name the teams", "custom_id": "form"},
                    {"type": 2, "style": 2, "label": "Change it later", "custom_id": "later:update"},
                    {"type": 2, "style": 2, "label": "Answer later", "custom_id": "later:answer"},
                ],
            },
            {
                "type": 1,
                "components": [
                    {
                        "type": 3,
                        "custom_id": "maps",
                        "placeholder": "Maps",
                        "min_values": 1,
                        "max_values": 2,
                        "options": [{"label": one, "value": one} for one in ("supply", "goldrush", "adlernest")],
                    }
                ],
            },
        ],
    },
    "hostile": {
        "content": HOSTILE,
        "embeds": [
            {
                "title": HOSTILE,
                "description": f"<script>alert(2)</script> [x](javascript:alert(3)) {LONG}",
                "author": {"name": HOSTILE},
                "fields": [{"name": HOSTILE, "value": HOSTILE, "inline": True}, {"name": LONG[:250], "value": LONG}],
                "footer": {"text": HOSTILE},
            }
        ],
    },
    "quiet": {"content": "Nobody but you reads this.", "flags": 64},
}

_WEAPONS: Json = {
    "embeds": [{"title": "Weapons of Mittens", "description": "MP 40", "color": 0x2FA8A0}],
    "components": [
        {"type": 1, "components": [{"type": 2, "style": 2, "label": "Back", "custom_id": "page:profile"}]},
    ],
}


def _png(width: int, height: int) -> bytes:
    """A picture of one colour."""
    row = b"\0" + bytes((0x2E, 0x86, 0xDE)) * width
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    parts = [
        len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big") for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


_PLAYER = {"type": 3, "name": "player", "description": "Whose figures", "required": True, "autocomplete": True}
_MEASURE = {
    "type": 3,
    "name": "by",
    "description": "What counts",
    "choices": [{"name": "Kills", "value": "kills"}, {"name": "Damage per minute", "value": "dpm"}],
}
FORM: Json = {
    "custom_id": "teams",
    "title": "Name the teams",
    "components": [
        {
            "type": 1,
            "components": [
                {
                    "type": 4,
                    "custom_id": "axis",
                    "style": 1,
                    "label": "Who began as Axis",
                    "placeholder": "A name",
                    "min_length": 3,
                    "max_length": 20,
                }
            ],
        },
        {
            "type": 18,
            "label": "Why",
            "description": "What the log shall say",
            "component": {"type": 4, "custom_id": "why", "style": 2, "required": False, "value": "as agreed"},
        },
        {
            "type": 18,
            "label": "For how long",
            "component": {
                "type": 3,
                "custom_id": "span",
                "options": [{"label": "One session", "value": "one"}, {"label": "Always", "value": "always"}],
            },
        },
    ],
}
PICTURE = _png(320, 200)

COMMANDS: list[Json] = [
    {
        "name": "session",
        "description": "The last gaming session, map by map",
        "description_localizations": {"de": "Die letzte Session, Map für Map"},
    },
    {"type": 2, "name": "Stats", "name_localizations": {"de": "Werte"}},
    {"type": 2, "name": "Compare with me"},
    {"name": "controls", "description": "Buttons, menus and a form"},
    {"name": "form", "description": "Asks back"},
    {"name": "picture", "description": "Thinks, then shows a picture"},
    {"name": "manage", "description": "For those who manage the server", "default_member_permissions": "32"},
    {
        "name": "give",
        "description": "Every kind of option",
        "options": [
            {"type": 6, "name": "user", "description": "Who", "required": True},
            {"type": 7, "name": "channel", "description": "Where"},
            {"type": 5, "name": "loud", "description": "Aloud"},
            {"type": 11, "name": "file", "description": "A demo"},
        ],
    },
    {"name": "profile", "description": "Everything an embed can hold", "options": [_PLAYER, _MEASURE]},
    {
        "name": "echo",
        "description": "Says what arrived",
        "options": [
            {
                "type": 1,
                "name": "values",
                "description": "Gives the options back as they came",
                "options": [
                    _PLAYER,
                    _MEASURE,
                    {"type": 4, "name": "page", "description": "Which page", "min_value": 1, "max_value": 9},
                    {"type": 5, "name": "all", "description": "Every round"},
                ],
            },
        ],
    },
    {"name": "hostile", "description": "Names that try things"},
    {"name": "quiet", "description": "For you alone"},
    {"name": "slow", "description": "Thinks first"},
    {"name": "export", "description": "A file"},
    {"name": "silent", "description": "Never answers"},
    {"name": "broken", "description": "Answers 500"},
    {"name": "toolong", "description": "Answers with more than Discord takes"},
]


class Endpoint:
    """What the functions are on AWS, without any of it."""

    def __init__(self, key: SigningKey) -> None:
        self.verify_key = key.verify_key
        self.discord: Running | None = None
        self.may_finish = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        try:
            signed = request.headers["X-Signature-Timestamp"].encode() + body
            self.verify_key.verify(signed, bytes.fromhex(request.headers["X-Signature-Ed25519"]))
        except (KeyError, ValueError, BadSignatureError):
            return web.json_response({"error": "bad signature"}, status=401)
        asked = json.loads(body)
        if asked["type"] == 1:
            return web.json_response({"type": 1})
        if asked["type"] == 4:
            return web.json_response(_suggestions(asked))
        if asked["type"] == 3:
            return self._pressed(asked)
        if asked["type"] == 5:
            return web.json_response({"type": 4, "data": {"content": _code(asked["data"]["components"])}})
        return await self._command(asked)

    async def _command(self, asked: Json) -> web.StreamResponse:
        name = asked["data"]["name"]
        if name in CARDS:
            return web.json_response({"type": 4, "data": CARDS[name]})
        if name == "silent":
            await asyncio.sleep(30)
        if name == "broken":
            return web.json_response({"message": "Internal Server Error"}, status=500)
        if name == "toolong":
            return web.json_response({"type": 4, "data": {"content": "x" * 2001}})
        if name == "form":
            return web.json_response({"type": 9, "data": FORM})
        if name in ("slow", "export", "picture"):
            self._later(asked)
            return web.json_response({"type": 5})
        if asked["data"]["type"] == 2:
            return web.json_response({"type": 4, "data": {"content": f"{name}: <@{asked['data']['target_id']}>"}})
        who = (asked.get("member") or asked)["user"]["username"]
        data = asked["data"]
        said = [data.get("options", []), *([data["resolved"]] if "resolved" in data else [])]
        where = "dm" if "guild_id" not in asked else "guild"
        content = f"{who} {where} {asked['locale']}\n{_code(*said)}"
        return web.json_response({"type": 4, "data": {"content": content}})

    def _pressed(self, asked: Json) -> web.Response:
        custom_id = asked["data"]["custom_id"]
        if custom_id == "break":
            return web.json_response({}, status=502)
        if custom_id == "private":
            return web.json_response({"type": 4, "data": {"content": "Only for you.", "flags": 64}})
        if custom_id == "form":
            return web.json_response({"type": 9, "data": FORM})
        if custom_id.startswith("later:"):
            self._later(asked)
            return web.json_response({"type": 6 if custom_id == "later:update" else 5})
        if custom_id == "maps":
            said = " and ".join(asked["data"]["values"])
            return web.json_response({"type": 4, "data": {"content": f"Chosen: {said}."}})
        if custom_id == "measure":
            return web.json_response({"type": 7, "data": {"content": f"By {asked['data']['values'][0]}."}})
        shown = _WEAPONS if custom_id == "page:weapons" else CARDS["profile"]
        return web.json_response({"type": 7, "data": shown})

    def _later(self, asked: Json) -> None:
        task = asyncio.create_task(self._finish(asked))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _finish(self, asked: Json) -> None:
        assert self.discord is not None
        await self.may_finish.wait()
        url = f"{self.discord.api_url}/webhooks/{asked['application_id']}/{asked['token']}/messages/@original"
        card: Json = {"embeds": [{"title": "Thought it over", "description": "It took a while.", "color": 0x5865F2}]}
        form = FormData()
        name = asked["data"].get("name", "")
        if name == "picture":
            card["attachments"] = [{"id": 0, "filename": "form.png", "description": "DPM of the last ten sessions"}]
            card["embeds"][0]["image"] = {"url": "attachment://form.png"}
            form.add_field("files[0]", PICTURE, filename="form.png", content_type="image/png")
        if name == "export":
            card["attachments"] = [{"id": 0, "filename": "figures.csv"}]
            form.add_field("files[0]", b"name,kills\nMittens,7\n", filename="figures.csv", content_type="text/csv")
        form.add_field("payload_json", json.dumps(card), content_type="application/json")
        async with ClientSession() as session, session.patch(url, data=form) as answer:
            assert answer.status == 200, await answer.text()


def _code(*said: object) -> str:
    return "\n".join(f"```json\n{json.dumps(one, ensure_ascii=False)}\n```" for one in said)


def _suggestions(asked: Json) -> Json:
    options: list[Any] = asked["data"]["options"]
    while options and "options" in options[0]:
        options = options[0]["options"]
    typed = next(one["value"] for one in options if one.get("focused")).lower()
    return {"type": 8, "data": {"choices": [{"name": n, "value": n} for n in _NAMES if typed in n.lower()]}}


@asynccontextmanager
async def canned_desk(port: int = 0) -> AsyncIterator[tuple[Running, Endpoint]]:
    """The stub of Discord with its desk, the canned endpoint behind it, its commands registered, one card posted."""
    key = SigningKey.generate()
    endpoint = Endpoint(key)
    app = web.Application()
    app.router.add_post("/interactions", endpoint.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there = f"http://127.0.0.1:{runner.addresses[0][1]}/interactions"
    running = await start(port, application_id=APPLICATION_ID, signing_key=key, interactions_url=there)
    endpoint.discord = running
    try:
        async with ClientSession(headers=BOT) as session:
            await session.put(f"{running.api_url}/applications/{APPLICATION_ID}/commands", json=COMMANDS)
            await session.post(f"{running.api_url}/channels/{ROUND_CHANNEL_ID}/messages", json=CARDS["session"])
        yield running, endpoint
    finally:
        await running.stop()
        await runner.cleanup()


async def _serve(port: int) -> None:
    async with canned_desk(port) as (running, endpoint):
        endpoint.may_finish.set()
        print(running.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    import sys

    asyncio.run(_serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
