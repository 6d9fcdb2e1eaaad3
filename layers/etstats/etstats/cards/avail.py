"""Who is in: a day with its names, and the days around it; buttons to say so oneself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from etstats.cards.text import NEUTRAL, escaped
from etstats.domain.availability import DAYS, Available, Status, coming, on_day
from etstats.interactions.reply import Button, Embed, Field, Menu, MenuChoice, Message, Press, Style
from etstats.words import Words

_SIGNS = {Status.YES: "✅", Status.LATE: "🕘", Status.MAYBE: "❔", Status.NO: "❌"}
_STYLES = {Status.YES: Style.SUCCESS, Status.NO: Style.DANGER}
_NAMED = 30


def card(words: Words, said: Sequence[Available], *, day: date, today: date) -> Message:
    """*said*: about *day* and about the days that the overview shows."""
    number = coming(said, day)
    lines = [words("avail.in", n=number) if number else words("avail.nobody")]
    fields = [_field(words, on_day(said, day, status), status) for status in Status]
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    overview = "\n".join(_line(words, said, one, one == day) for one in days)
    embed = Embed(
        title=words("avail.title", day=words.day(day)),
        description="\n".join(lines),
        colour=NEUTRAL,
        fields=(*(field for field in fields if field is not None), Field(name=words("avail.overview"), value=overview)),
        footer=words("avail.footer"),
    )
    return Message(embeds=(embed,), rows=(_buttons(words, day), (_menu(words, said, days, day),)))


def noted(words: Words, one: Available) -> Message:
    """For whoever said so alone."""
    begins = words("avail.noted_from", begins=escaped(one.begins)) if one.begins else ""
    told = words(f"avail.noted_{one.status.value}", day=words.day(one.day), begins=begins)
    return Message(content=told, private=True)


def _field(words: Words, people: Sequence[Available], status: Status) -> Field | None:
    if not people:
        return None
    names = [escaped(one.name) + (f" ({escaped(one.begins)})" if one.begins else "") for one in people[:_NAMED]]
    left = len(people) - len(names)
    value = ", ".join(names) + (f" +{left}" if left else "")
    return Field(name=f"{_SIGNS[status]} {words(f'avail.{status.value}')} · {len(people)}", value=value)


def _line(words: Words, said: Sequence[Available], day: date, shown: bool) -> str:
    """**Fri 27 Nov 2026** ✅ 5 ❔ 2."""
    counts = {status: len(on_day(said, day, status)) for status in Status if status is not Status.NO}
    told = " ".join(f"{_SIGNS[status]} {number}" for status, number in counts.items() if number) or "–"
    name = words.day(day)
    return f"**{name}** {told}" if shown else f"{name} {told}"


def _buttons(words: Words, day: date) -> tuple[Button, ...]:
    return tuple(
        Button(
            label=f"{_SIGNS[status]} {words(f'avail.{status.value}')}",
            press=Press(command="avail answer", options=(("day", day.isoformat()), ("status", status.value))),
            style=_STYLES.get(status, Style.SECONDARY),
        )
        for status in Status
    )


def _menu(words: Words, said: Sequence[Available], days: Sequence[date], day: date) -> Menu:
    choices = tuple(
        MenuChoice(
            label=words.day(one), value=one.isoformat(), description=words("avail.in_short", n=coming(said, one)),
            chosen=one == day,
        )
        for one in days
    )  # fmt: skip
    return Menu(press=Press(command="avail show", fills="day"), choices=choices, placeholder=words("avail.menu"))
