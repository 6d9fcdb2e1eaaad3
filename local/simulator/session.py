"""A gaming session, or many evenings of them: who plays, what is played, when, and the files it leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from local.simulator.film import Scene, best_client, film, frame_ms
from local.simulator.maps import ALLIES, AXIS
from local.simulator.match import PlayedRound, Setting, play_map, play_planned
from local.simulator.plan import Feature, MapPlan, plan_session
from local.simulator.planted import MAP, Planted
from local.simulator.roster import Person, PlayerName, make_people, pick_teams
from local.simulator.tally import Tally
from local.simulator.truth import MapTruth, Outcome, PlayerRound, Role, RoundTruth, SessionTruth, WeaponCount
from local.simulator.weapons import KEYS
from local.simulator.writer import Sheet, Style, write

SERVER_NAME = "^4mill^7race ^2stopwatch"
FEWEST_PLAYERS, MOST_PLAYERS = 4, 24
BENCH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedFile:
    """A stats file: its name as on the server, its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A round that was recorded, to be filmed when somebody asks: that takes a while. *stem*: its stats file's name up
    to the suffix. *planted*: the highlights of a round that went by plan, all there are in it."""

    stem: str
    scene: Scene
    planted: tuple[Planted, ...] = ()

    def highlights(self) -> set[tuple[str, int, tuple[int, ...]]]:
        """What was planted, as a demo numbers it: kind, client (−1: a whole team's) and server times."""
        clients = self.scene.clients()
        return {
            (one.kind, -1 if one.who is None else clients[one.who], tuple(map(frame_ms, one.at_ms)))
            for one in self.planted
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSession:
    """*files* in time order, and what really happened; *recordings* of the rounds that have a file."""

    files: tuple[SimulatedFile, ...]
    truth: SessionTruth
    recordings: tuple[Recording, ...] = field(compare=False)


def simulate_session(
    *,
    seed: int,
    maps: int = 6,
    players: int = 12,
    ends_at: datetime | None = None,
    features: Collection[Feature] | None = None,
    people: Sequence[Person] | None = None,
    bots: bool | int = 0,
    layout: int = 38,
    header_fields: int = 8,
    line_ending: str = "lf",
    server_name: str = SERVER_NAME,
    planned: bool = False,
) -> SimulatedSession:
    """The same arguments give the same bytes.

    *players* is the number in both teams together, *ends_at* the server's wall clock at the end of the last round
    (default: some evening). *features*: exactly these (default: the usual ones as far as they fit). *bots*: how many
    of the people are bots, True for all. *people*: whom to choose from, so that evenings can share them; then *bots*
    has no effect. *planned*: at the end comes a short round with highlights that are known (`planted`). Raises
    ValueError when an argument is out of range.
    """
    style = Style(layout=layout, header_fields=header_fields, line_ending=line_ending)
    _check(maps, players, server_name)
    if people is not None and len(people) <= players:
        raise ValueError(f"{len(people)} people are too few for {players} players and somebody on the bench.")
    rng = Random(f"session {seed}")
    if people is None:
        count = players + BENCH
        people = make_people(rng, count, bots=count if bots is True else int(bots))
    plans = plan_session(rng, maps=maps, features=features)
    evening = _Evening(rng, people, players)
    rounds = [played for plan in plans for played in evening.play(plan)]
    planted: tuple[Planted, ...] = ()
    if planned:
        last, planted = evening.play_planned()
        rounds.append(last)
    midnight = features is not None and Feature.MIDNIGHT in features
    stamps = _stamps(rng, rounds, ends_at, midnight=midnight)
    files, told = _written(rounds, stamps, evening, style=style, server_name=server_name)
    recordings = tuple(_recorded(rounds, told, evening, server_name))
    if planned:
        recordings = (*recordings[:-1], replace(recordings[-1], planted=planted))
    happened = {feature for plan in plans for feature in plan.features}
    if midnight:
        happened.add(Feature.MIDNIGHT)
    return SimulatedSession(files=files, truth=_session_truth(told, happened), recordings=recordings)


def simulate_evenings(
    *, seed: int, days: int, maps: int = 6, players: int = 12, last_ends_at: datetime | None = None, regulars: int = 40,
    layout: int = 38, header_fields: int = 8, line_ending: str = "lf",
) -> Iterator[SimulatedSession]:  # fmt: skip
    """One session on each of *days* days in a row, oldest first, all with people from the same *regulars*."""
    rng = Random(f"evenings {seed}")
    people = make_people(rng, max(regulars, players + BENCH))
    last = last_ends_at or _some_evening(rng)
    for day in range(days):
        ends_at = last - timedelta(days=days - 1 - day, minutes=int(45 * rng.random()) if day < days - 1 else 0)
        yield simulate_session(
            seed=rng.getrandbits(48), maps=maps, players=players, people=people, ends_at=ends_at,
            layout=layout, header_fields=header_fields, line_ending=line_ending,
        )  # fmt: skip


def write_demos(recording: Recording, folder: Path) -> list[Path]:
    """A TV's demo of the round and that of its best player, in *folder*."""
    tv, own = (folder / f"{recording.stem}{suffix}" for suffix in (".tv_84", ".dm_84"))
    for path, client in ((tv, None), (own, best_client(recording.scene))):
        with path.open("wb") as out:
            film(recording.scene, out, client=client)
    return [tv, own]


def _check(maps: int, players: int, server_name: str) -> None:
    if maps < 1:
        raise ValueError(f"maps is {maps}; it must be at least 1.")
    if not FEWEST_PLAYERS <= players <= MOST_PLAYERS:
        raise ValueError(f"players is {players}; it must lie between {FEWEST_PLAYERS} and {MOST_PLAYERS}.")
    if "\\" in server_name:
        raise ValueError("server_name must not contain a backslash: it separates the header's fields.")


class _Evening:
    """What goes on from map to map: the teams, the sides they stand on, and what everybody is called."""

    def __init__(self, rng: Random, people: Sequence[Person], players: int) -> None:
        self.rng = rng
        team_a, team_b, self.bench = pick_teams(rng, people, players)
        self.teams = {"A": team_a, "B": team_b}
        self.side_of: dict[str, int] = {}
        self.called: dict[int, PlayerName] = {person.number: person.names[0] for person in people}
        self.names_in: list[dict[int, PlayerName]] = []
        """For each round played, what everybody was called in it."""

    def play(self, plan: MapPlan) -> list[PlayedRound]:
        """The rounds of one map. Teams change sides between two rounds, and keep them from map to map."""
        if not self.side_of:
            self.side_of = {"A": ALLIES + AXIS - plan.game_map.defender, "B": plan.game_map.defender}
        if Feature.SUBSTITUTION in plan.features:
            self._substitute()
        before, self.called = self.called, self._renamed(plan)
        rounds = play_map(
            Setting(
                plan=plan, teams={team: tuple(people) for team, people in self.teams.items()}, side_of=self.side_of,
                called=before, renamed=self.called, counter=int(Feature.SAME_MAP_TWICE in plan.features),
            ), self.rng,
        )  # fmt: skip
        self.names_in += [self.called if played.number == 2 else before for played in rounds]
        self.side_of = {team: 3 - side for team, side in self.side_of.items()}
        return rounds

    def play_planned(self) -> tuple[PlayedRound, tuple[Planted, ...]]:
        self.names_in.append(self.called)
        plan = MapPlan(game_map=MAP, features=frozenset())
        return play_planned(
            Setting(
                plan=plan, teams={team: tuple(people) for team, people in self.teams.items()}, side_of=self.side_of,
                called=self.called, renamed=self.called, counter=0,
            )
        )  # fmt: skip

    def _substitute(self) -> None:
        """Somebody from the bench takes a place, and he who had it sits down at the end of the bench."""
        team = self.teams[self.rng.choice("AB")]
        place = int(self.rng.random() * len(team))
        self.bench.append(team[place])
        team[place] = self.bench.pop(0)

    def _renamed(self, plan: MapPlan) -> dict[int, PlayerName]:
        if Feature.NAME_CHANGE not in plan.features:
            return self.called
        person = self.rng.choice(self.teams[self.rng.choice("AB")])
        return {**self.called, person.number: person.names[-1]}


def _some_evening(rng: Random) -> datetime:
    return datetime(2025, 10, 13, 22, 30) + timedelta(days=int(250 * rng.random()), seconds=int(4500 * rng.random()))


def _stamps(rng: Random, rounds: Sequence[PlayedRound], ends_at: datetime | None, *, midnight: bool) -> list[datetime]:
    """The wall clock at the end of each round."""
    last = (ends_at or _some_evening(rng)).replace(tzinfo=None, microsecond=0)
    elapsed, after = 0, []
    for played in rounds:
        elapsed += played.idle_s + -(-played.duration_ms // 1000)
        after.append(elapsed)
    stamps = [last - timedelta(seconds=elapsed - seconds) for seconds in after]
    return _over_midnight(rounds, stamps, rng) if midnight else stamps


def _over_midnight(rounds: Sequence[PlayedRound], stamps: list[datetime], rng: Random) -> list[datetime]:
    """The same evening, moved so that it ends on the same day and a second round ends after 0:00, its first before."""
    seconds = [index for index, played in enumerate(rounds) if played.role is Role.SECOND]
    if not seconds:
        raise ValueError("The feature 'midnight' needs a map with both rounds.")
    index = rng.choice(seconds)
    start_of_day = stamps[-1].replace(hour=0, minute=0, second=0)
    gap_s = int((stamps[index] - stamps[index - 1]).total_seconds())
    shift = start_of_day + timedelta(seconds=int(gap_s * rng.random())) - stamps[index]
    return [stamp + shift for stamp in stamps]


def _written(
    rounds: Sequence[PlayedRound], stamps: Sequence[datetime], evening: _Evening, *, style: Style, server_name: str
) -> tuple[tuple[SimulatedFile, ...], tuple[RoundTruth, ...]]:
    files, told = [], []
    for played, stamp, names in zip(rounds, stamps, evening.names_in, strict=True):
        name = _file_name(played, stamp)
        if name is not None:
            sheet = _sheet(played, server_name, evening.rng)
            files.append(SimulatedFile(name=name, content=write(sheet, style)))
        told.append(_round_truth(played, stamp, name, names))
    return tuple(files), tuple(told)


def _recorded(
    rounds: Sequence[PlayedRound], told: Sequence[RoundTruth], evening: _Evening, server_name: str
) -> Iterator[Recording]:
    for played, truth, names in zip(rounds, told, evening.names_in, strict=True):
        if truth.file is not None:
            scene = Scene(
                game_map=played.game_map, number=played.number, limit_s=played.limit_s, duration_ms=played.duration_ms,
                outcome=played.outcome, server=server_name, fighters=tuple(played.fighters),
                names={number: name.raw for number, name in names.items()}, chronicle=tuple(played.chronicle),
            )  # fmt: skip
            yield Recording(stem=truth.file.removesuffix(".txt"), scene=scene)


def _file_name(played: PlayedRound, stamp: datetime) -> str | None:
    if played.file_number is None:
        return None
    return f"{stamp:%Y-%m-%d-%H%M%S}-{played.game_map.name}-round-{played.file_number}.txt"


def _sheet(played: PlayedRound, server_name: str, rng: Random) -> Sheet:
    """Player lines come in no particular order."""
    lines = list(played.lines)
    rng.shuffle(lines)
    defender = played.game_map.defender
    return Sheet(
        server=server_name, map_name=played.game_map.name, config="legacy6" if len(lines) >= 10 else "legacy3",
        number=played.file_number or played.number, defender=defender,
        winner=3 - defender if played.outcome is Outcome.COMPLETED else defender,
        limit_s=played.limit_s, duration_ms=played.duration_ms, lines=lines,
        reached_intermission=played.outcome is not Outcome.ABORTED,
    )  # fmt: skip


def _round_truth(played: PlayedRound, stamp: datetime, file: str | None, names: dict[int, PlayerName]) -> RoundTruth:
    defender = played.game_map.defender
    return RoundTruth(
        file=file, map_name=played.game_map.name, number=played.number, role=played.role, outcome=played.outcome,
        attackers=played.team_on[3 - defender], defending_side=defender, limit_s=played.limit_s,
        duration_ms=played.duration_ms, ended_at=stamp,
        players=tuple(
            PlayerRound(
                guid=fighter.person.guid, name=names[fighter.person.number].raw,
                plain_name=names[fighter.person.number].plain, is_bot=fighter.person.is_bot,
                reconnected=fighter.before is not None, team=played.team_on[fighter.side], side=fighter.side,
                **_figures(fighter.tally if fighter.before is None else fighter.before.plus(fighter.tally)),
            )
            for fighter in played.fighters
        ),
    )  # fmt: skip


_COUNTED = tuple(name for name in Tally.__slots__ if name not in {"weapons", "stored_dead_ms"})


def _figures(tally: Tally) -> dict[str, Any]:
    figures: dict[str, Any] = {name: getattr(tally, name) for name in _COUNTED}
    figures["weapons"] = tuple(
        WeaponCount(weapon=KEYS[number], hits=hits, shots=shots, kills=kills, deaths=deaths, headshots=headshots)
        for number, (hits, shots, kills, deaths, headshots) in sorted(tally.weapons.items())
        if hits or shots or kills or deaths or headshots
    )
    return figures


def _session_truth(rounds: tuple[RoundTruth, ...], happened: Collection[Feature]) -> SessionTruth:
    maps = tuple(
        _map_truth(first, second)
        for first, second in pairwise(rounds)
        if first.role is Role.FIRST and second.role is Role.SECOND
    )
    points = {"A": 0, "B": 0}
    for played in maps:
        for team in points:
            points[team] += 1 if played.winner is None else 2 * (played.winner == team)
    features = tuple(feature.value for feature in Feature if feature in happened)
    return SessionTruth(maps=maps, score_a=points["A"], score_b=points["B"], rounds=rounds, features=features)


def _map_truth(first: RoundTruth, second: RoundTruth) -> MapTruth:
    """The second round's limit is the first one's time, so whoever completes the second wins."""
    winner = None
    if second.outcome is Outcome.COMPLETED:
        winner = second.attackers
    elif first.outcome is Outcome.COMPLETED:
        winner = first.attackers
    return MapTruth(
        map_name=first.map_name, first_attackers=first.attackers, winner=winner,
        first_file=first.file or "", second_file=second.file or "",
    )  # fmt: skip
