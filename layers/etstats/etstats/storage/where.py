"""Which map is meant by a name."""

from __future__ import annotations

from etstats.storage.database import Database


def find_map(db: Database, typed: str) -> str | None:
    """The map called *typed*, or else the one most played whose name begins like that or has it inside; or whose
    `map_mark` it is."""
    found = db.values(
        """
        select map from map_total
        where rounds > 0 and (position(lower(:typed) in lower(map)) > 0 or left(md5(map), 8) = substr(:typed, 2))
        order by lower(map) <> lower(:typed), not starts_with(lower(map), lower(:typed)), rounds desc, map
        limit 1""",
        typed=typed,
    )
    return str(found[0]) if found else None


def maps_named(db: Database, typed: str, *, limit: int) -> list[str]:
    """Maps with *typed* in their names, those that begin with it first, then who is played most."""
    return db.values(
        """
        select map from map_total where rounds > 0 and position(lower(:typed) in lower(map)) > 0
        order by not starts_with(lower(map), lower(:typed)), rounds desc, map limit :limit""",
        typed=typed,
        limit=limit,
    )
