"""What players are used to, and the teams that were made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from etstats.domain.balance import Candidate, Split
from etstats.domain.form import SESSIONS
from etstats.domain.roster import Roster
from etstats.storage.database import Database
from etstats.storage.rows import as_json


def usual(db: Database, guids: Sequence[str]) -> dict[str, Candidate]:
    """Damage per minute over everybody's latest sessions, sum over sum; None where nothing is known."""
    rows = db.all(
        Candidate,
        """
        select wanted.guid as key, coalesce(player.name, wanted.guid) as name,
               cast(60.0 * sum(damage_given) filter (where played_s > 0)
                    / nullif(sum(played_s) filter (where damage_given is not null), 0) as double precision) as dpm,
               cast(coalesce(sum(recent.rounds), 0) as integer) as rounds
        from unnest(cast(:guids as text[])) as wanted (guid) left join player on player.guid = wanted.guid
             left join lateral (
                 select rounds, played_s, damage_given from player_session
                 where player_session.guid = wanted.guid order by last_at desc, session_id limit :sessions
             ) as recent on true
        group by wanted.guid, player.name""",
        guids=list(guids),
        sessions=SESSIONS,
    )
    return {one.key: one for one in rows}


def keep(
    db: Database, *, guild_id: str, user_id: str, players: Sequence[Candidate], splits: Sequence[Split], now: datetime,
    interaction_id: str,
) -> int:  # fmt: skip
    """The number it is found by. Asked again: the same."""
    (number,) = db.values(
        """
        insert into roster (guild_id, user_id, made_at, players, splits, interaction_id)
        values (:guild_id, :user_id, :now, cast(:players as jsonb), cast(:splits as jsonb), :interaction_id)
        on conflict (interaction_id) do update set user_id = excluded.user_id returning roster_id""",
        guild_id=guild_id,
        user_id=user_id,
        players=as_json([asdict(one) for one in players]),
        splits=as_json([asdict(one) for one in splits]),
        now=now,
        interaction_id=interaction_id,
    )
    return int(number)


def choose(db: Database, roster_id: int, guild_id: str, number: int, *, now: datetime) -> None:
    """*number* from 1; one that there is not changes nothing. The latest choice counts."""
    db.run(
        """update roster set chosen = :number, chosen_at = :now
           where roster_id = :roster_id and guild_id = :guild_id
               and cast(:number as integer) between 1 and jsonb_array_length(splits)""",
        roster_id=roster_id,
        guild_id=guild_id,
        number=number,
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    roster_id: int
    players: list[dict[str, Any]]
    splits: list[dict[str, Any]]
    chosen: int | None
    chosen_at: datetime | None


def find_roster(db: Database, guild_id: str, roster_id: int | None = None) -> Roster | None:
    """The one with this number, or the one that was chosen last."""
    row = db.find(
        _Row,
        """select roster_id, players, splits, cast(chosen as integer) as chosen, chosen_at from roster
           where guild_id = :guild_id and case when cast(:roster_id as bigint) is null then chosen is not null
                                               else roster_id = :roster_id end
           order by chosen_at desc nulls last limit 1""",
        guild_id=guild_id,
        roster_id=roster_id,
    )
    if row is None:
        return None
    return Roster(
        roster_id=row.roster_id,
        players=tuple(Candidate(**one) for one in row.players),
        splits=tuple(Split(a=tuple(one["a"]), b=tuple(one["b"]), share=one["share"]) for one in row.splits),
        chosen=row.chosen,
        chosen_at=row.chosen_at,
    )
