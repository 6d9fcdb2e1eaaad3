"""Links between Discord accounts and players, and the claims that are to become links."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.link import CLAIM_LIVES, VOUCHES, Claim, Link, Proof
from etstats.storage.database import Database


def find_link(db: Database, user_id: str) -> Link | None:
    """The account's player: under the guid that was proven."""
    return db.find(
        Link,
        """
        select user_id, guid, proven_by as proof, person_link.name as shown_as, player.name
        from person_link left join player using (guid) where user_id = :user_id""",
        user_id=user_id,
    )


def find_owner(db: Database, guid: str) -> str | None:
    """The account linked to *guid*."""
    return next(iter(db.values("select user_id from person_link where guid = :guid", guid=guid)), None)


def find_claim(db: Database, user_id: str, *, now: datetime) -> Claim | None:
    """What the account says to be, unless that was too long ago."""
    return db.find(
        Claim,
        """
        select user_id, guid, coalesce(player.name, guid) as name, code, made_at, proven_by as proof,
               (select array_agg(voucher_id order by made_at, voucher_id)
                from link_vouch where link_vouch.user_id = link_claim.user_id) as vouched, refusal
        from link_claim left join player using (guid)
        where user_id = :user_id and made_at > :since""",
        user_id=user_id,
        since=now - CLAIM_LIVES,
    )


def claim(db: Database, user_id: str, guid: str, *, code: str, now: datetime) -> None:
    """The account says to be *guid*. The same again keeps its code and its vouches; another guid begins anew."""
    with db.transaction():
        db.run(
            "delete from link_claim where user_id = :user_id and (guid <> :guid or made_at <= :since)",
            user_id=user_id,
            guid=guid,
            since=now - CLAIM_LIVES,
        )
        db.run(
            """
            insert into link_claim (user_id, guid, code, made_at) values (:user_id, :guid, :code, :now)
            on conflict (user_id) do nothing""",
            user_id=user_id,
            guid=guid,
            code=code,
            now=now,
        )


def vouch(db: Database, user_id: str, voucher_id: str, *, now: datetime) -> None:
    """*voucher_id* confirms the claim of *user_id*; with the last one missing it is proven. Safe to repeat."""
    with db.transaction():
        # one at a time, so that two last ones at once see each other
        db.run("select 1 from link_claim where user_id = :user_id for update", user_id=user_id)
        db.run(
            """
            insert into link_vouch (user_id, voucher_id, made_at)
            select user_id, :voucher_id, :now from link_claim where user_id = :user_id
            on conflict do nothing""",
            user_id=user_id,
            voucher_id=voucher_id,
            now=now,
        )
        db.run(
            """
            update link_claim set proven_by = 'vouches' where user_id = :user_id and proven_by is null
            and (select count(*) from link_vouch where link_vouch.user_id = :user_id) >= :enough""",
            user_id=user_id,
            enough=VOUCHES,
        )


def prove(db: Database, user_id: str, proof: Proof) -> None:
    """The claim holds."""
    db.run(
        "update link_claim set proven_by = :proof where user_id = :user_id and proven_by is null",
        user_id=user_id,
        proof=proof.value,
    )


def prove_by_codes(db: Database) -> None:
    """Every claim whose code stood in its player's name in a counted round."""
    db.run("""
        update link_claim set proven_by = 'code' from alias
        where proven_by is null and alias.guid = link_claim.guid and position(code in upper(alias.name)) > 0""")


def link_first(db: Database, user_id: str, *, now: datetime) -> None:
    """A proven claim of somebody without a link becomes his link, unless the player is somebody's already."""
    with db.transaction():
        db.run(
            """
            insert into person_link (user_id, guid, proven_by, linked_at)
            select user_id, guid, proven_by, :now from link_claim
            where user_id = :user_id and proven_by is not null
            on conflict do nothing""",
            user_id=user_id,
            now=now,
        )
        db.run(
            """
            delete from link_claim using person_link
            where link_claim.user_id = :user_id and person_link.user_id = link_claim.user_id
            and person_link.guid = link_claim.guid""",
            user_id=user_id,
        )


def proven_claims(db: Database, *, now: datetime) -> list[Claim]:
    """Those that are to be made true."""
    return db.all(
        Claim,
        """
        select user_id, guid, guid as name, code, made_at, proven_by as proof, null as vouched
        from link_claim where proven_by is not null and refusal is null and made_at > :since
        order by made_at, user_id""",
        since=now - CLAIM_LIVES,
    )


def refuse(db: Database, user_id: str, reason: str) -> None:
    """The claim is proven and cannot come true all the same."""
    db.run("update link_claim set refusal = :reason where user_id = :user_id", user_id=user_id, reason=reason)


def drop_claim(db: Database, user_id: str) -> None:
    db.run("delete from link_claim where user_id = :user_id", user_id=user_id)


def unlink(db: Database, user_id: str) -> bool:
    """Whether there was a link. What the files say stays; only nobody is behind it any more."""
    with db.transaction():
        drop_claim(db, user_id)
        return db.run("delete from person_link where user_id = :user_id", user_id=user_id) > 0


def rename(db: Database, user_id: str, name: str) -> bool:
    """What he wants to be called; '': as in the game. Whether he is linked at all."""
    return (
        db.run("update person_link set name = nullif(:name, '') where user_id = :user_id", user_id=user_id, name=name)
        > 0
    )
