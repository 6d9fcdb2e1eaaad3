"""Round 2 taken apart: its file still counts since round 1, so what round 1 counted is taken off.

Cumulative figures and weapon tallies are subtracted, per-round figures taken as they are, ratios computed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter, lt, sub
from typing import Any

from etstats.domain.figure import CUMULATIVE, OF_THE_ROUND, PLACE
from etstats.domain.round import PlayerRound, Source, player_round
from etstats.domain.stats_file import PlayerLine, StatsFile, Tally
from etstats.domain.weapon import GUNS, SLX

SECONDS_PER_TENTH = 6  # of a minute

# a line's figures by how they run on; every layout has those that are cumulative
_running = itemgetter(*(PLACE[name] for name in CUMULATIVE))
_restarting = itemgetter(*(PLACE[name] for name in OF_THE_ROUND))


def first_round(file: StatsFile) -> tuple[PlayerRound, ...]:
    """A first round counts from zero: its lines are the round."""
    return tuple(_alone(place, line, Source.DIRECT) for place, line in _unique(file.players))


def without_partner(file: StatsFile) -> tuple[PlayerRound, ...]:
    """A second round whose first is missing: what restarts each round is known, what runs on is not."""
    return tuple(_inseparable(place, line, Source.NOT_SEPARABLE) for place, line in _unique(file.players))


def differential(first: StatsFile, second: StatsFile) -> tuple[PlayerRound, ...]:
    """The second round alone, player by player."""
    before = {_key(line): line for _, line in _unique(first.players)}
    return tuple(_separated(place, line, before.get(_key(line))) for place, line in _unique(second.players))


def _key(line: PlayerLine) -> tuple[str, str]:
    """All bots share one guid; they are told apart by name."""
    return line.guid, line.name if line.is_bot else ""


def _unique(lines: Iterable[PlayerLine]) -> Iterable[tuple[int, PlayerLine]]:
    """Lines with their places from 1. Of two lines of one player the first counts; the writer never makes a second."""
    seen = set()
    for place, line in enumerate(lines, start=1):
        if _key(line) not in seen:
            seen.add(_key(line))
            yield place, line


def _separated(place: int, line: PlayerLine, before: PlayerLine | None) -> PlayerRound:
    if line.damage is not None:
        return _alone(place, line, Source.MALFORMED_LINE)
    if before is None:
        return _alone(place, line, Source.JOINED_IN_ROUND2)
    if before.damage is not None:
        return _inseparable(place, line, Source.PARTNER_MALFORMED)
    if _was_reset(before, line):
        return _alone(place, line, Source.COUNTER_RESET)
    return _player(
        place,
        line,
        Source.DIFFERENCE,
        weapons=_subtract(before.weapons, line.weapons),
        played_s=_minus(_played_s(line), _played_s(before)),
        alive_ms=_minus(_alive_ms(line), _alive_ms(before)),
        running=list(map(sub, _running(line.figures), _running(before.figures))),
    )


def _was_reset(before: PlayerLine, line: PlayerLine) -> bool:
    """He reconnected, so his counters began anew: exactly told by the rounds counter, else by a sum that fell."""
    if line.rounds_counter <= before.rounds_counter:
        return True
    return any(map(lt, _running(line.figures), _running(before.figures)))


def _alone(place: int, line: PlayerLine, source: Source) -> PlayerRound:
    if line.damage is not None:
        return _player(place, line, Source.MALFORMED_LINE, weapons=None, played_s=None, alive_ms=None, running=None)
    return _player(
        place,
        line,
        source,
        weapons=line.weapons,
        played_s=_played_s(line),
        alive_ms=_alive_ms(line),
        running=_running(line.figures),
    )


def _inseparable(place: int, line: PlayerLine, source: Source) -> PlayerRound:
    if line.damage is not None:
        return _alone(place, line, source)
    return _player(place, line, source, weapons=None, played_s=None, alive_ms=None, running=None)


def _player(
    place: int,
    line: PlayerLine,
    source: Source,
    *,
    weapons: dict[int, Tally] | None,
    played_s: int | None,
    alive_ms: int | None,
    running: Sequence[int] | None,
) -> PlayerRound:
    if alive_ms is not None and played_s is not None:
        # both are rounded as written: a tenth of a second is as exact as it gets, and he cannot be alive for longer
        alive_ms = min(max((alive_ms + 50) // 100 * 100, 0), 1000 * played_s)
    return player_round(
        (
            place,
            line.guid,
            line.name,
            line.name_raw,
            line.is_bot,
            line.team,
            weapons is not None and (played_s is None or played_s > 0),
            source,
            line.damage,
            weapons or {},
            played_s,
            alive_ms,
            *_totals(weapons),
            *(_RUNNING_UNKNOWN if running is None else running),
            *(_restarting(line.figures) if line.figures else _RESTARTING_UNKNOWN),
        )
    )


_RUNNING_UNKNOWN = (None,) * len(CUMULATIVE)
_RESTARTING_UNKNOWN = (None,) * len(OF_THE_ROUND)


def _played_s(line: PlayerLine) -> int | None:
    tenths = line.played_tenths
    return None if tenths is None else SECONDS_PER_TENTH * tenths


def _alive_ms(line: PlayerLine) -> int | None:
    played_s, alive = _played_s(line), line.alive_tenths
    return None if played_s is None or alive is None else alive * played_s


def _minus(now: Any, then: Any) -> Any:
    return None if now is None or then is None else now - then


def _subtract(before: dict[int, Tally], now: dict[int, Tally]) -> dict[int, Tally]:
    """Signed, so that round 1 and round 2 add up to the file: shooting at a corpse takes a knife attempt back.
    A weapon the second file no longer lists was not used in round 2."""
    nothing: Tally = (0, 0, 0, 0, 0)
    left = {}
    for slot, a in now.items():
        b = before.get(slot, nothing)
        tally = (a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3], a[4] - b[4])
        if tally != nothing:
            left[slot] = tally
    return left


def _totals(weapons: dict[int, Tally] | None) -> tuple[int | None, ...]:
    """Kills, deaths, hits, shots and head hits with all weapons; hits, shots and head hits with the guns; hits and
    shots of what the other system's accuracy takes."""
    if weapons is None:
        return _TOTALS_UNKNOWN
    hits = shots = kills = deaths = heads = 0
    gun_hits = gun_shots = gun_heads = slx_hits = slx_shots = 0
    for slot, (hit, shot, kill, death, head) in weapons.items():
        hits, shots, kills, deaths, heads = hits + hit, shots + shot, kills + kill, deaths + death, heads + head
        if slot in GUNS:
            gun_hits, gun_shots, gun_heads = gun_hits + hit, gun_shots + shot, gun_heads + head
        if slot in SLX:
            slx_hits, slx_shots = slx_hits + hit, slx_shots + shot
    return kills, deaths, hits, shots, heads, gun_hits, gun_shots, gun_heads, slx_hits, slx_shots


_TOTALS_UNKNOWN = (None,) * 10
