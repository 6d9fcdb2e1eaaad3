"""Every command there is. Importing this module registers them."""

from __future__ import annotations

from etstats.commands import help

__all__ = ["help"]
