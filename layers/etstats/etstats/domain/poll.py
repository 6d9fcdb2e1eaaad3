"""A question to everybody: one vote each, which can be changed until it closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FEWEST_ANSWERS, MOST_ANSWERS = 2, 6
LONGEST_QUESTION, LONGEST_ANSWER = 200, 60
USUAL_HOURS, MOST_HOURS = 24, 7 * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """*votes*: for each answer, in the answers' order. *message_id*: where it stands; None: nobody has voted yet."""

    poll_id: int
    guild_id: str
    channel_id: str
    asked_by: str
    question: str
    answers: tuple[str, ...]
    votes: tuple[int, ...]
    language: str
    opened_at: datetime
    closes_at: datetime
    message_id: str | None = None

    def is_closed(self, now: datetime) -> bool:
        return now >= self.closes_at

    @property
    def best(self) -> tuple[str, ...]:
        """The answers with most votes; none when nobody voted."""
        most = max(self.votes, default=0)
        return tuple(one for one, n in zip(self.answers, self.votes, strict=True) if n == most and most)
