"""The state of a round, out of the configstrings."""

from __future__ import annotations

from etstats.demo import configstring
from etstats.demo.configstring import Configstrings
from etstats.demo.events import RoundState, Team

_INTERMISSION_START = 36
_PAUSED = 16
# the configstrings a round's state is made of
PARTS = frozenset(
    {
        configstring.SERVERINFO,
        configstring.LEVEL_START,
        configstring.INTERMISSION,
        configstring.WINNER,
        configstring.WOLFINFO,
        _INTERMISSION_START,
    }
)

_STATES = {
    "-1": "initialise",
    "0": "playing",
    "1": "warmup_countdown",
    "2": "warmup",
    "3": "intermission",
    "4": "waiting",
    "5": "reset",
}
_WINNERS = {"0": Team.AXIS, "1": Team.ALLIES}


def read_round(strings: Configstrings, at_ms: int) -> RoundState:
    wolfinfo = strings.pairs(configstring.WOLFINFO)
    # the winner may stand there from the map's start; it is one once the intermission is announced
    over = strings.text(configstring.INTERMISSION) == "1" or bool(strings.text(_INTERMISSION_START))
    number = _number(wolfinfo.get("g_currentround", ""))
    started = _number(strings.text(configstring.LEVEL_START))
    return RoundState(
        at_ms=at_ms,
        state=_STATES.get(wolfinfo.get("gamestate", ""), "unknown"),
        round=int(number or 0),
        started_ms=None if started is None else int(started),
        limit_min=_number(strings.pairs(configstring.SERVERINFO).get("timelimit", "")),
        next_limit_min=_number(wolfinfo.get("g_nexttimelimit", "")),
        winner=_WINNERS.get(strings.pairs(configstring.WINNER).get("w", "")) if over else None,
    )


def is_paused(strings: Configstrings) -> bool:
    """The server's toggles are a sum of bits."""
    toggles = strings.text(configstring.SERVER_TOGGLES)
    return toggles.isascii() and toggles.isdigit() and len(toggles) < 10 and bool(int(toggles) & _PAUSED)


def _number(text: str) -> float | None:
    whole, _, part = text.removeprefix("-").partition(".")
    plain = (whole + part).isascii() and (whole + part).isdigit() and len(text) <= 20
    return float(text) if plain else None
