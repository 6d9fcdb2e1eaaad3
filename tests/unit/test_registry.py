from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from etstats.commands import catalogue, registry
from etstats.commands.registry import Option, Permission, command, commands, registration
from etstats.domain.player import Named, nearest
from etstats.interactions.reply import Choice, Message
from local.discord_limits import check_commands

ROOT = Path(__file__).parents[2]


def test_discord_takes_our_commands() -> None:
    assert check_commands(registration()) == []


def test_every_module_of_the_catalogue_registers_its_command() -> None:
    assert [one.name for one in commands()] == sorted(catalogue.__all__)


def test_the_document_of_the_commands_is_up_to_date() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written.rstrip() == registry.markdown().rstrip(), "run: etstats commands --markdown > docs/commands.md"


@pytest.mark.parametrize(
    ("name", "description", "options"),
    [
        ("last", "twice", ()),
        ("Upper", "x", ()),
        ("new", "", ()),
        ("new", "x" * 101, ()),
        ("new", "x", (Option(name="has space", description="x"),)),
        ("new", "x", (Option(name="by", description="x", choices=(Choice(name="x", value="x"),) * 26),)),
    ],
)
def test_a_declaration_discord_would_refuse_is_refused_at_import(
    name: str, description: str, options: tuple[Option, ...]
) -> None:
    with pytest.raises(ValueError, match=r"new|last|Upper|has space"):
        command(name, description, options=options)(lambda _asked, _db: Message())


def test_a_permission_is_checked_bit_by_bit() -> None:
    one = registry.Command(
        name="x", description="x", run=lambda _asked, _db: Message(), permission=Permission.MANAGE_SERVER
    )
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
