"""How far a round's figures can be relied on: what was held against what, what differed, and a grade from A to D.

What one side gave the other received, so sums over a round must be equal; endstats and gametime files and demos count
the same round again (`testimony` holds what a demo is asked); and some figures cannot be. Nothing is dropped: checks
and marks say what was found, the grade sums it up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import Enum

from etstats.domain.award import EndstatsFile
from etstats.domain.duel import owners
from etstats.domain.figure import PLACE
from etstats.domain.gametime import EndReason, Gametime
from etstats.domain.round import SEPARATED, DurationSource, Outcome, PlayerRound, Role, Round, Source
from etstats.domain.stats_file import SPECTATOR, PlayerLine, StatsFile, Tally
from etstats.domain.weapon import GUNS, WEAPONS

# Raised when a check or a grade's meaning changes; rows carry it.
TRUST_VERSION = 1


class Grade(Enum):
    """A: independent sources agree, or every law holds. B: what can be checked holds, but something is unknown or
    cannot be. C: something differs by little, another source says otherwise, a line is damaged, or nothing can be
    checked. D: the file contradicts itself or has no players: not to be relied on."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Verdict(Enum):
    """*OFF* is wrong by little, *BROKEN* by more than a tenth."""

    HOLDS = "holds"
    OFF = "off"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class Origin(Enum):
    """What a check compares the stats file with."""

    ITSELF = "stats"
    ENDSTATS = "endstats"
    GAMETIME = "gametime"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """*difference* in the unit that *compared* is about; None where one side is unknown."""

    code: str
    compared: str
    origin: Origin
    verdict: Verdict
    difference: int | None = None


class Doubt(Enum):
    """What a mark does to the grade: nothing, no better than B, no better than C."""

    NONE = "none"
    FIGURE = "figure"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """On one line of a round. *says* is for people."""

    line: int
    code: str
    says: str
    doubt: Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    grade: Grade
    checks: tuple[Check, ...]
    marks: tuple[Mark, ...]


# the players' clock goes in steps of six seconds, and rounding may take another two
CLOCK_STEP_S = 6
CLOCK_S = CLOCK_STEP_S + 2
_EXACT_S = 3
# of all the game's guns none fires faster than every 50 ms
_BULLETS_PER_S = 20
_NOTABLE_ABSENCE_S = 60
_KNIFE = frozenset(slot for slot, weapon in enumerate(WEAPONS) if weapon.key.startswith("KNIFE"))
_EVERY_BULLET_COUNTED = len(PLACE)  # fields of the first layout whose count of bullets can be used

_LAWS = (
    ("damage", "damage given and received", "damage_given", "damage_received"),
    ("kills", "kills and deaths", "kills", "deaths"),
    ("team_damage", "damage given to and received from the own side", "team_damage_given", "team_damage_received"),
    ("revives", "revives given and received", "revives_given", "times_revived"),
)
_DAMAGE_AWARDS = {
    "Most damage given": "damage_given",
    "Most damage received": "damage_received",
    "Most team damage given": "team_damage_given",
    "Most team damage received": "team_damage_received",
}


def judge(played: Round, file: StatsFile, endstats: EndstatsFile | None, gametime: Gametime | None) -> Trust:
    """*file*: the round's own stats file; *endstats*, *gametime*: what belongs to it, when there is any."""
    if played.role in (Role.EMPTY, Role.UNUSABLE):
        return Trust(grade=Grade.D, checks=(), marks=())
    checks = [*_laws(played.players), _clock(played)]
    if endstats is not None:
        checks += _against_endstats(played, file, endstats)
    if gametime is not None:
        checks += _against_gametime(played, gametime)
    marks = _marks(played, file)
    grade = grade_of(checks, {mark.doubt for mark in marks})
    return Trust(grade=grade, checks=tuple(checks), marks=tuple(marks))


def grade_of(checks: Sequence[Check], doubts: Set[Doubt]) -> Grade:
    """What the *checks* of a round and the *doubts* about its lines come to."""
    wrong = [check for check in checks if check.verdict in (Verdict.OFF, Verdict.BROKEN)]
    if any(check.verdict is Verdict.BROKEN and check.origin is Origin.ITSELF for check in wrong):
        return Grade.D
    if wrong or Doubt.LINE in doubts:
        return Grade.C
    counts = [check for check in checks if check.code not in _SAY_LITTLE]
    if all(check.verdict is Verdict.UNKNOWN for check in counts):
        return Grade.C
    laws = [check for check in counts if check.origin is Origin.ITSELF]
    agreed = any(check.origin is not Origin.ITSELF and check.verdict is Verdict.HOLDS for check in counts)
    proven = agreed or all(check.verdict is Verdict.HOLDS for check in laws)
    return Grade.A if proven and Doubt.FIGURE not in doubts else Grade.B


# These say nothing about what players did, or only what it was at least.
_SAY_LITTLE = frozenset(
    {"clock", "gametime_duration", "gametime_limit", "gametime_result", "gametime_reason", "demo_duration", "demo_part"}
)


def _laws(players: Sequence[PlayerRound]) -> list[Check]:
    return [
        held_against(code, compared, _sum(players, one), _sum(players, other)) for code, compared, one, other in _LAWS
    ]


def _sum(players: Iterable[PlayerRound], name: str) -> int | None:
    return _total(getattr(player, name) for player in players)


def held_against(
    code: str, compared: str, one: int | None, other: int | None, *, origin: Origin = Origin.ITSELF, allowed: int = 0
) -> Check:
    if one is None or other is None:
        return Check(code=code, compared=compared, origin=origin, verdict=Verdict.UNKNOWN)
    difference = one - other
    if abs(difference) <= allowed:
        verdict = Verdict.HOLDS
    elif abs(difference) <= 2 or 10 * abs(difference) <= max(abs(one), abs(other)):
        verdict = Verdict.OFF
    else:
        verdict = Verdict.BROKEN
    return Check(code=code, compared=compared, origin=origin, verdict=verdict, difference=difference)


def _told(code: str, compared: str, agree: bool | None) -> Check:
    """Two sources either say the same or not; a result that differs leaves the players' figures what they are."""
    verdict = Verdict.UNKNOWN if agree is None else Verdict.HOLDS if agree else Verdict.OFF
    return Check(code=code, compared=compared, origin=Origin.GAMETIME, verdict=verdict)


def _clock(played: Round) -> Check:
    """The longest time a player was in the game against the time to the objective; of a held round, the limit."""
    compared = "seconds by the players' clock and by the header"
    clock_s, limit_s = played.clock_s, played.limit_s
    if played.outcome is Outcome.COMPLETED or clock_s is None or limit_s is None:
        return held_against("clock", compared, clock_s, played.time_s, allowed=CLOCK_STEP_S)
    return held_against("clock", compared, max(clock_s, limit_s), limit_s, allowed=CLOCK_STEP_S)


# --- the endstats file


def _against_endstats(played: Round, file: StatsFile, endstats: EndstatsFile) -> list[Check]:
    return [*_duels(played, file, endstats), *_awards(file, endstats)]


def _duels(played: Round, file: StatsFile, endstats: EndstatsFile) -> list[Check]:
    """Every kill stands in two blocks: among the kills of one player and among the deaths of another."""
    if not endstats.duels:
        return []
    kills = sum(duel.kills for duel in endstats.duels)
    deaths = sum(duel.deaths for duel in endstats.duels)
    of_lines = _kills_like(kills, played, file)
    checks = [
        held_against("duels_both_sides", "kills and deaths in the duels", kills, deaths, origin=Origin.ENDSTATS),
        held_against(
            "duels", "kills in the duels and in the lines", kills, _total(of_lines.values()), origin=Origin.ENDSTATS
        ),
    ]
    return [*checks, *_owned_duels(played, endstats, of_lines)]


def _kills_like(total: int, played: Round, file: StatsFile) -> dict[int, int | None]:
    """Kills by line: of this round alone, or since round 1 where that is what a writer's duels add up to."""
    alone = {player.line: player.kills for player in played.players}
    written = {line: _kills(file.players[line - 1]) for line in alone}
    return written if _total(alone.values()) != total == _total(written.values()) else alone


def _kills(line: PlayerLine) -> int | None:
    return None if line.damage is not None else sum(tally[2] for tally in line.weapons.values())


def _total(figures: Iterable[int | None]) -> int | None:
    """None as soon as one is unknown."""
    known = list(figures)
    return None if None in known else sum(figure for figure in known if figure is not None)


def _owned_duels(played: Round, endstats: EndstatsFile, of_lines: Mapping[int, int | None]) -> list[Check]:
    teams = sides(played)
    names = owners(endstats.duels, teams)
    if None in names:
        return []
    told = {
        (name or "", duel.opponent): (duel.kills, duel.deaths) for name, duel in zip(names, endstats.duels, strict=True)
    }
    crossed = sum(abs(kills - told.get((b, a), (0, 0))[1]) for (a, b), (kills, _) in told.items())
    kills_of: Counter[str] = Counter()
    for (name, _), (kills, _deaths) in told.items():
        kills_of[name] += kills
    known = {player.name: of_lines[player.line] for player in played.players if player.name in teams}
    apart = [abs(kills - (known.get(name) or 0)) for name, kills in kills_of.items() if name in known]
    kills_told = kills_of.total()
    return [
        held_against(
            "duel_pairs", "each duel as its two players tell it", kills_told + crossed, kills_told,
            origin=Origin.ENDSTATS,
        ),
        held_against(
            "duel_players", "each player's kills in his duels and in his line",
            None if None in known.values() else kills_told + sum(apart), kills_told, origin=Origin.ENDSTATS,
        ),
    ]  # fmt: skip


def sides(played: Round) -> dict[str, int]:
    """Players' teams by name, of names that one player alone has in this round."""
    names = [player.name for player in played.players]
    return {
        player.name: player.team
        for player in played.players
        if player.team != SPECTATOR and names.count(player.name) == 1
    }


def _awards(file: StatsFile, endstats: EndstatsFile) -> list[Check]:
    """Damage awards run on into round 2, as the lines do as written. Only values above 1 are listed."""
    checks = []
    for award in endstats.awards:
        figure = _DAMAGE_AWARDS.get(award.award)
        if figure is None or award.value is None:
            continue
        written = [value for line in file.players if isinstance(value := line.figure(figure), int)]
        most = max(written) if written and len(written) == len(file.players) else None
        compared = f"“{award.award}” and the lines as written"
        checks.append(held_against(f"award_{figure}", compared, round(award.value), most, origin=Origin.ENDSTATS))
    return checks


# --- the gametime file


def _against_gametime(played: Round, told: Gametime) -> list[Check]:
    exact = played.duration_source in (DurationSource.HEADER, DurationSource.PLAYTIME)
    known_s = None if played.duration_source is DurationSource.LIMIT else played.duration_s
    duration = held_against(
        "gametime_duration", "seconds by the gametime file and by the stats file", told.played_s, known_s,
        origin=Origin.GAMETIME, allowed=_EXACT_S if exact else CLOCK_S,
    )  # fmt: skip
    sides_told, sides_known = (told.winner_team, told.defender_team), (played.winner_team, played.defender_team)
    return [
        duration,
        held_against(
            "gametime_limit", "the limit in seconds", told.limit_s, played.limit_s, origin=Origin.GAMETIME, allowed=1
        ),
        _told("gametime_result", "who defended and who won", _same(sides_told, sides_known)),
        _told("gametime_reason", "why the round was over, and its result", _reason_fits(played, told)),
    ]


def _same(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> bool | None:
    return None if None in (*one, *other) else one == other


def _reason_fits(played: Round, told: Gametime) -> bool | None:
    """A side that surrenders may be either; and in the last tenth of the limit the reason is not to be believed."""
    if not told.end_reason_reliable or played.outcome is None or told.end_reason is EndReason.SURRENDER:
        return None
    return (told.end_reason is EndReason.OBJECTIVE) == (played.outcome is Outcome.COMPLETED)


# --- each line by itself


def _marks(played: Round, file: StatsFile) -> list[Mark]:
    return [
        Mark(line=player.line, code=code, says=says, doubt=doubt)
        for player in played.players
        for code, says, doubt in _marks_on(player, played, file.players[player.line - 1])
    ]


_Found = tuple[str, str, Doubt]


def _marks_on(player: PlayerRound, played: Round, line: PlayerLine) -> Iterable[_Found]:
    if player.fault is not None:
        return [("damaged_line", f"the line is damaged: {player.fault}", Doubt.LINE)]
    if player.source is Source.PARTNER_MALFORMED:
        return [("damaged_partner", "the line of the first round is damaged", Doubt.LINE)]
    found = [*_about_presence(player, played), *_about_writing(line), *_about_denying(player, played)]
    if player.source in SEPARATED:
        found += [*_about_shooting(player), *_about_time(player, played, line)]
    return found


def _about_presence(player: PlayerRound, played: Round) -> Iterable[_Found]:
    if player.source is Source.COUNTER_RESET:
        yield "counter_reset", "the counters began anew with this round", Doubt.NONE
    if player.source is Source.JOINED_IN_ROUND2:
        yield "joined_in_round_2", "took no part in the first round", Doubt.NONE
    clock_s, played_s = played.clock_s, player.played_s
    if clock_s is not None and played_s is not None and 0 < played_s <= clock_s - _NOTABLE_ABSENCE_S:
        yield "partial_time", f"in the game for {played_s} of {clock_s} s: came late, left or came back", Doubt.NONE


def _about_shooting(player: PlayerRound) -> Iterable[_Found]:
    for slot, tally in player.weapons.items():
        if fault := _impossible(slot, tally):
            yield "impossible_tally", f"{WEAPONS[slot].label}: {fault}", Doubt.FIGURE
    if player.played_s and (player.gun_shots or 0) > _BULLETS_PER_S * player.played_s:
        yield "too_many_bullets", f"{player.gun_shots} shots in {player.played_s} s", Doubt.FIGURE


def _impossible(slot: int, tally: Tally) -> str | None:
    hits, shots, kills, deaths, headshots = tally
    # a stab in a body is taken back, so knives may come out below zero
    if min(hits, kills, deaths, headshots) < 0 or (shots < 0 and slot not in _KNIFE):
        return "less than nothing"
    if slot in GUNS and not kills <= hits <= shots:
        return f"{kills} kills with {hits} hits of {shots} shots"
    if slot in GUNS and headshots > hits:
        return f"{headshots} head hits of {hits} hits"
    return None


def _about_time(player: PlayerRound, played: Round, line: PlayerLine) -> Iterable[_Found]:
    played_s, alive = player.played_s, line.alive_tenths
    if played_s is not None and played_s < 0:
        yield "negative_time", f"in the game for {played_s} s", Doubt.FIGURE
    if alive is not None and not 0 <= alive <= 1000:
        yield "alive_out_of_range", f"alive for {alive / 10:g} % of the time", Doubt.FIGURE
    longest_s = max(played.duration_s or 0, played.limit_s or 0)
    if longest_s and played_s is not None and played_s > longest_s + CLOCK_S:
        yield "longer_than_round", f"in the game for {played_s} s of {longest_s}", Doubt.FIGURE


def _about_writing(line: PlayerLine) -> Iterable[_Found]:
    """What the line says twice: its tallies' sums, as shots and as a ratio."""
    shots, kills, deaths = (sum(tally[at] for tally in line.weapons.values()) for at in (1, 2, 3))
    bullets = line.figure("bullets_fired")
    if line.extended_count >= _EVERY_BULLET_COUNTED and bullets is not None and bullets != shots:
        yield "bullets_differ", f"{bullets:g} bullets fired, and {shots} in the tallies", Doubt.FIGURE
    ratio = line.figure("kd_raw")
    if ratio is not None and not _ratio_fits(ratio, kills, deaths):
        yield "ratio_differs", f"K/D is written as {ratio:g}, and the tallies say {kills} : {deaths}", Doubt.FIGURE


def _ratio_fits(ratio: float, kills: int, deaths: int) -> bool:
    """Within one kill and one death, for those by things that are no weapon; without deaths it is kills + 1."""
    near = [(kills + more, deaths + worse) for more in (-1, 0, 1) for worse in (-1, 0, 1)]
    return any(abs((k + 1 if d <= 0 else k / d) - ratio) <= 0.0501 for k, d in near)


def _about_denying(player: PlayerRound, played: Round) -> Iterable[_Found]:
    opponents = sum(other.team not in (player.team, SPECTATOR) for other in played.players)
    had_s = (played.duration_s or 0) * opponents
    if (player.denied_playtime_s or 0) > had_s > 0:
        yield "denied_too_much", f"{player.denied_playtime_s} s denied to opponents who had {had_s}", Doubt.FIGURE
