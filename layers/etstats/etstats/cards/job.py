"""A job: its number, how far it is, what came of it."""

from __future__ import annotations

from etstats.cards.text import GREY, NEUTRAL, escaped
from etstats.domain.audit import BROKE_OFF, LEFT_ALONE, TOO_LATE, Entry, State
from etstats.domain.permission import Tier
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

# results that nobody was told when they came about
_UNTOLD = {BROKE_OFF: "job.broke_off", TOO_LATE: "admin.too_late", LEFT_ALONE: "admin.left_alone"}


def numbered(words: Words, told: str, job: Entry) -> Message:
    """What he is told, with the number by which he can name it."""
    return Message(content=f"{told}\n-# {words('job.number', n=job.audit_id)}")


def came_of(words: Words, job: Entry) -> str:
    """What came of it, in a sentence."""
    if job.result in _UNTOLD:
        return words(_UNTOLD[job.result], n=job.audit_id)
    return job.result or words("admin.left_alone")


MARKS = {State.DONE: "✅", State.FAILED: "❌", State.REFUSED: "⛔", State.ASKED: "…", State.DOING: "⏳"}
_COLOURS = {State.DONE: 0x2ECC71, State.FAILED: 0xC0392B, State.REFUSED: GREY}
_REASONS = 1_000


def card(words: Words, job: Entry) -> Message:
    """All that is known of one job."""
    state = State(job.state)
    given = [f"{name}: {escaped(str(value)[:200])}" for name, value in job.arguments.items() if value]
    how_far = f" · {job.percent} %" if state is State.DOING and job.percent is not None else ""
    fields = [
        Field(name=words("job.state"), value=f"{MARKS[state]} {words(f'job.state_{state.value}')}{how_far}"),
        Field(name=words("job.by"), value=f"<@{job.actor_id}> · {words(Tier(job.tier).key)}", inline=True),
        Field(name=words("job.asked"), value=f"<t:{int(job.asked_at.timestamp())}:f>", inline=True),
    ]
    if job.ended_at is not None:
        fields.append(Field(name=words("job.ended"), value=f"<t:{int(job.ended_at.timestamp())}:f>", inline=True))
        if told := came_of(words, job)[:_REASONS]:
            fields.append(Field(name=words("job.result"), value=told))
    embed = Embed(
        title=f"{words('job.number', n=job.audit_id)}: /{' '.join(part for part in (job.command, job.server) if part)}",
        description="\n".join(given),
        colour=_COLOURS.get(state, NEUTRAL),
        fields=tuple(fields),
    )
    return Message(embeds=(embed,))


def over(words: Words, job: Entry) -> Message:
    return numbered(words, came_of(words, job), job)


def running(words: Words, job: Entry, percent: int, *, about: str = "") -> Message:
    """While it is being done."""
    filled = round(percent / 10)
    told = words("job.running", about=escaped(about or job.command), percent=percent)
    return numbered(words, f"⏳ {told}\n{'▰' * filled}{'▱' * (10 - filled)}", job)


def waiting(words: Words, job: Entry, name: str) -> Message:
    """It is tried again by itself."""
    return numbered(words, "⏳ " + words("job.waiting", about=escaped(name), server=escaped(job.server)), job)
