"""A stats file's bytes become values. Any bytes are read: what is damaged is marked and costs only itself.

The format, with its layouts and traps, is described in docs/stats-file.md.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from etstats.domain.figure import PLACE
from etstats.domain.name import is_bot, strip_colours
from etstats.domain.stats_file import (
    ALLIES,
    SPECTATOR,
    FileName,
    Header,
    Number,
    PlayerLine,
    StatsFile,
    Status,
    Tally,
)
from etstats.domain.weapon import WEAPONS
from etstats.parsing.fields import BLANK_SEPARATED, LAYOUTS, MISSING

MAX_BYTES = 1 << 17
# four times as many as play on the largest game server
_MOST_LINES = 256
# five times as many bytes as the game keeps of a name, colours included
_LONGEST_NAME = 180
# Far above anything the game can count, far below what would overflow a sum.
_MAX_NUMBER = 10_000_000

_GUID = re.compile(rb"[0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}|OMNIBOT[0-9A-Za-z]+")
_SMALL = re.compile(r"-?\d{1,3}", re.ASCII)
_MINUTES = re.compile(r"(\d{1,4}):(\d\d)|(\d{1,4})\.(\d{1,3})", re.ASCII)
_PUNCTUATION_COLOUR = re.compile(r"\^[!-/:-@\[-\]_`{-~]")
_ALL_SLOTS = (1 << len(WEAPONS)) - 1
_MASK_DIGITS = 10
_JSON = json.JSONDecoder()
_COMMAS = bytes.maketrans(b" \t", b",,")


class _Refused(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, status: Status, fault: str, *oddities: str) -> None:
        super().__init__(fault)
        self.status, self.fault, self.oddities = status, fault, oddities


class _Damaged(Exception):
    """A player line that cannot be trusted; the message is its code."""


def read_stats_file(name: FileName, content: bytes) -> StatsFile:
    """What *content* says. Never raises: a file that is no stats file comes back with that status and the fault."""
    header: Header | None = None
    oddities: set[str] = set()
    players: tuple[PlayerLine, ...] = ()
    status = Status.OK
    fault: str | None = None
    try:
        header, lines = _opened(content)
        oddities.update(_header_oddities(header))
        players = _players(lines, oddities)
    except _Refused as refused:
        status, fault = refused.status, refused.fault
        oddities.update(refused.oddities)
    return StatsFile(
        name=name,
        status=status,
        header=header,
        players=players,
        oddities=tuple(sorted(oddities)),
        line_ending="crlf" if b"\r\n" in content else "lf",
        fault=fault,
    )


def _opened(content: bytes) -> tuple[Header, list[bytes]]:
    """The header, and the lines after it that are not blank."""
    if not content.strip():
        raise _Refused(Status.NOT_A_STATS_FILE, "the file is empty", "empty_file")
    if len(content) > MAX_BYTES:
        fault = "the file is larger than 128 KiB, and a stats file has a few"
        raise _Refused(Status.NOT_A_STATS_FILE, fault, "too_large")
    first, *lines = [line.rstrip(b"\r") for line in content.split(b"\n")]
    return _header(first), [line for line in lines if line.strip()]


def _players(lines: list[bytes], oddities: set[str]) -> tuple[PlayerLine, ...]:
    """The players' lines. What is unusual about them is added to *oddities*."""
    if not lines:
        raise _Refused(Status.HEADER_ONLY, "the file has a header but not one player")
    if len(lines) > _MOST_LINES:
        raise _Refused(Status.NOT_A_STATS_FILE, f"it has {len(lines)} lines, one for each player", "too_many_lines")
    players = tuple(player for line in lines if (player := _player(line)) is not None)
    if len(players) < len(lines):
        oddities.add("not_a_player_line")
    if not players:
        raise _Refused(Status.NO_PLAYER_LINES, "none of the lines after the header is a player's")
    if not all(b"\t" in line for line in lines):
        oddities.add("extended_space_separated")
    players = _one_layout(players)
    oddities.update(_player_oddities(players))
    return players


def _text(raw: bytes) -> str:
    """Names as they came: UTF-8 where it is, else byte by byte. PostgreSQL cannot keep NUL."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace("\x00", "\ufffd")


def _header(line: bytes) -> Header:
    parts = _text(line).split("\\")
    if len(parts) not in (8, 9):
        fault = f"its first line has {len(parts)} of the 8 or 9 fields of a stats file's header"
        raise _Refused(Status.NOT_A_STATS_FILE, fault, f"header_fields_{len(parts)}")
    server, map_name, config, round_number, defender, winner, limit, next_limit, *playtime = parts
    if not all(_SMALL.fullmatch(number) for number in (round_number, defender, winner)):
        fault = "its first line has words where a stats file's header has numbers"
        raise _Refused(Status.NOT_A_STATS_FILE, fault, "header_not_a_number")
    return Header(
        server_raw=server,
        server=strip_colours(server),
        map=map_name,
        config=config,
        round=int(round_number),
        defender_team=int(defender),
        winner_team=int(winner),
        limit_text=limit,
        limit_s=_seconds(limit),
        next_limit_text=next_limit,
        next_limit_s=_seconds(next_limit),
        playtime_raw=playtime[0] if playtime else None,
        field_count=len(parts),
    )


def _seconds(text: str) -> int | None:
    """``M:SS``, or decimal minutes as hand-made files have them."""
    found = _MINUTES.fullmatch(text)
    if found is None:
        return None
    if found[1] is not None:
        return 60 * int(found[1]) + int(found[2])
    return round(60 * float(text))


def _header_oddities(header: Header) -> list[str]:
    limit, following = header.limit_s, header.next_limit_s
    found = {
        "header_9_fields": header.field_count == 9,
        "decimal_minutes": "." in header.limit_text + header.next_limit_text,
        "defender_is_allies": header.defender_team == ALLIES,
        "next_limit_0:00": following == 0,
        "next_limit_above_limit": limit is not None and following is not None and following > limit,
    }
    return [code for code, there in found.items() if there]


def _player(line: bytes) -> PlayerLine | None:
    """A player's line, marked where it is damaged; None for a line that is no player's at all."""
    guid, *middle = line.split(b"\\")
    if len(middle) < 4:
        return None
    *name_parts, counter, team, numbers = middle
    name_raw = _text(b"\\".join(name_parts))
    name = strip_colours(name_raw)
    clean_guid = _text(guid[:8]).upper()
    weapons: dict[int, Tally] = {}
    figures: tuple[Number, ...] = ()
    damage = None
    try:
        _check_identity(guid, counter, team, name_raw)
        mask, weapons, figures, count = _read_numbers(numbers)
    except _Damaged as fault:
        damage, (mask, count) = str(fault), _shape(numbers)
    return PlayerLine(
        guid=clean_guid,
        name_raw=name_raw,
        name=name,
        is_bot=is_bot(clean_guid, name),
        rounds_counter=int(counter) if counter.isdigit() and len(counter) < 7 else 0,
        team=int(team) if team in (b"1", b"2", b"3") else SPECTATOR,
        weapon_mask=mask,
        weapons=weapons,
        figures=figures,
        extended_count=count,
        damage=damage,
    )


def _check_identity(guid: bytes, counter: bytes, team: bytes, name_raw: str) -> None:
    if not _GUID.fullmatch(guid):
        raise _Damaged("bad_guid")
    if not (counter.isdigit() and len(counter) < 7 and team in (b"1", b"2", b"3")):
        raise _Damaged("bad_counter_or_team")
    if len(name_raw) > _LONGEST_NAME:
        raise _Damaged("name_too_long")


def _read_numbers(text: bytes) -> tuple[int, dict[int, Tally], tuple[Number, ...], int]:
    """Mask, tallies, figures, and how many extended fields there were.

    JSON's reader does the converting: it takes the same numbers, and a whole line of them in the time that `int` and
    `float` need for a third of it.
    """
    _, tab, tabbed = text.partition(b"\t")
    first, _, rest = text.rstrip(b" ").replace(b" \t", b"\t", 1).translate(_COMMAS).partition(b",")
    if text.translate(None, b"0123456789-. \t") or not first.isdigit() or len(first) > _MASK_DIGITS:
        raise _Damaged("not_a_number")
    mask = int(first)
    end = 5 * mask.bit_count()
    there = rest.count(b",") + 1 if rest else 0
    count = tabbed.count(b"\t") + 1 if tab else there - end
    if there != end + count or not (tab or count in BLANK_SEPARATED):
        raise _Damaged("token_count_does_not_fit_mask")
    if mask & ~_ALL_SLOTS:
        raise _Damaged("mask_bits_above_27")
    if count not in LAYOUTS:
        raise _Damaged("extended_count_unknown")
    try:
        numbers, _ = _JSON.raw_decode(f"[{rest.decode('ascii')}]")
    except ValueError as fault:
        raise _Damaged("not_a_number") from fault
    signed = b"-" in text
    return mask, _weapons(mask, tuple(numbers[:end]), signed), _figures(numbers[end:], signed), count


def _shape(numbers: bytes) -> tuple[int, int]:
    """Mask and number of extended fields of a damaged line, as far as they can be told."""
    blanks, tab, tabbed = numbers.partition(b"\t")
    tokens = blanks.split()
    if not tokens or not tokens[0].isdigit() or len(tokens[0]) > _MASK_DIGITS:
        return 0, 0
    mask = int(tokens[0])
    return mask, tabbed.count(b"\t") + 1 if tab else max(0, len(tokens) - 1 - 5 * mask.bit_count())


@lru_cache(maxsize=4096)
def _slots(mask: int) -> tuple[int, ...]:
    return tuple(slot for slot in range(len(WEAPONS)) if mask >> slot & 1)


def _weapons(mask: int, numbers: tuple[Any, ...], signed: bool) -> dict[int, Tally]:
    _check(numbers, signed, whole=True)
    return {slot: numbers[at : at + 5] for at, slot in zip(range(0, len(numbers), 5), _slots(mask), strict=True)}


# decimal figures are alive_pct and a run from dpm_raw to kd_raw; all others are whole numbers
_ALIVE, _RAW = PLACE["alive_pct"], slice(PLACE["dpm_raw"], PLACE["kd_raw"] + 1)


def _figures(numbers: list[Any], signed: bool) -> tuple[Number, ...]:
    """All 38, in order; None where this layout has none."""
    missing = MISSING[len(numbers)]
    for place in missing:
        numbers.insert(place, 0)
    _check(numbers[:_ALIVE] + numbers[_ALIVE + 1 : _RAW.start] + numbers[_RAW.stop :], signed, whole=True)
    _check([numbers[_ALIVE], *numbers[_RAW]], signed, whole=False)
    for place in missing:
        numbers[place] = None
    return tuple(numbers)


def _check(numbers: Sequence[Any], signed: bool, *, whole: bool) -> None:
    """None too large, and no fraction among whole numbers. The sum tells both: one fraction makes it a fraction, and
    without a sign it is as large as the largest of them."""
    try:
        total = sum(numbers)
    except OverflowError as fault:  # a fraction, and hundreds of digits
        raise _Damaged("number_out_of_range") from fault
    if whole and type(total) is not int:
        raise _Damaged("not_a_number")
    if (signed or total > _MAX_NUMBER) and not -_MAX_NUMBER <= min(numbers, default=0) <= max(
        numbers, default=0
    ) <= _MAX_NUMBER:
        raise _Damaged("number_out_of_range")


def _one_layout(players: tuple[PlayerLine, ...]) -> tuple[PlayerLine, ...]:
    """A file is written by one writer: a line of another length than most was cut off in the middle."""
    if len({player.extended_count for player in players if player.damage is None}) < 2:
        return players
    counts = Counter(player.extended_count for player in players if player.damage is None)
    usual = max(counts, key=lambda count: (counts[count], count))
    return tuple(
        player
        if player.damage is not None or player.extended_count == usual
        else replace(player, weapons={}, figures=(), damage="extended_count_differs")
        for player in players
    )


def _player_oddities(players: tuple[PlayerLine, ...]) -> set[str]:
    found = {player.damage for player in players if player.damage is not None}
    for player in players:
        if player.weapon_mask > _ALL_SLOTS:
            found.add("mask_bits_above_27")
        if player.damage is None and player.extended_count not in _UNREMARKABLE:
            found.add(f"layout_{player.extended_count}")
        if player.team == SPECTATOR:
            found.add("spectator_line")
        if player.figures and (player.figures[_DEAD] or 0) > 100:
            found.add("dead_pct_over_100")
    if _PUNCTUATION_COLOUR.search("\n".join([player.name_raw for player in players])):
        found.add("punctuation_colour_code")
    return found


_UNREMARKABLE = {len(PLACE), *BLANK_SEPARATED}
_DEAD = PLACE["dead_pct_raw"]
