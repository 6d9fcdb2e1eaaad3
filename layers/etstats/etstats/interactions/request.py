"""An interaction as Discord sends it → a plain value. Any bytes are either read or refused with BadRequest.

What people typed is cleaned on the way in: no control characters, no halves of surrogate pairs, no endless texts,
so nothing further in can trip over them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NoReturn

from etstats.errors import BadRequest

MAX_TEXT = 4_000  # Discord's own limit for the longest thing a person can type into us
_DISCORD_EPOCH_MS = 1_420_070_400_000
_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_TOKEN = re.compile(r"[A-Za-z0-9_.=+/-]{1,2000}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SUB_COMMAND, _SUB_COMMAND_GROUP = 1, 2
_THREADS = (10, 11, 12)
_EPHEMERAL = 1 << 6
_MOST_ROLES = 250  # that a server can have


class Kind(IntEnum):
    """Discord's interaction types."""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks. *permissions* are Discord's bits in the channel, *roles* his roles' ids; none in a direct message."""

    id: str
    name: str
    locale: str
    permissions: int
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One option somebody filled in, or one field of a form."""

    name: str
    value: str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that came with a command. *size*: in bytes, as Discord says; *url*: where Discord keeps it for a while."""

    id: str
    name: str
    size: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressedOn:
    """A message of ours. *user_id*: whose command it answers; '': nobody's. *private*: nobody else sees it. *id*: the
    message's; '': not told."""

    user_id: str
    private: bool
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One interaction. What does not belong to its kind is empty."""

    kind: Kind
    id: str = ""
    token: str = ""
    application_id: str = ""
    guild_id: str = ""
    channel_id: str = ""
    caller: Caller = Caller(id="", name="", locale="", permissions=0)
    command: str = ""  # with its sub-commands: "server status"
    options: tuple[Given, ...] = ()
    attached: tuple[Attached, ...] = ()
    focused: str = ""  # the option being typed, when completing
    custom_id: str = ""
    chosen: tuple[str, ...] = ()  # of a menu
    pressed_on: PressedOn | None = None  # where the button, menu or form was
    channel_parent: str = ""  # of a thread: the channel it is in
    target: str = ""  # the user in whose menu the command was chosen

    @property
    def at_ms(self) -> int:
        """Unix milliseconds at which Discord took the interaction; its id carries them."""
        return (int(self.id or 0) >> 22) + _DISCORD_EPOCH_MS

    def text(self, name: str, default: str = "") -> str:
        """The option *name* as text; *default* when it was not given."""
        return next((str(given.value).strip() for given in self.options if given.name == name), default)

    def number(self, name: str, default: int) -> int:
        """The option *name* as a whole number; *default* when it was not given or is none."""
        text = self.text(name)
        return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else default

    def flag(self, name: str) -> bool:
        """Whether the option *name* was given as true."""
        return self.text(name).lower() == "true"

    def file(self, name: str) -> Attached | None:
        """The file given as the option *name*."""
        wanted = self.text(name)
        return next((one for one in self.attached if one.id == wanted), None)

    def asking(self, command: str, options: tuple[Given, ...]) -> Asked:
        """The same caller asking something else: what pressing one of our buttons means."""
        return replace(self, command=command, options=options)


def read(body: bytes) -> Asked:
    """The interaction in *body*. Raises BadRequest."""
    try:
        said = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _refuse("its body is not JSON")
    if not isinstance(said, dict):
        _refuse("its body is not an object")
    kind = _kind(said.get("type"))
    if kind is Kind.PING:
        return Asked(kind=kind)
    asked = _from_whom(kind, said)
    inner = _object(said.get("data"), "data")
    if kind in (Kind.COMMAND, Kind.AUTOCOMPLETE):
        return _with_options(asked, inner)
    return _with_custom_id(asked, inner)


def _refuse(fault: str) -> NoReturn:
    raise BadRequest(f"This is no interaction we understand: {fault}.")


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _kind(value: object) -> Kind:
    if type(value) is not int or value not in tuple(Kind):
        _refuse("its type is unknown")
    return Kind(value)


def _from_whom(kind: Kind, said: dict[str, object]) -> Asked:
    token = said.get("token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        _refuse("its token is missing or malformed")
    return Asked(
        kind=kind,
        id=_snowflake(said, "id"),
        token=token,
        application_id=_snowflake(said, "application_id"),
        guild_id=_snowflake(said, "guild_id", may_lack=True),
        channel_id=_snowflake(said, "channel_id", may_lack=True),
        caller=_caller(said),
        channel_parent=_parent(said.get("channel")),
        pressed_on=_pressed_on(said.get("message")),
    )


def _parent(channel: object) -> str:
    """Only a thread answers where its channel does: any other channel's parent is a category."""
    if not isinstance(channel, dict) or channel.get("type") not in _THREADS:
        return ""
    return _snowflake(channel, "parent_id", may_lack=True)


def _pressed_on(message: object) -> PressedOn | None:
    if not isinstance(message, dict):
        return None
    flags = message.get("flags")
    about = message.get("interaction_metadata")
    user = about.get("user") if isinstance(about, dict) else None
    return PressedOn(
        user_id=_snowflake(user, "id", may_lack=True) if isinstance(user, dict) else "",
        private=isinstance(flags, int) and bool(flags & _EPHEMERAL),
        id=_snowflake(message, "id", may_lack=True),
    )


def _caller(said: dict[str, object]) -> Caller:
    """In a server the caller is a member; in a direct message a user."""
    member = said.get("member")
    inside = _object(member, "member") if member is not None else {}
    user = _object(inside.get("user") if inside else said.get("user"), "user")
    names = (inside.get("nick"), user.get("global_name"), user.get("username"))
    locale = said.get("locale")
    permissions = inside.get("permissions")
    roles = inside.get("roles")
    return Caller(
        id=_snowflake(user, "id"),
        name=next((_clean(name) for name in names if isinstance(name, str) and name), ""),
        locale=_clean(locale) if isinstance(locale, str) else "",
        permissions=int(permissions) if isinstance(permissions, str) and _SNOWFLAKE.fullmatch(permissions) else 0,
        roles=tuple(one for one in roles if _is_id(one))[:_MOST_ROLES] if isinstance(roles, list) else (),
    )


def _is_id(one: object) -> bool:
    return isinstance(one, str) and bool(_SNOWFLAKE.fullmatch(one))


def _with_options(asked: Asked, inner: dict[str, object]) -> Asked:
    names = [_name(inner)]
    options = _objects(inner.get("options"), "options")
    while options and options[0].get("type") in (_SUB_COMMAND, _SUB_COMMAND_GROUP):
        if len(options) > 1 or len(names) > 2:
            _refuse("its sub-commands are malformed")
        names.append(_name(options[0]))
        options = _objects(options[0].get("options"), "options")
    focused = [_name(option) for option in options if option.get("focused") is True]
    return replace(
        asked,
        command=" ".join(names),
        options=tuple(_given(option, "name") for option in options),
        attached=tuple(_attached(inner.get("resolved"))),
        focused=focused[0] if focused else "",
        target=_snowflake(inner, "target_id", may_lack=True),
    )


def _attached(resolved: object) -> Iterator[Attached]:
    """The files among what ids stand for; one that is described otherwise is left out."""
    files = resolved.get("attachments") if isinstance(resolved, dict) else None
    for number, one in (files if isinstance(files, dict) else {}).items():
        told = one if isinstance(one, dict) else {}
        name, url, size = told.get("filename"), told.get("url"), told.get("size")
        if isinstance(name, str) and isinstance(url, str) and type(size) is int:
            yield Attached(id=_clean(number), name=_clean(name), size=size, url=_clean(url))


def _with_custom_id(asked: Asked, inner: dict[str, object]) -> Asked:
    custom_id = inner.get("custom_id")
    if not isinstance(custom_id, str):
        _refuse("its custom_id is missing")
    chosen = inner.get("values") or []
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        _refuse("its values are malformed")
    labels = _objects(inner.get("components"), "components") if asked.kind is Kind.MODAL else []
    fields = [_object(label["component"], "component") for label in labels if "component" in label]
    return replace(
        asked,
        custom_id=_clean(custom_id),
        chosen=tuple(_clean(one) for one in chosen),
        options=tuple(_given(field, "custom_id") for field in fields),
    )


def _given(option: dict[str, object], key: str) -> Given:
    value = option.get("value")
    if isinstance(value, str):
        return Given(name=_name(option, key), value=_clean(value))
    if not isinstance(value, bool | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        _refuse("an option's value is missing or malformed")
    return Given(name=_name(option, key), value=value)


def _name(holder: dict[str, object], key: str = "name") -> str:
    name = holder.get(key)
    if not isinstance(name, str) or not name:
        _refuse(f"a {key} is missing")
    return _clean(name)


def _snowflake(holder: dict[str, object], key: str, *, may_lack: bool = False) -> str:
    value = holder.get(key)
    if value is None and may_lack:
        return ""
    if not isinstance(value, str) or not _SNOWFLAKE.fullmatch(value):
        _refuse(f"its {key} is missing or malformed")
    return value


def _object(value: object, what: str) -> dict[str, object]:
    if not isinstance(value, dict):
        _refuse(f"its {what} is missing")
    return value


def _objects(value: object, what: str) -> list[dict[str, object]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        _refuse(f"its {what} are malformed")
    return value


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)[:MAX_TEXT]
