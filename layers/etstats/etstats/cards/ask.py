"""What a card's buttons ask: the same question with one thing changed, or the next question about the same player."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from etstats.domain.period import Period
from etstats.interactions.reply import MENU_CHOICES, Button, Menu, MenuChoice, Press, Style
from etstats.words import Words

_DEFAULTS = {"page": "1", "period": Period.ALL.value}
_OFFERED = ((Period.MONTH, "button.month"), (Period.SEASON, "button.season"), (Period.ALL, "button.all"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A command with its options as they are; what is empty, or the default, is left out of a press."""

    command: str
    options: tuple[tuple[str, str], ...]

    def but(self, **changes: str) -> Press:
        """The same question with other values."""
        given = {**dict(self.options), **changes}
        told = tuple((name, value) for name, value in given.items() if value and value != _DEFAULTS.get(name))
        return Press(command=self.command, options=told)


def asking(command: str, **options: str) -> Asking:
    return Asking(command=command, options=tuple(options.items()))


def button(label: str, press: Press, *, chosen: bool = False, disabled: bool = False) -> Button:
    """*chosen*: what the card shows already. Discord wants every button to ask something else; one that cannot be
    pressed may not ask what another does."""
    style = Style.PRIMARY if chosen else Style.SECONDARY
    if chosen or disabled:
        idle = replace(press, options=(*press.options, ("x", "")))
        return Button(label=label, press=idle, style=style, disabled=True)
    return Button(label=label, press=press, style=style)


def period_buttons(words: Words, asked: Asking, period: Period) -> tuple[Button, ...]:
    """The same for a month, the season and all time."""
    return tuple(
        button(words(key), asked.but(period=one.value, page=""), chosen=one is period) for one, key in _OFFERED
    )


def turning(asked: Asking, page: int, pages: int) -> tuple[Button, ...]:
    """Back and on; none where one page is all there is."""
    if pages <= 1:
        return ()
    return (
        button("◀", asked.but(page=str(page - 1)), disabled=page <= 1),
        button("▶", asked.but(page=str(page + 1)), disabled=page >= pages),
    )


def menu(asked: Asking, fills: str, placeholder: str, choices: Sequence[MenuChoice]) -> tuple[Menu, ...]:
    """The same with another value of the option *fills*, in a row of its own; none where there is nothing to choose."""
    if not choices:
        return ()
    press = replace(asked.but(**{fills: "", "page": ""}), fills=fills)
    return (Menu(press=press, choices=tuple(choices[:MENU_CHOICES]), placeholder=placeholder),)
