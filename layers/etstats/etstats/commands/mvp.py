"""/mvp: those who played an evening vote for its best, for a day and a half."""

from __future__ import annotations

from datetime import timedelta

from etstats.cards import mvp as card
from etstats.commands.option import PLAYER, WHEN, session_of
from etstats.commands.question import Question
from etstats.commands.registry import Topic, button, command
from etstats.domain.evening import Evening
from etstats.domain.mvp import team_mvps
from etstats.domain.who import player_mark
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.evening import find_session, round_lines
from etstats.storage.mvp import mvp_votes, vote_mvp

OPEN_FOR = timedelta(hours=36)


@command("mvp", options=(WHEN,), example="/mvp", topic=Topic.TOGETHER)
def mvp(q: Question) -> Message:
    """Nothing chosen: the latest session."""
    return _shown(q, _evening(q))


@button("mvps vote", options=(WHEN, PLAYER), shared=True)
def vote_mvp_for(q: Question) -> Message:
    """Only who played, not for himself; where it has closed it is shown as it ended."""
    evening = _evening(q)
    if not _is_open(q, evening):
        return _shown(q, evening)
    played = {line.guid for line in evening.lines}
    if q.me is None:
        raise Refusal("mvp.not_linked")
    if q.me not in played:
        raise Refusal("mvp.not_played")
    chosen = next((guid for guid in played if player_mark(guid) == q.asked.text("player")), None)
    if chosen is None:
        raise Refusal("mvp.not_one")
    if chosen == q.me:
        raise Refusal("mvp.not_oneself")
    vote_mvp(q.db, evening.session.session_id, q.asked.caller.id, chosen, now=q.now)
    return _shown(q, evening)


def _evening(q: Question) -> Evening:
    found = find_session(q.db, session_of(q))
    if found is None:
        raise Refusal("refusal.no_data")
    return found


def _is_open(q: Question, evening: Evening) -> bool:
    """By the game server's clock, which is hours off UTC at most."""
    return q.now.replace(tzinfo=None) - evening.session.last_at < OPEN_FOR


def _shown(q: Question, evening: Evening) -> Message:
    is_open = _is_open(q, evening)
    mvps = {} if is_open else team_mvps(evening, round_lines(q.db, evening.session.session_id))
    votes = mvp_votes(q.db, evening.session.session_id)
    return card.card(q.shared_words, evening, votes, mvps, is_open=is_open)
