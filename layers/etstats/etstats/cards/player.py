"""The profile card: a player's form against his own usual, then his figures with his place in the group by each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from etstats.cards.ask import asking, button, period_buttons
from etstats.cards.figure import bars, cell, change, name, rate, sample, value
from etstats.cards.picture.percentile import RankedFigure, RankedPlayer
from etstats.cards.text import NEUTRAL, UNKNOWN, escaped, in_table, part, part_or_all, plain, table
from etstats.domain.form import damage_form
from etstats.domain.formula import damage_per_minute
from etstats.domain.leaderboard import Ranking
from etstats.domain.map import PlayerOnMap
from etstats.domain.measure import Measure
from etstats.domain.period import Period
from etstats.domain.player import Alias, Player, Profile, RecentSession, WeaponUse, best_and_worst
from etstats.domain.total import figure_of, sample_of
from etstats.domain.weapon import GUN_KEYS, LABELS
from etstats.domain.where import map_mark
from etstats.domain.who import player_mark
from etstats.interactions.reply import Button, Embed, Field, Message
from etstats.words import Words

COMBAT = (
    *(Measure.DPM, Measure.KD, Measure.ACCURACY, Measure.HEADSHOTS, Measure.USEFUL, Measure.KILLS, Measure.SPREE),
    Measure.MULTIKILLS,
)
SUPPORT = (Measure.REVIVES, Measure.ASSISTS, Measure.GIBS, Measure.SURVIVAL, Measure.DISCIPLINE)
OBJECTIVES = (Measure.OBJECTIVES, Measure.WINS)
RANKED = (*COMBAT, *SUPPORT, *OBJECTIVES)
DRAWN = (
    *(Measure.DPM, Measure.KD, Measure.ACCURACY, Measure.HEADSHOTS, Measure.USEFUL, Measure.SURVIVAL),
    *(Measure.REVIVES, Measure.GIBS, Measure.OBJECTIVES, Measure.WINS),
)
_MAP_ROUNDS = 3  # fewer tell nothing about a map

Ranks = Mapping[Measure, Ranking]


def card(words: Words, profile: Profile, *, period: Period, map: str, today: date, drawn: bool = False) -> Message:
    """*map* '': all of them. *profile*: with the rankings by each of `RANKED`. *drawn*: a picture stands below."""
    player, ranks = profile.player, {one.measure: one for one in profile.rankings}
    fields = [
        Field(name=words("stats.combat"), value=_figures(words, player, ranks, COMBAT)),
        Field(name=words("stats.support"), value=_support(words, player, ranks)),
        Field(name=words("stats.objectives"), value=_objectives(words, player, ranks)),
        _weapons(words, profile.weapons),
        _maps(words, player, profile.maps),
    ]
    embed = Embed(
        title=" · ".join((escaped(player.name), *part(words, period, map, today))),
        description="\n".join(_told(words, profile)),
        colour=NEUTRAL,
        fields=tuple(field for field in fields if field is not None),
        footer=_footer(words, profile),
    )
    return Message(embeds=(embed,), rows=_rows(words, player, period, map, drawn=drawn))


def picture(words: Words, profile: Profile, *, period: Period, map: str, today: date) -> RankedPlayer:
    """Where the player stands by each of `DRAWN`."""
    player, ranks = profile.player, {one.measure: one for one in profile.rankings}
    return RankedPlayer(
        name=player.name,
        subtitle=part_or_all(words, period, "", today) + (f" · {plain(map)}" if map else ""),
        footer=words(
            "stats.picture_footer", players=words.whole(max((one.listed for one in profile.rankings), default=0))
        ),
        figures=tuple(_ranked(words, player, ranks.get(measure), measure) for measure in DRAWN),
    )


def _ranked(words: Words, player: Player, known: Ranking | None, measure: Measure) -> RankedFigure:
    rank = known.rank if known is not None else None
    rests_on = words("stats.picture_n", n=words.whole(sample_of(player, measure)))
    if known is not None and rank is None:
        rests_on = words("stats.picture_needs", needed=known.enough_rounds, has=words.whole(player.rounds))
    return RankedFigure(
        label=name(words, measure),
        text=value(words, measure, figure_of(player, measure)),
        sample=rests_on,
        rank=rank,
        ranked=known.listed if known is not None else 0,
    )


def _told(words: Words, profile: Profile) -> list[str]:
    player = profile.player
    counted = {
        "rounds": words.count("round", player.rounds),
        "hours": words.hours(player.played_s),
        "won": words.percent(player.wins, player.rounds),
    }
    played = (
        words("stats.played_on_map", **counted)
        if player.sessions is None
        else words("stats.played", **counted, sessions=words.count("session", player.sessions))
    )
    return [*_form(words, profile.recent), played, _span(words, player), *_needs(words, player, profile.rankings)]


def _span(words: Words, player: Player) -> str:
    first, last = words.day(player.first_day), words.day(player.last_day)
    return last if first == last else words("stats.span", first=first, last=last)


def _needs(words: Words, player: Player, rankings: Sequence[Ranking]) -> list[str]:
    """What it takes to have a rank by everything."""
    needed = max((one.enough_rounds for one in rankings if one.rank is None), default=0)
    if needed <= player.rounds:
        return []
    needs = words("figures.needs", needed=words.count("round", needed), has=words.whole(player.rounds))
    return [words("stats.unranked", needs=needs)]


def _form(words: Words, recent: Sequence[RecentSession]) -> list[str]:
    """The last session against those before it, and all of them as a line of bars."""
    found = damage_form(recent)
    if found.now is None:
        return []
    now, usual = rate(words, found.now), rate(words, found.usual)
    if found.verdict is None:
        return [words("stats.form_first", now=now)]
    by = words.percent(100 * abs(found.change or 0))
    line = words(f"stats.form_{found.verdict.value}", change=by, now=now, usual=usual)
    shown = bars([damage_per_minute(one.damage_given, one.played_s) for one in reversed(recent)])
    return [line, words("stats.form_line", bars=shown, sessions=words.count("session", len(recent)))]


def _figures(words: Words, player: Player, ranks: Ranks, measures: Iterable[Measure]) -> str:
    return table([_head(words), *(_line(words, player, ranks, measure) for measure in measures)])


def _support(words: Words, player: Player, ranks: Ranks) -> str:
    revives, *others = (_line(words, player, ranks, measure) for measure in SUPPORT)
    revived = _row(words, words("stats.revived"), _count(words, player.times_revived), "", player.events_known_rounds)
    return table([_head(words), revives, revived, *others])


def _objectives(words: Words, player: Player, ranks: Ranks) -> str:
    lines = [_line(words, player, ranks, measure) for measure in OBJECTIVES]
    built = _count(words, player.repairs_constructions)
    return table([_head(words), *lines, _row(words, words("stats.built"), built, "", player.repairs_known_rounds)])


def _head(words: Words) -> str:
    return f"{'':13}{words('stats.head_value'):>9}{words('stats.head_rank'):>9}{words('stats.head_n'):>7}"


def _line(words: Words, player: Player, ranks: Ranks, measure: Measure) -> str:
    figure, known = figure_of(player, measure), ranks.get(measure)
    rank = UNKNOWN if known is None or known.rank is None else _rank(known.rank, known.listed)
    shown = cell(value(words, measure, figure), figure, 9)
    return _row(words, words(f"measure_short.{measure.value}"), shown, rank, sample_of(player, measure))


def _rank(rank: int, listed: int) -> str:
    """#3/14; of very many, the rank alone."""
    whole = f"#{rank}/{listed}"
    return whole if len(whole) < 9 else f"#{rank}"


def _count(words: Words, number: int | None) -> str:
    return cell(words.whole(number), number, 9)


def _row(words: Words, label: str, shown: str, rank: str, n: int) -> str:
    """38 columns: *shown* has 9 of them."""
    return f"{in_table(label, 13)}{shown}{rank:>9}{sample(words, n, 7)}"


def _weapons(words: Words, weapons: Sequence[WeaponUse]) -> Field | None:
    if not weapons:
        return None
    heads = [words(f"weapons.head_{head}") for head in ("kills", "acc", "hs", "n")]
    rows = [f"{in_table(words('weapons.head_weapon'), 14)}{heads[0]:>6}{heads[1]:>7}{heads[2]:>6}{heads[3]:>5}"]
    for one in weapons:
        accuracy = words.percent(max(one.hits, 0), one.shots) if one.hits <= one.shots else UNKNOWN
        headshots = words.percent(one.headshots, one.hits) if one.weapon in GUN_KEYS else UNKNOWN
        label = in_table(LABELS.get(one.weapon, one.weapon), 14)
        kills, n = cell(words.whole(one.kills), one.kills, 6), sample(words, one.rounds, 5)
        rows.append(f"{label}{kills}{accuracy:>7}{headshots:>6}{n}")
    return Field(name=words("stats.weapons"), value=table(rows))


def _maps(words: Words, player: Player, maps: Sequence[PlayerOnMap]) -> Field | None:
    if not maps:
        return None
    best, worst = best_and_worst(maps, rounds=_MAP_ROUNDS)
    if best is None or worst is None:
        told = words("stats.maps_too_few", needed=words.count("round", _MAP_ROUNDS))
    else:
        told = "\n".join((_map(words, player, "best_map", best), _map(words, player, "worst_map", worst)))
    return Field(name=words("stats.maps"), value=told)


def _map(words: Words, player: Player, key: str, one: PlayerOnMap) -> str:
    there, usual = damage_per_minute(one.damage_given, one.played_s), figure_of(player, Measure.DPM)
    against = there / usual - 1 if there is not None and usual else None
    shown = {"map": escaped(one.map[:64]), "dpm": rate(words, there), "change": change(words, against)}
    return words(f"stats.{key}", **shown, rounds=words.whole(one.rounds))


def _footer(words: Words, profile: Profile) -> str:
    player = profile.player
    told = words("stats.footer", guid=player.guid, rounds=words.whole(player.rounds))
    return f"{told}\n{_also(words, profile.names)}" if profile.names else told


def _also(words: Words, names: Sequence[Alias]) -> str:
    return words("stats.also", names=" · ".join(plain(one.name) for one in names))


def _rows(words: Words, player: Player, period: Period, map: str, *, drawn: bool) -> tuple[tuple[Button, ...], ...]:
    who = player_mark(player.guid)
    asked = asking("stats", player=who, period=period.value, map=map_mark(map))
    near = (
        button(words("button.maps"), asking("maps", player=who).but()),
        button(words("button.weapons"), asking("weapons", player=who, period=period.value).but()),
        button(words("button.form"), asking("form", player=who).but()),
        button(words("button.compare"), asking("compare", a=who, period=period.value).but()),
    )
    drawing = button(words("button.picture"), asked.but(picture="true"), chosen=drawn)
    return (*period_buttons(words, asked, period), drawing), near
