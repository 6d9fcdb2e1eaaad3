"""What a server's admins and its members have chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    """A Discord server's; each field is a row of its own where it is stored.

    *channels*: where commands are answered; none: everywhere. *round_channel* and its like: where posts of a kind go;
    '': nowhere. *admin*: the user who is told when a post cannot be made. *language*: of the posts.
    """

    channels: tuple[str, ...] = ()
    round_channel: str = ""
    session_channel: str = ""
    digest_channel: str = ""
    demo_channel: str = ""
    round_cards: bool = True
    session_cards: bool = True
    digests: bool = True
    demo_cards: bool = True
    admin: str = ""
    language: str = ""


NOTHING_SET = GuildSettings()


def guild_settings(stored: Mapping[str, object] | None) -> GuildSettings:
    """*stored*: values by name, as JSON has them. What is unknown or of another kind by now is as if not set."""
    known: dict[str, object] = {}
    for field in fields(GuildSettings):
        value = (stored or {}).get(field.name)
        if isinstance(value, list):
            value = tuple(str(one) for one in value)
        if type(value) is type(field.default):
            known[field.name] = value
    return GuildSettings(**known)  # type: ignore[arg-type]  # compared with each default's type


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCaller:
    """Who asks, as far as we know. *language* '': none chosen. *person*: the guid of his own person, if he has linked
    one. *wait_s*: how long he has to wait before he may ask this again; 0: he may. *granted*: his tier here, as a
    number (`domain/permission.py`). *away*: nobody could look it up."""

    language: str = ""
    person: str | None = None
    guild: GuildSettings = NOTHING_SET
    wait_s: int = 0
    granted: int = 0
    away: bool = False
