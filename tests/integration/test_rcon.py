"""The game's UDP side against a stand-in that answers as the engine does, over a real socket."""

from __future__ import annotations

import traceback

import pytest

from etstats.domain.rcon import line
from etstats.domain.server import Side
from etstats.errors import GameServerUnavailable, RconRefused
from etstats.gateways import rcon
from etstats.parsing.server_reply import read_rcon_status
from local.game_udp import BUFFER, CLIENTS, PREFIX, Client, Game
from tests.game_port import game_port, port_of

FULL = tuple(Client(slot=slot, name=f"somebody {slot:02}", team=1 + slot % 2) for slot in range(20))


def test_status_tells_who_plays_where_and_who_is_a_bot() -> None:
    with game_port(Game(clients=CLIENTS)) as port:
        found = port_of(port).status(budget_s=20)
    assert (found.map, found.hostname, found.slots, found.humans) == ("supply", "^1local ^7game server", 18, 5)
    assert (found.axis_wave_ms, found.allies_wave_ms, found.time_limit_min) == (30_000, 20_000, 12)
    assert [one.name for one in found.on_side(Side.AXIS)] == ["^1Mit^7tens", "^4S^5ä^6pper"]
    assert [one.slot for one in found.seats] == [0, 1, 2, 4, 5, 6]
    assert [one.name for one in found.bots] == ["[BOT]Frida"]


def test_the_bytes_are_the_engines() -> None:
    """Four times 0xff and one line; written as text they would be eight other bytes, and the engine deaf."""
    game = Game()
    with game_port(game) as port:
        port_of(port).order(line("say", "grüße // all"))
    assert game.heard == [b'\xff\xff\xff\xffrcon local say "gr\xfc\xdfe // all"']


def test_a_reply_of_many_packets_is_whole() -> None:
    game = Game(clients=FULL)
    with game_port(game) as port:
        reply = port_of(port).order(line("status"))
    packets = game.answers(PREFIX + b"rcon local status", "x", 0)
    assert len(packets) > 5
    assert max(len(packet) for _, packet in packets) <= BUFFER + len(PREFIX + b"print\n")
    on_map, seats = read_rcon_status(reply)
    assert (on_map, [(one.slot, one.name) for one in seats]) == ("supply", [(one.slot, one.name) for one in FULL])


def test_what_was_lost_on_the_way_is_asked_for_once_more() -> None:
    with game_port(Game(clients=CLIENTS, lost=lambda number: number <= 2)) as port:
        assert port_of(port).status(budget_s=20).map == "supply"


def test_an_answer_that_is_later_than_the_next_question_counts() -> None:
    with game_port(Game(delay_s=lambda _: rcon.AGAIN_S * 1.2)) as port:
        assert port_of(port).status(budget_s=20).map == "supply"


def test_a_limited_server_still_answers_whoever_keeps_its_pace() -> None:
    game = Game(limited=True)
    for _ in range(10):
        game.answers(PREFIX + b"getinfo", "127.0.0.1", 0)
    with game_port(game) as port:
        game._buckets["127.0.0.1"] = (game._buckets["127.0.0.1"][0], 1.0)
        assert port_of(port).status(budget_s=20).map == "supply"


def test_an_rcon_command_is_given_once_whatever_gets_lost() -> None:
    game = Game(lost=lambda _: True)
    with game_port(game) as port:
        assert port_of(port).order(line("say", "hi"), most_s=0.3) == ""
    assert game.said == ["say hi"]


def test_a_lost_packet_in_the_middle_leaves_a_shorter_reply() -> None:
    with game_port(Game(clients=FULL, lost=lambda number: number == 2)) as port:
        _, seats = read_rcon_status(port_of(port).order(line("status")))
    assert 0 < len(seats) < len(FULL)


@pytest.mark.parametrize("set_there", ["another", ""])
def test_a_wrong_password_has_an_error_of_its_own_which_does_not_tell_it(set_there: str) -> None:
    secret = "hunter" + str(2)
    with game_port(Game(password=set_there)) as port, pytest.raises(RconRefused) as refused:
        port_of(port, password=secret).order(line("status"))
    told = "".join(traceback.format_exception(refused.value))
    assert secret not in told + repr(port_of(port, password=secret))
    assert "127.0.0.1" not in str(refused.value)


def test_an_answer_that_repeats_the_password_does_not_tell_it() -> None:
    with game_port(Game(password="hunter2")) as port:
        reply = port_of(port, password="hunter2").order(line("say", "it is hunter2"))
    assert reply == "console: it is [hidden]\n"


def test_a_closed_port_and_a_silent_one_are_both_away() -> None:
    with game_port(Game(alive=False)) as port, pytest.raises(GameServerUnavailable):
        port_of(port).status(budget_s=0.2)
    with pytest.raises(GameServerUnavailable):
        port_of(port).status(budget_s=0.2)


def test_an_endless_reply_ends_at_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rcon, "MOST_BYTES", 1_000)
    with game_port(Game(clients=FULL)) as port:
        assert len(port_of(port).order(line("status"))) == 1_000
