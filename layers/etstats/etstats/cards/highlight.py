"""Highlights as people read them: what happened, to whom, with what, and what the score is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from etstats.cards.ask import Asking, button, menu, turning
from etstats.cards.text import ALLIES, AXIS, NEUTRAL, escaped, plain
from etstats.domain.demo import Shown
from etstats.domain.highlight import Highlight, Kind
from etstats.domain.weapon import means_label
from etstats.interactions.reply import Beside, Button, Component, Embed, Field, MenuChoice, Message, Press
from etstats.words import Words

PAGE = 5
MARK_BYTES = 12  # a day, or a demo among the first hundred thousand million
_COLOURS = {"axis": AXIS, "allies": ALLIES}


def card(words: Words, title: str, found: Sequence[Shown], asked: Asking, *, page: int, more: bool) -> Message:
    """*found*: the page's, at least one, the best first; each with buttons that play its film and cut its clip."""
    first = (page - 1) * PAGE + 1
    embed = Embed(
        title=title,
        colour=colour_of(found[0].highlight),
        fields=highlight_fields(words, found, first=first),
        footer=words("highlights.footer"),
    )
    turn = turning(asked, page, page + 1 if more else page)
    of_demo = dict(asked.options).get("when", "").startswith("#")
    report = (button(words("demo.report"), report_press(found[0].demo_id)),) if of_demo else ()
    rows = (*films_and_clips(words, found, first=first), (*turn, *report), _kinds(words, asked))
    return Message(embeds=(embed,), rows=tuple(row for row in rows if row))


def highlight_fields(words: Words, found: Sequence[Shown], *, first: int = 1) -> tuple[Field, ...]:
    """One for each, numbered from *first* on."""
    return tuple(_field(words, one, number) for number, one in enumerate(found, start=first))


def films_and_clips(words: Words, found: Sequence[Shown], *, first: int = 1) -> tuple[tuple[Button, ...], ...]:
    """A row that plays each, and one that cuts each; none where there is nothing. At most five fit."""
    numbered = list(enumerate(found, start=first))
    films = tuple(
        button(words("highlights.watch", n=n), watch_press(one.demo_id, one.position, beside=Beside.FOR_ME))
        for n, one in numbered
    )
    clips = tuple(button(words("highlights.clip", n=n), clip_press(one.demo_id, one.position)) for n, one in numbered)
    return (films, clips) if numbered else ()


def clip_press(demo_id: int, position: int) -> Press:
    """The list or film it stands under stays."""
    return Press(command="clip", options=_place(demo_id, position), beside=Beside.FOR_ME)


def watch_press(demo_id: int, position: int, *, beside: Beside = Beside.NO) -> Press:
    return Press(command="watch", options=_place(demo_id, position), beside=beside)


def report_press(demo_id: int) -> Press:
    return Press(command="demo report", options=(("demo", f"#{demo_id}"),), beside=Beside.FOR_ME)


def _place(demo_id: int, position: int) -> tuple[tuple[str, str], ...]:
    return ("demo", f"#{demo_id}"), ("highlight", str(position))


def _kinds(words: Words, asked: Asking) -> tuple[Component, ...]:
    chosen = dict(asked.options).get("type", "")
    choices = [
        MenuChoice(label=words(f"highlight.{kind.value}"), value=kind.value, chosen=kind.value == chosen)
        for kind in Kind
    ]
    return menu(asked, "type", words("highlights.menu"), choices)


def _field(words: Words, one: Shown, number: int) -> Field:
    highlight = one.highlight
    name = words(
        "highlights.line", n=number, kind=words(f"highlight.{highlight.kind.value}"), name=who(words, highlight),
        score=highlight.score,
    )  # fmt: skip
    lines = (told(words, highlight), where(words, one), f"-# {score(words, highlight)}")
    return Field(name=name, value="\n".join(lines))


def colour_of(one: Highlight) -> int:
    return _COLOURS.get(one.team, NEUTRAL)


def where(words: Words, one: Shown) -> str:
    """supply at 3:20 · 3.4 s · 14 Mar; a single moment has no length."""
    highlight = one.highlight
    lasting_ms = highlight.last_ms - highlight.first_ms
    return words(
        "highlights.where_lasting" if lasting_ms else "highlights.where",
        map=escaped(one.map or "?"), at=words.clock((highlight.first_ms - one.begin_ms) // 1_000),
        seconds=words.decimal(lasting_ms / 1_000, 1), day=words.short_day(one.received_at),
    )  # fmt: skip


def who(words: Words, one: Highlight) -> str:
    return (
        escaped(one.name)
        if one.name
        else words(f"highlight.team_{one.team}" if one.team in _COLOURS else "highlight.team")
    )


def told(words: Words, one: Highlight) -> str:
    """vid ▸ carniee ×2, olz · MP40 · against 3."""
    parts = [*([f"▸ {', '.join(map(escaped, whom(one)))}"] if whom(one) else []), *map(means_label, one.weapons)]
    if one.against is not None:
        parts.append(words("highlight.against", n=one.against))
    if one.units is not None:
        parts.append(words("highlight.units", n=words.whole(one.units)))
    return " · ".join(parts) or words(f"highlight.{one.kind.value}")


def whom(one: Highlight) -> list[str]:
    """Each with how often, where that is more than once."""
    times = Counter(moment.whom for moment in one.moments if moment.whom)
    return [f"{plain(name)} ×{count}" if count > 1 else plain(name) for name, count in times.items()]


def score(words: Words, one: Highlight) -> str:
    """3 kills 30 + 2 heads 4."""
    return " + ".join(words(f"highlight.part_{part.name}", n=part.count, points=part.points) for part in one.parts)
