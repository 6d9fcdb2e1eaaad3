"""A question as a command gets it: what was asked, and everything known about who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NoReturn

from etstats.domain.permission import Tier
from etstats.domain.setting import NOTHING_SET, GuildSettings
from etstats.interactions.request import Asked
from etstats.words import Words

if TYPE_CHECKING:
    from etstats.commands.control import Control
    from etstats.domain.clip import Clip, Wanted
    from etstats.storage.database import Database

Render = Callable[[str], bytes]  # an SVG document → PNG
Cut = Callable[["Wanted"], "Clip"]


def no_control() -> NoReturn:
    raise RuntimeError("game servers are not reached from here")


def cannot_render(_: str) -> NoReturn:
    raise RuntimeError("pictures are drawn on the LATER path only")


def cannot_cut(_: Wanted) -> NoReturn:
    raise RuntimeError("clips are cut on the LATER path only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """*me*: the caller's own person, where he has linked one. *render* draws pictures and *cut* cuts clips, both on
    the LATER path. *tier*: his here. *control* reaches the game servers."""

    asked: Asked
    db: Database
    words: Words
    me: str | None = None
    guild: GuildSettings = NOTHING_SET
    render: Render = cannot_render
    cut: Cut = cannot_cut
    tier: Tier = Tier.MEMBER
    control: Callable[[], Control] = no_control

    @property
    def now(self) -> datetime:
        """When Discord took the question."""
        return datetime.fromtimestamp(self.asked.at_ms / 1000, UTC)

    @property
    def today(self) -> date:
        """The day on which Discord took the question, by UTC: at most a day off the game server's."""
        return self.now.date()
