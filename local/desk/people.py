"""Who and what the desk pretends to have: one server, its channels, and throw-away people to act as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local.discord_messages import Json

GUILD_ID = "1100000000000000001"
CHANNEL_ID = "1100000000000000002"
ROUND_CHANNEL_ID = "1100000000000000003"
SESSION_CHANNEL_ID = "1100000000000000004"
DIGEST_CHANNEL_ID = "1100000000000000005"
ALARM_CHANNEL_ID = "1100000000000000006"
CHANNELS: Mapping[str, str] = {
    CHANNEL_ID: "etstats",
    ROUND_CHANNEL_ID: "match-results",
    SESSION_CHANNEL_ID: "sessions",
    DIGEST_CHANNEL_ID: "digest",
    ALARM_CHANNEL_ID: "alarms",
}
ROLE = {"id": GUILD_ID, "name": "@everyone"}

_ALL_PERMISSIONS = (1 << 53) - 1
_MANAGE_SERVER = 1 << 5
_MEMBER = 1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 31  # see, send, attach, read history, use commands


class BadQuestion(ValueError):
    """The page asked for something no Discord client could send; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskUser:
    """A throw-away person to act as."""

    id: str
    username: str
    nick: str
    permissions: int

    def shown(self) -> Json:
        """What the page knows of somebody."""
        manages = bool(self.permissions & _MANAGE_SERVER)
        permissions = str(self.permissions)
        return {
            "id": self.id,
            "username": self.username,
            "name": self.nick,
            "admin": manages,
            "permissions": permissions,
        }

    def user(self) -> Json:
        """Discord's user object."""
        return {
            "id": self.id,
            "username": self.username,
            "global_name": self.nick,
            "discriminator": "0",
            "avatar": None,
            "public_flags": 0,
        }

    def member(self) -> Json:
        """Discord's member object, without the user in it: so it comes among what an option's value resolves to."""
        return {
            "nick": self.nick,
            "permissions": str(self.permissions),
            "roles": [],
            "joined_at": "2024-01-01T12:00:00+00:00",
            "avatar": None,
            "flags": 0,
            "pending": False,
            "premium_since": None,
            "communication_disabled_until": None,
        }

    def present_member(self) -> Json:
        """The member who asks."""
        return {"user": self.user(), **self.member(), "deaf": False, "mute": False}


USERS = (
    DeskUser(id="1100000000000000011", username="sarge", nick="Sarge", permissions=_ALL_PERMISSIONS),
    DeskUser(id="1100000000000000012", username="private_doe", nick="Private Doe", permissions=_MEMBER),
    DeskUser(id="1100000000000000013", username="sapper", nick="Säpper ツ", permissions=_MEMBER),
    DeskUser(id="1100000000000000014", username="everyone_", nick="@everyone **<&>**", permissions=_MEMBER),
)


def find_user(wanted: object) -> DeskUser:
    """By id or name; nobody named is the first. Raises BadQuestion."""
    wanted = str(wanted or USERS[0].id)
    for user in USERS:
        if wanted in (user.id, user.username):
            return user
    raise BadQuestion(f"Nobody here is called “{wanted}”. There are: {', '.join(one.username for one in USERS)}.")


def text_channel(channel_id: str, name: str) -> Json:
    """Discord's channel object for one of the server's text channels."""
    return {"id": channel_id, "type": 0, "name": name, "guild_id": GUILD_ID, "parent_id": None, "position": 0}


def direct_channel(channel_id: str, user: DeskUser) -> Json:
    """Discord's channel object for the application's direct messages with *user*."""
    return {"id": channel_id, "type": 1, "recipients": [user.user()], "last_message_id": None, "flags": 0}
