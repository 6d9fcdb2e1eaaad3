"""Each file's way through the system, watched in the database's receipts: fetched → stored → parsed → published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from etstats.domain.receipt import Receipt

# More files than this are counted, not listed.
MOST_LISTED = 30


class Stage(Enum):
    FETCHED = "fetched"
    STORED = "stored"
    PARSED = "parsed"
    PUBLISHED = "published"


STAGES = tuple(Stage)


def passed(receipt: Receipt, stage: Stage) -> bool:
    if stage is Stage.FETCHED:
        return receipt.fetched
    at = {
        Stage.STORED: receipt.stored_at, Stage.PARSED: receipt.parsed_at, Stage.PUBLISHED: receipt.published_at,
    }  # fmt: skip
    return at[stage] is not None


@dataclass(slots=True)
class Progress:
    """What has been seen so far. *reached_s*: when the last file passed a stage, in seconds since the beginning."""

    expected: int
    receipts: Sequence[Receipt] = ()
    reached_s: dict[Stage, float] = field(default_factory=dict)
    _counts: dict[Stage, int] = field(default_factory=dict)

    def look(self, receipts: Sequence[Receipt], *, at_s: float) -> bool:
        """Takes in what the database says *at_s* seconds after the beginning; True when anything moved."""
        moved = list(receipts) != list(self.receipts)
        self.receipts = receipts
        for stage in STAGES:
            count = self.count(stage)
            if count > self._counts.get(stage, 0):
                self.reached_s[stage] = at_s
            self._counts[stage] = count
        return moved

    def count(self, stage: Stage) -> int:
        return sum(passed(receipt, stage) for receipt in self.receipts)

    @property
    def settled(self) -> int:
        return sum(receipt.settled for receipt in self.receipts)

    @property
    def rejected(self) -> list[Receipt]:
        return [receipt for receipt in self.receipts if receipt.state == "rejected"]

    @property
    def kept(self) -> list[Receipt]:
        return [receipt for receipt in self.receipts if receipt.kept]


class Display:
    """Shows progress: a table that fills in a terminal, a line now and then anywhere else."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=8, transient=False) if console.is_terminal else None
        self._told: set[str] = set()
        self._told_of = -1

    def __enter__(self) -> Display:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, progress: Progress) -> None:
        if self._live is not None:
            self._live.update(_table(progress) if progress.expected <= MOST_LISTED else _counts(progress))
        elif progress.expected <= MOST_LISTED:
            self._tell_files(progress)
        else:
            self._tell_counts(progress)

    def _tell_files(self, progress: Progress) -> None:
        for receipt in progress.receipts:
            if receipt.settled and receipt.name not in self._told:
                self._told.add(receipt.name)
                self._console.print(Text("  ").append(_line(receipt)), soft_wrap=True)

    def _tell_counts(self, progress: Progress) -> None:
        tenth = 10 * progress.settled // max(1, progress.expected)
        if tenth != self._told_of:
            self._told_of = tenth
            self._console.print(_counts(progress), soft_wrap=True)


def _line(receipt: Receipt) -> Text:
    line = Text(f"{shown(receipt.name):<48}")
    for stage in STAGES:
        if passed(receipt, stage):
            line.append(("" if stage is Stage.FETCHED else " → ") + stage.value, style="green")
    if receipt.state == "rejected":
        line.append(f" · rejected: {receipt.refusal}", style="yellow")
    elif receipt.note:
        line.append(f" · {receipt.note}", style="dim")
    return line


def _table(progress: Progress) -> Table:
    table = Table.grid(padding=(0, 2))
    for receipt in progress.receipts:
        table.add_row(Text("  ").append(_line(receipt)))
    missing = progress.expected - len(progress.receipts)
    if missing > 0:
        table.add_row(Text(f"  {missing} on the game server", style="dim"))
    return table


def _counts(progress: Progress) -> Text:
    parts = [f"{stage.value} {progress.count(stage)}" for stage in STAGES]
    if progress.rejected:
        parts.append(f"rejected {len(progress.rejected)}")
    if progress.kept:
        parts.append(f"kept {len(progress.kept)}")
    return Text("  " + " · ".join(parts) + f"   of {progress.expected}")


def shown(name: str) -> str:
    """A file name that cannot disturb a terminal: unprintable letters and broken bytes are spelt out."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)
