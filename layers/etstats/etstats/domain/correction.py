"""What people know better than the files: a round that must not count, the teams' names, who a guid really is.

A correction says what, by whom and why; it is in force until it is withdrawn. Which ones are in force together with
the files decides every figure, so nothing here asks for more than values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum


class Kind(Enum):
    VOID_ROUND = "void_round"
    NAME_TEAMS = "name_teams"
    MERGE_PERSONS = "merge_persons"
    ATTRIBUTE_GUID = "attribute_guid"
    FORGET_PERSON = "forget_person"


# stands where the name of somebody stood who asked to be forgotten; in the database as well
FORGOTTEN = "(forgotten)"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidRound:
    """The round of this file does not count, nor the map it is part of."""

    server: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTeams:
    """What the attackers and the defenders of this file, a first round, are called all evening.

    Sides of a round rather than “team A”: an earlier file that comes late may make A of B.
    """

    server: str
    file: str
    attackers: str
    defenders: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePersons:
    """All that *guid* did is *person*'s, and what was *guid*'s by another correction is, too."""

    guid: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeGuid:
    """From *since* until just before *until*, *person* sat at *guid*'s machine. Server's local time; None: open."""

    guid: str
    person: str
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)

    def overlaps(self, other: AttributeGuid) -> bool:
        return _begins_before_end(self, other) and _begins_before_end(other, self)


def _begins_before_end(one: AttributeGuid, other: AttributeGuid) -> bool:
    return one.since is None or other.until is None or one.since < other.until


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetPerson:
    """What *guid*'s person did stays, since it is part of what others did; his names go, wherever he stands."""

    guid: str


What = VoidRound | NameTeams | MergePersons | AttributeGuid | ForgetPerson

KINDS: Mapping[Kind, type[What]] = {
    Kind.VOID_ROUND: VoidRound,
    Kind.NAME_TEAMS: NameTeams,
    Kind.MERGE_PERSONS: MergePersons,
    Kind.ATTRIBUTE_GUID: AttributeGuid,
    Kind.FORGET_PERSON: ForgetPerson,
}
_KIND_OF = {what: kind for kind, what in KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """*reason* is shown to players."""

    correction_id: int
    what: What
    made_by: str
    reason: str
    made_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def kind(self) -> Kind:
        return _KIND_OF[type(self.what)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMark:
    """A round to choose from: its file, and what tells it apart for people."""

    server: str
    name: str
    map: str
    number: int
    written_at: datetime
    counted: bool


def attributes(what: What) -> dict[str, object]:
    """Its fields by name."""
    return {one.name: getattr(what, one.name) for one in fields(what)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Those in force, ready to be asked. Files are (server, name)."""

    voided: Mapping[tuple[str, str], str] = field(default_factory=dict)
    names: dict[tuple[str, str], NameTeams] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    guests: Mapping[str, tuple[AttributeGuid, ...]] = field(default_factory=dict)
    forgotten: frozenset[str] = frozenset()  # persons

    def person(self, guid: str, at: datetime) -> str:
        """The guid of the person behind *guid* at that time: first who sat there, then whom that one belongs to."""
        sitting = next((guest.person for guest in self.guests.get(guid, ()) if guest.covers(at)), guid)
        return self.belongs_to(sitting)

    def belongs_to(self, guid: str) -> str:
        """The end of the chain of merges that begins at *guid*. Cycles are refused when they are made."""
        for _ in self.merged:
            guid = self.merged.get(guid, guid)
        return guid

    def touched_by(self, guid: str) -> set[str]:
        """Every guid whose lines may change hands when *guid*'s person does."""
        found = {guid}
        while more := self._before(found) - found:
            found |= more
        return found

    def _before(self, persons: set[str]) -> set[str]:
        merged = {guid for guid, person in self.merged.items() if person in persons}
        return merged | {guid for guid, guests in self.guests.items() if any(one.person in persons for one in guests)}


NONE = Corrections()


def in_force(corrections: Iterable[Correction]) -> Corrections:
    """*corrections* in the order they were made; of two that name the same evening's teams the later one holds."""
    standing = [one for one in corrections if one.withdrawn_at is None]
    if not standing:
        return NONE
    guests: dict[str, tuple[AttributeGuid, ...]] = {}
    for one in standing:
        if isinstance(one.what, AttributeGuid):
            guests[one.what.guid] = (*guests.get(one.what.guid, ()), one.what)
    known = Corrections(
        voided={(one.what.server, one.what.file): one.reason for one in standing if isinstance(one.what, VoidRound)},
        names={(one.what.server, one.what.file): one.what for one in standing if isinstance(one.what, NameTeams)},
        merged={one.what.guid: one.what.person for one in standing if isinstance(one.what, MergePersons)},
        guests=guests,
    )
    leaving = (one.what.guid for one in standing if isinstance(one.what, ForgetPerson))
    return replace(known, forgotten=frozenset(known.belongs_to(guid) for guid in leaving))


def contradiction(what: What, standing: Iterable[Correction]) -> str | None:
    """Why *what* cannot stand beside those in force, as a sentence with the way out; None when it can."""
    others = [one for one in standing if one.withdrawn_at is None]
    if isinstance(what, MergePersons | AttributeGuid) and what.guid == what.person:
        return f"{what.guid} is that person already"
    if isinstance(what, AttributeGuid) and what.since and what.until and what.since >= what.until:
        return f"The period ends ({what.until}) before it begins ({what.since})"
    for one in others:
        if clash := _clash(what, one.what):
            return f"{clash} (correction {one.correction_id}); withdraw that first"
    known = in_force(others)
    if isinstance(what, MergePersons) and known.belongs_to(what.person) == what.guid:
        return f"{what.person} belongs to {what.guid} already, so {what.guid} cannot belong to {what.person}"
    return None


def _clash(what: What, other: What) -> str | None:
    match what, other:
        case VoidRound(), VoidRound() if (what.server, what.file) == (other.server, other.file):
            return f"{what.file} is voided already"
        case NameTeams(), NameTeams() if (what.server, what.file) == (other.server, other.file):
            return f"That evening's teams are called {other.attackers} and {other.defenders} already"
        case MergePersons(), MergePersons() if what.guid == other.guid:
            return f"{what.guid} belongs to {other.person} already"
        case AttributeGuid(), AttributeGuid() if what.guid == other.guid and what.overlaps(other):
            return f"{what.guid} is {other.person}'s for part of that time already"
        case ForgetPerson(), ForgetPerson() if what.guid == other.guid:
            return f"{what.guid} is forgotten already"
    return None
