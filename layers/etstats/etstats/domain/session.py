"""An evening of play, computed as a whole from its files: rounds in their roles, maps, score, who did what.

Everything depends on neighbours, so there is no other way to compute a part: the same files always give the same
session, whatever order they came in. No clock, no database: values in, values out. Corrections are values, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter

from etstats.domain import correction
from etstats.domain.correction import Corrections
from etstats.domain.differential import differential, first_round, without_partner
from etstats.domain.match import MapWinner, Place, map_winner, outcome_of, pair_rounds
from etstats.domain.round import (
    VOIDED,
    Outcome,
    PlayerRound,
    Role,
    Round,
    Uncounted,
    duration,
    ended_early,
    time_to_objective_s,
)
from etstats.domain.stats_file import ALLIES, AXIS, SPECTATOR, StatsFile

# Raised when the meaning of a stored figure changes; rows carry it, so old ones can be told and computed again.
FORMULA_VERSION = 1

SESSION_GAP = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A stats file with the identifier it is kept under. *server*: whose corrections are about it."""

    file_id: int
    file: StatsFile
    server: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One map played by both sides. Times are seconds to the objective, None where it was held."""

    match_id: int
    position: int
    map: str
    round1_id: int
    round2_id: int
    winner: MapWinner
    winner_team: str  # "A", "B" or "draw"
    r1_attackers_team: str
    r1_time_s: int | None
    r2_time_s: int | None
    r1_attackers: tuple[str, ...]
    r1_defenders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerSession:
    """A person's sums over the counted rounds he took part in. None: never known in any of them."""

    guid: str
    name: str
    team: str | None
    rounds: int
    last_at: datetime
    max_killing_spree: int | None
    max_death_spree: int | None
    revives_known_rounds: int
    sums: dict[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    session_id: int
    first_at: datetime
    last_at: datetime
    crosses_midnight: bool
    score_a: int
    score_b: int
    team_a: str | None
    team_b: str | None
    rounds: tuple[Round, ...]
    matches: tuple[Match, ...]
    players: tuple[PlayerSession, ...]


# every figure of a round that can be added up
SUMMED = tuple(
    name
    for name in PlayerRound.__slots__
    if name not in {"line", "guid", "name", "name_raw", "is_bot", "team", "took_part", "source", "fault", "weapons"}
)


def sessions(files: Iterable[StoredFile], corrections: Corrections = correction.NONE) -> list[Session]:
    """*files* of one game server, in any order, as gaming sessions in time order, with *corrections* in force."""
    return [_session(evening, corrections) for evening in _evenings(files)]


def _evenings(files: Iterable[StoredFile]) -> list[list[StoredFile]]:
    """Split where neighbours in time are more than the gap apart; a date means nothing."""
    evenings: list[list[StoredFile]] = []
    for stored in sorted(files, key=_order):
        if evenings and stored.file.name.written_at - evenings[-1][-1].file.name.written_at <= SESSION_GAP:
            evenings[-1].append(stored)
        else:
            evenings.append([stored])
    return evenings


def _order(stored: StoredFile) -> tuple[datetime, int, str]:
    name = stored.file.name
    return name.written_at, name.round, name.text


def _session(evening: list[StoredFile], corrections: Corrections) -> Session:
    places = pair_rounds([stored.file for stored in evening])
    rounds = tuple(
        _with_persons(_round(_seat(at, evening, places, corrections)), corrections) for at in range(len(evening))
    )
    voided = {at for at, stored in enumerate(evening) if _void_reason(stored, corrections)}
    matches = _matches(rounds, places, voided)
    teams = _teams(rounds, matches)
    team_a, team_b = _team_names(rounds, matches, teams, corrections, evening[0].server)
    first, last = rounds[0].written_at, rounds[-1].written_at
    return Session(
        session_id=rounds[0].round_id,
        first_at=first,
        last_at=last,
        crosses_midnight=first.date() != last.date(),
        score_a=sum(_points(match, "A") for match in matches),
        score_b=sum(_points(match, "B") for match in matches),
        team_a=team_a,
        team_b=team_b,
        rounds=rounds,
        matches=matches,
        players=_player_sessions(rounds, teams),
    )


def _void_reason(stored: StoredFile, corrections: Corrections) -> str | None:
    return corrections.voided.get((stored.server, stored.file.name.text))


def _team_names(
    rounds: Sequence[Round], matches: Sequence[Match], teams: Mapping[str, str], corrections: Corrections, server: str
) -> tuple[str | None, str | None]:
    """What A and B are called: given with the sides of one first round, which the rosters make A and B."""
    by_file = {(server, played.file): played for played in rounds} if corrections.names else {}
    attacking = {match.round1_id: match.r1_attackers_team for match in matches}
    for key, named in reversed(corrections.names.items()):
        if first := by_file.get(key):
            team = attacking.get(first.round_id) or _attacking_team(first, teams)
            return (named.attackers, named.defenders) if team == "A" else (named.defenders, named.attackers)
    return None, None


def _attacking_team(first: Round, teams: Mapping[str, str]) -> str:
    """Of a round that is part of no complete map, by whom its attackers stood with on the others."""
    attackers, defenders = _persons_of(first, _sides(first))
    straight = sum(teams.get(one) == "A" for one in attackers) + sum(teams.get(one) == "B" for one in defenders)
    swapped = sum(teams.get(one) == "B" for one in attackers) + sum(teams.get(one) == "A" for one in defenders)
    return "A" if straight >= swapped else "B"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat:
    """All that a round follows from, but for whose the lines are by corrections."""

    file_id: int
    file: StatsFile
    role: Role
    oddities: tuple[str, ...]
    partner: StatsFile | None
    partner_id: int | None
    replaced_by: int | None
    voided: str | None


def _seat(at: int, evening: Sequence[StoredFile], places: Sequence[Place], corrections: Corrections) -> _Seat:
    place, stored = places[at], evening[at]
    partner = None if place.partner is None else evening[place.partner]
    return _Seat(
        file_id=stored.file_id,
        file=stored.file,
        role=place.role,
        oddities=tuple(place.oddities),
        partner=partner.file if partner else None,
        partner_id=partner.file_id if partner else None,
        replaced_by=None if place.replaced_by is None else evening[place.replaced_by].file_id,
        voided=_void_reason(stored, corrections),
    )


# an evening is computed again with each of its files; what was made of the others is remembered
@lru_cache(maxsize=512)
def _round(seat: _Seat) -> Round:
    file, header = seat.file, seat.file.header
    players = _players(seat)
    clock_s = max((p.played_s for p in players if p.played_s is not None), default=None)
    long_s, found_in = duration(header, clock_s) if header else (None, None)
    early = ended_early(header, clock_s) if header else None
    reason = _uncounted_reason(seat, players)
    oddities = {*file.oddities, *seat.oddities, *_round_oddities(seat, players, clock_s, early)}
    return Round(
        round_id=seat.file_id,
        file=file.name.text,
        written_at=file.name.written_at,
        map=file.name.map,
        number=file.name.round,
        role=seat.role,
        counted=reason is None,
        uncounted_reason=reason,
        outcome=outcome_of(file),
        defender_team=header.defender_team if header else None,
        winner_team=header.winner_team if header else None,
        limit_s=header.limit_s if header else None,
        time_s=time_to_objective_s(header) if header else None,
        clock_s=clock_s,
        duration_s=long_s,
        duration_source=found_in,
        ended_early=early,
        config=header.config if header else None,
        partner_id=seat.partner_id,
        replaced_by=seat.replaced_by,
        oddities=tuple(sorted(oddities)),
        players=players,
    )


def _players(seat: _Seat) -> tuple[PlayerRound, ...]:
    if seat.role is Role.R2 and seat.partner is not None:
        return differential(seat.partner, seat.file)
    if seat.role is Role.R2_WITHOUT_R1:
        return without_partner(seat.file)
    return first_round(seat.file)


def _with_persons(played: Round, corrections: Corrections) -> Round:
    if not corrections.merged and not corrections.guests:
        return played
    guids = (player.guid for player in played.players if not player.is_bot)
    found = {guid: corrections.person(guid, played.written_at) for guid in guids}
    persons = {guid: person for guid, person in found.items() if person != guid}
    return replace(played, persons=persons) if persons else played


def _uncounted_reason(seat: _Seat, players: Sequence[PlayerRound]) -> str | None:
    """None: the round counts. Otherwise why not, as one would tell a player."""
    if seat.file.fault is not None:
        return seat.file.fault
    if seat.voided is not None:
        return f"{VOIDED}{seat.voided}"
    if seat.role is Role.R2_WITHOUT_R1:
        return Uncounted.FIRST_ROUND_MISSING.value
    if seat.role is Role.ABORTED_R1:
        return Uncounted.BROKEN_OFF.value
    if seat.replaced_by is not None:
        return Uncounted.STARTED_ANEW.value
    if any(player.is_bot for player in players):
        return Uncounted.BOTS.value
    if not any(player.took_part for player in players):
        return Uncounted.UNREADABLE.value
    return None


def _round_oddities(seat: _Seat, players: Sequence[PlayerRound], clock_s: int | None, early: bool | None) -> set[str]:
    found: dict[str, bool] = {
        "ended_early": bool(early),
        "r1_without_r2": seat.role is Role.R1_WITHOUT_R2,
        "r2_without_r1": seat.role is Role.R2_WITHOUT_R1,
        "aborted_first_round_named_round_2": seat.role is Role.ABORTED_R1,
        "partial_time_player": any(_came_late_or_left(player, clock_s) for player in players),
        "denied_playtime_exceeds_round": any(_denied_too_much(player, players, seat.file) for player in players),
        **{player.source.value: True for player in players if player.source.value in _ODD_SOURCES},
    }
    return {code for code, there in found.items() if there}


def _came_late_or_left(player: PlayerRound, clock_s: int | None) -> bool:
    played_s = player.played_s
    return played_s is not None and clock_s is not None and 0 < played_s <= clock_s - _NOTABLE_ABSENCE_S


def _denied_too_much(player: PlayerRound, players: Sequence[PlayerRound], file: StatsFile) -> bool:
    """More seconds than all his opponents together had: the writer's slip, not the player's merit."""
    limit_s = file.header.limit_s if file.header else None
    if limit_s is None or (player.denied_playtime_s or 0) <= limit_s:
        return False
    opponents = sum(other.team not in (player.team, SPECTATOR) for other in players)
    return (player.denied_playtime_s or 0) > limit_s * opponents > 0


_NOTABLE_ABSENCE_S = 60
_ODD_SOURCES = ("counter_reset", "joined_in_round2", "partner_malformed")


def _matches(rounds: Sequence[Round], places: Sequence[Place], voided: Set[int]) -> tuple[Match, ...]:
    """Complete maps in order. Team A attacked first on the first of them; later the rosters tell who is who.

    A round that was voided leaves its map incomplete. It is persons who stand in a team, with whichever guid.
    """
    matches: list[Match] = []
    team_a: frozenset[str] = frozenset()
    team_b: frozenset[str] = frozenset()
    for at, place in enumerate(places):
        if place.role is not Role.R2 or place.partner is None or voided & {at, place.partner}:
            continue
        first, second = rounds[place.partner], rounds[at]
        attackers, defenders = _persons_of(first, _sides(first))
        if not matches:
            team_a, team_b = attackers, defenders
        straight = len(attackers & team_a) + len(defenders & team_b)
        swapped = len(attackers & team_b) + len(defenders & team_a)
        attacking = "A" if straight >= swapped else "B"
        if attacking == "A":
            team_a, team_b = attackers, defenders
        else:
            team_a, team_b = defenders, attackers
        matches.append(_match(len(matches) + 1, first, second, attacking))
    return tuple(matches)


def _sides(first: Round) -> tuple[frozenset[str], frozenset[str]]:
    """Attackers and defenders of a first round; spectators belong to neither."""
    defending = first.defender_team or AXIS
    attacking = ALLIES if defending == AXIS else AXIS
    return (
        frozenset(player.guid for player in first.players if player.team == attacking),
        frozenset(player.guid for player in first.players if player.team == defending),
    )


def _persons_of(played: Round, sides: tuple[frozenset[str], frozenset[str]]) -> tuple[frozenset[str], frozenset[str]]:
    attackers, defenders = sides
    return frozenset(map(played.person, attackers)), frozenset(map(played.person, defenders))


def _match(position: int, first: Round, second: Round, attacking: str) -> Match:
    attackers, defenders = _sides(first)
    winner = map_winner(first.outcome or Outcome.DEFENDED, second.outcome or Outcome.DEFENDED)
    other = "B" if attacking == "A" else "A"
    winner_team = {MapWinner.R1_ATTACKERS: attacking, MapWinner.R2_ATTACKERS: other, MapWinner.DRAW: "draw"}[winner]
    return Match(
        match_id=first.round_id,
        position=position,
        map=first.map,
        round1_id=first.round_id,
        round2_id=second.round_id,
        winner=winner,
        winner_team=winner_team,
        r1_attackers_team=attacking,
        r1_time_s=first.time_s,
        r2_time_s=second.time_s,
        r1_attackers=tuple(sorted(attackers)),
        r1_defenders=tuple(sorted(defenders)),
    )


def _points(match: Match, team: str) -> int:
    if match.winner is MapWinner.DRAW:
        return 1
    return 2 if match.winner_team == team else 0


def _teams(rounds: Sequence[Round], matches: Sequence[Match]) -> dict[str, str]:
    """Whom each person stood with on most of the complete maps' rounds; who was as often with both has no team."""
    by_id = {played.round_id: played for played in rounds}
    stood: dict[str, Counter[str]] = {}
    for match in matches:
        other = "B" if match.r1_attackers_team == "A" else "A"
        for round_id, attacking in ((match.round1_id, match.r1_attackers_team), (match.round2_id, other)):
            attackers, defenders = _persons_of(by_id[round_id], _sides(by_id[round_id]))
            for persons, team in ((attackers, attacking), (defenders, "B" if attacking == "A" else "A")):
                for person in persons:
                    stood.setdefault(person, Counter())[team] += 1
    return {
        person: "A" if counts["A"] > counts["B"] else "B"
        for person, counts in stood.items()
        if counts["A"] != counts["B"]
    }


def _player_sessions(rounds: Sequence[Round], teams: dict[str, str]) -> tuple[PlayerSession, ...]:
    taken: dict[str, list[tuple[Round, PlayerRound]]] = {}
    for played in rounds:
        if played.counted:
            for player in played.players:
                if player.took_part and not player.is_bot:
                    taken.setdefault(played.person(player.guid), []).append((played, player))
    return tuple(_player_session(guid, lines, teams.get(guid)) for guid, lines in sorted(taken.items()))


_figures = attrgetter(*SUMMED)


def _player_session(guid: str, lines: list[tuple[Round, PlayerRound]], team: str | None) -> PlayerSession:
    players = [player for _, player in lines]
    last_round, last_line = lines[-1]
    rows = [_figures(player) for player in players]
    columns = dict(zip(SUMMED, zip(*rows, strict=True), strict=True))
    everything_known = not any(None in row for row in rows)
    return PlayerSession(
        guid=guid,
        name=last_line.name,
        team=team,
        rounds=len(lines),
        last_at=last_round.written_at,
        max_killing_spree=_known(max, columns["killing_spree"]),
        max_death_spree=_known(max, columns["death_spree"]),
        revives_known_rounds=sum(value is not None for value in columns["revives_given"]),
        sums=dict(zip(SUMMED, map(sum, columns.values()), strict=True))
        if everything_known
        else {name: _known(sum, values) for name, values in columns.items()},
    )


def _known(combine: Callable[[Iterable[int]], int], values: Sequence[int | None]) -> int | None:
    if None not in values:
        return combine(values)  # type: ignore[arg-type]  # none of them is None
    known = [value for value in values if value is not None]
    return combine(known) if known else None
