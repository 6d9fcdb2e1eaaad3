"""API Gateway's HTTP API on loopback: requests become payload format 2.0 events, answers become responses.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from local.runtime_server import Function, Outcome
from local.template import RouteSource

MAX_BODY = 10 * 1024 * 1024
_TEXT = ("application/json", "application/javascript", "application/xml", "application/x-www-form-urlencoded")


class HttpApi:
    """Routes are added before or after it starts; everything else is answered 404, as API Gateway does."""

    def __init__(self, *, account: str) -> None:
        self._account = account
        self._routes: dict[tuple[str, str], tuple[Function, RouteSource]] = {}
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, port: int) -> None:
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def route(self, function: Function, source: RouteSource) -> None:
        self._routes[source.method, source.path] = (function, source)

    async def _handle(self, request: web.Request) -> web.Response:
        found = self._routes.get((request.method, request.path)) or self._routes.get(("ANY", request.path))
        if found is None:
            return _plain(404, "Not Found")
        function, source = found
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _plain(413, "Request Entity Too Large")
        invoking = function.invoke(_event(request, body, f"{source.method} {source.path}", self._account))
        try:
            async with asyncio.timeout(source.timeout_s):
                outcome = await asyncio.shield(asyncio.ensure_future(invoking))
        except TimeoutError:
            return _plain(503, "Service Unavailable")
        return _response(outcome)


def _plain(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)


def _event(request: web.Request, body: bytes, route_key: str, account: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    is_text = _is_text(request.content_type, body)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": request.query_string,
        "headers": _headers(request),
        "requestContext": {
            "accountId": account,
            "apiId": "local",
            "domainName": request.host,
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.remote or "127.0.0.1",
                "userAgent": request.headers.get("User-Agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": route_key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(time.time() * 1000),
        },
        "isBase64Encoded": not is_text,
    }
    if request.query:
        event["queryStringParameters"] = {key: ",".join(request.query.getall(key)) for key in request.query}
    if request.cookies:
        event["cookies"] = [f"{name}={value}" for name, value in request.cookies.items()]
    if body:
        event["body"] = body.decode("utf-8") if is_text else base64.b64encode(body).decode("ascii")
    return event


def _is_text(content_type: str, body: bytes) -> bool:
    if not (content_type.startswith("text/") or content_type in _TEXT or content_type.endswith("+json")):
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _headers(request: web.Request) -> dict[str, str]:
    """Lower-cased names; a repeated header is one text with commas."""
    return {
        name.lower(): ",".join(request.headers.getall(name))
        for name in request.headers
        if name.lower() not in ("cookie", "connection")
    }


def _response(outcome: Outcome) -> web.Response:
    """An error, or an answer API Gateway could not use, is a 500 that tells nothing."""
    if outcome.failed:
        return _plain(500, "Internal Server Error")
    try:
        answer = outcome.answer()
        if not isinstance(answer, dict) or "statusCode" not in answer:
            return web.json_response(answer)
        body = str(answer.get("body") or "")
        sent = base64.b64decode(body, validate=True) if answer.get("isBase64Encoded") else body.encode()
        headers = CIMultiDict({str(name): str(value) for name, value in (answer.get("headers") or {}).items()})
        for cookie in answer.get("cookies") or []:
            headers.add("Set-Cookie", str(cookie))
        headers.setdefault("Content-Type", "text/plain; charset=utf-8")
        return web.Response(status=int(answer["statusCode"]), body=sent, headers=headers)
    except (ValueError, TypeError, AttributeError, binascii.Error, json.JSONDecodeError):
        return _plain(500, "Internal Server Error")
