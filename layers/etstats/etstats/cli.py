"""`etstats …`: for operators and developers. No function imports it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from etstats import wiring
from etstats.errors import EtstatsError
from etstats.storage.migrate import migrate


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand; 0 when it worked, 1 with a sentence on stderr when it did not."""
    parser = argparse.ArgumentParser(prog="etstats", description="Match statistics for Enemy Territory: Legacy.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    migrating = commands.add_parser("migrate", help="bring the database (DATABASE_URL) to the newest schema")
    migrating.set_defaults(run=_migrate)
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except EtstatsError as fault:
        print(f"etstats: {fault}", file=sys.stderr)
        return 1
    return 0


def _migrate(_: argparse.Namespace) -> None:
    ran = migrate(wiring.database())
    for migration in ran:
        print(f"ran {migration.number:04}_{migration.name}")
    print(f"the database is up to date ({len(ran)} new)")
