"""How a scenario's files got there: in which versions, in which order, how often, and what broke on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from random import Random

from etstats.domain.correction import What
from tests.histories.scenario import GameFile, Scenario, spoil

_STATEMENTS_PER_FILE = 5


class Break(Enum):
    """What happens at one statement."""

    DROPPED = "the line drops before it"
    UNANSWERED = "it is sent, and the line drops before the answer"
    AFTERWARDS = "it is done, and the line drops with its answer"
    REFUSED = "PostgreSQL gives it up as a deadlock's victim"
    KILLED = "the function is ended before it"
    KILLED_AFTERWARDS = "the function is ended right after it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """*number*: of all statements, or of all commits, counted from 1 over all workers."""

    number: int
    of_commits: bool
    how: Break

    def __str__(self) -> str:
        return f"at {'commit' if self.of_commits else 'statement'} {self.number}: {self.how.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A version of a file gets into the bucket."""

    key: str
    content: bytes
    what: str

    def __str__(self) -> str:
        return f"put      {self.key} ({self.what}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A queue's message with S3's notification of one or more objects."""

    number: int
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return f"m{self.number:<7} {' + '.join(self.keys)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The clock's minute: what is due is posted."""

    def __str__(self) -> str:
        return "tick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """Somebody knows better, and says so until it is taken; *withdrawn*: he then takes it back."""

    what: What
    withdrawn: bool

    def __str__(self) -> str:
        return f"{'make and withdraw' if self.withdrawn else 'make'} {self.what}"


Step = Put | Message | Tick | Correct


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """*away*: which reads of the bucket fail, *slow*: which take long, both counted from 1."""

    seed: int
    scenario: int
    steps: tuple[Step, ...]
    workers: int = 1
    batch: int = 1
    faults: tuple[Fault, ...] = ()
    away: frozenset[int] = frozenset()
    slow: frozenset[int] = frozenset()

    def lines(self) -> Iterator[str]:
        yield f"scenario {self.scenario}, history {self.seed}: {self.workers} workers, batches of up to {self.batch}"
        yield from (f"  {step}" for step in self.steps)
        yield from (f"  {fault}" for fault in self.faults)
        if self.away:
            yield f"  the bucket is away at its reads {sorted(self.away)}"
        if self.slow:
            yield f"  the bucket is slow at its reads {sorted(self.slow)}"


def clean(history: History) -> History:
    """Every file once, in its final version, in order, by one worker."""
    last = {step.key: step for step in history.steps if isinstance(step, Put)}
    steps: list[Step] = []
    for number, key in enumerate(sorted(last, key=lambda key: key.rpartition("/")[::-1]), start=1):
        steps += [last[key], Message(number=number, keys=(key,))]
    steps += sorted((step for step in history.steps if isinstance(step, Correct)), key=str)
    return History(seed=history.seed, scenario=history.scenario, steps=tuple(steps))


def make_history(scenario: Scenario, seed: int) -> History:
    """The same seed gives the same plan; how workers get in each other's way is up to the machine."""
    rng = Random(f"history {scenario.seed} {seed}")
    steps = _steps(rng, scenario, seed)
    messages = sum(isinstance(step, Message) for step in steps)
    faults = [_fault(rng, messages) for _ in range(rng.choice((0, 1, 1, 2, 3, 5)))]
    reads = range(1, messages + 1)
    return History(
        seed=seed,
        scenario=scenario.seed,
        steps=steps,
        workers=rng.choice((1, 1, 2, 3, 4, 6, 8)),
        batch=rng.choice((1, 2, 3, 5, 10)),
        faults=tuple(faults),
        away=frozenset(rng.sample(reads, min(len(reads), rng.choice((0, 0, 1, 2))))),
        slow=frozenset(rng.sample(reads, min(len(reads), rng.choice((0, 0, 2, 5))))),
    )


def _fault(rng: Random, messages: int) -> Fault:
    of_commits = rng.random() < 0.4
    last = messages if of_commits else messages * _STATEMENTS_PER_FILE
    return Fault(number=rng.randint(1, last), of_commits=of_commits, how=rng.choice(list(Break)))


def _steps(rng: Random, scenario: Scenario, seed: int) -> tuple[Step, ...]:
    """Puts and messages by their moments, a message never before what it tells of."""
    order = rng.choice(("any", "any", "any", "in order", "backwards"))
    files = scenario.files
    timed: list[tuple[float, Step]] = []
    numbers = iter(range(1, 10_000))
    for at, file in enumerate(files):
        begins = {"any": rng.random(), "in order": at / len(files), "backwards": 1 - at / len(files)}[order]
        others = [other.content for other in files]
        for content, what in _versions(rng, file, others):
            timed.append((begins, Put(key=file.key, content=content, what=what)))
            for _ in range(rng.choice((1, 1, 1, 2, 3))):
                late = rng.choice((0, 0, rng.random() * 0.1, rng.random()))
                timed.append((begins + late, Message(number=next(numbers), keys=(file.key,))))
            begins += rng.choice((0, 0, rng.random() * 0.2, rng.random()))
    timed += [(rng.random(), Tick()) for _ in range(rng.choice((0, 0, 1, 3)))]
    for correction in scenario.corrections:
        timed.append((rng.random() * 1.5, Correct(what=correction, withdrawn=bool(seed % 2))))
    timed.sort(key=lambda one: one[0])  # stable: at the same moment the put comes first
    return tuple(_joined(rng, [step for _, step in timed]))


def _joined(rng: Random, steps: list[Step]) -> Iterator[Step]:
    """Now and then one message tells of two objects."""
    known: list[str] = []
    for step in steps:
        if isinstance(step, Put):
            known.append(step.key)
            yield step
        elif isinstance(step, Message) and rng.random() < 0.05:
            yield Message(number=step.number, keys=(*step.keys, rng.choice(known)))
        else:
            yield step


def _versions(rng: Random, file: GameFile, others: list[bytes]) -> list[tuple[bytes, str]]:
    """What the name stood for before; the last one is what it is in the end."""
    final = (file.content, file.what)
    before = []
    for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 2))):
        before.append(
            rng.choice((
                spoil(rng, file.content or rng.choice(others)),
                spoil(rng, rng.choice(others)),
                (rng.choice(others), "another file's content"),
                (_other_figures(rng, file.content), "other figures"),
                final,
            ))
        )  # fmt: skip
    return [*before, final]


def _other_figures(rng: Random, content: bytes) -> bytes:
    """Some digits of the players' lines are others."""
    head, separator, lines = content.partition(b"\n")
    digits = [at for at, byte in enumerate(lines) if 0x31 <= byte <= 0x39]
    changed = bytearray(lines)
    for at in rng.sample(digits, min(len(digits), rng.choice((1, 5)))):
        changed[at] = rng.choice(b"123456789")
    return head + separator + bytes(changed)
