"""Demos that came before their round's stats file are joined with it once that is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from etstats.domain.demo_match import Shown, best_match, joined, kills_by_name
from etstats.storage import demo as book
from etstats.storage.database import Database

TRIED_FOR = timedelta(days=2)


def match_demos(db: Database, *, now: datetime) -> int:
    """How many were joined now. Safe to repeat."""
    count = 0
    for demo in book.unmatched(db, since=now - TRIED_FOR):
        players = book.demo_players(db, demo.demo_id)
        shown = Shown(
            map=demo.map or "", duration_s=demo.shown_s, whole=bool(demo.shown_whole), kills=kills_by_name(players)
        )
        match = best_match(shown, book.candidates(db, shown.map))
        if match is not None:
            with db.transaction():
                book.rematch(db, demo, match, joined(players, match), human=False)
            count += 1
    return count
