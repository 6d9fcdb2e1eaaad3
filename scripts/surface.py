"""Tries everything a registered surface offers: each command with each of its choices, each button and menu entry.

    walk = Walk(ask=…, commands=registered, me="110…", target="110…", channel="110…")
    walk.run()
    walk.faults        # ["/leaderboard {'by': 'kd'}: timeout", …]; empty: all was answered

*ask* takes what the desk's page would say (`local.desk.interaction`) and gives what came of it, the late
answer included (`local.desk.asking`). Nothing here knows a command of ours; only the standard library is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SUB_COMMAND, SUB_COMMAND_GROUP = 1, 2
TEXT, INTEGER, BOOLEAN, USER, CHANNEL, MENTIONABLE, NUMBER, FILE = 3, 4, 5, 6, 7, 9, 10, 11
BUTTON, MENU, TEXT_FIELD = 2, 3, 4
ON_A_USER, FORM = 2, 9
LONG = 2  # a text field of several lines
# What changes what the others show comes last.
_LAST = ("link", "notify", "config", "privacy", "lang")
# Whoever walks is somebody in the game, so that what is his own is shown.
_FIRST = ("/link add", "/link approve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A command that can be sent: with its sub-commands."""

    path: tuple[str, ...]
    options: tuple[Json, ...]

    @property
    def name(self) -> str:
        return "/" + " ".join(self.path)


def leaves(commands: list[Json]) -> list[Leaf]:
    """Every slash command there is."""
    slash = (one for one in commands if one.get("type", 1) == 1)
    found = [leaf for command in slash for leaf in _below(command, ())]
    return sorted(found, key=lambda leaf: _LAST.index(leaf.path[0]) + 1 if leaf.path[0] in _LAST else 0)


def _below(command: Json, path: tuple[str, ...]) -> Iterator[Leaf]:
    path = (*path, command["name"])
    options = command.get("options") or []
    nested = [one for one in options if one["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP)]
    for one in nested:
        yield from _below(one, path)
    if not nested:
        yield Leaf(path=path, options=tuple(options))


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A button, or one entry of a menu."""

    custom_id: str
    label: str
    values: tuple[str, ...] = ()


def controls(message: Json) -> list[Control]:
    """What can be pressed or chosen below a message."""
    inside = [one for row in message.get("components", []) for one in row.get("components", [])]
    return [made for one in inside if one.get("custom_id") and not one.get("disabled") for made in _controls_of(one)]


def _controls_of(one: Json) -> Iterator[Control]:
    if one["type"] == BUTTON:
        label = one.get("label") or one.get("emoji", {}).get("name", "")
        yield Control(custom_id=one["custom_id"], label=label)
    elif one["type"] == MENU:
        least = one.get("min_values", 1)
        for number, option in enumerate(one["options"]):
            others = [other["value"] for other in one["options"] if other is not option]
            values = (option["value"], *others[: max(0, least - 1)])
            label = f"{one.get('placeholder', 'menu')}: {option['label']}"
            yield Control(custom_id=one["custom_id"], label=label or str(number), values=values)


def filled_form(form: Json) -> Json:
    """The form as somebody in a hurry fills it in."""
    fields = [
        one
        for row in form["components"]
        for one in (row.get("components") or [row.get("component")])
        if one is not None
    ]
    return {one["custom_id"]: _field_value(one) for one in fields}


def _field_value(one: Json) -> object:
    if one["type"] == MENU:
        return [option["value"] for option in one["options"][: one.get("min_values", 1)]]
    text = one.get("value") or ("walked along\nand back" if one.get("style") == LONG else "walked along")
    return text.ljust(one.get("min_length", 0), "x")[: one.get("max_length", 4000)]


@dataclass(slots=True, kw_only=True)
class Walk:
    """*me*: who asks. *target*: on whom the menu's commands are tried. *most_presses*: of one command.

    *seen* is told each answer.
    """

    ask: Callable[[Json], Json]
    commands: list[Json]
    me: str
    target: str
    channel: str
    most_presses: int = 12
    seen: Callable[[str, Json], None] = lambda _name, _message: None
    faults: list[str] = field(default_factory=list)
    asked: int = 0

    def introduce(self) -> None:
        """Links whoever asks with a player suggested: the second, so that the first is somebody else."""
        for leaf in leaves(self.commands):
            if leaf.name in _FIRST:
                options = {one["name"]: self._introduced(leaf, one) for one in leaf.options if one.get("required")}
                self._settle(leaf.name, {"kind": "command", "path": list(leaf.path), "options": options})

    def _introduced(self, leaf: Leaf, option: Json) -> object:
        if option["type"] == USER:
            return self.me
        return (self._suggested(leaf, option["name"], {})[:2] or ["nobody"])[-1]

    def run(self) -> None:
        self.introduce()
        for leaf in leaves(self.commands):
            self._try_command(leaf)
        for command in self.commands:
            if command.get("type", 1) == ON_A_USER:
                asked = {"kind": "user_command", "name": command["name"], "target": self.target}
                self._follow(command["name"], [self._settle(command["name"], asked)], pressed=set())

    def _try_command(self, leaf: Leaf) -> None:
        pressed: set[str] = set()
        for options in self.fillings(leaf):
            asked = {"kind": "command", "path": list(leaf.path), "options": options}
            self._follow(leaf.name, [self._settle(f"{leaf.name} {options}", asked)], pressed)

    def fillings(self, leaf: Leaf) -> list[Json]:
        """What the command is tried with: what it needs, then all that is suggested, then each choice once."""
        needed = {one["name"]: self._some(leaf, one, {}) for one in leaf.options if one.get("required")}
        if None in needed.values():
            return []  # it needs a file
        suggested = dict(needed)
        for one in leaf.options:
            if one.get("autocomplete") and one["name"] not in suggested:
                suggested[one["name"]] = self._some(leaf, one, suggested)
        suggested = {name: value for name, value in suggested.items() if value is not None}
        found = [needed, suggested]
        for one in leaf.options:
            found += [{**suggested, one["name"]: value} for value in self._every(one)]
        return [one for number, one in enumerate(found) if one not in found[:number] and None not in one.values()]

    def _every(self, option: Json) -> list[object]:
        if option.get("choices"):
            return [choice["value"] for choice in option["choices"]]
        if option["type"] == BOOLEAN:
            return [True, False] if option.get("required") else [True]
        if option["type"] in (INTEGER, NUMBER) and not option.get("autocomplete"):
            return [option.get("min_value", 1), option.get("max_value", 9)]
        named = {USER: self.target, MENTIONABLE: self.target, CHANNEL: self.channel}
        return [named[option["type"]]] if option["type"] in named else []

    def _some(self, leaf: Leaf, option: Json, given: Mapping[str, Any]) -> object:
        """One value that fits; of two players to be compared the second is another. None: a file, or nothing fits."""
        if option.get("autocomplete"):
            offered = [value for value in self._suggested(leaf, option["name"], given) if value not in given.values()]
            return offered[0] if offered else "nobody" if option.get("required") else None
        if option["type"] == TEXT and not option.get("choices"):
            return "walked".ljust(option.get("min_length", 0), "x")[: option.get("max_length", 6000)]
        every = self._every(option)
        return every[0] if every else None

    def _suggested(self, leaf: Leaf, name: str, given: Mapping[str, Any]) -> list[Any]:
        options = {**given, name: ""}
        asked = {"kind": "autocomplete", "path": list(leaf.path), "options": options, "focused": name}
        result = self._settle(f"{leaf.name} {name}:…", asked)
        return [one["value"] for one in result["response"]["data"]["choices"]] if not result["error"] else []

    def _follow(self, name: str, results: list[Json], pressed: set[str]) -> None:
        """Presses each control that came of it once, and looks at what comes of that."""
        while results:
            result = results.pop()
            if (result.get("response") or {}).get("type") == FORM:
                results.append(self._submit(name, result))
            elif result.get("message"):
                results += self._press_one(name, result, pressed)

    def _press_one(self, name: str, result: Json, pressed: set[str]) -> list[Json]:
        """The next control nobody has pressed yet. A message that stays as it was is looked at again."""
        message = result["message"]
        left = [one for one in controls(message) if one.label not in pressed]
        if not left or len(pressed) >= self.most_presses:
            return []
        control = left[0]
        pressed.add(control.label)
        values = list(control.values)
        asked = {"kind": "component", "message_id": message["id"], "custom_id": control.custom_id, "values": values}
        came = self._settle(f"{name} → {control.label}", asked)
        changed = (came.get("message") or {}).get("id") == message["id"]
        return [came] if changed else [result, came]

    def _submit(self, name: str, result: Json) -> Json:
        form = result["response"]["data"]
        asked = {"kind": "modal", "modal_id": result["request"]["id"], "values": filled_form(form)}
        return self._settle(f"{name} → {form['title']}", asked)

    def _settle(self, name: str, asked: Json) -> Json:
        self.asked += 1
        result = self.ask(asked)
        if result["error"]:
            self.faults.append(f"{name}: {result['error']} {result.get('faults') or result.get('message') or ''}")
            return {**result, "message": None}
        if result["message"]:
            self.seen(name, result["message"])
        return result
