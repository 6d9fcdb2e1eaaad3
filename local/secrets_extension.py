"""Stands in for the AWS Parameters and Secrets Lambda Extension: answers on loopback from Secrets Manager.

Like the real one it wants the function's session token in a header, and keeps a secret for a while.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
"""

from __future__ import annotations

import asyncio
import hmac
import time
from typing import Any

from aiohttp import web
from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Cloud

KEPT_S = 300.0
TOKEN_HEADER = "X-Aws-Parameters-Secrets-Token"  # noqa: S105  # a header's name


class SecretsExtension:
    """Can listen before the cloud is there: requests wait for `use`."""

    def __init__(self) -> None:
        self._cloud: asyncio.Future[Cloud] = asyncio.get_running_loop().create_future()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> None:
        app = web.Application()
        app.router.add_get("/secretsmanager/get", self._get)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    async def stop(self) -> None:
        self._cloud.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    def use(self, cloud: Cloud) -> None:
        self._cloud.set_result(cloud)

    async def _get(self, request: web.Request) -> web.Response:
        cloud = await asyncio.shield(self._cloud)
        token = cloud.credentials.get("AWS_SESSION_TOKEN", "")
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), token.encode()):
            return web.Response(status=401, text="unauthorized request")
        name = request.query.get("secretId", "")
        if not name:
            return web.Response(status=400, text="secretId is missing")
        kept_at, answer = self._kept.get(name, (-KEPT_S, {}))
        if time.monotonic() - kept_at > KEPT_S:
            try:
                answer = await asyncio.to_thread(_read, cloud, name)
            except (ClientError, BotoCoreError) as fault:
                return web.Response(status=400, text=str(fault))
            self._kept[name] = (time.monotonic(), answer)
        return web.json_response(answer)


def _read(cloud: Cloud, name: str) -> dict[str, Any]:
    told = cloud.client("secretsmanager").get_secret_value(SecretId=name)
    keys = ("ARN", "Name", "VersionId", "VersionStages", "SecretString")
    return {**{key: told.get(key) for key in keys}, "CreatedDate": str(told.get("CreatedDate", ""))}
