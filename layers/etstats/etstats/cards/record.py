"""The records cards: each figure's holder, since when, and who is next; or one figure map by map; or one player's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from etstats.cards.ask import Asking, asking, button, menu
from etstats.cards.text import NEUTRAL, escaped
from etstats.domain.record import TOLD, Record, RecordFigure, Scope
from etstats.domain.where import map_mark
from etstats.domain.who import player_mark
from etstats.interactions.reply import Component, Embed, MenuChoice, Message, Press
from etstats.words import Words

_LINES = 15
_PLACES = {1: "🥇", 2: "🥈", 3: "🥉"}  # as many as are kept
_MAP = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What part of the records, and until when: *map* '' is any, *figure* None all of them."""

    scope: Scope
    today: date
    map: str = ""
    figure: RecordFigure | None = None

    @property
    def by_map(self) -> bool:
        """One figure, map by map."""
        return self.figure is not None and self.scope is not Scope.SESSION and not self.map


def card(words: Words, wanted: Wanted, found: Sequence[Record]) -> Message:
    """*found*: holders and runners-up of each figure, and with one figure alone the third as well."""
    if wanted.figure is not None:
        lines = [_placed(words, wanted, escaped(one.now_called), one) for one in found]
    else:
        lines = [
            _held(words, wanted, words(f"record.{holder.figure.value}"), holder, _next(found, holder))
            for holder in found
            if holder.place == 1
        ]
    return _message(words, wanted, [*_most(words, found), *lines])


def by_map(words: Words, wanted: Wanted, found: Sequence[Record]) -> Message:
    """*found*: holders and runners-up of one figure on each map."""
    holders = [one for one in found if one.place == 1]
    lines = [
        _held(words, replace(wanted, map=one.map), escaped(one.map[:_MAP]), one, _on_map(found, one))
        for one in holders[:_LINES]
    ]
    return _message(words, wanted, [*_most(words, found), *lines, *_more(words, len(holders) - _LINES)])


def of_player(words: Words, wanted: Wanted, found: Sequence[Record]) -> Message:
    """*found*: where he is among the best three, first places first. At least one."""
    held = sum(one.place == 1 for one in found)
    name = escaped(found[0].now_called)
    key = "records.held_by" if held else "records.near_only"
    told = words(key, name=name, held=held, near=len(found) - held)
    lines = [_placed(words, wanted, words(f"record.{one.figure.value}"), one) for one in found[:_LINES]]
    who = player_mark(found[0].guid)
    return _message(words, wanted, [told, *lines, *_more(words, len(found) - _LINES)], name=name, who=who)


def _message(words: Words, wanted: Wanted, lines: Sequence[str], *, name: str = "", who: str = "") -> Message:
    figure = [words(f"record.{wanted.figure.value}")] if wanted.figure else []
    where = [escaped(wanted.map[:_MAP])] if wanted.map else []
    title = [words(f"records.title_{wanted.scope.value}"), *figure, *where, *([name] if name else [])]
    embed = Embed(
        title=" · ".join(title),
        description="\n".join(lines) or words("records.none"),
        colour=NEUTRAL,
        footer=words("records.footer"),
    )
    return Message(embeds=(embed,), rows=_rows(words, wanted, who))


def _most(words: Words, found: Sequence[Record]) -> list[str]:
    """Who holds most of them; nobody where nobody holds two."""
    holders = [one for one in found if one.place == 1]
    held = Counter(one.guid for one in holders).most_common(2)
    if not held or held[0][1] < 2 or (len(held) == 2 and held[0][1] == held[1][1]):
        return []
    name = next(one.now_called for one in holders if one.guid == held[0][0])
    return [words("records.most", name=escaped(name), held=held[0][1], all=words.count("of_record", len(holders)))]


def _held(words: Words, wanted: Wanted, what: str, one: Record, second: Record | None) -> str:
    """Two lines: what, how much and who; where, when, how long, and who is next."""
    first = words("records.line", figure=what, value=_value(words, one), holder=escaped(one.now_called))
    told = words("records.detail", where=_where(words, one, wanted), held=_since(words, one, wanted))
    if second is None:
        return f"{first}\n{told}"
    runner_up = words("records.runner_up", name=escaped(second.now_called), value=_value(words, second))
    return f"{first}\n{told} · {runner_up}"


def _placed(words: Words, wanted: Wanted, what: str, one: Record) -> str:
    """One line with the place in front."""
    return f"{_PLACES[one.place]} **{what} {_value(words, one)}** · {_where(words, one, wanted)}"


def _where(words: Words, one: Record, wanted: Wanted) -> str:
    """The map, where it does not go without saying, and the day."""
    day = words.short_day(one.at)
    return day if not one.map or wanted.map else f"{escaped(one.map[:_MAP])}, {day}"


def _since(words: Words, one: Record, wanted: Wanted) -> str:
    days = (wanted.today - one.at.date()).days
    return words.count("days_held", days) if days > 0 else words("records.fresh")


def _value(words: Words, one: Record) -> str:
    if one.figure is RecordFigure.ACCURACY:
        return words.percent(one.value, decimals=1)
    return words.whole(one.value)


def _next(found: Sequence[Record], holder: Record) -> Record | None:
    return next((one for one in found if one.figure is holder.figure and one.place == 2), None)


def _on_map(found: Sequence[Record], holder: Record) -> Record | None:
    return next((one for one in found if one.map == holder.map and one.place == 2), None)


def _more(words: Words, left: int) -> list[str]:
    return [words("records.more", n=left)] if left > 0 else []


def _rows(words: Words, wanted: Wanted, who: str) -> tuple[tuple[Component, ...], ...]:
    figure = wanted.figure.value if wanted.figure else ""
    asked = asking("records", scope=wanted.scope.value, map=map_mark(wanted.map), stat=figure, player=who)
    scopes = tuple(
        button(words(f"records.scope_{one.value}"), _in_scope(asked, wanted, one), chosen=one is wanted.scope)
        for one in Scope
    )
    choices = [
        MenuChoice(label=words(f"record.{one.value}"), value=one.value, chosen=one is wanted.figure)
        for one in TOLD[wanted.scope]
    ]
    return scopes, menu(asked, "stat", words("records.menu"), choices)


def _in_scope(asked: Asking, wanted: Wanted, scope: Scope) -> Press:
    """The same in another scope, as far as it can be told there."""
    figure = wanted.figure.value if wanted.figure in TOLD[scope] and wanted.figure else ""
    map = {"map": ""} if scope is Scope.SESSION else {}
    return asked.but(scope=scope.value, stat=figure, **map)
