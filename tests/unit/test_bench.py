"""What `make bench` makes of what it measured."""

from __future__ import annotations

from etstats.commands.registry import Answers, find_command
from scripts.bench.commands import Taken, percentile
from scripts.bench.crowd import USERS, mix


def test_a_percentile_is_the_least_value_that_enough_do_not_exceed() -> None:
    hundred = [float(number) for number in range(100, 0, -1)]
    assert percentile(hundred, 99) == 99
    assert percentile(hundred, 50) == 50
    assert percentile([7.0], 99) == 7


def test_a_command_has_twice_the_time_of_its_query_and_five_milliseconds() -> None:
    p50, p99, query = _taken("link add").figures()
    assert [one.name for one in (p50, p99, query)] == [
        "command.link_add.p50_ms",
        "command.link_add.p99_ms",
        "command.link_add.query_p50_ms",
    ]
    assert (p50.value, p99.value, query.value) == (20, 30, 4)
    assert p50.budget == 2 * 4 + 5
    assert p50.kept is False


def test_what_is_put_off_is_not_measured_against_its_query() -> None:
    assert [one.budget for one in _taken("export").figures()] == [None, None, None]


def test_a_menu_and_a_command_of_the_same_name_are_told_apart() -> None:
    assert {next(_taken(name).figures()).name for name in ("stats", "Stats")} == {
        "command.stats.p50_ms",
        "command.menu_stats.p50_ms",
    }


def test_each_of_a_hundred_asks_what_everybody_may_ask_and_is_answered_at_once() -> None:
    asked = mix()
    assert len(asked) == USERS
    assert all(one.may_be_used_by(0) and one.answers is not Answers.LATER for one in asked)
    assert {"last", "stats", "leaderboard", "compare"} <= {one.name for one in asked}


def _taken(name: str) -> Taken:
    command = find_command(name)
    assert command is not None
    return Taken(command=command, answer_ms=(10, 20, 30), query_ms=(4, 4, 5))
