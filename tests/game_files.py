"""Stats files as a game server writes them, from what a test has to say about them; the rest is plausible."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from etstats.domain.figure import FIGURES
from etstats.domain.stats_file import AXIS, StatsFile, Tally
from etstats.domain.weapon import WEAPONS
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import read_stats_file

EVENING = datetime(2026, 3, 6, 21, 0)
_SLOT = {weapon.key: slot for slot, weapon in enumerate(WEAPONS)}
_USUAL = {"damage_given": 2000, "damage_received": 1900, "alive_pct": 80.0, "time_played_min": 10.0}


def a_line(
    guid: str = "AAAA0001",
    *,
    name: str = "",
    team: int = AXIS,
    counter: int = 0,
    weapons: dict[str, Tally] | None = None,
    fields: int = 38,
    **figures: float,
) -> str:
    """One player's line, cumulative as the game counts."""
    tallies = {_SLOT[key]: tally for key, tally in (weapons or {"MP40": (30, 100, 5, 4, 3)}).items()}
    mask = sum(1 << slot for slot in tallies)
    tokens = " ".join(str(number) for slot in sorted(tallies) for number in tallies[slot])
    written = {**_USUAL, **figures}
    extended = [f"{written.get(f.name, 0):.1f}" if f.decimal else str(int(written.get(f.name, 0))) for f in FIGURES]
    return f"{guid}\\{name or guid}\\{counter}\\{team}\\{mask} {tokens} \t" + "\t".join(extended[:fields])


def a_header(
    *, map: str = "supply", number: int = 1, defender: int = 1, winner: int = 1, limit: str = "12:00", after: str = ""
) -> str:
    return f"^1a server\\{map}\\legacy6\\{number}\\{defender}\\{winner}\\{limit}\\{after or limit}"


def a_file(header: str, lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in (header, *lines)).encode()


def a_name(*, map: str = "supply", number: int = 1, minute: float = 0) -> str:
    at = EVENING + timedelta(minutes=minute)
    return f"{at:%Y-%m-%d-%H%M%S}-{map}-round-{number}.txt"


def read(name: str, content: bytes) -> StatsFile:
    return read_stats_file(read_name(name), content)


def a_match(*, minute: float = 0, map: str = "supply") -> list[tuple[str, bytes]]:
    """Two rounds of four players: attackers take it in 8:00, the others hold out no better in round 2."""
    one = [
        a_line("AAAA0001", team=1, time_played_min=8.0, damage_given=1000, damage_received=900),
        a_line("AAAA0002", team=1, time_played_min=8.0, damage_given=1100, damage_received=1000),
        a_line("BBBB0001", team=2, time_played_min=8.0, damage_given=900, damage_received=1000),
        a_line("BBBB0002", team=2, time_played_min=8.0, damage_given=1000, damage_received=1100),
    ]
    two = [
        a_line("AAAA0001", team=2, counter=1, time_played_min=16.0, damage_given=2200, damage_received=1800),
        a_line("AAAA0002", team=2, counter=1, time_played_min=16.0, damage_given=2100, damage_received=2000),
        a_line("BBBB0001", team=1, counter=1, time_played_min=16.0, damage_given=1900, damage_received=2000),
        a_line("BBBB0002", team=1, counter=1, time_played_min=16.0, damage_given=1800, damage_received=2200),
    ]
    return [
        (a_name(map=map, minute=minute), a_file(a_header(map=map, winner=2, after="8:00"), one)),
        (
            a_name(map=map, number=2, minute=minute + 10),
            a_file(a_header(map=map, number=2, winner=1, limit="8:00"), two),
        ),
    ]


def an_endstats(
    awards: Sequence[tuple[str, str, str]] = (),
    duels: Mapping[str, Sequence[tuple[str, int, int]]] | None = None,
    *,
    guids: Mapping[str, str] | None = None,
) -> bytes:
    """Awards, then one block of duels for each owner. With *guids* each block says whose it is, as newer writers do."""
    lines = ["\t".join(award) for award in awards]
    for owner, block in (duels or {}).items():
        if guids is not None:
            lines.append(f"VS_HEADER\t{owner}\t{guids[owner]}{'0' * 24}")
        lines += [f"{opponent}\t{kills}\t{deaths}" for opponent, kills, deaths in block]
    return "".join(f"{line}\n" for line in lines).encode()


def a_gametime(
    *,
    map: str = "supply",
    number: int = 1,
    minute: float = 0,
    hours_ahead: float = 1,
    meta: Mapping[str, object] | None = None,
    **fields: str,
) -> tuple[str, bytes]:
    """The file of a round that ended at *minute* of the evening by a wall clock *hours_ahead* of UTC, and its name."""
    ended = EVENING + timedelta(minutes=minute) - timedelta(hours=hours_ahead)
    unix = int(ended.replace(tzinfo=UTC).timestamp())
    usual = {
        "Map": map,
        "Round": str(number),
        "Winner": "2" if number == 1 else "1",
        "Defender": "1",
        "Lua_Playtime": "480 sec",
        "Lua_Timelimit": "12 min" if number == 1 else "8 min",
        "Lua_EndReason": "objective" if number == 1 else "time_expired",
        "Lua_RoundEnd": str(unix),
    }
    rows = [{"name": name, "value": value} for name, value in {**usual, **fields}.items()]
    body: dict[str, object] = {"content": "STATS_READY", "embeds": [{"fields": rows}]}
    if meta is not None:
        body = {"meta": dict(meta), "payload": body}
    return f"gametime-{map}-R{number}-{unix}.json", json.dumps(body).encode()
