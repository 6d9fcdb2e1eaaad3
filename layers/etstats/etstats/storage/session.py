"""Writes computed sessions into the caller's transaction; lines of rounds that did not change are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from etstats.domain.round import PlayerRound, Round
from etstats.domain.session import FORMULA_VERSION, Match, PlayerSession, Session
from etstats.domain.weapon import WEAPONS
from etstats.storage.database import Database
from etstats.storage.rows import Row, insert_rows
from etstats.storage.totals import refresh_players


def write_sessions(
    db: Database,
    server: str,
    sessions: Sequence[Session],
    *,
    before: Iterable[int],
    digests: Mapping[int, bytes],
    contents: Mapping[int, str],
) -> None:
    """Makes the rows equal *sessions*.

    *before*: the session ids these files were under; *digests*: of each stored round's lines;
    *contents*: each file's SHA-256. A round's lines follow from its file, its partner and its role alone,
    so a digest over these tells whether they must be written again.
    """
    rounds = [played for session in sessions for played in session.rounds]
    now_digests = {played.round_id: _digest(played, contents) for played in rounds}
    changed = [played for played in rounds if digests.get(played.round_id) != now_digests[played.round_id]]
    touched = sorted({*before, *(session.session_id for session in sessions)})

    insert_rows(db, "session", [_session_row(server, session) for session in sessions], replacing="session_id")
    insert_rows(
        db, "round", [row for s in sessions for row in _round_rows(server, s, now_digests)], replacing="round_id"
    )
    guids = db.values("delete from player_session where session_id = any(:touched) returning guid", touched=touched)
    db.run("delete from match where session_id = any(:touched)", touched=touched)
    stale = sorted(set(touched) - {session.session_id for session in sessions})
    if stale:
        db.run("delete from session where session_id = any(:stale)", stale=stale)
    _write_lines(db, changed)
    insert_rows(db, "match", [_match_row(session, match) for session in sessions for match in session.matches])
    insert_rows(db, "player_session", [_sum_row(session, sums) for session in sessions for sums in session.players])
    guids += [sums.guid for session in sessions for sums in session.players]
    refresh_players(db, sorted(set(guids)))


def _digest(played: Round, contents: Mapping[int, str]) -> bytes:
    partner = contents.get(played.partner_id, "") if played.partner_id is not None else ""
    told = f"{FORMULA_VERSION} {played.role.value} {contents[played.round_id]} {partner}"
    return sha256(told.encode()).digest()[:16]


def _session_row(server: str, session: Session) -> Row:
    return {
        "session_id": session.session_id,
        "server": server,
        "first_at": session.first_at,
        "last_at": session.last_at,
        "crosses_midnight": session.crosses_midnight,
        "score_a": session.score_a,
        "score_b": session.score_b,
        "counted_rounds": sum(played.counted for played in session.rounds),
        "maps": len(session.matches),
        "players": len(session.players),
        "formula_version": FORMULA_VERSION,
    }


_ROUND_COLUMNS = [name for name in Round.__slots__ if name not in {"file", "players", "oddities"}]


def _round_rows(server: str, session: Session, digests: Mapping[int, bytes]) -> list[Row]:
    return [
        {
            **{column: getattr(played, column) for column in _ROUND_COLUMNS},
            "session_id": session.session_id,
            "server": server,
            "players": len(played.players),
            "oddities": played.oddities,
            "lines_digest": digests[played.round_id],
            "formula_version": FORMULA_VERSION,
        }
        for played in session.rounds
    ]


_LINE_COLUMNS = [name for name in PlayerRound.__slots__ if name != "weapons"]


def _write_lines(db: Database, rounds: Sequence[Round]) -> None:
    if not rounds:
        return
    ids = [played.round_id for played in rounds]
    db.run("delete from player_round where round_id = any(:ids)", ids=ids)
    lines = [(played.round_id, player) for played in rounds for player in played.players]
    insert_rows(
        db,
        "player_round",
        [{"round_id": round_id, **{name: getattr(line, name) for name in _LINE_COLUMNS}} for round_id, line in lines],
    )
    insert_rows(db, "weapon_round", [row for round_id, line in lines for row in _weapon_rows(round_id, line)])


def _weapon_rows(round_id: int, player: PlayerRound) -> Iterable[Row]:
    for slot, (hits, shots, kills, deaths, headshots) in player.weapons.items():
        yield {
            "round_id": round_id,
            "line": player.line,
            "guid": player.guid,
            "weapon": WEAPONS[slot].key,
            "hits": hits,
            "shots": shots,
            "kills": kills,
            "deaths": deaths,
            "headshots": headshots,
        }


def _match_row(session: Session, match: Match) -> Row:
    return {"session_id": session.session_id, **{name: getattr(match, name) for name in Match.__slots__}}


def _sum_row(session: Session, sums: PlayerSession) -> Row:
    columns = {name: getattr(sums, name) for name in PlayerSession.__slots__ if name != "sums"}
    return {"session_id": session.session_id, **columns, **sums.sums}
