"""What one value in a Discord payload may be, and the fault it has in Discord's own code and words.

A rule is a plain value: `Text(256)`, `ListOf(EMBED, 10)`, `Shape({"title": Text(256)})`. The tables made of them are in
`local.discord_limits`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing Discord would refuse: where, its code, and its words."""

    path: Path
    code: str
    message: str

    def __str__(self) -> str:
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return f"{where.lstrip('.') or 'payload'}: {self.message}"


class Rule(Protocol):
    """What one value may be."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]: ...


def missing(path: Path) -> Fault:
    return Fault(path=path, code="BASE_TYPE_REQUIRED", message="This field is required")


def _length(path: Path, length: int, at_least: int, at_most: int) -> Iterator[Fault]:
    if at_least <= length <= at_most:
        return
    if at_least:
        words = f"Must be between {at_least} and {at_most} in length."
        yield Fault(path=path, code="BASE_TYPE_BAD_LENGTH", message=words)
    else:
        yield Fault(path=path, code="BASE_TYPE_MAX_LENGTH", message=f"Must be {at_most} or fewer in length.")


def not_one_of(path: Path, allowed: frozenset[object]) -> Fault:
    listed = ", ".join(sorted(map(repr, allowed)))
    return Fault(path=path, code="BASE_TYPE_CHOICES", message=f"Value must be one of ({listed}).")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of so many characters. Discord strips the ends first, so blanks alone count as nothing."""

    at_most: int
    at_least: int = 0
    in_bytes: bool = False
    stripped: bool = True

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path=path, code="BASE_TYPE_BAD_STRING", message="Could not interpret the value as string.")
            return
        text = value.strip() if self.stripped else value
        if self.at_least and not text:
            yield missing(path)
            return
        yield from _length(path, len(text.encode()) if self.in_bytes else len(text), self.at_least, self.at_most)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two others."""

    at_least: int
    at_most: int

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault(path=path, code="NUMBER_TYPE_COERCE", message=f'Value "{value!s:.50}" is not int.')
        elif value < self.at_least:
            words = f"int value should be greater than or equal to {self.at_least}."
            yield Fault(path=path, code="NUMBER_TYPE_MIN", message=words)
        elif value > self.at_most:
            words = f"int value should be less than or equal to {self.at_most}."
            yield Fault(path=path, code="NUMBER_TYPE_MAX", message=words)


@dataclass(frozen=True, slots=True)
class Number:
    """Any number; no bounds of its own."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield Fault(path=path, code="NUMBER_TYPE_COERCE", message=f'Value "{value!s:.50}" is not a number.')


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault(path=path, code="BASE_TYPE_BAD_BOOLEAN", message="Must be either true or false.")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a closed set."""

    allowed: frozenset[object]

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if isinstance(value, bool | dict | list) or value not in self.allowed:
            yield not_one_of(path, self.allowed)


@dataclass(frozen=True, slots=True)
class Matching:
    """A text of one form."""

    pattern: re.Pattern[str]
    code: str
    message: str

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            yield Fault(path=path, code=self.code, message=self.message)


SNOWFLAKE = Matching(re.compile(r"\d{1,20}"), "NUMBER_TYPE_COERCE", "Value is not snowflake.")


@dataclass(frozen=True, slots=True)
class Link:
    """An address with one of the schemes allowed there."""

    schemes: tuple[str, ...]
    at_most: int = 2048

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if not isinstance(value, str) or not value:
            yield missing(path)
            return
        scheme, found, rest = value.partition("://")
        if not found or not rest or re.search(r"\s", rest):
            yield Fault(path=path, code="URL_TYPE_INVALID_URL", message="Not a well formed URL.")
        elif scheme.lower() not in self.schemes:
            words = f'Scheme "{scheme}" must be one of {self.schemes!r}.'
            yield Fault(path=path, code="URL_TYPE_INVALID_SCHEME", message=words)
        yield from _length(path, len(value), 0, self.at_most)


@dataclass(frozen=True, slots=True)
class Moment:
    """An ISO 8601 time."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        try:
            datetime.fromisoformat(str(value))
        except ValueError:
            words = f"Could not parse {value!s:.50}. Should be ISO8601."
            yield Fault(path=path, code="DATE_TIME_TYPE_PARSE", message=words)


@dataclass(frozen=True, slots=True)
class ListOf:
    """So many of one thing."""

    rule: Rule
    at_most: int
    at_least: int = 0

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if not isinstance(value, list):
            words = "Only iterables may be used in a ListType."
            yield Fault(path=path, code="LIST_TYPE_CONVERT", message=words)
            return
        yield from _length(path, len(value), self.at_least, self.at_most)
        for number, item in enumerate(value):
            yield from self.rule.faults(item, (*path, number))


@dataclass(frozen=True, slots=True)
class Nullable:
    """The rule, or null."""

    rule: Rule

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if value is not None:
            yield from self.rule.faults(value, path)


@dataclass(frozen=True, slots=True)
class Anything:
    """Not looked into: Discord fills it, or we never send it in another form."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        return iter(())


Check = Callable[[Mapping[str, object], Path], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its keys and their rules, which are required, and the checks that look at several keys at once."""

    keys: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    also: tuple[Check, ...] = field(default=())

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(path=path, code="MODEL_TYPE_CONVERT", message="Only dictionaries may be used in a ModelType.")
            return
        for key in self.required:
            if key not in value:
                yield missing((*path, key))
        for key, item in value.items():
            if key in self.keys:
                yield from self.keys[key].faults(item, (*path, key))
            else:
                yield Fault(path=(*path, str(key)), code="UNKNOWN_KEY", message="Discord knows no such key.")
        for check in self.also:
            yield from check(value, path)


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose shape its ``type`` decides."""

    shapes: Mapping[int, Rule]

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, int) or kind not in self.shapes:
            yield not_one_of((*path, "type"), frozenset(self.shapes))
        else:
            yield from self.shapes[kind].faults(value, path)
