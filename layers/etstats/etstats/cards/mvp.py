"""Who is voted the best of an evening; who it is by the figures is told when the vote is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from etstats.cards import evening as evening_card
from etstats.cards.session.overview import mvp_field
from etstats.cards.text import escaped, plain
from etstats.domain.evening import Evening
from etstats.domain.mvp import Mvp
from etstats.domain.when import session_mark
from etstats.domain.who import player_mark
from etstats.interactions.reply import MENU_CHOICES, Embed, Field, Menu, MenuChoice, Message, Press
from etstats.words import Words

_BAR = 10
_SHOWN = 10


def card(
    words: Words, evening: Evening, votes: Mapping[str, int], mvps: Mapping[str, Mvp], *, is_open: bool
) -> Message:
    session = evening.session
    names = {line.guid: line.name for line in evening.lines}
    number = sum(votes.values())
    votes_told = words.count("vote", number)
    ranked = sorted(votes, key=lambda guid: (-votes[guid], names.get(guid, guid)))[:_SHOWN]
    lines = [_line(words, escaped(names.get(guid, guid)), votes[guid], number) for guid in ranked]
    told = words("mvp.open" if is_open else "mvp.closed") if number or is_open else words("mvp.nobody")
    embed = Embed(
        title=evening_card.title(words, session, words("mvp.title")),
        description="\n".join((told, "", *lines)).strip(),
        colour=evening_card.colour(session),
        fields=() if is_open else _by_figures(words, evening, mvps),
        footer=words("mvp.footer", votes=votes_told) if is_open else votes_told,
    )
    menu = Menu(
        press=Press(command="mvps vote", options=(("when", session_mark(session.session_id)),), fills="player"),
        choices=tuple(
            MenuChoice(label=plain(line.name), value=player_mark(line.guid)) for line in evening.lines[:MENU_CHOICES]
        ),
        placeholder=words("mvp.menu"),
    )
    return Message(embeds=(embed,), rows=((menu,),) if is_open and evening.lines else ())


def _line(words: Words, name: str, votes: int, of: int) -> str:
    full = round(_BAR * votes / of)
    return f"{'▰' * full}{'▱' * (_BAR - full)} **{votes}** · {name}"


def _by_figures(words: Words, evening: Evening, mvps: Mapping[str, Mvp]) -> tuple[Field, ...]:
    found = mvp_field(words, evening, dict(sorted(mvps.items())))
    return (replace(found, name=words("mvp.by_figures")),) if found else ()
