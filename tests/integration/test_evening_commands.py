"""/last, /session, /score, /awards and /rounds over stored files: from what came in to what people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etstats.commands.awards import awards
from etstats.commands.evening import answers
from etstats.commands.last import last
from etstats.commands.registry import Answers
from etstats.commands.rounds import rounds
from etstats.commands.score import score
from etstats.commands.session import session
from etstats.domain.correction import NameTeams, VoidRound
from etstats.domain.when import session_mark
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage import ledger
from etstats.storage.database import Database
from etstats.usecases import correct
from etstats.usecases.store_round import store
from tests.builders import buttons, question
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name, an_endstats
from tests.shown import table_lines, texts

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
# two maps, and a second round whose first is missing
EVENING_FILES = [
    *a_match(),
    *a_match(minute=25, map="adler"),
    (a_name(map="te_escape2", number=2, minute=40), a_file(a_header(map="te_escape2", number=2), [a_line(counter=1)])),
]


def deliver(db: Database, files: Sequence[tuple[str, bytes]]) -> None:
    for name, content in files:
        store(db, server="eu1", name=name, content=content, channel_id="", now=NOW)


def ask(db: Database, command: Any, *, at: Any = NOW + timedelta(hours=2), **options: Any) -> Message:
    told = command(question(db, command.__name__, at=at, **options))
    assert isinstance(told, Message)
    return told


@pytest.mark.parametrize("command", [last, session, score, awards, rounds])
def test_with_nothing_stored_there_is_a_sentence(db: Database, command: Any) -> None:
    with pytest.raises(Refusal, match="no_data"):
        command(question(db))


def test_the_last_session_is_the_one_asked_for_by_its_day(db: Database) -> None:
    deliver(db, EVENING_FILES)
    deliver(db, a_match(minute=24 * 60, map="radar"))
    assert "radar" in texts(ask(db, last))
    earlier = texts(ask(db, session, when="2026-03-06"))
    assert "## A 4 : 0 B" in earlier
    assert "radar" not in earlier


def test_the_overview_tells_what_does_not_count(db: Database) -> None:
    deliver(db, EVENING_FILES)
    told = texts(ask(db, last))
    assert "4 of 5 rounds counted" in told
    assert "te\\_escape2 R2 · its first round is missing" in told
    assert "te\\_escape2 R2 · ihre erste Runde fehlt" in texts(ask(db, last, locale="de"))


def test_a_headline_compares_with_the_sessions_before(db: Database) -> None:
    for day in (0, 1, 2):
        deliver(db, a_match(minute=day * 24 * 60))
    first, second = a_match(minute=3 * 24 * 60)
    # the first of team A gives twice his usual damage
    second = (second[0], second[1].replace(b"2200", b"4400"))
    deliver(db, [first, second])
    # 4400 in 16 minutes against 2200
    assert "▲ **AAAA0001** 275 DPM, 100% above the usual 138 (3 sessions) · better than in any of them" in texts(
        ask(db, last)
    )


def test_teams_are_named_and_a_voided_round_is_quoted(db: Database) -> None:
    deliver(db, EVENING_FILES)
    named = NameTeams(server="eu1", file=EVENING_FILES[0][0], attackers="Foxes", defenders="Wolves")
    correct.make(db, named, by="lead", reason="they said so", now=NOW)
    void = VoidRound(server="eu1", file=EVENING_FILES[3][0])
    correct.make(db, void, by="lead", reason="server *lag*", now=NOW)
    message = ask(db, score)
    told = texts(message)
    assert "## Foxes 2 : 0 Wolves" in told
    assert "Team A · Foxes" in told
    assert "adler R2 · voided: server \\*lag\\*" in told
    assert list(table_lines(message))[1] == "   A 8:00 → B held"


def test_awards_of_the_game_are_counted_over_the_evening(db: Database) -> None:
    deliver(db, EVENING_FILES)
    winners = ("AAAA0001", "BBBB0001", "AAAA0001")
    for (name, _), winner in zip(EVENING_FILES, winners, strict=False):
        deliver(db, [(name.replace(".txt", "-endstats.txt"), an_endstats([("Most deaths", winner, "9")]))])
    assert "Most deaths: **AAAA0001** 2 of 3 · BBBB0001 1" in texts(ask(db, awards))
    assert "Most deaths: **AAAA0001** 2 of 3 · BBBB0001 1" in texts(ask(db, session, view="awards"))


def test_every_way_from_a_card_keeps_the_evening(db: Database) -> None:
    deliver(db, EVENING_FILES)
    [number] = db.values("select session_id from session")
    for command in (last, score, awards, rounds):
        ways = [button.press for button in buttons(ask(db, command)) if button.press.command != "rounds"]
        assert ways
        assert {dict(press.options)["when"] for press in ways} == {session_mark(number)}


# --- rounds


def test_every_round_has_the_receipts_of_its_files(db: Database) -> None:
    deliver(db, EVENING_FILES)
    name = EVENING_FILES[0][0].replace(".txt", "-endstats.txt")
    deliver(db, [(name, an_endstats([("Most deaths", "AAAA0001", "9")]))])
    fields = [(field.name, field.value) for field in ask(db, rounds).embeds[0].fields]
    assert [name for name, _ in fields][:2] == ["21:00 · supply R1 · done 8:00", "21:10 · supply R2 · held 8:00"]
    assert "✔ stats: seen" in fields[0][1]
    assert "✔ endstats: seen" in fields[0][1]
    assert "✖ endstats: has not come" in fields[1][1]
    assert "Does not count: its first round is missing" in fields[4][1]
    assert "✖ the first round's file has not come" in fields[4][1]


def test_nothing_is_missed_before_its_time(db: Database) -> None:
    deliver(db, EVENING_FILES)
    assert "has not come" not in texts(ask(db, rounds, at=NOW + timedelta(minutes=9)))


def test_files_of_the_evening_that_belong_to_no_round_are_listed(db: Database) -> None:
    deliver(db, EVENING_FILES[:2])
    torn, other = a_name(minute=5).replace(".txt", "-endstats.txt"), a_name(minute=10).replace(".txt", "_ws.txt")
    deliver(db, [(torn, b"nothing of the kind\n"), (other, b"1 2 3\n")])
    waiting = a_name(map="radar", minute=20)
    ledger.note_seen(db, "eu1", [ledger.Sighting(name=waiting, size=9, mtime=9)], now=NOW)
    loose = ask(db, rounds).embeds[0].fields[-1]
    assert loose.name == "Files that belong to no round"
    lines = [line for line in loose.value.split("\n") if line]
    assert len(lines) == 3
    assert any(line.startswith("✖") and "endstats" in line for line in lines)
    assert any("kept, but it is no part of the figures" in line for line in lines)
    assert any("radar" in line and "fetched as soon as it is complete" in line for line in lines)


def test_rounds_on_a_map_come_from_all_sessions_the_latest_first(db: Database) -> None:
    for day in range(4):
        deliver(db, a_match(minute=day * 24 * 60))
    deliver(db, a_match(minute=30, map="adler"))
    void = VoidRound(server="eu1", file=a_match(minute=3 * 24 * 60)[1][0])
    correct.make(db, void, by="lead", reason="lag", now=NOW)
    first = ask(db, rounds, map="supply")
    names = [field.name for field in first.embeds[0].fields]
    assert names[0] == "9 Mar 2026 21:10 · supply R2 · held 8:00"
    assert "Does not count: voided: lag" in first.embeds[0].fields[0].value
    assert len(names) == 6
    back, on = buttons(first)[:2]
    assert (back.disabled, on.disabled) == (True, False)
    second = ask(db, rounds, **dict(on.press.options))
    assert [field.name for field in second.embeds[0].fields][-1] == "6 Mar 2026 21:00 · supply R1 · done 8:00"
    assert len(second.embeds[0].fields) == 2


def test_a_page_beyond_the_last_is_the_first(db: Database) -> None:
    deliver(db, EVENING_FILES)
    assert ask(db, rounds, page=9).embeds[0].fields == ask(db, rounds).embeds[0].fields


def test_rounds_of_a_session_on_one_map(db: Database) -> None:
    deliver(db, EVENING_FILES)
    found = ask(db, rounds, when=f"{EVENING:%Y-%m-%d}", map="adler").embeds[0].fields
    assert [field.name for field in found] == ["21:25 · adler R1 · done 8:00", "21:35 · adler R2 · held 8:00"]


# --- what it takes


class Counting(Database):
    """Counts statements."""

    def __init__(self, db: Database) -> None:
        super().__init__(db._connect)
        self.statements = 0

    def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[Any]], list[str]]:
        self.statements += 1
        return super()._execute(sql, parameters)


@pytest.mark.parametrize("command", [last, session, score, awards, rounds])
def test_a_card_takes_three_statements_at_most(db: Database, command: Any) -> None:
    deliver(db, EVENING_FILES)
    counting = Counting(db)
    ask(counting, command)
    assert counting.statements <= 3
    counting.close()


# --- the picture


def test_the_graphs_come_later_as_a_picture_with_its_figures_in_words(db: Database) -> None:
    deliver(db, EVENING_FILES)
    later = question(db, "session", view="graphs")
    assert answers(later.asked) is Answers.LATER
    assert answers(question(db, "session", view="maps").asked) is Answers.NOW
    message = session(replace(later, render=lambda svg: svg.encode()[:4]))
    assert isinstance(message, Message)
    assert (message.embeds[0].image, message.files[0].content) == (message.files[0].name, b"<svg")
    # A attacked first: 1900 against 2100 in 16 minutes, then 1800 against 2200
    assert "supply             A   119:131   112:138" in list(table_lines(message))
    assert "supply (A) 119 : 131, 112 : 138" in message.files[0].description


def test_without_a_complete_map_there_is_nothing_to_draw(db: Database) -> None:
    deliver(db, EVENING_FILES[:1])
    message = ask(db, session, view="graphs")
    assert (message.embeds[0].image, message.files) == ("", ())
    assert "there is no score" in texts(message)
