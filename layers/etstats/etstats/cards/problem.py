"""What a channel is told of a problem: once when it begins, and once when it is over."""

from __future__ import annotations

from etstats.cards import health
from etstats.cards.text import escaped
from etstats.domain.problem import Problem
from etstats.interactions.reply import Message
from etstats.words import Words


def card(words: Words, problem: Problem, *, over: bool = False) -> Message:
    """Its beginning, or with *over* its end; what ended before anybody could be told is told in one."""
    what = health.label(words, problem.kind, problem.name)
    begun = health.moment(problem.opened_at, "f")
    if problem.closed_at is not None and (over or not problem.has_end):
        lasted = words.hours(int((problem.closed_at - problem.opened_at).total_seconds()))
        return Message(content=words("problem.over", part=what, since=begun, lasted=lasted))
    told = words("problem.open", part=what, said=escaped(problem.said), since=begun)
    known = words.knows(f"health.step_{problem.kind}")
    return Message(content=f"{told}\n-# → {health.step(words, problem.kind)}" if known else told)
