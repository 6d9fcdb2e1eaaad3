"""Two players side by side: who is ahead in what, how they did together and against each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from etstats.domain.measure import Measure
from etstats.domain.total import Total, figure_of, per_round

ENOUGH_ROUNDS = 10  # each, for anybody to be ahead
RATES = (Measure.DPM, Measure.KD, Measure.ACCURACY, Measure.HEADSHOTS, Measure.USEFUL, Measure.SURVIVAL)
PER_ROUND = (Measure.REVIVES, Measure.OBJECTIVES, Measure.WINS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side(Total):
    """One of the two, over his counted rounds of a period."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Complete maps of which both played a part: won, lost and drawn, by the first of the two."""

    won: int = 0
    lost: int = 0
    drawn: int = 0

    @property
    def maps(self) -> int:
        return self.won + self.lost + self.drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounters:
    """*kills*: the first's of the second, *deaths* the other way round, in *rounds* whose endstats tell."""

    kills: int = 0
    deaths: int = 0
    rounds: int = 0


class Ahead(Enum):
    FIRST = "first"
    SECOND = "second"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """None: not known."""

    measure: Measure
    first: float | None
    second: float | None
    ahead: Ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    first: Side
    second: Side
    together: Outcomes
    against: Outcomes
    encounters: Encounters

    @property
    def enough(self) -> bool:
        """Whether both have played so much that one of them can be ahead."""
        return min(self.first.rounds, self.second.rounds) >= ENOUGH_ROUNDS

    @property
    def rows(self) -> tuple[Row, ...]:
        """In every one of them more is better. Wins are a share of the rounds, from 0 to 1."""
        return tuple(self._row(measure) for measure in (*RATES, *PER_ROUND))

    def _row(self, measure: Measure) -> Row:
        tell = per_round if measure in PER_ROUND else figure_of
        one, other = tell(self.first, measure), tell(self.second, measure)
        ahead = Ahead.NOBODY
        if self.enough and one is not None and other is not None and one != other:
            ahead = Ahead.FIRST if one > other else Ahead.SECOND
        return Row(measure=measure, first=one, second=other, ahead=ahead)
