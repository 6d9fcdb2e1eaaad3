"""Two communities in one installation, through the real handlers: neither sees, changes or is told anything of the
other's. On a real PostgreSQL."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import cli, wiring
from etstats.config import database_from_url
from etstats.domain.grant import Holder
from etstats.domain.health import Light, Observed
from etstats.domain.permission import Tier
from etstats.domain.upload import Ticket
from etstats.errors import DatabaseUnavailable
from etstats.interactions import ticket as tickets
from etstats.storage.database import Database, connect
from etstats.storage.migrate import migrations
from etstats.storage.rebuild import DERIVED, KEPT
from etstats.storage.setting import set_guild
from etstats.storage.tier import set_tier
from etstats.usecases.announce import Announcer
from etstats.words import words_for
from functions.greatshot import app as greatshot
from functions.greatshot import upload, watch
from functions.health import check
from functions.ingest import backup, daily, migrate, store
from functions.interactions import app, followup
from tests.builders import PUBLIC_KEY, a_call, an_interaction
from tests.demo_builder import TRIPLE
from tests.fakes import FakeBucket
from tests.game_files import a_match

RED, BLUE, STRANGE = "111", "222", "333"  # Discord servers
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtl"
_SERVER = {"host": "et.example", "user": "et", "host_key": HOST_KEY, "folder": "stats"}
SERVERS = [
    _SERVER | {"name": "alpha", "guilds": [RED]},
    _SERVER | {"name": "beta", "guilds": [BLUE], "community": "blue"},
]
# what only the one has: its map, and what the same guids are called there
OWN = {RED: ("supply", "redman"), BLUE: ("radar", "bluelady")}
CONTEXT = cast(LambdaContext, SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000))
_BUILT = (
    *(wiring.settings, wiring.discord_public_key, wiring.custom_id_key, wiring.database, wiring.job_database),
    *(wiring.shadow_database, wiring.ticket_key),
)


def _forget() -> None:
    for built in _BUILT:
        cast(Any, built).cache_clear()


def _files(guild: str, *, minute: int = 0, maps: int = 4) -> list[tuple[str, bytes]]:
    map, name = OWN[guild]
    played = [file for one in range(maps) for file in a_match(minute=minute + 25 * one, map=map)]
    return [(file, re.sub(rb"(.{7})(\d)\\\1\2", rb"\1\2\\%s\2" % name.encode(), content)) for file, content in played]


def _landed(*keys: str) -> dict[str, Any]:
    """What a queue brings when these came into the bucket."""
    told = [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": key}}} for key in keys]
    return {"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": json.dumps({"Records": told})}]}


@dataclass(slots=True, kw_only=True)
class World:
    url: str
    bucket: FakeBucket
    nudges: list[object] = field(default_factory=list)

    def db(self, guild: str) -> Database:
        return wiring.guild_database(guild)

    def rows(self, guild: str) -> dict[str, list[str]]:
        """Every row of every table, as text."""
        db = self.db(guild)
        names = [name for name in (*DERIVED, *KEPT) if name != "migration"]
        return {name: sorted(db.values(f"select cast(to_jsonb(own) as text) from {name} as own")) for name in names}

    def store(self, server: str, files: list[tuple[str, bytes]]) -> None:
        for name, content in files:
            self.bucket.objects[f"stats/{server}/{name}"] = content
            assert store.handler(_landed(f"stats/{server}/{name}"), CONTEXT) == {"batchItemFailures": []}

    def upload(self, guild: str, name: str) -> None:
        uploaded, kept = f"uploads/{guild}/42/ticket/{name}", f"demos/{guild}/{sha256(TRIPLE).hexdigest()}.tv_84"
        self.bucket.objects[uploaded] = TRIPLE
        for key in (uploaded, kept):
            greatshot.handler(_landed(key), CONTEXT)


@pytest.fixture(scope="module")
def world(postgres_url: str) -> Iterator[World]:
    """Both have played four maps; only the red ones have a demo."""
    admin = connect(database_from_url(postgres_url.replace("/etstats?", "/postgres?")), statement_timeout_ms=20_000)
    admin.run("create database communities template etstats")
    made = World(url=postgres_url.replace("/etstats?", "/communities?"), bucket=FakeBucket())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("DISCORD_PUBLIC_KEY", PUBLIC_KEY.hex()), ("DATABASE_URL", made.url),
            ("GAME_SERVERS", json.dumps(SERVERS)), ("ROUND_CHANNEL_ID", "77"),
        ):  # fmt: skip
            patch.setenv(name, value)
        patch.setattr(wiring, "_bot_token", lambda: "a bot's token")
        patch.setattr(wiring, "bucket", lambda: made.bucket)
        patch.setattr(wiring, "announce_hand_over", lambda: SimpleNamespace(send=made.nudges.append))
        _forget()
        migrate.handler({}, CONTEXT)
        made.store("alpha", _files(RED))
        made.store("beta", _files(BLUE))
        made.upload(RED, "redman.tv_84")
        yield made
        for guild in OWN:
            made.db(guild).close()
            wiring._quick_database(wiring.communities().of_guild(guild)).close()
            wiring.job_database(wiring.communities().of_guild(guild)).close()
    _forget()
    admin.run("drop database communities with (force)")
    admin.close()


def _said(guild: str, interaction: dict[str, Any]) -> Any:
    told = interaction | {"guild_id": guild}
    if not guild:
        told = {name: value for name, value in interaction.items() if name not in ("guild_id", "member")}
        told["user"] = interaction["member"]["user"]
    answer = app.handler(a_call(told), None)
    assert answer["statusCode"] == 200, answer
    return json.loads(str(answer["body"]))


def _ask(guild: str, command: str, **options: object) -> Any:
    root, *sub = command.split()
    told = an_interaction(root, options)
    if sub:
        told["data"]["options"] = [{"type": 1, "name": sub[0], "options": told["data"]["options"]}]
    return _said(guild, told)


def _is_of(guild: str, said: Any) -> bool:
    """Something of that Discord server's is in it, and nothing of the other one's."""
    text = json.dumps(said)
    shows = {one for one, own in OWN.items() if any(word in text for word in own)}
    return shows == {guild}


def _custom_ids(said: Any) -> list[str]:
    rows = said["data"].get("components", [])
    return [one["custom_id"] for row in rows for one in row["components"] if "custom_id" in one]


def _content(said: Any) -> str:
    """A refusal: for the caller alone."""
    assert said["data"]["flags"] == 64
    return str(said["data"]["content"])


# -- what is asked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guild", OWN)
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("last", {}), ("leaderboard", {"stat": "games"}), ("records", {}), ("maps", {}), ("rounds", {}),
        ("stats", {"player": "#AAAA0001"}), ("aliases", {"player": "#AAAA0001"}), ("awards", {}),
    ],
)  # fmt: skip
def test_everybody_sees_his_own_communitys_figures_alone(
    world: World, guild: str, command: str, options: dict[str, object]
) -> None:
    assert _is_of(guild, _ask(guild, command, **options))


@pytest.mark.parametrize("guild", OWN)
@pytest.mark.parametrize(("command", "option"), [("stats", "player"), ("maps", "map"), ("aliases", "player")])
def test_nobody_is_offered_what_is_the_others(world: World, guild: str, command: str, option: str) -> None:
    focused = {"type": 3, "name": option, "value": "", "focused": True}
    said = _said(guild, an_interaction(type=4, data={"name": command, "options": [focused]}))
    assert _is_of(guild, said)


@pytest.mark.parametrize("command", ["demo list", "highlights"])
def test_a_demo_and_its_highlights_are_its_communitys(world: World, command: str) -> None:
    assert "custom_id" in json.dumps(_ask(RED, command))
    assert "custom_id" not in json.dumps(_ask(BLUE, command))


def test_a_button_pressed_in_the_other_community_shows_that_ones(world: World) -> None:
    """Whatever it carries: it was sealed for everybody who has the bot."""
    pressed = 0
    for command in ("last", "rounds", "records", "leaderboard", "demo list", "maps"):
        for custom_id in _custom_ids(_ask(RED, command)):
            data = {"component_type": 3, "custom_id": custom_id, "values": ["#1"]}
            shown = json.dumps(_said(BLUE, an_interaction(type=3, data=data)))
            assert not any(word in shown for word in OWN[RED])
            pressed += 1
    assert pressed > 10


def test_a_session_and_a_demo_cannot_be_named_across(world: World) -> None:
    numbers = {guild: world.db(guild).values("select session_id from session") for guild in OWN}
    assert numbers[RED] != numbers[BLUE]
    shown = json.dumps([_ask(BLUE, "demo info", demo="#1"), _ask(BLUE, "demo info", demo="redman.tv_84")])
    assert not any(word in shown for word in OWN[RED] if word != "redman")
    assert "vid" not in shown


def test_who_is_an_admin_in_one_is_nobody_in_the_other(world: World) -> None:
    set_tier(world.db(RED), RED, Holder.USER, "42", Tier.ADMIN, by="1", now=datetime.now(UTC))
    asking = an_interaction("admin", data={"name": "admin", "options": [{"type": 1, "name": "audit", "options": []}]})
    asking["member"]["permissions"] = str(1 << 5)
    assert "embeds" in _said(RED, asking)["data"]
    assert _content(_said(BLUE, asking)) == words_for("en")("refusal.tier_admin")
    refused = "select count(*) from audit where state = 'refused'"
    assert [world.db(guild).values(refused) for guild in (RED, BLUE)] == [[0], [1]]


# -- who belongs to none ---------------------------------------------------------------------------------------------


def test_a_server_that_nobody_named_is_refused_and_that_is_on_record(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = words_for("en")("refusal.stranger", guild=STRANGE)
    assert _content(_ask(STRANGE, "leaderboard", stat="games")) == refusal
    line = json.loads(capsys.readouterr().out)
    assert (line["command"], line["outcome"]) == ("leaderboard", f"refused: guild {STRANGE}: refusal.stranger")
    for command in ("health", "export", "demo list"):
        assert _content(_ask(STRANGE, command)) == refusal
    for custom_id in _custom_ids(_ask(RED, "last")):
        pressing = an_interaction(type=3, data={"component_type": 2, "custom_id": custom_id})
        assert _content(_said(STRANGE, pressing)) == refusal


def test_such_a_server_gets_what_needs_no_figures_and_no_suggestions(world: World) -> None:
    assert "Nobody" not in json.dumps(_ask(STRANGE, "help"))
    assert _ask(STRANGE, "help")["data"]["embeds"]
    focused = {"type": 3, "name": "player", "value": "", "focused": True}
    said = _said(STRANGE, an_interaction(type=4, data={"name": "stats", "options": [focused]}))
    assert said == {"type": 8, "data": {"choices": []}}


def test_in_a_direct_message_nobody_knows_whose_figures_are_meant(world: World) -> None:
    assert _content(_ask("", "last")) == words_for("en")("refusal.which_community")


def test_a_ticket_of_such_a_server_opens_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "parts", lambda: None)
    for guild, error in ((BLUE, "error_gone"), (STRANGE, "error_bad_link")):  # the one may have sent something
        ticket = Ticket(guild_id=guild, user_id="42", number="1", until_s=1 << 33)
        asked = {"ask": "state", "name": "x.tv_84", "ticket": tickets.seal(ticket, key=wiring.ticket_key())}
        event = {"requestContext": {"http": {"method": "POST"}}, "headers": {}, "body": json.dumps(asked)}
        assert json.loads(upload.handler(event, CONTEXT)["body"]) == {"error": error}


# -- what comes in ---------------------------------------------------------------------------------------------------


def test_what_lands_for_one_leaves_the_other_as_it_was(world: World) -> None:
    blue = world.rows(BLUE)
    world.store("alpha", _files(RED, minute=24 * 60, maps=1))
    assert world.rows(BLUE) == blue
    red = world.rows(RED)
    world.store("beta", _files(BLUE, minute=24 * 60, maps=1))
    world.upload(BLUE, "bluelady.tv_84")
    assert world.rows(RED) == red
    assert [world.db(guild).values("select name from demo") for guild in OWN] == [["redman.tv_84"], ["bluelady.tv_84"]]


def test_a_server_that_is_in_no_settings_any_more_is_at_home(world: World) -> None:
    blue = world.rows(BLUE)
    world.store("gone", _files(RED, minute=48 * 60, maps=1))
    assert "gone" in world.db(RED).values("select server from session")
    assert world.rows(BLUE) == blue


def test_a_film_is_made_for_the_community_that_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(watch, "make_video", lambda db, *_, **__: made.append(db.schema))
    for guild in OWN:
        body = json.dumps({"guild": guild, "demo": 1, "highlight": 1})
        watch.handler({"Records": [{"body": body}]}, CONTEXT)
    assert made == ["", "community_blue"]


def test_an_answer_that_was_put_off_is_given_out_of_its_community(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        wiring, "discord", lambda: SimpleNamespace(edit_original=lambda *said, **_: told.append(repr(said)))
    )
    body = json.dumps(an_interaction("export", guild_id=BLUE))
    event = {"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": body}]}
    assert followup.handler(event, CONTEXT) == {"batchItemFailures": []}
    assert "bluelady" in told[0]
    assert not any(word in told[0] for word in OWN[RED])


# -- what comes by the clock -----------------------------------------------------------------------------------------


def test_one_communitys_trouble_leaves_the_others_their_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Any:
        raise DatabaseUnavailable("the red ones' tables are gone")

    def digest(db: Database, **_: object) -> int:
        closed.append(db.schema)
        return 0

    closed: list[str] = []
    real = wiring.database
    monkeypatch.setattr(wiring, "database", lambda community: real(community) if community else Database(refuse))
    monkeypatch.setattr(daily, "digest", digest)
    with pytest.raises(DatabaseUnavailable):
        daily.handler({}, CONTEXT)
    assert closed == ["community_blue"]


def test_the_channel_of_the_installation_is_home_alone(world: World) -> None:
    assert [wiring.round_channel(community) for community in wiring.communities().names] == ["77", ""]


def _announcer(world: World, posts: list[str], guilds: tuple[str, ...] | None) -> Announcer:
    def create(channel_id: str, *_: object, **__: object) -> str:
        posts.append(channel_id)
        return str(len(posts))

    channel: Any = SimpleNamespace(create_message=create, find_message=lambda *_, **__: None)
    at = datetime.now(UTC) + timedelta(hours=1)
    return Announcer(db=world.db(RED), channel=channel, key=lambda: b"key", now=lambda: at, guilds=guilds)


def test_a_server_that_left_gets_no_posts_until_it_is_back(world: World) -> None:
    """It was of the red ones once, and they know its channel still."""
    red, posts = world.db(RED), list[str]()
    set_guild(red, BLUE, "round_channel", "999", by="1", now=datetime.now(UTC))
    now = datetime.now(UTC)
    for place in ("before", "after"):
        red.run(
            """insert into outbox (kind, subject_id, channel_id, guild_id, created_at, due_at)
               select 'round', max(round_id), '999', :guild, :now, :now from round""",
            guild=BLUE, now=now,
        )  # fmt: skip
        guilds = wiring.communities().guilds_of("") if place == "before" else (RED, BLUE)
        list(_announcer(world, posts, guilds).announce(time_is_short=lambda: False))
        assert ("999" in posts) is (place == "after")
    red.run("delete from guild_setting where guild_id = :guild", guild=BLUE)


def test_each_has_backups_of_its_own(world: World) -> None:
    keys = backup.handler({}, CONTEXT)["keys"]
    assert [key.rpartition("/")[0] for key in keys] == ["backups", "backups/community_blue"]
    assert backup.handler({}, CONTEXT) == {"keys": []}
    told = {key: gzip.decompress(world.bucket.objects[key]) for key in keys}
    assert [b"redman.tv_84" in content for content in told.values()] == [True, False]


def test_each_is_told_of_its_own_parts_and_of_what_all_share(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(part: str, light: Light = Light.GOOD) -> list[Observed]:
        return [Observed(part=part, light=light, said="said")]

    parts = ("game/alpha", "game/beta", "bucket")
    monkeypatch.setattr(wiring, "looks", lambda: {part: lambda part=part: seen(part) for part in parts})
    monkeypatch.setenv("QUEUE_URLS", '{"queue/store": "https://x"}')
    monkeypatch.setenv("BUCKET", "etstats-1")
    wiring.settings.cache_clear()
    check.handler({}, CONTEXT)
    wiring.settings.cache_clear()
    known = "select part from health where part <> 'storage' order by part"
    assert world.db(RED).values(known) == ["bucket", "game/alpha"]
    assert world.db(BLUE).values(known) == ["bucket", "game/beta"]
    for community, status in (("", 200), ("blue", 200), ("green", 400)):
        event = {"routeKey": "GET /health", "queryStringParameters": {"community": community}}
        assert app.handler(event, None)["statusCode"] == status


# -- what an operator does -------------------------------------------------------------------------------------------


def test_migrating_reaches_every_community(world: World) -> None:
    assert migrate.handler({}, CONTEXT) == {"ran": []}
    numbers = [one.number for one in migrations()]
    for guild in OWN:
        assert world.db(guild).values("select number from migration order by number") == numbers


def test_a_rebuild_of_one_leaves_the_other_as_it_was(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    red, blue = world.rows(RED), world.rows(BLUE)
    assert wiring.shadow_database("").schema != wiring.shadow_database("blue").schema
    world.db(BLUE).run("update player set name = 'spoilt'")
    assert cli.main(["rebuild", "--apply", "--community", "blue"]) == 0
    assert (world.rows(RED), world.rows(BLUE)["player"]) == (red, blue["player"])
    capsys.readouterr()
    assert cli.main(["rebuild"]) == 0
    assert "No difference" in capsys.readouterr().out
    assert world.rows(BLUE)["player"] == blue["player"]


def test_the_command_line_knows_one_community_at_a_time(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    name = next(key for key in world.bucket.objects if key.startswith("stats/beta/")).rpartition("/")[2]
    assert cli.main(["correct", "void", name, "--reason", "test"]) == 1
    assert cli.main(["correct", "void", name, "--reason", "test", "--community", "blue", "--by", "me"]) == 0
    assert cli.main(["correct", "withdraw", "1", "--community", "blue", "--by", "me"]) == 0
    assert cli.main(["audit", "--community", "green"]) == 1
    assert "There is no community 'green'. GAME_SERVERS names: blue." in capsys.readouterr().err


def test_nothing_is_computed_again_where_the_settings_lack_a_community(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its files would be taken for everybody's."""
    monkeypatch.setenv("GAME_SERVERS", json.dumps(SERVERS[:1]))
    wiring.settings.cache_clear()
    assert cli.main(["rebuild", "--apply"]) == 1
    assert "community_blue" in capsys.readouterr().err
    wiring.settings.cache_clear()
