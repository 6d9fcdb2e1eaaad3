"""A database connection whose plug is pulled at a chosen statement."""

from __future__ import annotations

from typing import Any

from etstats.errors import DatabaseUnavailable
from etstats.storage.database import Database


class CrashingDatabase(Database):
    """*db*'s connection, which fails instead of running its statement number *after* (from 0), begin and commit too."""

    def __init__(self, db: Database, *, after: int) -> None:
        super().__init__(db._opened)
        self._left = after

    def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[Any]], list[str]]:
        if sql != "rollback":
            self._left -= 1
            if self._left < 0:
                raise DatabaseUnavailable("pulled the plug")
        return super()._execute(sql, parameters)
