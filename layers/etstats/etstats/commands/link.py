"""/link: which player somebody is, proven before it is believed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime

from etstats.cards import link as card
from etstats.cards.text import escaped
from etstats.commands.option import PLAYER, find_player
from etstats.commands.question import Question
from etstats.commands.registry import Option, Permission, Seen, Takes, Topic, command
from etstats.domain.link import CODE_LENGTH, LONGEST_NAME, Claim, Proof, code_from
from etstats.errors import Refusal
from etstats.interactions.reply import Message, sentence
from etstats.storage import link as book
from etstats.storage.who import find_name

_WHOSE = Option(name="user", takes=Takes.USER, required=True)


@command("link show", seen=Seen.PRIVATE, topic=Topic.YOU)
def link_show(q: Question) -> Message:
    """Looks for the code, too: nobody waits for the next minute who has just played his round."""
    book.prove_by_codes(q.db)
    return _state(q)


@command(
    "link add",
    options=(replace(PLAYER, required=True),),
    seen=Seen.PRIVATE,
    cooldown_s=5,
    example="/link add player:nick",
    topic=Topic.YOU,
)
def link_add(q: Question) -> Message:
    guid = find_player(q, q.asked.text("player"))
    if guid == q.me:
        raise Refusal("link.already_you", name=escaped(find_name(q.db, guid)))
    owner = book.find_owner(q.db, guid)
    if owner is not None and owner != q.asked.caller.id:
        raise Refusal("link.taken")
    book.claim(q.db, q.asked.caller.id, guid, code=code_from(secrets.token_bytes(CODE_LENGTH)), now=_now(q))
    return _state(q)


@command("link vouch", options=(_WHOSE,), example="/link vouch user:@nick", topic=Topic.YOU)
def link_vouch(q: Question) -> Message:
    if q.me is None:
        raise Refusal("link.vouch_unlinked")
    claim = _claim_of(q)
    if claim.user_id == q.asked.caller.id:
        raise Refusal("link.vouch_self")
    book.vouch(q.db, claim.user_id, q.asked.caller.id, now=_now(q))
    return card.vouched(q.words, _settled(q, claim))


@command(
    "link approve",
    options=(_WHOSE,),
    permission=Permission.MANAGE_SERVER,
    example="/link approve user:@nick",
    topic=Topic.YOU,
)
def link_approve(q: Question) -> Message:
    claim = _claim_of(q)
    book.prove(q.db, claim.user_id, Proof.ADMIN)
    return card.approved(q.words, _settled(q, claim))


@command("link remove", seen=Seen.PRIVATE, topic=Topic.YOU)
def link_remove(q: Question) -> Message:
    """What was played stays played; only nobody is behind it any more."""
    return sentence(q.words("link.removed" if book.unlink(q.db, q.asked.caller.id) else "link.nothing_to_remove"))


@command(
    "link name",
    options=(Option(name="name", max_length=LONGEST_NAME),),
    seen=Seen.PRIVATE,
    example="/link name name:Nick",
    topic=Topic.YOU,
)
def link_name(q: Question) -> Message:
    """What he is called beside his figures; nothing typed: as in the game."""
    name = q.asked.text("name")
    if not book.rename(q.db, q.asked.caller.id, name):
        raise Refusal("link.not_linked")
    return sentence(q.words("link.renamed", name=escaped(name)) if name else q.words("link.renamed_back"))


def _state(q: Question) -> Message:
    user_id, now = q.asked.caller.id, _now(q)
    book.link_first(q.db, user_id, now=now)
    return card.state(q.words, book.find_link(q.db, user_id), book.find_claim(q.db, user_id, now=now))


def _claim_of(q: Question) -> Claim:
    claim = book.find_claim(q.db, q.asked.text("user"), now=_now(q))
    if claim is None:
        raise Refusal("link.no_claim")
    return claim


def _settled(q: Question, claim: Claim) -> Claim:
    """The claim as it is now: a first link is made at once, a second account within the minute by the announcer."""
    now = _now(q)
    after = book.find_claim(q.db, claim.user_id, now=now) or claim
    book.link_first(q.db, claim.user_id, now=now)
    return after


def _now(q: Question) -> datetime:
    return datetime.fromtimestamp(q.asked.at_ms / 1000, UTC)
