"""What a database holds, in one fixed order, so that two can be compared; and how to empty it."""

from __future__ import annotations

import json
from typing import Any

from etstats.storage.database import Database
from etstats.storage.rebuild import DERIVED

Content = dict[str, list[dict[str, Any]]]


def tables(db: Database) -> list[str]:
    """All there are, in alphabetical order."""
    return db.values(
        """select relname::text from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace
           order by 1"""
    )


def content_of(db: Database) -> Content:
    """Every derived row."""
    return {
        table: sorted(
            db.values(f"select to_jsonb({table}) from {table}"), key=lambda row: json.dumps(row, sort_keys=True)
        )
        for table in DERIVED
    }


def forget(db: Database) -> None:
    """No files and nothing made of them; the corrections stay."""
    db.run(f"truncate stats_file, outbox, {', '.join(DERIVED)} cascade")
