"""The weapons view: what the evening was fought with, and what everybody kills with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etstats.cards import evening as told
from etstats.cards.session.view import View
from etstats.cards.text import in_table, narrow, table
from etstats.domain.evening import Evening, WeaponLine
from etstats.domain.weapon import GUN_KEYS, LABELS
from etstats.interactions.reply import Embed
from etstats.words import UNKNOWN, Words

_WEAPONS, _PLAYERS = 14, 32


def card(words: Words, evening: Evening, lines: Sequence[WeaponLine]) -> Embed:
    """*lines*: most kills first."""
    session = evening.session
    killing = [line for line in lines if line.kills > 0]
    short = evening.short_names
    parts = (
        [_weapons(words, lines, short), _favourites(words, killing, short)] if killing else [words("session.nobody")]
    )
    basis = words("session.basis", rounds=words.count("counting_round", session.counted_rounds))
    return Embed(
        title=told.title(words, session, words(f"session.view_{View.WEAPONS.value}")),
        description="\n".join(parts),
        colour=told.colour(session),
        footer=f"{basis} · {words.count('player', len(evening.lines))}\n{words('session.legend_weapons')}",
    )


def _weapons(words: Words, lines: Sequence[WeaponLine], short: Mapping[str, str]) -> str:
    """40 columns: weapon, kills, accuracy and head hits of guns, who killed most with it. Weapons that killed, each
    with the shots of everybody who used it."""
    of_weapon: dict[str, list[WeaponLine]] = {}
    for line in lines:
        of_weapon.setdefault(line.weapon, []).append(line)
    kills_with = {weapon: sum(one.kills for one in used) for weapon, used in of_weapon.items()}
    ranked = sorted((weapon for weapon in of_weapon if kills_with[weapon] > 0), key=lambda one: (-kills_with[one], one))
    rows = [f"{words('session.weapon'):12}{'K':>4}{'ACC':>5}{'HS':>5} {words('session.best')}"]
    for weapon in ranked[:_WEAPONS]:
        used = of_weapon[weapon]
        kills = narrow(kills_with[weapon], 4)
        best = f"{in_table(short.get(used[0].name, used[0].name), 9)}{narrow(used[0].kills, 4)}"
        rows.append(f"{in_table(LABELS.get(weapon, weapon), 12)}{kills}{_rates(words, weapon, used)} {best}")
    return table(rows)


def _rates(words: Words, weapon: str, used: Sequence[WeaponLine]) -> str:
    """Only guns aim: a grenade's hits are more than its shots."""
    if weapon not in GUN_KEYS:
        return f"{UNKNOWN:>5}{UNKNOWN:>5}"
    hits, shots, heads = (sum(getattr(one, name) for one in used) for name in ("hits", "shots", "headshots"))
    return f"{words.percent(hits, shots):>5}{words.percent(heads, hits):>5}"


def _favourites(words: Words, lines: Sequence[WeaponLine], short: Mapping[str, str]) -> str:
    """40 columns: everybody with the weapon he killed most with."""
    favourite: dict[str, WeaponLine] = {}
    for line in lines:
        favourite.setdefault(line.guid, line)
    rows = [f"{words('session.player'):13}{words('session.weapon'):13}{'K':>4}{'ACC':>5}{'HS':>5}"]
    for line in list(favourite.values())[:_PLAYERS]:
        name, weapon = short.get(line.name, line.name), LABELS.get(line.weapon, line.weapon)
        figures = narrow(line.kills, 4) + _rates(words, line.weapon, [line])
        rows.append(f"{in_table(name, 12)} {in_table(weapon, 13)}{figures}")
    return table(rows) + told.more(words, "player", len(favourite) - _PLAYERS)
