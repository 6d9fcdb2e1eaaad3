"""What endstats and gametime files tell, as rows. Without its round a companion's players are names alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

from etstats.domain.award import Duel, EndstatsFile
from etstats.domain.companion import Companion, reach
from etstats.domain.duel import owners
from etstats.domain.gametime import Gametime
from etstats.domain.round import Round
from etstats.domain.trust import sides
from etstats.storage.database import Database
from etstats.storage.rows import Row

_COMPANION_VERSION = 1
_GAMETIME_COLUMNS = (
    *("winner_team", "defender_team", "played_s", "limit_s", "pause_count", "pause_s", "end_reason"),
    *("end_reason_reliable", "warmup_s", "warmup_start_unix", "round_start_unix", "round_end_unix"),
    *("surrender_team", "surrender_guid", "surrender_name", "axis_score", "allies_score", "server_address"),
    *("spawn_summary", "oddities"),
)


def digest(companion: Companion, played: Round | None, contents: Mapping[int, str]) -> bytes:
    """Of all that a companion's rows follow from: its own bytes and the file of its round."""
    of_round = contents[played.round_id] if played else ""
    return sha256(f"{_COMPANION_VERSION} {companion.sha256} {of_round}".encode()).digest()[:16]


def companion_row(companion: Companion, server: str, of_digest: bytes) -> Row:
    earliest, latest = reach(companion.name)
    return {
        "file_id": companion.file_id,
        "server": server,
        "kind": companion.name.kind,
        "map": companion.name.map,
        "number": companion.name.round,
        "earliest": earliest,
        "latest": latest,
        "digest": of_digest,
    }


def award_rows(file_id: int, endstats: EndstatsFile, played: Round | None) -> list[Row]:
    guids = _guids(endstats, played)
    return [
        {"file_id": file_id, "position": position, "guid": guids.get(award.player), **asdict(award)}
        for position, award in enumerate(endstats.awards, start=1)
    ]


def duel_rows(file_id: int, endstats: EndstatsFile, played: Round | None) -> list[Row]:
    """With the owner where it is certain; his GUID as the writer gave it, else as the round knows it."""
    guids = _guids(endstats, played)
    names = owners(endstats.duels, sides(played) if played else {})
    return [
        {
            "file_id": file_id,
            "position": position,
            "subject": name,
            "subject_guid": duel.subject_guid or guids.get(name or ""),
            "opponent": duel.opponent,
            "opponent_guid": guids.get(duel.opponent),
            "kills": duel.kills,
            "deaths": duel.deaths,
        }
        for position, (name, duel) in enumerate(zip(names, endstats.duels, strict=True), start=1)
    ]


def _guids(endstats: EndstatsFile, played: Round | None) -> dict[str, str]:
    """GUIDs by name, of names that only one player has: as the file's headers say, else as the round's lines do."""
    in_round = [(player.name, player.guid) for player in played.players] if played else []
    return _unambiguous(in_round) | _unambiguous(_in_headers(endstats.duels))


def _in_headers(duels: Iterable[Duel]) -> set[tuple[str, str]]:
    return {(duel.subject, duel.subject_guid) for duel in duels if duel.subject and duel.subject_guid}


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    listed = list(pairs)
    times = Counter(name for name, _ in listed)
    return {name: guid for name, guid in listed if times[name] == 1}


def gametime_row(file_id: int, told: Gametime) -> Row:
    return {
        "file_id": file_id,
        **{column: getattr(told, column) for column in _GAMETIME_COLUMNS},
        "axis": [asdict(player) for player in told.axis],
        "allies": [asdict(player) for player in told.allies],
        "pauses": [asdict(pause) for pause in told.pauses],
        "spawns": [asdict(tally) for tally in told.spawns],
    }


def publish(db: Database, file_id: int, *, note: str, now: datetime) -> None:
    """Read, and what it brought is in the tables."""
    db.run(
        "update stats_file set parsed_at = :now, published_at = :now, note = :note where file_id = :file_id",
        now=now,
        note=note,
        file_id=file_id,
    )
