"""What the database holds, as documents: every session with its rounds, maps, score and players; every file's receipt.

The figures are computed from the stored rows alone, so that a document tells whether the rows are right.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from etstats.domain.formula import accuracy, alive, damage_per_minute, efficiency, headshots, kill_death_ratio
from etstats.domain.receipt import waiting_for
from etstats.domain.session import SESSION_GAP
from etstats.storage.database import Database

Document = dict[str, Any]

SCORE_RULE = "a won map is 2 points, a draw 1 each; A attacked first on the first complete map, then the rosters tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class _SessionRow:
    session_id: int
    server: str
    first_at: datetime
    last_at: datetime
    crosses_midnight: bool
    score_a: int
    score_b: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _RoundRow:
    session_id: int
    round_id: int
    file: str
    map: str
    number: int
    role: str
    counted: bool
    outcome: str | None
    limit_s: int | None
    clock_s: int | None
    ended_early: bool | None
    players: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _MatchRow:
    session_id: int
    map: str
    round1_id: int
    round2_id: int
    winner: str
    winner_team: str
    r1_time_s: int | None
    r2_time_s: int | None
    r1_attackers: list[str]
    r1_defenders: list[str]


def sessions_document(db: Database) -> Document:
    """All gaming sessions in time order. Unknown figures are left out, not written as zero."""
    rounds = _by_session(
        db.all(
            _RoundRow,
            """select session_id, round_id, name as file, map, number, role, counted, outcome, limit_s, clock_s,
                      ended_early, players
               from round join stats_file on file_id = round_id
               order by round.written_at, number, name""",
        )
    )
    matches = _by_session(
        db.all(
            _MatchRow,
            """select session_id, map, round1_id, round2_id, winner, winner_team, r1_time_s, r2_time_s,
                      r1_attackers, r1_defenders
               from match order by position""",
        )
    )
    players: defaultdict[int, list[Document]] = defaultdict(list)
    for row in db.values("select to_jsonb(player_session) from player_session order by guid"):
        players[row["session_id"]].append(_player(row))
    kept = db.all(
        _SessionRow,
        """select session_id, server, first_at, last_at, crosses_midnight, score_a, score_b
           from session order by first_at, session_id""",
    )
    return {
        "schema": 1,
        "gap_minutes": SESSION_GAP // timedelta(minutes=1),
        "sessions": [
            _session(row, rounds[row.session_id], matches[row.session_id], players[row.session_id]) for row in kept
        ],
    }


def _by_session(rows: list[Any]) -> defaultdict[int, list[Any]]:
    grouped: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.session_id].append(row)
    return grouped


def _session(
    session: _SessionRow, rounds: list[_RoundRow], matches: list[_MatchRow], players: list[Document]
) -> Document:
    by_id = {played.round_id: played for played in rounds}
    timed = sorted((p for p in players if p["dpm"] is not None), key=lambda p: (-p["dpm"], p["guid"]))
    return {
        "session_key": session.first_at.isoformat(),
        "server": session.server,
        "files": [played.file for played in rounds],
        "first": session.first_at.isoformat(),
        "last": session.last_at.isoformat(),
        "crosses_midnight": session.crosses_midnight,
        "rounds": [_round(played) for played in rounds],
        "maps": [_match(match, by_id[match.round1_id], by_id[match.round2_id]) for match in matches],
        "score": {"A": session.score_a, "B": session.score_b, "rule": SCORE_RULE},
        "players": players,
        "top5_dpm": [{key: p[key] for key in ("guid", "name", "dpm", "played_s", "damage_given")} for p in timed[:5]],
    }


def _round(played: _RoundRow) -> Document:
    return {
        "file": played.file,
        "map": played.map,
        "round": played.number,
        "role": played.role,
        "counted": played.counted,
        "outcome": played.outcome,
        "limit_s": played.limit_s,
        "duration_s": played.clock_s,
        "ended_early": played.ended_early,
        "players": played.players,
    }


def _match(match: _MatchRow, first: _RoundRow, second: _RoundRow) -> Document:
    return {
        "map": match.map,
        "r1": first.file,
        "r2": second.file,
        "r1_outcome": first.outcome,
        "r1_time_s": match.r1_time_s,
        "r1_duration_s": first.clock_s,
        "r2_outcome": second.outcome,
        "r2_time_s": match.r2_time_s,
        "r2_duration_s": second.clock_s,
        "winner": match.winner,
        "winner_team": match.winner_team,
        "r1_attackers": match.r1_attackers,
        "r1_defenders": match.r1_defenders,
    }


def _player(row: Document) -> Document:
    known = {key: value for key, value in row.items() if value is not None and key not in _INTERNAL}
    alive_ms, played_s = row["alive_ms"] or 0, row["played_s"] or 0
    return {
        **known,
        "alive_s": alive_ms / 1000,
        "max_killing_spree": row["max_killing_spree"] or 0,
        "max_death_spree": row["max_death_spree"] or 0,
        "dpm": _rounded(damage_per_minute(row["damage_given"], played_s)),
        "kd": _rounded(kill_death_ratio(row["kills"], row["deaths"])),
        "efficiency_pct": _rounded(efficiency(row["kills"], row["deaths"])),
        "accuracy_all_pct": _rounded(accuracy(row["hits"], row["shots"])),
        "accuracy_gun_pct": _rounded(accuracy(row["gun_hits"], row["gun_shots"])),
        "accuracy_slomix_pct": _rounded(accuracy(row["slx_hits"], row["slx_shots"])),
        "headshot_pct": _rounded(headshots(row["gun_headshot_hits"], row["gun_hits"])),
        "alive_pct": _rounded(alive(alive_ms, played_s)),
    }


_INTERNAL = {"session_id", "team", "last_at", "alive_ms", "revives_known_rounds"}


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receipt:
    server: str
    file: str
    state: str
    code: str | None
    reason: str | None
    counted: bool | None
    grade: str | None
    fetched: bool
    seen_at: datetime
    stored_at: datetime | None
    parsed_at: datetime | None
    published_at: datetime | None


def receipts_document(db: Database) -> list[Document]:
    """One entry per file: how far it came, when, and why not further."""
    rows = db.all(
        _Receipt,
        """select stats_file.server, name as file, state, refusal_code as code,
                  coalesce(refusal, note, 'does not count: ' || uncounted_reason) as reason,
                  counted, grade, fetched_size is not null as fetched, seen_at, stored_at, parsed_at, published_at
           from stats_file left join round on round_id = file_id left join round_trust using (round_id)
           order by stats_file.server, name""",
    )
    return [_receipt(row) for row in rows]


def _receipt(row: _Receipt) -> Document:
    told = {name: _plain(getattr(row, name)) for name in _Receipt.__slots__ if name != "fetched"}
    told["reason"] = row.reason or waiting_for(row.state, fetched=row.fetched)
    return {name: value for name, value in told.items() if value is not None}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
