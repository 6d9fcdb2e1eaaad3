"""Teams that were made: the closest splits, or the one that is played."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.text import NEUTRAL, TEAM_A, escaped, in_table, narrow, table
from etstats.domain.balance import Candidate, Split
from etstats.domain.closeness import Closeness
from etstats.domain.roster import Roster
from etstats.interactions.reply import Button, Embed, Field, Message, Press, Style
from etstats.words import Words

_NAME = 20


def card(words: Words, roster: Roster) -> Message:
    """Before anybody chose: the closest three, with buttons. After: that one."""
    if roster.chosen is None:
        return _proposed(words, roster)
    split = roster.splits[roster.chosen - 1]
    share = _share(words, split, roster.close)
    embed = Embed(
        title=words("teams.title_chosen"),
        description="\n".join((words("teams.even", share=share), *_told_from(words, roster))),
        colour=TEAM_A,
        fields=tuple(
            Field(name=words("teams.team", team=team), value="\n".join(_names(roster, places)), inline=True)
            for team, places in (("A", split.a), ("B", split.b))
        ),
        footer=words("teams.footer"),
    )
    return Message(embeds=(embed,), rows=(_buttons(words, roster),) if len(roster.splits) > 1 else ())


def _proposed(words: Words, roster: Roster) -> Message:
    fields = [
        Field(name=f"{number} · {_share(words, split, roster.close)}", value=_teams(words, roster, split))
        for number, split in enumerate(roster.splits, start=1)
    ]
    embed = Embed(
        title=words("teams.title", n=len(roster.players)),
        description="\n".join((words("teams.told"), *_told_from(words, roster), _usual(words, roster.players))),
        colour=NEUTRAL,
        fields=tuple(fields),
        footer=words("teams.footer"),
    )
    return Message(embeds=(embed,), rows=(_buttons(words, roster),))


def _buttons(words: Words, roster: Roster) -> tuple[Button, ...]:
    return tuple(
        Button(
            label=words("teams.use", n=number),
            press=Press(command="teams use", options=(("roster", str(roster.roster_id)), ("number", str(number)))),
            style=Style.SUCCESS if number == 1 else Style.SECONDARY,
            disabled=number == roster.chosen,
        )
        for number in range(1, len(roster.splits) + 1)
    )


def _share(words: Words, split: Split, close: Closeness | None) -> str:
    """50.2 : 49.8 · A wins 52%."""
    share = f"{words.decimal(100 * split.share, 1)} : {words.decimal(100 * (1 - split.share), 1)}"
    if close is None or not close.tells:
        return share
    return f"{share} · {words('teams.chance', percent=words.whole(100 * close.chance(split.share)))}"


def _told_from(words: Words, roster: Roster) -> tuple[str, ...]:
    """What the chances rest on."""
    if roster.close is None:
        return ()
    told = words("teams.told_from" if roster.close.tells else "teams.tells_nothing", n=words.whole(roster.close.maps))
    few = f" {words('teams.few')}" if roster.close.is_small else ""
    return (f"-# {told}{few}",)


def _teams(words: Words, roster: Roster, split: Split) -> str:
    return "\n".join(
        f"**{team}** {', '.join(_names(roster, places))}" for team, places in (("A", split.a), ("B", split.b))
    )


def _names(roster: Roster, places: Sequence[int]) -> list[str]:
    return [escaped(roster.players[at].name) for at in places]


def _usual(words: Words, players: Sequence[Candidate]) -> str:
    """Everybody's usual, with its n."""
    head = f"{in_table(words('teams.player'), _NAME)}{'DPM'.rjust(7)}{words('teams.rounds').rjust(8)}"
    ranked = sorted(players, key=lambda one: (-(one.dpm or 0), one.name))
    lines = [
        f"{in_table(one.name, _NAME)}{narrow(one.dpm, 7)}{(str(one.rounds) if one.rounds else '–').rjust(8)}"
        for one in ranked
    ]
    return table([head, *lines])
