"""Endstats and gametime files: what they tell is stored, held against their round, and the round's trust graded.

To which round a companion belongs is computed with the gaming session, from all files near, whichever of them came
last. So it may come before its stats file or after it, twice or changed: the rows are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from etstats.domain.companion import ENDSTATS_WINDOW, ZONES, Belongings, Companion, belongings
from etstats.domain.gametime import Gametime
from etstats.domain.round import Round
from etstats.domain.session import Session
from etstats.domain.stats_file import FileName, Kind, StatsFile
from etstats.domain.trust import judge
from etstats.errors import BadFile
from etstats.parsing.endstats_file import read_endstats_file
from etstats.parsing.filename import read_name
from etstats.parsing.gametime_file import read_gametime_file
from etstats.storage import companion as companions_kept
from etstats.storage import trust as trust_kept
from etstats.storage.rows import Row
from etstats.storage.stats_file import Claimed, Neighbour

COMPANIONS = frozenset({Kind.ENDSTATS, Kind.GAMETIME})
# with forty players an endstats file has 20 KiB
MAX_ENDSTATS_BYTES = 1 << 16

_NOTHING = Belongings()


def near(name: FileName) -> timedelta:
    """How far from its own time the round of a companion may have ended."""
    return max(map(abs, ZONES)) if name.kind is Kind.GAMETIME else ENDSTATS_WINDOW


def read_companion(kept: Neighbour) -> Companion:
    """Raises BadFile: not_an_endstats_file, too_large, or what reading a gametime file raises."""
    return _read(kept.file_id, kept.name, kept.sha256, kept.content)


def _find_sound(kept: Neighbour) -> Companion | None:
    """None for one that was sound by the rules of its time: a stricter reader must not stop its neighbours."""
    try:
        return read_companion(kept)
    except BadFile:
        return None


@lru_cache(maxsize=256)
def _read(file_id: int, name: str, sha256: str, content: bytes) -> Companion:
    named = read_name(name)
    if named.kind is Kind.GAMETIME:
        told = read_gametime_file(named, content)
        return Companion(file_id=file_id, sha256=sha256, name=named, content=told)
    if len(content) > MAX_ENDSTATS_BYTES:
        raise BadFile("too_large", "the file is larger than 64 KiB, and an endstats file has a few")
    endstats = read_endstats_file(named, content)
    if not endstats.awards and not endstats.duels:
        fault = "none of its lines is an award or a duel" if content.strip() else "the file is empty"
        raise BadFile("not_an_endstats_file", fault)
    return Companion(file_id=file_id, sha256=sha256, name=named, content=endstats)


def brought(companion: Companion) -> str:
    """What its receipt says: what it told, and of which round."""
    told = companion.content
    about = f"round {companion.name.round} of {companion.name.map}"
    if isinstance(told, Gametime):
        long = f"{told.played_s // 60}:{told.played_s % 60:02}" if told.played_s is not None else "unknown"
        return f"the game's own clock for {about}: played {long}"
    damaged = f", {told.damaged} unreadable" if told.damaged else ""
    return f"{len(told.awards)} awards and {len(told.duels)} lines of duels of {about}{damaged}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evening:
    """What is computed and what is stored. *contents*: each file's SHA-256; *files*: stats files by round id."""

    server: str
    claimed: Claimed
    rounds: Sequence[Round]
    files: Mapping[int, StatsFile]
    companions: Sequence[Companion]
    belongings: Mapping[int, Belongings]
    stored: Mapping[int, Neighbour]
    contents: Mapping[int, str]


def beside(
    server: str,
    computed: Sequence[Session],
    files: Mapping[int, StatsFile],
    claimed: Claimed,
    companion: Companion | None,
) -> dict[str, object]:
    """The rows that stand beside the *computed* sessions': companions that changed, rounds to be judged again.

    *files*: the stats files by round id; *companion*: the claimed file, when it is a sound one.
    """
    kept = [one for one in claimed.near if one.file_id != claimed.file_id]
    read = [_find_sound(one) for one in kept if one.session_id is None]
    companions = [one for one in (*read, companion) if one is not None]
    belonging: dict[int, Belongings] = {}
    for session in computed if companions else ():
        belonging |= belongings(session.rounds, companions)
    evening = _Evening(
        server=server,
        claimed=claimed,
        rounds=[played for session in computed for played in session.rounds],
        files=files,
        companions=companions,
        belongings=belonging,
        stored={one.file_id: one for one in claimed.near},
        contents={one.file_id: one.sha256 for one in (claimed.file, *kept)},
    )
    return _judged(evening) | (_told(evening) if companions or claimed.file.replaces else {})


def _judged(evening: _Evening) -> dict[str, object]:
    """Trust of the rounds whose files or companions are not those they were judged by."""
    trusts: list[Row] = []
    marks: list[Row] = []
    for played in evening.rounds:
        with_it = evening.belongings.get(played.round_id, _NOTHING)
        digest = trust_kept.digest(played, with_it, evening.contents)
        before = evening.stored.get(played.round_id)
        if before is None or before.trust_digest != digest:
            trust = judge(played, evening.files[played.round_id], with_it.told_awards, with_it.told_time)
            trusts.append(trust_kept.trust_row(played, with_it, trust, digest))
            marks += trust_kept.mark_rows(played, trust)
    return {"round_trust": trusts, "player_mark": marks}


def _told(evening: _Evening) -> dict[str, object]:
    """Rows of the companions that are new, changed, or belong to another round than before; and of which there were
    rows that must go."""
    of_endstats = {
        with_it.endstats.file_id: played
        for played in evening.rounds
        if (with_it := evening.belongings.get(played.round_id, _NOTHING)).endstats
    }
    gone = {evening.claimed.file_id}
    rows: dict[str, list[Row]] = {"companion": [], "award": [], "duel": [], "gametime": []}
    for one in evening.companions:
        played = of_endstats.get(one.file_id)
        digest = companions_kept.digest(one, played, evening.contents)
        before = evening.stored.get(one.file_id)
        if before is not None and before.lines_digest == digest:
            gone.discard(one.file_id)
            continue
        gone.add(one.file_id)
        rows["companion"].append(companions_kept.companion_row(one, evening.server, digest))
        if isinstance(one.content, Gametime):
            rows["gametime"].append(companions_kept.gametime_row(one.file_id, one.content))
        else:
            rows["award"] += companions_kept.award_rows(one.file_id, one.content, played)
            rows["duel"] += companions_kept.duel_rows(one.file_id, one.content, played)
    return {"companions_changed": sorted(gone), **rows}
