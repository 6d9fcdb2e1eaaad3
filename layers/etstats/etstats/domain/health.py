"""How the system is: lights made of what is known, without asking anybody.

Whoever looks at a part writes down what it saw (`Observed`); a light is made of that, of how long it has been so, and
of what the database tells by itself. What nobody has looked at lately is unknown, never good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

# a visit that failed once is no problem yet
LASTING = timedelta(minutes=10)
# whoever looks does so every five minutes, or more often
STALE_AFTER = timedelta(minutes=20)
# a round takes half an hour at most, and its file some minutes
NO_FILE_FOR = timedelta(minutes=45)
BUSY_FROM = 4  # people; fewer do not play rounds
WAITING_TOO_LONG = timedelta(minutes=15)
BACKUP_LATE, BACKUP_MISSING = timedelta(hours=26), timedelta(hours=50)
QUEUE_LONG, QUEUE_STUCK = 200, 2_000
SLOW_MS = 500
# kinds of parts that are the installation's, whatever communities there are
SHARED = frozenset({"storage", "bucket", "queue", "dead_letters", "database", "answers", "alarm", "cost"})
STORAGE_WARN, STORAGE_BAD = 0.8, 0.9


class Light(Enum):
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What somebody saw of a part just now. *said*: in words, for admins."""

    part: str
    light: Light
    said: str = ""
    figure: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen last. *since*: when the light became what it is; *good_at*: when it was good last."""

    part: str
    light: str
    said: str
    figure: float | None
    seen_at: datetime
    since: datetime
    good_at: datetime | None

    @property
    def kind(self) -> str:
        return self.part.partition("/")[0]

    @property
    def name(self) -> str:
        return self.part.partition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the database tells by itself. *answered_ms*: how long that took. *last_file_at*: by game server."""

    answered_ms: float
    last_file_at: Mapping[str, datetime]
    last_round_at: datetime | None
    files_waiting: int
    refused: int
    posts_waiting: int
    channels_blocked: int
    last_post_at: datetime | None
    demos_stuck: int
    demos_failed: int
    last_demo_at: datetime | None
    seen: Sequence[Seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One light. *part*: its kind, and after a stroke whose it is. *told*: names the sentence, *values* fill it in."""

    part: str
    light: Light
    told: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    good_at: datetime | None = None

    @property
    def kind(self) -> str:
        return self.part.partition("/")[0]

    @property
    def name(self) -> str:
        return self.part.partition("/")[2]


def worst(signs: Iterable[Sign]) -> Light:
    """Of all; what is unknown is worse than good and better than a warning. Who has no budget lives without its
    light."""
    order = (Light.GOOD, Light.UNKNOWN, Light.WARN, Light.BAD)
    counted = (sign.light for sign in signs if (sign.kind, sign.light) != ("cost", Light.UNKNOWN))
    return max(counted, key=order.index, default=Light.UNKNOWN)


def away() -> tuple[Sign, ...]:
    """All that can be told when the database does not answer."""
    return (Sign(part="database", light=Light.BAD, told="away"),)


def signs(facts: Facts, *, now: datetime) -> tuple[Sign, ...]:
    """Every light, in the order people read them."""
    return (
        *_fetching(facts, now),
        *_rounds(facts),
        *_queues(facts, now),
        _database(facts),
        *_single(facts, "storage", now),
        *_single(facts, "bucket", now),
        *_backup(facts, now),
        _discord(facts),
        *_lasting(facts, "answers", now),
        _demos(facts),
        *_alarms(facts, now),
        *_lasting(facts, "breaker", now, only_bad=True),
        *_cost(facts, now),
    )


def _of(facts: Facts, kind: str) -> list[Seen]:
    return [one for one in facts.seen if one.kind == kind]


def _fetching(facts: Facts, now: datetime) -> Iterator[Sign]:
    """Visits to the game servers, the servers themselves, and whether files come while people play."""
    yield from _lasting(facts, "ssh", now)
    yield from _lasting(facts, "game", now)
    for busy in _of(facts, "players"):
        last = facts.last_file_at.get(busy.name)
        playing = busy.light == Light.WARN.value and now - busy.seen_at < STALE_AFTER
        quiet = now - max(busy.since, last or busy.since) > NO_FILE_FOR
        light = Light.BAD if playing and quiet else Light.GOOD
        people = int(busy.figure or 0)
        yield Sign(part=f"files/{busy.name}", light=light, told="files", values={"n": people}, good_at=last)


def _rounds(facts: Facts) -> Iterator[Sign]:
    light = Light.BAD if facts.files_waiting else Light.UNKNOWN if facts.last_round_at is None else Light.GOOD
    yield Sign(
        part="rounds", light=light, told="rounds", values={"n": facts.files_waiting}, good_at=facts.last_round_at
    )
    light = Light.WARN if facts.refused else Light.GOOD
    yield Sign(part="failures", light=light, told="failures", values={"n": facts.refused})


def _queues(facts: Facts, now: datetime) -> Iterator[Sign]:
    """All queues are one light, and what was given up another; where they cannot be asked, that is told."""
    if unasked := [one for one in _of(facts, "queue") if not one.name and one.light == Light.BAD.value]:
        lasting = now - unasked[0].since >= LASTING
        yield Sign(part="queue", light=Light.BAD if lasting else Light.WARN, told="said", values=_said(unasked[0]))
        return
    for kind in ("queue", "dead_letters"):
        known = [one for one in _of(facts, kind) if one.name and now - one.seen_at < STALE_AFTER]
        if not known:
            yield Sign(part=kind, light=Light.UNKNOWN, told="unseen")
            continue
        number = int(sum(one.figure or 0 for one in known))
        names = ", ".join(one.name for one in known if one.figure)
        bad = number > 0 if kind == "dead_letters" else number > QUEUE_STUCK
        light = Light.BAD if bad else Light.WARN if number > QUEUE_LONG else Light.GOOD
        good = [one.good_at for one in known if one.good_at is not None]
        values: dict[str, object] = {"n": number, "where": names or "–"}
        yield Sign(part=kind, light=light, told=kind, values=values, good_at=min(good, default=None))


def _database(facts: Facts) -> Sign:
    light = Light.WARN if facts.answered_ms > SLOW_MS else Light.GOOD
    return Sign(part="database", light=light, told="database", values={"ms": round(facts.answered_ms)})


def _discord(facts: Facts) -> Sign:
    light = Light.BAD if facts.posts_waiting else Light.WARN if facts.channels_blocked else Light.GOOD
    values = {"n": facts.posts_waiting, "blocked": facts.channels_blocked}
    return Sign(part="discord", light=light, told="discord", values=values, good_at=facts.last_post_at)


def _demos(facts: Facts) -> Sign:
    light = Light.BAD if facts.demos_stuck else Light.WARN if facts.demos_failed else Light.GOOD
    values = {"n": facts.demos_stuck, "failed": facts.demos_failed}
    return Sign(part="demos", light=light, told="demos", values=values, good_at=facts.last_demo_at)


def _lasting(facts: Facts, kind: str, now: datetime, *, only_bad: bool = False) -> Iterator[Sign]:
    """Bad once it has lasted."""
    for one in _of(facts, kind):
        light = Light.UNKNOWN if now - one.seen_at > STALE_AFTER else Light(one.light)
        if light is Light.BAD and now - one.since < LASTING:
            light = Light.WARN
        if only_bad and light not in (Light.WARN, Light.BAD):
            continue
        yield Sign(part=one.part, light=light, told="said", values=_said(one), good_at=one.good_at)


def _alarms(facts: Facts, now: datetime) -> Iterator[Sign]:
    """CloudWatch's; a fetch that fails because a server is away is one problem, and that one is told."""
    away = any(one.light is Light.BAD for one in _lasting(facts, "ssh", now))
    for sign in _lasting(facts, "alarm", now, only_bad=True):
        if not (away and sign.name == "FetchAlarm"):
            yield sign


def _single(facts: Facts, kind: str, now: datetime) -> Iterator[Sign]:
    """As whoever looked said; unknown as long as nobody has."""
    one = next(iter(_of(facts, kind)), None)
    if one is None or now - one.seen_at > STALE_AFTER:
        yield Sign(part=kind, light=Light.UNKNOWN, told="unseen", good_at=one.good_at if one else None)
    else:
        yield Sign(part=kind, light=Light(one.light), told="said", values=_said(one), good_at=one.good_at)


def _said(one: Seen) -> dict[str, object]:
    return {"said": one.said}


def _backup(facts: Facts, now: datetime) -> Iterator[Sign]:
    """*figure*: the newest backup's time, in unix seconds; none: there is none."""
    one = next(iter(_of(facts, "backup")), None)
    if one is None or one.figure is None:
        yield Sign(part="backup", light=Light.UNKNOWN, told="unseen")
        return
    made_at = datetime.fromtimestamp(one.figure, now.tzinfo)
    age = now - made_at
    light = Light.BAD if age > BACKUP_MISSING else Light.WARN if age > BACKUP_LATE else Light.GOOD
    hours = {"hours": int(age.total_seconds() // 3600)}
    yield Sign(part="backup", light=light, told="backup", values=hours, good_at=made_at)


def _cost(facts: Facts, now: datetime) -> Iterator[Sign]:
    """Of this month so far, where a budget tells it. Told twice a day, so it is not stale so soon."""
    one = next(iter(_of(facts, "cost")), None)
    known = one is not None and one.figure is not None
    light = Light(one.light) if one is not None and known else Light.UNKNOWN
    spent: object = one.figure if one is not None else None
    yield Sign(part="cost", light=light, told="cost" if known else "unseen", values={"spent": spent} if known else {})
