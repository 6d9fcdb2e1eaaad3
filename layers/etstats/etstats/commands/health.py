"""/health: whether everything runs. Everybody sees the lights, admins what is behind them."""

from __future__ import annotations

from etstats.cards import health as card
from etstats.commands.question import Question
from etstats.commands.registry import Permission, Seen, Topic, command
from etstats.domain.health import Sign, away, signs
from etstats.domain.permission import Tier
from etstats.errors import Unavailable
from etstats.interactions.reply import Message
from etstats.storage.health import read_facts


@command("health", seen=Seen.PRIVATE, needs_database=False, topic=Topic.SERVER)
def health(q: Question) -> Message:
    """It asks nobody: who looks at a part writes down what it saw, so this is as quick when all is away."""
    manages = q.asked.caller.permissions & Permission.MANAGE_SERVER.value != 0
    admin = manages or q.tier >= Tier.ADMIN
    return card.card(q.words, _signs(q), details=admin)


def _signs(q: Question) -> tuple[Sign, ...]:
    if q.away:
        return away()
    try:
        return signs(read_facts(q.db, now=q.now), now=q.now)
    except Unavailable:
        return away()
