from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.errors import BadRequest
from etstats.interactions.request import Asked, Given, Kind, read
from tests.builders import SNOWFLAKE, an_interaction

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def _read(interaction: object) -> Asked:
    return read(json.dumps(interaction).encode())


def test_a_ping_needs_nothing_but_its_type() -> None:
    assert _read({"type": 1}).kind is Kind.PING


def test_a_command_comes_with_who_asked_and_what() -> None:
    asked = _read(an_interaction("stats", {"player": " Mittens "}))
    assert (asked.kind, asked.command, asked.text("player")) == (Kind.COMMAND, "stats", "Mittens")
    assert (asked.caller.id, asked.caller.name, asked.caller.permissions) == ("42", "mittens", 2048)
    assert (asked.guild_id, asked.channel_id, asked.caller.locale) == ("7", "8", "en-GB")


def test_in_a_direct_message_the_caller_is_a_user_without_permissions() -> None:
    told = an_interaction(user={"id": "43", "username": "m", "global_name": "Mittens"})
    del told["member"]
    asked = _read(told)
    assert (asked.caller.id, asked.caller.name, asked.caller.permissions) == ("43", "Mittens", 0)


def test_the_moment_of_asking_is_in_the_id() -> None:
    # the example of Discord's documentation
    assert _read(an_interaction(id="175928847299117063")).at_ms == 1462015105796


def test_sub_commands_become_one_name() -> None:
    inner = [{"type": 3, "name": "map", "value": "supply"}]
    group = [{"type": 2, "name": "set", "options": [{"type": 1, "name": "map", "options": inner}]}]
    asked = _read(an_interaction(data={"name": "server", "options": group}))
    assert (asked.command, asked.text("map")) == ("server set map", "supply")


def test_completing_tells_the_option_being_typed() -> None:
    options = [{"type": 3, "name": "by", "value": "x"}, {"type": 3, "name": "player", "value": "mi", "focused": True}]
    asked = _read(an_interaction(type=4, data={"name": "stats", "options": options}))
    assert (asked.kind, asked.focused, asked.text("player")) == (Kind.AUTOCOMPLETE, "player", "mi")


def test_a_pressed_button_and_a_chosen_entry_bring_their_custom_id() -> None:
    asked = _read(an_interaction(type=3, data={"component_type": 3, "custom_id": "1.x", "values": ["a", "b"]}))
    assert (asked.kind, asked.custom_id, asked.chosen) == (Kind.COMPONENT, "1.x", ("a", "b"))


def test_a_form_brings_its_fields() -> None:
    labels = [
        {"type": 10, "id": 1},  # a text between them
        {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": "reason", "value": "late"}},
    ]
    asked = _read(an_interaction(type=5, data={"custom_id": "1.y", "components": labels}))
    assert (asked.kind, asked.custom_id, asked.options) == (Kind.MODAL, "1.y", (Given(name="reason", value="late"),))


def test_what_was_typed_comes_without_signs_that_trip_a_database() -> None:
    asked = _read(an_interaction("stats", {"player": "a\x00b\ud800c\x1bd"}))
    assert asked.text("player") == "abcd"


def test_numbers_that_are_none_fall_back() -> None:
    asked = _read(an_interaction("leaderboard", {"page": 3, "by": "dpm"}))
    assert (asked.number("page", 1), asked.number("by", 1), asked.number("nothing", 1)) == (3, 1, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"type": ' + b"9" * 5000 + b"}",
        b'{"type": NaN}', b'{"type": true}', b'{"type": 9}', b'{"type": "1"}', b'{"type": 1.0}',
    ],
)  # fmt: skip
def test_bodies_that_are_no_interaction_are_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read(body)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 5}, {"id": "x"}, {"token": ""}, {"token": "a b"}, {"token": None}, {"application_id": None},
        {"guild_id": 4}, {"member": None}, {"member": {"user": None}}, {"member": []}, {"data": None}, {"data": {}},
        {"data": {"name": ""}}, {"data": {"name": "x", "options": {}}}, {"data": {"name": "x", "options": [1]}},
        {"data": {"name": "x", "options": [{"name": "y"}]}},
        {"data": {"name": "x", "options": [{"name": "y", "value": {"a": 1}}]}},
        {"data": {"name": "x", "options": [{"type": 1, "name": "a"}, {"type": 1, "name": "b"}]}},
        {"type": 3, "data": {"custom_id": 1}}, {"type": 3, "data": {"custom_id": "a", "values": [1]}},
        {"type": 5, "data": {"custom_id": "a", "components": [{"component": {"value": "x"}}]}},
    ],
)  # fmt: skip
def test_an_interaction_with_a_part_missing_or_of_the_wrong_kind_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        _read(an_interaction() | changes)


@given(body=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    _read_or_refused(body)


@given(kind=st.integers(1, 5), data=JSON, member=JSON, changes=st.dictionaries(st.text(max_size=8), JSON, max_size=3))
def test_any_json_is_read_or_refused(kind: int, data: object, member: object, changes: dict[str, object]) -> None:
    told = an_interaction(type=kind) | changes
    _read_or_refused(json.dumps(told | {"data": data}).encode())
    _read_or_refused(json.dumps(told | {"member": member}).encode())


@given(st.lists(st.fixed_dictionaries({"name": JSON, "value": JSON, "type": JSON, "options": JSON}), max_size=3))
def test_any_options_are_read_or_refused(options: list[object]) -> None:
    _read_or_refused(json.dumps(an_interaction(data={"name": "x", "options": options})).encode())


def _read_or_refused(body: bytes) -> None:
    try:
        asked = read(body)
    except BadRequest:
        return
    assert isinstance(asked.kind, Kind)
    for given_ in asked.options:
        str(given_.value).encode()  # fit for a database: no lone surrogates
        assert "\x00" not in str(given_.value)
    assert asked.at_ms >= 0


def test_the_builder_makes_what_discord_makes() -> None:
    assert _read(an_interaction()).id == str(SNOWFLAKE)
