"""Which first round belongs to which second, and who won the map by stopwatch rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from etstats.domain.round import Outcome, Role, outcome
from etstats.domain.stats_file import StatsFile, Status

PAIRING_WINDOW = timedelta(minutes=45)
REPLACING_WINDOW = timedelta(minutes=30)


class MapWinner(Enum):
    R1_ATTACKERS = "r1_attackers"
    R2_ATTACKERS = "r2_attackers"
    DRAW = "draw"


def map_winner(first: Outcome, second: Outcome) -> MapWinner:
    """Round 2's limit is the time to beat: whoever completes round 2 was faster; both held is a draw."""
    if second is Outcome.COMPLETED:
        return MapWinner.R2_ATTACKERS
    return MapWinner.R1_ATTACKERS if first is Outcome.COMPLETED else MapWinner.DRAW


@dataclass(slots=True, kw_only=True)
class Place:
    """A file's role among its neighbours; *partner* and *replaced_by* are places in the same list."""

    file: StatsFile
    role: Role
    partner: int | None = None
    replaced_by: int | None = None
    oddities: list[str] = field(default_factory=list)


def pair_rounds(files: Sequence[StatsFile]) -> list[Place]:
    """Roles of *files*, given in time order. One first round is open at a time; the next one closes it."""
    places = [Place(file=file, role=_lonely_role(file)) for file in files]
    open_first: int | None = None
    for at, place in enumerate(places):
        if place.role is Role.R1_WITHOUT_R2:
            open_first = at
        elif place.role is Role.R2_WITHOUT_R1 and open_first is not None and _belongs(places[open_first], place):
            places[open_first].role, place.role = Role.R1, Role.R2
            places[open_first].partner, place.partner = at, open_first
            open_first = None
    _mark_replaced(places)
    return places


def _lonely_role(file: StatsFile) -> Role:
    """What a file is before its neighbours are asked."""
    if file.status is Status.HEADER_ONLY:
        return Role.EMPTY
    if file.status is not Status.OK:
        return Role.UNUSABLE
    if file.name.round == 1:
        return Role.R1_WITHOUT_R2
    # written when the map was changed in mid-round, a first round is named round 2: nobody has completed a round yet
    aborted = all(player.rounds_counter == 0 for player in file.players if player.damage is None)
    return Role.ABORTED_R1 if aborted and any(p.damage is None for p in file.players) else Role.R2_WITHOUT_R1


def _belongs(first: Place, second: Place) -> bool:
    one, two = first.file, second.file
    if one.name.map != two.name.map or two.name.written_at - one.name.written_at > PAIRING_WINDOW:
        return False
    set_s = one.header.next_limit_s if one.header else None
    played_s = two.header.limit_s if two.header else None
    if set_s and played_s and set_s != played_s:
        second.oddities.append("limit_differs_from_round_1")
        return False
    return True


def _mark_replaced(places: list[Place]) -> None:
    """A first round nobody answered, followed soon by another of the same map, was begun anew."""
    for at, place in enumerate(places):
        if place.role is not Role.R1_WITHOUT_R2:
            continue
        for later in range(at + 1, len(places)):
            other = places[later]
            if other.file.name.written_at - place.file.name.written_at > REPLACING_WINDOW:
                break
            if other.role in (Role.R1, Role.R1_WITHOUT_R2) and other.file.name.map == place.file.name.map:
                place.replaced_by = later
                same = _roster(place.file) == _roster(other.file)
                place.oddities.append("replaced_same_roster" if same else "replaced_other_roster")
                break


def _roster(file: StatsFile) -> set[str]:
    return {player.guid for player in file.players}


def outcome_of(file: StatsFile) -> Outcome | None:
    return outcome(file.header) if file.header else None
