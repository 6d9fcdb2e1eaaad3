"""Where a use case writes down what an operator may want to know; a function brings its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Log(Protocol):
    def info(self, told: str, /, *, extra: Mapping[str, object]) -> None: ...
    def warning(self, told: str, /, *, extra: Mapping[str, object]) -> None: ...
    def error(self, told: str, /, *, extra: Mapping[str, object]) -> None: ...
