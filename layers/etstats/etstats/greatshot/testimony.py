"""What a battle tells of its longest round, to be held against that round's files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from etstats.demo.events import Hit, Pause, Region, Team
from etstats.demo.roster import Player
from etstats.domain.testimony import Killing, Testimony, Witness, is_gun
from etstats.greatshot.battle import Battle, Span

_BEGAN_WITHIN_MS = 1_000


def shown(battle: Battle) -> Span | None:
    """The round that a demo shows, where it holds parts of others as well."""
    return max(battle.spans, key=lambda span: span.end_ms - span.begin_ms, default=None)


def is_whole(battle: Battle, span: Span) -> bool:
    """Whether the demo holds all of it, from its beginning to its end."""
    return span.over and battle.begin_ms <= span.begin_ms + _BEGAN_WITHIN_MS


def witnessed(
    battle: Battle, players: Sequence[Player], pauses: Sequence[Pause], *, lossless: bool
) -> Testimony | None:
    """None: no round is played in it. *lossless*: every snapshot of the demo could be made sense of."""
    span = shown(battle)
    if span is None or not span.played:
        return None
    whole = lossless and is_whole(battle, span)
    paused = any(span.holds(pause.at_ms) for pause in pauses)
    return Testimony(
        whole=whole,
        everybody=battle.complete,
        duration_s=round((span.end_ms - span.begin_ms) / 1_000) if whole and not paused else None,
        players=_witnesses(battle, players, span),
        kills=_killings(battle, span),
    )


def _killings(battle: Battle, span: Span) -> tuple[Killing, ...]:
    tally = Counter((kill.attacker, kill.victim, kill.means_name) for kill in battle.kills if span.holds(kill.at_ms))
    return tuple(
        Killing(attacker=attacker, victim=victim, means=means, kills=kills)
        for (attacker, victim, means), kills in sorted(tally.items())
    )


def _witnesses(battle: Battle, players: Sequence[Player], span: Span) -> tuple[Witness, ...]:
    """Who stood in a team, or killed or died in the round."""
    hits = [hit for hit in battle.hits if span.holds(hit.at_ms) and is_gun(hit.weapon_name)]
    told = battle.complete and all(hit.region is not None for hit in hits)
    fought = {client for kill in battle.kills if span.holds(kill.at_ms) for client in (kill.attacker, kill.victim)}
    enemies, heads = _by_marksman(hits, Region.HEAD, Region.BODY), _by_marksman(hits, Region.HEAD)
    return tuple(
        Witness(
            client=one.client,
            name=battle.name(one.client),
            hits=enemies[one.client] if told else None,
            head_hits=heads[one.client] if told else None,
        )
        for one in players
        if one.team in (Team.AXIS, Team.ALLIES) or one.client in fought
    )


def _by_marksman(hits: Sequence[Hit], *regions: Region) -> Counter[int]:
    return Counter(hit.attacker for hit in hits if hit.region in regions)
