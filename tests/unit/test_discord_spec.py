"""Discord's published specification and our own table of limits are of one mind where both have an opinion."""

from __future__ import annotations

import pytest

from etstats.commands import catalogue  # noqa: F401
from etstats.commands.registration import registration
from tests.canned import CARDS, COMMANDS, FORM
from tests.discord_spec import answer_refusals, command_refusals, edit_refusals, post_refusals, refusals
from tests.unit.test_discord_limits import LIMITS, REFUSED_COMMANDS, form, in_form_row, labelled, select, text_field

# What the specification says nothing about; `local.discord_limits` alone refuses it.
_NOT_IN_IT = {
    "content",  # it says 4,000, which paying users may type; an application has 2,000
    "embeds",  # 6,000 characters together; ten embeds are in it
    "components",  # five rows of old: since Components V2 a message takes 40
}
_COMMANDS_NOT_IN_IT = {
    "a capital letter", "a blank in the name", "no description", "the same name twice", "101 commands",
    "the same option twice", "a required option after an optional one", "a subcommand beside a plain option",
    "choices and autocomplete", "texts of more than 4,000 together", "texts of more than 4,000 in another language",
    "a language Discord does not speak", "a German name with capitals", "a menu entry with options",
    "a menu entry with a description", "six menu entries", "an object in place of the list",
}  # fmt: skip


def test_what_we_register_is_allowed() -> None:
    assert command_refusals(registration()) == []


def test_cards_forms_and_commands_with_everything_are_allowed() -> None:
    for card in CARDS.values():
        assert post_refusals(card) == edit_refusals({**card, "flags": 0}) == []
        assert answer_refusals({"type": 4, "data": card}) == answer_refusals({"type": 7, "data": card}) == []
    assert answer_refusals({"type": 9, "data": FORM}) == []
    assert command_refusals(COMMANDS) == []


_SHARED = [one for one in LIMITS if one[0] not in _NOT_IN_IT]


@pytest.mark.parametrize(("make", "limit"), [one[1:] for one in _SHARED], ids=[one[0] for one in _SHARED])
def test_both_know_the_same_limit(make: object, limit: int) -> None:
    assert callable(make)
    assert refusals("MessageCreateRequest", make(limit)) == []
    assert refusals("MessageCreateRequest", make(limit + 1))


@pytest.mark.parametrize("payload", [
    pytest.param(payload, id=name) for name, payload in REFUSED_COMMANDS.items() if name not in _COMMANDS_NOT_IN_IT
])  # fmt: skip
def test_commands_both_refuse(payload: list[object]) -> None:
    assert [fault for one in payload for fault in refusals("ApplicationCommandUpdateRequest", one)]


def test_forms_both_refuse() -> None:
    for answer in (
        form(in_form_row(), title="x" * 46),
        form(in_form_row(label="x" * 46)),
        form(in_form_row(placeholder="x" * 101)),
        form(labelled(select(26))),
        form(labelled(text_field(max_length=4001))),
    ):
        assert refusals("ModalInteractionCallbackRequest", answer), answer


def test_a_fault_is_told_where_it_is() -> None:
    card = {"components": [{"type": 1, "components": [{"type": 2, "style": 9, "label": "Go", "custom_id": "go"}]}]}
    (fault,) = refusals("MessageCreateRequest", card)
    assert fault.startswith("components[0].components[0].style")
