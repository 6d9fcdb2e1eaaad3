"""Writes computed sessions into the caller's transaction; rounds that did not change are left alone.

All rows go over in one statement, as JSON by table, to the database function that knows what to do with them
(`write_sessions` in the migrations): a round trip and a plan for each of its statements would cost more than they do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from etstats.domain.correction import FORGOTTEN
from etstats.domain.round import PlayerRound, Role, Round
from etstats.domain.session import FORMULA_VERSION, Match, PlayerSession, Session
from etstats.domain.weapon import WEAPONS
from etstats.storage.database import Database
from etstats.storage.rows import Row, as_json
from etstats.storage.testimony import weigh_held


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRound:
    """What is stored of a round: under which session, whether it counts, whose its lines are by corrections, and
    digests of its row and of its lines."""

    session_id: int
    counted: bool
    persons: Mapping[str, str] | None
    digest: bytes | None
    lines_digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What else was computed: rows of rounds' trust, of marks on lines, and of companions by table; None: as before."""

    trusts: Sequence[Row] = ()
    marks: Sequence[Row] = ()
    companions: Mapping[str, object] | None = None


def write_sessions(
    db: Database,
    server: str,
    sessions: Sequence[Session],
    *,
    stored: Mapping[int, StoredRound],
    contents: Mapping[int, str],
    forgotten: Collection[str] = (),
    beside: Beside = Beside(),  # frozen
) -> None:
    """Makes the rows equal *sessions*, and those *beside* them what else was computed, with what demos tell of it.

    *stored*: the rounds as they are, by id; *contents*: each file's SHA-256; *forgotten*: persons without a name. A
    round's lines follow from its file, its partner, its role and these, and its row from these and its neighbours, so
    digests tell what must be written again.
    """
    change = _Change(sessions, stored, contents, forgotten)
    shown = db.values(
        """select array(select round_id from demo where round_id = any (:judged))
           from write_sessions(:before, cast(:sessions as json), cast(:sums as json), cast(:rounds as json),
            cast(:matches as json), :changed, cast(:lines as json), cast(:weapons as json), cast(:reassigned as json),
            :moved, :turned, :anew, cast(:trusts as json), cast(:marks as json), cast(:companions as json))""",
        judged=[*(row["round_id"] for row in beside.trusts), *(played.round_id for played in change.lines)],
        before=sorted({was.session_id for was in stored.values()}),
        sessions=as_json([_session_row(server, session) for session in sessions]),
        sums=as_json([_sum_row(session, sums, forgotten) for session in sessions for sums in session.players]),
        rounds=_some(change.round_rows(server)),
        matches=as_json(_match_rows(sessions)) if change.touches_matches else None,
        **_about_lines(change, forgotten),
        trusts=_some(beside.trusts),
        marks=_some(beside.marks),
        companions=as_json(beside.companions) if beside.companions else None,
    )[0]
    for round_id in sorted(set(shown)):
        weigh_held(db, round_id)


def _about_lines(change: _Change, forgotten: Collection[str]) -> dict[str, object]:
    lines = [(played, player) for played in change.lines for player in played.players]
    return {
        "changed": [played.round_id for played in change.lines],
        "lines": _some([_line_row(played, player, forgotten) for played, player in lines]),
        "weapons": _some([row for played, player in lines for row in _weapon_rows(played, player)]),
        "reassigned": _some([{"round_id": one.round_id, "persons": one.persons} for one in change.reassigned]),
        "moved": [played.round_id for played in change.moved],
        "turned": [played.round_id for played in change.turned],
        "anew": change.anew,
    }


def _some(rows: Sequence[Row]) -> str | None:
    return as_json(rows) if rows else None


class _Change:
    """What of the computed sessions differs from what is stored.

    *lines*: rounds whose lines do; *reassigned*: of the others, those with lines that are somebody else's now;
    *turned*: those that count now and did not, or the other way round; *moved*: those whose share in sums changes.
    """

    def __init__(
        self,
        sessions: Sequence[Session],
        stored: Mapping[int, StoredRound],
        contents: Mapping[int, str],
        forgotten: Collection[str],
    ) -> None:
        self._stored = stored
        self._rounds = [(session, played) for session in sessions for played in session.rounds]
        self._digests = {played.round_id: _lines_digest(played, contents, forgotten) for _, played in self._rounds}
        self._rows = [
            (session, played, digest)
            for session, played in self._rounds
            if not self._is_as_before(played, digest := _digest(session, played, self._digests[played.round_id]))
        ]
        touched = [played for _, played, _ in self._rows]
        self.lines = [played for played in touched if self._has_other_lines(played)]
        self.reassigned = [
            played for played in touched if not self._has_other_lines(played) and self._has_other_persons(played)
        ]
        self.turned = [played for played in touched if self._was_counted(played) is (not played.counted)]
        others = {one.round_id for one in (*self.lines, *self.reassigned, *self.turned)}
        self.moved = [
            played for played in touched if played.round_id in others and (played.counted or self._was_counted(played))
        ]

    @property
    def touches_matches(self) -> bool:
        """Only a round that is half of one, or was, can make a match another."""
        return any(played.role in (Role.R1, Role.R2) or played.round_id in self._stored for _, played, _ in self._rows)

    @property
    def anew(self) -> bool:
        """Something that was in the sums is not as it was."""
        return any(self._was_counted(played) for played in self.moved)

    def round_rows(self, server: str) -> list[Row]:
        return [
            _round_row(server, session, played, self._digests[played.round_id], digest)
            for session, played, digest in self._rows
        ]

    def _is_as_before(self, played: Round, digest: bytes) -> bool:
        was = self._stored.get(played.round_id)
        return was is not None and was.digest == digest and not self._has_other_persons(played)

    def _has_other_lines(self, played: Round) -> bool:
        was = self._stored.get(played.round_id)
        return was is None or was.lines_digest != self._digests[played.round_id]

    def _has_other_persons(self, played: Round) -> bool:
        was = self._stored.get(played.round_id)
        return was is not None and (was.persons or {}) != played.persons

    def _was_counted(self, played: Round) -> bool | None:
        """None: it was not stored."""
        was = self._stored.get(played.round_id)
        return None if was is None else was.counted


# what a round's lines are made of: its own file, or its own less its partner's, or its own without what runs on
_MADE_OF = {Role.R2: "less the first round", Role.R2_WITHOUT_R1: "what restarts each round"}


def _lines_digest(played: Round, contents: Mapping[int, str], forgotten: Collection[str]) -> bytes:
    made_of = _MADE_OF.get(played.role, "as written")
    partner = contents[played.partner_id] if played.role is Role.R2 and played.partner_id is not None else ""
    without = sorted({played.person(one.guid) for one in played.players}.intersection(forgotten))
    names = f" without the names of {without}" if without else ""
    return _hash(f"{FORMULA_VERSION} {made_of} {contents[played.round_id]} {partner}{names}")


def _digest(session: Session, played: Round, of_lines: bytes) -> bytes:
    """Of all that a round's row follows from, but for whose its lines are."""
    place = (session.session_id, played.role.value, played.partner_id, played.replaced_by, played.uncounted_reason)
    return _hash(f"{of_lines.hex()} {place} {played.oddities}")


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()[:16]


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


_ROUND_COLUMNS = [name for name in Round.__slots__ if name not in {"file", "players", "persons"}]


def _round_row(server: str, session: Session, played: Round, of_lines: bytes, digest: bytes) -> Row:
    return {
        **{column: getattr(played, column) for column in _ROUND_COLUMNS},
        "session_id": session.session_id,
        "server": server,
        "players": len(played.players),
        "persons": played.persons or None,
        "lines_digest": of_lines,
        "digest": digest,
        "formula_version": FORMULA_VERSION,
    }


_LINE_COLUMNS = [name for name in PlayerRound.__slots__ if name != "weapons"]


_UNNAMED: Row = {"name": FORGOTTEN, "name_raw": FORGOTTEN}


def _line_row(played: Round, player: PlayerRound, forgotten: Collection[str]) -> Row:
    own = {name: getattr(player, name) for name in _LINE_COLUMNS}
    person = played.person(player.guid)
    return {"round_id": played.round_id, "person": person, **own, **(_UNNAMED if person in forgotten else {})}


def _weapon_rows(played: Round, player: PlayerRound) -> Iterator[Row]:
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


def _match_rows(sessions: Sequence[Session]) -> list[Row]:
    return [
        {"session_id": session.session_id, **{name: getattr(match, name) for name in Match.__slots__}}
        for session in sessions
        for match in session.matches
    ]


def _sum_row(session: Session, sums: PlayerSession, forgotten: Collection[str]) -> Row:
    columns = {name: getattr(sums, name) for name in PlayerSession.__slots__ if name != "sums"}
    if sums.guid in forgotten:
        columns["name"] = FORGOTTEN
    return {"session_id": session.session_id, **columns, **sums.sums}
