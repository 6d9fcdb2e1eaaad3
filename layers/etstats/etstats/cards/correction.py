"""A correction as one line for people."""

from __future__ import annotations

from etstats.cards.text import plain
from etstats.domain.correction import AttributeGuid, Correction, ForgetPerson, MergePersons, NameTeams, VoidRound, What


def line(correction: Correction) -> str:
    """Number, what, why, by whom and since when; and who took it back."""
    told = f"{correction.correction_id:>3}  {_what(correction.what)}: {plain(correction.reason)}"
    told += f" ({plain(correction.made_by)}, {correction.made_at:%Y-%m-%d})"
    if correction.withdrawn_at is not None:
        told += f"; withdrawn ({plain(correction.withdrawn_by or '')}, {correction.withdrawn_at:%Y-%m-%d})"
    return told


def _what(what: What) -> str:
    match what:
        case VoidRound():
            return f"void {what.server}/{what.file}"
        case NameTeams():
            return f"teams of {what.server}/{what.file}: {plain(what.attackers)} attack, {plain(what.defenders)} defend"
        case MergePersons():
            return f"{what.guid} is {what.person}"
        case AttributeGuid():
            since = f" from {what.since:%Y-%m-%d %H:%M}" if what.since else ""
            until = f" until {what.until:%Y-%m-%d %H:%M}" if what.until else ""
            return f"{what.guid} is {what.person}{since}{until}"
        case ForgetPerson():
            return f"forget {what.guid}"
