"""The figures people compare, each defined once. None: not known, or nothing to divide by where zero would be a lie."""

from __future__ import annotations


def damage_per_minute(damage_given: int | None, played_s: int | None) -> float | None:
    """Per minute of the player's own time in a team, time dead included. Of several rounds: sums, never means."""
    return 60 * damage_given / played_s if damage_given is not None and played_s else None


def kill_death_ratio(kills: int, deaths: int) -> float:
    """Who never died has his kills."""
    return kills / deaths if deaths else float(kills)


def efficiency(kills: int, deaths: int) -> float:
    """Per cent of kills among kills and deaths; 0 without either."""
    return _percent(kills, kills + deaths)


def accuracy(hits: int, shots: int) -> float:
    """Per cent of shots that hit; 0 without a shot."""
    return _percent(hits, shots)


def headshots(head_hits: int, hits: int) -> float:
    """Per cent of gun hits that were head hits; not the share of kills by a head hit."""
    return _percent(head_hits, hits)


def alive(alive_ms: int | None, played_s: int | None) -> float | None:
    """Per cent of the time in a team."""
    return alive_ms / (10 * played_s) if alive_ms is not None and played_s else None


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
