"""`etstats …`: for operators and developers. No function imports it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from getpass import getpass
from pathlib import Path
from typing import Any

from etstats import wiring
from etstats.commands import catalogue, registry
from etstats.errors import BadFile, EtstatsError
from etstats.parsing.filename import read_name
from etstats.storage.migrate import migrate
from etstats.usecases import parse_files


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
    parsing = commands.add_parser(
        "parse", help="what stats files say and mean; neighbours in their folder are read too"
    )
    parsing.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parsing.add_argument("--json", action="store_true", help="one JSON document a file, one a line")
    parsing.set_defaults(run=_parse)
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
    discord = wiring.discord()
    if not wiring.settings().discord_secret:  # on an operator's machine nothing answers for secrets
        discord = replace(discord, bot_token=lambda: getpass("Bot token (not shown, not kept): "))
    known = discord.register_commands(application_id, registry.registration())
    print(f"Discord knows {known} commands: {_names()}")


def _commands(chosen: argparse.Namespace) -> None:
    print(registry.markdown().rstrip() if chosen.markdown else _names())


def _parse(chosen: argparse.Namespace) -> None:
    for document in _documents(chosen.files):
        print(json.dumps(document, ensure_ascii=False) if chosen.json else _summary(document))


def _documents(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Documents in the order of *paths*; files of one folder belong to one game server."""
    documents: dict[Path, dict[str, Any]] = {}
    for folder in dict.fromkeys(path.parent for path in paths):
        wanted = {path.name: _read(path) for path in paths if path.parent == folder}
        beside = (path for path in folder.glob("*.txt") if path.name not in wanted and _is_ours(path.name))
        found = parse_files.documents(wanted, {path.name: _read(path) for path in beside})
        documents.update(zip((folder / name for name in wanted), found, strict=True))
    return [documents[path.parent / path.name] for path in paths]


def _is_ours(name: str) -> bool:
    try:
        return bool(read_name(name))
    except BadFile:
        return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise BadFile(
            "unreadable", f"{path} cannot be read: {fault.strerror}. Check its name and permissions"
        ) from None


def _summary(document: dict[str, Any]) -> str:
    if "awards" in document:
        return f"{document['file']}: {len(document['awards'])} awards, {len(document['vs'])} duels"
    if document.get("kind") == "gametime":
        told = [f"{name} {document.get(name)}" for name in ("map", "number", "played_s", "end_reason")]
        return f"{document['file']}: {document['status']}, " + (document.get("reason") or ", ".join(told))
    about = [document["role"], document.get("outcome"), *document["oddities"], document.get("reason")]
    players = f"{len(document['players'])} players"
    return f"{document['file']}: {document['status']}, {players}, " + ", ".join(str(word) for word in about if word)


def _names() -> str:
    return ", ".join(f"/{name}" for name in catalogue.__all__)
