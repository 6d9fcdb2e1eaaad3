"""A demo as the detectors need it: who killed whom, who lived when, who stood where, while a round was being played."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from etstats.demo.configstring import without_colours
from etstats.demo.events import (
    Event,
    Hit,
    Joined,
    Kill,
    Objective,
    Region,
    Restart,
    Revive,
    RoundState,
    Team,
    TeamChange,
)
from etstats.demo.positions import Position
from etstats.demo.roster import Player

_HEAD_BEFORE_KILL_MS = 100  # a kill by a bullet has its hit so shortly before it
_ALWAYS = -(1 << 31)
_NEAR_MS = 400  # a position is told of a moment when it is no older


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A round's play, in server time. *limit_ms*: how long it may last; None: not known. *over*: whether the demo
    holds its end. *played* False: a demo without any round's play, as a whole."""

    begin_ms: int
    end_ms: int
    limit_ms: int | None
    over: bool
    played: bool = True

    def holds(self, at_ms: int) -> bool:
        return self.begin_ms <= at_ms <= self.end_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Battle:
    """Everything in order of time. *kills*: of enemies, by players, while a round was played. *deaths*: of anybody by
    anything. *complete*: all players are seen, not only those whom the recorder could see."""

    spans: tuple[Span, ...]
    kills: tuple[Kill, ...]
    deaths: tuple[Kill, ...]
    revives: tuple[Revive, ...]
    objectives: tuple[Objective, ...]
    hits: tuple[Hit, ...]
    complete: bool
    begin_ms: int  # of the demo
    end_ms: int
    sampled_ms: int  # how far apart positions are
    names: Mapping[int, str]
    teams: Mapping[int, Sequence[tuple[int, Team]]]
    _tracks: Mapping[int, Sequence[Position]] = field(default_factory=dict)
    _track_times: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def by_attacker(self) -> dict[int, list[Kill]]:
        """Every player's kills."""
        found: defaultdict[int, list[Kill]] = defaultdict(list)
        for kill in self.kills:
            found[kill.attacker].append(kill)
        return dict(found)

    def span_of(self, at_ms: int) -> Span | None:
        return next((span for span in self.spans if span.holds(at_ms)), None)

    def died_between(self, client: int, after_ms: int, until_ms: int) -> bool:
        return any(death.victim == client and after_ms < death.at_ms <= until_ms for death in self.deaths)

    def is_headshot(self, kill: Kill) -> bool:
        """As the obituary says; where it does not, by the last bullet that hit him just before."""
        if kill.headshot is not None:
            return kill.headshot
        begin = bisect_left(self.hits, kill.at_ms - _HEAD_BEFORE_KILL_MS, key=_at)
        end = bisect_right(self.hits, kill.at_ms, key=_at)
        last = next(
            (h for h in reversed(self.hits[begin:end]) if (h.attacker, h.victim) == (kill.attacker, kill.victim)), None
        )
        return last is not None and last.region is Region.HEAD

    def seen(self, client: int, at_ms: int) -> Position | None:
        """Where he was at that moment or just before it; None: not seen."""
        times = self._track_times.get(client, ())
        at = bisect_right(times, at_ms) - 1
        if at < 0 or at_ms - times[at] > _NEAR_MS:
            return None
        return self._tracks[client][at]

    def tracks(self) -> Iterable[tuple[int, Sequence[Position]]]:
        """Where everybody was seen, in order of time."""
        return self._tracks.items()

    def name(self, client: int) -> str:
        """The latest, without colour codes."""
        return self.names.get(client, "")

    def team(self, client: int, at_ms: int) -> Team:
        """Which team he was in at that moment."""
        before = [team for since_ms, team in self.teams.get(client, ()) if since_ms <= at_ms]
        return before[-1] if before else Team.NONE

    def alive(self, team: Team, at_ms: int) -> int:
        """How many of *team* lived at that moment, of those who are seen."""
        return sum(
            self.team(client, at_ms) is team and (seen := self.seen(client, at_ms)) is not None and seen.alive
            for client in self._tracks
        )

    def carriers(self) -> Iterator[tuple[int, Sequence[Position]]]:
        """Every unbroken time somebody carried an objective: who, and where he was."""
        for client, track in self._tracks.items():
            for carrying, part in groupby(track, key=lambda seen: seen.carrying):
                if carrying:
                    yield client, tuple(part)


def battle(
    events: Iterable[Event],
    positions: Iterable[Position],
    players: Sequence[Player],
    *,
    complete: bool,
    sampled_ms: int,
    begin_ms: int | None = None,
    end_ms: int | None = None,
) -> Battle:
    """Out of a demo's events and sampled positions, in their order; *players*: everybody, as last described.

    *begin_ms*, *end_ms*: of the demo, where they are known; else of its events.
    """
    events = list(events)
    spans = tuple(_spans(events)) or tuple(_whole(events))
    tracks: defaultdict[int, list[Position]] = defaultdict(list)
    for seen in positions:
        tracks[seen.client].append(seen)
    deaths = tuple(event for event in events if isinstance(event, Kill))
    return Battle(
        spans=spans,
        kills=tuple(kill for kill in deaths if _counts(kill, spans)),
        deaths=deaths,
        revives=tuple(event for event in events if isinstance(event, Revive)),
        objectives=tuple(event for event in events if isinstance(event, Objective)),
        hits=tuple(event for event in events if isinstance(event, Hit)),
        complete=complete,
        begin_ms=begin_ms if begin_ms is not None else events[0].at_ms if events else 0,
        end_ms=end_ms if end_ms is not None else events[-1].at_ms if events else 0,
        sampled_ms=sampled_ms,
        names={player.client: without_colours(player.name) for player in players},
        teams=_teams(events, players),
        _tracks=dict(tracks),
        _track_times={client: [seen.at_ms for seen in track] for client, track in tracks.items()},
    )


def _at(event: Event) -> int:
    return event.at_ms


def _counts(kill: Kill, spans: Sequence[Span]) -> bool:
    if kill.self_kill or kill.team_kill or kill.attacker < 0:
        return False
    return any(span.holds(kill.at_ms) for span in spans)


def _teams(events: Iterable[Event], players: Iterable[Player]) -> dict[int, list[tuple[int, Team]]]:
    """Since when everybody was in which team: what he left first is what he began in."""
    found: dict[int, list[tuple[int, Team]]] = {}
    for event in events:
        if isinstance(event, TeamChange):
            found.setdefault(event.client, [(_ALWAYS, event.before)]).append((event.at_ms, event.team))
        elif isinstance(event, Joined):
            found.setdefault(event.client, []).append((event.at_ms, event.team))
    for player in players:
        found.setdefault(player.client, [(_ALWAYS, player.team)])
    return found


def _whole(events: Sequence[Event]) -> Iterator[Span]:
    """A demo without any round's play, a warm-up: all of it is worth looking at."""
    if events:
        yield Span(begin_ms=events[0].at_ms, end_ms=events[-1].at_ms, limit_ms=None, over=False, played=False)


def _spans(events: Sequence[Event]) -> Iterator[Span]:
    """From each beginning of play to its end, to a restart, or to the demo's last event."""
    playing: RoundState | None = None
    begin_ms = last_ms = 0
    for event in events:
        last_ms = event.at_ms
        if isinstance(event, RoundState):
            if playing is not None and event.state != "playing":
                yield _span(playing, begin_ms, event.at_ms, over=event.state == "intermission")
                playing = None
            elif playing is None and event.state == "playing":
                playing, begin_ms = event, event.at_ms
        elif isinstance(event, Restart) and playing is not None:
            yield _span(playing, begin_ms, event.at_ms, over=False)
            begin_ms = event.at_ms
    if playing is not None:
        yield _span(playing, begin_ms, last_ms, over=False)


def _span(playing: RoundState, begin_ms: int, end_ms: int, *, over: bool) -> Span:
    """Play began before the demo did, where its state says so."""
    limit_min = playing.next_limit_min if playing.round == 1 and playing.next_limit_min else playing.limit_min
    return Span(
        begin_ms=min(begin_ms, playing.started_ms) if playing.started_ms is not None else begin_ms,
        end_ms=end_ms,
        limit_ms=round(limit_min * 60_000) if limit_min else None,
        over=over,
    )
