from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from etstats.commands import catalogue, document, registry
from etstats.commands.finding import find, module_of
from etstats.commands.registration import registration
from etstats.commands.registry import Labelled, Option, Permission, command, commands, user_menu
from etstats.domain.who import Named, nearest
from etstats.interactions.reply import Message
from etstats.words import Words, words_for
from local.discord_limits import check_commands

PRIVATE: list[Any] = [("private", 5, [])]
ROOT = Path(__file__).parents[2]


def test_discord_takes_our_commands() -> None:
    assert check_commands(registration()) == []


def test_every_module_of_the_catalogue_registers_its_command() -> None:
    assert {one.name.split()[0] for one in commands() if not one.on_user} == set(catalogue.__all__)


def test_every_command_is_found_by_its_name_alone() -> None:
    """The file is called as the command's first word or its singular, so that no other has to be imported."""
    misplaced = [one.name for one in commands() if module_of(one.name) != one.run.__module__]
    assert misplaced == []


@pytest.mark.parametrize("name", ["", "frobnicate", "registry", "../x", "s", "last.x", "üs", "LAST"])
def test_no_other_name_finds_a_command(name: str) -> None:
    assert find(name) is None


def test_a_question_imports_its_own_command_alone() -> None:
    program = """
import sys
from etstats.commands.finding import find
assert find("last") and find("Last again") is None
told = sorted(name for name in sys.modules if name.startswith("etstats.commands."))
print(*(name.rpartition(".")[2] for name in told))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {*catalogue.__all__} & {*ran.stdout.split()} == {"last"}


def test_the_document_of_the_commands_is_up_to_date() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written.rstrip() == document.markdown().rstrip(), "run: etstats commands --markdown > docs/commands.md"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("last", ()),
        ("last again", ()),
        ("Upper", ()),
        ("one two three four", ()),
        ("new", (Option(name="has space"),)),
        ("new", (Option(name="by"), Option(name="by"))),
        ("new", (Option(name="by", choices=(Labelled(value="x", key="measure.kd"),) * 26),)),
    ],
)
def test_a_declaration_discord_would_refuse_is_refused_at_import(name: str, options: tuple[Option, ...]) -> None:
    with pytest.raises(ValueError, match=r"new|last|Upper|has space|four"):
        command(name, options=options)(lambda _: Message())


@pytest.mark.parametrize("name", ["stats", "", "Compare with me, please"])
def test_a_menus_entry_has_a_name_of_its_own_kind(name: str) -> None:
    with pytest.raises(ValueError, match=r"no name for a command|declared twice"):
        user_menu(name)(lambda _: Message())


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands of the test's own, which nobody else sees."""
    monkeypatch.setattr(registry, "_commands", {})
    yield


@pytest.mark.usefixtures("declared")
def test_sub_commands_are_registered_under_their_command() -> None:
    for name in ("stats", "last add", "last group remove"):
        command(name)(lambda _: Message())
    user_menu("Stats")(lambda _: Message())
    texts = {"last": dict.fromkeys(("command", "add_command", "group_command", "group_remove_command"), "x")}
    with patch("etstats.commands.registration.words_for", lambda _: Words(language="en", texts=_words() | texts)):
        told = registration()
    assert check_commands(told) == []
    shape = {(str(one["name"]), one["type"]): _shape(one) for one in told}
    assert shape == {
        ("Stats", 2): [],
        ("last", 1): [("add", 1, PRIVATE), ("group", 2, [("remove", 1, PRIVATE)])],
        ("stats", 1): PRIVATE,
    }


def _words() -> dict[str, Any]:
    return dict(words_for("en").texts)


def _shape(one: Any) -> list[Any]:
    return [(option["name"], option["type"], _shape(option)) for option in one.get("options", [])]


def test_a_permission_is_checked_bit_by_bit() -> None:
    one = registry.Command(name="x", run=lambda _: Message(), permission=Permission.MANAGE_SERVER)
    assert one.may_be_used_by(0x20 | 0x800)
    assert not one.may_be_used_by(0x800)


def _named(guid: str, matched: str, rounds: int = 1) -> Named:
    when = datetime(2025, 10, 2)
    return Named(guid=guid, name=matched, matched=matched, search_name=matched.lower(), rounds=rounds, last_at=when)


def test_the_nearest_names_come_first_and_each_person_once() -> None:
    people = [_named("1", "Mittens"), _named("1", "Mitten"), _named("2", "Smitten"), _named("3", "Widowmaker")]
    assert [one.matched for one in nearest("mitens", people)] == ["Mittens", "Smitten"]


def test_nobody_is_near_to_something_else() -> None:
    assert nearest("zzzzzz", [_named("1", "Mittens")]) == []
