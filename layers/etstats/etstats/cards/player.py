"""The profile card: a player's career, fighting, support, form against his own usual, weapons and names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from etstats.cards.text import (
    NEUTRAL,
    UNKNOWN,
    count,
    day,
    escaped,
    hours,
    in_table,
    part,
    percent,
    ratio,
    table,
    whole,
)
from etstats.domain.formula import damage_per_minute
from etstats.domain.period import Period
from etstats.domain.player import Alias, Named, Player, Profile, RecentSession, WeaponUse
from etstats.domain.weapon import LABELS
from etstats.interactions.reply import Embed, Field, Message, sentence
from etstats.words import Words

HOW_TO_NAME = "Whose figures? Type `/stats player:` and the beginning of a name, then choose from the list."
NOBODY_YET = "No counted round is stored yet. Play one; it shows up here a minute after it ends."
_STEADY = 0.03  # form within 3 % of the usual is no news


def card(_: Words, profile: Profile, *, period: Period, map: str, today: date) -> Message:
    """*map* '': all of them."""
    player = profile.player
    sums = [_fighting(player), _support(player)]
    fields = [*sums, _form(player, profile.recent), _weapons(profile.weapons), _names(profile.names)]
    embed = Embed(
        title=" · ".join((escaped(player.name), *part(period, map, today))),
        description=f"{_played(player)} · {hours(player.played_s)} in a team\n"
        f"{day(player.first_day)} to {day(player.last_day)}",
        colour=NEUTRAL,
        fields=tuple(field for field in fields if field is not None),
        footer=f"{player.guid} · counted rounds only · n={player.rounds} rounds where no other n is given",
    )
    return Message(embeds=(embed,))


def absent(player: Player, *, period: Period, map: str, today: date) -> Message:
    """He is known, but has no counted round there."""
    where = " · ".join(part(period, map, today)) or "all time"
    return sentence(f"{escaped(player.name)} has no counted round in this part: {where}.")


def _played(player: Player) -> str:
    rounds = count(player.rounds, "round")
    return rounds if player.sessions is None else f"{rounds} in {count(player.sessions, 'session')}"


def unknown(typed: str, near: Sequence[Named]) -> Message:
    """Nobody goes by that name; who might be meant."""
    if not near:
        return sentence(f"Nobody here goes by “{escaped(typed[:60])}”. {HOW_TO_NAME}")
    names = ", ".join(map(_name, near))
    return sentence(f"Nobody here goes by “{escaped(typed[:60])}”. Did you mean {names}? {HOW_TO_NAME}")


def _name(one: Named) -> str:
    now = "" if one.matched == one.name else f" (now {escaped(one.name)})"
    return f"**{escaped(one.matched)}**{now}"


def _fighting(player: Player) -> Field:
    lines = [
        f"**{ratio(player.kills, player.deaths)}** K/D · {whole(player.kills)} / {whole(player.deaths)}",
        f"**{whole(damage_per_minute(player.damage_given, player.played_s))}** damage per minute",
        f"**{percent(player.gun_hits, player.gun_shots, decimals=1)}** gun accuracy · n={player.gun_shots:,} shots",
        f"**{percent(player.gun_headshot_hits, player.gun_hits, decimals=1)}** headshots · n={player.gun_hits:,} hits",
        f"**{percent(player.useful_kills, player.kills)}** useful kills · n={player.kills:,}",
        f"**{whole(player.max_killing_spree)}** longest spree · {whole(player.multikills)} multikills",
    ]
    return Field(name="Fighting", value="\n".join(lines), inline=True)


def _support(player: Player) -> Field:
    revives = whole(player.revives_given) if player.revives_known_rounds else UNKNOWN
    lines = [
        f"**{revives}** revives · known over {count(player.revives_known_rounds, 'round')}",
        f"**{whole(player.times_revived)}** times revived",
        f"**{whole(player.kill_assists)}** assists · **{whole(player.gibs)}** gibs",
        f"**{whole(player.objectives)}** objectives",
        f"**{percent(player.alive_ms, 1000 * (player.played_s or 0))}** of the time alive",
        f"**{whole(player.self_kills)}** self kills",
    ]
    return Field(name="Support", value="\n".join(lines), inline=True)


def _form(player: Player, recent: Sequence[RecentSession]) -> Field | None:
    """The latest sessions, each against the player's usual damage per minute."""
    if not recent:
        return None
    usual = damage_per_minute(player.damage_given, player.played_s)
    rows = [f"{'session':11}{'rounds':>7}{'K/D':>7}{'DPM':>6}"]
    for one in recent:
        dpm = damage_per_minute(one.damage_given, one.played_s)
        when = f"{one.last_at:%Y-%m-%d}"
        rows.append(f"{when:11}{one.rounds:>7}{ratio(one.kills, one.deaths):>7}{whole(dpm):>6} {_trend(dpm, usual)}")
    return Field(name=f"Form · usual DPM {whole(usual)}", value=table(rows))


def _trend(now: float | None, usual: float | None) -> str:
    if now is None or not usual:
        return ""
    change = now / usual - 1
    return "=" if abs(change) < _STEADY else f"{'▲' if change > 0 else '▼'}{abs(change):.0%}"


def _weapons(weapons: Sequence[WeaponUse]) -> Field | None:
    if not weapons:
        return None
    rows = [f"{'weapon':14}{'kills':>6}{'ACC':>6}{'shots':>8}"]
    for one in weapons:
        accuracy = percent(max(one.hits, 0), one.shots) if one.hits <= one.shots else UNKNOWN
        label = in_table(LABELS.get(one.weapon, one.weapon), 14)
        rows.append(f"{label}{one.kills:>6}{accuracy:>6}{whole(max(one.shots, 0)):>8}")
    return Field(name="Weapons", value=table(rows))


def _names(names: Sequence[Alias]) -> Field | None:
    if not names:
        return None
    return Field(name="Also seen as", value=" · ".join(escaped(one.name) for one in names))
