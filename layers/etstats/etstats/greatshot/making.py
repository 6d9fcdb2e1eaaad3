"""What every detector makes its highlights with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from etstats.demo.configstring import without_colours
from etstats.demo.events import Event, Kill
from etstats.domain.highlight import HEADSHOT_POINTS, Highlight, Kind, Moment, Part, Rule
from etstats.greatshot.battle import Battle

E = TypeVar("E", bound=Event)


def of_kills(
    battle: Battle,
    kind: Kind,
    kills: Sequence[Kill],
    rule: Rule,
    *,
    against: int | None = None,
    units: int | None = None,
) -> Highlight:
    """A highlight made of one player's *kills*, in order; each is worth the rule's points."""
    heads = sum(battle.is_headshot(kill) for kill in kills)
    parts = [Part(name=kind.value, count=len(kills), points=rule.points * len(kills))]
    if heads:
        parts.append(Part(name="heads", count=heads, points=HEADSHOT_POINTS * heads))
    first = kills[0]
    return Highlight(
        kind=kind,
        client=first.attacker,
        name=without_colours(first.attacker_name or ""),
        team=first.attacker_team.value if first.attacker_team is not None else "",
        moments=tuple(Moment(at_ms=kill.at_ms, whom=without_colours(kill.victim_name or "")) for kill in kills),
        weapons=tuple(dict.fromkeys(weapon_of(kill) for kill in kills)),
        parts=tuple(parts),
        against=against,
        units=units,
    )


def weapon_of(kill: Kill) -> str:
    """What it was done with, in the mod's own words."""
    return kill.weapon_name or kill.means_name


def windows(events: Sequence[E], rule: Rule) -> Iterator[Sequence[E]]:
    """The longest runs of *events* in which every *rule.count* in a row fall within *rule.within_ms*.

    Neighbours that share an event are one run, so nothing is told twice and nothing grows.
    """
    begin = end = 0  # the run so far is events[begin:end]
    for at in range(len(events) - rule.count + 1):
        last = at + rule.count
        if events[last - 1].at_ms - events[at].at_ms > rule.within_ms:
            continue
        if at >= end:
            if end:
                yield events[begin:end]
            begin = at
        end = last
    if end:
        yield events[begin:end]
