"""A poll: its question, how it stands, and a button for each answer."""

from __future__ import annotations

from datetime import datetime

from etstats.cards.health import moment
from etstats.cards.text import NEUTRAL, escaped
from etstats.domain.poll import Poll
from etstats.interactions.reply import BUTTONS, Button, Embed, Message, Press, Style
from etstats.words import Words

_BAR = 10


def card(words: Words, poll: Poll, *, now: datetime) -> Message:
    """Closed: as it ended, and nothing can be pressed any more."""
    closed = poll.is_closed(now)
    ends = words("poll.closed" if closed else "poll.closes", at=moment(poll.closes_at))
    buttons = tuple(
        Button(
            label=answer,
            press=Press(command="polls vote", options=(("poll", str(poll.poll_id)), ("answer", str(number)))),
            style=Style.PRIMARY,
            disabled=closed,
        )
        for number, answer in enumerate(poll.answers)
    )
    rows = tuple(buttons[at : at + BUTTONS] for at in range(0, len(buttons), BUTTONS))
    return Message(embeds=(_embed(words, poll, ends),), rows=rows)


def result(words: Words, poll: Poll) -> Message:
    """What came of it, for the channel."""
    return Message(embeds=(_embed(words, poll, _verdict(words, poll)),))


def _verdict(words: Words, poll: Poll) -> str:
    if not poll.best:
        return words("poll.nobody")
    names = ", ".join(f"**{escaped(one)}**" for one in poll.best)
    return words("poll.drawn" if len(poll.best) > 1 else "poll.won", answer=names)


def _embed(words: Words, poll: Poll, told: str) -> Embed:
    votes = sum(poll.votes)
    lines = [_line(words, answer, number, votes) for answer, number in zip(poll.answers, poll.votes, strict=True)]
    return Embed(
        title="📊 " + escaped(poll.question),
        description="\n".join((told, "", *lines)),
        colour=NEUTRAL,
        footer=words("poll.footer", votes=words.count("vote", votes)),
    )


def _line(words: Words, answer: str, number: int, votes: int) -> str:
    """▰▰▰▱▱▱▱▱▱▱ **3** · 30% · Supply."""
    full = round(_BAR * number / votes) if votes else 0
    return f"{'▰' * full}{'▱' * (_BAR - full)} **{number}** · {words.percent(number, votes)} · {escaped(answer)}"
