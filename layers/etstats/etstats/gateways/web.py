"""Fetches a file whose address somebody else chose, and is not led elsewhere by it.

Only https, only from hosts allowed by name, only on the usual port, without redirects. The host is looked up once;
every address it has must be out in the open net, and the connection goes to one that was checked, so that no second
look-up can lead into ours. Size and time are bounded while it comes.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import BinaryIO
from urllib.parse import SplitResult, urlsplit

from etstats.errors import BadAddress, BadFile, WebUnavailable

DISCORD_FILES = ("cdn.discordapp.com", "media.discordapp.net")
CONNECT_S = 4.0
SILENCE_S = 5.0
_PORT = 443
_PIECE = 1 << 16
_MOST_SIGNS = 2_000
_TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address is in its last four bytes
_GONE = (404, 410)

LookUp = Callable[[str], list[str]]


def look_up(host: str) -> list[str]:
    """Every address of *host*. Raises OSError."""
    return list(dict.fromkeys(str(one[4][0]) for one in socket.getaddrinfo(host, _PORT, type=socket.SOCK_STREAM)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """*hosts*: all that may be fetched from. *neighbour*: an origin on loopback that may as well, in local runs.
    *look_up*: addresses of a host."""

    hosts: tuple[str, ...]
    neighbour: str = ""
    look_up: LookUp = field(default=look_up)

    def download(self, url: str, into: BinaryIO, *, at_most: int, within_s: float) -> int:
        """Writes what is at *url* into a file; how many bytes.

        Raises BadAddress for where we do not fetch from or are led elsewhere, BadFile for what is gone
        (code="missing") or larger (code="too_large"), else WebUnavailable.
        """
        asked = _parsed(url)
        try:
            with self._connected(asked) as connection, _ended_after(connection, within_s):
                connection.request("GET", _path(asked), headers={"Accept-Encoding": "identity"})
                with connection.getresponse() as answer:
                    return _kept(answer, into, at_most)
        except (OSError, http.client.HTTPException) as fault:
            raise WebUnavailable(f"{asked.hostname} does not answer ({type(fault).__name__}).") from fault

    @contextmanager
    def _connected(self, asked: SplitResult) -> Iterator[http.client.HTTPConnection]:
        near = f"{asked.scheme}://{asked.netloc}" == self.neighbour
        if not near:
            self._check(asked)
        connection = http.client.HTTPConnection(asked.hostname or "", asked.port, timeout=SILENCE_S)
        try:
            connection.sock = self._near(asked) if near else self._far(asked)
            yield connection
        finally:
            connection.close()

    def _check(self, asked: SplitResult) -> None:
        if asked.scheme != "https" or asked.port not in (None, _PORT) or asked.username is not None:
            raise BadAddress("Files are fetched over https alone, from its usual port.")
        if asked.hostname not in self.hosts:
            raise BadAddress(f"Files are fetched from {', '.join(self.hosts)} alone.")

    def _near(self, asked: SplitResult) -> socket.socket:
        return socket.create_connection((asked.hostname or "", asked.port or 80), timeout=CONNECT_S)

    def _far(self, asked: SplitResult) -> socket.socket:
        """A verified connection to an address that was checked. Raises BadAddress and OSError."""
        host = asked.hostname or ""
        addresses = self.look_up(host)
        if not addresses or not all(map(is_open, addresses)):
            raise BadAddress(f"{host} has an address that is not out in the open net.")
        plain = socket.create_connection((addresses[0], _PORT), timeout=CONNECT_S)
        plain.settimeout(SILENCE_S)
        try:
            return _context().wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise


def is_open(address: str) -> bool:
    """Whether it is out in the open net, whatever it is wrapped in."""
    told = ip_address(address.partition("%")[0])
    if isinstance(told, IPv6Address):
        inner = told.ipv4_mapped or told.sixtofour
        if inner is None and told in _TRANSLATED:
            inner = IPv4Address(int(told) & 0xFFFFFFFF)
        if inner is not None:
            return is_open(str(inner))
    return told.is_global and not told.is_multicast


def _parsed(url: str) -> SplitResult:
    try:
        asked = urlsplit(url)
        _ = asked.port  # a port that is none is found here
    except ValueError:
        raise BadAddress("That is no address of a file.") from None
    if len(url) > _MOST_SIGNS or not url.isascii() or not url.isprintable() or " " in url:
        raise BadAddress("That is no address of a file.")
    return asked


def _path(asked: SplitResult) -> str:
    return (asked.path or "/") + (f"?{asked.query}" if asked.query else "")


def _kept(answer: http.client.HTTPResponse, into: BinaryIO, at_most: int) -> int:
    """Raises BadAddress, BadFile, WebUnavailable and what http.client raises."""
    if answer.status in _GONE:
        raise BadFile("missing", "The file is not there any more")
    if 300 <= answer.status < 400:
        raise BadAddress("The file is said to be somewhere else, and we do not follow.")
    if answer.status != 200:
        raise WebUnavailable(f"The file could not be fetched (HTTP {answer.status}).")
    got, promised = 0, answer.length
    while got <= at_most and (promised or 0) <= at_most and (piece := answer.read(_PIECE)):
        got += len(piece)
        into.write(piece)
    if got > at_most or (promised or 0) > at_most:
        raise BadFile("too_large", f"It has more than {at_most:,} bytes")
    if promised is not None and got < promised:
        raise WebUnavailable("The file broke off on the way.")
    return got


@contextmanager
def _ended_after(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Whoever sends a byte now and then keeps nobody waiting for ever."""
    sock = connection.sock

    def end() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    clock = Timer(seconds, end)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()
