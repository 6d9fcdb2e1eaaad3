"""Every command there is. Importing this module registers them."""

from __future__ import annotations

from etstats.commands import (
    achievements,
    aliases,
    config,
    export,
    help,
    lang,
    last,
    leaderboard,
    link,
    notify,
    privacy,
    stats,
)

__all__ = [
    "achievements",
    "aliases",
    "config",
    "export",
    "help",
    "lang",
    "last",
    "leaderboard",
    "link",
    "notify",
    "privacy",
    "stats",
]
