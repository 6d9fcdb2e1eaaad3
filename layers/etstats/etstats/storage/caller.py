"""Who asks: what he has set, who he is in the game, what his server has set; and how long he must wait."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.domain.setting import KnownCaller, guild_settings
from etstats.storage.database import Database

# The end of the chain of merges that begins at a guid, as domain/correction.py has it.
_PERSON = """
    with recursive chain as (
        select person_link.guid, 0 as step from person_link where user_id = :user
        union all
        select correction.person, step + 1 from chain join correction using (guid)
        where kind = 'merge_persons' and withdrawn_at is null and step < 20
    ) select guid from chain order by step desc limit 1"""
# the cool-down begins, unless it still lasts
_TAKEN = """
    insert into cooldown as had (user_id, command, taken_at)
    select :user, :command, now() where cast(:seconds as integer) > 0
    on conflict (user_id, command) do update set taken_at = now()
        where had.taken_at not between now() - make_interval(secs => :seconds) and now()
    returning user_id"""
_LEFT_S = """
    cast(greatest(1, ceil(:seconds - extract(epoch from now() - coalesce((
        select taken_at from cooldown where user_id = :user and command = :command), now())))) as integer)"""
_GRANTED = """
    select coalesce(max(tier), 0) from tier_grant where guild_id = :guild and (
        holder = 'user' and holder_id = :user or holder = 'role' and holder_id = any (:roles))"""


def find_caller(
    db: Database,
    user_id: str,
    *,
    guild_id: str,
    roles: Sequence[str] = (),
    command: str = "",
    cooldown_s: int = 0,
) -> KnownCaller:
    """Takes the cool-down of *command*, where it has one and *wait_s* comes back as 0.

    What counts is the cool-down as it is now, not as it was when he last asked: a shorter one works at once.
    """
    (row,) = db.all(
        dict,
        f"""
        with taken as ({_TAKEN})
        select (select language from user_setting where user_id = :user) as language,
               ({_PERSON}) as person,
               (select json_object_agg(name, value) from guild_setting where guild_id = :guild) as settings,
               ({_GRANTED}) as granted,
               case when :seconds = 0 or exists (select from taken) then 0 else {_LEFT_S} end as wait_s
        """,  # noqa: S608  # our own fragments
        user=user_id,
        guild=guild_id,
        roles=list(roles),
        command=command,
        seconds=cooldown_s,
    )
    return KnownCaller(
        language=row["language"] or "",
        person=row["person"],
        guild=guild_settings(row["settings"]),
        wait_s=row["wait_s"],
        granted=row["granted"],
    )


def find_person(db: Database, user_id: str) -> str | None:
    """The guid of the person a Discord account is linked with."""
    found = db.values(_PERSON, user=user_id)
    return str(found[0]) if found else None
