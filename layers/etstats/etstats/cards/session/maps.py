"""The maps view: what became of each map, and who did most damage on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etstats.cards import evening as told
from etstats.cards.session.view import View
from etstats.cards.text import in_table, kills_to_deaths, narrow, table
from etstats.domain.evening import Evening, MapBest
from etstats.interactions.reply import Embed
from etstats.words import Words


def card(words: Words, evening: Evening, best: Sequence[MapBest]) -> Embed:
    """*best* in the order of the maps."""
    session = evening.session
    results = told.maps_by_team(words, evening.maps)
    parts = [told.score(words, evening), results, _best(words, best, evening.short_names)]
    trusted = told.trust(words, evening.rounds)
    return Embed(
        title=told.title(words, session, words(f"session.view_{View.MAPS.value}")),
        description="\n".join(part for part in parts if part),
        colour=told.colour(session),
        fields=tuple(told.lone_rounds(words, evening)),
        footer="\n".join([words("session.legend_maps"), *([trusted] if trusted else [])]),
    )


def _best(words: Words, best: Sequence[MapBest], short: Mapping[str, str]) -> str:
    """40 columns: map, player, damage per minute, kills and deaths."""
    if not best:
        return ""
    rows = [f"{words('evening.map'):13}{words('session.best'):15}{'DPM':>4}{'K/D':>8}"]
    for one in best[: told.MAP_LINES]:
        name = in_table(short.get(one.name, one.name), 15)
        figures = narrow(one.dpm, 4) + kills_to_deaths(one.kills, one.deaths)
        rows.append(f"{in_table(one.map, 12)} {name}{figures}")
    return table(rows)
