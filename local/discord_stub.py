"""A stand-in for Discord: the REST calls we use with Discord's own refusals, and the desk's page in front of it.

    running = await start(0, application_id="…", signing_key=key, interactions_url="http://127.0.0.1:8000/interactions")
    running.api_url                                         # for DISCORD_API_URL
    await running.ask({"path": ["stats"], "options": {"player": "Mittens"}})   # a signed interaction, its answer
    await running.stop()

What it does as Discord does: limits (`local.discord_limits`), 401 without a bot's token, 404 for an unknown channel,
one message per enforced nonce, an interaction token that nobody knows before our first answer arrived and that
ends after 15 minutes, three seconds for that first answer. `running.faults` switches trouble on.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
from nacl.signing import SigningKey

from local.desk import asking
from local.desk.people import CHANNELS, ROUND_CHANNEL_ID
from local.desk.server import Desk, loopback_only
from local.discord_faults import Faults
from local.discord_messages import Json, Memory
from local.discord_refusals import Refused
from local.discord_rest import UPLOAD_LIMIT, Rest

__all__ = ["CHANNELS", "ROUND_CHANNEL_ID", "Running", "start"]


@dataclass(slots=True, kw_only=True)
class Running:
    """The stub while it runs. *interactions_url* may be set later, once somebody listens there."""

    url: str
    interactions_url: str
    memory: Memory
    signing_key: SigningKey
    faults: Faults = field(default_factory=Faults)
    _session: ClientSession
    _runner: web.AppRunner

    @property
    def api_url(self) -> str:
        """What DISCORD_API_URL is set to."""
        return f"{self.url}/api/v10"

    async def ask(self, asked: Mapping[str, Any]) -> Json:
        """Sends the interaction *asked* for and gives what came of it; see `asking.ask`. Raises BadQuestion."""
        return await asking.ask(
            asked, memory=self.memory, key=self.signing_key, url=self.interactions_url, session=self._session
        )

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()


async def start(
    port: int,
    *,
    application_id: str,
    signing_key: SigningKey,
    interactions_url: str,
    channels: Mapping[str, str] = CHANNELS,
    clock: Callable[[], float] = time.time,
) -> Running:
    """Listens on loopback at *port* (0: any free one). *channels*: the ids that can be posted to, and their names."""
    memory = Memory(application_id=application_id, channels=channels, clock=clock)
    app = web.Application(client_max_size=UPLOAD_LIMIT + 1024 * 1024, middlewares=[loopback_only, _as_discord])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    running = Running(
        url="",
        interactions_url=interactions_url,
        memory=memory,
        signing_key=signing_key,
        _session=ClientSession(timeout=ClientTimeout(total=asking.PATIENCE_S)),
        _runner=runner,
    )
    Rest(memory, running.faults).add_to(app)
    Desk(running).add_to(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    try:
        await site.start()
    except OSError:
        await running.stop()
        raise
    running.url = memory.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return running


@web.middleware
async def _as_discord(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refusals and unknown addresses below /api answer in Discord's words."""
    try:
        return await handler(request)
    except Refused as no:
        return web.json_response(no.body, status=no.status, headers=no.headers)
    except web.HTTPException as fault:
        if not request.path.startswith("/api/") or fault.status < 400:
            raise
        return web.json_response({"message": f"{fault.status}: {fault.reason}", "code": 0}, status=fault.status)
