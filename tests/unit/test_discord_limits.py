"""What Discord refuses, limit by limit: one below passes, one above does not."""

from __future__ import annotations

from typing import Any

import pytest

from local.discord_limits import (
    check_answer,
    check_commands,
    check_message,
    form_errors,
    message_faults,
)
from tests.canned import CARDS, COMMANDS

BUTTON = {"type": 2, "style": 2, "label": "Go", "custom_id": "go"}


def in_row(*components: object) -> dict[str, Any]:
    return {"components": [{"type": 1, "components": list(components)}]}


def buttons(count: int) -> list[dict[str, Any]]:
    return [{**BUTTON, "custom_id": f"b{number}"} for number in range(count)]


def select(options: int, **more: object) -> dict[str, Any]:
    listed = [{"label": f"o{number}", "value": f"v{number}"} for number in range(options)]
    return {"type": 3, "custom_id": "menu", "options": listed, **more}


def rows(count: int) -> dict[str, Any]:
    return {"components": [{"type": 1, "components": [{**BUTTON, "custom_id": f"r{row}"}]} for row in range(count)]}


def embeds(*made: dict[str, Any]) -> dict[str, Any]:
    return {"embeds": list(made)}


def field(name: str = "n", value: str = "v") -> dict[str, Any]:
    return {"name": name, "value": value}


LIMITS = [
    ("content", lambda n: {"content": "x" * n}, 2000),
    ("embeds", lambda n: embeds(*[{"title": "t"}] * n), 10),
    ("embeds[0].title", lambda n: embeds({"title": "x" * n}), 256),
    ("embeds[0].description", lambda n: embeds({"description": "x" * n}), 4096),
    ("embeds[0].author.name", lambda n: embeds({"author": {"name": "x" * n}}), 256),
    ("embeds[0].footer.text", lambda n: embeds({"footer": {"text": "x" * n}}), 2048),
    ("embeds[0].fields", lambda n: embeds({"fields": [field()] * n}), 25),
    ("embeds[0].fields[0].name", lambda n: embeds({"fields": [field(name="x" * n)]}), 256),
    ("embeds[0].fields[0].value", lambda n: embeds({"fields": [field(value="x" * n)]}), 1024),
    ("embeds", lambda n: embeds({"description": "x" * 4000}, {"description": "x" * (n - 4000)}), 6000),
    ("embeds[0].color", lambda n: embeds({"title": "t", "color": n}), 0xFFFFFF),
    ("components", rows, 5),
    ("components[0].components", lambda n: in_row(*buttons(n)), 5),
    ("components[0].components[0].options", lambda n: in_row(select(n)), 25),
    ("components[0].components[0].label", lambda n: in_row({**BUTTON, "label": "x" * n}), 80),
    ("components[0].components[0].custom_id", lambda n: in_row({**BUTTON, "custom_id": "x" * n}), 100),
    (
        "components[0].components[0].url",
        lambda n: in_row({"type": 2, "style": 5, "label": "Web", "url": f"https://{'x' * (n - 8)}"}),
        512,
    ),
    ("components[0].components[0].placeholder", lambda n: in_row(select(1, placeholder="x" * n)), 150),
]


@pytest.mark.parametrize(("where", "make", "limit"), LIMITS, ids=[one[0] for one in LIMITS])
def test_a_limit_is_kept_to_the_last_unit(where: str, make: Any, limit: int) -> None:
    assert check_message(make(limit)) == []
    faults = check_message(make(limit + 1))
    assert [fault.split(":")[0] for fault in faults] == [where]


def test_a_custom_id_counts_in_bytes() -> None:
    assert check_message(in_row({**BUTTON, "custom_id": "ü" * 50})) == []
    assert check_message(in_row({**BUTTON, "custom_id": "ü" * 51}))


REFUSED = {
    "an embed that says nothing": embeds({"color": 1}),
    "a field without a value": embeds({"fields": [{"name": "n"}]}),
    "a field of blanks": embeds({"fields": [field(value="  \n ")]}),
    "a misspelt key": embeds({"title": "t", "colour": 1}),
    "a picture that is no address": embeds({"title": "t", "image": {"url": "x.png"}}),
    "a link into a script": embeds({"title": "t", "url": "javascript:alert(1)"}),
    "a time nobody can read": embeds({"title": "t", "timestamp": "yesterday"}),
    "a number as text": embeds({"title": "t", "color": "red"}),
    "true as a colour": embeds({"title": "t", "color": True}),
    "the same custom_id twice": in_row(BUTTON, BUTTON),
    "a button without a custom_id": in_row({"type": 2, "style": 1, "label": "x"}),
    "a link with a custom_id": in_row({"type": 2, "style": 5, "label": "x", "url": "https://x.org", "custom_id": "c"}),
    "a button with no face": in_row({"type": 2, "style": 1, "custom_id": "c"}),
    "a style of six": in_row({**BUTTON, "style": 6}),
    "a menu beside a button": in_row(BUTTON, select(2)),
    "a menu with a value twice": in_row(
        {"type": 3, "custom_id": "m", "options": [{"label": "a", "value": "v"}, {"label": "b", "value": "v"}]}
    ),
    "more choices than options": in_row(select(2, max_values=3)),
    "at least more than at most": in_row(select(3, min_values=2, max_values=1)),
    "two defaults where one is chosen": in_row(
        {**select(2), "options": [{"label": one, "value": one, "default": True} for one in "ab"]}
    ),
    "an empty row": {"components": [{"type": 1, "components": []}]},
    "a button outside a row": {"components": [BUTTON]},
    "mentions by list and by kind": {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    "a list in place of a message": [],
    "a text in place of embeds": {"embeds": "x"},
}


@pytest.mark.parametrize("payload", REFUSED.values(), ids=REFUSED.keys())
def test_what_discord_refuses(payload: object) -> None:
    assert check_message(payload)


@pytest.mark.parametrize("payload", CARDS.values(), ids=CARDS.keys())
def test_a_card_with_everything_passes(payload: object) -> None:
    assert check_message(payload) == []


def test_faults_nest_as_the_payload_does() -> None:
    errors = form_errors(message_faults(embeds({"title": "fine"}, {"title": "x" * 257})))
    assert errors == {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {
            "embeds": {
                "1": {
                    "title": {
                        "_errors": [
                            {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."},
                        ]
                    }
                }
            }
        },
    }


# --- answers ----------------------------------------------------------------------------------------------------


def choices(count: int, **more: object) -> dict[str, Any]:
    return {"type": 8, "data": {"choices": [{"name": f"c{n}", "value": f"c{n}", **more} for n in range(count)]}}


def test_answers_of_every_type_that_pass() -> None:
    for answer in (
        {"type": 1},
        {"type": 4, "data": {"content": "x", "flags": 64}},
        {"type": 5},
        {"type": 5, "data": {"flags": 64}},
        {"type": 6},
        {"type": 7, "data": {"content": "x"}},
        choices(25),
        choices(0),
    ):
        assert check_answer(answer) == []


def test_answers_that_do_not_pass() -> None:
    for answer in (
        {},
        {"type": 4},
        {"type": 99},
        {"type": 5, "data": {"content": "too early"}},
        {"type": 4, "data": {"content": "x" * 2001}},
        choices(26),
        choices(1, name="x" * 101),
        choices(1, value="x" * 101),
        choices(1, value=""),
        "type",
    ):
        assert check_answer(answer), answer


def text_field(**more: object) -> dict[str, Any]:
    return {"type": 4, "custom_id": "name", "style": 1, **more}


def in_form_row(**more: object) -> dict[str, Any]:
    return {"type": 1, "components": [{**text_field(), "label": "Name", **more}]}


def labelled(component: object, **more: object) -> dict[str, Any]:
    return {"type": 18, "label": "Name", "component": component, **more}


def form(*rows: object, **more: object) -> dict[str, Any]:
    return {"type": 9, "data": {"custom_id": "form", "title": "Teams", "components": list(rows), **more}}


def test_forms_that_pass() -> None:
    for answer in (
        form(in_form_row(min_length=2, max_length=20, value="Axis", required=False, placeholder="…")),
        form(labelled(text_field(style=2)), labelled(select(25, required=False))),
        form(*[in_form_row(custom_id=f"f{number}") for number in range(5)]),
        form(in_form_row(), title="x" * 45),
    ):
        assert check_answer(answer) == []


def test_forms_that_do_not_pass() -> None:
    for answer in (
        form(),
        form(in_form_row(), title="x" * 46),
        form(in_form_row(), custom_id="ü" * 51),
        form(*[in_form_row(custom_id=f"f{number}") for number in range(6)]),
        form(in_form_row(), in_form_row()),  # the same custom_id twice
        form(labelled(text_field()), in_form_row()),
        form({"type": 1, "components": [text_field()]}),  # no label
        form({"type": 1, "components": [text_field(label="a"), text_field(label="b", custom_id="b")]}),
        form({"type": 1, "components": [BUTTON]}),
        form(in_form_row(label="x" * 46)),
        form(in_form_row(min_length=5, max_length=4)),
        form(in_form_row(value="toolong", max_length=4)),
        form(in_form_row(placeholder="x" * 101)),
        form(labelled(text_field(label="twice"))),
        form(labelled(select(26))),
        form(in_form_row(), content="no form has this"),
    ):
        assert check_answer(answer), answer


# --- commands ---------------------------------------------------------------------------------------------------


def command(**more: object) -> dict[str, Any]:
    return {"name": "stats", "description": "Figures", **more}


def option(**more: object) -> dict[str, Any]:
    return {"type": 3, "name": "player", "description": "Whose", **more}


def with_options(*options: object) -> list[dict[str, Any]]:
    return [command(options=list(options))]


def test_commands_that_pass() -> None:
    assert check_commands(COMMANDS) == []
    assert check_commands([command(name="größe"), command(name="日本")]) == []
    assert check_commands([command(), {"type": 2, "name": "Show Stats"}]) == []
    german = {"name_localizations": {"de": "werte"}, "description_localizations": {"de": "Figuren", "en-GB": "Figures"}}
    assert check_commands([command(**german, options=[option(**german)])]) == []
    assert check_commands([{"type": 2, "name": "Stats", "name_localizations": {"de": "Mit mir vergleichen"}}]) == []


LONG_CHOICE = [{"name": "x" * 100, "value": "y" * 100}]
REFUSED_COMMANDS = {
    "a capital letter": [command(name="Stats")],
    "a blank in the name": [command(name="last session")],
    "a name of 33": [command(name="x" * 33)],
    "no name": [{"description": "x"}],
    "no description": [{"name": "x"}],
    "a description of 101": [command(description="x" * 101)],
    "the same name twice": [command(), command()],
    "101 commands": [command(name=f"c{number}") for number in range(101)],
    "26 options": with_options(*[option(name=f"o{number}") for number in range(26)]),
    "the same option twice": with_options(option(), option()),
    "a required option after an optional one": with_options(option(), option(name="b", required=True)),
    "a subcommand beside a plain option": with_options({"type": 1, "name": "a", "description": "x"}, option()),
    "26 choices": with_options(option(choices=[{"name": f"c{n}", "value": f"v{n}"} for n in range(26)])),
    "a choice of 101": with_options(option(choices=[{"name": "x" * 101, "value": "v"}])),
    "a text where a number is chosen": with_options(option(type=4, choices=[{"name": "one", "value": "1"}])),
    "choices and autocomplete": with_options(option(choices=[{"name": "a", "value": "a"}], autocomplete=True)),
    "autocomplete for a user": with_options(option(type=6, autocomplete=True)),
    "a smallest number for a text": with_options(option(min_value=1)),
    "an unknown kind of option": with_options(option(type=12)),
    "a misspelt key": [command(descripton="x")],
    "texts of more than 4,000 together": with_options(*[option(name=f"o{n}", choices=LONG_CHOICE) for n in range(20)]),
    "texts of more than 4,000 in another language": with_options(
        *[option(name=f"o{n}", description_localizations={"de": "x" * 100}, choices=LONG_CHOICE) for n in range(14)]
    ),
    "a language Discord does not speak": [command(description_localizations={"de-DE": "x"})],
    "a German name with capitals": [command(name_localizations={"de": "Werte"})],
    "a German description of 101": [command(description_localizations={"de": "x" * 101})],
    "a menu entry with options": [{"type": 2, "name": "Stats", "options": [option()]}],
    "a menu entry with a description": [{"type": 2, "name": "Stats", "description": "x"}],
    "six menu entries": [{"type": 2, "name": f"S{number}"} for number in range(6)],
    "permissions as a number": [command(default_member_permissions=8)],
    "an object in place of the list": command(),
}


@pytest.mark.parametrize("payload", REFUSED_COMMANDS.values(), ids=REFUSED_COMMANDS.keys())
def test_commands_discord_refuses(payload: object) -> None:
    assert check_commands(payload)
