"""A demo's report: one page with a timeline to scrub, every kill, every player, the best moments and a heat map.

All of it is HTML already; the script draws the timeline and moves along it. Names are escaped where they are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from etstats.cards.highlight import score, whom
from etstats.cards.page.document import Document, document
from etstats.cards.page.heat import heat_map
from etstats.cards.text import plain
from etstats.domain.demo import Demo, DemoPlayer, Shown
from etstats.domain.report import Death, Feat, Report
from etstats.domain.weapon import means_label
from etstats.words import UNKNOWN, Words

TEAMS = ("axis", "allies")
_BEST = 8  # highlights that are there without unfolding
_UNKNOWN_WEAPON = "NONE"  # in the mod's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that is reported of a demo. *films*: addresses of highlights' films by their positions; *round*: which one it
    shows, in words; '': not known."""

    demo: Demo
    report: Report
    players: Sequence[DemoPlayer]
    highlights: Sequence[Shown]
    films: Mapping[int, str]
    round: str


def report(words: Words, told: Told) -> Document:
    title = plain(told.demo.map or told.demo.name)
    parts = (
        _head(words, told, title),
        _timeline(words, told),
        _section("highlights", words("report.highlights"), _highlights(words, told)),
        _section("players", words("report.players"), _players(words, told)),
        _section("map", words("report.heat_map"), heat_map(words, told.report)),
        _section("feed", words("report.feed"), _feed(words, told.report)),
        f"<footer>{escape(words('report.footer', name=plain(told.demo.name), sha=told.demo.sha256[:12]))}</footer>",
    )
    return document(
        name="report", language=words.language, title=words("report.title", map=title), told=_data(told),
        body="<main>\n" + "\n".join(part for part in parts if part) + "\n</main>",
    )  # fmt: skip


def _data(told: Told) -> dict[str, Any]:
    """What the timeline is drawn from; names are in the page already."""
    report = told.report
    return {
        "begin": report.begin_ms,
        "end": max(report.end_ms, report.begin_ms + 1),
        "rounds": report.rounds,
        "kills": [[one.at_ms, TEAMS.index(one.attacker_team)] for one in _counting(report)],
        "feats": [[one.at_ms, one.team] for one in report.feats],
        "highlights": [[one.position, one.highlight.first_ms, one.highlight.last_ms] for one in told.highlights],
    }


def _counting(report: Report) -> list[Death]:
    return [one for one in report.deaths if one.counts and one.attacker_team in TEAMS]


def _section(name: str, title: str, body: str) -> str:
    return f'<section id="{name}"><h2>{escape(title)}</h2>{body}</section>' if body else ""


def _head(words: Words, told: Told, title: str) -> str:
    one = told.demo
    kills = Counter(kill.attacker_team for kill in _counting(told.report))
    seconds = ((one.end_ms or 0) - (one.begin_ms or 0)) // 1_000
    kind = words(f"demo.kind_{one.kind}", clock=words.clock(seconds), recorder=plain(one.recorder or "TV"))
    lines = [told.round, kind, *([words("demo.truncated")] if one.truncated else [])]
    score = "".join(
        f'<span class="{team}">{escape(words(f"watch.{team}"))} <b>{words.whole(kills[team])}</b></span>'
        for team in TEAMS
    )
    told_lines = "<br>".join(escape(line) for line in lines if line)
    return f'<header><h1>{escape(title)}</h1><p class="score">{score}</p><p class="quiet">{told_lines}</p></header>'


def _timeline(words: Words, told: Told) -> str:
    report = told.report
    longest = max(0, (report.end_ms - report.begin_ms) // 1_000)
    return (
        f'<section id="timeline"><h2>{escape(words("report.timeline"))}</h2>'
        '<div id="drawn"></div>'
        f'<input id="at" type="range" min="0" max="{longest}" value="{longest}" step="1" '
        f'aria-label="{escape(words("report.scrub"))}">'
        '<p class="now"><button id="play" type="button" '
        f'aria-label="{escape(words("report.play"))}">▶</button><output id="clock">{words.clock(longest)}</output>'
        '<span id="running" class="score"></span></p>'
        '<ol id="lately" class="feed"></ol></section>'
    )


def _highlights(words: Words, told: Told) -> str:
    """The best of them; the others unfold."""
    if not told.highlights:
        return ""
    rows = [_highlight(words, told, one) for one in told.highlights]
    more = rows[_BEST:]
    unfold = escape(words("report.more", n=len(more)))
    others = f"<details><summary>{unfold}</summary><ol>{''.join(more)}</ol></details>" if more else ""
    return f"<ol>{''.join(rows[:_BEST])}</ol>{others}"


def _highlight(words: Words, told: Told, shown: Shown) -> str:
    one = shown.highlight
    at = words.clock((one.first_ms - told.report.begin_ms) // 1_000)
    show = escape(words("report.show", at=at))
    weapons = ", ".join(means_label(plain(name)) for name in one.weapons if name != _UNKNOWN_WEAPON)
    film = told.films.get(shown.position)
    watch = f'<a href="{escape(film)}">{escape(words("report.watch"))}</a>' if film else ""
    name = plain(one.name) if one.name else words("highlight.team")
    return (
        f'<li value="{shown.position}"><h3>{escape(words(f"highlight.{one.kind.value}"))} · '
        f"{_name(name, one.team)} <small>{words.whole(one.score)}</small></h3>"
        f"<p>{escape(' · '.join(part for part in (', '.join(whom(one)), weapons) if part))}</p>"
        f'<p class="quiet">{escape(score(words, one))}</p>'
        f'<p class="go"><button type="button" data-to="{one.first_ms}">{show}</button>{watch}</p></li>'
    )


def _name(name: str, team: str) -> str:
    """A player's, marked with his side by colour and shape."""
    side = team if team in TEAMS else "none"
    return f'<span class="{side}">{escape(name)}</span>'


def _players(words: Words, told: Told) -> str:
    heads = ("player", "kills", "deaths", "ratio", "heads", "accuracy", "damage")
    titles = "".join(
        f'<th scope="col"><abbr title="{escape(words(f"report.{head}"))}">{escape(words(f"report.{head}_short"))}'
        "</abbr></th>"
        for head in heads
    )
    rows = "".join(_player(words, one) for one in sorted(told.players, key=_by_team))
    return (
        f'<div class="wide"><table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table></div>' if rows else ""
    )


def _by_team(one: DemoPlayer) -> tuple[int, int, int]:
    return (TEAMS.index(one.team) if one.team in TEAMS else len(TEAMS), -one.kills, one.deaths)


def _player(words: Words, one: DemoPlayer) -> str:
    accuracy = words.percent(one.hits, one.bullets) if one.hits is not None else UNKNOWN
    figures = (
        words.whole(one.kills), words.whole(one.deaths), words.ratio(one.kills, one.deaths), words.whole(one.headshots),
        accuracy, words.whole(one.damage),
    )  # fmt: skip
    cells = "".join(f"<td>{escape(figure)}</td>" for figure in figures)
    return f'<tr><th scope="row">{_name(plain(one.name), one.team)}</th>{cells}</tr>'


def _feed(words: Words, report: Report) -> str:
    happened: list[Death | Feat] = [*report.deaths, *report.feats]
    told = sorted(happened, key=lambda one: one.at_ms)
    rows = "".join(
        f'<li data-at="{one.at_ms}"><time>{words.clock((one.at_ms - report.begin_ms) // 1_000)}</time> '
        f"{_death(words, one) if isinstance(one, Death) else _feat(one)}</li>"
        for one in told
    )
    return f'<ol class="feed">{rows}</ol>' if rows else ""


def _death(words: Words, one: Death) -> str:
    victim = _name(plain(one.victim_name), one.victim_team)
    known = one.weapon != _UNKNOWN_WEAPON
    if one.attacker < 0 or one.attacker == one.victim:
        return f"{victim} <i>{escape(means_label(plain(one.weapon)) if known else words('report.died'))}</i>"
    used = f"<i>{escape(means_label(plain(one.weapon)))}</i>" if known else "<i>▸</i>"
    head = f' <b title="{escape(words("report.heads"))}">◎</b>' if one.head else ""
    mate = "" if one.counts else f" <em>{escape(words('report.team_kill'))}</em>"
    return f"{_name(plain(one.attacker_name), one.attacker_team)} {used}{head} {victim}{mate}"


def _feat(one: Feat) -> str:
    return f'<strong class="{one.team if one.team in TEAMS else "none"}">{escape(plain(one.what))}</strong>'
