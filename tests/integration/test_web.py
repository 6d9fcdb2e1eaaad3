"""Fetching from addresses somebody else chose: over loopback, with look-ups that lie."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest

from etstats.errors import BadAddress, BadFile, WebUnavailable
from etstats.gateways.web import DISCORD_FILES, Web, is_open

URL = "https://cdn.discordapp.com/attachments/1/2/evening.tv_84?ex=1&hm=2"


@contextmanager
def _serving(*pieces: bytes, hold: bool = False) -> Iterator[str]:
    """Answers one request with these bytes; *hold*: and does not hang up. The origin."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.recv(10_000)
                for piece in pieces:
                    client.sendall(piece)
                if hold:
                    over.wait(30)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def _fetch(origin: str, *, at_most: int = 1_000, within_s: float = 20) -> bytes:
    into = BytesIO()
    got = Web(hosts=DISCORD_FILES, neighbour=origin).download(
        f"{origin}/attachments/9", into, at_most=at_most, within_s=within_s
    )
    assert got == len(into.getvalue())
    return into.getvalue()


def _said(status: str, body: bytes = b"", *headers: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "", "")).encode() + body


def test_a_file_comes_as_it_is() -> None:
    with _serving(_said("200 OK", b"demo", "Content-Length: 4")) as origin:
        assert _fetch(origin) == b"demo"


def test_a_file_may_have_just_so_many_bytes_and_not_one_more() -> None:
    with _serving(_said("200 OK", b"x" * 1_000)) as origin:
        assert _fetch(origin) == b"x" * 1_000
    for headers in ((), ("Content-Length: 1001",)):
        with _serving(_said("200 OK", b"x" * 1_001, *headers)) as origin, pytest.raises(BadFile) as refused:
            _fetch(origin)
        assert refused.value.code == "too_large"


def test_nobody_leads_us_elsewhere() -> None:
    said = _said("302 Found", b"", "Location: http://169.254.169.254/", "Content-Length: 0")
    with _serving(said) as origin, pytest.raises(BadAddress, match="do not follow"):
        _fetch(origin)


@pytest.mark.parametrize(("status", "code"), [("404 Not Found", "missing"), ("410 Gone", "missing")])
def test_a_file_that_is_gone_is_gone_for_good(status: str, code: str) -> None:
    with _serving(_said(status)) as origin, pytest.raises(BadFile) as refused:
        _fetch(origin)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "said", [_said("503 Slow Down"), _said("200 OK", b"dem", "Content-Length: 4"), b"no http\r\n\r\n", b""]
)
def test_what_may_be_better_later_is_tried_again(said: bytes) -> None:
    with _serving(said) as origin, pytest.raises(WebUnavailable):
        _fetch(origin)


def test_who_says_nothing_more_keeps_nobody_waiting() -> None:
    began = time.monotonic()
    with _serving(_said("200 OK", b"d", "Content-Length: 4"), hold=True) as origin, pytest.raises(WebUnavailable):
        _fetch(origin, within_s=0.2)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/x",
        "https://cdn.discordapp.com:8443/x",
        "https://cdn.discordapp.com@evil.example/x",
        "https://someone@cdn.discordapp.com/x",
        "https://evil.example/cdn.discordapp.com",
        "https://cdn.discordapp.com.evil.example/x",
        "https://127.0.0.1/x",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "https://cdn.discordapp.com/x\r\nHost: evil",
        "https://cdn.discordapp.com:x/",
        "https://[::1/x",
        "",
    ],
)
def test_anywhere_else_is_not_asked(url: str) -> None:
    def look_up(host: str) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(BadAddress):
        Web(hosts=DISCORD_FILES, look_up=look_up).download(url, BytesIO(), at_most=9, within_s=9)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1"),
        *("2002:7f00:1::", "64:ff9b::10.0.0.1", "2001:db8::1"),
    ],
)
def test_addresses_within_are_refused(address: str) -> None:
    assert not is_open(address)
    for found in ([address], ["162.159.130.233", address], []):
        with pytest.raises(BadAddress, match="open net"):
            _found_at(found).download(URL, BytesIO(), at_most=9, within_s=9)


def _found_at(addresses: list[str]) -> Web:
    return Web(hosts=DISCORD_FILES, look_up=lambda _: addresses)


@pytest.mark.parametrize("address", ["162.159.130.233", "2606:4700::6812:1", "64:ff9b::8.8.8.8"])
def test_addresses_out_in_the_net_are_open(address: str) -> None:
    assert is_open(address)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever answers another address the second time is not asked a second time."""
    answers = iter([["162.159.130.233"], ["127.0.0.1"]])
    reached: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        reached.append(address)
        raise OSError("no net here")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(WebUnavailable):
        Web(hosts=DISCORD_FILES, look_up=lambda _: next(answers)).download(URL, BytesIO(), at_most=9, within_s=9)
    assert reached == [("162.159.130.233", 443)]
    assert next(answers) == ["127.0.0.1"]
