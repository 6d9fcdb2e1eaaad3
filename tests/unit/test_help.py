from __future__ import annotations

from typing import Any, cast

import pytest

from etstats.commands.help import help, suggest_command
from etstats.commands.registry import Permission, Topic, commands
from etstats.errors import Refusal
from etstats.interactions.reply import Menu, Message, Press, message_json
from etstats.storage.database import Database
from etstats.words import LANGUAGES, words_for
from local.discord_limits import check_message
from tests.builders import question

NO_DATABASE = cast(Database, None)


def _help(**options: Any) -> Message:
    return help(question(NO_DATABASE, "help", **options))


def _texts(message: Message) -> str:
    (embed,) = message.embeds
    return "\n".join([embed.title, embed.description, *(f"{field.name}\n{field.value}" for field in embed.fields)])


def _everybodys() -> list[str]:
    return [one.name for one in commands() if one.permission is Permission.EVERYBODY]


def _menu(message: Message) -> Menu:
    (menu,) = [one for row in message.rows for one in row if isinstance(one, Menu)]
    return menu


def test_every_command_is_listed_once_under_its_topic() -> None:
    lines = _texts(_help()).splitlines()
    for one in commands():
        root, _, rest = (one.name, "", "") if one.on_user else f"/{one.name}".partition(" ")
        listed = [line for line in lines if line.startswith(f"`{root}` ")]
        named = [line for line in listed if not rest or rest in line.rpartition(" · ")[2].split(", ")]
        assert len(named) == (one.permission is Permission.EVERYBODY), one.name
        assert len(listed) <= 1, one.name


def test_the_menu_leads_to_each_topic_and_back() -> None:
    menu = _menu(_help())
    assert menu.press == Press(command="help", fills="topic")
    for choice in menu.choices[1:]:
        message = _help(topic=choice.value)
        listed = [one.name for one in commands() if one.topic is Topic(choice.value) and one.name in _everybodys()]
        assert [name for name in listed if name not in _texts(message)] == []
        assert [one.value for one in _menu(message).choices if one.chosen] == [choice.value]
    assert _help(topic=menu.choices[0].value) == _help()


@pytest.mark.parametrize("typed", ["leaderboard", "/leaderboard", "Leaderboard"])
def test_one_command_is_told_with_all_its_options(typed: str) -> None:
    told = _texts(_help(command=typed))
    assert told.startswith("/leaderboard\nWho is ahead\n")
    assert all(f"`{name}` " in told for name in ("map", "page", "period", "private"))


def test_a_command_nobody_knows_is_refused() -> None:
    with pytest.raises(Refusal, match="no_such_command"):
        _help(command="frobnicate")


def test_commands_are_suggested_by_any_part_of_their_names() -> None:
    found = suggest_command(question(NO_DATABASE, "help", focused="command", command="/LEAD"))
    assert [(choice.name, choice.value) for choice in found] == [("/leaderboard", "leaderboard")]
    assert len(suggest_command(question(NO_DATABASE, "help", focused="command"))) == min(25, len(_everybodys()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_discord_takes_every_page_of_help_whole(language: str) -> None:
    asked: list[dict[str, Any]] = [{}, *({"topic": topic.value} for topic in Topic)]
    asked += [{"command": name} for name in _everybodys()]
    for options in asked:
        shown = message_json(_help(locale=language, **options), lambda press: f"{press.command}!{press.fills}")
        assert check_message(shown) == []
        assert "…" not in "".join(str(embed) for embed in cast(list[Any], shown["embeds"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_has_a_title(language: str) -> None:
    assert [topic for topic in Topic if not words_for(language).knows(f"help.topic_{topic.value}")] == []
