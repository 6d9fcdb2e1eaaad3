"""A sentence for the caller alone after “thinking…”: what Discord is asked for, in which order, and once more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from etstats.gateways.discord import ORIGINAL_WAITS_S, Discord
from etstats.interactions.reply import Press, sentence

WEBHOOK = "/webhooks/11/a-token"


class _Calls(BaseHTTPRequestHandler):
    seen: tuple[tuple[str, str, object], ...] = ()
    gone = False  # there is no “thinking…” any more

    def do_DELETE(self) -> None:
        _Calls.seen += (("DELETE", self.path, None),)
        self._say(404 if _Calls.gone else 204, b"")

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["content-length"])))
        _Calls.seen += (("POST", self.path, (said["content"], said["flags"])),)
        self._say(200, b"{}")

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    _Calls.seen, _Calls.gone = (), False
    with HTTPServer(("127.0.0.1", 0), _Calls) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def _seal(press: Press) -> str:
    return press.command


def _say(url: str, *, replacing: bool) -> tuple[object, ...]:
    discord = Discord(url=url, bot_token=lambda: "x", sleep=lambda _: None)
    discord.say_aside("11", "a-token", sentence("no"), seal=_seal, replacing=replacing)
    return _Calls.seen


def test_what_everybody_sees_goes_before_one_is_told(url: str) -> None:
    said = ("POST", WEBHOOK, ("no", 64))
    assert _say(url, replacing=True) == (("DELETE", f"{WEBHOOK}/messages/@original", None), said)


def test_a_card_stays_while_one_is_told(url: str) -> None:
    assert _say(url, replacing=False) == (("POST", WEBHOOK, ("no", 64)),)


def test_an_earlier_try_that_took_it_away_already_is_no_fault(url: str) -> None:
    _Calls.gone = True
    _say(url, replacing=True)
    assert [method for method, _, _ in _Calls.seen] == ["DELETE"] * (len(ORIGINAL_WAITS_S) + 1) + ["POST"]
