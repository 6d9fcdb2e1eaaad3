"""What a demo tells of the round it shows, held against what that round's files say.

A demo is a source like the others: where it says otherwise the grade is a C at worst. It is asked for no more than it
can know: of a part of a round, what the lines must hold at least; of hits, only where everybody is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etstats.domain.trust import CLOCK_S, Check, Doubt, Grade, Mark, Origin, Trust, grade_of, held_against
from etstats.domain.weapon import COUNTED_AS, GUN_KEYS

# Raised when what is kept of a demo means something else; what an older version kept is not used.
TESTIMONY_VERSION = 1
# of bullets, as a share: impacts are told by things that last for moments, and no count of a real round is known to us
_BULLETS_MISSED = 0.05
# in one hand a knife is a knife, and one gun on a stand like another
_ALIKE = {"KNIFE_KBAR": "KNIFE", "BROWNING": "MG42"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A player as the demo names him. *hits*, *head_hits*: of enemies by guns; None: it does not tell."""

    client: int
    name: str
    hits: int | None = None
    head_hits: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Killing:
    """How often *attacker* killed his enemy *victim* by *means*, in the mod's word."""

    attacker: int
    victim: int
    means: str
    kills: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """Of one round alone, the longest in a demo. *whole*: from its beginning to its end, with nothing lost between.
    *duration_s*: None where it is not whole, or where the match stood still."""

    whole: bool
    everybody: bool
    duration_s: int | None
    players: tuple[Witness, ...]
    kills: tuple[Killing, ...]

    def kills_by_name(self) -> dict[str, int]:
        """Of everybody in it, by whatever means."""
        tally: Counter[int] = Counter()
        for one in self.kills:
            tally[one.attacker] += one.kills
        return {player.name: tally[player.client] for player in self.players}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of the round. *weapons*: kills by weapon. None: not known."""

    line: int
    name: str
    kills: int | None
    deaths: int | None
    gun_hits: int | None
    gun_headshot_hits: int | None
    weapons: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDuel:
    subject: str
    opponent: str
    kills: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What a round's files say, and what they alone came to. *duration_s*: None where it is only the limit. *duels*:
    none where it is not certain whose they are. *usable*: there are figures to compare."""

    usable: bool
    duration_s: int | None
    lines: tuple[Told, ...]
    duels: tuple[ToldDuel, ...]
    checks: tuple[Check, ...]
    doubts: frozenset[Doubt]


def most_complete(testimonies: Iterable[tuple[str, Testimony]]) -> tuple[str, Testimony] | None:
    """Of several demos, by their SHA-256, the one that counts."""

    def saw(one: tuple[str, Testimony]) -> tuple[object, ...]:
        sha256, told = one
        return told.whole, told.everybody, sum(killing.kills for killing in told.kills), sha256

    return max(testimonies, key=saw, default=None)


def judged(files: Files, told: Testimony | None) -> Trust:
    """The round's trust with what a demo tells, or without any. The marks are the demo's alone."""
    if told is None or not files.usable:
        return Trust(grade=_grade(files, files.checks), checks=files.checks, marks=())
    found = _Comparison(files, told)
    checks = (*files.checks, *found.checks())
    return Trust(grade=_grade(files, checks), checks=checks, marks=tuple(found.marks()))


def _grade(files: Files, checks: Sequence[Check]) -> Grade:
    return grade_of(checks, files.doubts) if files.usable else Grade.D


class _Comparison:
    """By names that one player alone has on both sides; sums are about everybody."""

    def __init__(self, files: Files, told: Testimony) -> None:
        self._files, self._told = files, told
        counted = [one for one in told.kills if one.means in COUNTED_AS]
        self._kills = _summed(counted, lambda one: one.attacker)
        self._deaths = _summed(counted, lambda one: one.victim)
        self._weapons = _summed(counted, lambda one: (one.attacker, _alike(COUNTED_AS[one.means])))
        self._pairs = _summed(counted, lambda one: (one.attacker, one.victim))
        here = _alone((player.name, player) for player in told.players)
        lines = _alone((line.name, line) for line in files.lines)
        self._both = [(here[name], line) for name, line in lines.items() if name in here]

    def checks(self) -> list[Check]:
        if not self._told.whole:
            return [self._part()]
        exact = [self._all_kills(), self._players(), self._deaths_of(), self._by_weapon()]
        duration = self._held("demo_duration", "seconds by the demo and by the stats file", self._told.duration_s,
                              self._files.duration_s, allowed=CLOCK_S)  # fmt: skip
        return [*exact, *self._duels(), *self._bullets(), duration]

    def marks(self) -> Iterable[Mark]:
        """On lines of which the demo knows other kills or deaths. They cost nothing themselves: the checks do."""
        for player, line in self._both:
            for what, seen, said in (
                ("kills", self._kills[player.client], line.kills), ("deaths", self._deaths[player.client], line.deaths),
            ):  # fmt: skip
                if said is not None and (seen > said or (self._told.whole and seen != said)):
                    yield Mark(
                        line=line.line, code=f"demo_{what}", says=f"the demo shows {seen} {what}, the line says {said}",
                        doubt=Doubt.NONE,
                    )  # fmt: skip

    def _held(self, code: str, compared: str, one: int | None, other: int | None, *, allowed: int = 0) -> Check:
        return held_against(code, compared, one, other, origin=Origin.DEMO, allowed=allowed)

    def _apart(self, code: str, compared: str, pairs: Iterable[tuple[int, int | None]], *, allowed: float = 0) -> Check:
        """Of figures that the demo and the lines tell: the sum of the differences, against the sum."""
        known = [(seen, said) for seen, said in pairs if said is not None]
        seen_all = sum(seen for seen, _ in known)
        apart = sum(abs(seen - said) for seen, said in known)
        other = None if not known else seen_all
        return self._held(code, compared, seen_all + apart, other, allowed=int(allowed * seen_all))

    def _part(self) -> Check:
        """What the demo saw and no line holds."""
        pairs = [(self._kills[player.client], line.kills) for player, line in self._both]
        held = ((seen, None if said is None else min(seen, said)) for seen, said in pairs)
        return self._apart("demo_part", "each player's kills in a part of the round and in his line", held)

    def _all_kills(self) -> Check:
        said = [line.kills for line in self._files.lines]
        known = None if None in said else sum(kills for kills in said if kills is not None)
        return self._held("demo_kills", "kills in the demo and in the lines", self._kills.total(), known)

    def _players(self) -> Check:
        return self._apart("demo_players", "each player's kills in the demo and in his line",
                           ((self._kills[player.client], line.kills) for player, line in self._both))  # fmt: skip

    def _deaths_of(self) -> Check:
        return self._apart("demo_deaths", "each player's deaths in the demo and in his line",
                           ((self._deaths[player.client], line.deaths) for player, line in self._both))  # fmt: skip

    def _by_weapon(self) -> Check:
        def pairs() -> Iterable[tuple[int, int | None]]:
            for player, line in self._both:
                said: Counter[str] = Counter()
                for weapon, kills in line.weapons.items():
                    said[_alike(weapon)] += kills
                used = said.keys() | {weapon for client, weapon in self._weapons if client == player.client}
                yield from ((self._weapons[player.client, weapon], said[weapon]) for weapon in used)

        return self._apart("demo_weapons", "each player's kills by each weapon in the demo and in his line", pairs())

    def _duels(self) -> Iterable[Check]:
        """Only where the duels are of this round alone, as the lines are."""
        said = {(duel.subject, duel.opponent): duel.kills for duel in self._files.duels}
        in_lines = sum(line.kills or 0 for line in self._files.lines)
        if said and sum(said.values()) == in_lines:
            clients = {player.name: player.client for player, _ in self._both}
            pairs = [
                (self._pairs[clients[one], clients[other]], said.get((one, other), 0))
                for one in clients for other in clients if one != other
            ]  # fmt: skip
            yield self._apart("demo_duels", "who killed whom in the demo and in the endstats file", pairs)

    def _bullets(self) -> Iterable[Check]:
        figures: tuple[tuple[str, str, Callable[[Witness], int | None], Callable[[Told], int | None]], ...] = (
            ("demo_hits", "hits", lambda seen: seen.hits, lambda line: line.gun_hits),
            ("demo_heads", "head hits", lambda seen: seen.head_hits, lambda line: line.gun_headshot_hits),
        )
        for code, what, seen_of, said_of in figures:
            pairs = [(seen, said_of(line)) for one, line in self._both if (seen := seen_of(one)) is not None]
            if pairs:
                compared = f"each player's {what} in the demo and in his line"
                yield self._apart(code, compared, pairs, allowed=_BULLETS_MISSED)


def _alike(weapon: str) -> str:
    return _ALIKE.get(weapon, weapon)


def _summed(kills: Iterable[Killing], by: Callable[[Killing], Any]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for one in kills:
        found[by(one)] += one.kills
    return found


def _alone(named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """By names that one alone has."""
    listed = list(named)
    times = Counter(name for name, _ in listed)
    return {name: one for name, one in listed if times[name] == 1}


def is_gun(weapon_name: str | None) -> bool:
    """Whether hits by this weapon, in a demo's word, are among a line's hits by guns."""
    return COUNTED_AS.get(weapon_name or "") in GUN_KEYS
