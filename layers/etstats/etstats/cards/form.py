"""The form card: the last session against the ten before it, each of them, and how steady the player is."""

from __future__ import annotations

from etstats.cards.ask import asking, button, menu
from etstats.cards.figure import cell, change, lying_bar, name, rate, sample
from etstats.cards.picture.form import FormLine, FormPoint
from etstats.cards.text import NEUTRAL, escaped, in_table, table
from etstats.domain.form import (
    CONSISTENCY_DAYS,
    CONSISTENCY_ROUNDS,
    FIGURES,
    LEAN_DAYS,
    LEAN_ROUNDS,
    STAMINA_ROUNDS,
    Course,
    Form,
    SessionFigure,
    around_usual,
    value_of,
)
from etstats.domain.measure import MEANINGS, Measure, Shown
from etstats.domain.who import player_mark
from etstats.interactions.reply import Component, Embed, Field, MenuChoice, Message
from etstats.words import Words

_BAR = 11  # columns


def card(words: Words, guid: str, called: str, form: Form, *, drawn: bool = False) -> Message:
    """*drawn*: a picture stands below."""
    fields = (
        Field(name=words("form.consistency"), value=_consistency(words, form)),
        Field(name=words("form.evening"), value=_evening(words, form)),
        Field(name=words("form.sides"), value=_sides(words, form)),
    )
    embed = Embed(
        title=words("form.title", name=escaped(called), measure=_measure(words, form.measure)),
        description="\n".join(_told(words, form)),
        colour=NEUTRAL,
        fields=fields,
        footer=words("form.footer", sessions=words.count("session", max(len(form.sessions) - 1, 0))),
    )
    return Message(embeds=(embed,), rows=_rows(words, guid, form, drawn=drawn))


def picture(words: Words, called: str, form: Form) -> FormLine:
    measure, usual = form.measure, form.usual.usual
    around = None if usual is None else around_usual(measure, usual)
    return FormLine(
        name=called,
        measure=_measure(words, measure),
        points=tuple(
            FormPoint(day=one.first_at.date(), value=value_of(measure, [one]), rounds=one.rounds)
            for one in reversed(form.sessions)
        ),
        usual=usual,
        low=None if usual is None or around is None else usual - around,
        high=None if usual is None or around is None else usual + around,
        written=lambda figure: _figure(words, measure, figure),
    )


def _measure(words: Words, measure: Measure) -> str:
    told = name(words, measure)
    return words("form.per_round", measure=told) if FIGURES[measure].per_round else told


def _told(words: Words, form: Form) -> list[str]:
    course = [_course(words, form.measure, form.course)] if form.course else []
    return [_against_usual(words, form), *course, _table(words, form)]


def _against_usual(words: Words, form: Form) -> str:
    usual = form.usual
    if usual.now is None:
        return words("form.unknown")
    now = _figure(words, form.measure, usual.now)
    if usual.verdict is None:
        return words("form.first", now=now)
    by = words.percent(100 * abs(usual.change or 0))
    return words(f"form.{usual.verdict.value}", change=by, now=now, usual=_figure(words, form.measure, usual.usual))


def _course(words: Words, measure: Measure, course: Course) -> str:
    """Of deaths, more is no rise."""
    if FIGURES[measure].less_is_better and course is not Course.LEVEL:
        return words("form.course_more" if course is Course.RISING else "form.course_fewer")
    return words(f"form.course_{course.value}")


def _figure(words: Words, measure: Measure, figure: float | None) -> str:
    if figure is not None and MEANINGS[measure].shown is Shown.PERCENT:
        return words.percent(figure, decimals=1)
    return rate(words, figure)


def _table(words: Words, form: Form) -> str:
    """39 columns: the day, n, the figure, its change against the usual, a bar. The latest is on top."""
    most = max((value_of(form.measure, [one]) or 0 for one in form.sessions), default=0)
    rows = [_session(words, form, one, most) for one in form.sessions]
    if form.usual.usual is not None:
        shown = cell(_figure(words, form.measure, form.usual.usual), form.usual.usual, 8)
        rows.append(f"{in_table(words('form.usual'), 10)}{'':4}{shown}{'':6} {_bar(form.usual.usual, most)}")
    return table(rows) if rows else words("refusal.no_data")


def _session(words: Words, form: Form, one: SessionFigure, most: float) -> str:
    figure, usual = value_of(form.measure, [one]), form.usual.usual
    against = figure / usual - 1 if figure is not None and usual else None
    told = change(words, against).replace(" ", "") if against is not None else ""
    shown = cell(_figure(words, form.measure, figure), figure, 8)
    n = sample(words, one.rounds, 4)
    return f"{one.first_at:%Y-%m-%d}{n}{shown}{cell(told, 100 * (against or 0), 6)} {_bar(figure, most)}"


def _bar(figure: float | None, most: float) -> str:
    return lying_bar(figure, most, _BAR)


def _consistency(words: Words, form: Form) -> str:
    steady = form.consistency
    if steady is None:
        needed = words.count("round", CONSISTENCY_ROUNDS)
        return words("form.steady_needs", needed=needed, days=CONSISTENCY_DAYS, has=words.whole(form.steady_rounds))
    told = words(
        "form.steady",
        score=words.whole(steady.score),
        tier=words(f"form.tier_{steady.tier.value}"),
        mean=words.whole(steady.mean_dpm),
        deviation=words.whole(steady.deviation_dpm),
        rounds=words.count("round", steady.rounds),
        days=CONSISTENCY_DAYS,
    )
    return told if steady.trend is None else f"{told}\n{words(f'form.trend_{steady.trend.value}')}"


def _evening(words: Words, form: Form) -> str:
    found = form.tiring
    if found is None:
        needed = words.count("round", STAMINA_ROUNDS)
        return words("figures.needs", needed=needed, has=words.whole(form.latest_rounds))
    return words(
        f"form.stamina_{found.stamina.value}",
        early=words.whole(found.early_dpm),
        late=words.whole(found.late_dpm),
        rounds=words.count("round", found.rounds),
    )


def _sides(words: Words, form: Form) -> str:
    found = form.leaning
    if found.lean is None:
        needed = words.count("round", LEAN_ROUNDS)
        return words("form.steady_needs", needed=needed, days=LEAN_DAYS, has=words.whole(found.rounds))
    told = words(
        f"form.lean_{found.lean.value}", attack=rate(words, found.attack.dpm), defence=rate(words, found.defence.dpm)
    )
    counted = words("form.lean_n", attacked=found.attack.rounds, defended=found.defence.rounds, days=LEAN_DAYS)
    return f"{told}\n{counted}"


def _rows(words: Words, guid: str, form: Form, *, drawn: bool) -> tuple[tuple[Component, ...], ...]:
    who = player_mark(guid)
    asked = asking("form", player=who, metric=form.measure.value)
    choices = [MenuChoice(label=_measure(words, one), value=one.value, chosen=one is form.measure) for one in FIGURES]
    near = (
        button(words("button.picture"), asked.but(picture="true"), chosen=drawn),
        button(words("button.stats"), asking("stats", player=who).but()),
        button(words("button.maps"), asking("maps", player=who).but()),
        button(words("button.weapons"), asking("weapons", player=who).but()),
    )
    return menu(asked, "metric", words("form.menu"), choices), near
