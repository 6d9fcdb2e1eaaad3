"""A part of a demo as it is watched from above: who stood where, who shot whom, where people go on this map.

Times are server milliseconds, places the map's units (x east, y north), yaws degrees anticlockwise from east.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import dist, floor, sqrt

from etstats.demo.events import WORLD, Hit, Kill, Team
from etstats.demo.positions import Position
from etstats.domain.place import Box, Place
from etstats.greatshot.battle import Battle, Span
from etstats.greatshot.making import weapon_of

CELL = 64  # units; the side of a square of the zones of play
_UNSEEN_MS = 300  # so long after he was seen last, somebody is out of sight
_JUMP = 300.0  # units between two steps: he spawned or was teleported, and did not walk
_ROOM = 420.0  # units around what is to be seen
_LEAST = 1_700.0  # units; nearer, nobody sees where on the map it is
_OFTEN = 0.95  # a square visited as often as this share of them is shown as the busiest are
_SHOWN_BEFORE_MS = 8_000  # who fell so shortly before the part still lies there when it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """*health*: None where it is not sent."""

    at_ms: int
    place: Place
    yaw: float
    alive: bool
    health: int | None = None
    carrying: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fighter:
    """One player; *steps* in order of time, only while he was seen."""

    client: int
    name: str
    team: Team
    steps: tuple[Step, ...]

    def at(self, at_ms: int) -> Step | None:
        """Where he was then, between two steps on the line between them; None: not seen."""
        after = bisect_right(self.steps, at_ms, key=lambda step: step.at_ms)
        before = self.steps[after - 1] if after else None
        if before is None or at_ms - before.at_ms > _UNSEEN_MS:
            return None
        following = self.steps[after] if after < len(self.steps) else None
        return before if following is None else _between(before, following, at_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A bullet from *origin* that ended at *end*, in a player (*struck*) or in anything else."""

    at_ms: int
    client: int
    origin: Place
    end: Place
    struck: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """Somebody died at *place* (None: nobody saw where). *attacker* WORLD: nobody's doing. *weapon*: the mod's word."""

    at_ms: int
    victim: int
    attacker: int
    weapon: str
    head: bool
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """*hero*: whom it is about; WORLD: nobody in particular. *box*: what is to be seen. *zones*: how busy each square
    of the map is in the whole demo, from over 0 to 1, by its column and row. *span*: of the round; None: none played.
    """

    from_ms: int
    to_ms: int
    hero: int
    fighters: tuple[Fighter, ...]
    shots: tuple[Shot, ...]
    falls: tuple[Fall, ...]
    zones: Mapping[tuple[int, int], float]
    box: Box
    span: Span | None

    def fighter(self, client: int) -> Fighter | None:
        return next((one for one in self.fighters if one.client == client), None)

    def clock_ms(self, at_ms: int) -> int | None:
        """What is left of the round, or how long it has been going where its limit is not known."""
        if self.span is None:
            return None
        gone = max(0, at_ms - self.span.begin_ms)
        return gone if self.span.limit_ms is None else max(0, self.span.limit_ms - gone)


def scene(battle: Battle, from_ms: int, to_ms: int, *, hero: int = WORLD) -> Scene:
    """The part of *battle* from *from_ms* to *to_ms*, as closely as its positions were sampled there."""
    fighters = tuple(
        found for client, track in battle.tracks() if (found := _fighter(battle, client, track, from_ms, to_ms)).steps
    )
    by_client = {one.client: one for one in fighters}
    falls = tuple(
        _fall(battle, death, by_client)
        for death in battle.deaths
        if from_ms - _SHOWN_BEFORE_MS <= death.at_ms <= to_ms and battle.span_of(death.at_ms) is battle.span_of(from_ms)
    )
    seen = zones(seen.position[:2] for _, track in battle.tracks() for seen in track if seen.alive)
    shown = [fall for fall in falls if fall.at_ms >= from_ms]
    return Scene(
        from_ms=from_ms,
        to_ms=to_ms,
        hero=hero,
        fighters=fighters,
        shots=tuple(_shots(battle.hits, by_client, from_ms, to_ms)),
        falls=falls,
        zones=seen,
        box=_box(hero, fighters, shown, seen),
        span=battle.span_of(from_ms) or battle.span_of(to_ms),
    )


def zones(places: Iterable[Place]) -> dict[tuple[int, int], float]:
    """How busy each square is, by the root of how often somebody was seen in it: paths show beside camps."""
    visits = Counter((floor(x / CELL), floor(y / CELL)) for x, y in places)
    if not visits:
        return {}
    counts = sorted(visits.values())
    often = counts[min(int(len(counts) * _OFTEN), len(counts) - 1)]
    return {square: min(1.0, sqrt(count / often)) for square, count in visits.items()}


def _fighter(battle: Battle, client: int, track: Sequence[Position], from_ms: int, to_ms: int) -> Fighter:
    return Fighter(
        client=client,
        name=battle.name(client),
        team=battle.team(client, from_ms),
        steps=tuple(
            Step(
                at_ms=seen.at_ms,
                place=seen.position[:2],
                yaw=seen.angles[1],
                alive=seen.alive,
                health=seen.health,
                carrying=seen.carrying,
            )
            for seen in track
            if from_ms - _UNSEEN_MS <= seen.at_ms <= to_ms + _UNSEEN_MS
        ),
    )


def _between(before: Step, after: Step, at_ms: int) -> Step:
    gap = after.at_ms - before.at_ms
    if gap > _UNSEEN_MS or before.alive is not after.alive or dist(before.place, after.place) > _JUMP:
        return before
    share = (at_ms - before.at_ms) / gap
    (x, y), (to_x, to_y) = before.place, after.place
    turn = (after.yaw - before.yaw + 180) % 360 - 180  # the short way round
    return replace(
        before, at_ms=at_ms, place=(x + (to_x - x) * share, y + (to_y - y) * share), yaw=before.yaw + turn * share
    )


def _shots(hits: Iterable[Hit], fighters: Mapping[int, Fighter], from_ms: int, to_ms: int) -> Iterable[Shot]:
    """Those whose marksman is seen: of the others nobody knows where they came from."""
    for hit in hits:
        marksman = fighters.get(hit.attacker)
        if from_ms <= hit.at_ms <= to_ms and marksman is not None and (step := marksman.at(hit.at_ms)) is not None:
            yield Shot(
                at_ms=hit.at_ms,
                client=hit.attacker,
                origin=step.place,
                end=hit.position[:2],
                struck=hit.victim != WORLD,
            )


def _fall(battle: Battle, death: Kill, fighters: Mapping[int, Fighter]) -> Fall:
    victim = fighters.get(death.victim)
    step = victim.at(death.at_ms) if victim is not None else None
    seen = battle.seen(death.victim, death.at_ms) if step is None else None
    return Fall(
        at_ms=death.at_ms,
        victim=death.victim,
        attacker=death.attacker,
        weapon=weapon_of(death),
        head=battle.is_headshot(death),
        place=step.place if step is not None else seen.position[:2] if seen is not None else None,
    )


def _box(hero: int, fighters: Sequence[Fighter], falls: Sequence[Fall], seen: Mapping[tuple[int, int], float]) -> Box:
    """Around the hero, whom he killed and who killed him; else around everybody, else around the whole map."""
    by_client = defaultdict(list, {one.client: [step.place for step in one.steps if step.alive] for one in fighters})
    about = [fall for fall in falls if hero in (WORLD, fall.attacker, fall.victim)]
    places = by_client[hero] + [fall.place for fall in about if fall.place is not None]
    if hero == WORLD or not places:
        places = places or [place for found in by_client.values() for place in found]
    places = places or [(column * CELL, row * CELL) for column, row in seen] or [(0.0, 0.0)]
    box = Box.around(places, room=_ROOM)
    lacking_x, lacking_y = max(0.0, _LEAST - box.width) / 2, max(0.0, _LEAST - box.height) / 2
    return Box(
        west=box.west - lacking_x, south=box.south - lacking_y, east=box.east + lacking_x, north=box.north + lacking_y
    )
