"""Every command there is. Importing this module registers them."""

from __future__ import annotations

from etstats.commands import export, help, last, leaderboard, stats

__all__ = ["export", "help", "last", "leaderboard", "stats"]
