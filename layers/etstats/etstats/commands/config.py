"""/config: what the admins of a Discord server choose. Every change holds from the next command and post on."""

from __future__ import annotations

from datetime import UTC, datetime

from etstats.cards import config as card
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Permission, Seen, Takes, Topic, command
from etstats.domain.audit import State
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage import audit
from etstats.storage.caller import find_caller
from etstats.storage.setting import set_guild
from etstats.words import LANGUAGES

_CHANNELS = ("round", "session", "digest", "demo")
_SWITCHES = ("round_cards", "session_cards", "digests", "demo_cards")
_MOST_CHANNELS = 10


@command("config show", seen=Seen.PRIVATE, permission=Permission.MANAGE_SERVER, topic=Topic.SERVER)
def config_show(q: Question) -> Message:
    _in_a_server(q)
    return card.card(q.words, q.guild)


@command(
    "config posts",
    options=(
        Option(
            name="kind", required=True, choices=tuple(Labelled(value=one, key=f"config.{one}") for one in _CHANNELS)
        ),
        Option(name="channel", takes=Takes.CHANNEL),
    ),
    seen=Seen.PRIVATE,
    permission=Permission.MANAGE_SERVER,
    example="/config posts kind:Round cards channel:#stats",
    topic=Topic.SERVER,
)
def config_posts(q: Question) -> Message:
    """Where posts of a kind go. No channel: nowhere."""
    kind, channel = q.asked.text("kind"), q.asked.text("channel")
    if kind not in _CHANNELS:
        raise Refusal("config.unknown_kind")
    return _changed(q, f"{kind}_channel", channel)


@command(
    "config switch",
    options=(
        Option(
            name="kind", required=True, choices=tuple(Labelled(value=one, key=f"config.{one}") for one in _SWITCHES)
        ),
        Option(name="on", takes=Takes.BOOLEAN, required=True),
    ),
    seen=Seen.PRIVATE,
    permission=Permission.MANAGE_SERVER,
    example="/config switch kind:Digests on:False",
    topic=Topic.SERVER,
)
def config_switch(q: Question) -> Message:
    kind = q.asked.text("kind")
    if kind not in _SWITCHES:
        raise Refusal("config.unknown_kind")
    return _changed(q, kind, q.asked.text("on").lower() == "true")


@command(
    "config commands",
    options=(Option(name="channel", takes=Takes.CHANNEL), Option(name="everywhere", takes=Takes.BOOLEAN)),
    seen=Seen.PRIVATE,
    permission=Permission.MANAGE_SERVER,
    example="/config commands channel:#stats",
    topic=Topic.SERVER,
)
def config_commands(q: Question) -> Message:
    """Where commands are answered: one channel more, or one less when it was there; *everywhere* forgets them all."""
    if q.asked.text("everywhere").lower() == "true":
        return _changed(q, "channels", [])
    channel = q.asked.text("channel") or q.asked.channel_id
    kept = [one for one in q.guild.channels if one != channel]
    if len(kept) == len(q.guild.channels):
        kept.append(channel)
    if len(kept) > _MOST_CHANNELS:
        raise Refusal("config.too_many_channels", most=_MOST_CHANNELS)
    return _changed(q, "channels", kept)


@command(
    "config language",
    options=(
        Option(
            name="language", required=True,
            choices=tuple(Labelled(value=language, key=f"lang.{language}") for language in LANGUAGES),
        ),
    ),
    seen=Seen.PRIVATE,
    permission=Permission.MANAGE_SERVER,
    example="/config language language:Deutsch", topic=Topic.SERVER)  # fmt: skip
def config_language(q: Question) -> Message:
    """The language of posts; answers follow who asks."""
    language = q.asked.text("language")
    if language not in LANGUAGES:
        raise Refusal("config.unknown_language", known=", ".join(LANGUAGES))
    return _changed(q, "language", language)


@command(
    "config admin",
    options=(Option(name="user", takes=Takes.USER, required=True),),
    seen=Seen.PRIVATE,
    permission=Permission.MANAGE_SERVER,
    example="/config admin user:@nick",
    topic=Topic.SERVER,
)
def config_admin(q: Question) -> Message:
    """Who is told when a post cannot be made."""
    return _changed(q, "admin", q.asked.text("user"))


def _changed(q: Question, name: str, value: object) -> Message:
    _in_a_server(q)
    now = datetime.fromtimestamp(q.asked.at_ms / 1000, UTC)
    told = {"name": name, "value": str(value)[:200]}
    entry, is_new = audit.begin(q.db, q.asked, tier=q.tier, command="config", arguments=told, state=State.DOING)
    if is_new:
        set_guild(q.db, q.asked.guild_id, name, value, by=q.asked.caller.id, now=now)
        audit.end(q.db, entry.audit_id, State.DONE, "")
    after = find_caller(q.db, q.asked.caller.id, guild_id=q.asked.guild_id)
    return card.card(q.words, after.guild)


def _in_a_server(q: Question) -> None:
    if not q.asked.guild_id:
        raise Refusal("config.in_a_server")
