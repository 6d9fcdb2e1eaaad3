"""What a demo's report tells beside its rows: who killed whom when and where, what became of the objectives, where
people go. It is kept as JSON beside the demo's bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from etstats.domain.place import Box, Place

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """*attacker*: a client's number, -1 for the world; names without colour codes. *counts*: an enemy's doing, while a
    round was played. *stood*: where the attacker was, *fell* where the victim; None: not seen."""

    at_ms: int
    attacker: int
    attacker_name: str
    attacker_team: str
    victim: int
    victim_name: str
    victim_team: str
    weapon: str
    head: bool
    counts: bool
    stood: Place | None
    fell: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feat:
    """What a team did to an objective."""

    at_ms: int
    what: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Times in server milliseconds. *rounds*: from when to when one was played. *zones*: column, row and how busy, over
    0 to 1, of squares *cell* units wide."""

    begin_ms: int
    end_ms: int
    rounds: tuple[tuple[int, int], ...]
    deaths: tuple[Death, ...]
    feats: tuple[Feat, ...]
    zones: tuple[tuple[int, int, float], ...]
    cell: int

    @property
    def shown(self) -> tuple[int, int] | None:
        """The longest round: what a demo shows, where it holds parts of others as well."""
        return max(self.rounds, key=lambda span: span[1] - span[0], default=None)

    def box(self, *, room: float) -> Box | None:
        """The part of the map with everything a heat map shows, and *room* around it. None: nobody was seen."""
        places = [((column + east) * self.cell, (row + north) * self.cell)
                  for column, row, _ in self.zones for east in (0.0, 1.0) for north in (0.0, 1.0)]  # fmt: skip
        places += [one.stood for one in self.deaths if one.counts and one.stood is not None]
        places += [one.fell for one in self.deaths if one.fell is not None]
        return Box.around(places, room=room) if places else None


def report_key(guild_id: str, sha256: str) -> str:
    """Where it is in the bucket."""
    return f"reports/{guild_id}/{sha256}.json"


def page_key(guild_id: str, sha256: str, language: str) -> str:
    """Where its page is in the bucket, which is made anew whenever somebody asks."""
    return f"reports/{guild_id}/{sha256}.{language}.html"


def picture_key(guild_id: str, sha256: str, svg: str) -> str:
    """Where a picture is in the bucket, by what is drawn: another drawing of the same demo has another place."""
    return f"reports/{guild_id}/{sha256}.{hashlib.sha256(svg.encode()).hexdigest()[:16]}.png"


def written(report: Report) -> bytes:
    return json.dumps({"version": _VERSION} | asdict(report), separators=(",", ":")).encode()


def read(content: bytes) -> Report | None:
    """What was written; None: by a version that wrote it otherwise."""
    told: dict[str, Any] = json.loads(content)
    if told.pop("version") != _VERSION:
        return None
    return Report(
        **told
        | {
            "rounds": tuple((begin, end) for begin, end in told["rounds"]),
            "deaths": tuple(map(_death, told["deaths"])),
            "feats": tuple(Feat(**one) for one in told["feats"]),
            "zones": tuple((column, row, share) for column, row, share in told["zones"]),
        }
    )


def _death(told: dict[str, Any]) -> Death:
    return Death(**told | {"stood": _place(told["stood"]), "fell": _place(told["fell"])})


def _place(told: list[float] | None) -> Place | None:
    return None if told is None else (told[0], told[1])
