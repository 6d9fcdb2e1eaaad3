"""The maps cards: all maps as a table, one map with its sides and times, a player's maps."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.ask import asking, button, menu
from etstats.cards.figure import cell, change, rate, sample
from etstats.cards.text import NEUTRAL, escaped, in_table, narrow, table
from etstats.domain.formula import damage_per_minute
from etstats.domain.leaderboard import Standing
from etstats.domain.map import MapFigures, PlayerOnMap
from etstats.domain.measure import Measure
from etstats.domain.where import map_mark
from etstats.domain.who import player_mark
from etstats.interactions.reply import Component, Embed, Field, MenuChoice, Message
from etstats.words import UNKNOWN, Words

TOP = 5
_LINES = 20
_LONGEST = 64  # of a map's name, in a line


def card(words: Words, found: Sequence[MapFigures], own: Sequence[PlayerOnMap] | None, *, guid: str | None) -> Message:
    """*found*: at least one, most played first. *own*: the maps of the asker; None: not known who asks."""
    rounds = sum(one.rounds for one in found)
    told = words("maps.summary", maps=words.count("map", len(found)), rounds=words.count("round", rounds))
    mine = None if own is None else {one.map: one for one in own}
    lines = [_head(words, mine is not None), *(_line(words, one, mine) for one in found[:_LINES])]
    embed = Embed(
        title=words("maps.title"),
        description="\n".join((told, table(lines), *_more(words, len(found)))),
        colour=NEUTRAL,
        footer=words("maps.footer") + (words("maps.footer_you") if mine is not None else ""),
    )
    own_maps = button(words("button.my_maps"), asking("maps", player=player_mark(guid)).but()) if guid else None
    return Message(embeds=(embed,), rows=(_menu(words, [one.map for one in found]), (own_maps,) if own_maps else ()))


def _head(words: Words, with_own: bool) -> str:
    n, held, mean, best = (words(f"maps.head_{one}") for one in ("n", "held", "mean", "best"))
    own = f"{words('maps.head_you'):>5}" if with_own else ""
    return f"{in_table(words('maps.head_map'), 14)}{n:>4}{held:>5}{mean:>6}{best:>6}{own}"


def _line(words: Words, one: MapFigures, own: dict[str, PlayerOnMap] | None) -> str:
    """40 columns: name, n, held, mean and best time, the asker's DPM."""
    held = words.percent(one.defended, one.defended + one.completed).replace(" ", "")
    mean, best = words.clock(_whole(one.mean_s)), words.clock(one.fastest_s)
    mine = "" if own is None else narrow(_dpm(own.get(one.map)), 5)
    return f"{in_table(one.map, 14)}{sample(words, one.rounds, 4)}{held:>5}{mean:>6}{best:>6}{mine}"


def of_player(words: Words, guid: str, found: Sequence[PlayerOnMap]) -> Message:
    """*found*: at least one, most played first."""
    name, usual = escaped(found[0].name), _usual(found)
    heads = [words(f"maps.head_{one}") for one in ("n", "won")]
    head = f"{in_table(words('maps.head_map'), 14)}{heads[0]:>4}{'DPM':>5}{'±':>6}{'K/D':>6}{heads[1]:>5}"
    last = words("maps.summary", maps=words.count("map", len(found)), rounds=words.count("round", _rounds(found)))
    lines = [head, *(_own_line(words, one, usual) for one in found[:_LINES])]
    embed = Embed(
        title=words("maps.title_of", name=name),
        description="\n".join((last, table(lines), *_more(words, len(found)))),
        colour=NEUTRAL,
        footer=words("maps.footer_of", dpm=rate(words, usual)),
    )
    who = player_mark(guid)
    near = (
        button(words("button.stats"), asking("stats", player=who).but()),
        button(words("button.all_maps"), asking("maps").but()),
        button(words("button.weapons"), asking("weapons", player=who).but()),
    )
    return Message(embeds=(embed,), rows=(_menu(words, [one.map for one in found], who), near))


def _own_line(words: Words, one: PlayerOnMap, usual: float | None) -> str:
    """40 columns: name, n, DPM, against the own mean, K/D, rounds won."""
    dpm = _dpm(one)
    against = _against(dpm, usual)
    told = cell(change(words, against).replace(" ", ""), 100 * (against or 0), 6)
    won = words.percent(one.wins, one.rounds).replace(" ", "")
    kd = cell(words.ratio(one.kills, one.deaths), one.kills / max(one.deaths, 1), 6)
    return f"{in_table(one.map, 14)}{sample(words, one.rounds, 4)}{narrow(dpm, 5)}{told}{kd}{won:>5}"


def one(
    words: Words, figures: MapFigures, top: Sequence[Standing], own: Sequence[PlayerOnMap], *, name: str
) -> Message:
    """*own*: the maps of *name*; '' where it is nobody's business."""
    fields = [
        Field(name=words("maps.sides"), value=_sides(words, figures)),
        Field(name=words("maps.times"), value=_times(words, figures)),
        Field(name=words("maps.top"), value=_top(words, top)),
    ]
    if name:
        fields.append(Field(name=words("maps.own", name=name), value=_own(words, figures.map, own)))
    told = words("maps.held", share=words.percent(figures.defended, figures.defended + figures.completed),
                 rounds=words.count("round", figures.defended + figures.completed))  # fmt: skip
    embed = Embed(
        title=words("maps.title_of", name=escaped(figures.map[:_LONGEST])),
        description=f"{told}\n{_played(words, figures)}",
        colour=NEUTRAL,
        fields=tuple(fields),
        footer=words("maps.footer_one"),
    )
    return Message(embeds=(embed,), rows=(_near(words, figures.map),))


def _played(words: Words, figures: MapFigures) -> str:
    rounds, maps = words.count("round", figures.rounds), words.count("complete_map", figures.matches)
    return words("maps.played", rounds=rounds, maps=maps, day=words.day(figures.last_at))


def _sides(words: Words, figures: MapFigures) -> str:
    """Who won, and how the rounds ended."""
    decided = figures.axis_wins + figures.allies_wins
    sides = words(
        "maps.axis_allies",
        axis=words.percent(figures.axis_wins, decided),
        allies=words.percent(figures.allies_wins, decided),
        rounds=words.count("round", decided),
    )
    ended = words("maps.completed", completed=figures.completed, held=figures.defended, given_up=figures.given_up)
    left = figures.rounds - figures.completed - figures.defended
    return "\n".join((sides, ended, *([words("maps.undecided", n=left)] if left else [])))


def _times(words: Words, figures: MapFigures) -> str:
    """What was given up, or held, is no time of an attack."""
    lines = []
    if figures.fastest_s is None or figures.fastest_at is None:
        lines.append(words("maps.no_fastest"))
    else:
        time, day = words.clock(figures.fastest_s), words.day(figures.fastest_at)
        lines.append(words("maps.fastest", time=time, day=day))
    if figures.mean_s is not None:
        mean = words.clock(_whole(figures.mean_s))
        shortest, longest = words.clock(figures.shortest_s), words.clock(figures.longest_s)
        lines.append(words("maps.mean", mean=mean, shortest=shortest, longest=longest))
    together = damage_per_minute(figures.damage_given, figures.played_s)
    kills = words.decimal(figures.kills / figures.rounds, 1) if figures.rounds else UNKNOWN
    return "\n".join((*lines, words("maps.pace", dpm=rate(words, together), kills=kills)))


def _top(words: Words, top: Sequence[Standing]) -> str:
    if not top:
        return words("maps.top_nobody")
    rows = [
        f"{one.rank:>2} {in_table(one.name, 20)}{narrow(one.score, 8)}{sample(words, one.rounds, 6)}" for one in top
    ]
    return table([f"{'#':>2} {in_table(words('leaderboard.player'), 20)}{'DPM':>8}{'n':>6}", *rows])


def _own(words: Words, map: str, own: Sequence[PlayerOnMap]) -> str:
    here = next((one for one in own if one.map == map), None)
    if here is None:
        return words("maps.own_none")
    return words(
        "maps.own_line",
        dpm=rate(words, _dpm(here)),
        change=change(words, _against(_dpm(here), _usual(own))),
        kd=words.ratio(here.kills, here.deaths),
        won=words.percent(here.wins, here.rounds),
        rounds=words.whole(here.rounds),
    )


def _dpm(one: PlayerOnMap | None) -> float | None:
    return None if one is None else damage_per_minute(one.damage_given, one.played_s)


def _usual(maps: Sequence[PlayerOnMap]) -> float | None:
    """Over all of somebody's maps."""
    known = [one for one in maps if one.damage_given is not None]
    return damage_per_minute(sum(one.damage_given or 0 for one in known), sum(one.played_s or 0 for one in known))


def _against(figure: float | None, usual: float | None) -> float | None:
    return figure / usual - 1 if figure is not None and usual else None


def _rounds(maps: Sequence[PlayerOnMap]) -> int:
    return sum(one.rounds for one in maps)


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _more(words: Words, maps: int) -> list[str]:
    return [words("maps.more", n=maps - _LINES)] if maps > _LINES else []


def _menu(words: Words, maps: Sequence[str], player: str = "") -> tuple[Component, ...]:
    choices = [MenuChoice(label=map, value=map_mark(map)) for map in maps]
    return menu(asking("maps", player=player), "map", words("maps.menu"), choices)


def _near(words: Words, map: str) -> tuple[Component, ...]:
    return (
        button(words("button.all_maps"), asking("maps").but()),
        button(words("button.leaderboard"), asking("leaderboard", stat=Measure.DPM.value, map=map_mark(map)).but()),
        button(words("button.records"), asking("records", map=map_mark(map)).but()),
    )
