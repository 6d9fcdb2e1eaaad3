"""Reminders: what was noted, what is still to come, and what is said when the time has come."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.health import moment
from etstats.cards.text import NEUTRAL, escaped, plain
from etstats.domain.announcement import USER
from etstats.domain.reminder import Reminder
from etstats.interactions.reply import BUTTONS, ROWS, Button, Embed, Message, Press, Style
from etstats.words import Words

_LABEL = 40


def noted(words: Words, one: Reminder, zone: str) -> Message:
    """With the zone that the time was read in."""
    told = words("remind.noted", at=moment(one.due_at, "F"), ago=moment(one.due_at), zone=escaped(zone))
    return Message(content=f"{told}\n> {escaped(one.said)}", private=True)


def listed(words: Words, coming: Sequence[Reminder]) -> Message:
    """For him alone, with a button to take back each."""
    if not coming:
        return Message(content=words("remind.none"), private=True)
    lines = [f"{moment(one.due_at, 'f')} · {_where(words, one)} · {escaped(one.said[:100])}" for one in coming]
    buttons = [
        Button(
            label=f"✖ {plain(one.said)[:_LABEL]}",
            press=Press(command="remind cancel", options=(("number", str(one.reminder_id)),)),
            style=Style.DANGER,
        )
        for one in coming[: BUTTONS * ROWS]
    ]
    embed = Embed(title=words("remind.title"), description="\n".join(lines), colour=NEUTRAL)
    rows = tuple(tuple(buttons[at : at + BUTTONS]) for at in range(0, len(buttons), BUTTONS))
    return Message(embeds=(embed,), rows=rows, private=True)


def said(words: Words, one: Reminder, *, personal: bool) -> Message:
    """When the time has come."""
    told = words("remind.told") if personal else words("remind.told_here", user=f"<@{one.user_id}>")
    return Message(content=f"⏰ {told}\n> {escaped(one.said)}")


def _where(words: Words, one: Reminder) -> str:
    return words("remind.me") if one.channel_id.startswith(USER) else f"<#{one.channel_id}>"
