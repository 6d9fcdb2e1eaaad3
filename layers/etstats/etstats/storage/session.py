"""Writes computed sessions into the caller's transaction; lines of rounds that did not change are left alone.

All rows go over in one statement, as one JSON parameter, to the database function that knows what to do with them
(`write_sessions` in the migrations): a round trip and a plan for each of its statements would cost more than they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from etstats.domain.round import PlayerRound, Role, Round
from etstats.domain.session import FORMULA_VERSION, Match, PlayerSession, Session
from etstats.domain.weapon import WEAPONS
from etstats.storage.database import Database
from etstats.storage.rows import Row, as_json


def write_sessions(
    db: Database,
    server: str,
    sessions: Sequence[Session],
    *,
    before: Iterable[int],
    digests: Mapping[int, bytes | None],
    contents: Mapping[int, str],
    beside: Mapping[str, object] | None = None,
) -> None:
    """Makes the rows equal *sessions*, and those *beside* them what else was computed, rows by table.

    *before*: the session ids these files were under; *digests*: of each stored round's lines;
    *contents*: each file's SHA-256. A round's lines follow from its file, its partner, its role and whose lines they
    are, so a digest over these tells whether they must be written again.
    """
    rounds = [played for session in sessions for played in session.rounds]
    now_digests = {played.round_id: _digest(played, contents) for played in rounds}
    changed = [played for played in rounds if digests.get(played.round_id) != now_digests[played.round_id]]
    lines = [(played, player) for played in changed for player in played.players]
    computed = {
        "session": [_session_row(server, session) for session in sessions],
        "round": [row for session in sessions for row in _round_rows(server, session, now_digests)],
        "match": [_match_row(session, match) for session in sessions for match in session.matches],
        "player_session": [_sum_row(session, sums) for session in sessions for sums in session.players],
        "player_round": [_line_row(played, player) for played, player in lines],
        "weapon_round": [row for played, player in lines for row in _weapon_rows(played, player)],
        **(beside or {}),
    }
    db.run(
        "select write_sessions(:before, :changed, cast(:computed as json))",
        before=sorted(set(before)),
        changed=[played.round_id for played in changed],
        computed=as_json(computed),
    )


# what a round's lines are made of: its own file, or its own less its partner's, or its own without what runs on
_MADE_OF = {Role.R2: "less the first round", Role.R2_WITHOUT_R1: "what restarts each round"}


def _digest(played: Round, contents: Mapping[int, str]) -> bytes:
    made_of = _MADE_OF.get(played.role, "as written")
    partner = contents[played.partner_id] if played.role is Role.R2 and played.partner_id is not None else ""
    others = "".join(f" {guid}={person}" for guid, person in sorted(played.persons.items()))
    return sha256(f"{FORMULA_VERSION} {made_of} {contents[played.round_id]} {partner}{others}".encode()).digest()[:16]


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
        "team_a": session.team_a,
        "team_b": session.team_b,
        "formula_version": FORMULA_VERSION,
    }


_ROUND_COLUMNS = [name for name in Round.__slots__ if name not in {"file", "players", "persons", "oddities"}]


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


def _line_row(played: Round, player: PlayerRound) -> Row:
    own = {name: getattr(player, name) for name in _LINE_COLUMNS}
    return {"round_id": played.round_id, "person": played.person(player.guid), **own}


def _weapon_rows(played: Round, player: PlayerRound) -> Iterable[Row]:
    for slot, (hits, shots, kills, deaths, headshots) in player.weapons.items():
        yield {
            "round_id": played.round_id,
            "line": player.line,
            "person": played.person(player.guid),
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
