"""Communities: a set of game servers and Discord servers that share one set of figures, which no other one sees.

Here alone it is decided to which one something belongs. Whoever reads or writes gets the database of that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etstats.config import GameServer
from etstats.errors import BadSettings, Stranger

# the one that nobody had to name: whatever no other one has is there
DEFAULT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Communities:
    """As the game servers' settings have them."""

    servers: Sequence[GameServer]

    @property
    def names(self) -> tuple[str, ...]:
        """Home first."""
        return (self.home, *sorted({one.community for one in self.servers} - {self.home}))

    def named(self, name: str) -> str:
        """*name*, if there is such a one. Raises BadSettings."""
        if name in self.names:
            return name
        known = ", ".join(filter(None, self.names)) or "none"
        raise BadSettings(f"There is no community {name!r}. GAME_SERVERS names: {known}.")

    def of_server(self, name: str) -> str:
        """A game server's; one that is not in the settings, or not any more, is at home."""
        return next((one.community for one in self.servers if one.name == name), self.home)

    def of_guild(self, guild_id: str) -> str:
        """A Discord server's; '': of whoever talks to the bot alone. Raises Stranger."""
        named = {guild: one.community for one in self.servers for guild in one.guilds}
        if guild_id in named:
            return named[guild_id]
        if guild_id and self._are_told:
            raise Stranger("refusal.stranger", guild=guild_id)
        if not guild_id and self._are_several:
            raise Stranger("refusal.which_community")
        return self.home

    @property
    def home(self) -> str:
        """Whose is what belongs to nobody else: the only one, and of several the default one."""
        return DEFAULT if self._are_several else next((one.community for one in self.servers), DEFAULT)

    def servers_of(self, community: str) -> tuple[GameServer, ...]:
        return tuple(one for one in self.servers if one.community == community)

    def guilds_of(self, community: str) -> tuple[str, ...] | None:
        """None: whichever there are, because none is named anywhere."""
        if not self._are_told:
            return None
        return tuple(guild for one in self.servers_of(community) for guild in one.guilds)

    @property
    def _are_told(self) -> bool:
        """Whether the settings say who belongs to which; the simplest do not."""
        return any(one.guilds or one.community for one in self.servers)

    @property
    def _are_several(self) -> bool:
        return len({one.community for one in self.servers}) > 1
