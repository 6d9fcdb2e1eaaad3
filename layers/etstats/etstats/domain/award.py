"""What an endstats file tells: awards of a round, and who killed whom how often."""

from __future__ import annotations

from dataclasses import dataclass

from etstats.domain.stats_file import FileName


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """*value* is the first number of *value_text*, in the unit the text names; None where it has none.
    The player is a name without colour codes: the file knows no GUIDs."""

    award: str
    player: str
    value_text: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """How often *subject* killed *opponent* and was killed by him. Older files do not say who the subject is: None."""

    subject: str | None
    subject_guid: str | None
    opponent: str
    kills: int
    deaths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndstatsFile:
    """*damaged* counts the lines that are neither an award nor a duel."""

    name: FileName
    awards: tuple[Award, ...]
    duels: tuple[Duel, ...]
    damaged: int
    line_ending: str
