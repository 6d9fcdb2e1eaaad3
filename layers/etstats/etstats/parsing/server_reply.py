"""What a game server answers over UDP → plain values. Any bytes are read or refused with BadFile.

A packet without a connection begins with four bytes 0xff; its first line says what it is. getstatus and getinfo tell
`\\key\\value\\…`, getstatus then a line a player: score, ping, name. rcon answers in `print` packets of 239 signs at
most.
https://github.com/etlegacy/etlegacy/blob/master/src/server/sv_main.c
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from etstats.domain.name import is_bot
from etstats.domain.server import Seat, ServerStatus, Side
from etstats.errors import BadFile

PREFIX = b"\xff\xff\xff\xff"
_PLAYER = re.compile(r'(-?\d{1,10}) (-?\d{1,10}) "(.*)"')
# num score ping name…; what follows the name's columns holds the player's address
_ROW = re.compile(r"\s*(\d{1,2})\s+(-?\d{1,10})\s+(\d{1,4}|CNCT|ZMBI|DEMO)\s(.+)")
_AFTER_NAME = re.compile(r"\s+\d+\s+(?:bot|loopback|localhost|[0-9a-fA-F.:\[\]]+)\s+\d+\s+\d+(?:\s+\S+)?\s*$")
_CONNECTING = 999
_MOST_SEATS = 64
_MS_AT_MOST = 600_000

Info = Mapping[str, str]


def text(raw: bytes) -> str:
    """The engine knows bytes; people's clients write Windows' Western European."""
    return raw.decode("cp1252", errors="replace")


def read_packet(packet: bytes) -> tuple[str, bytes]:
    """What kind of answer it is, in lower case, and what follows its first line. Raises BadFile."""
    if not packet.startswith(PREFIX):
        raise BadFile("no_prefix", "the packet does not begin as one without a connection does")
    kind, _, rest = packet[len(PREFIX) :].partition(b"\n")
    return text(kind).strip().lower(), rest


def read_info(line: str) -> dict[str, str]:
    r"""`\key\value\key\value` by lower-case key. The last one wins, as in the engine; an odd end is left out."""
    parts = line.lstrip("\\").split("\\")
    return {key.lower(): value for key, value in zip(parts[::2], parts[1::2], strict=False) if key}


def read_status(status: bytes, info: Info) -> ServerStatus:
    """*status*: what follows `statusResponse`; *info*: of `infoResponse`, empty where that did not come."""
    first, *lines = text(status).split("\n")
    told = read_info(first)
    seats = _seated([seat for line in lines[:_MOST_SEATS] if (seat := _seat(line)) is not None], told.get("p", ""))
    seats = _bots_told(seats, info)
    humans = _number(info.get("humans"))
    return ServerStatus(
        hostname=info.get("hostname") or told.get("sv_hostname", ""),
        map=told.get("mapname") or info.get("mapname", ""),
        game_type=_number(told.get("g_gametype")),
        seats=tuple(seats),
        humans=humans if humans is not None else sum(not seat.bot for seat in seats),
        slots=_slots(told),
        needs_password=told.get("g_needpass", "0") not in ("", "0"),
        axis_wave_ms=_wave(told.get("g_redlimbotime")),
        allies_wave_ms=_wave(told.get("g_bluelimbotime")),
        time_limit_min=_minutes(told.get("timelimit")),
    )


def _seat(line: str) -> Seat | None:
    found = _PLAYER.fullmatch(line)
    if found is None:
        return None
    ping = int(found[2])
    return Seat(
        name=found[3], score=int(found[1]), ping=None if ping >= _CONNECTING else ping, bot=is_bot("", found[3])
    )


def _seated(seats: list[Seat], by_slot: str) -> list[Seat]:
    """With slots and sides: *by_slot* has a sign for each slot, `-` where nobody is, and players come in its order. It
    is renewed a moment later than the list: when they disagree about how many there are, neither is known."""
    taken = [(slot, sign) for slot, sign in enumerate(by_slot) if sign in "0123"]
    if len(taken) != len(seats):
        return seats
    return [replace(seat, slot=slot, side=Side(int(sign))) for seat, (slot, sign) in zip(seats, taken, strict=True)]


def _bots_told(seats: list[Seat], info: Info) -> list[Seat]:
    """Bots may have any name. Where the server counts them, and as many players have no way to go, these are they."""
    clients, humans = _number(info.get("clients")), _number(info.get("humans"))
    if clients is None or humans is None or clients - humans == sum(seat.bot for seat in seats):
        return seats
    near = [seat for seat in seats if seat.ping == 0]
    if len(near) != clients - humans:
        return seats
    return [replace(seat, bot=seat.ping == 0) for seat in seats]


def _slots(told: Info) -> int | None:
    most = _number(told.get("sv_maxclients"))
    return None if most is None else max(0, most - (_number(told.get("sv_privateclients")) or 0))


def _wave(told: str | None) -> int | None:
    wave = _number(told)
    return wave if wave is not None and 0 < wave <= _MS_AT_MOST else None


def _minutes(told: str | None) -> float | None:
    return float(told) if told and re.fullmatch(r"\d{1,4}(\.\d{1,6})?", told) else None


def _number(told: str | None) -> int | None:
    return int(told) if told and re.fullmatch(r"-?\d{1,9}", told) else None


def read_rcon_status(reply: str) -> tuple[str, tuple[Seat, ...]]:
    """Map and players of rcon's `status`, with their slots. Addresses are read past and never kept."""
    map_name = ""
    seats = []
    for line in reply.split("\n"):
        if line.lower().startswith("map:"):
            map_name = line[4:].strip()
        elif found := _ROW.fullmatch(line):
            name = _AFTER_NAME.sub("", found[4]).strip().removesuffix("^7").strip()
            ping = int(found[3]) if found[3].isdigit() else None
            seats.append(Seat(slot=int(found[1]), score=int(found[2]), ping=ping, name=name, bot=is_bot("", name)))
    return map_name, tuple(seats)
