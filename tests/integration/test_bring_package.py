"""A package of maps that came by a link: allowed when it is taken, brought once, told where it was asked for."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from etstats.commands.answering import finish
from etstats.commands.question import Tools
from etstats.config import GameServer
from etstats.domain.audit import Entry
from etstats.domain.grant import Holder
from etstats.domain.permission import Tier
from etstats.domain.upload import PART_BYTES, File, Kind, Ticket
from etstats.errors import (
    BadFile,
    BucketUnavailable,
    DiscordRefused,
    DiscordUnavailable,
    GameServerUnavailable,
    Refusal,
)
from etstats.gateways.game_server import GameServerConnection, read_private_key
from etstats.interactions import request
from etstats.interactions.reply import Link, Message, Seal
from etstats.storage import audit
from etstats.storage.database import Database
from etstats.storage.map_package import packages
from etstats.storage.tier import set_tier
from etstats.usecases.bring_package import Carrier, UnderWay, landed
from etstats.usecases.control_server import Controller
from etstats.usecases.map_packages import Packages
from etstats.usecases.upload import begin, come_of
from tests.builders import an_interaction
from tests.conftest import open_database
from tests.fakes import FakeBucket
from tests.ssh_server import SshServer, ssh_server
from tests.unit.test_map_package import GOOD, a_package

HERE, ADMIN = "7", "42"
ALL = str((1 << 53) - 1)
_numbers = itertools.count(1)


@dataclass(slots=True)
class Discord:
    """*faults*: what it answers next instead of doing it."""

    roles: tuple[str, ...] | None = ()
    edits: list[str] = field(default_factory=list)
    posts: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def roles_of(self, guild_id: str, user_id: str) -> tuple[str, ...] | None:
        return self.roles

    def edit_original(self, application_id: str, token: str, message: Message, *, seal: Seal) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.edits.append(message.content)

    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str:
        self.posts.append((channel_id, message.content))
        return "1"


@dataclass(slots=True)
class Intake:
    tickets: list[Ticket] = field(default_factory=list)

    def page(self, ticket: Ticket) -> str:
        self.tickets.append(ticket)
        return "https://etstats.example/upload#2"

    def fetch(self, ticket: Ticket, name: str, url: str) -> None:
        raise AssertionError("nothing is fetched here")


@dataclass(slots=True)
class World:
    db: Database
    own: Database
    ssh: SshServer
    folder: Path
    bucket: FakeBucket = field(default_factory=FakeBucket)
    discord: Discord = field(default_factory=Discord)
    intake: Intake = field(default_factory=Intake)
    away: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def control(self) -> Controller:
        server = replace(self.ssh.setting(), maps_folder=str(self.folder), game_port=27960, guilds=(HERE,))
        made = Packages(db=self.own, web=_never, open_server=self._open, now=lambda: self.now)
        return Controller(
            db=self.own, known=(server,), now=lambda: self.now, wait=lambda _: None, port=_never, start=_never,
            amending=_never, packages=lambda: made,
        )  # fmt: skip

    def _open(self, server: GameServer, *, deadline_s: float) -> GameServerConnection:
        if self.away:
            raise GameServerUnavailable("away")
        return GameServerConnection(server, read_private_key(self.ssh.private_key), deadline_s=20)

    def ask(self) -> Ticket:
        """/server upload without a file."""
        data = {"id": "9", "type": 1, "name": "server", "options": [{"name": "upload", "type": 1, "options": []}]}
        member = {"user": {"id": ADMIN, "username": "sarge"}, "permissions": ALL, "roles": []}
        asked = an_interaction("server upload", type=2, data=data, member=member, guild_id=HERE, channel_id="9")
        asked["id"] = str((int(self.now.timestamp() * 1_000) - 1_420_070_400_000 << 22) + next(_numbers))
        tools = Tools(control=self.control, intake=lambda: self.intake)
        done = finish(request.read(json.dumps(asked).encode()), self.db, key=lambda: b"k" * 32, tools=tools)
        assert done.message.rows and isinstance(done.message.rows[0][0], Link)
        return self.intake.tickets[-1]

    def land(self, ticket: Ticket, name: str = "te_new.pk3", content: bytes = GOOD) -> str:
        key = ticket.key(name)
        self.bucket.objects[key] = content
        return key

    def carry(self, key: str, *, last_try: bool = False) -> Entry:
        carrier = Carrier(control=self.control(), bucket=self.bucket, discord=self.discord, clock_s=lambda: 0.0)
        return carrier.carry(landed(key, last_try=last_try))

    def there(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def job(self) -> Entry:
        return audit.entries(self.db, guild_id=HERE, limit=1)[0]


def _never(*_: Any) -> Any:
    raise AssertionError("not reached here")


@pytest.fixture
def world(db: Database, database_url: str, tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "legacy"
    folder.mkdir()
    own = open_database(database_url)
    set_tier(db, HERE, Holder.USER, ADMIN, Tier.ADMIN, by="1", now=datetime.now(UTC))
    with ssh_server(tmp_path) as server:
        yield World(db, own, server, folder)
    own.close()


def test_what_came_by_the_link_is_brought_and_told_where_it_was_asked_for(world: World) -> None:
    ticket = world.ask()
    assert (ticket.kind, ticket.guild_id, ticket.user_id, world.job().state) == (Kind.PACKAGE, HERE, ADMIN, "asked")
    ended = world.carry(world.land(ticket))
    assert (ended.state, world.there(), world.bucket.objects) == ("done", ["te_new.pk3"], {})
    assert (world.folder / "te_new.pk3").read_bytes() == GOOD
    (told,) = world.discord.edits
    assert "`te_new`" in told and f"job {ended.audit_id}" in told


def test_the_same_event_again_does_and_tells_nothing_again(world: World) -> None:
    key = world.land(world.ask())
    world.carry(key)
    world.land(replace(world.intake.tickets[0]))
    assert world.carry(key).state == "done"
    assert (len(world.discord.edits), len(packages(world.db, "alpha"))) == (1, 1)


def test_a_link_takes_one_package(world: World) -> None:
    ticket = world.ask()
    world.carry(world.land(ticket))
    world.carry(world.land(ticket, "te_other.pk3"))
    assert (world.there(), world.bucket.objects) == (["te_new.pk3"], {})
    with pytest.raises(Refusal, match="error_used"):
        begin(world.db, _never, ticket, File(name="te_3.pk3", size=PART_BYTES, mark="ab" * 32), now=world.now)  # type: ignore[arg-type]


def test_the_same_bytes_by_another_link_are_there_already(world: World) -> None:
    world.carry(world.land(world.ask()))
    again = world.carry(world.land(world.ask()))
    assert again.state == "done" and "there already" in world.discord.edits[-1]
    assert len(packages(world.db, "alpha")) == 1


@pytest.mark.parametrize("lost", ["his tier", "the server", "the role"])
def test_who_may_no_more_when_it_is_taken_is_refused_on_record(world: World, lost: str) -> None:
    ticket = world.ask()
    if lost != "the server":
        set_tier(world.db, HERE, Holder.USER, ADMIN, Tier.MEMBER, by="1", now=world.now)
    if lost == "the role":
        set_tier(world.db, HERE, Holder.ROLE, "77", Tier.ADMIN, by="1", now=world.now)
    world.discord.roles = None if lost == "the server" else ()
    assert world.carry(world.land(ticket)).state == "refused"
    assert (world.there(), world.bucket.objects) == ([], {})
    assert "for admins" in world.discord.edits[0]


def test_a_role_that_is_an_admins_is_enough(world: World) -> None:
    ticket = world.ask()
    set_tier(world.db, HERE, Holder.USER, ADMIN, Tier.MEMBER, by="1", now=world.now)
    set_tier(world.db, HERE, Holder.ROLE, "77", Tier.ADMIN, by="1", now=world.now)
    world.discord.roles = ("77",)
    assert world.carry(world.land(ticket)).state == "done"


def test_what_nobody_asked_for_and_what_comes_too_late_is_thrown_away(world: World) -> None:
    ticket = world.ask()
    for strange in (replace(ticket, user_id="43"), replace(ticket, number="1"), replace(ticket, guild_id="70")):
        with pytest.raises(BadFile):
            world.carry(world.land(strange))
    world.now += timedelta(hours=7)
    assert world.carry(world.land(ticket)).state == "refused"
    assert (world.there(), world.bucket.objects) == ([], {})


def test_what_is_no_package_is_refused_with_the_reason(world: World) -> None:
    ended = world.carry(world.land(world.ask(), content=a_package({"maps/x.bsp": b"no map"})))
    assert ended.state == "failed" and "What is called a map in it is none" in (ended.result or "")
    assert world.there() == []


def test_a_game_server_that_is_away_is_tried_again_and_given_up_at_last(world: World) -> None:
    key = world.land(world.ask())
    world.away = True
    with pytest.raises(GameServerUnavailable):
        world.carry(key)
    assert world.job().state == "doing" and "tried again by itself" in world.discord.edits[-1]
    assert world.carry(key, last_try=True).state == "failed"
    assert "/admin health" in world.discord.edits[-1]
    assert world.bucket.objects == {}


def test_a_bucket_that_is_away_is_tried_again(world: World) -> None:
    key = world.land(world.ask())
    world.bucket.away = True
    with pytest.raises(BucketUnavailable):
        world.carry(key)
    assert "could not be brought" in world.discord.edits[-1]
    world.bucket.away = False
    assert world.carry(key).state == "done"


def test_what_broke_off_after_it_was_put_is_gone_on_with(world: World) -> None:
    key = world.land(world.ask())
    job = world.job()
    audit.take(world.own, job.audit_id, by=key, now=world.now, good_till=world.now)
    audit.note_percent(world.own, job.audit_id, 100)
    (world.folder / "te_new.pk3").write_bytes(GOOD)
    assert world.carry(key).state == "done"
    assert [one.name for one in packages(world.db, "alpha")] == ["te_new.pk3"]


def test_two_at_once_are_one_after_the_other(world: World) -> None:
    key = world.land(world.ask())
    with audit.alone(world.db, world.job().audit_id) as alone:
        assert alone
        with pytest.raises(UnderWay):
            world.carry(key)
    assert world.carry(key).state == "done"


def test_an_answer_that_takes_no_edits_any_more_is_told_in_the_channel_once(world: World) -> None:
    key = world.land(world.ask())
    world.discord.faults = [DiscordRefused("gone", status=401, code=50027)]
    world.carry(key)
    ((channel, told),) = world.discord.posts
    assert channel == world.job().channel_id and told.startswith(f"<@{ADMIN}> ✅")
    world.carry(key)
    assert (len(world.discord.posts), world.discord.edits) == (1, [])


def test_a_discord_that_is_away_is_told_later_and_nothing_is_brought_twice(world: World) -> None:
    key = world.land(world.ask())
    world.discord.faults = [DiscordUnavailable("away")]
    with pytest.raises(DiscordUnavailable):
        world.carry(key)
    assert world.carry(key).state == "done"
    assert (len(world.discord.edits), len(packages(world.db, "alpha"))) == (1, 1)


def test_the_page_is_told_what_became_of_it(world: World) -> None:
    ticket = world.ask()
    name = "te_new.pk3"
    file = File(name=name, size=len(GOOD), mark="ab" * 32)

    class Parts:
        def begin(self, key: str) -> str:
            return "m"

    begin(world.db, Parts(), ticket, file, now=world.now)  # type: ignore[arg-type]
    assert come_of(world.db, ticket, name).state is None
    world.carry(world.land(ticket))
    found = come_of(world.db, ticket, name)
    assert found.state == "ready" and (found.reason or "").startswith("✅")


def test_a_job_that_nobody_ends_breaks_off_by_itself(world: World) -> None:
    world.ask()
    job = world.job()
    assert audit.end_broken_off(world.db) == 0
    past = datetime.now(UTC) - timedelta(minutes=1)
    audit.take(world.db, job.audit_id, by="x", now=world.now, good_till=past)
    assert audit.end_broken_off(world.db) == 1
    assert (world.job().state, world.job().result) == ("failed", "broke off")
