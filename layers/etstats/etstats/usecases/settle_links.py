"""Proven claims come true: a first account is linked, a second one's figures become the person's. Safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from etstats.domain.correction import MergePersons
from etstats.domain.link import Claim
from etstats.errors import BadCorrection
from etstats.storage import link as book
from etstats.storage.database import Database
from etstats.usecases import correct

_REASON = "the same player's second account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """*refusal*: why it could not be; None: it is true now. *sessions*: how many were computed again."""

    claim: Claim
    refusal: str | None = None
    sessions: int = 0


def settle_links(db: Database, *, now: Callable[[], datetime], time_is_short: Callable[[], bool]) -> Iterator[Settled]:
    """Looks for codes in the names of counted rounds, and makes every proven claim true. Raises DatabaseUnavailable."""
    book.prove_by_codes(db)
    for claim in book.proven_claims(db, now=now()):
        if time_is_short():
            return
        yield _settle(db, claim, now())


def _settle(db: Database, claim: Claim, now: datetime) -> Settled:
    book.link_first(db, claim.user_id, now=now)
    link = book.find_link(db, claim.user_id)
    if link is None:
        return _refuse(db, claim, "somebody else is linked to that player")
    if link.guid == claim.guid:
        return Settled(claim=claim)
    merge = MergePersons(guid=claim.guid, person=link.guid)
    try:
        done = correct.make(db, merge, by=f"<@{claim.user_id}>", reason=_REASON, now=now)
    except BadCorrection as fault:
        return _refuse(db, claim, str(fault))
    book.drop_claim(db, claim.user_id)
    return Settled(claim=claim, sessions=done.sessions)


def _refuse(db: Database, claim: Claim, reason: str) -> Settled:
    book.refuse(db, claim.user_id, reason)
    return Settled(claim=claim, refusal=reason)
