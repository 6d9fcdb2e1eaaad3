"""Texts: none lacking, none unused, the same in every language, and numbers and days as people there write them."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from etstats import words as package
from etstats.commands import catalogue  # noqa: F401  # declares the commands
from etstats.commands.registry import commands
from etstats.words import ENGLISH, LANGUAGES, Words, read, words_for

PACKAGE = Path(__file__).parents[2] / "layers" / "etstats" / "etstats"
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
OUR_OWN = ("calendar.", "count.", "number.")  # read by Words itself, or everybody's


def _keys(language: str) -> dict[str, str]:
    return {f"{section}.{name}": text for section, texts in read(language).items() for name, text in texts.items()}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def _trees() -> tuple[ast.AST, ...]:
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py")))


def _pattern(node: ast.expr, before: str = "") -> tuple[str, bool] | None:
    """A key as the code has it, and whether only its beginning is known."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return before + node.value, False
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return before + str(node.values[0].value), True
    return None


def _asked_for() -> Iterator[tuple[str, bool]]:
    """Keys in calls of words and of what else takes a key."""
    for node in (node for tree in _trees() for node in ast.walk(tree)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        holder = called.value if isinstance(called, ast.Attribute) else None
        holding = holder.attr if isinstance(holder, ast.Attribute) else getattr(holder, "id", "")
        if name in ("words", "_words", "Refusal"):
            found = _pattern(node.args[0])
        elif name == "count" and holding in ("words", "_words"):
            found = _pattern(node.args[0], before="count.")
            found = found and (found[0], True)
        else:
            continue
        if found is not None:
            yield found


def _mentioned() -> Iterator[tuple[str, bool]]:
    """Whatever looks like a key, anywhere."""
    for node in (node for tree in _trees() for node in ast.walk(tree)):
        found = _pattern(node) if isinstance(node, ast.Constant | ast.JoinedStr) else None
        if found is not None and "." in found[0]:
            yield found
    yield from _declared()


def _declared() -> Iterator[tuple[str, bool]]:
    """What the registry makes of its declarations."""
    for one in commands():
        yield one.described, False
        name = [] if one.on_user else one.name.split()
        yield from ((f"{name[0]}." + "_".join((*name[1:end], "command")), False) for end in range(1, len(name)))
        yield from ((one.option_described(option), False) for option in one.options)
        yield from ((choice.key, False) for option in one.options for choice in option.choices)


def _is(key: str, pattern: tuple[str, bool]) -> bool:
    return key.startswith(pattern[0]) if pattern[1] else key == pattern[0]


def test_every_text_that_is_asked_for_exists() -> None:
    keys = set(_keys(ENGLISH))
    lacking = {wanted for wanted in [*_asked_for(), *_declared()] if not any(_is(key, wanted) for key in keys)}
    assert lacking == set()


def test_no_text_is_there_for_nobody() -> None:
    used = [*_asked_for(), *_mentioned()]
    unused = [
        key for key in _keys(ENGLISH) if not key.startswith(OUR_OWN) and not any(_is(key, pattern) for pattern in used)
    ]
    assert unused == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_text_with_the_same_placeholders(language: str) -> None:
    english, other = _keys(ENGLISH), _keys(language)
    assert set(other) == set(english)
    differ = [key for key, text in english.items() if _placeholders(text) != _placeholders(other[key])]
    assert differ == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_and_keys_stand_in_their_order(language: str) -> None:
    texts = json.loads((PACKAGE / "words" / f"{language}.json").read_text(encoding="utf-8"))
    assert list(texts) == sorted(texts)
    assert [list(section) for section in texts.values()] == [sorted(section) for section in texts.values()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_discord_shows_of_a_command_is_short_enough(language: str) -> None:
    words = words_for(language)
    for one in commands():
        described = [one.described, *(one.option_described(option) for option in one.options)]
        labels = [choice.key for option in one.options for choice in option.choices]
        assert [key for key in [*described, *labels] if not 1 <= len(words(key)) <= 100] == []


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("en-US", "en"), ("fr", "en"), ("", "en")]
)
def test_a_locale_gets_its_language_or_english(locale: str, language: str) -> None:
    assert words_for(locale).language == language


def test_a_text_a_language_lacks_is_told_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "read", lambda language: {"a": {"b": "yes", "c": "no"}} if language == "en" else {})
    monkeypatch.setattr(package, "_words", package._words.__wrapped__)
    assert package._words("de")("a.c") == "no"


def test_numbers_and_days_are_written_as_people_there_write_them() -> None:
    english, german = words_for("en"), words_for("de")
    assert _written(english) == ["12,345", "1,234.50", "33.3%", "34%", "3.4k", "2 h 30 min", "59 min", "2.50"]
    assert _written(german) == ["12.345", "1.234,50", "33,3 %", "34 %", "3,4k", "2 Std. 30 Min.", "59 Min.", "2,50"]
    assert (english.clock(525), english.count("round", 1), german.count("round", 2_000)) == (
        "8:45", "1 round", "2.000 Runden",
    )  # fmt: skip
    when = date(2025, 10, 2)
    assert (english.day(when), german.day(when)) == ("Thu 2 Oct 2025", "Do, 2. Okt. 2025")
    assert (english.short_day(when), german.short_day(when)) == ("2 Oct 2025", "2. Okt. 2025")


def _written(words: Words) -> list[str]:
    return [
        words.whole(12_345), words.decimal(1234.5), words.percent(1, 3, decimals=1), words.percent(34),
        words.thousands(3412), words.hours(9000), words.hours(3599), words.ratio(5, 2),
    ]  # fmt: skip


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    words = words_for("de")
    assert {words.whole(None), words.decimal(None), words.percent(None), words.percent(1, 0), words.hours(None)} == {
        "–"
    }
    assert {words.clock(None), words.thousands(None), words.ratio(None, 3)} == {"–"}


def test_a_name_that_looks_like_a_placeholder_is_shown_as_it_is() -> None:
    words = Words(language="en", texts={"a": {"b": "Hello {name}!"}})
    assert words("a.b", name="{0.__class__}") == "Hello {0.__class__}!"
