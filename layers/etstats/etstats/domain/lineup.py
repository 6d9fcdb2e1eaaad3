"""Who stood for which team on which map of an evening: the line-ups, with everybody who came, went or changed sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etstats.domain.evening import Evening, PlayedMap, RoundLine
from etstats.domain.stats_file import ALLIES, AXIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    """*positions* of the complete maps on which he stood for the team, in order."""

    guid: str
    name: str
    positions: tuple[int, ...]


def lineups(evening: Evening, lines: Sequence[RoundLine]) -> dict[str, list[Stint]]:
    """By team, who stood there on most maps first. Who changed teams stands in both."""
    maps = {round_id: one for one in evening.maps for round_id in (one.round1_id, one.round2_id)}
    defenders = {one.round_id: one.defender_team for one in evening.rounds}
    stood: dict[str, dict[str, set[int]]] = {"A": {}, "B": {}}
    for line in lines:
        if (played := maps.get(line.round_id)) is not None:
            team = _team(line, played, defenders.get(line.round_id))
            stood[team].setdefault(line.guid, set()).add(played.position)
    names = {line.guid: line.name for line in evening.lines}
    return {
        team: sorted(
            (
                Stint(guid=guid, name=names.get(guid, guid), positions=tuple(sorted(positions)))
                for guid, positions in players.items()
            ),
            key=lambda one: (-len(one.positions), one.positions, one.name),
        )
        for team, players in stood.items()
        if players
    }


def _team(line: RoundLine, played: PlayedMap, defender_team: int | None) -> str:
    """Those who attack first are told by the map; in its second round the others do."""
    attacking = line.team == (AXIS if defender_team == ALLIES else ALLIES)
    first = line.round_id == played.round1_id
    other = "B" if played.r1_attackers_team == "A" else "A"
    return played.r1_attackers_team if attacking == first else other
