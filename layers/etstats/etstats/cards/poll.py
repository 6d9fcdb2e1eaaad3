"""A poll: the form it is asked in, its question, how it stands, and a button for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from etstats.cards.health import moment
from etstats.cards.text import NEUTRAL, escaped
from etstats.domain.poll import LONGEST_ANSWER, LONGEST_QUESTION, MOST_ANSWERS, Poll
from etstats.interactions.form import Form, TextField
from etstats.interactions.reply import BUTTONS, Beside, Button, Embed, Message, Press, Style
from etstats.words import Words

LINES = "answers"  # the form's field, with one a line
_BAR = 10


def form(words: Words, question: str, answers: Sequence[str], *, hours: int, private: bool) -> Form:
    """Filled in with what is known already."""
    return Form(
        title=words("poll.form", hours=hours),
        press=Press(
            command="poll", options=(("hours", str(hours)),), beside=Beside.FOR_ME if private else Beside.FOR_ALL
        ),
        fields=(
            TextField(
                name="question", label=words("poll.form_question"), value=question, max_length=LONGEST_QUESTION,
                placeholder=words("poll.form_question_such_as"),
            ),
            TextField(
                name=LINES, label=words("poll.form_answers", most=MOST_ANSWERS), value="\n".join(answers), long=True,
                max_length=MOST_ANSWERS * (LONGEST_ANSWER + 1), placeholder=words("poll.form_answers_such_as"),
            ),
        ),
    )  # fmt: skip


def card(words: Words, poll: Poll, *, now: datetime) -> Message:
    """Closed: as it ended, and nothing can be pressed any more."""
    if poll.is_closed(now):
        told = f"{_verdict(words, poll)}\n{words('poll.closed', at=moment(poll.closes_at))}"
        return Message(embeds=(_embed(words, poll, told, words.count("vote", sum(poll.votes))),))
    told, votes = words("poll.closes", at=moment(poll.closes_at)), words.count("vote", sum(poll.votes))
    buttons = tuple(
        Button(
            label=answer,
            press=Press(command="polls vote", options=(("poll", str(poll.poll_id)), ("answer", str(number)))),
            style=Style.PRIMARY,
        )
        for number, answer in enumerate(poll.answers)
    )
    rows = tuple(buttons[at : at + BUTTONS] for at in range(0, len(buttons), BUTTONS))
    return Message(embeds=(_embed(words, poll, told, words("poll.footer", votes=votes)),), rows=rows)


def line(words: Words, poll: Poll) -> Message:
    """What came of it, in one line with the way to it: for who does not look up to where it stands."""
    place = f"https://discord.com/channels/{poll.guild_id}/{poll.channel_id}/{poll.message_id}"
    told = words("poll.ended", question=escaped(poll.question), verdict=_verdict(words, poll), place=place)
    return Message(content=f"📊 {told}")


def _verdict(words: Words, poll: Poll) -> str:
    if not poll.best:
        return words("poll.nobody")
    names = ", ".join(f"**{escaped(one)}**" for one in poll.best)
    return words("poll.drawn" if len(poll.best) > 1 else "poll.won", answer=names)


def _embed(words: Words, poll: Poll, told: str, footer: str) -> Embed:
    votes = sum(poll.votes)
    lines = [_line(words, answer, number, votes) for answer, number in zip(poll.answers, poll.votes, strict=True)]
    return Embed(
        title="📊 " + escaped(poll.question),
        description="\n".join((told, "", *lines)),
        colour=NEUTRAL,
        footer=footer,
    )


def _line(words: Words, answer: str, number: int, votes: int) -> str:
    """▰▰▰▱▱▱▱▱▱▱ **3** · 30% · Supply."""
    full = round(_BAR * number / votes) if votes else 0
    return f"{'▰' * full}{'▱' * (_BAR - full)} **{number}** · {words.percent(number, votes)} · {escaped(answer)}"
