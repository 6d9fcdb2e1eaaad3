"""The badges somebody has, how rare they are, and the three he is closest to."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.text import NEUTRAL, escaped
from etstats.domain.achievement import KD_ROUNDS, TIERS, Ladder, Rung
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

_NEXT = 3
_BAR = 10


def card(words: Words, name: str, rounds: int, rungs: Sequence[Rung]) -> Message:
    """*rungs*: one for each ladder."""
    fields = (_earned(words, rungs), _coming(words, rungs))
    embed = Embed(
        title=words("achievements.title", name=escaped(name)),
        description=words(
            "achievements.sum", earned=sum(rung.tier for rung in rungs), of=sum(len(tiers) for tiers in TIERS.values())
        ),
        colour=NEUTRAL,
        fields=tuple(field for field in fields if field is not None),
        footer=words("achievements.footer", n=words.count("round", rounds), kd_rounds=KD_ROUNDS),
    )
    return Message(embeds=(embed,))


def _earned(words: Words, rungs: Sequence[Rung]) -> Field | None:
    earned = sorted((rung for rung in rungs if rung.tier), key=lambda rung: rung.holders)
    lines = [
        f"{_medal(rung)} **{_badge(words, rung.ladder, rung.reached or 0)}** · "
        + words("achievements.rarity", holders=rung.holders, people=rung.people)
        for rung in earned
    ]
    return Field(name=words("achievements.earned"), value="\n".join(lines)) if lines else None


def _coming(words: Words, rungs: Sequence[Rung]) -> Field | None:
    coming = sorted((rung for rung in rungs if rung.next is not None and rung.value is not None), key=_closeness)
    lines = [
        f"**{_badge(words, rung.ladder, rung.next or 0)}**\n`{_bar(rung.progress)}` {_figure(words, rung)}"
        for rung in coming[:_NEXT]
    ]
    return Field(name=words("achievements.coming"), value="\n".join(lines)) if lines else None


def _closeness(rung: Rung) -> float:
    return -rung.progress


def _medal(rung: Rung) -> str:
    """Gold at the top of a ladder, bronze at its beginning."""
    left = len(TIERS[rung.ladder]) - rung.tier
    return "🥇" if left == 0 else "🥈" if rung.tier > 1 else "🥉"


def _badge(words: Words, ladder: Ladder, tier: float) -> str:
    asked = words.decimal(tier, 1) if ladder is Ladder.KD else words.whole(tier)
    return words(f"achievements.{ladder.value}", n=asked)


def _figure(words: Words, rung: Rung) -> str:
    if rung.ladder is Ladder.KD:
        return f"{words.decimal(rung.value)} / {words.decimal(rung.next, 1)}"
    return f"{words.whole(rung.value)} / {words.whole(rung.next)}"


def _bar(share: float) -> str:
    """▰▰▰▱▱▱▱▱▱▱; full only when it is."""
    done = min(int(share * _BAR), _BAR)
    return "▰" * done + "▱" * (_BAR - done)
