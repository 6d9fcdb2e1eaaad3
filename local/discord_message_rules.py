"""What a message may be: its embeds, buttons, menus and mentions.

https://discord.com/developers/docs/resources/message
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from local.discord_rules import (
    SNOWFLAKE,
    Anything,
    ByType,
    Fault,
    Link,
    ListOf,
    Moment,
    Nullable,
    OneOf,
    Path,
    Rule,
    Shape,
    Text,
    Truth,
    Whole,
    missing,
)

EMBED_TOTAL = 6_000
LINK_BUTTON = 5

WEB = Link(("http", "https"))
PICTURE = Link(("http", "https", "attachment"))


def _embed_says_something(embed: Mapping[str, object], path: Path) -> Iterator[Fault]:
    if not any(embed.get(key) for key in ("title", "description", "fields", "author", "footer", "image", "thumbnail")):
        yield missing((*path, "description"))


def embed_length(embed: Mapping[str, object]) -> int:
    """The characters of one embed that count towards the 6,000 of a message."""
    texts = [embed.get("title"), embed.get("description")]
    for part, key in (("author", "name"), ("footer", "text")):
        inner = embed.get(part)
        texts.append(inner.get(key) if isinstance(inner, dict) else None)
    fields = embed.get("fields")
    for one in fields if isinstance(fields, list) else []:
        if isinstance(one, dict):
            texts += [one.get("name"), one.get("value")]
    return sum(len(text.strip()) for text in texts if isinstance(text, str))


def _embeds_together(message: Mapping[str, object], path: Path) -> Iterator[Fault]:
    embeds = message.get("embeds")
    total = sum(embed_length(one) for one in embeds if isinstance(one, dict)) if isinstance(embeds, list) else 0
    if total > EMBED_TOTAL:
        words = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        yield Fault(path=(*path, "embeds"), code="MAX_EMBED_SIZE_EXCEEDED", message=words)


def _controls(holder: Mapping[str, object], path: Path) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """The controls of a message or form with their places, out of their rows and labels."""
    rows = holder.get("components")
    for row_number, row in enumerate(rows if isinstance(rows, list) else []):
        place = (*path, "components", row_number)
        inner = row.get("components") if isinstance(row, dict) else None
        for number, one in enumerate(inner if isinstance(inner, list) else []):
            if isinstance(one, dict):
                yield (*place, "components", number), one
        if isinstance(row, dict) and isinstance(row.get("component"), dict):
            yield (*place, "component"), row["component"]


def custom_ids_differ(holder: Mapping[str, object], path: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, one in _controls(holder, path):
        custom_id = one.get("custom_id")
        if not isinstance(custom_id, str):
            continue
        if custom_id in seen:
            words = "Component custom id cannot be duplicated"
            yield Fault(path=(*place, "custom_id"), code="COMPONENT_CUSTOM_ID_DUPLICATED", message=words)
        seen.add(custom_id)


def _button_leads_somewhere(button: Mapping[str, object], path: Path) -> Iterator[Fault]:
    link = button.get("style") == LINK_BUTTON
    wanted, unwanted = ("url", "custom_id") if link else ("custom_id", "url")
    if wanted not in button:
        yield missing((*path, wanted))
    if unwanted in button:
        words = "A custom id and url cannot both be specified"
        yield Fault(path=(*path, unwanted), code="BUTTON_COMPONENT_CUSTOM_ID_AND_URL", message=words)
    if not button.get("label") and not button.get("emoji"):
        yield missing((*path, "label"))


def _row_holds_together(row: Mapping[str, object], path: Path) -> Iterator[Fault]:
    inner = row.get("components")
    kinds = [one.get("type") for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
    if any(kind != 2 for kind in kinds) and len(kinds) > 1:
        words = "A select menu takes a whole row."
        yield Fault(path=(*path, "components"), code="COMPONENT_LAYOUT_WIDTH_EXCEEDED", message=words)


def select_can_be_answered(select: Mapping[str, object], path: Path) -> Iterator[Fault]:
    listed = select.get("options")
    options = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    values = [one.get("value") for one in options]
    for number, value in enumerate(values):
        if value in values[:number]:
            words = "The specified option value is already used"
            yield Fault(
                path=(*path, "options", number, "value"), code="SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message=words
            )
    most, least = select.get("max_values", 1), select.get("min_values", 1)
    if isinstance(most, int) and values and most > len(values):
        words = f"int value should be less than or equal to {len(values)}."
        yield Fault(path=(*path, "max_values"), code="NUMBER_TYPE_MAX", message=words)
    if isinstance(most, int) and isinstance(least, int) and least > most:
        words = f"int value should be less than or equal to {most}."
        yield Fault(path=(*path, "min_values"), code="NUMBER_TYPE_MAX", message=words)
    chosen = [one for one in options if one.get("default")]
    if isinstance(most, int) and len(chosen) > most:
        words = f"Must be {most} or fewer in length."
        yield Fault(path=(*path, "options"), code="SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS", message=words)


def _mentions_are_one_or_other(mentions: Mapping[str, object], path: Path) -> Iterator[Fault]:
    parse = mentions.get("parse")
    for kind in ("users", "roles"):
        if isinstance(parse, list) and kind in parse and mentions.get(kind):
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Fault(path=path, code="MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message=words)


EMOJI = Shape({"id": Nullable(SNOWFLAKE), "name": Nullable(Text(100)), "animated": Truth()})
CUSTOM_ID = Text(100, 1, in_bytes=True)

EMBED = Shape(
    {
        "type": OneOf(frozenset({"rich"})),
        "title": Text(256),
        "description": Text(4096),
        "url": WEB,
        "timestamp": Nullable(Moment()),
        "color": Nullable(Whole(0, 0xFFFFFF)),
        "author": Shape({"name": Text(256, 1), "url": WEB, "icon_url": PICTURE}, required=("name",)),
        "footer": Shape({"text": Text(2048, 1), "icon_url": PICTURE}, required=("text",)),
        "image": Shape({"url": PICTURE}, required=("url",)),
        "thumbnail": Shape({"url": PICTURE}, required=("url",)),
        "fields": ListOf(
            Shape({"name": Text(256, 1), "value": Text(1024, 1), "inline": Truth()}, required=("name", "value")), 25
        ),
    },
    also=(_embed_says_something,),
)

BUTTON = Shape(
    {
        "type": OneOf(frozenset({2})),
        "id": Whole(0, 2**31),
        "style": OneOf(frozenset({1, 2, 3, 4, 5})),
        "label": Text(80),
        "emoji": EMOJI,
        "custom_id": CUSTOM_ID,
        "url": Link(("http", "https", "discord"), 512),
        "disabled": Truth(),
    },
    required=("style",),
    also=(_button_leads_somewhere,),
)

SELECT_KEYS: dict[str, Rule] = {
    "type": Anything(),
    "id": Whole(0, 2**31),
    "custom_id": CUSTOM_ID,
    "placeholder": Text(150),
    "min_values": Whole(0, 25),
    "max_values": Whole(1, 25),
    "disabled": Truth(),
}
SELECT_OPTION = Shape(
    {"label": Text(100, 1), "value": Text(100, 1), "description": Text(100), "emoji": EMOJI, "default": Truth()},
    required=("label", "value"),
)
STRING_SELECT = Shape(
    {**SELECT_KEYS, "options": ListOf(SELECT_OPTION, 25, 1)},
    required=("custom_id", "options"),
    also=(select_can_be_answered,),
)
OTHER_SELECT = Shape(
    {**SELECT_KEYS, "channel_types": ListOf(Whole(0, 20), 20), "default_values": ListOf(Anything(), 25)},
    required=("custom_id",),
)

ROW = Shape(
    {
        "type": Anything(),
        "id": Whole(0, 2**31),
        "components": ListOf(
            ByType({2: BUTTON, 3: STRING_SELECT, 5: OTHER_SELECT, 6: OTHER_SELECT, 7: OTHER_SELECT, 8: OTHER_SELECT}),
            5,
            1,
        ),
    },
    required=("components",),
    also=(_row_holds_together,),
)

ALLOWED_MENTIONS = Shape(
    {
        "parse": ListOf(OneOf(frozenset({"roles", "users", "everyone"})), 3),
        "roles": ListOf(SNOWFLAKE, 100),
        "users": ListOf(SNOWFLAKE, 100),
        "replied_user": Truth(),
    },
    also=(_mentions_are_one_or_other,),
)

# SUPPRESS_EMBEDS, EPHEMERAL and SUPPRESS_NOTIFICATIONS; Components V2 (1 << 15) is not what our cards are made of
_FLAGS = frozenset({0, 4, 64, 68, 4096, 4100, 4160, 4164})

_MESSAGE_KEYS: dict[str, Rule] = {
    "content": Nullable(Text(2000)),
    "tts": Truth(),
    "embeds": Nullable(ListOf(EMBED, 10)),
    "components": Nullable(ListOf(ByType({1: ROW}), 5)),
    "allowed_mentions": Nullable(ALLOWED_MENTIONS),
    "flags": Nullable(OneOf(_FLAGS)),
    "attachments": Nullable(
        ListOf(Shape({"id": Anything(), "filename": Text(1024, 1), "description": Text(1024)}, required=("id",)), 10)
    ),
    "nonce": Nullable(Text(25)),
    "enforce_nonce": Truth(),
    "message_reference": Anything(),
    "sticker_ids": ListOf(SNOWFLAKE, 3),
    "poll": Anything(),
}
MESSAGE = Shape(_MESSAGE_KEYS, also=(_embeds_together, custom_ids_differ))
