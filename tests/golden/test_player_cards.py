"""What the cards about players say of the real corpus: picked out of the replies, held against the verified truth."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from etstats.commands.compare import compare
from etstats.commands.form import form
from etstats.commands.leaderboard import leaderboard
from etstats.commands.maps import maps
from etstats.commands.records import show_records
from etstats.commands.stats import stats
from etstats.domain.record import RecordFigure
from etstats.interactions.reply import Message
from etstats.storage.database import Database
from etstats.words import LANGUAGES
from tests.builders import question
from tests.corpus import needs_corpus, true_sessions
from tests.shown import assert_acceptable, table_lines, texts

pytestmark = needs_corpus

AT = datetime(2025, 12, 20, 12, 0)
SUMMED = (
    *("rounds", "kills", "deaths", "damage_given", "played_s", "gun_hits", "gun_shots", "gun_headshot_hits"),
    *("gibs", "kill_assists", "times_revived", "useful_kills", "self_kills", "xp", "team_damage_given"),
)


@dataclass(slots=True)
class Career:
    """A player's sums over the true sessions, and his lines in them, latest first."""

    sums: Counter[str] = field(default_factory=Counter)
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def dpm(self) -> float:
        return 60 * self.sums["damage_given"] / self.sums["played_s"]

    @property
    def kd(self) -> float:
        return self.sums["kills"] / max(self.sums["deaths"], 1)

    @property
    def accuracy(self) -> float:
        return 100 * self.sums["gun_hits"] / self.sums["gun_shots"]

    @property
    def headshots(self) -> float:
        return 100 * self.sums["gun_headshot_hits"] / self.sums["gun_hits"]

    @property
    def useful(self) -> float:
        return 100 * self.sums["useful_kills"] / self.sums["kills"]


@cache
def _careers() -> dict[str, Career]:
    found: dict[str, Career] = defaultdict(Career)
    for session in reversed(true_sessions()):
        for line in session["players"]:
            found[line["guid"]].sums.update({name: line.get(name, 0) for name in SUMMED})
            found[line["guid"]].lines.append(line)
    return dict(found)


def _known() -> dict[str, Career]:
    """But for the one whose only line is damaged: of him little is known."""
    found = {guid: one for guid, one in _careers().items() if all("played_s" in line for line in one.lines)}
    assert len(_careers()) - len(found) == 1
    return found


def _number(text: str) -> float:
    """33.2k, 1,567, 41.6%."""
    bare = text.replace(",", "").rstrip("%")
    return 1_000 * float(bare[:-1]) if bare.endswith("k") else float(bare)


def _profile(db: Database, guid: str) -> dict[str, list[str]]:
    """Label → value, rank, n."""
    lines = table_lines(stats(question(db, at=AT, player=f"#{guid}")))
    return {line[:13].strip(): line[13:].split() for line in lines if line[:13].strip()}


def test_the_figures_of_every_profile_are_true(corpus_db: Database) -> None:
    for guid, career in _known().items():
        rows, sums = _profile(corpus_db, guid), career.sums
        for label, whole in (
            ("Kills", "kills"), ("Assists", "kill_assists"), ("Gibs", "gibs"), ("Revived", "times_revived"),
        ):  # fmt: skip
            assert _number(rows[label][0]) == sums[whole], (guid, label)
        for label, figure in (("Damage/min", career.dpm), ("K/D", career.kd)):
            assert _number(rows[label][0]) == pytest.approx(figure, abs=0.051), (guid, label)
        for label, figure in (
            ("Accuracy", career.accuracy), ("Headshots", career.headshots), ("Useful kills", career.useful),
        ):  # fmt: skip
            assert _number(rows[label][0]) == pytest.approx(figure, abs=0.051), (guid, label)
        assert _number(rows["Damage/min"][-1]) == sums["rounds"]
        assert _number(rows["Best spree"][0]) == max(line["max_killing_spree"] for line in career.lines)
        assert _number(rows["Accuracy"][-1]) == pytest.approx(sums["gun_shots"], rel=0.06)


def test_a_profile_begins_with_the_true_form(corpus_db: Database) -> None:
    for guid, career in _known().items():
        first = stats(question(corpus_db, at=AT, player=f"#{guid}")).embeds[0].description.split("\n")[0]
        latest, *before = career.lines[:11]
        told = [float(number) for number in re.findall(r"(\d+\.\d)(?!\d*%)", first)]
        usual = [60 * _sum(before, "damage_given") / _sum(before, "played_s")] if before else []
        assert told == pytest.approx([latest["dpm"], *usual], abs=0.051), (guid, first)


def _sum(lines: Sequence[dict[str, Any]], name: str) -> int:
    return sum(line[name] for line in lines)


def _board(db: Database, stat: str) -> Iterator[tuple[float, float]]:
    """Value and n of everybody who is listed, page by page."""
    page, pages = 1, 1
    while page <= pages:
        message = leaderboard(question(db, at=AT, stat=stat, page=page))
        found = re.search(r"page (\d+) of (\d+)", message.embeds[0].footer)
        assert found is not None
        assert int(found[1]) == page
        pages = int(found[2])
        for line in list(table_lines(message))[1:]:
            yield _number(line[21:30].strip()), _number(line[30:].strip())
        page += 1


@pytest.mark.parametrize("stat", ["dpm", "kd", "accuracy", "headshots", "useful", "kills", "gibs", "games"])
def test_every_leaderboard_is_true(corpus_db: Database, stat: str) -> None:
    careers = list(_careers().values())
    most = max(one.sums["rounds"] for one in careers)
    values: dict[str, Callable[[Career], tuple[float, float]]] = {
        "dpm": lambda one: (one.dpm, one.sums["rounds"]), "kd": lambda one: (one.kd, one.sums["rounds"]),
        "accuracy": lambda one: (one.accuracy, one.sums["gun_shots"]),
        "headshots": lambda one: (one.headshots, one.sums["gun_hits"]),
        "useful": lambda one: (one.useful, one.sums["kills"]),
        "kills": lambda one: (one.sums["kills"], one.sums["rounds"]),
        "gibs": lambda one: (one.sums["gibs"], one.sums["rounds"]),
        "games": lambda one: (one.sums["rounds"], one.sums["rounds"]),
    }  # fmt: skip
    # 51 rounds for a rate, 11 for a sum, one for attendance: or a quarter of what the keenest has
    bar = {"games": 1, "kills": 11, "gibs": 11}.get(stat, 51)
    enough = [one for one in careers if one.sums["rounds"] >= min(bar, -(-most // 4))]
    expected = sorted((values[stat](one) for one in enough), key=lambda pair: -pair[0])
    found = list(_board(corpus_db, stat))
    assert [value for value, _ in found] == pytest.approx([value for value, _ in expected], abs=0.051)
    assert sorted(n for _, n in found) == sorted(n for _, n in expected)


@pytest.mark.parametrize(
    ("metric", "figure"),
    [
        ("dpm", "dpm"),
        ("kd", "kd"),
        ("accuracy", "accuracy_gun_pct"),
        ("headshots", "headshot_pct"),
        ("survival", "alive_pct"),
    ],
)
def test_the_form_lists_every_true_session(corpus_db: Database, metric: str, figure: str) -> None:
    for guid, career in _known().items():
        message = form(question(corpus_db, at=AT, player=f"#{guid}", metric=metric))
        rows = [line.split() for line in table_lines(message) if line.startswith("2")]
        assert [int(row[1]) for row in rows] == [line["rounds"] for line in career.lines[:11]]
        told = [0.0 if row[2] == "–" else _number(row[2]) for row in rows]  # nothing to divide by: no figure
        assert told == pytest.approx([line[figure] for line in career.lines[:11]], abs=0.21), guid


def _met(first: str, second: str) -> tuple[Counter[str], Counter[str]]:
    """How the first fared on the maps both played: together, and against each other."""
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for played in (one for session in true_sessions() for one in session["maps"]):
        stood = {guid: guid in played["r1_attackers"] for guid in (*played["r1_attackers"], *played["r1_defenders"])}
        if first in stood and second in stood:
            won = (played["winner"] == "r1_attackers") == stood[first]
            outcome = "drawn" if played["winner"] == "draw" else "won" if won else "lost"
            found[stood[first] != stood[second]][outcome] += 1
    return found


def test_comparisons_are_true(corpus_db: Database) -> None:
    careers = _careers()
    regulars = sorted(careers, key=lambda guid: -careers[guid].sums["rounds"])[:6]
    for first, second in combinations(regulars, 2):
        message = compare(question(corpus_db, at=AT, a=f"#{first}", b=f"#{second}"))
        rows = {line[:14].strip(): line[14:].replace("▸", "").split() for line in table_lines(message)}
        for label, attribute in (
            ("Damage/min", "dpm"),
            ("K/D", "kd"),
            ("Accuracy", "accuracy"),
            ("Headshots", "headshots"),
        ):
            expected = [getattr(careers[guid], attribute) for guid in (first, second)]
            assert [_number(text) for text in rows[label]] == pytest.approx(expected, abs=0.051)
        together, against = _met(first, second)
        fields = [
            re.findall(r"\d+", field.value.replace("**", "").partition("(")[0]) for field in message.embeds[0].fields
        ]
        if together:
            assert [int(text) for text in fields[0][1:]] == [together["won"], together["lost"], together["drawn"]]
        if against:
            score = re.search(r" (\d+) : (\d+) .*?, (\d+) drawn", message.embeds[0].fields[1].value)
            assert score is not None
            assert [int(text) for text in score.groups()] == [against["won"], against["lost"], against["drawn"]]


@pytest.mark.parametrize(
    ("figure", "name"),
    [(RecordFigure.KILLS, "kills"), (RecordFigure.DAMAGE, "damage_given"), (RecordFigure.GIBS, "gibs"),
     (RecordFigure.XP, "xp"), (RecordFigure.HEADSHOTS, "gun_headshot_hits"), (RecordFigure.REVIVED, "times_revived"),
     (RecordFigure.USEFUL, "useful_kills"), (RecordFigure.PLANTED, "dynamites_planted")],
)  # fmt: skip
def test_the_best_of_all_sessions_are_true(corpus_db: Database, figure: RecordFigure, name: str) -> None:
    told = show_records(question(corpus_db, at=AT, scope="session", stat=figure.value)).embeds[0].description
    found = [_number(text) for text in re.findall(r" ([\d,]+)\*\*", told)]
    best = sorted((line.get(name, 0) for session in true_sessions() for line in session["players"]), reverse=True)
    assert found[:3] == best[:3]


def test_every_map_is_played_and_held_as_often_as_in_truth(corpus_db: Database) -> None:
    rounds = [one for session in true_sessions() for one in session["rounds"] if one["counted"]]
    expected = {}
    for map in {one["map"] for one in rounds}:
        there = [one["outcome"] for one in rounds if one["map"] == map]
        expected[map] = (len(there), 100 * there.count("defended") / len([one for one in there if one]))
    lines = list(table_lines(maps(question(corpus_db))))[1:]
    assert len(lines) == len(expected)
    for line in lines:
        shown, (n, held) = line[:14].strip(), line[14:].split()[:2]
        (map,) = (one for one in expected if one == shown or (shown[-1] == "…" and one.startswith(shown[:-1])))
        assert int(n) == expected[map][0]
        assert _number(held) == pytest.approx(expected[map][1], abs=0.51)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_about_every_player_fits(corpus_db: Database, language: str) -> None:
    for guid in _careers():
        who: dict[str, Any] = {"at": AT, "locale": language, "me": guid}
        cards: list[Message] = [command(question(corpus_db, **who)) for command in (stats, form, leaderboard, maps)]
        for message in cards:
            assert_acceptable(message)
            assert "None" not in texts(message)
