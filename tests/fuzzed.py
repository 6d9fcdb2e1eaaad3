"""Files that no game server would write: sound ones mutated, and some made by hand to hurt.

The promise they test: any bytes under any name become values or are refused with `BadInput`, in bounded time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from etstats.domain.award import EndstatsFile
from etstats.domain.gametime import Gametime
from etstats.domain.stats_file import Kind, StatsFile
from etstats.domain.weapon import WEAPONS
from etstats.errors import BadInput
from etstats.parsing.endstats_file import read_endstats_file
from etstats.parsing.filename import read_name
from etstats.parsing.gametime_file import read_gametime_file
from etstats.parsing.stats_file import read_stats_file
from etstats.usecases.read_files import MAX_ENDSTATS_BYTES
from local.simulator import Feature, simulate_session
from tests.corpus import endstats_files, stats_files
from tests.game_files import EVENING, a_file, a_gametime, a_header, a_line, a_match, a_name, an_endstats

Read = StatsFile | EndstatsFile | Gametime
Named = tuple[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """*how* it was made, for whoever has to find out why it hurt."""

    name: str
    content: bytes
    how: str


def read(name: str, content: bytes) -> Read | None:
    """As storing reads it; None when it was refused. Any exception but BadInput is a fault of ours."""
    try:
        named = read_name(name)
        if named.kind is Kind.ENDSTATS:
            return read_endstats_file(named, content[:MAX_ENDSTATS_BYTES])
        if named.kind is Kind.GAMETIME:
            return read_gametime_file(named, content)
        return read_stats_file(named, content)
    except BadInput:
        return None


@cache
def sound_files() -> tuple[Named, ...]:
    """In all layouts; with the corpus' files where it lies beside the project."""
    found: list[Named] = []
    for seed, layout in enumerate((33, 36, 37, 38, 38)):
        for fields, line_ending in ((8, "lf"), (9, "crlf")):
            played = simulate_session(
                seed=seed, maps=2, players=6, layout=layout, header_fields=fields, line_ending=line_ending,
                features=[Feature.NAME_CHANGE], bots=seed == 4, ends_at=EVENING + timedelta(hours=seed),
            )  # fmt: skip
            found += [(file.name, file.content) for file in played.files]
    found += [*a_match(), *companions()]
    return (*found, *((path.name, path.read_bytes()) for path in (*stats_files(), *endstats_files())))


def companions() -> list[Named]:
    """One endstats file, and gametime files with every field a writer is known to add."""
    duels = {"AAAA0001": [("BBBB0001", 3, 1), ("BBBB0002", 2, 2)], "BBBB0001": [("AAAA0001", 1, 3)]}
    awards = [("Most damage given", "AAAA0002", "1100"), ("Longest killing spree", "x", "3 kills in 2.15s")]
    meta = {
        "round_start_unix": 1772829185, "actual_duration_seconds": 480.5, "server_ip": "192.0.2.1", "pause_seconds": 34,
        "spawn_stats": [{"guid": "A" * 32, "name": "^1x", "spawns": 7, "deaths": 6, "dead_seconds": 61.5}],
    }  # fmt: skip
    told: dict[str, Any] = {
        "Lua_Pauses": "1 (34 sec)", "Lua_SurrenderTeam": "0", "Axis_JSON": '[{"guid": "A1B2C3D4", "name": "^1x"}]',
        "Lua_Pauses_JSON": '[{"n": 1, "start": 1772829185, "end": 1772829219, "sec": 34}]',
    }  # fmt: skip
    endstats = a_name().replace(".txt", "-endstats.txt")
    return [(endstats, an_endstats(awards, duels)), a_gametime(), a_gametime(number=2, meta=meta, **told)]


def fuzzed(rng: Random) -> Fuzzed:
    """One more; mostly a sound file with one to four things done to it."""
    files = sound_files()
    name, content = rng.choice(files)
    if rng.random() < 0.02:
        return Fuzzed(name=name, content=rng.randbytes(rng.choice((1, 10, 100, 2000))), how="random bytes")
    done = []
    for _ in range(rng.choice((1, 1, 2, 4))):
        mutate = rng.choice(_MUTATIONS)
        content = mutate(rng, content)
        done.append(mutate.__name__.strip("_"))
    if rng.random() < 0.1:
        name = _renamed(rng, name)
        done.append("renamed")
    return Fuzzed(name=name, content=content, how=", ".join(done))


def _bits_flipped(rng: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 3, 20))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(rng: Random, content: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] if rng.random() < 0.7 else content[at:]


def _lines_moved(rng: Random, content: bytes) -> bytes:
    return b"\n".join(_moved(rng, content.split(b"\n")))


def _fields_moved(rng: Random, content: bytes) -> bytes:
    """Fields of one line, by one of the separators."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    separator = rng.choice((b"\\", b"\t", b" ", b'"', b","))
    lines[at] = separator.join(_moved(rng, lines[at].split(separator)))
    return b"\n".join(lines)


def _moved(rng: Random, parts: list[bytes]) -> list[bytes]:
    at, other = rng.randrange(len(parts)), rng.randrange(len(parts))
    match rng.randrange(4):
        case 0:
            return parts[:at] + parts[at + 1 :]
        case 1:
            return [*parts[:at], parts[at], *parts[at:]]
        case 2:
            parts[at], parts[other] = parts[other], parts[at]
            return parts
        case _:
            return parts[:at] + parts[at : at + 1] * rng.choice((2, 5, 70)) + parts[at + 1 :]


_SEPARATORS = (
    b"\\",
    b"\t",
    b" ",
    b"\n",
    b"\r",
    b"\r\n",
    b"/",
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\x85",
    b"\xc2\xa0",
    b'"',
    b":",
)


def _separators_swapped(rng: Random, content: bytes) -> bytes:
    old, new = rng.sample(_SEPARATORS, 2)
    return content.replace(old, new, rng.choice((-1, 1, 2)))


_NUMBERS = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        *("-1", "-0", "+5", "0x10", "1_000", "1e5", "1e308", "1e999", "NaN", "inf", "-inf", "Infinity", "null", "true"),
        *("", ".", "-", "--1", "1.", ".5", "1.5", "1.5.5", "00", "007", "0.1", "1-1", "1,5", "255", "32768", "-32769"),
        *("2147483647", "2147483648", "4294967295", "268435455", "268435456", "9223372036854775808", "10000000"),
        *("10000001", "-10000000", "9999999.9", "-9999999.9", "99999999999999999999", "1" * 30, "9" * 400, "9" * 5000),
        *("9" * 400 + ".0", "-" + "9" * 400, "0." + "3" * 400, "1" + "0" * 400 + ".5", "٣", "１２", "²", "½", "Ⅷ", "𝟙"),
        *("999:59", "9999:99", "0:00", "99:5", "9999.999", "1:60", "-1:00"),
    )
)


def _numbers_replaced(rng: Random, content: bytes) -> bytes:
    """Runs of digits, signs and points become what should not be there, or what is just about to be too large."""
    parts = _in_numbers(content)
    places = list(range(1, len(parts), 2))
    for at in rng.sample(places, min(len(places), rng.choice((1, 1, 3, 30)))):
        parts[at] = rng.choice(_NUMBERS)
    return b"".join(parts)


def _in_numbers(content: bytes) -> list[bytes]:
    """Everything else at even places, numbers at odd ones."""
    return re.split(rb"([0-9.]+)", content)


_TEXTS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xae",
    b"\xe2\x80\xa8", b"\x7f", b"\x1b[2J", b"^", b"^^", b"^\\", b"\\", b"'; drop table player; --", b"%s%n", b"{}",
    b"\\u0000", b"\\ud800", b"[BOT]", b"OMNIBOT01", b"\xf0\x9f\x92\xa3" * 30, b"A\xcc\x81" * 200, b"x" * 10_000,
)  # fmt: skip


def _text_inserted(rng: Random, content: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice(_TEXTS) + content[at:]


def _repeated(rng: Random, content: bytes) -> bytes:
    """Some of it again and again; a little under a MiB at most."""
    at = rng.randrange(len(content) + 1)
    chunk = content[at : at + rng.choice((1, 3, 20, 500))]
    most = 20_000 if rng.random() < 0.98 else 900_000
    times = min(rng.choice((5, 100, 10_000, 1_000_000)), most // max(1, len(chunk)))
    return content[:at] + chunk * times + content[at:]


def _line_ends_mixed(rng: Random, content: bytes) -> bytes:
    return b"".join(line + rng.choice((b"\n", b"\r\n", b"\r", b"\n\r", b"\n\n")) for line in content.splitlines())


def _spliced(rng: Random, content: bytes) -> bytes:
    other = rng.choice(sound_files())[1]
    return content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other) + 1) :]


_MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    _bits_flipped, _cut, _lines_moved, _fields_moved, _separators_swapped, _numbers_replaced, _numbers_replaced,
    _text_inserted, _repeated, _line_ends_mixed, _spliced,
)  # fmt: skip

_NAME_PARTS = (
    "\x85", "\u2028", "٣", "１", "-round-2", "_ws", "-endstats", "\\", "gamestats\\", "'", "%00", " ", "+", "é",
    "e\u0301", "\U0001f4a3", "x" * 200, ".txt", "0001-01-01-000000-", "9999-12-31-235959-", "gametime-",
    "-R1-9999999999.json",
)  # fmt: skip


def _renamed(rng: Random, name: str) -> str:
    """At another time, with something in it, or without a part."""
    match rng.randrange(3):
        case 0:
            return rng.choice(("0001-01-01-000000", "9999-12-31-235959", "1969-12-31-235959")) + name[17:]
        case 1:
            at = rng.randrange(len(name) + 1)
            return name[:at] + rng.choice(_NAME_PARTS) + name[at:]
        case _:
            at = rng.randrange(len(name))
            return name[:at] + name[at + rng.choice((1, 5)) :]


def hard_cases() -> Iterator[Fuzzed]:
    """Made by hand to overflow a column, an index or a patience."""
    for how, lines in _hard_lines().items():
        yield Fuzzed(name=a_name(), content=a_file(a_header(), lines), how=how)
    for how, header in _hard_headers().items():
        yield Fuzzed(name=a_name(), content=a_file(header, [a_line()]), how=how)
    for how, name in _hard_names().items():
        yield Fuzzed(name=name, content=a_match()[0][1], how=how)
    yield from _hard_companions()
    yield from _hard_evening()


def _hard_lines() -> dict[str, Sequence[str]]:
    every_weapon = dict.fromkeys(_weapons(), (10000000,) * 5)
    unlike = "".join(chr(0x4E00 + number % 20_000) for number in range(10_000))
    return {
        "200 players": [a_line(f"{number:08X}") for number in range(200)],
        "5000 players": [a_line(f"{number:08X}") for number in range(5000)],
        "40,000 lines": [a_line("AAAA0001")] + ["A\\b\\0\\1\\0"] * 40_000 + ["BBBB0001\\b\\0\\1\\0"],
        "one guid on every line": [a_line("AAAA0001", name=f"n{number}") for number in range(50)],
        "a name of 10,000 letters": [a_line(name="x" * 10_000)],
        "a name of 10,000 letters, none alike": [a_line(name=unlike)],
        "a printable name of 9,000 letters that does not compress": [a_line(name=_noise(9000))],
        "a name of nothing but colours": [a_line(name="^1^2^3")],
        "a name of nothing but blanks": [a_line(name="   ")],
        "every weapon at ten millions": [a_line(weapons=every_weapon)],
        "ten million minutes": [a_line(time_played_min=10_000_000, alive_pct=10_000_000)],
        "minus ten million minutes": [a_line(time_played_min=-10_000_000, alive_pct=-10_000_000)],
        "only bots": [a_line("OMNIBOT0", name=f"[BOT]{number}") for number in range(6)],
    }  # fmt: skip


def _weapons() -> list[str]:
    return [weapon.key for weapon in WEAPONS]


def _noise(length: int) -> str:
    rng = Random(1)
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(length))


def _hard_headers() -> dict[str, str]:
    return {
        "numbers of three digits": "s\\m\\c\\999\\999\\-999\\9999:99\\9999:99",
        "limits of no time": "s\\m\\c\\1\\1\\1\\0:00\\0:00",
        "negative numbers": "s\\m\\c\\-1\\-1\\-1\\12:00\\12:00",
        "a ninth field of nonsense": "s\\m\\c\\1\\1\\1\\12:00\\12:00\\٣٣٣",
        "a config of 20,000 letters": f"s\\m\\{_noise(20_000)}\\1\\1\\1\\12:00\\12:00",
        "NUL everywhere": "s\x00\\m\x00\\c\x00\\1\\1\\1\\12:00\x00\\12:00",
    }


def _hard_names() -> dict[str, str]:
    """S3 allows names of 1024 bytes."""
    return {
        "the first second there is": "0001-01-01-000000-supply-round-1.txt",
        "the last second there is": "9999-12-31-235959-supply-round-2.txt",
        "the last second, endstats": "9999-12-31-235959-supply-round-2-endstats.txt",
        "the first second, endstats": "0001-01-01-000000-supply-round-2-endstats.txt",
        "a map of 900 letters": f"2026-03-06-210000-{_noise(900)}-round-1.txt",
        "a map of odd letters": "2026-03-06-210000-\x85\u2028'\"%s;--\u202e-round-1.txt",
        "a map of round-1": "2026-03-06-210000-a-round-1-round-2-round-1.txt",
        "NUL in the map": "2026-03-06-210000-a\x00b-round-1.txt",
        "half a letter in the map": "2026-03-06-210000-a\ud800b-round-1.txt",
        "only NUL": "\x00",
        "a file name of 10,000 letters": _noise(10_000),
        "a gametime of the last second": "gametime-supply-R1-9999999999.json",
        "a gametime of long ago": "gametime-supply-R1-000000000.json",
    }


def _hard_companions() -> Iterator[Fuzzed]:
    endstats = a_name().replace(".txt", "-endstats.txt")
    for how, content in {
        "an award to a name that does not compress": f"Most kills\t{_noise(9000)}\t3\n".encode(),
        "an award with a name that does not compress": f"{_noise(9000)}\tx\t3\n".encode(),
        "1000 awards": b"Most kills\tx\t3\n" * 1000,
        "a value of many digits": b"Most kills\tx\t" + b"9" * 400 + b"\n",
        "duels of six digits": b"VS_HEADER\tx\tAAAA0001\ny\t999999\t999999\n" * 100,
        "names with half letters": b"Most kills\t\xed\xa0\x80\x00\t3\n",
    }.items():
        yield Fuzzed(name=endstats, content=content, how=f"endstats: {how}")
    for at in ("0001-01-01-000000", "9999-12-31-235959"):
        yield Fuzzed(name=at + endstats[17:], content=b"Most kills\tx\t3\n", how=f"endstats of {at}")
    name, content = a_gametime(Lua_Playtime="9999999 sec", Lua_RoundEnd="9999999999", Lua_AxisScore="9999999999")
    yield Fuzzed(name=name, content=content, how="gametime: numbers of ten digits")
    name, content = a_gametime(Lua_Timelimit="9999.999999 min", Lua_SurrenderCallerName="\ud800\x00", Lua_Pauses="9999")
    yield Fuzzed(name=name, content=content, how="gametime: half a letter")
    deep = b'{"embeds":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    yield Fuzzed(name=name, content=deep, how="gametime: deep")


def _hard_evening() -> Iterator[Fuzzed]:
    """One evening whose every file is just about believable, and whose sums are not."""
    every_weapon = dict.fromkeys(_weapons(), (10000000,) * 5)
    for number in range(12):
        lines = [a_line(weapons=every_weapon, time_played_min=10_000_000, xp=10_000_000, damage_given=10_000_000)]
        name = a_name(minute=10 * number, map=f"m{number}")
        yield Fuzzed(name=name, content=a_file(a_header(map=f"m{number}"), lines), how=f"sums that overflow {number}")
