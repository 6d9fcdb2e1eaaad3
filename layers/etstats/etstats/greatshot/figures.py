"""What every player did in a battle: kills, deaths, heads, bullets; who killed whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from etstats.demo.events import Hit, Region
from etstats.demo.roster import Player
from etstats.domain.demo import ENOUGH_KILLS, DemoDuel, DemoPlayer, Performance
from etstats.domain.highlight import Highlight, Kind
from etstats.greatshot.battle import Battle


def players(battle: Battle, roster: Sequence[Player]) -> list[DemoPlayer]:
    """Everybody who stood in a team or killed or died, by client number."""
    kills = Counter(kill.attacker for kill in battle.kills)
    heads = Counter(kill.attacker for kill in battle.kills if battle.is_headshot(kill))
    played = [death for death in battle.deaths if battle.span_of(death.at_ms) is not None]
    deaths = Counter(death.victim for death in played if not death.self_kill and not death.team_kill)
    selves = Counter(death.victim for death in played if death.self_kill or death.attacker < 0)
    team_kills = Counter(death.attacker for death in played if death.team_kill and not death.self_kill)
    bullets = _bullets(battle)
    bloods = Counter(
        next((kill.attacker for kill in battle.kills if span.holds(kill.at_ms)), -1) for span in battle.spans
    )
    told = kills | deaths | selves
    return [
        DemoPlayer(
            client=one.client,
            name=battle.name(one.client),
            team=one.team.value,
            kills=kills[one.client],
            deaths=deaths[one.client],
            self_kills=selves[one.client],
            team_kills=team_kills[one.client],
            headshots=heads[one.client],
            first_bloods=bloods[one.client],
            **_told(bullets.get(one.client, _NO_BULLETS), complete=battle.complete),
        )
        for one in roster
        if one.team.value in ("axis", "allies") or told[one.client]
    ]


def _told(sums: Mapping[str, int], *, complete: bool) -> dict[str, Any]:
    """Whoever is out of the recorder's sight shoots, too: then nothing is known."""
    return dict(sums) if complete else {}


_NO_BULLETS = {"bullets": 0, "hits": 0, "head_hits": 0}


def _bullets(battle: Battle) -> dict[int, dict[str, int]]:
    """Bullets that hit anything, an enemy, an enemy's head; while a round was played."""
    found: dict[int, dict[str, int]] = {}
    for hit in battle.hits:
        if battle.span_of(hit.at_ms) is None:
            continue
        sums = found.setdefault(hit.attacker, dict(_NO_BULLETS))
        sums["bullets"] += 1
        sums["hits"] += _hits_enemy(battle, hit)
        sums["head_hits"] += hit.region is Region.HEAD
    return found


def _hits_enemy(battle: Battle, hit: Hit) -> bool:
    if hit.region is not None:
        return hit.region in (Region.HEAD, Region.BODY)
    return hit.victim >= 0 and battle.team(hit.victim, hit.at_ms) is not battle.team(hit.attacker, hit.at_ms)


def duels(battle: Battle) -> list[DemoDuel]:
    """Who killed whom how often."""
    kills = Counter((kill.attacker, kill.victim) for kill in battle.kills)
    heads = Counter((kill.attacker, kill.victim) for kill in battle.kills if battle.is_headshot(kill))
    return [
        DemoDuel(attacker=attacker, victim=victim, kills=number, headshots=heads[attacker, victim])
        for (attacker, victim), number in sorted(kills.items())
    ]


def performances(
    everybody: Sequence[DemoPlayer], highlights: Sequence[Highlight]
) -> dict[tuple[int, Performance], float]:
    """The figure of every player by which his is compared with other demos' players; nothing for none."""
    found: dict[tuple[int, Performance], float] = {}
    longest = {
        Performance.MULTI_KILL: _longest(highlights, Kind.MULTI_KILL),
        Performance.SPREE: _longest(highlights, Kind.SPREE),
    }
    for player in everybody:
        figures: Mapping[Performance, float | None] = {
            Performance.KILLS: player.kills,
            Performance.HEADSHOTS: player.headshots,
            Performance.DAMAGE: player.damage,
            Performance.ACCURACY: _accuracy(player),
            **{measure: by_client.get(player.client) for measure, by_client in longest.items()},
        }
        found |= {(player.client, measure): value for measure, value in figures.items() if value}
    return found


def _accuracy(player: DemoPlayer) -> float | None:
    if not player.bullets or player.hits is None or player.kills < ENOUGH_KILLS:
        return None
    return player.hits / player.bullets


def _longest(highlights: Sequence[Highlight], kind: Kind) -> dict[int, int]:
    """How many kills everybody's largest highlight of *kind* holds."""
    found: dict[int, int] = {}
    for one in highlights:
        if kind in (one.kind, *one.also):
            found[one.client] = max(found.get(one.client, 0), _count(one, kind))
    return found


def _count(one: Highlight, kind: Kind) -> int:
    return next((part.count for part in one.parts if part.name in (kind.value, f"also_{kind.value}")), 0)
