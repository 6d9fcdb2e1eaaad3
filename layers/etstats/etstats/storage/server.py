"""Game servers: what they last told, which maps they have, and who wants to know what happens there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from etstats.domain.server import Seat, ServerStatus, Side
from etstats.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """*seen_at* None: never. *last_round_at*: when the latest round of it was stored."""

    seen_at: datetime | None
    status: ServerStatus | None
    last_round_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    seen_at: datetime | None
    status: dict[str, Any] | None
    last_round_at: datetime | None


def last_seen(db: Database, server: str) -> LastSeen:
    (row,) = db.all(
        _Row,
        """
        select (select seen_at from server_seen where server = :server) as seen_at,
               (select status from server_seen where server = :server) as status,
               (select stored_at from stats_file where server = :server and exists (
                    select from round where round_id = file_id) order by written_at desc limit 1) as last_round_at""",
        server=server,
    )
    status = None if row.status is None else _status(row.status)
    return LastSeen(seen_at=row.seen_at, status=status, last_round_at=row.last_round_at)


def note_seen(db: Database, server: str, status: ServerStatus, *, now: datetime) -> None:
    db.run(
        """
        insert into server_seen (server, seen_at, status) values (:server, :now, cast(:status as jsonb))
        on conflict (server) do update set seen_at = excluded.seen_at, status = excluded.status
        where server_seen.seen_at < excluded.seen_at""",
        server=server,
        now=now,
        status=json.dumps(asdict(status)).replace("\\u0000", ""),
    )


def _status(told: Mapping[str, Any]) -> ServerStatus | None:
    """None for what another version of us has left."""
    try:
        seats = tuple(Seat(**{**one, "side": Side(one["side"])}) for one in told["seats"])
        return ServerStatus(**{**told, "seats": seats})
    except (TypeError, KeyError, ValueError):
        return None


def note_maps(db: Database, server: str, maps: Collection[str], *, now: datetime) -> None:
    """These and no others are installed."""
    db.run(
        """
        with gone as (delete from server_map where server = :server and map <> all (:maps))
        insert into server_map (server, map, listed_at) select :server, unnest(cast(:maps as text[])), :now
        on conflict (server, map) do update set listed_at = excluded.listed_at""",
        server=server,
        maps=sorted(maps),
        now=now,
    )


def installed(db: Database, server: str) -> list[str]:
    """Its maps by name; none as long as nobody has asked it."""
    return db.values("select map from server_map where server = :server order by map", server=server)


# -- what is told by itself ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCard:
    guild_id: str
    channel_id: str
    server: str
    message_id: str | None
    nonce: str
    shown: str | None
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    server: str
    user_id: str
    guild_id: str
    at_least: int
    language: str | None


def set_live_card(
    db: Database, guild_id: str, channel_id: str, server: str, *, by: str, nonce: str, now: datetime
) -> None:
    """A new one, wherever an older stood."""
    db.run(
        """
        insert into live_card (guild_id, channel_id, server, nonce, set_by, set_at)
        values (:guild, :channel, :server, :nonce, :by, :now)
        on conflict (channel_id, server) do update set message_id = null, nonce = excluded.nonce, shown = null,
            problem = null, set_by = excluded.set_by, set_at = excluded.set_at""",
        guild=guild_id,
        channel=channel_id,
        server=server,
        nonce=nonce,
        by=by,
        now=now,
    )


def drop_live_card(db: Database, channel_id: str, server: str) -> bool:
    """Whether there was one. Its message stays as it is."""
    return db.run("delete from live_card where channel_id = :id and server = :server", id=channel_id, server=server) > 0


def live_cards(db: Database) -> list[LiveCard]:
    """Those that can be shown."""
    return db.all(
        LiveCard,
        """
        select guild_id, channel_id, server, message_id, nonce, shown,
               (select value #>> '{}' from guild_setting as set
                where set.guild_id = live_card.guild_id and name = 'language') as language
        from live_card where problem is null order by channel_id, server""",
    )


def note_shown(db: Database, card: LiveCard, *, message_id: str | None, shown: str | None, problem: str = "") -> None:
    db.run(
        """
        update live_card set message_id = :message, shown = :shown, problem = nullif(:problem, '')
        where channel_id = :channel and server = :server and nonce = :nonce""",
        message=message_id,
        shown=shown,
        problem=problem[:300],
        channel=card.channel_id,
        server=card.server,
        nonce=card.nonce,
    )


def ask_ping(db: Database, server: str, user_id: str, guild_id: str, at_least: int, *, now: datetime) -> None:
    """Once, when so many play; who asks again changes how many."""
    db.run(
        """
        insert into player_ping (server, user_id, guild_id, at_least, asked_at)
        values (:server, :user, :guild, :at_least, :now)
        on conflict (server, user_id) do update
        set at_least = excluded.at_least, guild_id = excluded.guild_id, asked_at = excluded.asked_at""",
        server=server,
        user=user_id,
        guild=guild_id,
        at_least=at_least,
        now=now,
    )


def pings(db: Database, *, since: datetime) -> list[Ping]:
    """Those that wait, younger than *since*; older ones go."""
    return db.all(
        Ping,
        """
        with gone as (delete from player_ping where asked_at < :since)
        select server, user_id, guild_id, at_least,
               (select language from user_setting as set where set.user_id = player_ping.user_id) as language
        from player_ping where asked_at >= :since order by asked_at, user_id""",
        since=since,
    )


def take_pings(db: Database, server: str, users: Sequence[str]) -> list[str]:
    """Who is told now: each is taken by one alone."""
    return db.values(
        "delete from player_ping where server = :server and user_id = any (:users) returning user_id",
        server=server,
        users=list(users),
    )
