"""Demos that came before their round's stats file are joined with it once that is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from etstats.domain.demo_match import best_match, joined
from etstats.storage import demo as book
from etstats.storage.database import Database

TRIED_FOR = timedelta(days=2)


def match_demos(db: Database, *, now: datetime) -> int:
    """How many were joined now. Safe to repeat."""
    count = 0
    for demo in book.unmatched(db, since=now - TRIED_FOR):
        shown = book.shown_round(db, demo)
        match = best_match(shown, book.candidates(db, shown.map))
        if match is not None:
            with db.transaction():
                players = joined(book.demo_players(db, demo.demo_id), match)
                book.rematch(db, demo, match, players, human=False, now=now)
            count += 1
    return count
