"""Every command there is. Importing this module registers them."""

from __future__ import annotations

from etstats.commands import (
    achievements,
    aliases,
    awards,
    config,
    export,
    help,
    lang,
    last,
    leaderboard,
    link,
    notify,
    privacy,
    rounds,
    score,
    session,
    stats,
)

__all__ = [
    "achievements",
    "aliases",
    "awards",
    "config",
    "export",
    "help",
    "lang",
    "last",
    "leaderboard",
    "link",
    "notify",
    "privacy",
    "rounds",
    "score",
    "session",
    "stats",
]
