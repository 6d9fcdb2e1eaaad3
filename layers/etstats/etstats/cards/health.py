"""The lights of the system: one line each, what is wrong first told; and the same as a document for machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from etstats.cards.text import escaped
from etstats.domain.breaker import Breaker
from etstats.domain.health import Light, Seen, Sign, worst
from etstats.domain.problem import Problem
from etstats.interactions.reply import Button, Embed, Field, Message, Press
from etstats.words import Words

_SHOWN = {Light.GOOD: "🟢", Light.WARN: "🟡", Light.BAD: "🔴", Light.UNKNOWN: "⚪"}
_COLOURS = {Light.GOOD: 0x2ECC71, Light.WARN: 0xF1C40F, Light.BAD: 0xE74C3C, Light.UNKNOWN: 0x80848E}
_FIELD, _REASON = 1_000, 200
_FIGURES = ("backup", "cost", "database", "files")
_STEPS = (
    "alarm", "answers", "backup", "bucket", "cost", "database", "dead_letters", "demos", "discord", "files", "game",
    "queue", "rounds", "ssh", "storage",
)  # fmt: skip


def card(words: Words, signs: Sequence[Sign], *, details: bool) -> Message:
    """*details*: figures, reasons and what to do, for admins."""
    light = worst(signs)
    lines = [words(f"health.all_{light.value}"), ""]
    for sign in signs:
        lines.append(_line(words, sign))
        if details and _tells(sign):
            lines.append(f"-# {detail(words, sign)}")
            if sign.light is Light.BAD and sign.kind in _STEPS:
                lines.append(f"-# → {step(words, sign.kind)}")
    embed = Embed(
        title=words("health.title"),
        description="\n".join(lines),
        colour=_COLOURS[light],
        footer="" if details else words("health.footer"),
    )
    again = Button(label=words("health.again"), press=Press(command="health"))
    return Message(embeds=(embed,), rows=((again,),), private=True)


def _tells(sign: Sign) -> bool:
    """Whether its sentence says more than its light: of what is well only a figure that somebody wants to see."""
    if sign.told == "said":
        return bool(sign.values["said"])
    return bool(sign.told) and (sign.light is not Light.GOOD or sign.told in _FIGURES)


def label(words: Words, kind: str, name: str) -> str:
    """`SSH · main`."""
    told = words(f"health.part_{kind}") if words.knows(f"health.part_{kind}") else escaped(kind)
    return f"{told} · {escaped(name)}" if name else told


def detail(words: Words, sign: Sign) -> str:
    """One sentence about it, with its figures."""
    shown = {name: _value(words, value) for name, value in sign.values.items()}
    return words(f"health.told_{sign.told}", **shown)


def step(words: Words, kind: str) -> str:
    """What to do next."""
    return words(f"health.step_{kind}")


# -- for admins at three in the morning ------------------------------------------------------------------------------


def behind(words: Words, problems: Sequence[Problem], breakers: Sequence[Breaker], given_up: Sequence[Seen]) -> Message:
    """What is wrong and since when, what is left alone and until when, what was given up and how it is sent again, and
    what is over since yesterday."""
    lasting = [_problem(words, one) for one in problems if one.closed_at is None]
    alone = [_left_alone(words, one) for one in breakers if one.failures]
    sections = (
        ("wrong", lasting),
        ("alone", alone),
        ("given_up", [_given_up(words, one) for one in given_up if one.figure]),
        ("over", [_over(words, one) for one in problems if one.closed_at is not None]),
    )
    embed = Embed(
        title=words("health.behind_title"),
        description="" if lasting or alone else words("health.behind_nothing"),
        colour=_COLOURS[Light.BAD if lasting else Light.WARN if alone else Light.GOOD],
        fields=tuple(
            Field(name=words(f"health.behind_{name}", n=len(lines)), value=_within(words, lines))
            for name, lines in sections
            if lines
        ),
        footer=words("health.behind_footer"),
    )
    row = [Button(label=words("health.again"), press=Press(command="admin health"))]
    if alone:
        row.append(Button(label=words("health.ask_again"), press=Press(command="admin sync")))
    return Message(embeds=(embed,), rows=(tuple(row),), private=True)


def _within(words: Words, lines: Sequence[str]) -> str:
    """As many as a field holds."""
    kept: list[str] = []
    for line in lines:
        if sum(len(one) + 1 for one in kept) + len(line) > _FIELD:
            return "\n".join([*kept, words("admin.and_more", n=len(lines) - len(kept))])
        kept.append(line)
    return "\n".join(kept)


def _problem(words: Words, one: Problem) -> str:
    told = f"🔴 **{label(words, one.kind, one.name)}** · {words('health.since', at=moment(one.opened_at))}"
    reason = f"\n> {escaped(one.said[:_REASON])}" if one.said else ""
    return told + reason + (f"\n-# → {step(words, one.kind)}" if one.kind in _STEPS else "")


def _left_alone(words: Words, one: Breaker) -> str:
    kind, _, name = one.name.partition(":")
    at = one.tries_again_at
    when = words("health.asked_still") if at is None else words("health.asked_again", at=moment(at))
    good = f" · {words('health.last_good', at=moment(one.good_at))}" if one.good_at is not None else ""
    told = f"🟡 **{label(words, kind, name)}** · {words('health.failures', n=one.failures)} · {when}{good}"
    return told + (f"\n> {escaped(one.reason[:_REASON])}" if one.reason else "")


def _given_up(words: Words, one: Seen) -> str:
    queue = escaped(one.name)
    return words("health.given_up", queue=queue, n=words.whole(one.figure), grave=f"{queue.title()}DeadLetters")


def _over(words: Words, one: Problem) -> str:
    assert one.closed_at is not None
    lasted = words.hours(int((one.closed_at - one.opened_at).total_seconds()))
    return f"🟢 {label(words, one.kind, one.name)} · {moment(one.closed_at)} · {words('health.lasted', lasted=lasted)}"


def document(signs: Sequence[Sign], *, now: datetime) -> dict[str, object]:
    """For whoever watches us from outside: lights and when they were good last. No name, no reason, no figure."""
    return {
        "schema": 1,
        "light": worst(signs).value,
        "checked_at": now.isoformat(timespec="seconds"),
        "parts": [
            {
                "part": sign.kind,
                "light": sign.light.value,
                "good_at": sign.good_at.isoformat(timespec="seconds") if sign.good_at is not None else None,
            }
            for sign in signs
        ],
    }


def moment(at: datetime, style: str = "R") -> str:
    """As everybody's own clock has it; *style* as Discord names them."""
    return f"<t:{int(at.timestamp())}:{style}>"


def _line(words: Words, sign: Sign) -> str:
    good = f" · {words('health.last_good', at=moment(sign.good_at))}" if sign.good_at is not None else ""
    return f"{_SHOWN[sign.light]} **{label(words, sign.kind, sign.name)}**{good}"


def _value(words: Words, value: object) -> str:
    if isinstance(value, float):
        return words.decimal(value)
    return words.whole(value) if isinstance(value, int) else escaped(str(value))
