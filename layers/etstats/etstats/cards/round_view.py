"""What the buttons under a round's card show: all figures of all players, one's own, all awards."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.round import award_line, kills, number, result, side_name
from etstats.cards.text import NEUTRAL, escaped, in_table, plain, table
from etstats.domain.announcement import AnnouncedLine, Half, top_awards
from etstats.domain.formula import damage_per_minute
from etstats.domain.stats_file import ALLIES, AXIS
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

Halves = Sequence[Half]
_SIDE_LINES = 20
_MOST_AWARDS = 25


def everybody(words: Words, halves: Halves) -> Message:
    """An embed for each round, with a table for each side."""
    embeds = tuple(
        Embed(
            title=_title(words, half),
            colour=NEUTRAL,
            fields=tuple(_side(words, half, side) for side in (AXIS, ALLIES)),
            footer=words("round.table_footer", players=words.count("player", len(half.lines))),
        )
        for half in halves
    )
    return Message(embeds=embeds)


def _title(words: Words, half: Half) -> str:
    played = half.round
    return result(words, played, what=f"{escaped(played.map.upper())} R{number(played)}")


def _side(words: Words, half: Half, side: int) -> Field:
    """40 columns: name, kills/deaths, damage, DPM, accuracy, head hits of hits, revives."""
    rows = [f"{in_table(words('round.player'), 11)}{'K/D':>7}{'DMG':>6}{'DPM':>4}{'ACC':>4}{'HS':>4}{'REV':>4}"]
    mine = [line for line in half.lines if line.team == side]
    rows += [_row(words, line) for line in mine[:_SIDE_LINES]]
    more = len(mine) - _SIDE_LINES
    value = table(rows) if mine else words("round.nobody")
    return Field(name=side_name(words, side), value=value + (f"\n{words('round.more', n=more)}" if more > 0 else ""))


def _row(words: Words, line: AnnouncedLine) -> str:
    called = f"{plain(line.name)} (bot)" if line.is_bot else line.name
    return (
        in_table(called, 11)
        + kills(line).rjust(7)
        + words.thousands(line.damage_given).rjust(6)
        + words.whole(damage_per_minute(line.damage_given, line.played_s)).rjust(4)
        + _share(words, line.gun_hits, line.gun_shots).rjust(4)
        + _share(words, line.gun_headshot_hits, line.gun_hits).rjust(4)
        + words.whole(line.revives_given).rjust(4)
    )


def _share(words: Words, part: int | None, of: int | None) -> str:
    return words.percent(part, of).replace(" ", "").replace("\u00a0", "")


def mine(words: Words, halves: Halves, guid: str) -> Message | None:
    """None: he did not take part."""
    fields = [_own(words, half, at) for half in halves for at, line in enumerate(half.lines) if line.guid == guid]
    if not fields:
        return None
    title = words("round.mine", map=escaped(halves[0].round.map.upper()))
    return Message(embeds=(Embed(title=title, colour=NEUTRAL, fields=tuple(fields)),))


def _own(words: Words, half: Half, at: int) -> Field:
    line = half.lines[at]
    value = words(
        "round.own_line",
        kills=kills(line),
        damage=words.whole(line.damage_given),
        place=at + 1,
        players=len(half.lines),
        dpm=words.whole(damage_per_minute(line.damage_given, line.played_s)),
        accuracy=words.percent(line.gun_hits, line.gun_shots),
        headshots=words.percent(line.gun_headshot_hits, line.gun_hits),
        revives=words.whole(line.revives_given),
        gibs=words.whole(line.gibs),
    )
    own = [one for one in half.awards if one.guid == line.guid]
    shown = "".join(f"\n{award_line(words, one)}" for one in top_awards(own))
    side = side_name(words, line.team) if line.team in (AXIS, ALLIES) else ""
    return Field(name=" · ".join(part for part in (f"R{number(half.round)}", side) if part), value=value + shown)


def awards(words: Words, halves: Halves) -> Message:
    fields = tuple(
        Field(
            name=_title(words, half),
            value="\n".join(award_line(words, one) for one in half.awards[:_MOST_AWARDS]) or words("round.no_awards"),
        )
        for half in halves
    )
    return Message(
        embeds=(
            Embed(
                title=words("round.all_awards", map=escaped(halves[0].round.map.upper())),
                colour=NEUTRAL,
                fields=fields,
                footer=words("round.awards_footer"),
            ),
        )
    )
