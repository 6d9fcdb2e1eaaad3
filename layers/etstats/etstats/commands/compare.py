"""/compare: two players side by side, and what they did together and to each other."""

from __future__ import annotations

from etstats.cards import compare as card
from etstats.cards.drawn import with_picture
from etstats.cards.picture.comparison import draw, told
from etstats.cards.text import escaped, part_or_all
from etstats.commands.option import PERIOD, PICTURE, PLAYER, answers, named, period_of, person_of, target_of
from etstats.commands.question import Question
from etstats.commands.registry import command, user_menu
from etstats.domain.period import Period
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.compare import find_comparison


@command(
    "compare",
    options=(
        named(PLAYER, "a", required=True),
        named(PLAYER, "b"),
        PERIOD,
        PICTURE,
    ),
    answers=answers,
    example="/compare a:name b:another",
)
def compare(q: Question) -> Message:
    return _side_by_side(q, person_of(q, "a"), person_of(q, "b"), period_of(q))


@user_menu("Compare with me")
def compare_with_me(q: Question) -> Message:
    if q.me is None:
        raise Refusal("refusal.not_linked")
    return _side_by_side(q, target_of(q), q.me, Period.ALL)


def _side_by_side(q: Question, first: str, second: str, period: Period) -> Message:
    if first == second:
        raise Refusal("compare.same")
    found = find_comparison(q.db, first, second, period=period, today=q.today)
    if found is None:
        raise Refusal("compare.unknown")
    for side in (found.first, found.second):
        if not side.rounds:
            part = part_or_all(q.words, period, "", q.today)
            raise Refusal("figures.not_there", name=escaped(side.name), part=part)
    drawn = q.asked.flag("picture")
    message = card.card(q.words, found, period=period, today=q.today, drawn=drawn)
    if not drawn:
        return message
    picture = card.picture(q.words, found)
    return with_picture(message, "compare", q.render(draw(q.words, picture)), told=told(q.words, picture))
