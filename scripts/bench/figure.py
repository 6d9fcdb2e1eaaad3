"""A figure with what was promised of it, and the table they make."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """*n*: how many runs *value* is the median of. *budget*: what is promised, in the same unit; None: nothing is.
    *at_least*: more is better. *elsewhere*: the same, measured on this machine, of the best-known other system."""

    name: str
    value: float
    unit: str
    n: int
    budget: float | None = None
    at_least: bool = False
    elsewhere: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the promise is; None: there is none."""
        if self.budget is None:
            return None
        return self.value >= self.budget if self.at_least else self.value <= self.budget


def median_ms(work: Callable[[], object], *, n: int = 50, warm_up: int = 5) -> float:
    """Of *n* runs, after some that do not count."""
    for _ in range(warm_up):
        work()
    return statistics.median(timed_ms(work) for _ in range(n))


def timed_ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def table(figures: Sequence[Figure]) -> Table:
    shown = Table(title=f"measured on this machine, now, by Python {platform.python_version()}")
    shown.add_column("figure", no_wrap=True)
    for heading in ("value", "to reach", "of it"):
        shown.add_column(heading, justify="right")
    for heading in ("unit, of n", "elsewhere"):
        shown.add_column(heading)
    for figure in figures:
        shown.add_row(
            figure.name,
            f"{figure.value:,.2f}" if figure.value < 100 else f"{figure.value:,.0f}",
            *_against(figure),
            f"{figure.unit}, {figure.n:,}",
            figure.elsewhere,
        )
    return shown


def _against(figure: Figure) -> tuple[str, str]:
    if figure.budget is None:
        return "", ""
    style = "green" if figure.kept else "bold red"
    return f"{'≥' if figure.at_least else '≤'} {figure.budget:,g}", f"[{style}]{figure.value / figure.budget:.0%}[/]"
