"""Who is in the game at a moment: clients, their names, teams and classes, out of the players' configstrings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from etstats.demo.configstring import PLAYERS, Configstrings
from etstats.demo.events import ClassChange, Event, Joined, Left, NameChange, Team, TeamChange
from etstats.demo.protocol import CLIENTS

_TEAMS = (Team.NONE, Team.AXIS, Team.ALLIES, Team.SPECTATOR)
_CLASSES = ("soldier", "medic", "engineer", "fieldops", "covertops")


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One client as the server describes it; *name* with its colour codes."""

    client: int
    name: str
    team: Team
    player_class: str


def team_of(number: str) -> Team:
    """ET:Legacy leaves a team of 0 out."""
    return _TEAMS[int(number)] if number in ("1", "2", "3") else Team.NONE


class Roster:
    """Follows the configstrings. *ever* keeps who was there, as last described."""

    def __init__(self) -> None:
        self.now: dict[int, Player] = {}
        self.ever: dict[int, Player] = {}

    def begin(self, strings: Configstrings) -> None:
        self.now = {}
        for client in range(CLIENTS):
            self._set(client, strings)

    def update(self, index: int, strings: Configstrings, at_ms: int) -> Iterator[Event]:
        """What the configstring *index* changes about a player."""
        client = index - PLAYERS
        if not 0 <= client < CLIENTS:
            return
        before = self.now.get(client)
        after = self._set(client, strings)
        if before is None:
            if after is not None:
                yield Joined(at_ms=at_ms, client=client, name=after.name, team=after.team)
        elif after is None:
            yield Left(at_ms=at_ms, client=client, name=before.name)
        else:
            yield from _changes(before, after, at_ms)

    def _set(self, client: int, strings: Configstrings) -> Player | None:
        pairs = strings.pairs(PLAYERS + client)
        if not pairs:
            self.now.pop(client, None)
            return None
        number = pairs.get("c", "0")
        self.now[client] = self.ever[client] = Player(
            client=client,
            name=pairs.get("n", ""),
            team=team_of(pairs.get("t", "0")),
            player_class=_CLASSES[int(number)] if number in ("1", "2", "3", "4") else _CLASSES[0],
        )
        return self.now[client]


def _changes(before: Player, after: Player, at_ms: int) -> Iterator[Event]:
    client = after.client
    if after.name != before.name:
        yield NameChange(at_ms=at_ms, client=client, name=after.name, before=before.name)
    if after.team is not before.team:
        yield TeamChange(at_ms=at_ms, client=client, team=after.team, before=before.team)
    if after.player_class != before.player_class:
        yield ClassChange(at_ms=at_ms, client=client, player_class=after.player_class, before=before.player_class)
