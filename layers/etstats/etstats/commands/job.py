"""Work that takes longer is told of while it is done: its answer says how far it is."""

from __future__ import annotations

from etstats.cards import job as card
from etstats.commands.question import Question
from etstats.domain.audit import Entry
from etstats.domain.progress import Told, now_and_then


def progress(q: Question, job: Entry, *, about: str = "") -> Told:
    """For whoever does it to call, often. *about*: what it is about, where the command's name does not say it."""
    return now_and_then(
        lambda percent: q.show(card.running(q.words, job, percent, about=about)),
        lambda: q.control().now().timestamp(),
    )
