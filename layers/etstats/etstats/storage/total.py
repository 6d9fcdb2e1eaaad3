"""The columns a `Total` is read from: `player_total` as they stand, `player_day` summed."""

from __future__ import annotations

_SUMS = (
    *("played_s", "alive_ms", "gun_hits", "gun_shots", "gun_headshot_hits", "damage_given", "damage_received"),
    *("team_damage_given", "gibs", "self_kills", "xp", "kill_assists", "objectives", "times_revived", "useful_kills"),
    *("multikills", "revives_given", "wins", "repairs_constructions", "timed_damage", "judged_kills"),
)
_COUNTS = (  # never unknown
    *("rounds", "kills", "deaths", "revives_known_rounds", "timed_rounds", "events_known_rounds"),
    "repairs_known_rounds",
)
_BEST = "max_killing_spree"

# of the left join of a player with `whole`, his sums, which may not be there
COLUMNS = ", ".join((*_SUMS, *(f"coalesce(whole.{name}, 0) as {name}" for name in _COUNTS), _BEST))
KEPT = ", ".join((*_SUMS, *_COUNTS, _BEST))
SUMMED = ", ".join(
    (*(f"cast(sum({name}) as bigint) as {name}" for name in (*_SUMS, *_COUNTS)), f"max({_BEST}) as {_BEST}")
)
