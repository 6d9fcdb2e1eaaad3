"""Values for tests: a builder supplies whatever the fact under test does not mention."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nacl.signing import SigningKey

from etstats.commands.question import Question
from etstats.domain.announcement import AnnouncedLine, AnnouncedRound, Half
from etstats.domain.evening import Evening, PlayedLine, PlayedMap, PlayedRound, PlayedSession, RoundLine
from etstats.domain.setting import NOTHING_SET, GuildSettings
from etstats.interactions.reply import Button, Message
from etstats.interactions.request import Asked, Caller, Given, Kind
from etstats.storage.database import Database
from etstats.words import words_for

KEY = SigningKey(bytes(range(32)))
PUBLIC_KEY = bytes(KEY.verify_key)
SNOWFLAKE = 1_300_000_000_000_000_000


def an_interaction(command: str = "help", options: dict[str, object] | None = None, **other: object) -> dict[str, Any]:
    """What Discord sends for a slash command typed in a server; *other* replaces or adds top-level keys."""
    listed = [{"name": name, "type": 3, "value": value} for name, value in (options or {}).items()]
    return {
        "id": str(SNOWFLAKE),
        "application_id": "1100000000000000099",
        "type": 2,
        "token": "aW50ZXJhY3Rpb24",
        "version": 1,
        "guild_id": "7",
        "channel_id": "8",
        "locale": "en-GB",
        "member": {"nick": None, "permissions": "2048", "user": {"id": "42", "username": "mittens"}},
        "data": {"id": "9", "type": 1, "name": command, "options": listed},
    } | other


def a_call(interaction: object, *, key: SigningKey = KEY, at: float | None = None) -> dict[str, Any]:
    """The HTTP API's event for *interaction* (bytes: the body itself), signed with *key*."""
    body = interaction if isinstance(interaction, bytes) else json.dumps(interaction).encode()
    return signed({"version": "2.0", "headers": {}, "body": body.decode(), "isBase64Encoded": False}, key=key, at=at)


def signed(event: dict[str, Any], *, key: SigningKey = KEY, at: float | None = None) -> dict[str, Any]:
    """*event* with the signature its body should have, as of now or *at*."""
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    timestamp = str(int(time.time() if at is None else at))
    signature = key.sign(timestamp.encode() + body).signature.hex()
    return event | {
        "headers": event["headers"] | {"x-signature-timestamp": timestamp, "x-signature-ed25519": signature}
    }


def question(
    db: Database, command: str = "", /, *, me: str | None = None, guild: GuildSettings = NOTHING_SET, **asking: Any
) -> Question:
    """What a command's function gets; *asking*: as for `asked`."""
    told = asked(command, **asking)
    return Question(asked=told, db=db, words=words_for(told.caller.locale), me=me, guild=guild)


def buttons(message: Message) -> list[Button]:
    """Those that ask something, in their order."""
    return [one for row in message.rows for one in row if isinstance(one, Button)]


def asked(
    command: str = "",
    /,
    *,
    kind: Kind = Kind.COMMAND,
    focused: str = "",
    user: str = "42",
    locale: str = "en-GB",
    target: str = "",
    at: datetime | None = None,
    **options: Any,
) -> Asked:
    """*at*: when Discord took it, by UTC."""
    return Asked(
        kind=kind,
        id=str(SNOWFLAKE if at is None else snowflake(at)),
        token="aW50ZXJhY3Rpb24",
        application_id="1100000000000000099",
        caller=Caller(id=user, name="mittens", locale=locale, permissions=0),
        command=command,
        focused=focused,
        target=target,
        options=tuple(Given(name=name, value=value) for name, value in options.items()),
    )


def snowflake(at: datetime) -> int:
    """An identifier that Discord made at that moment, by UTC."""
    return (int(at.replace(tzinfo=UTC).timestamp() * 1000) - 1_420_070_400_000) << 22


def a_played_session(**changes: Any) -> PlayedSession:
    usual = PlayedSession(
        session_id=1, server="main", first_at=datetime(2025, 10, 2, 21, 18), last_at=datetime(2025, 10, 2, 23, 28),
        score_a=2, score_b=0, counted_rounds=2, rounds=2, maps=1, players=2,
    )  # fmt: skip
    return replace(usual, **changes)


def a_played_map(**changes: Any) -> PlayedMap:
    """Team A takes it in 8:45, and B is held."""
    usual = PlayedMap(
        position=1, map="supply", winner="r1_attackers", winner_team="A", r1_attackers_team="A",
        r1_time_s=525, r2_time_s=None, r1_gave_up=False, r2_gave_up=False, limit_s=720, round1_id=1, round2_id=2,
    )  # fmt: skip
    return replace(usual, **changes)


def a_played_round(**changes: Any) -> PlayedRound:
    """A first round that Allies took in 8:45; it is part of no complete map."""
    usual = PlayedRound(
        round_id=1, written_at=datetime(2025, 10, 2, 21, 18), map="supply", number=1, role="r1_without_r2",
        counted=True, reason=None, outcome="completed", defender_team=1, winner_team=2, limit_s=720, time_s=525,
        duration_s=525, gave_up=False, players=6, position=None, grade="A",
    )  # fmt: skip
    return replace(usual, **changes)


def a_played_line(name: str = "mittens", **changes: Any) -> PlayedLine:
    usual = PlayedLine(
        guid="0123ABCD", name=name, team="A", rounds=2, played_s=1200, alive_ms=900_000, kills=20, deaths=10,
        gun_hits=300, gun_shots=900, gun_headshot_hits=45, shots=950, damage_given=6000, damage_received=5000,
        team_damage_given=100, gibs=3, self_kills=1, team_kills=0, xp=90, max_killing_spree=4, max_death_spree=3,
        kill_assists=5, kill_steals=2, headshot_kills=4, objectives_stolen=0, objectives_returned=0,
        dynamites_planted=1, dynamites_defused=0, times_revived=4, useful_kills=6, useless_kills=1,
        denied_playtime_s=120, multikill_2=2, multikill_3=1, multikill_4=0, multikill_5=0, multikill_6=0,
        full_selfkills=0, repairs_constructions=1, revives_given=7, revives_known_rounds=2,
    )  # fmt: skip
    return replace(usual, **changes)


def a_round_line(guid: str = "AAAA0001", **changes: Any) -> RoundLine:
    usual = RoundLine(
        round_id=1, guid=guid, name=guid, team=1, played_s=600, alive_ms=400_000, kills=10, deaths=8,
        damage_given=2000, objectives=0, revives_given=2,
    )  # fmt: skip
    return replace(usual, **changes)


def an_evening(**parts: Any) -> Evening:
    usual = Evening(session=a_played_session(), maps=(), rounds=(), lines=())
    return replace(usual, **parts)


def an_announced_round(**changes: Any) -> AnnouncedRound:
    """A held second round: Axis defend, nothing known of the map yet."""
    usual = AnnouncedRound(
        round_id=1, session_id=1, map="supply", role="r2", number=2, written_at=datetime(2025, 10, 2, 21, 42),
        counted=True, uncounted_reason=None, outcome="defended", defender_team=1, winner_team=1, limit_s=720,
        duration_s=718, gave_up=False, map_winner=None, map_winner_team=None, r1_attackers_team=None, r1_time_s=None,
        r2_time_s=None, score_a=None, score_b=None, team_a=None, team_b=None, other_id=None, grade="A",
        demo_guilds=None,
    )  # fmt: skip
    return replace(usual, **changes)


def an_announced_line(name: str = "mittens", **changes: Any) -> AnnouncedLine:
    usual = AnnouncedLine(
        guid=name, name=name, team=1, is_bot=False, played_s=600, kills=12, deaths=8, damage_given=3412,
        gun_hits=200, gun_shots=600, gun_headshot_hits=30, revives_given=2, gibs=1,
    )  # fmt: skip
    return replace(usual, **changes)


def a_half(*lines: AnnouncedLine, **changes: Any) -> Half:
    """A round with these lines, or with one."""
    return Half(round=an_announced_round(**changes), lines=lines or (an_announced_line(),), awards=())
