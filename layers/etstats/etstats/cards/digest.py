"""What a channel finds in the morning: how last night ended, who won it, whose best it was, which records fell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from etstats.cards import evening as told
from etstats.cards.session import overview, view
from etstats.cards.text import escaped
from etstats.domain.digest import Best, FallenRecord, OnThisDay, PersonalBest, told_bests, told_records
from etstats.domain.evening import Evening
from etstats.domain.mvp import Mvp
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

_MOST_SESSIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A session of the night; *mvps* by team."""

    evening: Evening
    mvps: Mapping[str, Mvp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """*sessions* in time order, at least one; *before*: on this day of an earlier year."""

    day: date
    sessions: Sequence[Told]
    bests: Sequence[PersonalBest]
    records: Sequence[FallenRecord]
    before: OnThisDay | None


def card(words: Words, night: Night) -> Message:
    sessions = night.sessions
    main = max(sessions, key=lambda one: one.evening.session.counted_rounds).evening.session
    fields = [_mvp(words, one) for one in sessions[:_MOST_SESSIONS]]
    fields += [_bests(words, night.bests), _records(words, night.records), _on_this_day(words, night.before)]
    embed = Embed(
        title=words("digest.title", day=words.day(night.day)),
        description="\n".join(_session(words, one.evening) for one in sessions[:_MOST_SESSIONS]),
        colour=told.colour(main),
        fields=tuple(field for field in fields if field is not None),
        footer=_footer(words, sessions),
    )
    return Message(embeds=(embed,), rows=(view.ways(words, main.session_id, here="digest"),))


def _session(words: Words, evening: Evening) -> str:
    return f"{_verdict(words, evening)}\n{told.maps_by_team(words, evening.maps)}"


def _verdict(words: Words, evening: Evening) -> str:
    session = evening.session
    if not evening.maps:
        return words("digest.no_score", rounds=words.count("round", session.counted_rounds))
    maps = words.count("map", session.maps)
    high, low = max(session.score_a, session.score_b), min(session.score_a, session.score_b)
    if high == low:
        return words("digest.drawn", high=high, low=low, maps=maps)
    team = told.team_title(words, session, "A" if session.score_a > session.score_b else "B")
    return words("digest.won", team=team, high=high, low=low, maps=maps)


def _mvp(words: Words, one: Told) -> Field | None:
    """Of the whole session: whoever did most of the rounds his team won, of the winners when both have one."""
    ahead = "A" if one.evening.session.score_a >= one.evening.session.score_b else "B"
    best = max(one.mvps.items(), key=lambda pair: (pair[1].by_wins, pair[0] == ahead, pair[1].value), default=None)
    return overview.mvp_field(words, one.evening, dict([best])) if best else None


def _bests(words: Words, found: Sequence[PersonalBest]) -> Field | None:
    lines = [_best(words, one) for one in told_bests(found)]
    return Field(name=words("digest.bests"), value="\n".join(lines)) if lines else None


def _best(words: Words, one: PersonalBest) -> str:
    """**vid** · 45 kills in a round on supply, before: 41 in 312 rounds"""
    evening = one.best is Best.DPM
    return words(
        "digest.best_evening" if evening else "digest.best_round",
        name=escaped(one.name),
        value=words.whole(one.value),
        figure=words(f"digest.figure_{one.best.value}"),
        map=escaped(one.map or ""),
        before=words.whole(one.before),
        n=words.count("session" if evening else "round", one.n),
    )


def _records(words: Words, found: Sequence[FallenRecord]) -> Field | None:
    lines = [_record(words, one) for one in told_records(found)]
    return Field(name=words("digest.records"), value="\n".join(lines)) if lines else None


def _record(words: Words, one: FallenRecord) -> str:
    decimals = 1 if one.figure == "accuracy" else 0
    return words(
        f"digest.record_{one.scope}",
        name=escaped(one.name),
        value=words.decimal(one.value, decimals),
        figure=words(f"digest.figure_{one.figure}"),
        map=escaped(one.map),
        before=words.decimal(one.before, decimals),
        holder=escaped(one.holder),
    )


def _on_this_day(words: Words, before: OnThisDay | None) -> Field | None:
    if before is None:
        return None
    a, b = (escaped(name[:24]) if name else team for team, name in (("A", before.team_a), ("B", before.team_b)))
    value = words(
        "digest.then",
        maps=words.count("map", before.maps),
        players=words.count("player", before.players),
        a=a,
        score_a=before.score_a,
        score_b=before.score_b,
        b=b,
    )
    return Field(name=words("digest.on_this_day", year=before.first_at.year), value=value)


def _footer(words: Words, sessions: Sequence[Told]) -> str:
    counted = sum(one.evening.session.counted_rounds for one in sessions)
    players = len({line.guid for one in sessions for line in one.evening.lines})
    return words("digest.footer", rounds=words.count("round", counted), players=words.count("player", players))
