"""Draws a Discord message in a terminal: the same card, readable at 80 to 100 columns.

draw({"embeds": [{"title": "Last session", "color": 0xF0A030}]}, Console())
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.color import Color
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from local.markdown import Block, blocks, clean, inline

EPHEMERAL, LOADING = 64, 128
WIDEST = 100
GAP = 2
_BUTTON_COLOURS = {1: "blue", 2: "bright_black", 3: "green", 4: "red", 5: "bright_black"}


def draw(message: Mapping[str, Any], console: Console, *, now: datetime | None = None) -> None:
    """Prints *message*, a payload as Discord's API has it. *now* is what “ago” counts from."""
    for part in _parts(message, min(console.width, WIDEST), now or datetime.now(UTC)):
        console.print(part, highlight=False, markup=False, emoji=False, width=min(console.width, WIDEST))


def _parts(message: Mapping[str, Any], width: int, now: datetime) -> Iterator[RenderableType]:
    flags = int(message.get("flags") or 0)
    if flags & LOADING:
        yield Text("etstats is thinking…", "dim italic")
    if content := message.get("content"):
        yield from _shown(blocks(str(content), now=now))
    for embed in message.get("embeds") or []:
        yield _Barred(Group(*_embed(embed, width - GAP, now)), _bar(embed.get("color")))
    for attachment in message.get("attachments") or []:
        yield _attachment(attachment)
    for row in message.get("components") or []:
        yield _row(row.get("components") or [])
    if flags & EPHEMERAL:
        yield Text("Only you can see this", "dim italic")


class _Barred:
    """Something with a coloured bar at its left."""

    def __init__(self, inner: RenderableType, style: Style) -> None:
        self.inner, self.style = inner, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        bar = Segment("▌ ", self.style)
        narrower = options.update(width=max(1, options.max_width - GAP))
        for line in console.render_lines(self.inner, narrower, pad=False):
            yield bar
            yield from line
            yield Segment.line()


def _bar(colour: object) -> Style:
    if not isinstance(colour, int):
        return Style(color="bright_black")
    return Style(color=Color.from_rgb(colour >> 16 & 255, colour >> 8 & 255, colour & 255))


def _shown(listed: Sequence[Block]) -> Iterator[RenderableType]:
    """Code keeps its columns and is folded only where the terminal ends; the rest is wrapped at words."""
    for block in listed:
        if block.code:
            block.text.no_wrap, block.text.overflow = False, "fold"
            yield Padding(block.text, (0, 0, 0, 1))
        else:
            yield block.text


def _embed(embed: Mapping[str, Any], width: int, now: datetime) -> Iterator[RenderableType]:
    author = embed.get("author") or {}
    if author.get("name"):
        yield Text(clean(str(author["name"])), "dim bold")
    if embed.get("title"):
        title = inline(str(embed["title"]), now=now)
        title.stylize_before("bold")
        yield title
    if embed.get("url"):
        yield Text(clean(str(embed["url"])), "dim underline")
    if embed.get("description"):
        yield from _shown(blocks(str(embed["description"]), now=now))
    for row in _rows(embed.get("fields") or []):
        yield Text("")
        yield _fields(row, width, now)
    for key in ("thumbnail", "image"):
        if picture := embed.get(key):
            yield Text(f"picture: {clean(str(picture.get('url', '')))}", "dim")
    if footer := _footer(embed, now):
        yield Text("")
        yield footer


def _footer(embed: Mapping[str, Any], now: datetime) -> Text | None:
    said = [clean(str((embed.get("footer") or {}).get("text") or ""))]
    if stamp := embed.get("timestamp"):
        said.append(datetime.fromisoformat(str(stamp)).astimezone(UTC).strftime("%d %B %Y %H:%M UTC"))
    text = " • ".join(part for part in said if part)
    return Text(text, "dim") if text else None


def _rows(fields: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Inline fields three to a row, every other field in a row of its own."""
    row: list[Mapping[str, Any]] = []
    for field in fields:
        if row and (not field.get("inline") or not row[-1].get("inline") or len(row) == 3):
            yield row
            row = []
        row.append(field)
    if row:
        yield row


def _fields(row: Sequence[Mapping[str, Any]], width: int, now: datetime) -> RenderableType:
    """Side by side where they fit; a table in a code block that would be folded gets the whole width instead."""
    column = width // len(row) - GAP
    values = [blocks(str(field.get("value", "")), now=now) for field in row]
    names = [inline(str(field.get("name", "")), now=now) for field in row]
    for name in names:
        name.stylize_before("bold")
    boxes = [Group(name, *_shown(value)) for name, value in zip(names, values, strict=True)]
    if len(row) > 1 and any(_code_width(value) >= column for value in values):
        return Group(*boxes)
    grid = Table.grid(padding=(0, GAP), expand=len(row) > 1)
    for _ in row:
        grid.add_column(ratio=1)
    grid.add_row(*boxes)
    return grid


def _code_width(listed: Sequence[Block]) -> int:
    lines = (line for block in listed if block.code for line in block.text.split("\n"))
    return max((line.cell_len for line in lines), default=0)


def _attachment(attachment: Mapping[str, Any]) -> Text:
    size = attachment.get("size")
    text = Text("file: ", "dim").append(clean(str(attachment.get("filename", "?"))), "underline")
    return text.append(f" ({size:,} bytes)", "dim") if isinstance(size, int) else text


def _row(components: Sequence[Mapping[str, Any]]) -> Text:
    return Text("  ").join(_component(one) for one in components)


def _component(one: Mapping[str, Any]) -> Text:
    if one.get("type") == 2:
        face = " ".join(str(part) for part in ((one.get("emoji") or {}).get("name"), one.get("label")) if part)
        text = Text(f"[ {clean(face)} ]", f"bold {_BUTTON_COLOURS.get(one.get('style', 2), 'bright_black')}")
        if one.get("url"):
            text.append(f" {clean(str(one['url']))}", "dim underline")
    else:
        chosen = [str(option["label"]) for option in one.get("options") or [] if option.get("default")]
        text = Text(f"▾ {clean(', '.join(chosen) or str(one.get('placeholder') or 'Make a selection'))}", "bold")
        offered = [str(option["label"]) for option in one.get("options") or []]
        text.append(f" ({clean(', '.join(offered))})" if offered else "", "dim")
    if one.get("disabled"):
        text.stylize("dim")
    return text
