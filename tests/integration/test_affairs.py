"""Who is in, polls, reminders, teams and votes: on a real PostgreSQL, asked and pressed as in Discord."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etstats.cards import poll as poll_card
from etstats.commands.avail import avail_answer, avail_set, avail_show
from etstats.commands.mvp import mvp, vote_mvp_for
from etstats.commands.poll import poll, vote_poll
from etstats.commands.question import Question
from etstats.commands.remind import remind_cancel, remind_list, remind_set
from etstats.commands.task import Place, task_for
from etstats.commands.teams import teams_balance, teams_show, teams_use
from etstats.domain.balance import Candidate, strengths
from etstats.domain.form import SESSIONS
from etstats.domain.poll import Poll
from etstats.domain.setting import GuildSettings
from etstats.errors import DiscordUnavailable, Refusal
from etstats.interactions.custom_id import key_from, seal
from etstats.interactions.form import Form
from etstats.interactions.reply import Beside, Menu, Message, Press
from etstats.interactions.request import Asked, Kind, PressedOn
from etstats.storage.database import Database
from etstats.storage.roster import played as played_maps
from etstats.storage.setting import forget_account
from etstats.usecases.announce import Announcer
from etstats.usecases.store_round import store
from etstats.words import words_for
from tests.builders import asked, buttons, question, snowflake
from tests.game_files import EVENING, a_match

THURSDAY = datetime(2026, 11, 26, 20, 0)
_numbers = iter(range(1, 10_000))


def ask(db: Database, command: str, **asking: Any) -> Question:
    """Somebody asks in a server; each question has an id of its own. *asking*: options, and who, when and where."""
    at, guild, name = (asking.pop(key, usual) for key, usual in (("at", THURSDAY), ("guild", "7"), ("name", "mittens")))
    told = question(db, command, at=at, **asking)
    own = replace(
        told.asked, id=str(snowflake(at) + next(_numbers)), guild_id=guild, channel_id="8",
        caller=replace(told.asked.caller, name=name),
    )  # fmt: skip
    return replace(told, asked=own)


def shown(message: Message) -> str:
    embed = message.embeds[0]
    return "\n".join((embed.title, embed.description, *(f"{one.name}: {one.value}" for one in embed.fields)))


class Heard:
    """Everywhere in Discord: what was said and where, which messages were edited, and the one that is found."""

    def __init__(self, found: str | None = None, faults: Sequence[Exception] = ()) -> None:
        self.said: list[tuple[str, str]] = []
        self.edited: list[tuple[str, Message]] = []
        self.found, self.faults = found, list(faults)

    def create_message(self, channel_id: str, message: Message, *, seal: Any, nonce: str) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.said.append((channel_id, message.content or shown(message)))
        return str(len(self.said))

    def edit_message(self, channel_id: str, message_id: str, message: Message, *, seal: Any) -> None:
        self.edited.append((message_id, message))

    def find_message(self, channel_id: str, message: Message, *, seal: Any, since: datetime) -> str | None:
        return self.found if message.rows else None

    def direct_channel(self, user_id: str) -> str:
        return f"dm-{user_id}"


def announce(db: Database, at: datetime, heard: Heard | None = None) -> list[tuple[str, str]]:
    heard = heard or Heard()
    channel: Any = heard
    now = at.replace(tzinfo=UTC)
    announcer = Announcer(db=db, channel=channel, key=lambda: b"key", now=lambda: now)
    list(announcer.announce(time_is_short=lambda: False))
    return list(heard.said)


# -- who is in -------------------------------------------------------------------------------------------------------


def test_each_has_one_word_a_day_and_the_latest_counts(db: Database) -> None:
    avail_set(ask(db, "avail set", status="yes", begins="20:30"))
    avail_set(ask(db, "avail set", status="no", user="43", name="kitty"))
    avail_set(ask(db, "avail set", status="maybe", user="43", name="kitty"))
    avail_set(ask(db, "avail set", status="yes", day="tomorrow"))
    told = shown(avail_show(ask(db, "avail show")))
    assert "**1** in" in told
    assert "mittens (20:30)" in told
    assert "kitty" in told
    assert "Thu 26 Nov 2026** ✅ 1 ❔ 1" in told
    assert "Fri 27 Nov 2026 ✅ 1" in told
    assert "❌" not in told.replace("❌ Out", "")


def test_what_was_said_is_said_back_with_a_time_only_where_there_is_one(db: Database) -> None:
    assert avail_set(ask(db, "avail set", status="yes")).content == "✅ You are in on Thu 26 Nov 2026."
    with_time = avail_set(ask(db, "avail set", status="late", begins="21:00")).content
    assert with_time == "🕘 You come late on Thu 26 Nov 2026, from 21:00 on."


def test_a_press_says_so_on_the_board_itself_and_keeps_the_time(db: Database) -> None:
    avail_set(ask(db, "avail set", status="yes", begins="20:30"))
    board = avail_answer(ask(db, "avail answer", day="2026-11-26", status="late"))
    assert "mittens (20:30)" in shown(board)
    assert [one.press.options[1][1] for one in buttons(board)] == ["yes", "late", "maybe", "no"]


def test_another_server_sees_nothing_of_it(db: Database) -> None:
    avail_set(ask(db, "avail set", status="yes"))
    assert "mittens" not in shown(avail_show(ask(db, "avail show", guild="8")))


@pytest.mark.parametrize(
    ("options", "key"),
    [({"day": "someday"}, "avail.no_day"), ({"day": "2026-11-20"}, "avail.other_day"),
     ({"day": "2027-11-20"}, "avail.other_day"), ({"begins": "late"}, "avail.no_time"),
     ({"guild": ""}, "avail.in_a_server")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(db: Database, options: dict[str, str], key: str) -> None:
    with pytest.raises(Refusal) as refused:
        avail_set(ask(db, "avail set", status="yes", **options))
    assert refused.value.key == key
    assert db.values("select count(*) from availability") == [0]


def test_buttons_for_everybody_change_the_message_for_all_and_others_open_a_copy() -> None:
    key = key_from("a bot's token")
    [yes, *_] = [one.press for one in buttons(poll_message())]
    pressed = _pressing(seal(yes, key=key, user_id="42", now_ms=asked("x").at_ms), user="43")
    assert task_for(pressed, lambda: key).place is Place.IN_PLACE
    own = replace(yes, command="avail show", options=())
    pressed = _pressing(seal(own, key=key, user_id="42", now_ms=asked("x").at_ms), user="43")
    assert task_for(pressed, lambda: key).place is Place.PRIVATE


def poll_message() -> Message:
    about = Poll(
        poll_id=1, guild_id="7", channel_id="8", asked_by="42", question="?", answers=("a", "b"), votes=(0, 0),
        language="en", opened_at=THURSDAY.replace(tzinfo=UTC), closes_at=THURSDAY.replace(tzinfo=UTC),
    )  # fmt: skip
    return poll_card.card(words_for("en"), about, now=THURSDAY.replace(tzinfo=UTC) - timedelta(hours=1))


def _pressing(custom_id: str, *, user: str) -> Asked:
    told = asked("", kind=Kind.COMPONENT, user=user)
    return replace(told, custom_id=custom_id, pressed_on=PressedOn(user_id="42", private=False))


# -- polls -----------------------------------------------------------------------------------------------------------


def test_one_vote_each_that_can_be_changed_until_it_closes_by_itself(db: Database) -> None:
    number = _opened(db)
    _vote(db, number, 0, "42")
    _vote(db, number, 0, "43")
    assert "**2** · 67% · Goldrush" in _vote(db, number, 1, "44") + _vote(db, number, 1, "43")
    late = _vote(db, number, 0, "45", after=timedelta(hours=2))
    assert "Closed" in late
    assert "**1** · 33% · Supply" in late


def _opened(db: Database) -> str:
    opened = posted(ask(db, "poll", question="Which map?", answer1="Supply", answer2="Goldrush", hours=2))
    return dict(buttons(opened)[0].press.options)["poll"]


def _vote(db: Database, number: str, answer: int, user: str, *, after: timedelta = timedelta(), on: str = "") -> str:
    asking = ask(db, "polls vote", at=THURSDAY + after, user=user, poll=number, answer=answer)
    pressed = replace(asking.asked, pressed_on=PressedOn(user_id="42", private=False, id=on))
    return shown(vote_poll(replace(asking, asked=pressed)))


OVER = THURSDAY + timedelta(minutes=121)


def test_a_polls_own_message_becomes_how_it_ended_and_one_line_leads_there(db: Database) -> None:
    _vote(db, _opened(db), 1, "43", on="900")
    assert announce(db, THURSDAY + timedelta(minutes=119)) == []
    heard = Heard()
    [(channel, line)] = announce(db, OVER, heard)
    assert (channel, "\n" in line) == ("8", False)
    assert "[Which map?](https://discord.com/channels/7/8/900): Most votes: **Goldrush**." in line
    [(edited, message)] = heard.edited
    assert (edited, message.rows) == ("900", ())
    assert "Most votes: **Goldrush**." in shown(message) and "**1** · 100% · Goldrush" in shown(message)
    assert announce(db, OVER + timedelta(hours=1), heard) == [(channel, line)]


def test_a_line_that_was_not_heard_of_is_told_once_however_often_the_edit_is_repeated(db: Database) -> None:
    _vote(db, _opened(db), 1, "43", on="900")
    heard = Heard(faults=[DiscordUnavailable("away", was_taken=False)])
    assert announce(db, OVER, heard) == []
    assert len(announce(db, OVER + timedelta(minutes=5), heard)) == 1
    assert [message_id for message_id, _ in heard.edited] == ["900", "900"]


def test_a_poll_nobody_voted_in_is_closed_without_a_word(db: Database) -> None:
    _opened(db)
    heard = Heard(found="901")
    assert announce(db, OVER, heard) == []
    [(edited, message)] = heard.edited
    assert edited == "901" and "Nobody voted" in shown(message)


def test_a_poll_whose_message_is_not_found_is_told_in_full(db: Database) -> None:
    _vote(db, _opened(db), 1, "43")
    [(_, said)] = announce(db, OVER)
    assert "**1** · 100% · Goldrush" in said


def test_a_repeated_question_is_one_poll(db: Database) -> None:
    again = ask(db, "poll", question="?", answer1="a", answer2="b")
    assert buttons(posted(again)) == buttons(posted(again))
    assert db.values("select count(*) from outbox where kind = 'poll'") == [1]


def test_what_a_poll_lacks_is_asked_for_in_a_form_that_holds_what_was_typed(db: Database) -> None:
    form = poll(ask(db, "poll", question="Which map?", answer2="Supply", hours=2))
    assert isinstance(form, Form)
    assert form.press == Press(command="poll", options=(("hours", "2"),), beside=Beside.FOR_ALL)
    assert [(one.name, one.value) for one in form.fields] == [("question", "Which map?"), ("answers", "Supply")]
    told = shown(_sent_off(db, "Which map?", "Supply\n\n  Goldrush \nSupply", hours=2))
    assert "Which map?" in told and told.index("Supply") < told.index("Goldrush")
    assert told.count("Supply") == 1
    assert db.values("select extract(epoch from closes_at - opened_at) from poll") == [2 * 3600]


def test_a_form_that_says_too_little_or_too_much_is_refused(db: Database) -> None:
    for asked_for, answers, key in (
        ("?", "a\na", "poll.too_few"),
        (" ", "a\nb", "poll.too_few"),
        ("?", "a\nb\nc\nd\ne\nf\ng", "poll.too_many"),
    ):
        with pytest.raises(Refusal) as refused:
            _sent_off(db, asked_for, answers)
        assert refused.value.key == key
    assert db.values("select count(*) from poll") == [0]


def _sent_off(db: Database, question: str, answers: str, **options: Any) -> Message:
    asking = ask(db, "poll", question=question, answers=answers, **options)
    return posted(replace(asking, asked=replace(asking.asked, kind=Kind.MODAL)))


def posted(asking: Question) -> Message:
    made = poll(asking)
    assert isinstance(made, Message)
    return made


def test_strange_polls_are_refused(db: Database) -> None:
    opened = posted(ask(db, "poll", question="?", answer1="a", answer2="b"))
    number = dict(buttons(opened)[0].press.options)["poll"]
    with pytest.raises(Refusal):
        vote_poll(ask(db, "polls vote", guild="8", poll=number, answer=0))
    vote_poll(ask(db, "polls vote", poll=number, answer=5))
    assert "0 votes" in vote_poll(ask(db, "polls vote", poll=number, answer=5)).embeds[0].footer


# -- reminders -------------------------------------------------------------------------------------------------------


def test_it_is_said_once_at_the_time_of_ones_own_clock(db: Database) -> None:
    remind_set(ask(db, "remind set", when="tomorrow 20:30", text="Match!", zone="America/New_York"))
    remind_set(ask(db, "remind set", when="in 5 min", text="@everyone", where="here"))
    assert [text for _, text in announce(db, THURSDAY + timedelta(minutes=4))] == []
    [(place, said)] = announce(db, THURSDAY + timedelta(minutes=6))
    assert (place, "@\u200beveryone" in said) == ("8", True)
    due = datetime(2026, 11, 28, 1, 30)  # 20:30 on Friday in New York
    assert announce(db, due - timedelta(minutes=1)) == []
    [(place, said)] = announce(db, due)
    assert (place, "Match!" in said) == ("dm-42", True)
    assert announce(db, due + timedelta(days=1)) == []
    noted = remind_set(ask(db, "remind set", when="23:00", text="the zone is remembered"))
    assert "America/New\\_York" in noted.content


def test_what_was_taken_back_is_not_said(db: Database) -> None:
    remind_set(ask(db, "remind set", when="in 5 min", text="one"))
    remind_set(ask(db, "remind set", when="in 6 min", text="two"))
    first, _ = buttons(remind_list(ask(db, "remind list")))
    stranger = ask(db, "remind cancel", user="43", **dict(first.press.options))
    remind_cancel(stranger)
    left = remind_cancel(ask(db, "remind cancel", **dict(first.press.options)))
    assert len(buttons(left)) == 1
    assert [text.rpartition("> ")[2] for _, text in announce(db, THURSDAY + timedelta(hours=1))] == ["two"]


@pytest.mark.parametrize(
    ("options", "key"),
    [({"when": "soon"}, "remind.no_time"), ({"when": "in 2h", "zone": "Europe/Atlantis"}, "remind.no_zone"),
     ({"when": "in 2h", "zone": "../../etc/passwd"}, "remind.no_zone")],
)  # fmt: skip
def test_no_reminder_for_no_time(db: Database, options: dict[str, str], key: str) -> None:
    with pytest.raises(Refusal) as refused:
        remind_set(ask(db, "remind set", text="x", **options))
    assert refused.value.key == key


# -- teams and votes -------------------------------------------------------------------------------------------------

PLAYERS = ("AAAA0001", "AAAA0002", "BBBB0001", "BBBB0002")


@pytest.fixture
def played(db: Database) -> Database:
    """One map of two against two."""
    for name, content in a_match():
        store(db, server="eu1", name=name, content=content, channel_id="", now=EVENING.replace(tzinfo=UTC))
    return db


def names(db: Database) -> list[str]:
    return db.values("select name from player order by guid")


def test_teams_are_made_shown_chosen_and_kept(played: Database) -> None:
    typed = ", ".join(names(played))
    apart = " & ".join(names(played)[:2])
    made = teams_balance(ask(played, "teams balance", players=typed, apart=apart))
    assert len(made.embeds[0].fields) == 2  # of three splits one is against the wish
    with pytest.raises(Refusal):
        teams_show(ask(played, "teams show"))
    press = buttons(made)[0].press
    chosen = teams_use(ask(played, "teams use", user="43", **dict(press.options)))
    assert [one.name for one in chosen.embeds[0].fields] == ["Team A", "Team B"]
    assert shown(teams_show(ask(played, "teams show"))) == shown(chosen)
    with pytest.raises(Refusal):
        teams_show(ask(played, "teams show", guild="8"))


def test_strengths_are_those_from_before_the_evening(corpus_db: Database) -> None:
    games = corpus_db.values(
        """select json_build_object('session', session_id, 'a', r1_attackers, 'b', r1_defenders, 'winner', winner)
           from match join session using (session_id) where winner <> 'draw' order by first_at desc, position desc"""
    )
    expected = []
    for game in games:
        before = [_before(corpus_db, guid, game["session"]) for guid in (*game["a"], *game["b"])]
        if any(one.dpm is not None for one in before):
            strength = strengths(before)
            share = sum(strength[: len(game["a"])]) / sum(strength)
            expected.append((round(share, 9), game["winner"] == "r1_attackers"))
    found = [(round(one.share, 9), one.won) for one in played_maps(corpus_db)]
    assert len(found) > 50 and sorted(found) == sorted(expected)


def _before(db: Database, guid: str, session: int) -> Candidate:
    """His usual, row by row."""
    rows = db.values(
        """select array[rounds, played_s, damage_given] from player_session where guid = :guid
               and last_at < (select first_at from session where session_id = :session)
           order by last_at desc limit :most""",
        most=SESSIONS,
        guid=guid,
        session=session,
    )
    known = [(played, damage) for _, played, damage in rows if played and damage is not None]
    dpm = 60 * sum(damage for _, damage in known) / sum(played for played, _ in known) if known else None
    return Candidate(key=guid, name=guid, dpm=dpm, rounds=sum(rounds for rounds, *_ in rows))


def test_chances_are_told_with_what_they_rest_on(played: Database) -> None:
    typed = ", ".join(names(played))
    assert "wins" not in shown(teams_balance(ask(played, "teams balance", players=typed)))
    played.run("update roster set steepness = 6, maps = 60")
    played.run("update roster set chosen = 1, chosen_at = now()")
    few = shown(teams_show(ask(played, "teams show")))
    assert "A wins 50%" in few and "the last 60" in few and "Few yet" in few
    played.run("update roster set steepness = 0, maps = 200")
    none = shown(teams_show(ask(played, "teams show")))
    assert "A wins" not in none and "did not win more often" in none and "Few yet" not in none


def test_nobody_typed_it_is_who_said_to_be_in_today_strangers_too(played: Database) -> None:
    played.run("insert into person_link (user_id, guid, proven_by) values ('42', 'AAAA0001', 'code')")
    for user, status in (("42", "yes"), ("43", "late"), ("44", "no")):
        avail_set(ask(played, "avail set", status=status, user=user, name=f"discord {user}"))
    told = shown(teams_balance(ask(played, "teams balance")))
    assert names(played)[0] in told
    assert "discord 43" in told
    assert "discord 44" not in told
    assert "–" in told  # nothing is known of a stranger


@pytest.mark.parametrize(
    ("options", "key"),
    [({}, "teams.nobody_in"), ({"players": "nobody at all"}, "refusal.unknown_player"),
     ({"players": "#AAAA0001"}, "teams.how_many"),
     ({"players": "#AAAA0001,#AAAA0002", "together": "#AAAA0001 & #AAAA0002"}, "teams.impossible"),
     ({"players": "#AAAA0001,#AAAA0002", "apart": "just one"}, "teams.no_pair"),
     ({"players": "#AAAA0001,#AAAA0002", "apart": "#AAAA0001 & #BBBB0001"}, "teams.not_in")],
)  # fmt: skip
def test_teams_that_cannot_be_made(played: Database, options: dict[str, str], key: str) -> None:
    with pytest.raises(Refusal) as refused:
        teams_balance(ask(played, "teams balance", **options))
    assert refused.value.key == key


def test_only_who_played_votes_and_not_for_himself(played: Database) -> None:
    evening = EVENING + timedelta(hours=2)
    shown_at = mvp(ask(played, "mvp", at=evening))
    menu = shown_at.rows[0][0]
    assert isinstance(menu, Menu)
    assert {one.value for one in menu.choices} == {f"#{guid}" for guid in PLAYERS}
    when = dict(menu.press.options)["when"]

    def vote(user: str, me: str | None, player: str, at: datetime = evening) -> str:
        asking = ask(played, "mvps vote", at=at, user=user, me=me, when=when, player=f"#{player}")
        message = vote_mvp_for(asking)
        return shown(message) + message.embeds[0].footer

    for me, player, key in ((None, "AAAA0001", "not_linked"), ("CCCC0001", "AAAA0001", "not_played"),
                            ("AAAA0001", "AAAA0001", "not_oneself"), ("AAAA0001", "CCCC0001", "not_one")):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            vote("42", me, player)
        assert refused.value.key == f"mvp.{key}"
    vote("42", "AAAA0001", "BBBB0001")
    vote("43", "AAAA0002", "BBBB0001")
    assert "2 votes" in vote("42", "AAAA0001", "BBBB0002")
    over = vote("43", "AAAA0002", "AAAA0001", EVENING + timedelta(hours=40))
    assert "The vote is over." in over
    assert "By the figures" in over
    assert "can be changed" not in over
    assert "2 votes" in over


# -- everybody's own -------------------------------------------------------------------------------------------------


def test_who_is_forgotten_is_in_no_table_that_knows_users(played: Database) -> None:
    avail_set(ask(played, "avail set", status="yes"))
    opened = posted(ask(played, "poll", question="?", answer1="a", answer2="b"))
    vote_poll(ask(played, "polls vote", **dict(buttons(opened)[0].press.options)))
    remind_set(ask(played, "remind set", when="in 2h", text="x"))
    teams_balance(ask(played, "teams balance", players="#AAAA0001,#AAAA0002"))
    played.run("insert into mvp_vote values (1, '42', 'AAAA0001', now())")
    knowing = played.values(
        """select table_name || '.' || column_name from information_schema.columns
           where table_schema = 'public' and column_name in ('user_id', 'voucher_id', 'asked_by')"""
    )

    def about() -> dict[str, int]:
        counted = {
            one: played.values(f"select count(*) from {one.partition('.')[0]} where {one} = '42'")[0] for one in knowing
        }
        return {one: number for one, number in counted.items() if number}

    assert len(about()) >= 6
    forget_account(played, "42")
    assert about() == {}


def test_boards_stay_in_the_servers_language_whoever_presses(db: Database) -> None:
    told = ask(db, "avail answer", day="2026-11-26", status="yes")
    german = replace(told, guild=GuildSettings(language="de"))
    assert avail_answer(german).embeds[0].title.startswith("Wer ist dabei")
