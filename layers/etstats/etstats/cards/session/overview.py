"""The evening at a glance: the score, each map, who won it for his team and by what, three headlines, every player."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etstats.cards import evening as told
from etstats.cards.text import escaped, in_table, kills_to_deaths, narrow, table
from etstats.domain.evening import Evening, PlayedLine
from etstats.domain.evening_index import EveningIndex
from etstats.domain.form import Verdict
from etstats.domain.formula import damage_per_minute
from etstats.domain.headline import Headline
from etstats.domain.mvp import Mvp
from etstats.interactions.reply import Embed, Field
from etstats.words import UNKNOWN, Words

_TEAM_LINES = 16
_SIGNS = {Verdict.ABOVE: "▲", Verdict.AROUND: "≈", Verdict.BELOW: "▼"}


def card(
    words: Words,
    evening: Evening,
    mvps: Mapping[str, Mvp],
    headlines: Sequence[Headline],
    index: EveningIndex | None,
) -> Embed:
    """*mvps* by team."""
    session = evening.session
    parts = [told.score(words, evening), _index(words, index), told.maps_by_team(words, evening.maps)]
    fields = [mvp_field(words, evening, mvps), _headlines(words, headlines)]
    fields += [_team(words, evening, team) for team in ("A", "B")]
    fields += [_others(words, evening), *told.lone_rounds(words, evening)]
    return Embed(
        title=told.title(words, session),
        description="\n".join(part for part in parts if part),
        colour=told.colour(session),
        fields=tuple(field for field in fields if field is not None),
        footer=_footer(words, evening),
    )


def _index(words: Words, index: EveningIndex | None) -> str:
    if index is None:
        return ""
    aspects = " · ".join(f"{words(f'session.aspect_{aspect.value}')} {value}" for aspect, value in index.aspects)
    return words("session.index", value=index.value, aspects=aspects)


def mvp_field(words: Words, evening: Evening, mvps: Mapping[str, Mvp]) -> Field | None:
    names = {line.guid: escaped(line.name) for line in evening.lines}
    lines = [_mvp(words, told.team_name(evening.session, team), mvp, names) for team, mvp in mvps.items()]
    return Field(name=words("session.mvp"), value="\n".join(lines)) if lines else None


def _mvp(words: Words, team: str, mvp: Mvp, names: Mapping[str, str]) -> str:
    """A **vid** 0.31, before olz 0.28 · won 16 of 20 rounds · 41% of the team's kills"""
    first = f"{team} **{names.get(mvp.guid, UNKNOWN)}** {words.decimal(mvp.value)}"
    if mvp.runner_up is not None:
        ahead = words(
            "session.mvp_before", name=names.get(mvp.runner_up, UNKNOWN), value=words.decimal(mvp.runner_up_value)
        )
        first = f"{first}, {ahead}"
    rounds = words.count("round", mvp.rounds)
    won = words("session.mvp_won", wins=mvp.wins, rounds=rounds)
    parts = [first, won if mvp.by_wins else words("session.mvp_mean", rounds=rounds)]
    parts += [words(f"session.mvp_{one.part.value}", share=words.percent(one.share, 1)) for one in mvp.stands_out]
    return " · ".join(parts)


def _headlines(words: Words, headlines: Sequence[Headline]) -> Field | None:
    if not headlines:
        return None
    return Field(name=words("session.headlines"), value="\n".join(_headline(words, one) for one in headlines))


def _headline(words: Words, one: Headline) -> str:
    """▲ **vid** 412 DPM, 18% above the usual 349 of 10 sessions · the best of them"""
    text = words(
        f"session.headline_{one.verdict.name.lower()}",
        name=escaped(one.name),
        dpm=words.whole(one.dpm),
        change=words.percent(abs(one.change), 1),
        usual=words.whole(one.usual_dpm),
        sessions=words.count("session", one.sessions),
    )
    best = f" · {words('session.headline_best')}" if one.best and one.verdict is Verdict.ABOVE else ""
    return f"{_SIGNS[one.verdict]} {text}{best}"


def _team(words: Words, evening: Evening, team: str) -> Field | None:
    session = evening.session
    mine = [line for line in evening.lines if line.team == team]
    if not mine:
        return None
    points = words.count("point", session.score_a if team == "A" else session.score_b)
    name = f"{told.team_title(words, session, team)} · {points}"
    return Field(name=name, value=_players(words, mine, evening.short_names))


def _others(words: Words, evening: Evening) -> Field | None:
    lines, short = evening.lines, evening.short_names
    others = [line for line in lines if line.team not in ("A", "B")]
    if not others:
        return None
    name = words("session.players" if len(others) == len(lines) else "session.no_team")
    return Field(name=name, value=_players(words, others, short))


def _players(words: Words, lines: Sequence[PlayedLine], short: Mapping[str, str]) -> str:
    """40 columns: name, rounds, kills/deaths, damage per minute, gun accuracy, headshots, revives."""
    rows = [f"{words('session.player'):14}{'R':>3}{'K/D':>8}{'DPM':>4}{'ACC':>4}{'HS':>3}{'REV':>4}"]
    for line in lines[:_TEAM_LINES]:
        rows.append(
            in_table(short[line.name], 14)
            + narrow(line.rounds, 3)
            + kills_to_deaths(line.kills, line.deaths)
            + narrow(damage_per_minute(line.damage_given, line.played_s), 4)
            + narrow(_percent(line.gun_hits, line.gun_shots), 4)
            + narrow(_percent(line.gun_headshot_hits, line.gun_hits), 3)
            + narrow(line.revives_given, 4)
        )
    return table(rows) + told.more(words, "player", len(lines) - _TEAM_LINES)


def _percent(part: int, of: int) -> float | None:
    return 100 * part / of if of else None


def _footer(words: Words, evening: Evening) -> str:
    if not evening.lines:
        return told.trust(words, evening.rounds)
    known = max((line.revives_known_rounds for line in evening.lines), default=0)
    parts = [words("session.legend")]
    if known < evening.session.counted_rounds:
        parts.append(
            words("session.revives_known", known=known, counted=words.count("round", evening.session.counted_rounds))
        )
    trusted = told.trust(words, evening.rounds)
    return "\n".join([*parts, *([trusted] if trusted else [])])
