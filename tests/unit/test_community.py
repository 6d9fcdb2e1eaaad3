"""Who belongs to which community, as the settings have it; and that each has its share of a schedule's time."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from etstats.config import GameServer
from etstats.domain.community import Communities
from etstats.errors import BadSettings, Stranger
from etstats.usecases.by_turns import Turn, by_turns


def _of(*servers: tuple[str, tuple[str, ...], str]) -> Communities:
    """Game servers by name, Discord servers and community."""
    return Communities(
        servers=[
            GameServer(
                name=name, host="h", port=22, user="u", host_key="k", folder="f", guilds=guilds, community=community
            )
            for name, guilds, community in servers
        ]
    )  # fmt: skip


SIMPLE = _of(("a", (), ""))
GUARDED = _of(("a", ("1",), ""))
NAMED = _of(("a", ("1",), "red"))
BOTH = _of(("a", ("1",), ""), ("b", ("2", "3"), "blue"), ("c", ("2",), "blue"))
ALL_NAMED = _of(("a", ("1",), "red"), ("b", ("2",), "blue"))


@pytest.mark.parametrize("known", [_of(), SIMPLE])
def test_where_nobody_is_named_all_is_everybodys(known: Communities) -> None:
    assert (known.names, known.home, known.guilds_of("")) == (("",), "", None)
    assert (known.of_guild("9"), known.of_guild(""), known.of_server("z")) == ("", "", "")


@pytest.mark.parametrize(("known", "home"), [(GUARDED, ""), (NAMED, "red")])
def test_of_the_only_one_is_whoever_is_named_and_whoever_asks_alone(known: Communities, home: str) -> None:
    assert (known.names, known.home, known.guilds_of(home)) == ((home,), home, ("1",))
    assert (known.of_guild("1"), known.of_guild(""), known.of_server("gone")) == (home, home, home)
    with pytest.raises(Stranger, match="stranger"):
        known.of_guild("9")


@pytest.mark.parametrize(("known", "of_one"), [(BOTH, ""), (ALL_NAMED, "red")])
def test_of_several_each_has_its_own_and_the_default_one_is_home(known: Communities, of_one: str) -> None:
    assert (known.names[0], known.home, "blue" in known.names) == ("", "", True)
    assert (known.of_guild("1"), known.of_guild("2"), known.of_server("b")) == (of_one, "blue", "blue")
    assert known.of_server("gone") == ""
    assert not {"1"} & set(known.guilds_of("blue") or ())
    for stranger, told in (("9", "stranger"), ("", "which_community")):
        with pytest.raises(Stranger, match=told):
            known.of_guild(stranger)


def test_a_community_that_there_is_not_cannot_be_meant() -> None:
    assert BOTH.named("blue") == "blue"
    with pytest.raises(BadSettings, match="names: blue"):
        BOTH.named("green")


def test_each_has_its_share_of_what_is_left_and_one_that_fails_keeps_nobody_waiting() -> None:
    left, log = [100], Mock()
    had: dict[str, int] = {}

    def work(turn: Turn) -> str:
        had[turn.community] = turn.remaining_ms()
        assert not turn.is_short(10)
        left[0] = 40 if turn.community == "a" else left[0]
        if turn.community == "b":
            raise ValueError("b")
        return turn.community

    with pytest.raises(ValueError, match="b"):
        by_turns("abc", work, remaining_ms=lambda: left[0], enough_ms=10, log=log, failing="it waits")
    # a third of 90 and what is needed at the end; then half of 30; then all there is
    assert had == {"a": 40, "b": 25, "c": 40}
    log.error.assert_called_once_with("it waits", extra={"community": "b", "reason": "b"})
