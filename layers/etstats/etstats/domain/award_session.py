"""The awards of an evening, for fun: who did most of something a round, and who was the closest second.

Every award goes by a rate, so that whoever played more does not win it by that alone, and has a bar below which nobody
gets it. For chaos the bar is relative as well: a long evening must not hand every award to somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import fmean

from etstats.domain.evening import PlayedLine
from etstats.domain.formula import damage_per_minute


class Kind(Enum):
    FUN = "fun"
    CHAOS = "chaos"


class Shown(Enum):
    """How an award's value is written: so many a round, a whole number, or with decimals."""

    PER_ROUND = "per_round"
    WHOLE = "whole"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prize:
    """*rate*: what is compared (None: cannot be told of him). *deserved*: the bar. *total*: of what *rate* is made,
    over *rounds*."""

    key: str
    kind: Kind
    rate: Callable[[PlayedLine], float | None]
    total: Callable[[PlayedLine], int | None]
    deserved: Callable[[PlayedLine, float], bool]
    shown: Shown = Shown.PER_ROUND
    least_first: bool = False
    rounds: Callable[[PlayedLine], int] = lambda line: line.rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """*value* in the award's unit, *total* the sum behind it, over *rounds*."""

    guid: str
    name: str
    value: float
    total: int | None
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An award, who got it and who came closest."""

    key: str
    kind: Kind
    shown: Shown
    winner: Place
    second: Place | None


# before this much time nobody is compared; and who played a quarter of the evening's rounds is
_LONGER_THAN_S = 120
_LEAST_PART = 4
# what chaos the winner's rate has to stand out by, against the mean of all compared
_STANDS_OUT = 1.25
# the game script's own: damage received for each death, in a life's worth of 130, from which on it speaks of a shield
_SHIELD_DAMAGE = 3 * 130
_MOST_BULLETS_A_KILL = 50


def given_awards(lines: Sequence[PlayedLine]) -> list[Given]:
    """The awards somebody deserves, in the order of `PRIZES`."""
    most = max((line.rounds for line in lines), default=0)
    compared = [line for line in lines if (line.played_s or 0) > _LONGER_THAN_S and _LEAST_PART * line.rounds >= most]
    return [given for prize in PRIZES if (given := _given(prize, compared)) is not None]


def _given(prize: Prize, lines: Sequence[PlayedLine]) -> Given | None:
    rated = [(rate, line) for line in lines if (rate := prize.rate(line)) is not None]
    deserving = [(rate, line) for rate, line in rated if prize.deserved(line, rate)]
    if not deserving:
        return None
    sign = 1 if prize.least_first else -1
    ranked = sorted(rated, key=lambda pair: (sign * pair[0], -pair[1].rounds, pair[1].guid))
    best, winner = min(deserving, key=lambda pair: (sign * pair[0], -pair[1].rounds, pair[1].guid))
    if prize.kind is Kind.CHAOS and not _stands_out(prize, best, [rate for rate, _ in rated]):
        return None
    # who has a better rate and did not reach the bar is not told as second
    others = [
        (rate, line)
        for rate, line in ranked
        if line.guid != winner.guid and sign * rate >= sign * best and (rate or prize.least_first)
    ]
    return Given(
        key=prize.key,
        kind=prize.kind,
        shown=prize.shown,
        winner=_place(prize, best, winner),
        second=_place(prize, *others[0]) if others else None,
    )


def _stands_out(prize: Prize, best: float, rates: Sequence[float]) -> bool:
    """Alone nobody stands out, and nobody has to."""
    mean = fmean(rates)
    if len(rates) == 1:
        return True
    return best * _STANDS_OUT <= mean if prize.least_first else best >= _STANDS_OUT * mean


def _place(prize: Prize, rate: float, line: PlayedLine) -> Place:
    return Place(guid=line.guid, name=line.name, value=rate, total=prize.total(line), rounds=prize.rounds(line))


def _a_round(figure: str) -> Callable[[PlayedLine], float | None]:
    def rate(line: PlayedLine) -> float | None:
        total = getattr(line, figure)
        return None if total is None else total / line.rounds

    return rate


def _sum(figure: str) -> Callable[[PlayedLine], int | None]:
    return lambda line: getattr(line, figure)


def _revives(line: PlayedLine) -> float | None:
    """Over the rounds whose files tell."""
    return None if line.revives_given is None else line.revives_given / line.revives_known_rounds


def _dpm(line: PlayedLine) -> float | None:
    return damage_per_minute(line.damage_given, line.played_s)


def _glass(line: PlayedLine) -> float | None:
    """Much damage and little left of himself."""
    dpm = _dpm(line)
    return None if dpm is None or not line.kills else dpm * line.deaths / line.kills


def _quotient(part: str, whole: str, *, at_least: int = 1) -> Callable[[PlayedLine], float | None]:
    """*at_least*: of *whole*, before it says anything."""

    def rate(line: PlayedLine) -> float | None:
        above, below = getattr(line, part), getattr(line, whole)
        return None if above is None or below is None or below < at_least else above / below

    return rate


def _most(
    key: str, kind: Kind, figure: str, *, a_round: float = 0, total: int = 0, shown: Shown = Shown.PER_ROUND
) -> Prize:
    """Most of a figure, when it is so much a round and so much in all."""
    return Prize(
        shown=shown,
        key=key,
        kind=kind,
        rate=_a_round(figure),
        total=_sum(figure),
        deserved=lambda line, rate: rate >= a_round and (getattr(line, figure) or 0) >= total,
    )


PRIZES: tuple[Prize, ...] = (
    _most("zombie", Kind.FUN, "times_revived", a_round=1.5),
    Prize(
        key="team_dad", kind=Kind.FUN, rate=_revives, total=_sum("revives_given"),
        deserved=lambda _, rate: rate >= 2.5, rounds=lambda line: line.revives_known_rounds,
    ),
    _most("cleanup", Kind.FUN, "gibs", a_round=2.5),
    Prize(
        key="silent_assassin", kind=Kind.FUN, rate=_a_round("headshot_kills"), total=_sum("headshot_kills"),
        deserved=lambda line, rate: rate >= 1.5 and line.kills > 5 and 5 * (line.headshot_kills or 0) >= line.kills,
    ),
    _most("demolition", Kind.FUN, "dynamites_planted", a_round=1),
    _most("bomb_squad", Kind.FUN, "dynamites_defused", a_round=1),
    Prize(
        key="hot_streak", kind=Kind.FUN, rate=lambda line: line.max_killing_spree, total=_sum("max_killing_spree"),
        deserved=lambda _, rate: rate >= 5, shown=Shown.WHOLE,
    ),
    Prize(
        key="glass_cannon", kind=Kind.FUN, rate=_glass, total=lambda line: round(_dpm(line) or 0),
        deserved=lambda line, _: (_dpm(line) or 0) >= 150 and line.deaths >= line.kills, shown=Shown.WHOLE,
    ),
    Prize(
        key="impactful_fragger", kind=Kind.FUN, rate=_a_round("useful_kills"), total=_sum("useful_kills"),
        deserved=lambda line, rate: rate >= 2.5 and 10 * (line.useful_kills or 0) >= 3 * line.kills,
    ),
    _most("tank", Kind.FUN, "damage_received", a_round=1000, shown=Shown.WHOLE),
    Prize(
        key="bully", kind=Kind.CHAOS, rate=_quotient("damage_given", "damage_received"), total=_sum("damage_given"),
        deserved=lambda _, rate: rate > 1.5, shown=Shown.RATIO,
    ),
    _most("builder", Kind.CHAOS, "repairs_constructions", total=1),
    Prize(
        key="meat_shield", kind=Kind.CHAOS, rate=_quotient("damage_received", "deaths"),
        total=_sum("damage_received"),
        deserved=lambda line, rate: rate > _SHIELD_DAMAGE and (line.damage_received or 0) > 1000, shown=Shown.WHOLE,
    ),
    _most("team_killer", Kind.CHAOS, "team_kills", total=3),
    _most("self_destruct", Kind.CHAOS, "self_kills", total=2),
    _most("kill_thief", Kind.CHAOS, "kill_steals", total=5),
    Prize(
        key="spray", kind=Kind.CHAOS, rate=_quotient("gun_shots", "kills"), total=_sum("gun_shots"),
        deserved=lambda _, rate: rate >= _MOST_BULLETS_A_KILL, shown=Shown.WHOLE,
    ),
    Prize(
        key="thrift", kind=Kind.CHAOS, rate=_quotient("gun_shots", "kills", at_least=5), total=_sum("gun_shots"),
        deserved=lambda *_: True, shown=Shown.WHOLE, least_first=True,
    ),
    _most("useless", Kind.CHAOS, "useless_kills", total=3),
    Prize(
        key="punching_bag", kind=Kind.CHAOS, rate=lambda line: line.max_death_spree, total=_sum("max_death_spree"),
        deserved=lambda _, rate: rate >= 5, shown=Shown.WHOLE,
    ),
)  # fmt: skip
