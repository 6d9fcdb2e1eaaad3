"""What tests of posting share: an evening in the database, the stub of Discord on our clock, and looks at both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from etstats.gateways.discord import Discord
from etstats.storage.database import Database
from etstats.usecases.announce import Announced, Announcer
from etstats.usecases.store_round import Stored, store
from local.discord_stub import ROUND_CHANNEL_ID, Running
from tests.game_files import EVENING, a_match, an_endstats

# the game server's clock is UTC here, and the evening's second map is just over
NOW = EVENING.replace(tzinfo=UTC) + timedelta(minutes=40)
FIRST, SECOND = a_match()
THIRD, FOURTH = a_match(minute=25, map="adler")
ALL = (FIRST, SECOND, THIRD, FOURTH)
ENDSTATS = (
    FIRST[0].replace(".txt", "-endstats.txt"),
    an_endstats([("Most damage given", "AAAA0002", "1100"), ("Most revives", "BBBB0001", "4")]),
)


@dataclass(slots=True, kw_only=True)
class Posting:
    """*now*: everybody's clock. The game server's clock on the wall is *ahead* of it."""

    db: Database
    stub: Running
    now: datetime = NOW
    ahead: timedelta = timedelta()
    channel: Any = None
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stub.memory.clock = self._time
        self.channel = self.channel or self.discord()

    def _time(self) -> float:
        return self.now.timestamp()

    def discord(self, token: str = "token") -> Discord:
        return Discord(url=self.stub.api_url, bot_token=lambda: token, sleep=self.slept.append)

    def store(self, *files: tuple[str, bytes], channel_id: str = ROUND_CHANNEL_ID) -> list[Stored]:
        stored = [
            store(self.db, server="eu1", name=name, content=content, channel_id=channel_id, now=self.now)
            for name, content in files
        ]
        self.db.run(
            """update stats_file set listed_mtime = extract(epoch from written_at - cast(:ahead as interval))
               where listed_mtime is null""",
            ahead=self.ahead,
        )
        return stored

    def announce(self, *, after: timedelta = timedelta()) -> list[Announced]:
        self.now += after
        announcer = Announcer(db=self.db, channel=self.channel, key=lambda: b"key", now=lambda: self.now)
        return list(announcer.announce(time_is_short=lambda: False))

    def posts(self, channel_id: str = ROUND_CHANNEL_ID) -> list[dict[str, Any]]:
        return self.stub.memory.in_channel(channel_id)

    def titles(self, channel_id: str = ROUND_CHANNEL_ID) -> list[str]:
        return [post["embeds"][0]["title"] for post in self.posts(channel_id)]

    def set_for(self, guild_id: str, **settings: str) -> None:
        """As an admin does with /config."""
        for name, value in settings.items():
            self.db.run(
                """insert into guild_setting (guild_id, name, value, set_by)
                   values (:guild_id, :name, cast(:value as jsonb), '42')
                   on conflict (guild_id, name) do update set value = excluded.value""",
                guild_id=guild_id,
                name=name,
                value=value if value in ("true", "false") else f'"{value}"',
            )


def fates(announced: Sequence[Announced]) -> list[str]:
    return [one.fate.value for one in announced]
