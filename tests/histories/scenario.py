"""What ends up in the bucket: a few evenings on two game servers with people in common, sound and unsound files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from etstats.domain.correction import AttributeGuid, ForgetPerson, MergePersons, VoidRound, What
from etstats.domain.stats_file import Kind
from etstats.errors import BadFile
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import read_stats_file
from local.simulator import Feature, Person, make_people, simulate_session
from tests.game_files import EVENING, a_file, a_gametime, a_header, a_line, a_match, a_name

# around one hour the sessions join or do not; exactly one hour joins
_GAPS_MINUTES = (31, 50, 59, 60, 61, 64, 75, 90, 110, 119, 120, 121, 180)
_FEATURES = tuple(feature for feature in Feature if feature is not Feature.MIDNIGHT)
_STAMP = "%Y-%m-%d-%H%M%S"
_STAMP_LENGTH = 17
_BAD_NAMES = (
    "holiday.txt", "2026-02-30-210000-supply-round-1.txt", "2026-03-06-210000-supply-round-3.txt",
    "2026-03-06-210000--round-1.txt", "２０２６-03-06-210000-supply-round-1.txt", "a\u202eb\x01.txt", "x/y/z.txt",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class GameFile:
    """A file as it is in the end. *what* describes it to the reader of a history."""

    server: str
    name: str
    content: bytes
    what: str

    @property
    def key(self) -> str:
        return f"stats/{self.server}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """*files* in the order in which a calm world would have delivered them; *corrections* that somebody makes."""

    seed: int
    files: tuple[GameFile, ...]
    corrections: tuple[What, ...] = ()


def make_scenario(seed: int) -> Scenario:
    """The same seed gives the same files."""
    rng = Random(f"scenario {seed}")
    people = make_people(rng, 9)
    files: list[GameFile] = []
    for server in ("eu1", "us1")[: rng.choice((1, 2, 2))]:
        files += _on_one_server(rng, people, server)
    files.sort(key=lambda file: (file.name, file.server))
    return Scenario(seed=seed, files=tuple(files), corrections=tuple(_corrections(rng, files)))


def _corrections(rng: Random, files: Sequence[GameFile]) -> Iterator[What]:
    """About what is there in the end, none against another: rounds that are void, guids that are somebody else."""
    if rng.random() < 0.5:
        return
    read = {file: read_stats_file(read_name(file.name), file.content) for file in files if _is_stats(file)}
    for file in rng.sample(list(read), min(len(read), rng.choice((0, 1, 2)))):
        yield VoidRound(server=file.server, file=file.name)
    rosters = [{line.guid for line in one.players if line.damage is None and not line.is_bot} for one in read.values()]
    guids = sorted(set().union(*rosters))
    rng.shuffle(guids)
    apart = [pair for pair in pairwise(guids) if not any(roster.issuperset(pair) for roster in rosters)]
    if apart and rng.random() < 0.6:
        guid, person = apart[0]
        yield MergePersons(guid=guid, person=person)
        guids = [one for one in guids if one not in apart[0]]
    if guids and rng.random() < 0.4:
        since = EVENING + timedelta(minutes=rng.randrange(-60, 200))
        until = since + timedelta(minutes=rng.choice((10, 60, 300)))
        yield AttributeGuid(guid=guids[0], person="EEEE0001", since=since, until=until)
    if guids and rng.random() < 0.3:
        yield ForgetPerson(guid=rng.choice(guids))


def _is_stats(file: GameFile) -> bool:
    try:
        return read_name(file.name).kind is Kind.STATS
    except BadFile:
        return False


def _on_one_server(rng: Random, people: Sequence[Person], server: str) -> list[GameFile]:
    begins = EVENING + timedelta(minutes=rng.randrange(-60, 170))
    files: dict[str, GameFile] = {}
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        for file in _evening(rng, people, server, begins):
            files[file.name] = file
        last = _stamp(max(files))
        begins = last + timedelta(minutes=rng.choice(_GAPS_MINUTES))
        if rng.random() < 0.4:
            bridge = _stray(rng, server, last + timedelta(minutes=rng.randrange(5, 80)))
            files[bridge.name] = bridge
            begins = max(begins, _stamp(bridge.name))
    for _ in range(rng.choice((0, 0, 1, 2))):
        spoilt = _spoilt(rng, files[rng.choice(sorted(files))])
        files[spoilt.name] = spoilt
    return [*files.values(), *_companions(rng, server, sorted(files))]


def _stamp(name: str) -> datetime:
    return datetime.strptime(name[:_STAMP_LENGTH], _STAMP)  # the game server's wall clock


def _evening(rng: Random, people: Sequence[Person], server: str, begins: datetime) -> list[GameFile]:
    """Its first file ends at *begins*; what is in the files knows no date, so names can be moved."""
    if rng.random() < 0.25:
        match = a_match(map=rng.choice(("supply", "adler")))
        return _moved([(name, content, "a short match") for name, content in match], server, begins)
    features = rng.sample(_FEATURES, rng.choice((0, 1, 1, 2)))
    while True:
        try:
            played = simulate_session(
                seed=rng.getrandbits(32), maps=rng.choice((1, 2, 2, 3)), players=rng.choice((4, 4, 6)),
                people=people, features=features, ends_at=EVENING, layout=rng.choice((38, 38, 38, 37, 36, 33)),
                line_ending=rng.choice(("lf", "lf", "crlf")),
            )  # fmt: skip
        except ValueError:  # too few maps for these features
            features = features[:-1]
            continue
        what = " and ".join(["simulated", *(feature.value for feature in features)])
        return _moved([(file.name, file.content, what) for file in played.files], server, begins)


def _moved(files: Sequence[tuple[str, bytes, str]], server: str, begins: datetime) -> list[GameFile]:
    by = begins - _stamp(files[0][0]) if files else timedelta()
    return [
        GameFile(
            server=server, name=f"{_stamp(name) + by:{_STAMP}}{name[_STAMP_LENGTH:]}", content=content, what=what
        )
        for name, content, what in files
    ]  # fmt: skip


def _stray(rng: Random, server: str, at: datetime) -> GameFile:
    """A file between two evenings, which it may join, sound or not."""
    name = f"{at:{_STAMP}}{a_name(map='radar', number=rng.choice((1, 2)))[_STAMP_LENGTH:]}"
    lone = a_file(a_header(map="radar"), [a_line("AAAA0001"), a_line("CCCC0001", team=2)])
    file = GameFile(server=server, name=name, content=lone, what="a lone round")
    return _spoilt(rng, file) if rng.random() < 0.4 else file


def _spoilt(rng: Random, file: GameFile) -> GameFile:
    content, what = spoil(rng, file.content)
    return replace(file, content=content, what=what)


def spoil(rng: Random, content: bytes) -> tuple[bytes, str]:
    """*content* as it must not be, and what is wrong with it."""
    header, _, _ = content.partition(b"\n")
    return rng.choice((
        (b"", "empty"),
        (content[: rng.randrange(len(content) + 1)], "torn"),
        (b"Nothing of a stats file in here\n", "not a stats file"),
        (header + b"\n", "header only"),
        (header + b"\nnobody's line\n", "no player's line"),
        (content.replace(b"\t", b"\t\t", 3), "damaged line"),
        (content.replace(b"\\1\\", b"\\7\\"), "a team nobody knows"),
    ))  # fmt: skip


def _companions(rng: Random, server: str, names: Sequence[str]) -> list[GameFile]:
    """Files that are kept beside a round, and files that are none."""
    told = b"Most damage given\tsomebody\t3000\nVS_HEADER\tsomebody\tAAAA0001\nother\t3\t1\n"
    found = []
    for _ in range(rng.choice((0, 0, 1, 2))):
        name = rng.choice(names).replace(".txt", rng.choice(("-endstats.txt", "-endstats.txt", "_ws.txt")))
        found.append(GameFile(server=server, name=name, content=rng.choice((told, told, b"")), what="companion"))
    for _ in range(rng.choice((0, 0, 1, 3))):
        found.append(_gametime(rng, server, rng.choice(names)))
    for _ in range(rng.choice((0, 0, 0, 1))):
        found.append(GameFile(server=server, name=rng.choice(_BAD_NAMES), content=told, what="bad name"))
    return list({file.name: file for file in found}.values())


def _gametime(rng: Random, server: str, of_round: str) -> GameFile:
    """What the webhook told of a round, by a clock two hours behind; now and then by one that fits no zone."""
    played = read_name(of_round)
    ended = played.written_at - timedelta(hours=2, seconds=rng.choice((0, 0, 3, 400)))
    name, content = a_gametime(
        map=played.map,
        number=played.round,
        minute=(ended - EVENING) / timedelta(minutes=1),
        hours_ahead=0,
        Lua_Playtime=f"{rng.choice((480, 600, 700))} sec",
    )
    return GameFile(server=server, name=name, content=rng.choice((content, content, b"{")), what="companion")
