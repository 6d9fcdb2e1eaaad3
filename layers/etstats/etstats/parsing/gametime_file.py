"""A gametime file's bytes become values: the webhook's body, bare or under "payload" beside the writer's own "meta".

Fields are texts with their units inside ("742 sec", "12.000 min", "1 (34 sec)"). A field that cannot be read is unknown
and named among the oddities; only what is no such file at all is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from etstats.domain.gametime import EndReason, Gametime, Pause, RosterPlayer, SpawnTally
from etstats.domain.name import strip_colours
from etstats.domain.stats_file import ALLIES, AXIS, FileName, Kind
from etstats.errors import BadFile

T = TypeVar("T")

MAX_BYTES = 1 << 17
_MOST_ROWS = 200
_LONGEST_TEXT = 2000
_SECONDS = re.compile(r"(\d{1,7})(?:\.\d{1,6})?(?: ?s(?:ec(?:onds)?)?)?", re.ASCII)
_MINUTES = re.compile(r"(\d{1,4}(?:\.\d{1,6})?)(?: ?min(?:utes)?)?", re.ASCII)
_PAUSES = re.compile(r"(\d{1,4})(?: ?\((\d{1,7})(?: ?s(?:ec)?)?\))?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,10}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,7}(?:\.\d{1,9})?", re.ASCII)
_GUID = re.compile(r"[0-9A-Fa-f]{8,32}|OMNIBOT[0-9A-Za-z]+", re.ASCII)
_TEAMS = {"1": AXIS, "axis": AXIS, "2": ALLIES, "allies": ALLIES}
# what stands where nobody surrendered
_NOBODY = {"", "0", "none", "n/a", "-"}


def read_gametime_file(name: FileName, content: bytes) -> Gametime:
    """Raises BadFile with a code: too_large, not_json, not_a_gametime_file."""
    document = _object(content)
    payload, meta = document.get("payload"), document.get("meta")
    if not isinstance(payload, dict):
        payload, meta = document, None
    return _Reader(_fields(payload), meta if isinstance(meta, dict) else {}).gametime(name)


def _object(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        raise BadFile("too_large", "the file is larger than 128 KiB, and a gametime file has a few")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise BadFile("not_json", "a gametime file is JSON, and this is none") from fault
    if not isinstance(document, dict):
        raise BadFile("not_a_gametime_file", "a gametime file is one JSON object, and this is something else")
    return document


def _fields(payload: Mapping[str, Any]) -> dict[str, str]:
    """The embed's fields by name; of two of one name the first counts."""
    embeds = payload.get("embeds")
    embed = embeds[0] if isinstance(embeds, list) and embeds else None
    rows = embed.get("fields") if isinstance(embed, dict) else None
    fields: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("name"), str) and isinstance(row.get("value"), str | int):
            fields.setdefault(row["name"], _text(str(row["value"])).strip())
    if not fields.keys() & {"Map", "Round", "Lua_Playtime", "Lua_RoundEnd"}:
        raise BadFile("not_a_gametime_file", "it has no embed with the fields Map, Round, Lua_Playtime, Lua_RoundEnd")
    return fields


class _Reader:
    """Takes fields out of one body and remembers which it could not read."""

    def __init__(self, fields: Mapping[str, str], meta: Mapping[str, Any]) -> None:
        self._fields = fields
        self._meta = meta
        self._oddities: set[str] = set()

    def gametime(self, name: FileName) -> Gametime:
        map_name = self._fields.get("Map") or _meta_text(self._meta.get("map"))
        number = self._field("Round", _whole, "round")
        pauses = self._field("Lua_Pauses", _pauses)
        if (map_name or name.map, number or name.round) != (name.map, name.round):
            self._oddities.add("differs_from_name")
        return Gametime(
            name=name,
            map=map_name,
            number=number,
            winner_team=self._field("Winner", _team),
            defender_team=self._field("Defender", _team),
            played_s=self._field("Lua_Playtime", _seconds, "actual_duration_seconds"),
            limit_s=self._field("Lua_Timelimit", _minutes),
            pause_count=pauses[0] if pauses else _whole(_meta_text(self._meta.get("pause_count")) or ""),
            pause_s=pauses[1] if pauses else _seconds(_meta_text(self._meta.get("pause_seconds")) or ""),
            end_reason=self._field("Lua_EndReason", _end_reason),
            warmup_s=self._field("Lua_Warmup", _seconds, "warmup_seconds"),
            warmup_start_unix=self._field("Lua_WarmupStart", _unix),
            round_start_unix=self._field("Lua_RoundStart", _unix, "round_start_unix"),
            round_end_unix=self._field("Lua_RoundEnd", _unix, "round_end_unix") or _unix_in(name),
            **self._surrender(),
            axis_score=self._field("Lua_AxisScore", _whole),
            allies_score=self._field("Lua_AlliesScore", _whole),
            axis=self._rows("Axis_JSON", _roster_player),
            allies=self._rows("Allies_JSON", _roster_player),
            pauses=self._rows("Lua_Pauses_JSON", _pause),
            spawns=self._listed(self._meta.get("spawn_stats"), _spawn_tally, "spawn_stats"),
            spawn_summary=self._fields.get("Lua_SpawnSummary") or None,
            server_address=_address(self._meta),
            oddities=tuple(sorted(self._oddities)),
        )

    def _field(self, name: str, read: Callable[[str], T | None], in_meta: str = "") -> T | None:
        """The embed's field, else the same thing out of the writer's additions."""
        written = [self._fields.get(name), _meta_text(self._meta.get(in_meta))]
        for text in written:
            if text and (value := read(text)) is not None:
                return value
        if any(text and text.lower() not in _NOBODY for text in written):
            self._oddities.add(f"unreadable_{name}")
        return None

    def _surrender(self) -> dict[str, Any]:
        caller = self._fields.get("Lua_SurrenderCallerName", "")
        return {
            "surrender_team": self._field("Lua_SurrenderTeam", _team),
            "surrender_guid": self._field("Lua_SurrenderCaller", _guid),
            "surrender_name": None if caller.lower() in _NOBODY else strip_colours(caller),
        }

    def _rows(self, name: str, read: Callable[[Mapping[str, Any]], T | None]) -> tuple[T, ...]:
        """The rows of a field that holds JSON as text."""
        text = self._fields.get(name)
        if not text:
            return ()
        try:
            return self._listed(json.loads(text), read, name)
        except (ValueError, RecursionError):
            self._oddities.add(f"unreadable_{name}")
            return ()

    def _listed(self, rows: object, read: Callable[[Mapping[str, Any]], T | None], name: str) -> tuple[T, ...]:
        if rows is None:
            return ()
        listed = rows if isinstance(rows, list) else [None]
        values = [read(row) if isinstance(row, dict) else None for row in listed[:_MOST_ROWS]]
        if None in values or len(listed) > _MOST_ROWS:
            self._oddities.add(f"unreadable_{name}")
        return tuple(value for value in values if value is not None)


def _unix_in(name: FileName) -> int:
    assert name.kind is Kind.GAMETIME
    return int(name.text.removesuffix(".json").rpartition("-")[2])


def _text(raw: str) -> str:
    """PostgreSQL keeps neither NUL nor half a surrogate pair."""
    return raw[:_LONGEST_TEXT].replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _meta_text(value: object) -> str | None:
    """Texts and numbers alike; a whole number that went through a float is written as one."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e10 else f"{value:.3f}"
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    # a number of thousands of digits is not made a text at all
    return _text(value).strip() if isinstance(value, str) else str(value) if abs(value) < 1e10 else None


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _seconds(text: str) -> int | None:
    found = _SECONDS.fullmatch(text)
    return int(found[1]) if found else None


def _minutes(text: str) -> int | None:
    found = _MINUTES.fullmatch(text)
    return round(60 * float(found[1])) if found else None


def _pauses(text: str) -> tuple[int, int | None] | None:
    found = _PAUSES.fullmatch(text)
    return None if found is None else (int(found[1]), int(found[2]) if found[2] else None)


def _unix(text: str) -> int | None:
    number = _whole(text)
    return number if number is not None and number > 0 else None


def _team(text: str) -> int | None:
    return _TEAMS.get(text.lower())


def _end_reason(text: str) -> EndReason | None:
    known = {reason.value: reason for reason in EndReason}
    return known.get(text.lower().replace(" ", "_"))


def _guid(text: str) -> str | None:
    return text[:8].upper() if _GUID.fullmatch(text) else None


def _named(row: Mapping[str, Any]) -> tuple[str, str] | None:
    guid, name = row.get("guid"), row.get("name")
    cut = _guid(guid) if isinstance(guid, str) else None
    return None if cut is None or not isinstance(name, str) else (cut, strip_colours(_text(name)))


def _roster_player(row: Mapping[str, Any]) -> RosterPlayer | None:
    named = _named(row)
    return None if named is None else RosterPlayer(guid=named[0], name=named[1])


def _pause(row: Mapping[str, Any]) -> Pause | None:
    start, end, long = (_meta_text(row.get(key)) or "" for key in ("start", "end", "sec"))
    return Pause(start_unix=_unix(start), end_unix=_unix(end), long_s=_seconds(long))


def _spawn_tally(row: Mapping[str, Any]) -> SpawnTally | None:
    named = _named(row)
    if named is None:
        return None
    spawns, deaths = (_whole(_meta_text(row.get(key)) or "") for key in ("spawns", "deaths"))
    dead_s, average_s, longest_s = (_decimal(row.get(key)) for key in ("dead_seconds", "avg_respawn", "max_respawn"))
    return SpawnTally(
        guid=named[0],
        name=named[1],
        spawns=spawns,
        deaths=deaths,
        dead_s=dead_s,
        average_respawn_s=average_s,
        longest_respawn_s=longest_s,
    )


def _decimal(value: object) -> float | None:
    text = _meta_text(value) or ""
    return float(text) if _DECIMAL.fullmatch(text) else None


def _address(meta: Mapping[str, Any]) -> str | None:
    ip, port = (_meta_text(meta.get(key)) for key in ("server_ip", "server_port"))
    return None if not ip else f"{ip}:{port}" if port else ip
