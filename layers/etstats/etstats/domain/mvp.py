"""Who won the evening for his team: each player's share of his team's work, in the rounds it won.

A round's *contribution* is a weighted sum of the player's shares of what his own side did: 0.30 kills, 0.27 objectives,
0.16 revives, 0.16 damage and 0.11 survival, where survival is his time alive against his side's mean, two at most. The
weights are those of a well-known system, for what stats files can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from statistics import fmean

from etstats.domain.evening import Evening, RoundLine


class Part(Enum):
    KILLS = "kills"
    OBJECTIVES = "objectives"
    REVIVES = "revives"
    DAMAGE = "damage"
    SURVIVAL = "survival"


WEIGHTS: Mapping[Part, float] = {
    Part.KILLS: 0.30,
    Part.OBJECTIVES: 0.27,
    Part.REVIVES: 0.16,
    Part.DAMAGE: 0.16,
    Part.SURVIVAL: 0.11,
}
# who gets the weight of objectives in a round in which nobody touched one, in these proportions
_WITHOUT_OBJECTIVES: Mapping[Part, int] = {Part.KILLS: 6, Part.REVIVES: 3, Part.DAMAGE: 3, Part.SURVIVAL: 2}
_UNTOUCHED = {
    part: 0.0
    if part is Part.OBJECTIVES
    else weight + WEIGHTS[Part.OBJECTIVES] * _WITHOUT_OBJECTIVES[part] / sum(_WITHOUT_OBJECTIVES.values())
    for part, weight in WEIGHTS.items()
}
_MOST_SURVIVAL = 2.0
_PRIOR_ROUNDS = 2  # as many average rounds are added, so that few good ones do not win
_FEWEST_ROUNDS = 2

_FIGURE: Mapping[Part, str] = {
    Part.KILLS: "kills",
    Part.OBJECTIVES: "objectives",
    Part.REVIVES: "revives_given",
    Part.DAMAGE: "damage_given",
    Part.SURVIVAL: "alive_ms",
}
_figures_of = attrgetter(*(_FIGURE[part] for part in WEIGHTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Of one player in one round; *won*: his side won it."""

    guid: str
    value: float
    won: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """*share* of what his own side did in the player's rounds: sum over sum, 0 to 1."""

    part: Part
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mvp:
    """*value* decided: the contribution in won rounds per round played, drawn towards his team's mean by two rounds'
    weight; with *by_wins* false nobody qualified, and it is the mean contribution. *stands_out*: what he did most of,
    measured against an equal share."""

    guid: str
    value: float
    by_wins: bool
    wins: int
    rounds: int
    stands_out: tuple[Share, ...]
    runner_up: str | None
    runner_up_value: float | None


def contributions(lines: Iterable[RoundLine], winners: Mapping[int, int | None]) -> list[Contribution]:
    """Of every line, in the order of the rounds. *winners*: the side (1, 2) that won, by round id."""
    by_round: dict[int, list[RoundLine]] = {}
    for line in lines:
        by_round.setdefault(line.round_id, []).append(line)
    found: list[Contribution] = []
    for round_id, played in by_round.items():
        weights = _weights(played)
        for side in (1, 2) if any(weights) else ():
            mates = [line for line in played if line.team == side]
            found += _of_side(mates, weights, won=winners.get(round_id) == side)
    return found


def _of_side(mates: Sequence[RoundLine], weights: Sequence[float], *, won: bool) -> list[Contribution]:
    values = [0.0] * len(mates)
    for part, weight, figures in zip(WEIGHTS, weights, zip(*map(_figures_of, mates), strict=True), strict=False):
        if weight:
            values = [value + weight * share for value, share in zip(values, _shares(figures, part), strict=True)]
    return [Contribution(guid=line.guid, value=value, won=won) for line, value in zip(mates, values, strict=True)]


def _shares(figures: Sequence[int], part: Part) -> list[float]:
    whole = sum(figures)
    if whole <= 0:
        return [0.0] * len(figures)
    if part is Part.SURVIVAL:
        return [min(own * len(figures) / whole, _MOST_SURVIVAL) for own in figures]
    return [own / whole for own in figures]


def _figures(lines: Iterable[RoundLine], part: Part) -> list[int | None]:
    name = _FIGURE[part]
    return [getattr(line, name) for line in lines]


def _weights(played: Sequence[RoundLine]) -> list[float]:
    """What counts in this round, in the order of the parts: nothing that is unknown of anybody, nor objectives nobody
    touched. They sum to 1, or nothing counts."""
    weights = WEIGHTS if any(line.objectives for line in played) else _UNTOUCHED
    columns = zip(*map(_figures_of, played), strict=True)
    known = [0.0 if None in figures else weight for weight, figures in zip(weights.values(), columns, strict=True)]
    whole = sum(known)
    return [weight / whole for weight in known] if whole else known


def team_mvps(evening: Evening, lines: Sequence[RoundLine]) -> dict[str, Mvp]:
    """Of team A and team B, as far as they have one."""
    winners = {one.round_id: one.winner_team for one in evening.rounds}
    teams = {team: [line.guid for line in evening.lines if line.team == team] for team in ("A", "B")}
    of_player = contributed(lines, winners)
    found = {team: find_mvp(guids, of_player, lines) for team, guids in teams.items()}
    return {team: mvp for team, mvp in found.items() if mvp is not None}


def contributed(lines: Iterable[RoundLine], winners: Mapping[int, int | None]) -> dict[str, list[Contribution]]:
    """By player."""
    of_player: dict[str, list[Contribution]] = {}
    for one in contributions(lines, winners):
        of_player.setdefault(one.guid, []).append(one)
    return of_player


def find_mvp(
    team: Iterable[str], of_player: Mapping[str, Sequence[Contribution]], lines: Sequence[RoundLine]
) -> Mvp | None:
    """The most valuable of the players in *team*; None when there is no round to tell it by. *of_player*: what
    everybody contributed, *lines* what it follows from.

    Eligible is who won a round and played at least two and half of the most that anybody did. Nobody: whoever
    contributed most per round.
    """
    mine = {guid: of_player[guid] for guid in team if guid in of_player}
    if not mine:
        return None
    enough = max(_FEWEST_ROUNDS, max(map(len, of_player.values())) // 2)
    eligible = {
        guid: played for guid, played in mine.items() if len(played) >= enough and any(one.won for one in played)
    }
    values = _won(eligible) if eligible else {guid: fmean(one.value for one in played) for guid, played in mine.items()}
    first, *others = sorted(values, key=lambda guid: (-values[guid], guid))
    return Mvp(
        guid=first,
        value=values[first],
        by_wins=bool(eligible),
        wins=sum(one.won for one in mine[first]),
        rounds=len(mine[first]),
        stands_out=_stands_out(first, lines),
        runner_up=others[0] if others else None,
        runner_up_value=values[others[0]] if others else None,
    )


def _won(eligible: Mapping[str, Sequence[Contribution]]) -> dict[str, float]:
    """Contribution in won rounds ÷ rounds, with `_PRIOR_ROUNDS` of the eligible players' mean added."""
    sums = {guid: sum(one.value for one in played if one.won) for guid, played in eligible.items()}
    mean = fmean(sums[guid] / len(played) for guid, played in eligible.items())
    return {
        guid: (sums[guid] + _PRIOR_ROUNDS * mean) / (len(played) + _PRIOR_ROUNDS) for guid, played in eligible.items()
    }


def _stands_out(guid: str, lines: Sequence[RoundLine]) -> tuple[Share, ...]:
    """The two parts in which his share is furthest above an equal one; none in which it is not."""
    own = {(line.round_id, line.team): line for line in lines if line.guid == guid}
    mates = [line for line in lines if (line.round_id, line.team) in own]
    found = []
    for part in (Part.KILLS, Part.OBJECTIVES, Part.REVIVES, Part.DAMAGE):
        figures = _figures(mates, part)
        whole = sum(figure or 0 for figure in figures)
        did = sum(figure or 0 for line, figure in zip(mates, figures, strict=True) if line.guid == guid)
        equal = len(own) / len(mates)
        if whole and did / whole > equal:
            found.append((did / whole - equal, Share(part=part, share=did / whole)))
    return tuple(share for _, share in sorted(found, key=lambda pair: (-pair[0], pair[1].part.value))[:2])
