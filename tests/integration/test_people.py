"""What people ask about themselves and choose for themselves, on a real PostgreSQL."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from etstats.cards import export as export_card
from etstats.commands import achievements, aliases, config, export, lang, notify, privacy
from etstats.commands.question import Question
from etstats.domain.correction import FORGOTTEN
from etstats.domain.setting import NOTHING_SET, GuildSettings
from etstats.domain.table import Table
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.interactions.request import Given
from etstats.storage.caller import find_caller
from etstats.storage.database import Database
from etstats.storage.setting import due_farewells, find_held, forget_account
from etstats.usecases.say_farewell import say_farewell
from etstats.usecases.store_round import store
from tests.builders import buttons, question
from tests.game_files import a_file, a_header, a_line, a_name

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
NICK = "AAAA0001"
USER = "42"
GUILD = "7"


@pytest.fixture
def played(db: Database) -> Database:
    for minute, map, name in ((0, "supply", "nick"), (20, "te_escape2", "=nick()"), (40, "et_ice", "n^1ick")):
        _play(db, minute, map, a_line(NICK, name=name, dynamites_planted=20), a_line("BBBB0001", name="rook"))
    db.run("insert into person_link (user_id, guid, proven_by) values ('42', :guid, 'admin')", guid=NICK)
    return db


def _play(db: Database, minute: float, map: str, *lines: str) -> None:
    content = a_file(a_header(map=map), list(lines))
    store(db, server="main", name=a_name(map=map, minute=minute), content=content, channel_id="", now=NOW)


def _rows(message: Message, ending: str) -> list[dict[str, str]]:
    (file,) = [file for file in message.files if file.name.endswith(ending)]
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))


# -- names and badges ------------------------------------------------------------------------------------------------


def test_every_name_is_told_the_latest_first(played: Database) -> None:
    (embed,) = aliases.aliases(question(played, "aliases", me=NICK)).embeds
    assert embed.description.index("nick ") < embed.description.index("=nick()")
    assert NICK in embed.footer


def test_names_beyond_a_page_can_be_turned_to(played: Database) -> None:
    for number in range(16):
        _play(played, 100 + 9 * number, f"map{number}", a_line(NICK, name=f"name{number:02}"))
    first = aliases.aliases(question(played, "aliases", me=NICK))
    newer, older = buttons(first)
    assert (newer.disabled, older.disabled) == (True, False)
    assert older.press.options == (("player", f"#{NICK}"), ("page", "2"))
    second = aliases.aliases(question(played, "aliases", me=NICK, page=2))
    assert "name15" in first.embeds[0].description
    assert "=nick()" in second.embeds[0].description


def test_badges_are_told_with_what_is_next(played: Database) -> None:
    (embed,) = achievements.achievements(question(played, "achievements", me=NICK)).embeds
    earned, coming = embed.fields
    assert "50 dynamites planted" in earned.value
    assert "1 of 2" in earned.value
    assert "/ 200" in coming.value


def test_without_a_counted_round_there_are_no_badges(db: Database) -> None:
    with pytest.raises(Refusal) as refused:
        achievements.achievements(question(db, "achievements", me=NICK))
    assert refused.value.key == "achievements.none"


# -- what can be taken along -----------------------------------------------------------------------------------------


def test_a_session_is_exported_with_every_line_of_every_round(played: Database) -> None:
    message = export.export(question(played, "export"))
    assert message.private
    assert [row["name"] for row in _rows(message, "-lines.csv")] == ["nick", "rook", "'=nick()", "rook", "nick", "rook"]
    assert {row["dynamites_planted"] for row in _rows(message, "-lines.csv") if row["guid"] == NICK} == {"20"}
    assert len(_rows(message, "-rounds.csv")) == 3


def test_all_about_oneself_is_all_about_oneself(played: Database) -> None:
    message = export.export(question(played, "export", me=NICK, scope="me", format="json"))
    (file,) = message.files
    document = json.loads(file.content)
    assert {row["name"] for row in document["names"]} == {"nick", "=nick()"}
    assert [row["proven_by"] for row in document["link"]] == ["admin"]
    assert len(document["rounds"]) == 3
    assert "rook" not in file.content.decode()


def test_an_account_without_a_player_gets_what_there_is(played: Database) -> None:
    played.run("insert into user_setting (user_id, language) values ('77', 'de')")
    message = export.export(question(played, "export", user="77", scope="me"))
    assert [row["language"] for row in _rows(message, "-settings.csv")] == ["de"]
    assert len(message.files) == 1


def test_a_map_is_exported_by_name_only(played: Database) -> None:
    assert len(_rows(export.export(question(played, "export", map="supply")), "-rounds.csv")) == 1
    with pytest.raises(Refusal):
        export.export(question(played, "export", scope="map"))


def test_what_is_too_large_for_a_message_is_packed() -> None:
    rows = tuple((f"{number:01000}",) for number in range(5_000))
    (file,) = export_card.card("", [Table(name="rounds", columns=("n",), rows=rows)], stem="me", as_json=False).files
    assert file.name == "me.zip"
    assert len(file.content) < 10 * 1024 * 1024
    with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
        assert packed.read("me-rounds.csv").count(b"\n") == 5_001


# -- settings of one's own -------------------------------------------------------------------------------------------


def test_the_language_chosen_is_the_language_answered_in(db: Database) -> None:
    assert "Deutsch" in lang.lang(question(db, "lang", language="de")).content
    assert find_caller(db, USER, guild_id="").language == "de"
    lang.lang(question(db, "lang", language="auto"))
    assert find_caller(db, USER, guild_id="").language == ""


def test_being_written_to_asks_for_a_link(played: Database) -> None:
    with pytest.raises(Refusal):
        notify.notify(question(played, "notify", when="close"))
    notify.notify(question(played, "notify", me=NICK, when="close"))
    assert find_held(played, USER, NICK).notify == "close"
    assert "session is over" in notify.notify(question(played, "notify", me=NICK)).content


def test_what_is_held_is_told(played: Database) -> None:
    told = privacy.privacy_show(question(played, "privacy show", me=NICK)).content
    assert "3 rounds" in told
    assert "2 names" in told


def test_being_forgotten_is_asked_twice_and_can_be_taken_back(played: Database) -> None:
    (forget,) = buttons(privacy.privacy_delete(question(played, "privacy delete", me=NICK)))
    assert find_held(played, USER, NICK).farewell_at is None
    assert forget.press.options == (("really", "true"),)
    privacy.privacy_delete(question(played, "privacy delete", me=NICK, at=NOW, really="true"))
    privacy.privacy_delete(question(played, "privacy delete", me=NICK, at=NOW + timedelta(days=3), really="true"))
    assert find_held(played, USER, NICK).farewell_at == NOW + timedelta(days=7)
    assert due_farewells(played, now=NOW + timedelta(days=6, hours=23)) == []
    assert [one.guid for one in due_farewells(played, now=NOW + timedelta(days=7))] == [NICK]
    privacy.privacy_keep(question(played, "privacy keep", me=NICK))
    assert due_farewells(played, now=NOW + timedelta(days=7)) == []


def test_after_a_week_he_is_forgotten_and_found_by_nobody(played: Database) -> None:
    privacy.privacy_delete(question(played, "privacy delete", me=NICK, at=NOW, really="true"))
    assert say_farewell(played, now=NOW + timedelta(days=6)) == 0
    assert say_farewell(played, now=NOW + timedelta(days=7)) == 1
    assert say_farewell(played, now=NOW + timedelta(days=8)) == 0
    assert played.values("select user_id from person_link") == []
    assert played.values("select guid from hidden_person") == [NICK]
    assert played.values("select distinct name from player_round where guid = :guid", guid=NICK) == [FORGOTTEN]
    assert played.values("select made_by || ' ' || reason from correction") == ["himself asked to be forgotten"]
    with pytest.raises(Refusal):
        aliases.aliases(question(played, "aliases", user="77", player="nick"))


def test_a_forgotten_account_leaves_no_row(played: Database) -> None:
    privacy.privacy_hide(question(played, "privacy hide", me=NICK, hidden=True))
    played.run("insert into upload values ('uploads/7/42/1/x.tv_84', :user, 9, 'm', 'x', now())", user=USER)
    forget_account(played, USER)
    for table in ("person_link", "user_setting", "link_claim", "farewell", "cooldown", "upload"):
        assert played.values(f"select 1 from {table} where user_id = '42'") == []


# -- settings of a Discord server ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "options", "expected"),
    [
        (config.config_posts, {"kind": "round", "channel": "55"}, GuildSettings(round_channel="55")),
        (config.config_switch, {"kind": "digests", "on": False}, GuildSettings(digests=False)),
        (config.config_commands, {"channel": "56"}, GuildSettings(channels=("56",))),
        (config.config_language, {"language": "de"}, GuildSettings(language="de")),
        (config.config_admin, {"user": "57"}, GuildSettings(admin="57")),
    ],
)
def test_a_setting_holds_from_the_next_command_on(
    db: Database, run: Callable[[Question], Message], options: dict[str, str | bool], expected: GuildSettings
) -> None:
    message = run(_in_guild(db, options))
    assert find_caller(db, USER, guild_id=GUILD).guild == expected
    assert find_caller(db, USER, guild_id="8").guild == GuildSettings()
    assert message.private


def test_a_channel_named_again_is_taken_out(db: Database) -> None:
    known = GuildSettings(channels=("55", "56"))
    config.config_commands(_in_guild(db, {"channel": "55"}, known))
    assert find_caller(db, USER, guild_id=GUILD).guild.channels == ("56",)


@pytest.mark.parametrize("options", [{"kind": "gossip", "channel": "5"}, {"kind": "", "channel": "5"}])
def test_what_is_not_to_be_set_is_refused(db: Database, options: dict[str, str | bool]) -> None:
    with pytest.raises(Refusal):
        config.config_posts(_in_guild(db, options))
    assert db.values("select 1 from guild_setting") == []


def test_in_a_direct_message_there_is_no_server_to_set(db: Database) -> None:
    with pytest.raises(Refusal):
        config.config_switch(question(db, "config switch", kind="digests", on=True))


def _in_guild(db: Database, options: dict[str, str | bool], known: GuildSettings = NOTHING_SET) -> Question:
    made = question(db, "config", guild=known)
    given = tuple(Given(name=name, value=value) for name, value in options.items())
    return replace(made, asked=replace(made.asked, guild_id=GUILD, channel_id="9", options=given))
