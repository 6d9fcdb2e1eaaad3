"""Server commands as events: chat, prints, scoreboards."""

from __future__ import annotations

import re

from etstats.demo.configstring import as_text, words
from etstats.demo.events import WORLD, Chat, Command, Event, Print, Restart, Score, Statistics
from etstats.demo.protocol import CLIENTS
from etstats.demo.roster import Roster

_CHAT = {"chat": "all", "tchat": "team"}
_VOICE = {"vchat": "all", "vtchat": "team", "vbchat": "fireteam"}
_PRINT = {"print": "console", "cpm": "popup", "cp": "centre"}
_SCORE_GROUP = 7
_STATISTICS = ("ws", "wws", "gstats")
_MEANINGFUL = {*_CHAT, *_VOICE, *_PRINT, *_STATISTICS, "sc0", "map_restart"}
_STATISTICS_WEAPONS = (
    "KNIFE", "KNIFE_KBAR", "LUGER", "COLT", "MP40", "THOMPSON", "STEN", "FG42", "PANZERFAUST", "BAZOOKA",
    "FLAMETHROWER", "GRENADE", "MORTAR", "MORTAR2", "DYNAMITE", "AIRSTRIKE", "ARTILLERY", "SATCHEL",
    "GRENADELAUNCHER", "LANDMINE", "MG42", "BROWNING", "CARBINE", "KAR98", "GARAND", "K43", "MP34", "SYRINGE",
)  # fmt: skip
_NUMBERS = re.compile(r"\s*\w+(?:\s+-?\d{1,10}(?!\S)){3,}\s*", re.ASCII)


def read_command(sequence: int, content: bytes, at_ms: int, roster: Roster) -> list[Event]:
    """The command itself, then what it means."""
    text = as_text(content)
    first = text.split(None, 1)
    name = first[0] if first else ""
    command = Command(at_ms=at_ms, sequence=sequence, name=name, text=text)
    meaning = _meaning(name, text, at_ms, roster) if name in _MEANINGFUL else None
    return [command] if meaning is None else [command, meaning]


def _meaning(name: str, text: str, at_ms: int, roster: Roster) -> Event | None:
    if name == "sc0":
        return _score(at_ms, text)
    said = words(text)
    if name in _CHAT:
        return _chat(at_ms, _CHAT[name], _at(said, 1), _client(_at(said, 2)), roster)
    if name in _VOICE:
        return _chat(at_ms, _VOICE[name], _at(said, 3), _client(_at(said, 2)), roster, voice=True)
    if name in _PRINT:
        return Print(at_ms=at_ms, place=_PRINT[name], text=_shown(_at(said, 1)))
    if name == "map_restart":
        return Restart(at_ms=at_ms)
    return _statistics(at_ms, text)


def _chat(at_ms: int, channel: str, text: str, client: int, roster: Roster, *, voice: bool = False) -> Chat:
    player = roster.now.get(client)
    name = player.name if player else None
    return Chat(at_ms=at_ms, channel=channel, voice=voice, client=client, name=name, text=_shown(text))


def _score(at_ms: int, text: str) -> Score | None:
    if not _NUMBERS.fullmatch(text):
        return None
    axis, allies, _, *cells = map(int, text.split()[1:])
    groups = range(0, len(cells) - _SCORE_GROUP + 1, _SCORE_GROUP)
    players = tuple((cells[at], cells[at + 1], cells[at + 2], cells[at + 3]) for at in groups)
    return Score(at_ms=at_ms, axis=axis, allies=allies, players=players)


def _statistics(at_ms: int, text: str) -> Statistics | None:
    """Client, rounds and a mask of weapons; five numbers of each; then damage given, received, and of team mates."""
    found = _NUMBERS.match(text)  # behind them a share of time and ratings follow, with decimals
    if found is None:
        return None
    client, rounds, mask, *cells = map(int, found[0].split()[1:])
    names = [name for bit, name in enumerate(_STATISTICS_WEAPONS) if mask >> bit & 1]
    if len(cells) < 5 * len(names):
        return None
    parts = [cells[at : at + 5] for at in range(0, 5 * len(names), 5)]
    weapons = tuple(
        (name, hits, shots, kills, deaths, heads)
        for name, (hits, shots, kills, deaths, heads) in zip(names, parts, strict=True)
    )
    dealt = cells[5 * len(names) : 5 * len(names) + 4]
    damage = (dealt[0], dealt[1], dealt[2], dealt[3]) if names and len(dealt) == 4 else None
    return Statistics(at_ms=at_ms, client=client, rounds=rounds, weapons=weapons, damage=damage)


def _at(said: list[str], place: int) -> str:
    return said[place] if place < len(said) else ""


def _client(word: str) -> int:
    number = _number(word)
    return number if number is not None and 0 <= number < CLIENTS else WORLD


def _number(word: str) -> int | None:
    digits = word.removeprefix("-")
    return int(word) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else None


def _shown(text: str) -> str:
    return text.replace("[lof]", "").replace("[lon]", "").rstrip("\n")
