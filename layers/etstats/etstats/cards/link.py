"""What somebody is told about his link: who he is, what is still to be proven, and how."""

from __future__ import annotations

from etstats.cards.text import escaped
from etstats.domain.link import VOUCHES, Claim, Link
from etstats.interactions.reply import Button, Message, Press, Style
from etstats.words import Words


def state(words: Words, link: Link | None, claim: Claim | None) -> Message:
    """For the caller alone."""
    told = [_linked(words, link) if link else words("link.not_linked")]
    if claim is not None:
        told.append(_claimed(words, claim))
    rows = ((Button(label=words("link.check"), press=Press(command="link show"), style=Style.PRIMARY),),)
    return Message(content="\n\n".join(told), rows=rows if claim is not None else (), private=True)


def _linked(words: Words, link: Link) -> str:
    name = escaped(link.shown_as or link.name or link.guid)
    return words("link.linked", name=name, guid=link.guid, proof=words(f"link.by_{link.proof}"))


def _claimed(words: Words, claim: Claim) -> str:
    """How a claim is proven; or that it is, and takes its time."""
    name = escaped(claim.name)
    if claim.refusal is not None:
        return words("link.refused", name=name, reason=escaped(claim.refusal))
    if claim.proof is not None:
        return words("link.proven", name=name)
    return words(
        "link.prove", name=name, code=claim.code, missing=claim.vouches_missing, of=VOUCHES, user=f"<@{claim.user_id}>"
    )


def vouched(words: Words, claim: Claim) -> Message:
    """For everybody: who was vouched for, and how many are missing."""
    key = "link.vouched" if claim.vouches_missing else "link.vouched_enough"
    return Message(
        content=words(key, user=f"<@{claim.user_id}>", name=escaped(claim.name), missing=claim.vouches_missing)
    )


def approved(words: Words, claim: Claim) -> Message:
    """For everybody: that an admin vouches."""
    return Message(content=words("link.approved", user=f"<@{claim.user_id}>", name=escaped(claim.name)))
