"""A session as two CSV files, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import fields

from etstats.cards.text import count, day
from etstats.domain.evening import PlayedLine, PlayedMap, PlayedRound, PlayedSession
from etstats.interactions.reply import Attachment, Message
from etstats.words import Words

_MEDIA_TYPE = "text/csv"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def card(
    words: Words,
    session: PlayedSession,
    maps: Sequence[PlayedMap],
    lone: Sequence[PlayedRound],
    lines: Sequence[PlayedLine],
) -> Message:
    """An unknown figure is an empty cell."""
    stem = f"session-{session.first_at:%Y-%m-%d-%H%M}"
    files = [_file(f"{stem}-players.csv", PlayedLine, lines), _file(f"{stem}-maps.csv", PlayedMap, maps)]
    if lone:
        files.append(_file(f"{stem}-other-rounds.csv", PlayedRound, lone))
    told = f"The session of {day(session.first_at)}: {count(len(lines), 'player')}, {count(len(maps), 'map')}."
    return Message(content=told, files=tuple(files))


def _file(name: str, kind: type, rows: Iterable[object]) -> Attachment:
    columns = [field.name for field in fields(kind)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(getattr(row, column)) for column in columns])
    # the mark at the beginning tells spreadsheets that it is UTF-8
    return Attachment(name=name, content=text.getvalue().encode("utf-8-sig"), media_type=_MEDIA_TYPE)


def _cell(value: object) -> object:
    """A player called =1+1 must not become a formula in somebody's spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
