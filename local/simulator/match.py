"""One map in stopwatch: the first attack, the second attack against its time, and what may go wrong around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from local.simulator import planted
from local.simulator.chronicle import Moment
from local.simulator.fighter import Fighter
from local.simulator.maps import GameMap, Step
from local.simulator.plan import Feature, MapPlan
from local.simulator.planted import Planted
from local.simulator.roster import Person, PlayerName
from local.simulator.round import Entry, play
from local.simulator.tally import SHOTS, Tally
from local.simulator.truth import Outcome, Role
from local.simulator.weapons import KNIFE
from local.simulator.writer import PlayerLine

SPECTATOR = 3
_SHORTEST_FIRST_S, _SHORTEST_SECOND_S = 138, 100
_WORTH_GIVING_UP_S = 240
"""A first attack takes at least this long when the second one is to be given up."""
_PERSONAL_SECOND = {Feature.LATE_JOINER, Feature.LEAVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedRound:
    """A round that was played. *file_number* is what its file says, None when the file is lost; *idle_s*: seconds
    between the end of the round before and its start; *team_on* names the team (A, B) on each side."""

    game_map: GameMap
    number: int
    file_number: int | None
    role: Role
    outcome: Outcome
    limit_s: int
    duration_ms: int
    idle_s: int
    team_on: Mapping[int, str]
    fighters: Sequence[Fighter]
    lines: Sequence[PlayerLine]
    chronicle: Sequence[Moment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Who meets whom: the people of both teams, the side each team starts on, and what everybody is called."""

    plan: MapPlan
    teams: Mapping[str, Sequence[Person]]
    side_of: Mapping[str, int]
    called: Mapping[int, PlayerName]
    renamed: Mapping[int, PlayerName]
    """What they are called in the second round."""
    counter: int
    """Completed rounds the game remembers at the start: 1 when the same map was just played."""


def play_map(setting: Setting, rng: Random) -> list[PlayedRound]:
    """All rounds of one map in the order they were played."""
    features = setting.plan.features
    played = []
    if Feature.REPLACED_ROUND in features:
        played.append(_replaced(setting, rng))
    elif Feature.ABORTED_ROUND in features:
        played.append(_aborted(setting, rng))
        setting = replace(setting, counter=setting.counter + 1)
    absentee = _absentee(setting, rng)
    reconnect_in = rng.choice((1, 2)) if Feature.RECONNECT in features else 0
    first = _first(setting, absentee, reconnect_in == 1, rng)
    played.append(first)
    if Feature.MISSING_ROUND_2 not in features:
        played.append(_second(setting, first, absentee, reconnect_in == 2, rng))
    return played


def play_planned(setting: Setting) -> tuple[PlayedRound, tuple[Planted, ...]]:
    """A first attack that is held, with every kind of highlight in it; nobody plays the second."""
    fighters, chronicle, planted_in_it = planted.play(_entries(setting, Random(0)))
    played = PlayedRound(
        game_map=planted.MAP, number=1, file_number=1, role=Role.FIRST_WITHOUT_SECOND, outcome=Outcome.HELD,
        limit_s=planted.MAP.limit_s, duration_ms=1000 * planted.MAP.limit_s, idle_s=60,
        team_on=_team_on(setting, swapped=False), fighters=fighters,
        lines=[_line(fighter, setting.called, setting.counter) for fighter in fighters], chronicle=chronicle,
    )  # fmt: skip
    return played, planted_in_it


def _absentee(setting: Setting, rng: Random) -> Person | None:
    """Who misses one of the two rounds."""
    if not setting.plan.features & _PERSONAL_SECOND:
        return None
    return rng.choice(setting.teams[rng.choice("AB")])


def _entries(
    setting: Setting, rng: Random, *, swapped: bool = False, without: Person | None = None, shaky: bool = False
) -> list[Entry]:
    entries = [
        Entry(person=person, side=3 - setting.side_of[team] if swapped else setting.side_of[team])
        for team in ("A", "B")
        for person in setting.teams[team]
        if person is not without
    ]
    if shaky:
        index = int(rng.random() * len(entries))
        entries[index] = replace(entries[index], reconnects_ms=30_000 + int(60_000 * rng.random()))
    return entries


def _team_on(setting: Setting, *, swapped: bool) -> dict[int, str]:
    return {3 - side if swapped else side: team for team, side in setting.side_of.items()}


def _first(setting: Setting, absentee: Person | None, shaky: bool, rng: Random) -> PlayedRound:
    features = setting.plan.features
    late = absentee if Feature.LATE_JOINER in features else None
    outcome = setting.plan.outcomes[0] or _drawn(rng, completed=0.84, given_up=0.04)
    lost = Feature.MISSING_ROUND_1 in features
    role = Role.FIRST_WITHOUT_SECOND if Feature.MISSING_ROUND_2 in features else Role.LOST_FIRST if lost else Role.FIRST
    shortest_s = _WORTH_GIVING_UP_S if Feature.GIVEN_UP in features else _SHORTEST_FIRST_S
    limit_s = setting.plan.game_map.limit_s
    duration_ms = _duration_ms(setting.plan.game_map, outcome, limit_s=limit_s, shortest_s=shortest_s, rng=rng)
    entries = _entries(setting, rng, without=late, shaky=shaky)
    attack = _attack(setting, role, outcome, entries=entries, duration_ms=duration_ms, rng=rng)
    return replace(attack, file_number=None) if lost else attack


def _replaced(setting: Setting, rng: Random) -> PlayedRound:
    """A first round while people are still missing; its attackers never get far."""
    entries = _entries(replace(setting, teams={team: people[:-1] for team, people in setting.teams.items()}), rng)
    game_map, outcome = setting.plan.game_map, Outcome.GIVEN_UP
    duration_ms = _duration_ms(game_map, outcome, limit_s=game_map.limit_s, shortest_s=_SHORTEST_FIRST_S, rng=rng)
    return _attack(setting, Role.REPLACED_FIRST, outcome, entries=entries, duration_ms=duration_ms, rng=rng)


def _aborted(setting: Setting, rng: Random) -> PlayedRound:
    """Broken off by a map change; the writer then names it after the opposite round."""
    entries, duration_ms = _entries(setting, rng), 45_000 + int(45_000 * rng.random())
    attack = _attack(setting, Role.ABORTED_FIRST, Outcome.ABORTED, entries=entries, duration_ms=duration_ms, rng=rng)
    return replace(attack, file_number=2)


def _attack(
    setting: Setting, role: Role, outcome: Outcome, *, entries: Sequence[Entry], duration_ms: int, rng: Random
) -> PlayedRound:
    """A first round, of whatever kind."""
    game_map = setting.plan.game_map
    fighters, chronicle = _play(game_map, entries, outcome, duration_ms, rng)
    return PlayedRound(
        game_map=game_map, number=1, file_number=1, role=role, outcome=outcome, limit_s=game_map.limit_s,
        duration_ms=duration_ms, idle_s=_idle_s(rng, 120), team_on=_team_on(setting, swapped=False), fighters=fighters,
        lines=[_line(fighter, setting.called, setting.counter) for fighter in fighters], chronicle=chronicle,
    )  # fmt: skip


def _second(setting: Setting, first: PlayedRound, absentee: Person | None, shaky: bool, rng: Random) -> PlayedRound:
    """Its limit is the time to beat; counters marked cumulative go on from the first round."""
    features, game_map = setting.plan.features, setting.plan.game_map
    limit_s = first.duration_ms // 1000 if first.outcome is Outcome.COMPLETED else first.limit_s
    chance = 0.5 if first.outcome is Outcome.COMPLETED else 0.8
    outcome = setting.plan.outcomes[1] or _drawn(rng, completed=chance, given_up=0.14)
    before = {fighter.person.number: fighter.tally for fighter in first.fighters}
    leaver = absentee if Feature.LEAVER in features else None
    entries = [
        replace(entry, knife_shots_before=_knife_shots(before.get(entry.person.number)),
                joins_ms=_joins_ms(rng) if entry.person.number not in before else 0)
        for entry in _entries(setting, rng, swapped=True, without=leaver, shaky=shaky)
    ]  # fmt: skip
    duration_ms = _duration_ms(game_map, outcome, limit_s=limit_s, shortest_s=_SHORTEST_SECOND_S, rng=rng)
    fighters, chronicle = _play(game_map, entries, outcome, duration_ms, rng)
    lines = [_line(fighter, setting.renamed, setting.counter + 1, before) for fighter in fighters]
    if leaver is not None:
        lines.append(_left(leaver, setting, before[leaver.number]))
    return PlayedRound(
        game_map=game_map, number=2, file_number=2, outcome=outcome, limit_s=limit_s, duration_ms=duration_ms,
        role=Role.SECOND_WITHOUT_FIRST if first.role is Role.LOST_FIRST else Role.SECOND,
        idle_s=_idle_s(rng, 20), fighters=fighters, lines=lines, team_on=_team_on(setting, swapped=True),
        chronicle=chronicle,
    )  # fmt: skip


def _drawn(rng: Random, *, completed: float, given_up: float) -> Outcome:
    dice = rng.random()
    if dice < completed:
        return Outcome.COMPLETED
    return Outcome.GIVEN_UP if dice < completed + given_up else Outcome.HELD


def _duration_ms(game_map: GameMap, outcome: Outcome, *, limit_s: int, shortest_s: int, rng: Random) -> int:
    """A completed attack ends within the limit, a held one at it, a given-up one at least 15 s before."""
    if outcome is Outcome.COMPLETED:
        wanted_s = int(game_map.pace * game_map.limit_s * (0.55 + 0.9 * rng.random()))
        latest_s = limit_s - 1 - int(0.25 * limit_s * rng.random() ** 2)
        return 1000 * max(shortest_s, min(wanted_s, latest_s)) + int(1000 * rng.random())
    if outcome is Outcome.GIVEN_UP:
        short_s = 15 + int(min(315, limit_s - 15 - shortest_s) * rng.random())
        return 1000 * (limit_s - short_s)
    return 1000 * limit_s


def _play(
    game_map: GameMap, entries: Sequence[Entry], outcome: Outcome, duration_ms: int, rng: Random
) -> tuple[list[Fighter], list[Moment]]:
    steps: tuple[Step, ...] = game_map.steps
    last_ms = duration_ms
    if outcome is not Outcome.COMPLETED:
        steps = steps[: int(len(steps) * rng.random())]
        last_ms = int(duration_ms * (0.4 + 0.5 * rng.random()))
    return play(game_map, entries, end_ms=duration_ms, steps=steps, last_step_ms=last_ms, rng=rng)


def _idle_s(rng: Random, typical_s: float) -> int:
    return min(377, 31 + int(rng.expovariate(1 / typical_s)))


def _joins_ms(rng: Random) -> int:
    return 0 if rng.random() < 0.5 else int(40_000 * rng.random())


def _knife_shots(before: Tally | None) -> int:
    return before.weapons[KNIFE][SHOTS] if before is not None and KNIFE in before.weapons else 0


def _line(
    fighter: Fighter, called: Mapping[int, PlayerName], counter: int, before: Mapping[int, Tally] | None = None
) -> PlayerLine:
    """A newcomer, and whoever reconnected, starts from zero and one completed round behind."""
    person = fighter.person
    carried = before.get(person.number) if before is not None and fighter.before is None else None
    behind = before is not None and carried is None
    return PlayerLine(
        guid=person.guid, name=called[person.number].raw, rounds=counter - behind, team=fighter.side,
        total=carried.plus(fighter.tally) if carried is not None else fighter.tally, own=fighter.tally,
    )  # fmt: skip


def _left(leaver: Person, setting: Setting, before: Tally) -> PlayerLine:
    return PlayerLine(
        guid=leaver.guid, name=setting.called[leaver.number].raw, rounds=setting.counter + 1, team=SPECTATOR,
        total=before, own=Tally(),
    )  # fmt: skip
