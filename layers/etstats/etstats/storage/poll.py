"""Polls and their votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from etstats.domain.poll import Poll
from etstats.storage.database import Database


def open_poll(
    db: Database, *, guild_id: str, channel_id: str, asked_by: str, question: str, answers: Sequence[str],
    language: str, now: datetime, closes_at: datetime, interaction_id: str,
) -> int:  # fmt: skip
    """Its number. What came of it is put into the outbox for when it closes. Asked again: the same poll."""
    with db.transaction():
        (number,) = db.values(
            """
            insert into poll (guild_id, channel_id, asked_by, question, answers, language, opened_at, closes_at,
                              interaction_id)
            values (:guild_id, :channel_id, :asked_by, :question, cast(:answers as text[]), :language, :now,
                    :closes_at, :interaction_id)
            on conflict (interaction_id) do update set question = excluded.question returning poll_id""",
            guild_id=guild_id,
            channel_id=channel_id,
            asked_by=asked_by,
            question=question,
            answers=list(answers),
            language=language,
            now=now,
            closes_at=closes_at,
            interaction_id=interaction_id,
        )
        db.run(
            """insert into outbox (kind, subject_id, channel_id, guild_id, created_at, due_at)
               values ('poll', :number, :channel_id, :guild_id, :now, :closes_at) on conflict do nothing""",
            number=number,
            channel_id=channel_id,
            guild_id=guild_id or None,
            now=now,
            closes_at=closes_at,
        )
    return int(number)


def vote(
    db: Database, poll_id: int, user_id: str, answer: int, *, guild_id: str, message_id: str, now: datetime
) -> None:
    """One each; the latest counts. Nothing changes where the poll has closed, is another server's, or has no such
    answer. *message_id*: where it was pressed; '': not known."""
    db.run(
        """
        with stands as (
            update poll set message_id = :message_id
            where poll_id = :poll_id and guild_id = :guild_id and :message_id <> '' and message_id is null
        )
        insert into poll_vote (poll_id, user_id, answer, voted_at)
        select poll_id, :user_id, cast(:answer as smallint), :now from poll
        where poll_id = :poll_id and guild_id = :guild_id and closes_at > :now
            and cast(:answer as integer) between 0 and cardinality(answers) - 1
        on conflict (poll_id, user_id) do update set answer = excluded.answer, voted_at = excluded.voted_at""",
        poll_id=poll_id,
        user_id=user_id,
        answer=answer,
        guild_id=guild_id,
        message_id=message_id,
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    poll_id: int
    guild_id: str
    channel_id: str
    asked_by: str
    question: str
    answers: list[str]
    votes: list[int]
    language: str
    opened_at: datetime
    closes_at: datetime
    message_id: str | None


def find_poll(db: Database, poll_id: int, *, guild_id: str | None = None) -> Poll | None:
    """As it stands. *guild_id*: only where it is that server's."""
    row = db.find(
        _Row,
        """
        select poll_id, guild_id, channel_id, asked_by, question, answers, language, opened_at, closes_at, message_id,
            array(
            select (select count(*) from poll_vote where poll_vote.poll_id = poll.poll_id and answer = place - 1)
            from generate_subscripts(answers, 1) as place order by place) as votes
        from poll where poll_id = :poll_id and guild_id = coalesce(cast(:guild_id as text), guild_id)""",
        poll_id=poll_id,
        guild_id=guild_id,
    )
    if row is None:
        return None
    same = {one.name: getattr(row, one.name) for one in fields(row) if one.name not in ("answers", "votes")}
    return Poll(answers=tuple(row.answers), votes=tuple(row.votes), **same)
