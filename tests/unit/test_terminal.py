"""A card in a terminal: everything a reader needs is there, and nothing a player typed can do harm."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rich.cells import cell_len
from rich.console import Console

from local.terminal import draw
from tests.canned import CARDS, HOSTILE

NOW = datetime(2025, 10, 2, 12, 0, tzinfo=UTC)


def drawn(message: Mapping[str, Any], *, width: int = 80, colours: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colours, color_system="truecolor" if colours else None)
    draw(message, console, now=NOW)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def described(text: str) -> str:
    return drawn({"embeds": [{"description": text}]})


def test_a_card_shows_title_table_fields_and_footer() -> None:
    shown = drawn(CARDS["session"])
    assert "▌ Last session · Thu 2 Oct 2025" in shown
    assert "▌  supply            8:45   7:12  A faster" in shown
    assert "▌ Team A · 7 points" in shown
    assert "12 of 12 rounds counted · 12 players" in shown


def test_inline_fields_stand_side_by_side() -> None:
    lines = drawn(CARDS["profile"]).split("\n")
    assert any("Kills" in line and "Deaths" in line and "K/D" in line for line in lines)
    assert any("1,204" in line and "987" in line and "1.22" in line for line in lines)


def test_inline_tables_that_would_be_folded_get_the_whole_width() -> None:
    table = "```\n" + "x" * 50 + "\n```"
    fields = [{"name": name, "value": table, "inline": True} for name in ("one", "two")]
    assert drawn({"embeds": [{"fields": fields}]}).count("x" * 50) == 2


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (40, 80, 100):
        for card in CARDS.values():
            assert max(cell_len(line) for line in drawn(card, width=width).split("\n")) <= width


def test_a_wide_terminal_does_not_stretch_a_card() -> None:
    assert max(cell_len(line) for line in drawn(CARDS["profile"], width=240).split("\n")) <= 100


def test_buttons_menus_files_and_privacy() -> None:
    shown = drawn(CARDS["profile"])
    assert "[ ◀ ]  [ Weapons ]" in shown
    assert "[ Web ] https://example.org/" in shown
    assert "▾ Another measure (Kills, Revives)" in shown
    assert "Only you can see this" in drawn(CARDS["quiet"])
    assert "figures.csv (1,024 bytes)" in drawn({"attachments": [{"filename": "figures.csv", "size": 1024}]})
    assert "thinking" in drawn({"flags": 128})


def test_markdown_becomes_plain_words() -> None:
    assert described("**bold** and `code` and *it* and ~~old~~") == "▌ bold and code and it and old\n"
    assert described("[site](https://example.org/x)") == "▌ site (https://example.org/x)\n"
    assert described("- one\n- two") == "▌ • one\n▌ • two\n"
    assert described(r"\*\*not bold\*\* snake_case_name 2 * 3 * 4") == "▌ **not bold** snake_case_name 2 * 3 * 4\n"
    assert described("# Big\n-# small\n> quoted") == "▌ Big\n▌ small\n▌ ▏ quoted\n"


def test_times_are_told_from_now() -> None:
    noon = int(NOW.timestamp())
    assert described(f"<t:{noon - 7200}:R>") == "▌ 2 hours ago\n"
    assert described(f"<t:{noon + 86400}:R>") == "▌ in 1 day\n"
    assert described(f"<t:{noon}:f>") == "▌ 02 October 2025 12:00 UTC\n"


def test_a_name_is_never_markup() -> None:
    shown = drawn({"content": "[red]name[/red] [/] :smile: [link=x]"})
    assert shown == "[red]name[/red] [/] :smile: [link=x]\n"
    assert HOSTILE in drawn(CARDS["hostile"])


def test_a_name_cannot_write_to_the_terminal() -> None:
    bad = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\r"
    shown = drawn({
        "content": bad,
        "embeds": [{
            "title": bad, "description": f"```\n{bad}\n```\n`{bad}`", "author": {"name": bad}, "footer": {"text": bad},
            "fields": [{"name": bad, "value": f"```ansi\n{bad}\n```"}],
        }],
        "components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": bad, "custom_id": "c"}]}],
        "attachments": [{"filename": bad, "size": 1}],
    })  # fmt: skip
    assert not set(shown) & set("\x1b\x07\x9b\u202e\r")


def test_an_ansi_block_keeps_its_colours_and_the_bar_has_the_embeds() -> None:
    shown = drawn({"embeds": [{"color": 0x2E86DE, "description": "```ansi\n\x1b[31mred\x1b[0m\n```"}]}, colours=True)
    assert "\x1b[38;2;46;134;222m▌" in shown
    assert "\x1b[31mred\x1b[0m" in shown
