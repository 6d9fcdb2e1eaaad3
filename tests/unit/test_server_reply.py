"""A game server's answers: read, or refused with our own error; what it does not tell is not known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.domain.server import Seat, Side
from etstats.errors import BadFile
from etstats.parsing.server_reply import read_info, read_packet, read_rcon_status, read_status

INFO = rb"\sv_hostname\etl\mapname\radar\sv_maxclients\20\P"


def _seats(by_slot: bytes, *lines: bytes) -> tuple[Seat, ...]:
    return read_status(INFO + b"\\" + by_slot + b"\n" + b"\n".join(lines) + b"\n", {}).seats


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(packet: bytes) -> None:
    try:
        _, rest = read_packet(packet)
    except BadFile:
        return
    read_status(rest, {})


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_whatever_follows_the_prefix_is_read(rest: bytes) -> None:
    read_status(rest, read_info(rest.decode("cp1252", errors="replace")))
    read_rcon_status(rest.decode("cp1252", errors="replace"))


def test_slots_and_sides_come_in_the_order_of_the_players() -> None:
    seats = _seats(b"-1--23", b'5 40 "one"', b'6 41 "two"', b'0 0 "three"')
    assert [(one.slot, one.side) for one in seats] == [(1, Side.AXIS), (4, Side.ALLIES), (5, Side.SPECTATOR)]


@pytest.mark.parametrize("by_slot", [b"1", b"111", b"", b"(none)"])
def test_sides_are_unknown_where_the_server_contradicts_itself(by_slot: bytes) -> None:
    assert {(one.slot, one.side) for one in _seats(by_slot, b'5 40 "one"', b'6 41 "two"')} == {(None, Side.UNKNOWN)}


def test_who_is_still_connecting_has_no_ping() -> None:
    assert [one.ping for one in _seats(b"", b'0 999 "new"', b'0 48 "old"')] == [None, 48]


def test_bots_under_any_name_are_known_by_the_count_and_their_way() -> None:
    told = INFO + b"\n" + b'0 0 "Frida"\n0 48 "old"\n'
    assert [one.bot for one in read_status(told, {"clients": "2", "humans": "1"}).seats] == [True, False]
    assert [one.bot for one in read_status(told, {"clients": "2", "humans": "2"}).seats] == [False, False]


def test_a_name_may_hold_quotes_and_backslashes_of_its_own() -> None:
    assert [one.name for one in _seats(b"", b'0 48 "a "b" \\ c"')] == ['a "b" \\ c']


def test_what_is_not_told_is_unknown() -> None:
    found = read_status(b"\\mapname\\radar\n", {})
    assert (found.slots, found.axis_wave_ms, found.game_type, found.time_limit_min) == (None, None, None, None)


def test_rcons_table_gives_slots_and_names_and_no_address() -> None:
    table = (
        "map: supply\nnum score ping name            lastmsg address               qport rate\n"
        "--- ----- ---- --------------- ------- --------------------- ----- -----\n"
        "  0    31   48 two words^7             50 192.0.2.10:27960       4321 25000\n"
        " 12     0 CNCT new one^7                0 192.0.2.22:27960       4321 25000\n"
        " 13     0    0 [BOT]Frida^7             0 bot                     4321 25000\n"
    )
    on_map, seats = read_rcon_status(table)
    assert on_map == "supply"
    assert [(one.slot, one.name, one.ping, one.bot) for one in seats] == [
        (0, "two words", 48, False), (12, "new one", None, False), (13, "[BOT]Frida", 0, True),
    ]  # fmt: skip
    assert "192" not in repr(seats)
