"""What we say to Discord: plain values, and the JSON Discord takes.

Whatever goes out fits Discord's limits: too long a text is cut here by rule (`…` at the end, code blocks closed,
last fields dropped first), so Discord never refuses an answer because of its length. No reply mentions anybody.
https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum
from itertools import islice

CONTENT, TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE, FOOTER = 2_000, 256, 4_096, 256, 1_024, 2_048
EMBEDS, FIELDS, EMBED_TOTAL, DESCRIBED = 10, 25, 6_000, 1_024
ROWS, BUTTONS, LABEL = 5, 5, 80
MENU_CHOICES, MENU_LABEL, PLACEHOLDER = 25, 100, 150
CHOICES, CHOICE_NAME = 25, 100
NO_MENTIONS: dict[str, object] = {"parse": []}
_EPHEMERAL = 1 << 6
_FENCE = "```"
_SHORTENED = "shortened to fit"
_FOOTER_AT_LEAST = 100
_BLANK = "\u200b"  # Discord refuses an empty field; this one shows nothing


class Style(IntEnum):
    PRIMARY = 1
    SECONDARY = 2
    SUCCESS = 3
    DANGER = 4


class Beside(Enum):
    """Where the answer to a press goes when the message with the button is to stay as it is. Values stand in the
    button's custom_id."""

    NO = ""  # it may take the message's place
    FOR_ME = "+"  # a new one, for the caller alone
    FOR_ALL = "*"  # a new one, for the channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a button asks for: a command with its options, as if it had been typed. *fills*: the option that a menu's
    choice is for."""

    command: str
    options: tuple[tuple[str, str], ...] = ()
    fills: str = ""
    beside: Beside = Beside.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    label: str
    press: Press
    style: Style = Style.SECONDARY
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button that leads to a page; nobody tells us that it was pressed."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuChoice:
    """*chosen*: shown as what stands now."""

    label: str
    value: str
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A list to choose one from, in a row of its own: asks *press*, with the choice as the option it *fills*."""

    press: Press
    choices: tuple[MenuChoice, ...]
    placeholder: str = ""
    disabled: bool = False


Component = Button | Link | Menu


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    value: str
    inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    title: str = ""
    description: str = ""
    colour: int = 0
    fields: tuple[Field, ...] = ()
    footer: str = ""
    image: str = ""  # the name of one of the message's files


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """*description*: what a picture shows, for those who cannot see it."""

    name: str
    content: bytes
    media_type: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A card. *private* is shown to the caller only; from a command it means: beside the card, never in its place."""

    content: str = ""
    embeds: tuple[Embed, ...] = ()
    rows: tuple[tuple[Component, ...], ...] = ()
    files: tuple[Attachment, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What autocomplete offers for an option."""

    name: str
    value: str


Seal = Callable[[Press], str]  # makes a button's custom_id
Json = dict[str, object]


def sentence(text: str) -> Message:
    """One sentence for the caller alone: what is wrong and what to do next."""
    return Message(content=text, private=True)


def answer_json(message: Message, seal: Seal, *, in_place: bool = False) -> Json:
    """The HTTP response with a new message; *in_place*: the message whose button was pressed becomes it."""
    if in_place:
        return {"type": 7, "data": edit_json(message, seal)}
    return {"type": 4, "data": message_json(message, seal)}


def deferral_json(*, private: bool = False, in_place: bool = False) -> Json:
    """“thinking…”: the answer follows within 15 minutes. *in_place*: in the message that was pressed."""
    if in_place:
        return {"type": 6}
    return {"type": 5, "data": {"flags": _EPHEMERAL}} if private else {"type": 5}


def choices_json(choices: Iterable[Choice] = ()) -> Json:
    """The HTTP response with what autocomplete offers; more than Discord shows is left out."""
    return {"type": 8, "data": {"choices": [_choice(choice) for choice in islice(choices, CHOICES)]}}


def edit_json(message: Message, seal: Seal) -> Json:
    """The message in place of another: its files go, and who sees it stays."""
    return {"attachments": []} | {key: value for key, value in message_json(message, seal).items() if key != "flags"}


def message_json(message: Message, seal: Seal) -> Json:
    """The message as Discord's API has it. Files are listed; their bytes travel beside it."""
    out: Json = {
        "content": shortened(message.content, CONTENT),
        "embeds": _embeds(message.embeds),
        "components": [_row(row, seal) for row in message.rows[:ROWS] if row],
        "allowed_mentions": NO_MENTIONS,
    }
    if message.private:
        out["flags"] = _EPHEMERAL
    if message.files:
        out["attachments"] = [_attachment(number, file) for number, file in enumerate(message.files)]
    return out


def _attachment(number: int, file: Attachment) -> Json:
    made: Json = {"id": str(number), "filename": file.name}
    return made | {"description": shortened(file.description, DESCRIBED)} if file.description else made


def width(text: str) -> int:
    """How long Discord may think *text* is: UTF-16 units, the larger of the two ways of counting."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """*text* itself when it fits, else its beginning and `…`; a code block that was cut open is closed again."""
    if width(text) <= limit:
        return text
    end = len("…\n" + _FENCE)
    if limit <= end:
        return "…"[:limit]
    kept = _beginning(text, limit - end)
    kept = kept.rstrip("`\\") + "…"
    return f"{kept}\n{_FENCE}" if kept.count(_FENCE) % 2 else kept


def _beginning(text: str, limit: int) -> str:
    room = limit
    for at, sign in enumerate(text):
        room -= width(sign)
        if room < 0:
            return text[:at]
    return text


def _filled(text: str, limit: int) -> str:
    return shortened(text, limit) if text.strip() else _BLANK


def _choice(choice: Choice) -> dict[str, str]:
    return {"name": shortened(choice.name, CHOICE_NAME), "value": choice.value}


def _row(row: tuple[Component, ...], seal: Seal) -> Json:
    return {"type": 1, "components": [_component(one, seal) for one in row[:BUTTONS]]}


def _component(one: Component, seal: Seal) -> Json:
    if isinstance(one, Menu):
        return _menu(one, seal)
    if isinstance(one, Link):
        return {"type": 2, "style": 5, "label": shortened(one.label, LABEL), "url": one.url}
    return _button(one, seal)


def _menu(menu: Menu, seal: Seal) -> Json:
    made: Json = {
        "type": 3,
        "custom_id": seal(menu.press),
        "options": [_menu_choice(choice) for choice in menu.choices[:MENU_CHOICES]],
    }
    if menu.placeholder:
        made["placeholder"] = shortened(menu.placeholder, PLACEHOLDER)
    return made | {"disabled": True} if menu.disabled else made


def _menu_choice(choice: MenuChoice) -> Json:
    made: Json = {"label": shortened(choice.label, MENU_LABEL), "value": choice.value}
    if choice.description:
        made["description"] = shortened(choice.description, MENU_LABEL)
    return made | {"default": True} if choice.chosen else made


def _button(button: Button, seal: Seal) -> Json:
    made: Json = {
        "type": 2,
        "style": int(button.style),
        "label": shortened(button.label, LABEL),
        "custom_id": seal(button.press),
    }
    return made | {"disabled": True} if button.disabled else made


def _embeds(embeds: Iterable[Embed]) -> list[Json]:
    made = []
    left = EMBED_TOTAL
    for embed in list(embeds)[:EMBEDS]:
        one, spent = _embed(embed, left)
        if not spent:
            break
        made.append(one)
        left -= spent
    return made


def _embed(embed: Embed, room: int) -> tuple[Json, int]:
    """The embed within *room* characters, and how many of them it took; 0 when there is no room for one."""
    note = f" · {_SHORTENED}"
    left = room - len(note)
    if left < TITLE + _FOOTER_AT_LEAST:
        return {}, 0
    title = shortened(embed.title, TITLE)
    left -= width(title)
    footer = shortened(embed.footer, min(FOOTER - len(note), max(_FOOTER_AT_LEAST, left // 2)))
    left -= width(footer)
    description = shortened(embed.description, min(DESCRIPTION, left))
    left -= width(description)
    fields = _fields(embed.fields, left)
    left -= sum(width(str(field["name"])) + width(str(field["value"])) for field in fields)
    if len(fields) < len(embed.fields):
        footer = footer + note if footer.strip() else _SHORTENED
    made: Json = {"color": embed.colour} if embed.colour else {}
    made |= {key: text for key, text in (("title", title), ("description", description)) if text.strip()}
    made |= {"fields": fields} if fields else {}
    made |= {"footer": {"text": footer}} if footer.strip() else {}
    made |= {"image": {"url": f"attachment://{embed.image}"}} if embed.image else {}
    if not made.keys() - {"color"}:
        made["description"] = _BLANK
    return made, room - left


def _fields(fields: tuple[Field, ...], room: int) -> list[Json]:
    """As many of the first fields as fit whole."""
    made: list[Json] = []
    for field in fields[:FIELDS]:
        name, value = _filled(field.name, FIELD_NAME), _filled(field.value, FIELD_VALUE)
        room -= width(name) + width(value)
        if room < 0:
            break
        made.append({"name": name, "value": value, "inline": field.inline})
    return made
