"""Looks at every part of the system, writes down what was seen, and tells of problems: once, and when they are over.

Each part is looked at side by side and within bounds: one that hangs costs the others nothing. Where the database is
away the problem is remembered in the bucket, for it must be told once all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Protocol

from etstats.cards import health as card
from etstats.cards import problem as problem_card
from etstats.domain.health import BUSY_FROM, SHARED, STORAGE_BAD, STORAGE_WARN, Light, Observed, Sign, away, signs
from etstats.domain.problem import Problem
from etstats.domain.server import ServerStatus
from etstats.errors import BadFile, EtstatsError, Unavailable
from etstats.interactions.reply import Message, Press, Seal
from etstats.storage import audit
from etstats.storage import health as book
from etstats.storage.database import Database
from etstats.usecases.back_up import newest
from etstats.words import words_for

# over when it has been well for so long
QUIET_FOR = timedelta(minutes=9)
# what nobody looks at any more is not there any more
_FORGOTTEN_AFTER = timedelta(days=7)
_AWAY = "health/database-away"
_GIGABYTE = 1_000_000_000
_GAME_S = 4.0

Look = Callable[[], Sequence[Observed]]


class Bucket(Protocol):
    """Raises BadFile(code="missing") and BucketUnavailable."""

    def get(self, key: str) -> bytes: ...
    def put_new(self, key: str, body: bytes) -> bool: ...
    def delete(self, key: str) -> None: ...
    def keys(self, prefix: str) -> Iterable[str]: ...


class GamePort(Protocol):
    """Raises GameServerUnavailable."""

    def status(self, *, budget_s: float) -> ServerStatus: ...


class Channel(Protocol):
    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str: ...


def look_around(looks: Mapping[str, Look], *, within_s: float) -> list[Observed]:
    """What all of them saw, by part. Who fails or takes too long has a red light and keeps nobody waiting."""
    looking = ThreadPoolExecutor(max_workers=max(1, len(looks)), thread_name_prefix="look")
    asked = {part: looking.submit(look) for part, look in looks.items()}
    _, late = wait(asked.values(), timeout=within_s)
    looking.shutdown(wait=False, cancel_futures=True)
    seen: list[Observed] = []
    for part, answer in asked.items():
        if answer in late:
            seen.append(Observed(part=part, light=Light.BAD, said=f"no answer within {within_s:g} s"))
            continue
        try:
            found = answer.result()
        except EtstatsError as fault:
            found = [Observed(part=part, light=Light.BAD, said=str(fault))]
        asked_for = part in {one.part for one in found}
        seen += found if asked_for else [Observed(part=part, light=Light.GOOD), *found]
    return seen


def look_at_bucket(bucket: Bucket, backed_up: Mapping[str, str]) -> list[Observed]:
    """Whether it answers, and how old the newest backups are; *backed_up*: communities' schemas by their names. Raises
    BucketUnavailable."""
    seen = [Observed(part="bucket", light=Light.GOOD)]
    for community, schema in backed_up.items():
        found = newest(bucket, schema)
        made_at = None if found is None else found[1].timestamp()
        seen.append(Observed(part=_part("backup", community), light=Light.GOOD, figure=made_at))
    return seen


def _part(kind: str, name: str) -> str:
    return f"{kind}/{name}" if name else kind


def seen_of(community: str, servers: Sequence[str], observed: Iterable[Observed]) -> list[Observed]:
    """What concerns the community whose game *servers* these are: its own, and what all share."""
    own = {_part("backup", community), *(f"{kind}/{name}" for kind in ("game", "players") for name in servers)}
    return [one for one in observed if one.part in own or one.part.partition("/")[0] in SHARED]


def look_at_game(server: str, port: GamePort) -> list[Observed]:
    """Whether the game answers, and whether so many play that files must come. Raises GameServerUnavailable."""
    status = port.status(budget_s=_GAME_S)
    humans = status.humans
    return [
        Observed(part=f"game/{server}", light=Light.GOOD, said=f"{humans} on {status.map}"),
        Observed(
            part=f"players/{server}", light=Light.WARN if humans >= BUSY_FROM else Light.GOOD, figure=float(humans)
        ),
    ]


def check(
    db: Database, observed: Sequence[Observed], *, channel_id: str, gigabytes: int, now: datetime, apart: str = ""
) -> book.Changed:
    """Writes down what was *observed*, settles problems, and ends jobs whose function died. *channel_id* '': nobody is
    told; *gigabytes*: what the database may take, 0: not known; *apart*: the name of a community that is not told of
    what all share. Raises DatabaseUnavailable."""
    with db.transaction():
        audit.end_broken_off(db)
        book.note_seen(db, [*observed, *_storage(db, gigabytes)], now=now)
        book.forget_unseen(db, now=now, after=_FORGOTTEN_AFTER)
        found = signs(book.read_facts(db, now=now), now=now)
        told = [one for one in found if not (apart and one.kind in SHARED)]
        bad = [book.Bad(part=one.part, said=_said(one, apart)) for one in told if one.light is Light.BAD]
        unknown = [one.part for one in found if one.light is Light.UNKNOWN]
        return book.settle_problems(db, bad, unknown, channel_id=channel_id, now=now, quiet_for=QUIET_FOR)


def health_document(db: Database, *, now: datetime) -> tuple[bool, dict[str, object]]:
    """Whether the database answered, and what may be told to anybody."""
    try:
        return True, card.document(signs(book.read_facts(db, now=now), now=now), now=now)
    except Unavailable:
        return False, card.document(away(), now=now)


def _said(sign: Sign, apart: str) -> str:
    """The reason as whoever looked put it, else the light's own sentence; after whose it is."""
    said = str(sign.values.get("said") or "") or card.detail(words_for(""), sign)
    return f"{apart}: {said}" if apart else said


def _storage(db: Database, gigabytes: int) -> list[Observed]:
    size = book.database_size(db)
    taken = size / (gigabytes * _GIGABYTE) if gigabytes else 0.0
    light = Light.BAD if taken > STORAGE_BAD else Light.WARN if taken > STORAGE_WARN else Light.GOOD
    said = f"{size / _GIGABYTE:.2f} GB" + (f" of {gigabytes}" if gigabytes else "")
    return [Observed(part="storage", light=light, said=said, figure=float(size))]


# -- when the database is away ---------------------------------------------------------------------------------------


def tell_away(bucket: Bucket, channel: Channel, *, channel_id: str, reason: str, now: datetime) -> bool:
    """Whether anybody was told now. The bucket remembers that somebody was. Raises Unavailable or DiscordRefused."""
    if not channel_id or not bucket.put_new(_AWAY, now.isoformat().encode()):
        return False
    problem = Problem(problem_id=0, part="database", said=reason, opened_at=now, closed_at=None)
    try:
        message = problem_card.card(words_for(""), problem)
        channel.create_message(channel_id, message, seal=_no_buttons, nonce=f"away{int(now.timestamp())}")
    except EtstatsError:
        bucket.delete(_AWAY)  # the next look tells it
        raise
    return True


def note_back(db: Database, bucket: Bucket, *, channel_id: str, now: datetime) -> bool:
    """The database answers again: when it had been away, that is written down and its end told. Raises Unavailable."""
    try:
        since = datetime.fromisoformat(bucket.get(_AWAY).decode()).astimezone(UTC)
    except BadFile:
        return False
    with db.transaction():
        number = book.note_past(db, "database", "did not answer", opened_at=since, now=now)
        if channel_id:
            book.queue_over(db, number, channel_id=channel_id, now=now)
    bucket.delete(_AWAY)
    return True


def _no_buttons(press: Press) -> str:
    raise AssertionError(f"a problem has no buttons, and none asks {press.command}")
