"""Who is meant by a name: players by the names they have gone by."""

from __future__ import annotations

import math

from etstats.domain.who import SHORTEST_ALIKE, Named
from etstats.storage.database import Database

_NAMES_LOOKED_AT = 300


def find_name(db: Database, guid: str) -> str:
    """The person's latest name; the guid itself where there is none."""
    return next(iter(db.values("select name from player where guid = :guid", guid=guid)), guid)


def players_named(db: Database, *, typed: str, search: str, limit: int, me: str | None = None) -> list[Named]:
    """Players one of whose names is *typed*, or else contains *search* (its search key): the whole name before its
    beginning before its middle, then who played more. Nothing typed: everybody, latest first. Who hides is
    found by nobody but himself, *me*."""
    if not typed:
        return _latest_players(db, limit, me)
    return db.all(
        Named,
        """
        select guid, name, matched, search_name, rounds, last_at from (
            select distinct on (guid) guid, player.name, known.name as matched, known.search_name,
                   player.rounds, player.last_at,
                   case when lower(known.name) = lower(:typed) then 0
                        when known.search_name = :search then 1
                        when starts_with(known.search_name, :search) then 2
                        else 3 end as place
            from (select guid, name, search_name from player
                  union select guid, name, search_name from alias) known
                 join player using (guid)
            where (lower(known.name) = lower(:typed)
                   or (:search <> '' and position(:search in known.search_name) > 0))
               and (guid = :me or guid not in (select guid from hidden_person))
            order by guid, place, known.name <> player.name, known.name) found
        order by place, rounds desc, guid
        limit :limit""",
        typed=typed,
        search=search,
        limit=limit,
        me=me,
    )


def _latest_players(db: Database, limit: int, me: str | None) -> list[Named]:
    return db.all(
        Named,
        """
        select guid, name, name as matched, search_name, rounds, last_at from player
        where guid = :me or guid not in (select guid from hidden_person)
        order by last_at desc, rounds desc, guid limit :limit""",
        limit=limit,
        me=me,
    )


def names_near(db: Database, search: str, *, me: str | None = None) -> list[Named]:
    """Names that may look like *search* (a search key): of alike length, those first that share most with it, by its
    first letter and by two letters in a row. What `nearest` chooses from; it is far slower than PostgreSQL."""
    return db.all(
        Named,
        """
        select guid, player.name, known.name as matched, known.search_name, player.rounds, player.last_at
        from (select guid, name, search_name, cast(starts_with(search_name, left(:search, 1)) as integer) + (
                  select count(*) from unnest(cast(:pairs as text[])) as pair where position(pair in search_name) > 0
              ) as shared
              from (select guid, name, search_name from player union select guid, name, search_name from alias) named
              where length(search_name) between :shortest and :longest) known
             join player using (guid)
        where shared > 0 and (guid = :me or guid not in (select guid from hidden_person))
        order by shared desc, player.rounds desc, guid, known.name limit :limit""",
        search=search,
        shortest=math.ceil(len(search) * SHORTEST_ALIKE),
        longest=math.floor(len(search) / SHORTEST_ALIKE),
        pairs=sorted({search[at : at + 2] for at in range(len(search) - 1)}),
        limit=_NAMES_LOOKED_AT,
        me=me,
    )


def is_hidden(db: Database, guid: str) -> bool:
    """Whether the player keeps his figures for himself."""
    return bool(db.values("select 1 from hidden_person where guid = :guid", guid=guid))
