"""The names somebody has gone by, the latest first, and the GUIDs that are his."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.text import NEUTRAL, escaped, in_table, table
from etstats.domain.player import Alias
from etstats.interactions.reply import Button, Embed, Field, Message, Press
from etstats.words import Words

LINES = 15
_NAME = 20


def card(words: Words, guid: str, names: Sequence[Alias], accounts: Sequence[str], *, page: int) -> Message:
    """*accounts*: every GUID whose rounds are his."""
    shown = names[(page - 1) * LINES : page * LINES]
    rows = [f"{words('aliases.name'):{_NAME}}{words('aliases.rounds'):>7}  {words('aliases.last')}"]
    rows += [f"{in_table(one.name, _NAME)}{words.whole(one.rounds):>7}  {one.last_at:%Y-%m-%d}" for one in shown]
    others = [account for account in accounts if account != guid]
    also = (Field(name=words("aliases.accounts"), value=" · ".join((guid, *others))),) if others else ()
    embed = Embed(
        title=words("aliases.title", name=escaped(names[0].name)),
        description=table(rows),
        colour=NEUTRAL,
        fields=also,
        footer=words("aliases.footer", guid=guid, names=words.count("name", len(names)), page=page, pages=pages(names)),
    )
    return Message(embeds=(embed,), rows=_turning(words, guid, page, pages(names)))


def pages(names: Sequence[Alias]) -> int:
    return -(-len(names) // LINES)


def _turning(words: Words, guid: str, page: int, last: int) -> tuple[tuple[Button, ...], ...]:
    if last == 1:
        return ()

    def at(number: int) -> Press:
        return Press(command="aliases", options=(("player", f"#{guid}"), ("page", str(number))))

    return (
        (
            Button(label=words("aliases.newer"), press=at(page - 1), disabled=page == 1),
            Button(label=words("aliases.older"), press=at(page + 1), disabled=page == last),
        ),
    )
