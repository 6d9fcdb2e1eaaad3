"""Every command there is, and what is pressed and never typed. Importing this module registers them."""

from __future__ import annotations

from etstats.commands import (
    achievements,
    aliases,
    awards,
    compare,
    config,
    export,
    form,
    help,
    lang,
    last,
    leaderboard,
    link,
    maps,
    notify,
    privacy,
    records,
    rounds,
    score,
    session,
    stats,
    weapons,
)
from etstats.commands import round as _round  # noqa: F401  # is pressed and never typed

__all__ = [
    "achievements",
    "aliases",
    "awards",
    "compare",
    "config",
    "export",
    "form",
    "help",
    "lang",
    "last",
    "leaderboard",
    "link",
    "maps",
    "notify",
    "privacy",
    "records",
    "rounds",
    "score",
    "session",
    "stats",
    "weapons",
]
