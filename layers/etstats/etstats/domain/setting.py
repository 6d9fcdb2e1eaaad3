"""What a server's admins and its members have chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    """A Discord server's. *channels*: where commands are answered; none: everywhere."""

    channels: tuple[str, ...] = ()


NOTHING_SET = GuildSettings()
