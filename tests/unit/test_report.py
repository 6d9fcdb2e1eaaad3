"""A demo's report: what a battle gives to it, and a page that shows it to anybody and runs nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from etstats.cards import demo as card
from etstats.cards.page.report import Told
from etstats.cards.page.report import report as page
from etstats.demo.events import Team
from etstats.domain.demo import Demo, DemoPlayer, Shown
from etstats.domain.highlight import Highlight, Kind, Moment, Part
from etstats.domain.report import Report, read, written
from etstats.greatshot.report import report
from etstats.interactions.reply import answer_json
from etstats.words import words_for
from local.discord_limits import check_answer
from tests.battles import FOE, MATE, ME, a_battle, a_kill, an_objective, stands

NASTY = "</script><img src=x onerror=alert(1)>&\"'`\u202e"


def _report(name: str = "vid") -> Report:
    return report(
        a_battle(
            stands(ME, 10_000, 0, 0),
            stands(FOE, 10_000, 500, 300),
            a_kill(10_100, ME, FOE, attacker_name=name, headshot=True),
            a_kill(20_000, ME, MATE, attacker_name=name),
            a_kill(30_000, -1, ME, attacker_name=None, attacker_team=None, means_name="FALLING"),
            an_objective(40_000, "planted", "the Tank Barrier", Team.AXIS),
        )
    )


def test_a_report_tells_who_fell_where_and_what_counts() -> None:
    told = _report()
    assert [(one.at_ms, one.counts, one.head) for one in told.deaths] == [
        (10_100, True, True), (20_000, False, False), (30_000, False, False),
    ]  # fmt: skip
    assert (told.deaths[0].stood, told.deaths[0].fell) == ((0, 0), (500, 300))
    assert told.deaths[2].stood is None
    assert [(feat.what, feat.team) for feat in told.feats] == [("the Tank Barrier planted", "axis")]
    assert told.zones and told.rounds[0][0] == 0


def test_what_was_written_is_read_and_another_versions_is_not() -> None:
    told = _report(NASTY)
    assert read(written(told)) == told
    assert read(written(told).replace(b'"version":1', b'"version":2')) is None


def _told(name: str) -> Told:
    demo = Demo(
        demo_id=1, guild_id="7", sha256="ab" * 32, kind="tv_84", name=name, size=9, uploaded_by="42",
        received_at=datetime(2026, 3, 10, tzinfo=UTC), state="ready", percent=100, reason=None, map=name, begin_ms=0,
        end_ms=600_000, truncated=True, complete=True, recorder=name, round_id=None, match_score=None,
        match_parts=None, matched_by=None, shown_s=600, shown_whole=True,
    )  # fmt: skip
    highlight = Highlight(
        kind=Kind.MULTI_KILL, client=ME, name=name, team="axis", moments=(Moment(at_ms=10_000, whom=name),),
        weapons=(name,), parts=(Part(name="multi_kill", count=3, points=30),),
    )  # fmt: skip
    shown = Shown(
        demo_id=1, position=1, guid=None, from_ms=6_000, to_ms=15_000, highlight=highlight, map=name,
        demo_kind="tv_84", sha256="ab" * 32, guild_id="7", received_at=demo.received_at, begin_ms=0,
    )  # fmt: skip
    return Told(
        demo=demo, report=_report(name), players=[DemoPlayer(client=ME, name=name, team="axis", kills=1)],
        highlights=[shown], films={1: 'https://bucket.example/film?a=1&b="'}, round=name,
    )  # fmt: skip


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))


def _tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(html)
    return parser.seen


def test_a_name_is_never_html_and_makes_no_other_tags_than_a_plain_one() -> None:
    nasty, plain = (page(words_for("en"), _told(name)).html for name in (NASTY, "vid"))
    assert [tag for tag, _ in _tags(nasty)] == [tag for tag, _ in _tags(plain)]
    assert "<img" not in nasty
    assert NASTY.replace("\u202e", "") not in nasty
    assert "onerror" in nasty  # as a text


def test_a_page_fetches_nothing_and_leads_to_films_alone() -> None:
    made = page(words_for("en"), _told("vid"))
    tags = _tags(made.html)
    assert [attributes["href"] for _, attributes in tags if "href" in attributes] == [
        'https://bucket.example/film?a=1&b="'
    ]
    assert not [attributes for _, attributes in tags if {"src", "style", "onclick"} & set(attributes)]
    (policy,) = [one["content"] for tag, one in tags if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy and policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_moments_beyond_the_best_unfold_and_whom_is_told_once_with_how_often() -> None:
    told = _told("vid")
    shown = told.highlights[0]
    twice = tuple(Moment(at_ms=at_ms, whom=name) for at_ms, name in ((1, "olz"), (2, "carniee"), (3, "olz")))
    many = [
        replace(shown, position=at, highlight=replace(shown.highlight, moments=twice, weapons=("GRENADE_LAUNCHER",)))
        for at in range(1, 11)
    ]
    html = page(words_for("en"), replace(told, highlights=many)).html
    assert "<p>olz ×2, carniee · Grenade</p>" in html
    before, _, unfolding = html.partition("<details><summary>2 more moments</summary>")
    assert (before.count("<li value="), unfolding.count("<li value=")) == (8, 2)


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    html = page(words_for("en"), _told("vid")).html
    (row,) = re.findall(r"<tr><th scope=\"row\">.*?</tr>", html)
    assert re.findall(r"<td>(.*?)</td>", row) == ["1", "0", "1.00", "0", "–", "–"]


def test_an_address_as_long_as_a_role_signs_it_fits_the_answer() -> None:
    url = "https://bucket.example/x?" + "X-Amz-Security-Token=" + "a" * 1_500
    message = answer_json(card.report(words_for("en"), _told("vid").demo, url), lambda _: "x")
    assert check_answer(message) == []
    assert url in str(message)
