"""The sides an evening can be told from, and the menu that changes between them in place."""

from __future__ import annotations

from enum import Enum

from etstats.domain.when import session_mark
from etstats.interactions.reply import Button, Menu, MenuChoice, Press
from etstats.words import Words


class View(Enum):
    """In the order of the menu; values are what it sends."""

    OVERVIEW = "overview"
    PLAYERS = "players"
    COMBAT = "combat"
    SUPPORT = "support"
    OBJECTIVES = "objectives"
    WEAPONS = "weapons"
    SPREES = "sprees"
    MAPS = "maps"
    TIME = "time"
    AWARDS = "awards"
    GRAPHS = "graphs"


def rows(words: Words, session_id: int, chosen: View) -> tuple[tuple[Menu | Button, ...], ...]:
    when = ("when", session_mark(session_id))
    menu = Menu(
        press=Press(command="session", options=(when,), fills="view"),
        choices=tuple(
            MenuChoice(label=words(f"session.view_{one.value}"), value=one.value, chosen=one is chosen) for one in View
        ),
        placeholder=words("session.another_view"),
    )
    return (menu,), ways(words, session_id, here="session")


def ways(words: Words, session_id: int, *, here: str) -> tuple[Button, ...]:
    """From one card about an evening to the others about it."""
    when = ("when", session_mark(session_id))
    named = {
        "session": "session.view_overview",
        "score": "score.title",
        "awards": "session.view_awards",
        "rounds": "rounds.title",
    }
    # the menu of views has the awards already
    left = {here, "awards"} if here == "session" else {here}
    return tuple(
        Button(label=words(key), press=Press(command=command, options=(when,)))
        for command, key in named.items()
        if command not in left
    )
