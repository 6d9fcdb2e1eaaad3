"""What is kept about somebody, and what being forgotten means."""

from __future__ import annotations

from datetime import datetime

from etstats.cards.text import escaped
from etstats.domain.link import Link
from etstats.domain.privacy import Held
from etstats.interactions.reply import Button, Message, Press, Style
from etstats.words import Words

_KEEP = Press(command="privacy keep")
_DELETE = Press(command="privacy delete", options=(("really", "true"),))


def held(words: Words, held: Held, link: Link | None) -> Message:
    """*link*: the player behind the account."""
    lines = [
        words("privacy.about_link", name=escaped(link.name or link.guid), guid=link.guid, **_played(words, held))
        if link
        else words("privacy.about_no_link"),
        words(
            "privacy.about_settings",
            language=words(f"lang.{held.language or 'auto'}"),
            notify=words(f"notify.{held.notify}"),
        ),
        words("privacy.about_hidden" if held.hidden else "privacy.about_shown"),
    ]
    rows: tuple[tuple[Button, ...], ...] = ()
    if held.farewell_at is not None:
        lines.append(words("privacy.about_farewell", when=words.day(held.farewell_at)))
        rows = ((_keep_button(words),),)
    return Message(content="\n".join(lines), rows=rows, private=True)


def before_delete(words: Words) -> Message:
    """Says it all before anything is done."""
    button = Button(label=words("privacy.delete_button"), press=_DELETE, style=Style.DANGER)
    return Message(content=words("privacy.before_delete"), rows=((button,),), private=True)


def will_delete(words: Words, due_at: datetime) -> Message:
    return Message(
        content=words("privacy.will_delete", when=words.day(due_at)), rows=((_keep_button(words),),), private=True
    )


def _keep_button(words: Words) -> Button:
    return Button(label=words("privacy.keep_button"), press=_KEEP, style=Style.PRIMARY)


def _played(words: Words, held: Held) -> dict[str, str]:
    return {
        "rounds": words.count("round", held.rounds),
        "sessions": words.count("session", held.sessions),
        "names": words.count("name", held.names),
    }
