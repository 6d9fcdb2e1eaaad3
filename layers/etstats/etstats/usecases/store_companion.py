"""Endstats and gametime files: what they tell is stored, held against their round, and the round's trust graded.

To which round a companion belongs is computed with the gaming session, from all files near, whichever of them came
last. So it may come before its stats file or after it, twice or changed: the rows are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from etstats.domain.companion import ENDSTATS_WINDOW, ZONES, Belongings, Companion, belongings
from etstats.domain.gametime import Gametime
from etstats.domain.round import Round
from etstats.domain.session import Session
from etstats.domain.stats_file import FileName, Kind, StatsFile
from etstats.domain.trust import judge
from etstats.storage import companion as companions_kept
from etstats.storage import trust as trust_kept
from etstats.storage.rows import Row
from etstats.storage.session import Beside
from etstats.storage.stats_file import Claimed, Neighbour

COMPANIONS = frozenset({Kind.ENDSTATS, Kind.GAMETIME})

_NOTHING = Belongings()


def near(name: FileName) -> timedelta:
    """How far from its own time the round of a companion may have ended."""
    return max(map(abs, ZONES)) if name.kind is Kind.GAMETIME else ENDSTATS_WINDOW


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
    companions: Sequence[Companion],
    claimed: Claimed,
) -> Beside:
    """The rows that stand beside the *computed* sessions': companions that changed, rounds to be judged again.

    *files*: the stats files by round id; *companions*: the sound ones near, the claimed file among them if it is one.
    """
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
        contents={one.file_id: one.sha256 for one in (*claimed.near, claimed.file)},
    )
    trusts, marks = _judged(evening)
    told = _told(evening) if companions or claimed.file.replaces else None
    return Beside(trusts=trusts, marks=marks, companions=told)


def _judged(evening: _Evening) -> tuple[list[Row], list[Row]]:
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
    return trusts, marks


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
        if before is not None and before.digest == digest:
            gone.discard(one.file_id)
            continue
        gone.add(one.file_id)
        rows["companion"].append(companions_kept.companion_row(one, evening.server, digest))
        if isinstance(one.content, Gametime):
            rows["gametime"].append(companions_kept.gametime_row(one.file_id, one.content))
        else:
            rows["award"] += companions_kept.award_rows(one.file_id, one.content, played)
            rows["duel"] += companions_kept.duel_rows(one.file_id, one.content, played)
    return {"changed": sorted(gone), **rows}
