"""Reads what badges are given for."""

from __future__ import annotations

from etstats.domain.achievement import Career
from etstats.storage.database import Database


def careers(db: Database) -> list[Career]:
    """Everybody's sums over all counted rounds."""
    return db.all(
        Career,
        """
        select guid, cast(sum(rounds) as integer) as rounds, cast(sum(kills) as bigint) as kills,
               cast(sum(deaths) as bigint) as deaths, cast(sum(revives_given) as bigint) as revives,
               cast(sum(times_revived) as bigint) as revived, cast(sum(dynamites_planted) as bigint) as planted,
               cast(sum(dynamites_defused) as bigint) as defused,
               cast(sum(objectives_stolen) + sum(objectives_returned) as bigint) as carried
        from player_session group by guid""",
    )
