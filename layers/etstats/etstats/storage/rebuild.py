"""The shadow: a second set of tables beside the live ones, made by the same migrations, compared and swapped in.

It lives in a schema of its own. A connection to it looks nowhere else, so all code that knows the live tables works
on it unchanged. Functions here take the live connection and name the shadow's tables in full.
"""
# ruff: noqa: S608  # SQL is made of our own names and the catalogue's; nothing anybody typed is in it

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from etstats.domain.difference import Change
from etstats.errors import BadInput
from etstats.storage.database import Database
from etstats.storage.migrate import migrate

# Every table is one or the other; a test fails for one that nobody placed.
# Computed from files and corrections, from nothing else: compared and swapped as they stand.
DERIVED = (
    *("session", "round", "match", "player_round", "weapon_round", "player_session"),
    *("player", "player_day", "player_total", "weapon_day", "weapon_total"),
    *("alias", "alias_day", "map_total", "player_record"),
    *("companion", "award", "duel", "gametime", "round_trust", "player_mark"),
)
# What people entered, what was posted and asked, and how far files and migrations are: no rebuild touches a row of it,
# but for the ledger of files, whose results are computed.
KEPT = (
    *("migration", "stats_file", "correction", "outbox", "post_channel", "interaction"),
    *("person_link", "link_claim", "link_vouch", "farewell", "user_setting", "guild_setting", "cooldown"),
    *("availability", "poll", "poll_vote", "reminder", "roster", "mvp_vote"),
    *("health", "problem", "job_answer"),
    *("demo", "demo_file", "demo_player", "demo_duel", "highlight", "performance", "clip", "video"),
    *("upload", "demo_match", "render"),
    *("breaker", "tier_grant", "audit", "server_seen", "server_map", "live_card", "player_ping", "map_package"),
)
# What the ledger of files keeps of its own: when things happened, and what fetching knows.
_TIMES = ("seen_at", "stored_at", "parsed_at", "published_at")
_FETCHING = ("listed_size", "listed_mtime", "listed_at", "fetched_size", "fetched_mtime")
# what was posted about evenings no older than that is edited where a rebuild made it another
_YOUNG = timedelta(days=30)


class NotMigrated(BadInput):
    """The live tables are of another version than this code."""


class RebuildRunning(BadInput):
    """Two at once would share one shadow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. *depended_on*: rows of others it was asked for with refer to its."""

    name: str
    columns: list[str]
    key: list[str]
    depended_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFile:
    """A version of a file that live and shadow do not agree on."""

    server: str
    name: str
    sha256: str


def shadow_of(live: Database) -> str:
    """The schema of its shadow: each community's live rows have one of their own."""
    return "_".join(("etstats_shadow", live.schema)) if live.schema else "etstats_shadow"


def make(live: Database, shadow: Database) -> None:
    """An empty shadow with the corrections in it. Raises NotMigrated or RebuildRunning."""
    if not shadow.values("select pg_try_advisory_lock(hashtextextended(:schema, 5))", schema=shadow.schema)[0]:
        raise RebuildRunning("Another rebuild is running. Wait for its end.")
    _drop(live)
    migrate(shadow)
    shadow.run("set synchronous_commit = off")  # after a crash it is made anew anyway
    if _ran(live) != _ran(shadow):
        raise NotMigrated("The database is of another version than this program. Run `etstats migrate` first.")
    copy_corrections(live)
    copy_demos(live)
    # where the posts of files go that only the bucket has so far
    live.run(f"insert into {shadow_of(live)}.guild_setting select * from guild_setting")


def _ran(db: Database) -> list[str]:
    """The migrations, with their checksums; none where nobody has ever run one."""
    if not db.values("select 1 where to_regclass('migration') is not null"):
        return []
    return db.values("select number || ' ' || checksum from migration order by number")


def remove(live: Database, shadow: Database) -> None:
    """Away with it, and then another rebuild may begin."""
    _drop(live)
    shadow.run("select pg_advisory_unlock(hashtextextended(:schema, 5))", schema=shadow.schema)


def _drop(live: Database) -> None:
    live.run(f"drop schema if exists {shadow_of(live)} cascade")


def copy_corrections(live: Database) -> None:
    """The shadow's are the live ones. One statement, so nobody sees none."""
    live.run(
        f"""with gone as (delete from {shadow_of(live)}.correction where correction_id not in
                (select correction_id from correction))
            insert into {shadow_of(live)}.correction overriding system value select * from correction
            on conflict (correction_id) do update set
                (withdrawn_by, withdrawn_at) = (excluded.withdrawn_by, excluded.withdrawn_at)"""
    )


def changed_corrections(live: Database) -> list[int]:
    """The numbers of those that are not alike on both sides."""
    return live.values(
        f"""select correction_id
            from correction as ours full join {shadow_of(live)}.correction as its using (correction_id)
            where ours is distinct from its order by 1"""
    )


# all of a demo that its round's trust follows from
_TOLD = "sha256, guild_id, round_id, matched_by, match_parts, testimony"


def copy_demos(live: Database) -> None:
    """The shadow's demos tell what the live ones do. They are nobody's figures, so they are not compared or swapped."""
    live.run(f"delete from {shadow_of(live)}.demo where demo_id not in (select demo_id from demo)")
    columns = ", ".join(_columns(live, "demo"))
    live.run(
        f"""insert into {shadow_of(live)}.demo ({columns}) overriding system value select {columns} from demo
            on conflict (demo_id) do update set {_assigned(_TOLD.split(", "), ())}"""
    )


def rounds_shown_otherwise(live: Database) -> list[int]:
    """The rounds that a demo tells of on one side only, or otherwise."""
    return live.values(
        f"""select distinct shown from demo as ours full join {shadow_of(live)}.demo as its using (demo_id),
                lateral (values (ours.round_id), (its.round_id)) as side (shown)
            where ({_row("ours", _TOLD.split(", "))}) is distinct from ({_row("its", _TOLD.split(", "))})
                and shown is not null order by 1"""
    )


def seed(live: Database, shadow: Database, *, since: datetime) -> None:
    """Fills the shadow with everything as it is, but for the evenings that were still going on at *since*, later ones
    and what they added to the sums."""
    with live.transaction():
        live.run("set transaction isolation level repeatable read")
        for table in ("stats_file", *(table.name for table in derived_tables(live))):
            columns = ", ".join(_columns(live, table))
            live.run(f"insert into {shadow_of(live)}.{table} ({columns}) select {columns} from {table}")
    with shadow.transaction():
        shadow.run("select forget_since(:since)", since=since)


def count_rows(shadow: Database) -> None:
    """Lets PostgreSQL know how large the tables have become: nobody else does it for them in time."""
    shadow.run("analyze stats_file, " + ", ".join(table.name for table in derived_tables(shadow)))


def known_files(shadow: Database) -> set[tuple[str, str]]:
    """Server and name of what the shadow has."""
    return {(one.server, one.name) for one in shadow.all(LedgerFile, _STORED)}


_STORED = "select server, name, sha256 from stats_file where sha256 is not null"


def files_apart(live: Database) -> list[LedgerFile]:
    """Versions the live side has and the shadow has not."""
    return live.all(
        LedgerFile,
        f"""select server, name, ours.sha256 from stats_file as ours left join {shadow_of(live)}.stats_file as its
                using (server, name)
            where ours.sha256 is not null and ours.sha256 is distinct from its.sha256
            order by ours.written_at, name""",
    )


def derived_tables(live: Database) -> list[Table]:
    """All of them; what others depend on comes first. A derived table must have a primary key to be compared by."""
    return tables_among(live, DERIVED)


def tables_among(live: Database, names: Collection[str]) -> list[Table]:
    """Those of *names* that there are; what others among them depend on comes first."""
    return live.all(
        Table,
        """
        with recursive wanted as (
            select oid, relname from pg_class
            where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname = any (:names)
        ), needs as (
            select distinct conrelid as oid, confrelid as needed from pg_constraint
            where contype = 'f' and conrelid <> confrelid and confrelid in (select oid from wanted)
        ), depth as (
            select oid, 0 as depth from wanted
            union all
            select needs.oid, depth + 1 from needs join depth on depth.oid = needed
        )
        select relname::text as name,
               (select array_agg(attname::text order by attnum) from pg_attribute
                where attrelid = oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
               (select array_agg(attname::text order by attnum) from pg_index join pg_attribute
                    on attrelid = indrelid and attnum = any (indkey)
                where indrelid = oid and indisprimary) as key,
               exists (select from needs where needed = oid) as depended_on
        from wanted join (select oid, max(depth) as depth from depth group by oid) as placed using (oid)
        order by depth, relname""",
        names=list(names),
    )


def _columns(live: Database, table: str) -> list[str]:
    return live.values(
        """select attname::text from pg_attribute
           where attrelid = to_regclass(:table) and attnum > 0 and not attisdropped and attgenerated = ''
           order by attnum""",
        table=table,
    )


# -- comparing -------------------------------------------------------------------------------------------------------


def rows_apart(live: Database, table: Table) -> int:
    """How many rows are there on one side only, or differ."""
    return int(
        live.values(
            f"""select count(*) from {table.name} as ours full join {shadow_of(live)}.{table.name} as its
                    using ({", ".join(table.key)})
                where ours is distinct from its"""
        )[0]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    before: dict[str, Any] | None
    after: dict[str, Any] | None


_PAIRS = {
    "round": """
        select to_jsonb(ours) - 'digest' || jsonb_build_object('file', old.name) as before,
               to_jsonb(its) - 'digest' || jsonb_build_object('file', new.name) as after
        from round as ours full join {shadow}.round as its using (round_id)
             left join stats_file as old on old.file_id = ours.round_id
             left join {shadow}.stats_file as new on new.file_id = its.round_id
        where ours is distinct from its
        order by coalesce(its.written_at, ours.written_at), round_id""",
    "session": """
        select to_jsonb(ours) as before, to_jsonb(its) as after
        from session as ours full join {shadow}.session as its using (session_id)
        where ours is distinct from its order by coalesce(its.first_at, ours.first_at), session_id""",
    "match": """
        select to_jsonb(ours) || jsonb_build_object('at', one.written_at) as before,
               to_jsonb(its) || jsonb_build_object('at', other.written_at) as after
        from match as ours full join {shadow}.match as its using (match_id)
             left join round as one on one.round_id = ours.round1_id
             left join {shadow}.round as other on other.round_id = its.round1_id
        where ours is distinct from its order by coalesce(other.written_at, one.written_at), match_id""",
    "player": """
        select to_jsonb(ours) || to_jsonb(had) - 'map' as before, to_jsonb(its) || to_jsonb(has) - 'map' as after
        from player as ours join player_total as had on had.guid = ours.guid and had.map = ''
             full join ({shadow}.player as its
                        join {shadow}.player_total as has on has.guid = its.guid and has.map = '')
                 on its.guid = ours.guid
        where ours is distinct from its or had is distinct from has
        order by coalesce(its.name, ours.name), coalesce(its.guid, ours.guid)""",
}  # a second joined with the first: what a person would tell of a row


def changes(live: Database, table: str) -> list[Change]:
    """Rows of round, session, match or player that differ, as JSON has them; players with their sums."""
    pairs = live.all(_Pair, _PAIRS[table].format(shadow=shadow_of(live)))
    return [Change(before=pair.before, after=pair.after) for pair in pairs]


def formula_versions(db: Database) -> list[int]:
    return db.values("select distinct formula_version from round order by 1")


# -- swapping --------------------------------------------------------------------------------------------------------


def hold_demos(live: Database) -> None:
    """Until the transaction ends no demo comes, goes or is joined with another round. Before anything else is held:
    whoever joins one goes from the demo to its round."""
    live.run("lock table demo in share row exclusive mode")


def hold_everything(live: Database) -> None:
    """Until the transaction ends nobody writes; people read as before."""
    tables = ", ".join(["stats_file", "outbox", *(table.name for table in derived_tables(live))])
    live.run(f"lock table {tables} in share row exclusive mode")


def swap(live: Database) -> None:
    """Makes the live rows what the shadow's are, touching only those that differ. Part of the caller's transaction,
    which holds everything."""
    tables = derived_tables(live)
    parents = [table for table in tables if table.depended_on]
    leaves = [table for table in tables if not table.depended_on]
    _swap_files(live)
    for table in leaves:
        same = f"{_its(live, table)} and its is not distinct from ours"
        live.run(f"delete from {table.name} as ours where not exists ({same})")
    for table in parents:
        live.run(_upsert(live, table))
    for table in leaves:
        live.run(_insert_missing(live, table))
    for table in reversed(parents):
        live.run(f"delete from {table.name} as ours where not exists ({_its(live, table)})")
    _forget_files(live)
    live.run(
        """select look_again(array(select session_id from session
               where last_at > (select max(last_at) from session) - cast(:young as interval)), now())""",
        young=_YOUNG,
    )


def _its(live: Database, table: Table) -> str:
    """The shadow's row of the same key."""
    return f"select from {shadow_of(live)}.{table.name} as its where {_same(table.key)}"


def _same(key: Sequence[str]) -> str:
    return " and ".join(f"its.{column} = ours.{column}" for column in key)


def _insert_missing(live: Database, table: Table) -> str:
    columns = ", ".join(table.columns)
    return (
        f"insert into {table.name} ({columns}) select {columns} from {shadow_of(live)}.{table.name} as its"
        f" where not exists (select from {table.name} as ours where {_same(table.key)})"
    )


def _upsert(live: Database, table: Table) -> str:
    columns = ", ".join(table.columns)
    return (
        f"insert into {table.name} ({columns}) select {columns} from {shadow_of(live)}.{table.name} as its"
        f" where not exists (select from {table.name} as ours where {_same(table.key)}"
        " and ours is not distinct from its)"
        f" on conflict ({', '.join(table.key)}) do update set {_assigned(table.columns, table.key)}"
    )


def _assigned(columns: Sequence[str], but: Collection[str]) -> str:
    return ", ".join(f"{column} = excluded.{column}" for column in columns if column not in but)


def _swap_files(live: Database) -> None:
    """The ledger keeps its times. A version that only the bucket had so far is posted as if it had just been stored."""
    live.run(
        f"""insert into outbox select * from {shadow_of(live)}.outbox as its
            where not exists (select from stats_file where file_id = its.subject_id and sha256 is not null)
            on conflict do nothing"""
    )
    columns = _columns(live, "stats_file")
    told = [column for column in columns if column not in {*_TIMES, *_FETCHING}]
    live.run(
        f"""insert into stats_file as ours ({", ".join(columns)})
            select {", ".join(columns)} from {shadow_of(live)}.stats_file
            on conflict (file_id) do update set {_assigned(told, ("file_id",))},
                stored_at = coalesce(ours.stored_at, excluded.stored_at),
                parsed_at = case when excluded.parsed_at is not null
                                 then coalesce(ours.parsed_at, excluded.parsed_at) end,
                published_at = case when ours.parsed_at is null or ours.refusal_code is not null
                                    then excluded.published_at else ours.published_at end
            where ({_row("ours", told)}) is distinct from ({_row("excluded", told)})"""
    )


def _row(of: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{of}.{column}" for column in columns)


def _forget_files(live: Database) -> None:
    """What the bucket does not have any more is on record still, and stored again should it come back."""
    live.run(
        f"""update stats_file set sha256 = null, content = null, written_at = null, refusal_code = null,
                refusal = null, parsed_at = null, published_at = null, note = 'no longer in the bucket'
            where sha256 is not null and file_id not in (select file_id from {shadow_of(live)}.stats_file)"""
    )
