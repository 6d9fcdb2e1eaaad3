"""What a rehearsal compares: every gaming session's score and every player's sums, in two small statements."""

from __future__ import annotations

from etstats.domain.rehearsal import PlayerSum, SessionSum, Sums
from etstats.storage.database import Database


def sums(db: Database) -> Sums:
    sessions = db.all(
        SessionSum,
        """select session_id, server, first_at, score_a, score_b, maps, counted_rounds, team_a, team_b from session
           order by session_id""",
    )
    players = db.all(
        PlayerSum,
        """select guid, name, player_total.rounds, coalesce(kills, 0) as kills, coalesce(deaths, 0) as deaths
           from player_total join player using (guid) where map = '' order by guid""",
    )
    return Sums(sessions={one.session_id: one for one in sessions}, players={one.guid: one for one in players})
