"""What files say and what they mean, as one document each: for looking into a file, and to hold us against others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from etstats.domain.figure import CUMULATIVE, FIGURES, OF_THE_ROUND
from etstats.domain.formula import accuracy, alive, damage_per_minute, efficiency, headshots, kill_death_ratio
from etstats.domain.identity import file_id
from etstats.domain.round import SEPARATED, PlayerRound, Round, Source
from etstats.domain.session import StoredFile, sessions
from etstats.domain.stats_file import ALLIES, AXIS, FileName, Kind, PlayerLine, StatsFile, Tally
from etstats.domain.weapon import WEAPONS
from etstats.errors import BadFile
from etstats.parsing.endstats_file import read_endstats_file
from etstats.parsing.filename import read_name
from etstats.parsing.gametime_file import read_gametime_file
from etstats.parsing.stats_file import read_stats_file

Document = dict[str, Any]

_TALLY = ("hits", "shots", "kills", "deaths", "headshots")
_TOTALS = (
    *("played_s", "kills", "deaths", "hits", "shots", "headshot_hits"),
    *("gun_hits", "gun_shots", "gun_headshot_hits"),
)
_HEADER = (
    *("server_raw", "server", "map", "config", "round", "defender_team", "winner_team"),
    *("limit_text", "limit_s", "next_limit_text", "next_limit_s", "playtime_raw", "field_count"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A stats file with its place among the others."""

    file: StatsFile
    content: bytes
    played: Round


def documents(wanted: Mapping[str, bytes], neighbours: Mapping[str, bytes]) -> list[Document]:
    """One document for each of *wanted* (name → bytes), in that order.

    *neighbours*: other files of the same game server; they decide a round's role. Raises BadFile for a name that is
    no stats file's.
    """
    every = {name: (read_name(name), content) for name, content in {**neighbours, **wanted}.items()}
    read = {
        name: read_stats_file(parts, content) for name, (parts, content) in every.items() if parts.kind is Kind.STATS
    }
    by_id = {file_id("", name): name for name in read}
    stored = [StoredFile(file_id=number, file=read[name]) for number, name in by_id.items()]
    rounds = {by_id[played.round_id]: played for session in sessions(stored) for played in session.rounds}

    def document(name: str) -> Document:
        parts, content = every[name]
        if parts.kind is Kind.GAMETIME:
            return _gametime(parts, content)
        if parts.kind is not Kind.STATS:
            return _endstats(parts, content)
        return _stats(_Read(file=read[name], content=content, played=rounds[name]), by_id.get)

    return [document(name) for name in wanted]


def _about(name: FileName, content: bytes, line_ending: str) -> Document:
    return {
        "schema": 1,
        "file": name.text,
        "sha256": sha256(content).hexdigest(),
        "bytes": len(content),
        "line_ending": line_ending,
    }


def _endstats(name: FileName, content: bytes) -> Document:
    file = read_endstats_file(name, content)
    return {
        **_about(name, content, file.line_ending),
        "kind": name.kind.value,
        "awards": [
            {"award": one.award, "player": one.player, "value_text": one.value_text, "value": one.value}
            for one in file.awards
        ],
        "vs": [
            {"subject": one.subject, "opponent": one.opponent, "kills": one.kills, "deaths": one.deaths}
            for one in file.duels
        ],
    }


def _gametime(name: FileName, content: bytes) -> Document:
    about = {**_about(name, content, "crlf" if b"\r\n" in content else "lf"), "kind": name.kind.value}
    try:
        told = read_gametime_file(name, content)
    except BadFile as fault:
        return {**about, "status": fault.code, "reason": str(fault)}
    return {
        **about,
        "status": "ok",
        **{key: value for key, value in asdict(told).items() if key != "name"},
        "end_reason": told.end_reason.value if told.end_reason else None,
        "end_reason_reliable": told.end_reason_reliable,
    }


def _stats(read: _Read, name_of: Callable[[int], str | None]) -> Document:
    file, played = read.file, read.played
    document: Document = {
        **_about(file.name, read.content, file.line_ending),
        "written_at": file.name.written_at.isoformat(),
        "map_in_name": file.name.map,
        "round_in_name": file.name.round,
        "status": file.status.value,
        "role": played.role.value,
        "partner": None if played.partner_id is None else name_of(played.partner_id),
        "oddities": list(played.oddities),
        "players": [_player(*pair) for pair in _paired(file.players, played.players)],
        "duration_s": played.clock_s,
    }
    if file.fault is not None:
        document["reason"] = file.fault
    if file.header is not None:
        document["header"] = {name: getattr(file.header, name) for name in _HEADER}
        document["outcome"] = played.outcome.value if played.outcome else None
        document["attacker_team"] = ALLIES if file.header.defender_team == AXIS else AXIS
    if played.clock_s is not None and played.limit_s is not None:
        document["short_of_limit_s"] = played.limit_s - played.clock_s
        document["ended_early"] = played.ended_early
    if played.replaced_by is not None:
        document["replaced_by"] = name_of(played.replaced_by)
    return document


def _paired(
    lines: Iterable[PlayerLine], players: Iterable[PlayerRound]
) -> Iterable[tuple[PlayerLine, PlayerRound | None]]:
    by_place = {player.line: player for player in players}
    return ((line, by_place.get(place)) for place, line in enumerate(lines, start=1))


def _player(line: PlayerLine, player: PlayerRound | None) -> Document:
    document: Document = {
        "guid": line.guid,
        "name_raw": line.name_raw,
        "name": line.name,
        "is_bot": line.is_bot,
        "team": line.team,
        "rounds_counter": line.rounds_counter,
        "malformed": line.damage,
        "as_written": {
            **{figure.name: line.figure(figure.name) for figure in FIGURES},
            "weapon_mask": line.weapon_mask,
            "extended_count": line.extended_count,
        },
        "weapons_as_written": _weapons(line.weapons),
        "round": None,
        "round_source": None if player is None else player.source.value,
    }
    if player is not None and player.source in SEPARATED:
        document["round"] = _alone(player) | {"alive_pct": _alive_pct(line, player)}
        if player.played_s is not None:
            document["played_in_round"] = player.took_part
    return document


def _weapons(tallies: Mapping[int, Tally]) -> Document:
    return {WEAPONS[slot].key: dict(zip(_TALLY, tally, strict=True)) for slot, tally in tallies.items()}


def _alone(player: PlayerRound) -> Document:
    """This round alone, with the figures that are computed from it."""
    kills, deaths, damage = player.kills or 0, player.deaths or 0, player.damage_given
    hits, shots = player.hits or 0, player.shots or 0
    gun_hits, gun_shots = player.gun_hits or 0, player.gun_shots or 0
    return {
        **{name: getattr(player, name) for name in (*CUMULATIVE, *OF_THE_ROUND, *_TOTALS)},
        "weapons": _weapons(player.weapons),
        "alive_s": None if player.alive_ms is None else player.alive_ms / 1000,
        "kd": _rounded(kill_death_ratio(kills, deaths)),
        "efficiency_pct": _rounded(efficiency(kills, deaths)),
        "accuracy_all_pct": _rounded(accuracy(hits, shots)),
        "accuracy_gun_pct": _rounded(accuracy(gun_hits, gun_shots)),
        "headshot_pct": _rounded(headshots(player.gun_headshot_hits or 0, gun_hits)),
        "dpm": _rounded(damage_per_minute(damage, player.played_s)),
    }


def _alive_pct(line: PlayerLine, player: PlayerRound) -> float | None:
    """A line that is the round carries it as written; of a round taken apart it is computed."""
    if player.source is Source.DIFFERENCE:
        return _rounded(alive(player.alive_ms, player.played_s))
    written = line.figure("alive_pct")
    return None if written is None else float(written)


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
