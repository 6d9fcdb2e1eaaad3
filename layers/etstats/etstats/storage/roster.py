"""What players are used to, and the teams that were made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from etstats.domain.balance import Candidate, Split, strengths
from etstats.domain.closeness import Closeness, Played
from etstats.domain.form import SESSIONS
from etstats.domain.roster import Roster
from etstats.storage.database import Database
from etstats.storage.rows import as_json, values

_MOST_PLAYED = 400


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    dpm: float | None
    rounds: int
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Game:
    won: bool
    sides: list[dict[str, Any]]


def played(db: Database) -> list[Played]:
    """The latest maps that were won, with everybody's strength as it was before that evening."""
    rows = db.all(
        _Game,
        """
        with game as (
            select match_id, session_id, session.first_at, winner = 'r1_attackers' as won, r1_attackers, r1_defenders
            from match join session using (session_id) where winner <> 'draw'
            order by session.first_at desc, position desc limit :most
        ), present as (
            select distinct session_id, first_at, guid from game, unnest(r1_attackers || r1_defenders) as guid
        ), usual as materialized (
            select present.session_id, guid, cast(coalesce(sum(rounds), 0) as integer) as rounds,
                   60.0 * sum(damage_given) filter (where played_s > 0)
                       / nullif(sum(played_s) filter (where damage_given is not null), 0) as dpm
            from present left join lateral (
                select rounds, played_s, damage_given from player_session
                where player_session.guid = present.guid and last_at < present.first_at
                order by last_at desc, session_id limit :sessions
            ) as recent on true
            group by present.session_id, guid
        )
        select won, json_agg(json_build_object('dpm', dpm, 'rounds', rounds, 'first', guid = any (r1_attackers)))
                   as sides
        from game join usual on usual.session_id = game.session_id and guid = any (r1_attackers || r1_defenders)
        group by match_id, won, first_at order by first_at desc, match_id desc""",
        most=_MOST_PLAYED,
        sessions=SESSIONS,
    )
    games = ((values(_Side, one.sides), one.won) for one in rows)
    return [Played(share=share, won=won) for sides, won in games if (share := _share(sides)) is not None]


def _share(sides: Sequence[_Side]) -> float | None:
    """Of those who attacked first; None: of nobody anything was known, or one side had nobody."""
    players = [Candidate(key="", name="", dpm=one.dpm, rounds=one.rounds) for one in sides]
    strength = strengths(players)
    first = sum(one for one, side in zip(strength, sides, strict=True) if side.first)
    is_known = any(one.dpm is not None for one in sides)
    return first / sum(strength) if is_known and 0 < first < sum(strength) else None


def keep(
    db: Database, *, guild_id: str, user_id: str, players: Sequence[Candidate], splits: Sequence[Split],
    close: Closeness | None, now: datetime, interaction_id: str,
) -> int:  # fmt: skip
    """The number it is found by. Asked again: the same."""
    (number,) = db.values(
        """
        insert into roster (guild_id, user_id, made_at, players, splits, steepness, maps, interaction_id)
        values (:guild_id, :user_id, :now, cast(:players as jsonb), cast(:splits as jsonb), :steepness, :maps,
                :interaction_id)
        on conflict (interaction_id) do update set user_id = excluded.user_id returning roster_id""",
        guild_id=guild_id,
        user_id=user_id,
        players=as_json([asdict(one) for one in players]),
        splits=as_json([asdict(one) for one in splits]),
        steepness=close.steepness if close else None,
        maps=close.maps if close else None,
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
    steepness: float | None
    maps: int | None


def find_roster(db: Database, guild_id: str, roster_id: int | None = None) -> Roster | None:
    """The one with this number, or the one that was chosen last."""
    row = db.find(
        _Row,
        """select roster_id, players, splits, cast(chosen as integer) as chosen, chosen_at, steepness, maps
           from roster
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
        close=Closeness(steepness=row.steepness, maps=row.maps) if row.steepness is not None and row.maps else None,
    )
