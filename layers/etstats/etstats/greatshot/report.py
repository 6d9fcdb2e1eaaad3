"""What a report tells of a battle."""

from __future__ import annotations

from etstats.demo.configstring import without_colours
from etstats.demo.events import Kill
from etstats.domain.place import Place
from etstats.domain.report import Death, Feat, Report
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import weapon_of
from etstats.greatshot.scene import CELL, zones

_MOST_DEATHS = 5_000  # some twenty rounds of a full server; a page has to stay one
_MOST_ZONES = 4_000


def report(battle: Battle) -> Report:
    """Of everything while rounds were played."""
    counting = {id(kill) for kill in battle.kills}
    deaths = [one for one in battle.deaths if battle.span_of(one.at_ms) is not None]
    seen = zones(step.position[:2] for _, track in battle.tracks() for step in track if step.alive)
    busiest = sorted(seen.items(), key=lambda zone: (-zone[1], zone[0]))[:_MOST_ZONES]
    return Report(
        begin_ms=battle.begin_ms,
        end_ms=battle.end_ms,
        rounds=tuple((span.begin_ms, span.end_ms) for span in battle.spans),
        deaths=tuple(_death(battle, one, counts=id(one) in counting) for one in deaths[:_MOST_DEATHS]),
        feats=tuple(
            Feat(
                at_ms=one.at_ms,
                what=f"{one.what} {one.action.replace('_', ' ')}".strip(),
                team=one.team.value if one.team is not None else "",
            )
            for one in battle.objectives[:_MOST_DEATHS]
        ),
        zones=tuple(sorted((column, row, round(share, 2)) for (column, row), share in busiest)),
        cell=CELL,
    )


def _death(battle: Battle, one: Kill, *, counts: bool) -> Death:
    return Death(
        at_ms=one.at_ms,
        attacker=one.attacker,
        attacker_name=without_colours(one.attacker_name or ""),
        attacker_team=one.attacker_team.value if one.attacker_team is not None else "",
        victim=one.victim,
        victim_name=without_colours(one.victim_name or ""),
        victim_team=one.victim_team.value if one.victim_team is not None else "",
        weapon=weapon_of(one),
        head=battle.is_headshot(one),
        counts=counts,
        stood=_place(battle, one.attacker, one.at_ms),
        fell=_place(battle, one.victim, one.at_ms),
    )


def _place(battle: Battle, client: int, at_ms: int) -> Place | None:
    seen = battle.seen(client, at_ms)
    return None if seen is None else (round(seen.position[0]), round(seen.position[1]))
