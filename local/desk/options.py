"""A command's options as Discord sends them: typed, in the declared order, with whom and what they mean beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from local.desk.people import ROLE, BadQuestion, find_user, text_channel
from local.discord_messages import Json, Memory

SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
USER, CHANNEL, ROLE_OPTION, MENTIONABLE, NUMBER, ATTACHMENT = 6, 7, 8, 9, 10, 11


@dataclass(slots=True)
class Resolved:
    """What ids among the options stand for. Raises BadQuestion for an id that is nobody's."""

    memory: Memory
    found: dict[str, dict[str, Json]] = field(default_factory=dict)

    def add(self, kind: int, value: str) -> None:
        if kind == USER or (kind == MENTIONABLE and value != ROLE["id"]):
            self.user(value)
        elif kind == CHANNEL:
            self._channel(value)
        elif kind in (ROLE_OPTION, MENTIONABLE):
            self._keep("roles", value, {**ROLE, "permissions": "0", "position": 0, "color": 0})
        elif kind == ATTACHMENT:
            self._attachment(value)

    def user(self, user_id: str) -> None:
        user = find_user(user_id)
        self._keep("users", user.id, user.user())
        self._keep("members", user.id, user.member())

    def _channel(self, channel_id: str) -> None:
        name = self.memory.channels.get(channel_id)
        if name is None:
            raise BadQuestion("There is no such channel here.")
        self._keep("channels", channel_id, {**text_channel(channel_id, name), "permissions": "2147601408"})

    def _attachment(self, upload_id: str) -> None:
        upload = self.memory.uploads.get(upload_id)
        if upload is None:
            raise BadQuestion("That file was not uploaded here.")
        self._keep("attachments", upload_id, self.memory.attachment(upload_id, upload))

    def _keep(self, kind: str, one_id: str, what: Json) -> None:
        self.found.setdefault(kind, {})[one_id] = what


def nested(path: Sequence[str], given: Json, declared: list[Json], focused: str, resolved: Resolved) -> list[Json]:
    """*given* below the sub-commands of *path*; what nobody declared comes last, typed by its JSON value."""
    if path:
        inner: Json = next((one for one in declared if one["name"] == path[0]), {})
        kind = inner.get("type") or (SUB_COMMAND_GROUP if len(path) > 1 else SUB_COMMAND)
        options = nested(path[1:], given, inner.get("options") or [], focused, resolved)
        return [{"name": path[0], "type": kind, "options": options}]
    kinds = {one["name"]: one["type"] for one in declared}
    names = [*(name for name in kinds if name in given), *(name for name in given if name not in kinds)]
    if not focused:
        _check_required(declared, given)
    return [_option(name, kinds, given[name], focused=name == focused, resolved=resolved) for name in names]


def _check_required(declared: list[Json], given: Json) -> None:
    """A client does not send a command that lacks what it needs."""
    for one in declared:
        if one.get("required") and one["name"] not in given:
            raise BadQuestion(f"“{one['name']}” is needed.")


def _option(name: str, kinds: Mapping[str, int], value: object, *, focused: bool, resolved: Resolved) -> Json:
    kind = kinds.get(name) or _kind(value)
    if focused:  # half-typed: Discord passes the text on, whatever the option's type
        return {"name": name, "type": kind, "value": str(value), "focused": True}
    typed = _typed(name, kind, value)
    resolved.add(kind, str(typed))
    return {"name": name, "type": kind, "value": typed}


def _kind(value: object) -> int:
    if isinstance(value, bool):
        return BOOLEAN
    return INTEGER if isinstance(value, int) else NUMBER if isinstance(value, float) else STRING


def _typed(name: str, kind: int, value: object) -> object:
    try:
        if kind == INTEGER:
            return int(str(value))
        if kind == NUMBER:
            return float(str(value))
    except ValueError:
        raise BadQuestion(f"“{name}” takes a number, and “{value}” is none.") from None
    if kind == BOOLEAN:
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "yes")
    return str(value)
