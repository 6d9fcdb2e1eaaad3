"""Where an answer goes and who is turned away: commands of the test's own, asked as Discord asks, on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from etstats.commands import registry
from etstats.commands.answering import Answerer, finish
from etstats.commands.follow_up import Ended, follow_up
from etstats.commands.question import Question, Tools
from etstats.commands.registry import Answers, Command, Labelled, Option, Permission, Seen, Takes
from etstats.commands.task import Place
from etstats.errors import DiscordUnavailable, Refusal
from etstats.interactions import request
from etstats.interactions.custom_id import key_from
from etstats.interactions.form import Form, TextField
from etstats.interactions.reply import (
    Beside,
    Button,
    Embed,
    Link,
    Menu,
    MenuChoice,
    Message,
    Press,
    Seal,
)
from etstats.interactions.request import Asked
from etstats.storage.database import Database
from etstats.words import words_for
from local.discord_limits import check_answer
from tests.builders import an_interaction

KEY = key_from("a bot's token")
ENGLISH, GERMAN = words_for("en"), words_for("de")
OWNER, OTHER = "42", "43"


def _card(q: Question) -> Message:
    """Says what it was asked; `fail` makes it refuse."""
    told = " ".join(f"{one.name}={one.value}" for one in q.asked.options)
    if q.asked.text("by") == "fail":
        raise Refusal("refusal.no_data")
    menu = Menu(
        press=Press(command="card", options=(("page", "2"),), fills="by"),
        choices=(MenuChoice(label="Kills", value="kills", chosen=True), MenuChoice(label="Never", value="fail")),
        placeholder="What counts",
    )
    turn = Button(label="▶", press=Press(command="card", options=(("page", "2"),)))
    beside = (
        Button(label=one.name, press=Press(command="card", options=(("by", "kills"),), beside=one))
        for one in (Beside.FOR_ME, Beside.FOR_ALL)
    )
    rows = ((turn, Link(label="Rules", url="https://example.org/rules")), (menu,), tuple(beside))
    embed = Embed(title=f"card {told}", description="private" if q.private else "", footer=q.me or "nobody")
    return Message(embeds=(embed,), rows=rows)


def _form(q: Question) -> Message | Form:
    if name := q.asked.text("name"):
        return Message(content=f"called {name} with {q.asked.text('page')}")
    field = TextField(name="name", label="Your name", value="mittens", placeholder="as in the game", max_length=20)
    return Form(title="What are you called?", press=Press(command="form", options=(("page", "7"),)), fields=(field,))


_OPTIONS = (
    Option(name="by", choices=(Labelled(value="kills", key="measure.kills"), Labelled(value="fail", key="measure.kd"))),
    Option(name="page", takes=Takes.WHOLE_NUMBER, at_most=99),
)


class _Queue:
    def __init__(self) -> None:
        self.sent: list[dict[str, object]] = []

    def send(self, body: dict[str, object]) -> None:
        self.sent.append(body)


def _picture(asked: Asked) -> Answers:
    return Answers.LATER if asked.text("page") == "2" else Answers.NOW


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of the test's own, beside ours."""
    card = Command(name="card", run=_card, options=_OPTIONS)
    for one in (
        card,
        replace(card, name="secret", seen=Seen.PRIVATE),
        replace(card, name="admin", permission=Permission.MANAGE_SERVER),
        replace(card, name="seldom", cooldown_s=30),
        replace(card, name="drawn", answers=_picture),
        replace(card, name="slow", answers=Answers.LATER),
        Command(name="form", run=_form, options=_OPTIONS),
        Command(name="Card", run=_card, on_user=True),
    ):
        monkeypatch.setitem(registry._commands, one.name, one)


@pytest.fixture
def queue() -> _Queue:
    return _Queue()


Ask = Callable[..., Any]


@pytest.fixture
def ask(db: Database, queue: _Queue) -> Ask:
    """Asks as Discord does and gives back what it would be told, which Discord takes."""
    answerer = Answerer(db=lambda: db, key=lambda: KEY, followups=lambda: queue)

    def asking(command: str = "card", *, user: str = OWNER, **told: Any) -> Any:
        body = _body(command, user=user, **told)
        said = answerer.respond(request.read(body), body)
        assert check_answer(said) == []
        return said

    return asking


def _body(command: str = "", *, user: str = OWNER, locale: str = "en-GB", **other: Any) -> bytes:
    options: dict[str, object] = {name: other.pop(name) for name in ("by", "page", "private") if name in other}
    told = an_interaction(command, options, locale=locale, **other)
    told["member"]["user"]["id"] = user
    return json.dumps(told).encode()


def _pressing(said: Any, place: tuple[int, int] = (0, 0), *, values: tuple[str, ...] = (), kind: int = 3) -> Any:
    """What Discord sends when a component of *said* is used, or (5) the form it opened is sent off."""
    if kind == 5:
        fields = [{"type": 18, "component": {"type": 4, "custom_id": "name", "value": "Säpper"}}]
        return {"type": 5, "data": {"custom_id": said["data"]["custom_id"], "components": fields}}
    one = said["data"]["components"][place[0]]["components"][place[1]]
    data = {"component_type": one["type"], "custom_id": one["custom_id"], "values": list(values)}
    metadata = {"id": "5", "type": 2, "user": {"id": OWNER}}
    message = {"id": "6", "flags": said["data"].get("flags", 0), "interaction_metadata": metadata}
    return {"type": 3, "data": data, "message": message}


def _title(said: Any) -> str:
    return str(said["data"]["embeds"][0]["title"])


def _sentence(said: Any) -> str:
    assert (said["type"], said["data"]["flags"]) == (4, 64)
    return str(said["data"]["content"])


def test_whoever_wants_it_gets_the_answer_alone(ask: Ask) -> None:
    assert "flags" not in ask()["data"]
    assert ask(private=True)["data"]["flags"] == ask("secret")["data"]["flags"] == 64


def test_a_command_in_a_persons_menu_is_asked_with_whom(ask: Ask) -> None:
    data = {"id": "9", "type": 2, "name": "Card", "target_id": OTHER}
    assert ask("Card", data=data)["type"] == 4
    assert request.read(_body("Card", data=data)).target == OTHER


def test_the_caller_s_own_person_comes_with_the_question(ask: Ask, db: Database) -> None:
    db.run("insert into person_link (user_id, guid, proven_by) values ('42', 'AAAA0001', 'code')")
    assert [ask(user=user)["data"]["embeds"][0]["footer"]["text"] for user in (OWNER, OTHER)] == ["AAAA0001", "nobody"]


# -- who is turned away ----------------------------------------------------------------------------------------------


def test_without_the_permission_there_is_a_sentence(ask: Ask) -> None:
    assert _sentence(ask("admin")) == ENGLISH("refusal.no_permission")


def test_a_refusal_comes_in_the_caller_s_language(ask: Ask, db: Database) -> None:
    assert _sentence(ask(by="fail")) == ENGLISH("refusal.no_data")
    assert _sentence(ask(by="fail", locale="de")) == GERMAN("refusal.no_data")
    db.run("insert into user_setting (user_id, language) values ('42', 'de')")
    assert _sentence(ask(by="fail")) == GERMAN("refusal.no_data")


def _allow(db: Database, *channels: str) -> None:
    """Answers are shown in these alone."""
    db.run(
        """insert into guild_setting (guild_id, name, value, set_by)
           values ('7', 'channels', cast(:value as jsonb), '1')""",
        value=json.dumps(channels),
    )


def test_in_the_wrong_channel_the_right_one_is_named(ask: Ask, db: Database) -> None:
    db.run(
        "insert into guild_setting (guild_id, name, value, set_by) values ('7', 'channels', '[\"88\", \"89\"]', '1')"
    )
    assert _sentence(ask()) == ENGLISH("refusal.wrong_channel", channel="<#88>")
    thread = {"id": "8", "type": 11, "parent_id": "89"}
    category = {"id": "8", "type": 0, "parent_id": "89"}
    assert (ask(channel=thread)["type"], "flags" in ask(channel=thread)["data"]) == (4, False)
    assert _sentence(ask(channel=category)).startswith("I do not answer here")
    assert "flags" not in ask(channel_id="89")["data"]
    assert "flags" not in ask(guild_id=None)["data"]  # a direct message
    assert _title(ask(private=True))  # what one sees alone disturbs nobody


def test_who_asks_again_too_soon_is_told_how_long_to_wait(ask: Ask) -> None:
    first = ask("seldom")
    assert _sentence(ask("seldom")) == ENGLISH("refusal.wait", seconds=30)
    assert ask("seldom", user=OTHER)["data"]["embeds"]
    assert ask(**_pressing(first))["type"] == 7  # turning pages is free


# -- pressed, chosen, sent off ---------------------------------------------------------------------------------------


def test_a_press_on_one_s_own_card_changes_it_in_place(ask: Ask) -> None:
    said = ask(**_pressing(ask()))
    assert (said["type"], _title(said)) == (7, "card page=2")
    assert said["data"]["attachments"] == []  # the picture of the view before goes


def test_a_press_on_anothers_card_gives_a_private_copy_that_is_then_one_s_own(ask: Ask) -> None:
    copy = ask(user=OTHER, **_pressing(ask()))
    assert (copy["type"], copy["data"]["flags"]) == (4, 64)
    assert ask(user=OTHER, **_pressing(copy))["type"] == 7


def test_a_private_card_changes_in_place(ask: Ask) -> None:
    assert ask(**_pressing(ask(private=True)))["type"] == 7


def _alone(said: Any) -> bool:
    """Whether the card thinks that its reader is alone."""
    return "description" in said["data"]["embeds"][0]


def test_a_press_may_leave_its_card_as_it_is(ask: Ask) -> None:
    for card in (ask(), ask(private=True)):
        copy = ask(**_pressing(card, (2, 0)))
        assert (copy["type"], copy["data"]["flags"], _title(copy)) == (4, 64, "card by=kills")
        shared = ask(**_pressing(card, (2, 1)))
        assert (shared["type"], "flags" in shared["data"], _title(shared)) == (4, False, "card by=kills")


def test_a_card_knows_whether_its_reader_is_alone(ask: Ask) -> None:
    public, alone = ask(), ask(private=True)
    turned = [ask(**_pressing(one)) for one in (public, alone)]
    told = [public, alone, *turned, ask(**_pressing(public, (2, 0))), ask(**_pressing(alone, (2, 1)))]
    assert [_alone(one) for one in told] == [False, True, False, True, True, False]


def test_what_is_shared_is_shown_only_where_answers_are(ask: Ask, db: Database) -> None:
    alone = ask(private=True)
    _allow(db, "88")
    assert "<#88>" in _sentence(ask(**_pressing(alone, (2, 1))))
    assert ask(**_pressing(alone, (2, 0)))["type"] == 4


def test_a_choice_of_a_menu_fills_its_option(ask: Ask) -> None:
    assert _title(ask(**_pressing(ask(), (1, 0), values=("kills",)))) == "card page=2 by=kills"


def test_a_refusal_leaves_the_card_as_it_is(ask: Ask) -> None:
    assert _sentence(ask(**_pressing(ask(), (1, 0), values=("fail",)))) == ENGLISH("refusal.no_data")


def test_a_form_opens_and_comes_back_with_what_was_typed(ask: Ask) -> None:
    opened = ask("form")
    assert (opened["type"], opened["data"]["title"]) == (9, "What are you called?")
    (label,) = opened["data"]["components"]
    assert label["component"]["value"] == "mittens"
    said = ask(**_pressing(opened, kind=5))
    assert (said["type"], said["data"]["content"]) == (4, "called Säpper with 7")


@pytest.mark.parametrize(
    ("message", "user", "answer"),
    [
        ({"flags": 0, "interaction_metadata": {"user": {"id": OWNER}}}, OWNER, (7, 0)),
        ({"flags": 0, "interaction_metadata": {"user": {"id": OWNER}}}, OTHER, (4, 64)),
        ({"flags": 64}, OTHER, (7, 0)),
        ({"flags": 0}, OTHER, (4, 64)),  # a post: nobody's
    ],
)
def test_a_form_on_a_card_changes_it_only_for_whose_it_is(
    ask: Ask, message: dict[str, Any], user: str, answer: tuple[int, int]
) -> None:
    opened = ask("form", user=user)
    said = ask(user=user, **_pressing(opened, kind=5), message=message)
    assert (said["type"], said["data"].get("flags", 0)) == answer


# -- put off ---------------------------------------------------------------------------------------------------------


def test_what_needs_a_picture_is_put_off_and_the_rest_is_not(ask: Ask, queue: _Queue) -> None:
    assert ask("drawn")["type"] == 4
    assert (ask("drawn", page=2), len(queue.sent)) == ({"type": 5}, 1)
    assert ask("slow", private=True) == {"type": 5, "data": {"flags": 64}}


def test_a_slow_press_is_put_off_where_its_answer_will_be(ask: Ask, queue: _Queue, monkeypatch: Any) -> None:
    shown = ask()
    monkeypatch.setitem(registry._commands, "card", replace(registry._commands["card"], answers=Answers.LATER))
    assert ask(**_pressing(shown)) == {"type": 6}
    assert ask(user=OTHER, **_pressing(shown)) == {"type": 5, "data": {"flags": 64}}
    assert len(queue.sent) == 2


def test_who_is_turned_away_is_told_at_once_and_nothing_is_put_off(ask: Ask, queue: _Queue, db: Database) -> None:
    _allow(db, "88")
    assert "<#88>" in _sentence(ask("slow"))
    assert queue.sent == []


class _Webhook:
    """What Discord was told after a deferral. While *away* is set it does not answer."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, bool]] = []
        self.away = False

    def edit_original(self, _application: str, _token: str, message: Message, *, seal: Seal) -> None:
        if self.away:
            raise DiscordUnavailable("away")
        self.told.append(("edited", message.content or message.embeds[0].title, False))

    def say_aside(self, _app: str, _token: str, message: Message, *, seal: Seal, replacing: bool) -> None:
        self.told.append(("aside", message.content, replacing))


@pytest.fixture
def webhook() -> Iterator[_Webhook]:
    yield _Webhook()


def _finished(db: Database, webhook: _Webhook, body: bytes) -> list[tuple[str, str, bool]]:
    ended = follow_up(
        request.read(body), db=db, webhook=webhook, key=lambda: KEY, now=datetime(2026, 3, 14, tzinfo=UTC)
    )
    assert ended is Ended.ANSWERED
    return webhook.told


def test_a_slow_answer_fills_the_deferral(db: Database, webhook: _Webhook) -> None:
    assert _finished(db, webhook, _body("slow", by="kills")) == [("edited", "card by=kills", False)]


def test_a_slow_press_fills_the_card(ask: Ask, db: Database, webhook: _Webhook) -> None:
    pressed = _pressing(ask(), (1, 0), values=("kills",))
    assert _finished(db, webhook, _body(**pressed)) == [("edited", "card page=2 by=kills", False)]


def test_a_late_refusal_is_for_the_caller_alone(ask: Ask, db: Database, webhook: _Webhook) -> None:
    no_data = ENGLISH("refusal.no_data")
    pressed = _pressing(ask(), (1, 0), values=("fail",))
    _finished(db, webhook, _body("slow", by="fail", id="1"))
    _finished(db, webhook, _body("slow", by="fail", private=True, id="2"))
    _finished(db, webhook, _body(**pressed, id="1300000000000000003"))
    # “thinking…” for all to see goes; what he sees alone is filled; the card that was pressed stays
    assert webhook.told == [("aside", no_data, True), ("edited", no_data, False), ("aside", no_data, False)]


def test_a_slow_answer_is_shown_while_it_is_not_done(db: Database, webhook: _Webhook, monkeypatch: Any) -> None:
    def making(q: Question) -> Message:
        for percent in (10, 90):
            q.show(Message(content=f"{percent} %"))
        return Message(content="there it is")

    monkeypatch.setitem(registry._commands, "slow", Command(name="slow", run=making, answers=Answers.LATER))
    assert [told for _, told, _ in _finished(db, webhook, _body("slow"))] == ["10 %", "90 %", "there it is"]


def test_what_cannot_be_shown_on_the_way_is_no_fault(db: Database, webhook: _Webhook, monkeypatch: Any) -> None:
    def making(q: Question) -> Message:
        webhook.away = True
        q.show(Message(content="half"))
        webhook.away = False
        return Message(content="there it is")

    monkeypatch.setitem(registry._commands, "slow", Command(name="slow", run=making, answers=Answers.LATER))
    assert _finished(db, webhook, _body("slow")) == [("edited", "there it is", False)]


def test_a_picture_can_be_drawn_when_it_was_put_off(db: Database, monkeypatch: Any) -> None:
    def drawn(q: Question) -> Message:
        return Message(content=q.render("<svg/>").decode())

    monkeypatch.setitem(registry._commands, "slow", Command(name="slow", run=drawn, answers=Answers.LATER))
    asked = request.read(_body("slow"))
    done = finish(asked, db, key=lambda: KEY, tools=Tools(render=lambda svg: f"PNG of {svg}".encode()))
    assert (done.message.content, done.place, done.aside) == ("PNG of <svg/>", Place.NEW, False)
    with pytest.raises(RuntimeError, match="LATER"):
        finish(asked, db, key=lambda: KEY)
