"""The weapons cards: all weapons as a table, one with who uses it best, a player's against the group's median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from etstats.cards.ask import Asking, asking, button, menu, period_buttons
from etstats.cards.figure import arrow, cell, sample
from etstats.cards.text import NEUTRAL, in_table, part, table
from etstats.domain.period import Period
from etstats.domain.weapon import ENOUGH_ROUNDS, GUN_KEYS, LABELS, TopUser, WeaponComparison, WeaponFigures
from etstats.domain.who import player_mark
from etstats.interactions.reply import Component, Embed, Field, MenuChoice, Message
from etstats.words import Words

LONGEST_KEY = max(map(len, LABELS))
_LINES = 20
_GRENADES = ("GRENADE", "GRENADELAUNCHER")
_COMPARED = 3  # with fewer others there is no usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """*weapon* '': all of them."""

    period: Period
    weapon: str
    today: date

    def asking(self, player: str = "") -> Asking:
        return asking("weapons", player=player, weapon=self.weapon, period=self.period.value)


def card(words: Words, wanted: Wanted, found: Sequence[WeaponFigures], *, guid: str | None) -> Message:
    """*found*: at least one, most kills first."""
    shown = [one for one in found if one.kills or one.shots > 0][:_LINES]
    kills = sum(one.kills for one in found)
    most = found[0]
    told = words(
        "weapons.most", weapon=label(most.weapon), kills=words.count("kill", most.kills),
        share=words.percent(most.kills, kills),
    )  # fmt: skip
    rows = [_head(words), *(_line(words, one, label(one.weapon), one.weapon) for one in shown)]
    embed = Embed(
        title=_title(words, wanted, words("weapons.title")),
        description=f"{told}\n{table(rows)}",
        colour=NEUTRAL,
        footer=words("weapons.footer"),
    )
    own = (button(words("button.my_weapons"), wanted.asking(player_mark(guid)).but()),) if guid else ()
    asked = wanted.asking()
    return Message(
        embeds=(embed,),
        rows=((*period_buttons(words, asked, wanted.period), *own), _menu(words, asked, [one.weapon for one in shown])),
    )


def _title(words: Words, wanted: Wanted, told: str) -> str:
    return " · ".join((told, *part(words, wanted.period, "", wanted.today)))


def label(weapon: str) -> str:
    return LABELS.get(weapon, weapon)


def _head(words: Words, first: str = "weapons.head_weapon") -> str:
    """38 columns."""
    kills, accuracy, headshots, n = (words(f"weapons.head_{one}") for one in ("kills", "acc", "hs", "n"))
    return f"{in_table(words(first), 14)}{kills:>7}{accuracy:>6}{headshots:>5}{n:>6}"


def _line(words: Words, one: WeaponFigures | TopUser, told: str, weapon: str) -> str:
    accuracy, headshots = (_narrow(words, figure) for figure in (_accuracy(one), _headshots(one, weapon)))
    kills, n = cell(words.whole(one.kills), one.kills, 7), sample(words, one.rounds, 6)
    return f"{in_table(told, 14)}{kills}{accuracy:>6}{headshots:>5}{n}"


def _narrow(words: Words, figure: float | None) -> str:
    return words.percent(figure).replace(" ", "").replace("\u00a0", "")


def _accuracy(one: WeaponFigures | WeaponComparison | TopUser) -> float | None:
    """More hits than shots is what a flame or a blast does: no accuracy."""
    return 100 * one.hits / one.shots if 0 < one.shots >= one.hits >= 0 else None


def _headshots(one: WeaponFigures | WeaponComparison | TopUser, weapon: str) -> float | None:
    """Only of what can hit a head: where it never did, 0."""
    return 100 * one.headshots / one.hits if weapon in GUN_KEYS and one.hits > 0 else None


def of_player(words: Words, wanted: Wanted, found: Sequence[WeaponComparison], *, name: str, guid: str) -> Message:
    """*found*: at least one, most kills first. Behind accuracy and headshots stands an arrow: against the median."""
    shown = ([one for one in found if one.kills] or list(found))[:_LINES]
    arrows = [arrow(_accuracy(one), _usual_accuracy(one)) for one in shown if one.rounds >= ENOUGH_ROUNDS]
    known = [one for one in arrows if one]
    told = [words("weapons.better", better=known.count("▲"), all=len(known))] if known else []
    rows = [_head(words), *(_own_row(words, one) for one in shown)]
    embed = Embed(
        title=_title(words, wanted, words("weapons.title_of", name=name)),
        description="\n".join((*told, table(rows))),
        colour=NEUTRAL,
        footer=words("weapons.footer_of", needed=ENOUGH_ROUNDS),
    )
    who = player_mark(guid)
    asked = wanted.asking(who)
    near = (
        button(words("button.all_weapons"), asking("weapons", period=wanted.period.value).but()),
        button(words("button.stats"), asking("stats", player=who, period=wanted.period.value).but()),
    )
    menus = _menu(words, asked, [one.weapon for one in shown])
    return Message(embeds=(embed,), rows=((*period_buttons(words, asked, wanted.period), *near), menus))


def _own_row(words: Words, one: WeaponComparison) -> str:
    """38 columns, as the head; the arrows stand in the columns' own room."""
    accuracy, headshots = _accuracy(one), _headshots(one, one.weapon)
    told = one.rounds >= ENOUGH_ROUNDS
    hits = _narrow(words, accuracy) + (arrow(accuracy, _usual_accuracy(one) if told else None) or " ")
    heads = _narrow(words, headshots) + (arrow(headshots, _usual_headshots(one) if told else None) or " ")
    kills, n = cell(words.whole(one.kills), one.kills, 6), sample(words, one.rounds, 5)
    return f"{in_table(label(one.weapon), 14)}{kills}{hits:>7}{heads:>6}{n}"


def _usual_accuracy(one: WeaponComparison) -> float | None:
    return one.median_accuracy if one.compared_with >= _COMPARED else None


def _usual_headshots(one: WeaponComparison) -> float | None:
    return one.median_headshots if one.compared_with >= _COMPARED and one.weapon in GUN_KEYS else None


def one(
    words: Words,
    wanted: Wanted,
    figures: WeaponFigures,
    own: Sequence[WeaponComparison],
    *,
    name: str,
    guid: str | None,
) -> Message:
    """*own*: the weapons of *name*; '' where it is nobody's business."""
    mine = next((weapon for weapon in own if weapon.weapon == wanted.weapon), None)
    users = (_line(words, user, user.name, figures.weapon) for user in figures.top)
    rows = [_head(words, "weapons.head_player"), *users]
    fields = [Field(name=words("weapons.top"), value=table(rows))] if figures.top else []
    if name:
        told = words("weapons.own_none") if mine is None else _own(words, mine)
        fields.append(Field(name=words("weapons.own", name=name), value=told))
    embed = Embed(
        title=_title(words, wanted, words("weapons.title_one", weapon=label(wanted.weapon))),
        description=_group(words, figures),
        colour=NEUTRAL,
        fields=tuple(fields),
        footer=words("weapons.footer") if mine is None else _compared(words, mine),
    )
    asked = wanted.asking(player_mark(guid) if guid else "")
    every = button(words("button.all_weapons"), asking("weapons", period=wanted.period.value).but())
    return Message(embeds=(embed,), rows=((*period_buttons(words, asked, wanted.period), every),))


def _group(words: Words, figures: WeaponFigures) -> str:
    lines = [
        words("weapons.all", kills=words.count("kill", figures.kills), players=words.count("player", figures.users))
    ]
    lines.append(
        words(
            "weapons.group",
            accuracy=words.percent(_accuracy(figures), decimals=1),
            headshots=words.percent(_headshots(figures, figures.weapon), decimals=1),
            per_round=_per_round(words, figures),
        )
    )
    if figures.weapon in _GRENADES and figures.hits_per_kill is not None:
        lines.append(words("weapons.reach", hits=words.decimal(figures.hits_per_kill, 1)))
    return "\n".join(lines)


def _own(words: Words, mine: WeaponComparison) -> str:
    usual = mine if mine.compared_with >= _COMPARED else None
    return words(
        "weapons.own_line",
        kills=words.count("kill", mine.kills),
        accuracy=words.percent(_accuracy(mine), decimals=1),
        accuracy_usual=words.percent(_usual_accuracy(mine), decimals=1),
        headshots=words.percent(_headshots(mine, mine.weapon), decimals=1),
        headshots_usual=words.percent(_usual_headshots(mine), decimals=1),
        per_round=_per_round(words, mine),
        per_round_usual=words.decimal(usual.median_kills_per_round if usual else None),
        rounds=words.whole(mine.rounds),
    )


def _compared(words: Words, mine: WeaponComparison) -> str:
    if mine.compared_with < _COMPARED:
        return words("weapons.footer")
    return words("weapons.footer_own", players=words.whole(mine.compared_with))


def _per_round(words: Words, one: WeaponFigures | WeaponComparison) -> str:
    return words.decimal(one.kills / one.rounds if one.rounds else None)


def _menu(words: Words, asked: Asking, weapons: Sequence[str]) -> tuple[Component, ...]:
    choices = [MenuChoice(label=label(weapon), value=weapon) for weapon in weapons]
    return menu(asked, "weapon", words("weapons.menu"), choices)
