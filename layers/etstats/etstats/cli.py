"""`etstats …`: for operators and developers. No function imports it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from etstats import wiring
from etstats.commands import catalogue, registry
from etstats.errors import EtstatsError
from etstats.storage.migrate import migrate


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand; 0 when it worked, 1 with a sentence on stderr when it did not."""
    parser = argparse.ArgumentParser(prog="etstats", description="Match statistics for Enemy Territory: Legacy.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    migrating = commands.add_parser("migrate", help="bring the database (DATABASE_URL) to the newest schema")
    migrating.set_defaults(run=_migrate)
    registering = commands.add_parser("register", help="tell Discord our commands; run after they change")
    registering.set_defaults(run=_register)
    listing = commands.add_parser("commands", help="list the commands")
    listing.add_argument("--markdown", action="store_true", help="as docs/commands.md")
    listing.set_defaults(run=_commands)
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


def _register(_: argparse.Namespace) -> None:
    application_id = wiring.settings("DISCORD_APPLICATION_ID").discord_application_id
    known = wiring.discord().register_commands(application_id, registry.registration())
    print(f"Discord knows {known} commands: {_names()}")


def _commands(chosen: argparse.Namespace) -> None:
    print(registry.markdown().rstrip() if chosen.markdown else _names())


def _names() -> str:
    return ", ".join(f"/{name}" for name in catalogue.__all__)
