"""Everything people read, in every language there is: one JSON file each, sections by feature, keys in their order.

    words = words_for("de")                          exact, then the language, then English
    words("leaderboard.title", measure="Kills")      a text, filled in by `str.format`
    words.count("round", 3)                          3 rounds

A text that a language lacks is told in English. `tests/unit/test_words.py` sees to it that none is lacking, that every
key used exists and that none is there for nobody. A name somebody chose is escaped before it is filled in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pkgutil import get_data

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")
UNKNOWN = "–"

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language, and how it writes numbers and days. What is None is not known."""

    language: str
    texts: Texts

    def __call__(self, key: str, **values: object) -> str:
        """The text *key*, ``section.name``, with its ``{placeholders}`` filled in. Raises KeyError for no such text."""
        section, _, name = key.partition(".")
        return self.texts[section][name].format(**values)

    def template(self, key: str) -> str:
        """The text as it stands, for a page that fills its placeholders in itself."""
        section, _, name = key.partition(".")
        return self.texts[section][name]

    def knows(self, key: str) -> bool:
        section, _, name = key.partition(".")
        return name in self.texts.get(section, {})

    def count(self, noun: str, number: int) -> str:
        """1 round, 2 rounds: texts ``count.<noun>.one`` and ``count.<noun>.other``."""
        return self(f"count.{noun}.{'one' if number == 1 else 'other'}", n=self.whole(number))

    def whole(self, number: float | None) -> str:
        """12345 → 12,345."""
        return UNKNOWN if number is None else self._written(f"{number:,.0f}")

    def decimal(self, number: float | None, decimals: int = 2) -> str:
        """1234.5 → 1,234.50."""
        return UNKNOWN if number is None else self._written(f"{number:,.{decimals}f}")

    def percent(self, part: float | None, of: float | None = 100, *, decimals: int = 0) -> str:
        """34 of 100 → 34%. Nothing of nothing is not known."""
        if part is None or not of:
            return UNKNOWN
        return self("number.percent", number=self.decimal(100 * part / of, decimals))

    def ratio(self, kills: int | None, deaths: int | None) -> str:
        """Kills to deaths; without a death, the kills."""
        return UNKNOWN if kills is None or deaths is None else self.decimal(kills / deaths if deaths else kills)

    def thousands(self, number: int | None) -> str:
        """3412 → 3.4k: for columns where every sign counts."""
        if number is None:
            return UNKNOWN
        if number < 1_000:
            return str(number)
        return f"{self.decimal(number / 1_000, 1)}k" if number < 100_000 else f"{number // 1_000}k"

    def day(self, when: date) -> str:
        """Thu 2 Oct 2025."""
        weekday = self("calendar.weekdays").split()[when.weekday()]
        return self("calendar.day", weekday=weekday, day=when.day, month=self._month(when), year=when.year)

    def short_day(self, when: date) -> str:
        """2 Oct 2025: where the day of the week says nothing."""
        return self("calendar.short_day", day=when.day, month=self._month(when), year=when.year)

    def clock(self, seconds: int | None) -> str:
        """525 → 8:45."""
        return UNKNOWN if seconds is None else f"{seconds // 60}:{seconds % 60:02}"

    def hours(self, seconds: int | None) -> str:
        """9000 → 2 h 30 min."""
        if seconds is None:
            return UNKNOWN
        hours, minutes = divmod(seconds // 60, 60)
        if not hours:
            return self("number.minutes", minutes=minutes)
        return self("number.hours", hours=self.whole(hours), minutes=minutes)

    def _month(self, when: date) -> str:
        return self("calendar.months").split()[when.month - 1]

    def _written(self, number: str) -> str:
        """*number*, as English writes it, with this language's signs."""
        thousands, point = self("number.thousands"), self("number.point")
        return number.translate({ord(","): thousands, ord("."): point})


def words_for(locale: str) -> Words:
    """``de``, ``de-AT`` → German; what nobody wrote in → English."""
    language = locale.partition("-")[0].lower()
    return _words(locale if locale in LANGUAGES else language if language in LANGUAGES else ENGLISH)


@cache
def _words(language: str) -> Words:
    """Read when it is first asked for: most containers never need the second language."""
    texts = read(language)
    if language != ENGLISH:
        english = _words(ENGLISH).texts
        texts = {section: {**told, **texts.get(section, {})} for section, told in english.items()}
    return Words(language=language, texts=texts)


def read(language: str) -> Texts:
    """A language's file as it stands."""
    content = get_data(__name__, f"{language}.json")
    assert content is not None  # the package's own file
    texts: Texts = json.loads(content)
    return texts
