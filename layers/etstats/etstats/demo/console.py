"""Server commands as events: chat, prints, scoreboards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from etstats.demo.configstring import as_text, words
from etstats.demo.events import WORLD, Chat, Command, Event, Print, Restart, Score
from etstats.demo.protocol import CLIENTS
from etstats.demo.roster import Roster

_CHAT = {"chat": "all", "tchat": "team"}
_VOICE = {"vchat": "all", "vtchat": "team", "vbchat": "fireteam"}
_PRINT = {"print": "console", "cpm": "popup", "cp": "centre"}
_SCORE_GROUP = 7
_NUMBERS = re.compile(r"\s*\w+(?:\s+-?\d{1,10}){3,}\s*", re.ASCII)


def read_command(sequence: int, content: bytes, at_ms: int, roster: Roster) -> Iterator[Event]:
    """The command itself, then what it means."""
    text = as_text(content)
    name = text.split(None, 1)[0] if text.strip() else ""
    yield Command(at_ms=at_ms, sequence=sequence, name=name, text=text)
    if name in _CHAT:
        said = words(text)
        yield _chat(at_ms, _CHAT[name], _at(said, 1), _client(_at(said, 2)), roster)
    elif name in _VOICE:
        said = words(text)
        yield _chat(at_ms, _VOICE[name], _at(said, 3), _client(_at(said, 2)), roster, voice=True)
    elif name in _PRINT:
        yield Print(at_ms=at_ms, place=_PRINT[name], text=_shown(_at(words(text), 1)))
    elif name == "sc0":
        score = _score(at_ms, text)
        if score is not None:
            yield score
    elif name == "map_restart":
        yield Restart(at_ms=at_ms)


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
