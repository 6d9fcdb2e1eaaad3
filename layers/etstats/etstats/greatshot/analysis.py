"""A demo, read once for what happens and once for where players are, becomes its highlights and its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from etstats.demo.demo import About, Demo
from etstats.demo.events import Completeness
from etstats.demo.positions import read_positions
from etstats.domain.highlight import Highlight
from etstats.greatshot.battle import Battle, battle
from etstats.greatshot.detect import detect

SAMPLED_MS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """*highlights*: the best first. *complete*: everybody is seen, not only whom the recorder could see."""

    about: About
    battle: Battle
    highlights: tuple[Highlight, ...]


def analyse(source: BinaryIO, *, look: Callable[[int], None] = lambda _: None) -> Analysis:
    """Reads *source* twice from its start; *look* is told after every event how many bytes are read, and may raise to
    end it. Raises BadDemo."""
    demo = Demo(source)
    events = []
    for event in demo.events():
        events.append(event)
        look(source.tell())
    about = demo.about()
    source.seek(0)
    positions = []
    for seen in read_positions(source, every_ms=SAMPLED_MS):
        positions.append(seen)
        look(source.tell())
    complete = demo.completeness()["hit"] is not Completeness.CULLED
    fought = battle(events, positions, about.players, complete=complete, sampled_ms=SAMPLED_MS)
    return Analysis(about=about, battle=fought, highlights=tuple(detect(fought)))
