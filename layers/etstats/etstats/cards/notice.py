"""What somebody who wants it is written about his evening: how it ended for him, and how he did against his usual."""

from __future__ import annotations

from etstats.cards.ask import asking, button
from etstats.cards.text import NEUTRAL
from etstats.domain.evening import Evening, PlayedLine
from etstats.domain.form import Verdict
from etstats.domain.formula import damage_per_minute
from etstats.domain.headline import Headline
from etstats.domain.when import session_mark
from etstats.interactions.reply import Embed, Message
from etstats.words import Words

_ARROWS = {Verdict.ABOVE: "▲", Verdict.AROUND: "=", Verdict.BELOW: "▼"}


def card(words: Words, evening: Evening, own: PlayedLine, against_usual: Headline | None) -> Message:
    """*against_usual* None: he has no usual yet."""
    session = evening.session
    dpm = damage_per_minute(own.damage_given, own.played_s)
    lines = [
        _result(words, evening, own),
        words(
            "notify.line", rounds=words.count("round", own.rounds), kills=own.kills, deaths=own.deaths,
            ratio=words.ratio(own.kills, own.deaths), dpm=words.whole(dpm),
        ),
        _usual(words, against_usual),
    ]  # fmt: skip
    embed = Embed(
        title=words("notify.title", day=words.day(session.first_at)),
        description="\n".join(line for line in lines if line),
        colour=NEUTRAL,
        footer=words("notify.footer"),
    )
    evening_itself = button(words("notify.session"), asking("session", when=session_mark(session.session_id)).but())
    return Message(embeds=(embed,), rows=((evening_itself,),))


def _result(words: Words, evening: Evening, own: PlayedLine) -> str:
    """Won, lost or drawn, as far as he stood with one team."""
    a, b = evening.session.score_a, evening.session.score_b
    if own.team is None or not evening.maps:
        return ""
    mine, theirs = (a, b) if own.team == "A" else (b, a)
    key = "won" if mine > theirs else "lost" if mine < theirs else "drawn"
    return words(f"notify.{key}", mine=mine, theirs=theirs, maps=words.count("map", len(evening.maps)))


def _usual(words: Words, one: Headline | None) -> str:
    if one is None:
        return words("notify.no_usual")
    key = "notify.best" if one.best else "notify.usual"
    return words(
        key, arrow=_ARROWS[one.verdict], change=words.percent(abs(one.change), 1), usual=words.whole(one.usual_dpm),
        sessions=words.count("session", one.sessions),
    )  # fmt: skip
