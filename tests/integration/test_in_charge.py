"""Game servers and figures, told what to do from Discord: allowed, confirmed, done once, and on record."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pg8000.exceptions import DatabaseError

from etstats import cli, wiring
from etstats.commands.answering import Answerer
from etstats.commands.follow_up import follow_up
from etstats.commands.question import Tools
from etstats.config import GameServer
from etstats.domain.audit import Entry
from etstats.domain.backup import Backup
from etstats.domain.grant import Holder
from etstats.domain.health import Light, Observed
from etstats.domain.map_package import Brought, MapPackage
from etstats.domain.permission import Tier
from etstats.domain.progress import Told
from etstats.errors import BadFile, BucketUnavailable, GameServerRefused
from etstats.gateways.rcon import GamePort
from etstats.interactions import request
from etstats.interactions.custom_id import seal
from etstats.interactions.reply import Message, Press, Seal, message_json
from etstats.storage import audit
from etstats.storage.breaker import breakers, note_failure
from etstats.storage.correction import corrections
from etstats.storage.database import Database
from etstats.storage.health import Bad, note_seen, settle_problems
from etstats.storage.map_package import note_brought
from etstats.storage.server import ask_ping, installed, pings, take_pings
from etstats.storage.tier import set_tier
from etstats.usecases.amend import Amender
from etstats.usecases.control_server import Controller
from etstats.usecases.store_round import store
from local.game_udp import CLIENTS, Client, Game
from local.simulator import simulate_session
from tests.builders import an_interaction
from tests.conftest import open_database
from tests.game_port import a_server, game_port

KEY = b"a key for custom_ids, of thirty-two."
ROOT, ADMIN, MODERATOR, MEMBER = "1", "2", "3", "4"
HERE, ELSEWHERE = "7", "70"
ALL = str((1 << 53) - 1)
HUMANS = (Client(slot=0, name="^1Mit^7tens", team=1), Client(slot=3, name="Widow", team=2))
_numbers = itertools.count(1)


@dataclass(slots=True, kw_only=True)
class World:
    """Discord, as far as it takes part: what was said last, and what was handed over."""

    db: Database
    own: Database
    game: Game
    servers: tuple[GameServer, ...]
    queue: list[dict[str, object]] = field(default_factory=list)
    told: list[Message] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    seal: Seal | None = None
    packages: Any = None
    back_up: Callable[[Told], Backup] = lambda told: Backup(key="backups/now", rows=12, size=2_048)

    def control(self) -> Controller:
        return Controller(
            db=self.own, known=self.servers, now=lambda: datetime.now(UTC), wait=lambda _: None, roots=(ROOT,),
            port=lambda server: GamePort(server=server, password=lambda: "local"), start=lambda _: self.game.begin(),
            amending=lambda: Amender(db=self.own, now=lambda: datetime.now(UTC)), packages=lambda: self.packages,
        )  # fmt: skip

    def send(self, body: dict[str, object]) -> None:
        self.queue.append(body)

    def edit_original(self, application_id: str, token: str, message: Message, *, seal: Seal) -> None:
        self.told.append(message)
        self.seal = seal

    def say_aside(self, application_id: str, token: str, message: Message, *, seal: Seal, replacing: bool) -> None:
        self.edit_original(application_id, token, message, seal=seal)

    def ask(self, command: str, options: dict[str, object] | None = None, **who: Any) -> Any:
        """What the command is answered, the late answer included."""
        path, data = command.split(), {}
        listed = [{"name": name, "type": 3, "value": value} for name, value in (options or {}).items()]
        inner: list[dict[str, Any]] = listed
        for name in reversed(path[1:]):
            inner = [{"name": name, "type": 1, "options": inner}]
        data = {"id": "9", "type": 1, "name": path[0], "options": inner}
        return self._sent(an_interaction(command, type=2, data=data, **_of(**who)))

    def attach(self, command: str, name: str, **who: Any) -> Any:
        """The command with a file as its option `package`."""
        file = {"id": "5", "filename": name, "size": 9, "url": f"https://cdn.discordapp.com/{name}"}
        option = {"name": "package", "type": 11, "value": "5"}
        root, inner = command.split()
        data = {"id": "9", "type": 1, "name": root, "options": [{"name": inner, "type": 1, "options": [option]}]}
        data["resolved"] = {"attachments": {"5": file}}
        return self._sent(an_interaction(command, type=2, data=data, **_of(**who)))

    def press(self, custom_id: str, **who: Any) -> Any:
        data = {"component_type": 2, "custom_id": custom_id}
        return self._sent(an_interaction("", type=3, data=data, message={"flags": 64}, **_of(**who)))

    def _sent(self, interaction: dict[str, Any]) -> Any:
        body = json.dumps(interaction).encode()
        self.bodies.append(body)
        said = Answerer(
            db=lambda: self.db, key=lambda: KEY, followups=lambda: self, control=self.control, roots=(ROOT,)
        ).respond(request.read(body), body)
        return self.finished() if self.queue else said.get("data")

    def finished(self) -> Any:
        self.told.clear()
        while self.queue:
            self.again(json.dumps(self.queue.pop()).encode())
        (message,) = self.told
        return _as_data(message, self.seal)

    def again(self, body: bytes) -> None:
        """The follow-up, as the queue delivers it."""
        follow_up(
            request.read(body), db=self.db, webhook=self, key=lambda: KEY, now=datetime.now(UTC),
            tools=Tools(control=self.control, back_up=self.back_up), roots=(ROOT,),
        )  # fmt: skip

    def log(self) -> list[tuple[str, str, str]]:
        """Who, what, and how it ended; the latest last."""
        return [(one.actor_id, one.command, one.state) for one in reversed(self.entries())]

    def entries(self) -> list[Entry]:
        return audit.entries(self.db, guild_id=None, limit=100)


def _of(
    user: str = MODERATOR, guild: str = HERE, permissions: str = ALL, roles: tuple[str, ...] = (), late_s: float = 0
) -> dict[str, Any]:
    """The next interaction, *late_s* from now."""
    at_ms = int((time.time() + late_s) * 1000) - 1_420_070_400_000
    member = {"nick": None, "permissions": permissions, "roles": list(roles), "user": {"id": user, "username": user}}
    return {"id": str((at_ms << 22) + next(_numbers)), "guild_id": guild, "member": member}


def _as_data(message: Message, seal: Seal | None) -> dict[str, Any]:
    assert seal is not None
    return message_json(message, seal)


def button(said: Any, label: str) -> str:
    """The custom_id of the button *label*."""
    found = [one for row in said["components"] for one in row["components"] if one.get("label") == label]
    return str(found[0]["custom_id"])


def text(said: Any) -> str:
    embeds = said.get("embeds") or []
    return "\n".join([said.get("content") or "", *(f"{one.get('title')}\n{one.get('description')}" for one in embeds)])


@pytest.fixture
def world(db: Database, database_url: str) -> Iterator[World]:
    game = Game()
    own = open_database(database_url)
    with game_port(game) as port:
        servers = (a_server(port, name="alpha", start="start"), a_server(port, name="beta", guilds=(ELSEWHERE,)))
        now = datetime.now(UTC)
        set_tier(db, HERE, Holder.USER, ADMIN, Tier.ADMIN, by=ROOT, now=now)
        set_tier(db, HERE, Holder.USER, MODERATOR, Tier.MODERATOR, by=ROOT, now=now)
        yield World(db=db, own=own, game=game, servers=servers)
    own.close()


def _installed(world: World, *maps: str) -> None:
    world.game.maps = maps
    world.control().maps(world.servers[0])


def test_everybody_sees_who_plays(world: World) -> None:
    world.game.clients = CLIENTS
    said = world.ask("server status", user=MEMBER, permissions="2048")
    (embed,) = said["embeds"]
    assert embed["description"] == "**supply** · stopwatch · 5 of 18 play"
    names = [one["name"] for one in embed["fields"]]
    assert names[:4] == ["Axis (2) · wave 30 s", "Allies (2) · wave 20 s", "Spectators (1)", "Bots (1)"]
    assert "@\u200beveryone" not in text(said)
    assert "Mittens" in embed["fields"][0]["value"]


def test_a_server_that_is_away_says_so_and_when_it_was_seen(world: World) -> None:
    world.ask("server status")
    world.game.alive = False
    world.db.run("update server_seen set seen_at = seen_at - interval '1 hour'")
    said = text(world.ask("server status"))
    assert "does not answer" in said
    assert "Last seen <t:" in said
    for _ in range(3):
        world.ask("server status")
    heard = len(world.game.heard)
    assert "does not answer" in text(world.ask("server status"))
    assert len(world.game.heard) == heard, "it is left alone by now"


def test_a_map_is_changed_after_a_yes_and_seen_to_be(world: World) -> None:
    _installed(world, "supply", "radar")
    preview = world.ask("server map", {"map": "radar"})
    assert "`map radar`" in text(preview)
    assert world.game.map == "supply"
    said = world.press(button(preview, "Do it"))
    assert (world.game.map, world.game.said.count("map radar")) == ("radar", 1)
    assert "Done: the server shows it." in text(said)
    assert said["components"] == []
    assert world.log() == [(MODERATOR, "server map", "done")]


def test_what_came_meanwhile_is_on_the_list_after_a_map_change(world: World) -> None:
    _installed(world, "supply", "radar")
    preview = world.ask("server map", {"map": "radar"})
    world.game.brought = lambda: ("te_new",) if world.game.map == "radar" else ()
    world.press(button(preview, "Do it"))
    assert installed(world.db, "alpha") == ["radar", "supply", "te_new"]


@pytest.mark.parametrize("typed", ["radar; quit", "nowhere", "../radar", 'radar" quit', "radar\nquit", "set x 1"])
def test_a_map_that_is_not_installed_is_not_sent(world: World, typed: str) -> None:
    _installed(world, "supply", "radar")
    before = list(world.game.said)
    assert "not installed" in text(world.ask("server map", {"map": typed}))
    assert world.game.said == before


def test_with_people_playing_it_is_asked_twice(world: World) -> None:
    world.game.clients = HUMANS
    preview = world.ask("server map", {"map": "radar"})
    assert "2 play right now" in text(preview)
    again = world.press(button(preview, "Do it"))
    assert "Are you sure?" in text(again)
    assert world.game.map == "supply"
    world.press(button(again, "Do it anyway"))
    assert world.game.map == "radar"


def test_somebody_else_cannot_say_yes(world: World) -> None:
    preview = world.ask("server map", {"map": "radar"})
    assert "Only the person who asked" in text(world.press(button(preview, "Do it"), user=ADMIN))
    assert "Only the person who asked" in text(world.press(button(preview, "Do it"), user=ROOT, guild=ELSEWHERE))
    assert world.game.map == "supply"
    assert [state for _, _, state in world.log()] == ["asked", "refused", "refused"]


def test_a_late_yes_does_nothing(world: World) -> None:
    preview = world.ask("server map", {"map": "radar"})
    assert "more than 30 seconds" in text(world.press(button(preview, "Do it"), late_s=31))
    assert world.game.map == "supply"
    assert world.log() == [(MODERATOR, "server map", "refused")]


def test_a_forged_yes_does_nothing_and_is_on_record(world: World) -> None:
    world.ask("server map", {"map": "radar"})
    press = Press(command="server do", options=(("n", "1"),))
    forged = seal(press, key=b"another key", user_id=MODERATOR, now_ms=int(time.time() * 1000))
    assert "not one of ours" in text(world.press(forged))
    assert world.game.map == "supply"
    assert world.log()[-1] == (MODERATOR, "button", "refused")


def test_a_yes_that_comes_twice_acts_once_and_gets_the_same_answer(world: World) -> None:
    preview = world.ask("server map", {"map": "radar"})
    first = world.press(button(preview, "Do it"))
    world.db.run("delete from interaction")  # as if the first delivery had ended before it was noted
    world.again(world.bodies[-1])
    assert _as_data(world.told[-1], world.seal)["content"] == first["content"]
    assert text(world.press(button(preview, "Do it"))) == text(first)
    assert world.game.said.count("map radar") == 1


def test_what_broke_off_in_the_middle_is_not_repeated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = world.ask("server map", {"map": "radar"})

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Controller, "carry_out", broken)
        world.press(button(preview, "Do it"))
    world.queue.clear()
    world.again(world.bodies[-1])
    assert "broke off" in world.told[-1].content
    assert "map radar" not in world.game.said
    assert world.log() == [(MODERATOR, "server map", "failed")]


def test_what_is_said_is_on_record_before_and_after(world: World) -> None:
    said = world.ask("server say", {"text": 'gg "all"; ^1quit'})
    assert world.game.said == ["say gg all quit"]
    assert "console: gg all quit" in text(said)
    (entry,) = world.entries()
    told, _, number = said["content"].partition("\n-# ")
    assert (entry.arguments, entry.state, entry.result) == ({"text": 'gg "all"; ^1quit'}, "done", told)
    assert number == f"job {entry.audit_id}"


def test_who_is_kicked_must_still_sit_there(world: World) -> None:
    world.game.clients = HUMANS
    preview = world.ask("server kick", {"player": "3 Widow", "reason": "afk"})
    world.game.clients = (HUMANS[0], Client(slot=3, name="another", team=2))
    assert "Somebody else" in text(world.press(button(preview, "Do it")))
    assert not [one for one in world.game.said if one != "status"]
    preview = world.ask("server kick", {"player": "3 another", "reason": "afk"})
    assert "Done" in text(world.press(button(preview, "Do it")))
    assert world.game.said[-3:-1] == ["say another: afk", "clientkick 3 300"]
    assert [one.name for one in world.game.clients] == ["^1Mit^7tens"]


def test_stop_and_start_are_seen_to_work_and_are_for_admins(world: World) -> None:
    assert "for admins" in text(world.ask("server stop"))
    stop = world.ask("server stop", user=ADMIN)
    assert "Done" in text(world.press(button(stop, "Do it"), user=ADMIN))
    assert not world.game.alive
    for _ in range(3):
        note_failure(world.db, "game:alpha", reason="no answer", now=datetime.now(UTC))
    start = world.ask("server start", user=ADMIN)
    assert "Done" in text(world.press(button(start, "Do it"), user=ADMIN))
    assert world.game.alive
    assert "does not answer" not in text(world.ask("server status"))  # it is not left alone any longer


def test_a_start_that_its_machine_refuses_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise GameServerRefused("no shell for this user")

    world.game.alive = False
    monkeypatch.setattr(Game, "begin", lambda _: refused())
    start = world.ask("server start", user=ADMIN)
    assert "did not run what starts the game" in text(world.press(button(start, "Do it"), user=ADMIN))
    assert world.log() == [(ADMIN, "server start", "failed")]


def test_rcon_sends_what_is_on_the_list_of_that_tier_and_hides_addresses(world: World) -> None:
    world.game.clients = HUMANS
    preview = world.ask("server rcon", {"command": "status"})
    said = text(world.press(button(preview, "Do it")))
    assert "Widow" in said
    assert "192.0.2" not in said
    for typed in ("set x 1", "quit", "timelimit 5", "rconpassword x", "status; quit", "exec server.cfg"):
        assert "not on the list" in text(world.ask("server rcon", {"command": typed}))
    assert world.game.said == ["status"]
    assert "`timelimit 5`" in text(world.ask("server rcon", {"command": "timelimit 5"}, user=ADMIN))


def test_both_discord_and_our_tier_must_allow_it_and_the_refusal_is_on_record(world: World) -> None:
    assert "for moderators" in text(world.ask("server map", {"map": "radar"}, user=MEMBER))
    assert "may not use this command" in text(world.ask("server map", {"map": "radar"}, permissions="2048"))
    assert [(who, state) for who, _, state in world.log()] == [(MEMBER, "refused"), (MODERATOR, "refused")]


def test_a_role_gives_its_tier_to_whoever_has_it(world: World) -> None:
    world.ask("admin roles", {"role": "55", "tier": "moderator"}, user=ADMIN)
    assert "`map radar`" in text(world.ask("server map", {"map": "radar"}, user=MEMBER, roles=("54", "55")))
    assert "for moderators" in text(world.ask("server map", {"map": "radar"}, user=MEMBER, roles=("54",)))
    assert "for moderators" in text(world.ask("server map", {"map": "radar"}, user=MEMBER, roles=("55",), guild="8"))


def test_what_is_asked_is_told_without_what_nobody_typed(world: World) -> None:
    world.game.clients = HUMANS
    kick = world.ask("server kick", {"player": "3 Widow"})["embeds"][0]["description"]
    assert "Kick Widow (slot 3)**" in kick


def test_only_root_makes_and_unmakes_admins(world: World) -> None:
    assert "whoever runs the bot" in text(world.ask("admin roles", {"user": MEMBER, "tier": "admin"}, user=ADMIN))
    assert "whoever runs the bot" in text(world.ask("admin roles", {"user": ADMIN, "tier": "member"}, user=ADMIN))
    assert f"admin: <@{MEMBER}>" in text(world.ask("admin roles", {"user": MEMBER, "tier": "admin"}, user=ROOT))
    assert f"<@{MEMBER}>" not in text(world.ask("admin roles", {"user": MEMBER, "tier": "member"}, user=ROOT))


def test_root_alone_has_a_backup_written_and_what_became_of_it_is_on_record(world: World) -> None:
    assert "backups/now" not in text(world.ask("admin backup", user=ADMIN))
    assert "`backups/now`, 12 rows, 2 KB" in text(world.ask("admin backup", user=ROOT))

    def away(_: Told) -> Backup:
        raise BucketUnavailable("the bucket does not answer")

    world.back_up = away
    world.db.run("delete from cooldown")
    assert "could not be written" in text(world.ask("admin backup", user=ROOT))
    assert world.log() == [
        (ADMIN, "admin backup", "refused"), (ROOT, "admin backup", "done"), (ROOT, "admin backup", "failed"),
    ]  # fmt: skip


def test_a_tier_that_was_taken_away_says_no_to_a_waiting_yes(world: World) -> None:
    preview = world.ask("server map", {"map": "radar"})
    set_tier(world.db, HERE, Holder.USER, MODERATOR, Tier.MEMBER, by=ROOT, now=datetime.now(UTC))
    assert "for moderators" in text(world.press(button(preview, "Do it")))
    assert world.game.map == "supply"


def test_nothing_of_another_discord_server_is_seen_or_controlled(world: World) -> None:
    world.ask("server say", {"text": "secret plan"}, user=MODERATOR)
    assert "No game server" in text(world.ask("server status", {"server": "beta"}))
    assert "no game server here" in text(world.ask("server status", guild="8"))
    for command in ("server map", "server kick", "server say", "server rcon"):
        given = {"map": "radar", "player": "0 x", "text": "hi", "command": "status"}
        wanted = {"server map": "map", "server kick": "player", "server say": "text", "server rcon": "command"}[command]
        asked: dict[str, object] = {wanted: given[wanted], "server": "beta"}
        assert "No game server" in text(world.ask(command, asked, user=ROOT))
    assert world.game.said == ["say secret plan"]
    assert "secret plan" not in text(world.ask("admin audit", user=ROOT, guild=ELSEWHERE))
    assert "secret plan" in text(world.ask("admin audit", user=ROOT))


def test_a_job_is_found_by_its_number_by_those_of_its_server(world: World) -> None:
    world.ask("server say", {"text": "hi"})
    (entry,) = world.entries()
    asked: dict[str, object] = {"job": entry.audit_id}
    embed = world.ask("admin audit", asked, user=ADMIN)["embeds"][0]
    assert embed["title"] == f"job {entry.audit_id}: /server say alpha"
    assert {field["name"]: field["value"] for field in embed["fields"]}["State"] == "✅ done"
    assert "no job" in text(world.ask("admin audit", asked, user=ROOT, guild=ELSEWHERE))


def test_a_yes_that_never_came_and_a_job_whose_function_died_do_not_stay_open(world: World) -> None:
    world.ask("server map", {"map": "radar"}, user=ADMIN)
    world.ask("server restart", {"what": "map"}, user=ADMIN)
    world.db.run("update audit set state = 'doing', good_till = now() - interval '1 s' where command = 'server map'")
    world.db.run("update audit set warned_at = now() - interval '2 minutes' where state = 'asked'")
    said = text(world.ask("admin audit", user=ADMIN))
    assert {line[0] for line in said.split("\n") if "server" in line} == {"❌", "⛔"}
    (died,) = [one for one in world.entries() if one.state == "failed"]
    told = world.ask("admin audit", {"job": died.audit_id}, user=ADMIN)["embeds"][0]["fields"][-1]["value"]
    assert "broke off" in told and "ask again" in told


def test_the_log_cannot_be_changed(world: World) -> None:
    world.ask("server say", {"text": "hi"})
    for sql in (
        "delete from audit",
        "truncate audit",
        "update audit set actor_id = '5'",
        "update audit set state = 'asked'",
    ):
        with pytest.raises(DatabaseError, match="audit log"):
            world.db.run(sql)
    assert world.log() == [(MODERATOR, "server say", "done")]


def test_a_wrong_password_is_told_without_it(world: World) -> None:
    world.game.password = "another"
    said = text(world.ask("server say", {"text": "hi"}))
    assert "does not take our rcon password" in said
    assert "local" not in said
    assert world.log() == [(MODERATOR, "server say", "failed")]


class Packages:
    """Brings what is called a map and refuses the rest; what is there is in *there*."""

    def __init__(self) -> None:
        self.there: list[str] = []

    def fetch(self, server: GameServer, name: str, url: str, *, by: str, told: Told) -> Brought:
        if "te_new" not in name:
            raise BadFile("program", url)
        self.there.append(name)
        return Brought(package=MapPackage(name=name, maps=("te_new",), size=9, sha256="ab" * 32), before=False)

    def bin(self, server: GameServer, name: str) -> bool:
        self.there.remove(name)
        return True


def test_a_package_is_brought_and_taken_away_by_admins_on_record(world: World) -> None:
    world.packages = Packages()
    world.servers = (replace(world.servers[0], maps_folder="/legacy"),)
    assert "for admins" in text(world.attach("server upload", "te_new.pk3"))
    assert "`te_new`" in text(world.attach("server upload", "te_new.pk3", user=ADMIN))
    world.db.run("delete from cooldown")
    assert "programs" in text(world.attach("server upload", "evil.pk3", user=ADMIN))
    assert "did not come from here" in text(world.ask("server remove", {"package": "goldrush.pk3"}, user=ADMIN))
    package = MapPackage(name="te_new.pk3", maps=("te_new",), size=9, sha256="ab" * 32)
    note_brought(world.db, "alpha", package, by=ADMIN, now=datetime.now(UTC))
    said = world.ask("server remove", {"package": "te_new.pk3"}, user=ADMIN)
    assert "Done" in text(world.press(button(said, "Do it"), user=ADMIN))
    assert world.packages.there == []
    assert [state for _, _, state in world.log()] == ["refused", "done", "failed", "done"]


# -- corrections -----------------------------------------------------------------------------------------------------


@pytest.fixture
def evening(world: World) -> World:
    files = simulate_session(seed=7, maps=2, players=6, ends_at=datetime(2026, 3, 14, 22, 0)).files
    for name in ("alpha", "beta"):
        for one in files:
            store(world.db, server=name, name=one.name, content=one.content, channel_id="", now=datetime.now(UTC))
    return world


def _a_round(world: World, server: str) -> str:
    name = world.db.values(
        "select name from round join stats_file on file_id = round_id where stats_file.server = :s and counted limit 1",
        s=server,
    )[0]
    return f"{server}/{name}"


def test_a_round_is_voided_after_its_difference_was_shown(evening: World) -> None:
    said = evening.ask("admin void", {"round": _a_round(evening, "alpha"), "reason": "wrong config"}, user=ADMIN)
    fields = {one["name"]: one["value"] for one in said["embeds"][0]["fields"]}
    assert "→" in fields["Sessions (1)"]
    assert corrections(evening.db) == []
    assert "computed again: 1" in text(evening.press(button(said, "Do it"), user=ADMIN))
    (made,) = corrections(evening.db)
    assert (made.reason, made.made_by) == ("wrong config", f"{ADMIN} ({ADMIN})")
    assert evening.log() == [(ADMIN, "admin void", "done")]


def test_a_correction_is_taken_back_by_those_whose_it_is(evening: World) -> None:
    said = evening.ask("admin void", {"round": _a_round(evening, "alpha"), "reason": "x"}, user=ADMIN)
    evening.press(button(said, "Do it"), user=ADMIN)
    (made,) = corrections(evening.db)
    asked: dict[str, object] = {"correction": str(made.correction_id)}
    assert "another Discord server" in text(evening.ask("admin undo", asked, user=ROOT, guild=ELSEWHERE))
    said = evening.ask("admin undo", asked, user=ADMIN)
    assert "→" in said["embeds"][0]["fields"][0]["value"]
    assert "computed again: 1" in text(evening.press(button(said, "Do it"), user=ADMIN))
    assert corrections(evening.db)[0].withdrawn_by == f"{ADMIN} ({ADMIN})"
    assert "no such correction" in text(evening.ask("admin undo", asked, user=ADMIN))


def test_what_is_set_up_is_told_without_addresses(world: World) -> None:
    said = world.ask("admin config", user=ADMIN)
    (field,) = said["embeds"][0]["fields"]
    assert field["name"] == "alpha"
    assert "✅ can be started" in field["value"]
    assert "– takes packages of maps" in field["value"]
    assert "127.0.0.1" not in json.dumps(said)


def test_a_rehearsal_leaves_everything_as_it_was(evening: World) -> None:
    before = evening.db.values("select md5(string_agg(cast(round as text), ';' order by round_id)) from round")
    evening.ask("admin void", {"round": _a_round(evening, "alpha"), "reason": "x"}, user=ADMIN)
    assert evening.db.values("select md5(string_agg(cast(round as text), ';' order by round_id)) from round") == before


def test_rounds_of_another_discord_servers_game_server_are_not_corrected(evening: World) -> None:
    said = evening.ask("admin void", {"round": _a_round(evening, "beta"), "reason": "x"}, user=ADMIN)
    assert "another Discord server" in text(said)
    assert corrections(evening.db) == []
    assert evening.log() == [(ADMIN, "admin void", "refused")]


def test_computing_an_evening_again_changes_nothing(evening: World) -> None:
    session = evening.db.values("select session_id from session where server = 'alpha'")[0]
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    mark, left = "", int(session)
    while left:
        left, last = divmod(left, 36)
        mark = digits[last] + mark
    said = evening.ask("admin replay", {"when": f"#{mark}"}, user=ADMIN)
    assert "No score" in text(said)
    assert "Files read again" in text(evening.press(button(said, "Do it"), user=ADMIN))


def test_two_persons_who_met_are_not_merged(evening: World) -> None:
    one, other = evening.db.values("select guid from player order by guid limit 2")
    said = evening.ask("admin merge", {"player": f"#{one}", "into": f"#{other}", "reason": "x"}, user=ADMIN)
    assert "two persons" in text(said)
    assert corrections(evening.db) == []


def test_old_pings_go_and_a_ping_is_told_once(world: World) -> None:
    now = datetime.now(UTC)
    ask_ping(world.db, "alpha", MEMBER, HERE, 2, now=now - timedelta(hours=13))
    assert pings(world.db, since=now - timedelta(hours=12)) == []
    ask_ping(world.db, "alpha", MEMBER, HERE, 2, now=now)
    assert [take_pings(world.db, "alpha", [MEMBER]) for _ in range(2)] == [[MEMBER], []]


def test_the_log_is_printed_whole_for_an_operator(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world.ask("server say", {"text": "hi"})
    world.ask("server stop")
    monkeypatch.setattr(wiring, "job_database", lambda *_: world.db)
    assert cli.main(["audit"]) == 0
    said, stopped = capsys.readouterr().out.splitlines()
    assert said.endswith(f"done     {HERE}  {MODERATOR} ({MODERATOR}, moderator): server say alpha text=hi")
    assert "refused" in stopped
    assert cli.main(["audit", "--guild", ELSEWHERE, "--json"]) == 0
    assert capsys.readouterr().out == ""


# -- health ----------------------------------------------------------------------------------------------------------


def test_admins_see_what_is_wrong_left_alone_and_given_up_and_only_of_their_own_servers(world: World) -> None:
    db, at = world.db, datetime.now(UTC)
    assert "Nothing is wrong" in text(world.ask("admin health", user=ADMIN))
    assert "for admins" in text(world.ask("admin health", user=MODERATOR))
    bad = [Bad(part=part, said="no answer") for part in ("ssh/alpha", "ssh/beta", "bucket")]
    settle_problems(db, bad, [], channel_id="", now=at, quiet_for=timedelta(0))
    settle_problems(db, bad[:2], [], channel_id="", now=at, quiet_for=timedelta(0))
    for name in ("ssh:alpha", "ssh:beta"):
        for _ in range(3):
            note_failure(db, name, reason="it hangs", now=at)
    note_seen(db, [Observed(part="dead_letters/bring", light=Light.BAD, figure=2.0)], now=at)
    said = world.ask("admin health", user=ADMIN)
    told = json.dumps(said)
    assert [field["name"] for field in said["embeds"][0]["fields"]] == [
        "Wrong (1)", "Fails, or is left alone (1)", "Given up (1)", "Over since yesterday (1)",
    ]  # fmt: skip
    assert f"asked again <t:{int(at.timestamp()) + 30}:R>" in told and "BringDeadLetters" in told
    assert "beta" not in told and "beta" in json.dumps(world.ask("admin health", user=ROOT))
    assert "asked again within a minute" in text(world.press(button(said, "Ask again now"), user=ADMIN))
    assert [one.name for one in breakers(db)] == ["ssh:beta"]
