"""The awards of an evening: for fun, for chaos, and the game's own, each with the closest second."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards import evening as told
from etstats.cards.text import escaped
from etstats.domain.award_endstats import Group, OftenWon, plain_award
from etstats.domain.award_session import Given, Kind, Place, Shown
from etstats.domain.evening import Evening
from etstats.interactions.reply import Embed, Field
from etstats.words import Words

_IN_A_GROUP = 8
_FIELD = 1_000


def card(words: Words, evening: Evening, given: Sequence[Given], often: Sequence[OftenWon]) -> Embed:
    """*often* in the order of the groups."""
    session = evening.session
    fields = [_kind(words, kind, [one for one in given if one.kind is kind]) for kind in Kind]
    fields += [_group(words, group, [one for one in often if one.group is group]) for group in Group]
    basis = words("session.basis", rounds=words.count("counting_round", session.counted_rounds))
    return Embed(
        title=told.title(words, session, words("session.view_awards")),
        description=words("award.how") if given else words("award.none"),
        colour=told.colour(session),
        fields=tuple(field for field in fields if field is not None),
        footer=f"{basis} · {words('award.endstats_known' if often else 'award.endstats_unknown')}",
    )


def _kind(words: Words, kind: Kind, given: Sequence[Given]) -> Field | None:
    if not given:
        return None
    return Field(name=words(f"award.kind_{kind.value}"), value=_whole_lines([line(words, one) for one in given]))


def line(words: Words, one: Given) -> str:
    """🧟 **Zombie** · vid – revived 2.1 times a round (42 in 20 rounds) · olz 1.9"""
    figure = words(
        f"award.{one.key}_figure",
        value=_value(words, one.shown, one.winner),
        total=words.whole(one.winner.total),
        rounds=words.count("round", one.winner.rounds),
    )
    given = f"{words(f'award.{one.key}')} **{escaped(one.winner.name)}** – {figure}"
    if one.second is None:
        return given
    second = words("award.second", name=escaped(one.second.name), value=_value(words, one.shown, one.second))
    return f"{given}, {second}"


def _value(words: Words, shown: Shown, place: Place) -> str:
    match shown:
        case Shown.PER_ROUND:
            return words.decimal(place.value, 1)
        case Shown.RATIO:
            return words.decimal(place.value, 2)
        case Shown.WHOLE:
            return words.whole(place.value)


def _group(words: Words, group: Group, often: Sequence[OftenWon]) -> Field | None:
    if not often:
        return None
    lines = [_often(words, one) for one in often[:_IN_A_GROUP]]
    return Field(name=words(f"award.group_{group.value}"), value=_whole_lines(lines))


def _often(words: Words, one: OftenWon) -> str:
    """Most damage given: **vid** 9 of 16 · olz 4. The game's names stay as it writes them."""
    times = words("award.times", times=words.whole(one.winner.times), files=words.whole(one.files))
    second = f" · {escaped(one.second.name)} {one.second.times}" if one.second else ""
    return f"{escaped(plain_award(one.award)[:48])}: **{escaped(one.winner.name)}** {times}{second}"


def _whole_lines(lines: Sequence[str]) -> str:
    """As many of the first as a field holds."""
    kept: list[str] = []
    for line in lines:
        if sum(len(one) + 1 for one in (*kept, line)) > _FIELD:
            break
        kept.append(line)
    return "\n".join(kept)
