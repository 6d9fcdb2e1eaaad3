"""The profile card: a player's form against his own usual, then his figures with his place in the group by each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from etstats.cards.ask import asking, button, period_buttons
from etstats.cards.figure import bars, change, rate, value
from etstats.cards.text import NEUTRAL, UNKNOWN, escaped, in_table, part, plain, table
from etstats.domain.form import damage_form
from etstats.domain.formula import damage_per_minute
from etstats.domain.leaderboard import Ranking
from etstats.domain.map import PlayerOnMap, mark
from etstats.domain.measure import Measure
from etstats.domain.period import Period
from etstats.domain.player import Alias, Player, Profile, RecentSession, WeaponUse, best_and_worst, player_mark
from etstats.domain.total import figure_of, sample_of
from etstats.domain.weapon import LABELS
from etstats.interactions.reply import Button, Embed, Field, Message
from etstats.words import Words

COMBAT = (
    *(Measure.DPM, Measure.KD, Measure.ACCURACY, Measure.HEADSHOTS, Measure.USEFUL, Measure.KILLS, Measure.SPREE),
    Measure.MULTIKILLS,
)
SUPPORT = (Measure.REVIVES, Measure.ASSISTS, Measure.GIBS, Measure.SURVIVAL, Measure.DISCIPLINE)
OBJECTIVES = (Measure.OBJECTIVES, Measure.WINS)
RANKED = (*COMBAT, *SUPPORT, *OBJECTIVES)
_MAP_ROUNDS = 3  # fewer tell nothing about a map

Ranks = Mapping[Measure, Ranking]


def card(
    words: Words, profile: Profile, rankings: Sequence[Ranking], *, period: Period, map: str, today: date
) -> Message:
    """*map* '': all of them. *rankings*: by each of `RANKED`."""
    player, ranks = profile.player, {one.measure: one for one in rankings}
    fields = [
        Field(name=words("stats.combat"), value=_figures(words, player, ranks, COMBAT)),
        Field(name=words("stats.support"), value=_support(words, player, ranks)),
        Field(name=words("stats.objectives"), value=_objectives(words, player, ranks)),
        _weapons(words, profile.weapons),
        _maps(words, player, profile.maps),
    ]
    embed = Embed(
        title=" · ".join((escaped(player.name), *part(words, period, map, today))),
        description="\n".join(_told(words, profile, rankings)),
        colour=NEUTRAL,
        fields=tuple(field for field in fields if field is not None),
        footer=_footer(words, profile),
    )
    return Message(embeds=(embed,), rows=_rows(words, player, period, map))


def _told(words: Words, profile: Profile, rankings: Sequence[Ranking]) -> list[str]:
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
    return [*_form(words, profile.recent), played, _span(words, player), *_needs(words, player, rankings)]


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
    revived = _row(words("stats.revived"), words.whole(player.times_revived), "", words.thousands(player.rounds))
    return table([_head(words), revives, revived, *others])


def _objectives(words: Words, player: Player, ranks: Ranks) -> str:
    lines = [_line(words, player, ranks, measure) for measure in OBJECTIVES]
    built = words.whole(player.repairs_constructions)
    return table([_head(words), *lines, _row(words("stats.built"), built, "", words.thousands(player.rounds))])


def _head(words: Words) -> str:
    return _row("", words("stats.head_value"), words("stats.head_rank"), words("stats.head_n"))


def _line(words: Words, player: Player, ranks: Ranks, measure: Measure) -> str:
    shown = value(words, measure, figure_of(player, measure))
    known = ranks.get(measure)
    rank = UNKNOWN if known is None or known.rank is None else f"#{known.rank}/{known.listed}"
    return _row(words(f"measure_short.{measure.value}"), shown, rank, words.thousands(sample_of(player, measure)))


def _row(label: str, shown: str, rank: str, n: str) -> str:
    """38 columns."""
    return f"{in_table(label, 13)}{shown:>9}{rank:>9}{n:>7}" if label else f"{'':13}{shown:>9}{rank:>9}{n:>7}"


def _weapons(words: Words, weapons: Sequence[WeaponUse]) -> Field | None:
    if not weapons:
        return None
    heads = [words(f"weapons.head_{head}") for head in ("kills", "acc", "hs", "n")]
    rows = [f"{in_table(words('weapons.head_weapon'), 14)}{heads[0]:>6}{heads[1]:>7}{heads[2]:>6}{heads[3]:>5}"]
    for one in weapons:
        accuracy = words.percent(max(one.hits, 0), one.shots) if one.hits <= one.shots else UNKNOWN
        headshots = words.percent(one.headshots, one.hits) if one.headshots else UNKNOWN
        label = in_table(LABELS.get(one.weapon, one.weapon), 14)
        rows.append(f"{label}{words.whole(one.kills):>6}{accuracy:>7}{headshots:>6}{words.thousands(one.rounds):>5}")
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


def _rows(words: Words, player: Player, period: Period, map: str) -> tuple[tuple[Button, ...], ...]:
    who = player_mark(player.guid)
    asked = asking("stats", player=who, period=period.value, map=mark(map))
    near = (
        button(words("button.maps"), asking("maps", player=who).but()),
        button(words("button.weapons"), asking("weapons", player=who, period=period.value).but()),
        button(words("button.form"), asking("form", player=who).but()),
        button(words("button.compare"), asking("compare", a=who, period=period.value).but()),
    )
    return period_buttons(words, asked, period), near
