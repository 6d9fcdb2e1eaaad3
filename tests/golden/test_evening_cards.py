"""Every real evening as its cards tell it: the figures on them are those of the verified truth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from etstats.cards.session.view import View
from etstats.commands.awards import awards
from etstats.commands.rounds import rounds
from etstats.commands.score import score
from etstats.commands.session import session
from etstats.domain.when import session_mark
from etstats.interactions.reply import Message
from etstats.storage.database import Database
from etstats.words import LANGUAGES
from tests.builders import question
from tests.corpus import needs_corpus, true_sessions
from tests.shown import assert_acceptable, table_lines, texts

pytestmark = needs_corpus

# name, rounds, kills/deaths, damage per minute, accuracy, head hits, revives
_PLAYER = re.compile(r"(?P<name>.{14}) *(\d+) +(\d+)/(\d+) +([\d–]+) +([\d–]+) +([\d–]+) +([\d–]+)")
_MAP = re.compile(r"(?P<map>.{13}) +(?P<a>\d+:\d\d|held|gave up) +(?P<b>\d+:\d\d|held|gave up) (?P<won>[AB]|draw)")


def _evenings() -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(true_sessions()))


def _marks(db: Database) -> list[str]:
    """In the order of the truth."""
    return [session_mark(number) for number in db.values("select session_id from session order by first_at")]


def _ask(db: Database, at: int, command: Any, **options: Any) -> Message:
    told = command(question(db, command.__name__, when=_marks(db)[at], **options))
    assert isinstance(told, Message)
    return told


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _expected(player: dict[str, Any]) -> tuple[str, ...]:
    guns = player["gun_hits"] > 0
    return (
        str(player["rounds"]), str(player["kills"]), str(player["deaths"]), _whole(player["dpm"]),
        _whole(player["accuracy_gun_pct"]) if player["gun_shots"] else "–",
        _whole(player["headshot_pct"]) if guns else "–",
    )  # fmt: skip


def _near(found: tuple[str, ...], expected: tuple[str, ...]) -> bool:
    """The truth has four decimals, so what it rounds to may be one off at a half."""
    return all(
        one == other or (one.isdigit() and other.isdigit() and abs(int(one) - int(other)) <= 1 and at > 2)
        for at, (one, other) in enumerate(zip(found, expected, strict=True))
    )


@pytest.mark.parametrize(("at", "true"), _evenings(), ids=lambda one: one["first"] if isinstance(one, dict) else "")
def test_the_overview_tells_the_true_score_maps_and_players(corpus_db: Database, at: int, true: dict[str, Any]) -> None:
    message = _ask(corpus_db, at, session)
    said = texts(message)
    if true["maps"]:
        assert f"## A {true['score']['A']} : {true['score']['B']} B" in said
    lines = list(table_lines(message))
    assert [one["won"] for line in lines if (one := _MAP.match(line))] == [one["winner_team"] for one in true["maps"]]
    players = [found.groups()[1:7] for line in lines if (found := _PLAYER.fullmatch(line))]
    expected = [_expected(player) for player in true["players"]]
    assert len(players) == len(expected)
    for player in players:
        assert any(_near(player, other) for other in expected), player
    assert all(any(_near(one, other) for one in players) for other in expected)


@pytest.mark.parametrize(("at", "true"), _evenings(), ids=lambda one: one["first"] if isinstance(one, dict) else "")
def test_the_score_tells_the_true_times_of_both_attacks(corpus_db: Database, at: int, true: dict[str, Any]) -> None:
    told = [line for line in table_lines(_ask(corpus_db, at, score)) if "→" in line]
    assert len(told) == len(true["maps"])
    for line, one in zip(told, true["maps"], strict=True):
        first, second = line.split("→")
        for half, outcome, time_s in (
            (first, one["r1_outcome"], one["r1_time_s"]), (second, one["r2_outcome"], one["r2_time_s"]),
        ):  # fmt: skip
            assert (f"{time_s // 60}:{time_s % 60:02}" in half) if outcome == "completed" else (":" not in half)


def _sums(db: Database, at: int, view: View) -> Iterator[list[str]]:
    for line in list(table_lines(_ask(db, at, session, view=view.value)))[1:]:
        yield line.split()


def _told(player: dict[str, Any], name: str) -> str:
    """A longest spree is known where the sprees are: the truth writes 0 for what an old file lacks."""
    return str(player[name]) if name.removeprefix("max_") in player else "–"


@pytest.mark.parametrize(("at", "true"), _evenings(), ids=lambda one: one["first"] if isinstance(one, dict) else "")
def test_the_other_views_tell_the_true_sums(corpus_db: Database, at: int, true: dict[str, Any]) -> None:
    objectives = sorted(tuple(row[-4:]) for row in _sums(corpus_db, at, View.OBJECTIVES))
    names = ("objectives_stolen", "objectives_returned", "dynamites_planted", "dynamites_defused")
    assert objectives == sorted(tuple(_told(player, name) for name in names) for player in true["players"])
    sprees = sorted((row[-6], row[-5], row[-4], row[-1]) for row in _sums(corpus_db, at, View.SPREES))
    names = ("max_killing_spree", "max_death_spree", "multikill_2", "useful_kills")
    assert sprees == sorted(tuple(_told(player, name) for name in names) for player in true["players"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_of_every_evening_fits_discord_and_a_phone(corpus_db: Database, language: str) -> None:
    for mark in _marks(corpus_db):
        asking: dict[str, Any] = {"when": mark, "locale": language}
        for view in View:
            drawing = replace(question(corpus_db, "session", view=view.value, **asking), render=lambda _: b"PNG")
            told = session(drawing)
            assert isinstance(told, Message)
            assert_acceptable(told)
        for command in (score, awards, rounds):
            assert_acceptable(command(question(corpus_db, command.__name__, **asking)))
