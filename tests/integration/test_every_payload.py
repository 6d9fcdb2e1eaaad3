"""Everything the commands can say is taken by Discord: over the real corpus, the nastiest names, and nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from etstats import wiring
from etstats.storage.database import Database
from etstats.usecases.store_round import store
from etstats.words import words_for
from local.desk.people import CHANNEL_ID, GUILD_ID, USERS
from local.discord_messages import Json
from local.game_udp import Client, Game
from local.simulator import simulate_session
from scripts.surface import Walk
from tests.conftest import open_database
from tests.corpus import needs_corpus, stats_files
from tests.game_port import a_server, game_port
from tests.walking import Desk

NOW = datetime(2026, 6, 1, tzinfo=UTC)
# 35 bytes are the most the game keeps of a name
NASTY = (
    "@everyone", "<@4242424242424242>", "```", "||spoiler||", "[x](https://example.org)", "****", "`", "\\", "_ _",
    "# big", "> quote", "^1^2^3", "^^^^^^^^", "<:a:1>", "https://example.org/", "-# small", "\u202eesrever",
    "Z̷̨͖a̸͙l̵̰g̶o", "日本の工兵日本の工兵日本", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "👍👍👍👍👍👍👍👍",
    "1. one", "<t:0>", "'; drop table",
)  # fmt: skip
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_OUT_OF_REACH = {words_for("en")(f"refusal.{key}") for key in ("away", "trying", "cannot_show")}


def _walked(db: Database, seen: list[tuple[str, Json]], *, most_presses: int, **of_desk: Any) -> Walk:
    desk = Desk(db=db, render=wiring.render, **of_desk)
    walk = Walk(
        ask=desk.ask,
        commands=desk.memory.commands,
        me=USERS[0].id,
        target=USERS[1].id,
        channel=CHANNEL_ID,
        most_presses=most_presses,
        seen=lambda name, message: seen.append((name, dict(message))),
    )
    walk.run()
    assert walk.asked > 2 * len(walk.commands) > 0
    return walk


@pytest.fixture
def seen() -> Iterator[list[tuple[str, Json]]]:
    """Every message on the way, with the question it came of."""
    told: list[tuple[str, Json]] = []
    yield told
    assert [name for name, message in told if message["content"] in _OUT_OF_REACH] == []


def test_with_nothing_stored_everything_is_answered(db: Database, seen: list[tuple[str, Json]]) -> None:
    walk = _walked(db, seen, most_presses=6)
    assert walk.faults == []


@needs_corpus
def test_over_real_evenings_everything_is_answered(db: Database, seen: list[tuple[str, Json]]) -> None:
    for path in stats_files():
        store(db, server="eu1", name=path.name, content=path.read_bytes(), channel_id="", now=NOW)
    walk = _walked(db, seen, most_presses=12)
    assert walk.faults == []
    assert any(message["embeds"] for _, message in seen)


def test_no_name_mentions_anybody_or_breaks_anything(
    db: Database, database_url: str, seen: list[tuple[str, Json]]
) -> None:
    for file in simulate_session(seed=7, maps=2, players=24, ends_at=datetime(2026, 3, 14, 22, 0)).files:
        store(db, server="eu1", name=file.name, content=_renamed(file.content), channel_id="", now=NOW)
    on_server = tuple(
        Client(slot=slot, name=name.replace('"', "'"), team=1 + slot % 3) for slot, name in enumerate(NASTY)
    )
    game = Game(clients=on_server)
    own = open_database(database_url)
    with game_port(game) as port:
        known = (a_server(port, guilds=(GUILD_ID,), start="start"),)
        walk = _walked(db, seen, most_presses=8, control_db=own, known=known, start=lambda _: game.begin())
    own.close()
    assert walk.faults == []
    loose = [(name, text) for name, message in seen for text in _texts(message) if _mentions(text)]
    assert loose == []


def _renamed(content: bytes) -> bytes:
    """Each player under one of the nasty names: `guid\\name\\…`."""
    names = iter(NASTY)
    by_guid: dict[bytes, bytes] = {}
    head, *lines = content.split(b"\n")
    made = [head]
    for line in lines:
        guid, cut, rest = line.partition(b"\\")
        if cut and guid not in by_guid:
            by_guid[guid] = next(names, "one more").encode()[:35].replace(b"\\", b"/")
        made.append(guid + cut + by_guid[guid] + cut + rest.partition(b"\\")[2] if cut else line)
    return b"\n".join(made)


def _texts(message: Json) -> Iterator[str]:
    yield message["content"]
    for embed in message["embeds"]:
        yield from (embed.get("title", ""), embed.get("description", ""))
        for one in embed.get("fields", []):
            yield from (one["name"], one["value"])


def _mentions(text: str) -> bool:
    """A name does something: mentions somebody, tells a time, leads elsewhere."""
    bare = _CODE.sub("", text)
    return bool(re.search(r"(?<!\\)<@4242424242424242>|(?<!\\)<t:0>|(?<!\\)\[x\]\(https", bare))
