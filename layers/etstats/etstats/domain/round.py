"""A round as meant: its role in the evening, how it ended, and each player's figures for this round alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from etstats.domain.stats_file import Header, Tally


class Role(Enum):
    """What a file is to its neighbours. Only R1, R2 and R1_WITHOUT_R2 can count."""

    R1 = "r1"
    R2 = "r2"
    R1_WITHOUT_R2 = "r1_without_r2"
    R2_WITHOUT_R1 = "r2_without_r1"
    ABORTED_R1 = "aborted_r1"
    EMPTY = "empty"
    UNUSABLE = "unusable"


class Outcome(Enum):
    COMPLETED = "completed"
    DEFENDED = "defended"


class DurationSource(Enum):
    """Where a round's duration was found: header (its time to the objective), the writer's own measurement,
    the players' clock (in steps of 6 s), or the limit for want of anything better."""

    HEADER = "header"
    PLAYTIME = "playtime"
    CLOCK = "clock"
    LIMIT = "limit"


class Source(Enum):
    """How a player's figures for this round alone were found, or why they are unknown."""

    DIRECT = "direct"
    DIFFERENCE = "difference"
    JOINED_IN_ROUND2 = "joined_in_round2"
    COUNTER_RESET = "counter_reset"
    NOT_SEPARABLE = "not_separable"
    MALFORMED_LINE = "malformed_line"
    PARTNER_MALFORMED = "partner_malformed"


SEPARATED = frozenset({Source.DIRECT, Source.DIFFERENCE, Source.JOINED_IN_ROUND2, Source.COUNTER_RESET})


class Uncounted(Enum):
    """Why a round does not count; values are what the rows say, in English. A file that cannot be read has the reader's
    fault for its reason, and a round that people voided `VOIDED` and what they wrote."""

    FIRST_ROUND_MISSING = "its first round is missing, and a second round's file alone holds both rounds' sums"
    BROKEN_OFF = "it was broken off before its end"
    STARTED_ANEW = "the map was started anew"
    BOTS = "bots took part"
    UNREADABLE = "no player's line can be read"


VOIDED = "voided: "


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerRound:
    """One player in one round, this round alone. None is unknown, never zero.

    *line* is where he stands in the file, from 1. *alive_ms* is alive per cent × time, to the tenth of a second.
    *slx_…* are hits and shots without grenades, strikes, mines, charges and the syringe.
    """

    line: int
    guid: str
    name: str
    name_raw: str
    is_bot: bool
    team: int
    took_part: bool
    source: Source
    fault: str | None
    weapons: dict[int, Tally]
    played_s: int | None = None
    alive_ms: int | None = None
    kills: int | None = None
    deaths: int | None = None
    hits: int | None = None
    shots: int | None = None
    headshot_hits: int | None = None
    gun_hits: int | None = None
    gun_shots: int | None = None
    gun_headshot_hits: int | None = None
    slx_hits: int | None = None
    slx_shots: int | None = None
    damage_given: int | None = None
    damage_received: int | None = None
    team_damage_given: int | None = None
    team_damage_received: int | None = None
    gibs: int | None = None
    self_kills: int | None = None
    team_kills: int | None = None
    team_gibs: int | None = None
    xp: int | None = None
    killing_spree: int | None = None
    death_spree: int | None = None
    kill_assists: int | None = None
    kill_steals: int | None = None
    headshot_kills: int | None = None
    objectives_stolen: int | None = None
    objectives_returned: int | None = None
    dynamites_planted: int | None = None
    dynamites_defused: int | None = None
    times_revived: int | None = None
    useful_kills: int | None = None
    denied_playtime_s: int | None = None
    multikill_2: int | None = None
    multikill_3: int | None = None
    multikill_4: int | None = None
    multikill_5: int | None = None
    multikill_6: int | None = None
    useless_kills: int | None = None
    full_selfkills: int | None = None
    repairs_constructions: int | None = None
    revives_given: int | None = None


_SETTERS = tuple(getattr(PlayerRound, name).__set__ for name in PlayerRound.__slots__)


def player_round(values: Iterable[object]) -> PlayerRound:
    """The one whose fields, in their order, have these *values*. There are a dozen in every file, and their class's own
    way of filling in a frozen object by name takes more than twice as long."""
    made = object.__new__(PlayerRound)
    for fill, value in zip(_SETTERS, values, strict=True):
        fill(made, value)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One stats file in its place. *uncounted_reason* is said in words a player understands.

    *persons*: whose lines are somebody else's by a correction, and whose: guid by guid.
    """

    round_id: int
    file: str
    written_at: datetime
    map: str
    number: int
    role: Role
    counted: bool
    uncounted_reason: str | None
    outcome: Outcome | None
    defender_team: int | None
    winner_team: int | None
    limit_s: int | None
    time_s: int | None  # to the objective; None: held
    clock_s: int | None
    duration_s: int | None
    duration_source: DurationSource | None
    ended_early: bool | None
    config: str | None
    partner_id: int | None  # of a first round its second, and the other way round
    replaced_by: int | None
    oddities: tuple[str, ...]
    players: tuple[PlayerRound, ...]
    persons: Mapping[str, str] = field(default_factory=dict)

    def person(self, guid: str) -> str:
        """The guid under which what *guid* did here is summed."""
        return self.persons.get(guid, guid)


# A held round whose clock stops this much short of its limit was given up; all others lie within −5…+6 s.
GIVEN_UP_SHORTFALL_S = 10
_SHORTEST_S = 10
_OVERTIME_S = 30


def outcome(header: Header) -> Outcome:
    """The winner decides, not the time: an objective in the last second is still completed."""
    completed = header.winner_team in (1, 2) and header.winner_team != header.defender_team
    return Outcome.COMPLETED if completed else Outcome.DEFENDED


def time_to_objective_s(header: Header) -> int | None:
    """The header's next limit, which is the time taken when the attackers won and a copy of the limit otherwise."""
    return (header.next_limit_s or None) if outcome(header) is Outcome.COMPLETED else None


def duration(header: Header, clock_s: int | None) -> tuple[int | None, DurationSource | None]:
    """Seconds, and where they come from; in this order because the first is exact and the last a guess."""
    objective_s = time_to_objective_s(header)
    if objective_s is not None:
        return objective_s, DurationSource.HEADER
    measured_s = _measured_s(header)
    if measured_s is not None:
        return measured_s, DurationSource.PLAYTIME
    if clock_s:
        return clock_s, DurationSource.CLOCK
    if header.limit_s:
        return header.limit_s, DurationSource.LIMIT
    return None, None


def lasted_s(duration_s: int | None, limit_s: int | None) -> int | None:
    """As it is shown: players' clocks tick every six seconds, but nothing lasts longer than its limit."""
    return duration_s if duration_s is None or limit_s is None else min(duration_s, limit_s)


def _measured_s(header: Header) -> int | None:
    """The ninth header field: milliseconds, or whole seconds from other writers; nonsense if nobody reached the end."""
    text = header.playtime_raw or ""
    if not text.isascii() or not text.isdigit() or len(text) > 9 or header.limit_s is None:
        return None
    for seconds in (round(int(text) / 1000), int(text)):
        if _SHORTEST_S <= seconds <= header.limit_s + _OVERTIME_S:
            return seconds
    return None


def ended_early(header: Header, clock_s: int | None) -> bool | None:
    """Held but given up, as far as the players' clock tells; None where there is no clock."""
    if clock_s is None or header.limit_s is None:
        return None
    return outcome(header) is Outcome.DEFENDED and header.limit_s - clock_s > GIVEN_UP_SHORTFALL_S
