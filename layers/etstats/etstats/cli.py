"""`etstats …`: for operators and developers. No function imports it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from getpass import getpass, getuser
from pathlib import Path
from typing import Any

from etstats import wiring
from etstats.cards import difference as difference_card
from etstats.cards.admin import plain_line as audit_line
from etstats.cards.correction import line as correction_line
from etstats.commands import catalogue, registration_difference  # noqa: F401  # the catalogue declares the commands
from etstats.commands.document import markdown
from etstats.commands.registration import registration
from etstats.commands.registry import commands as registered
from etstats.demo import command_line as demo_command_line
from etstats.domain.correction import AttributeGuid, ForgetPerson, MergePersons, NameTeams, VoidRound, What
from etstats.errors import BadFile, BadSettings, EtstatsError
from etstats.parsing.filename import read_name
from etstats.storage import audit
from etstats.storage.correction import corrections
from etstats.storage.database import Database, schema_of
from etstats.storage.migrate import communities_there, migrate
from etstats.usecases import correct, parse_files
from etstats.usecases.back_up import FOLDER, Restorer, back_up, folder_of
from etstats.usecases.rebuild import Rebuild

_Commands = Any  # argparse names the type of its subparsers with an underscore


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand; 0 when it worked, 1 with a sentence on stderr when it did not."""
    parser = argparse.ArgumentParser(prog="etstats", description="Match statistics for Enemy Territory: Legacy.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    migrating = commands.add_parser("migrate", help="bring the database (DATABASE_URL) to the newest schema")
    migrating.set_defaults(run=_migrate)
    _add_commands(commands)
    parsing = commands.add_parser(
        "parse", help="what stats files say and mean; neighbours in their folder are read too"
    )
    parsing.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parsing.add_argument("--json", action="store_true", help="one JSON document a file, one a line")
    parsing.set_defaults(run=_parse)
    demo_command_line.add_to(commands)
    _add_correcting(commands)
    _add_rebuilding(commands)
    auditing = commands.add_parser("audit", help="what was done from Discord, and what was refused; docs/in-charge.md")
    auditing.add_argument("--guild", type=_digits, metavar="ID", help="in this Discord server alone")
    auditing.add_argument("--json", action="store_true", help="one JSON document an entry, one a line")
    _of_community(auditing, _audit)
    _add_backing_up(commands)
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except EtstatsError as fault:
        print(f"etstats: {fault}", file=sys.stderr)
        return 1
    return 0


def _of_community(command: argparse.ArgumentParser, run: Callable[[argparse.Namespace], None]) -> None:
    """It reads and writes the data of one community."""
    command.add_argument("--community", metavar="NAME", help="whose data; default: of those without a name")
    command.set_defaults(run=run)


def _community(chosen: argparse.Namespace) -> str:
    """Raises BadSettings."""
    known = wiring.communities()
    return known.home if chosen.community is None else known.named(chosen.community)


def _database(chosen: argparse.Namespace) -> Database:
    return wiring.job_database(_community(chosen))


def _add_commands(commands: _Commands) -> None:
    listing = commands.add_parser("commands", help="list the commands, or tell Discord of them")
    listing.add_argument("--markdown", action="store_true", help="as docs/commands.md")
    listing.set_defaults(run=_commands)
    registering = listing.add_subparsers(metavar="register").add_parser(
        "register", help="tell Discord our commands; run after they change"
    )
    registering.add_argument(
        "--guild", type=_digits, metavar="ID", help="in this server alone, where a change shows at once"
    )
    registering.add_argument("--dry-run", action="store_true", help="only show what would change")
    registering.set_defaults(run=_register)


def _digits(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError("a server's id is digits alone")
    return text


def _add_correcting(commands: _Commands) -> None:
    correcting = commands.add_parser("correct", help="say what you know better than the files; docs/corrections.md")
    kinds = correcting.add_subparsers(required=True, metavar="WHAT")
    voiding = kinds.add_parser("void", help="a round that must not count")
    voiding.add_argument("file", metavar="[SERVER/]FILE")
    _of_community(voiding, _void)
    naming = kinds.add_parser("teams", help="what an evening's teams are called")
    naming.add_argument("file", metavar="[SERVER/]FILE", help="any file of that evening")
    naming.add_argument("team_a", metavar="A", help="team A's name, who attacked first on the first complete map")
    naming.add_argument("team_b", metavar="B", help="team B's name")
    _of_community(naming, _name_teams)
    forgetting = kinds.add_parser("forget", help="take a person's names away; what he did stays counted")
    forgetting.add_argument("guid", metavar="GUID")
    _of_community(forgetting, _forget)
    merging = kinds.add_parser("merge", help="two guids that are one person")
    attributing = kinds.add_parser("attribute", help="a guest who sat at somebody's machine for a time")
    for kind in (merging, attributing):
        kind.add_argument("guid", metavar="GUID")
        kind.add_argument("person", metavar="PERSON", help="the guid of the person whose it is")
    _of_community(merging, _merge)
    for name, meaning in (
        ("--from", "the game server's time, as 2026-03-06T21:00"),
        ("--until", "… from then on no more"),
    ):
        attributing.add_argument(
            name, dest=name.strip("-") + "_", type=datetime.fromisoformat, metavar="TIME", help=meaning
        )
    _of_community(attributing, _attribute)
    for kind in (voiding, naming, merging, attributing, forgetting):
        kind.add_argument("--reason", required=True, help="shown to players")
    withdrawing = kinds.add_parser("withdraw", help="take one back; two persons are split so, too")
    withdrawing.add_argument("number", type=int, metavar="NUMBER")
    _of_community(withdrawing, _withdraw)
    for kind in (voiding, naming, merging, attributing, forgetting, withdrawing):
        kind.add_argument("--by", help="who says so; default: you")
    listing = commands.add_parser("corrections", help="list the corrections in force")
    listing.add_argument("--all", action="store_true", help="withdrawn ones, too")
    _of_community(listing, _corrections)


def _add_rebuilding(commands: _Commands) -> None:
    rebuilding = commands.add_parser("rebuild", help="compute again from the bucket and show what would change")
    rebuilding.add_argument(
        "--since", type=datetime.fromisoformat, metavar="DATE", help="leave evenings alone that were over by then"
    )
    rebuilding.add_argument("--apply", action="store_true", help="change it")
    rebuilding.add_argument("--full", action="store_true", help="show every row and every figure")
    _of_community(rebuilding, _rebuild)


def _add_backing_up(commands: _Commands) -> None:
    backing_up = commands.add_parser("backup", help="write into the bucket what no file brings back; docs/recovery.md")
    backing_up.add_argument("--everything", action="store_true", help="what files would bring back as well")
    _of_community(backing_up, _backup)
    restoring = commands.add_parser("restore", help="into an empty database, from nothing but the bucket")
    restoring.add_argument("key", nargs="?", default="", metavar="KEY", help=f"below {FOLDER}; default: the newest")
    _of_community(restoring, _restore)


def _void(chosen: argparse.Namespace) -> None:
    server, file = correct.file_named(_database(chosen), chosen.file)
    _make(chosen, VoidRound(server=server, file=file))


def _name_teams(chosen: argparse.Namespace) -> None:
    server, file = correct.file_named(_database(chosen), chosen.file)
    _make(chosen, NameTeams(server=server, file=file, attackers=chosen.team_a, defenders=chosen.team_b))


def _merge(chosen: argparse.Namespace) -> None:
    _make(chosen, MergePersons(guid=chosen.guid, person=chosen.person))


def _forget(chosen: argparse.Namespace) -> None:
    _make(chosen, ForgetPerson(guid=chosen.guid))


def _attribute(chosen: argparse.Namespace) -> None:
    _make(chosen, AttributeGuid(guid=chosen.guid, person=chosen.person, since=chosen.from_, until=chosen.until_))


def _make(chosen: argparse.Namespace, what: What) -> None:
    done = correct.make(_database(chosen), what, by=chosen.by or getuser(), reason=chosen.reason, now=datetime.now(UTC))
    print(_done(done, "made", "was in force already"))


def _withdraw(chosen: argparse.Namespace) -> None:
    done = correct.withdraw(_database(chosen), chosen.number, by=chosen.by or getuser(), now=datetime.now(UTC))
    print(_done(done, "withdrawn", "was withdrawn already"))


def _done(done: correct.Done, word: str, already: str) -> str:
    if not done.changed:
        return f"correction {done.correction_id} {already}"
    return f"correction {done.correction_id} {word}; gaming sessions computed again: {done.sessions}"


def _corrections(chosen: argparse.Namespace) -> None:
    kept = [one for one in corrections(_database(chosen)) if chosen.all or one.withdrawn_at is None]
    for one in kept:
        print(correction_line(one))
    if not kept:
        print("no corrections")


def _backup(chosen: argparse.Namespace) -> None:
    made = back_up(_database(chosen), wiring.bucket(), now=datetime.now(UTC), everything=chosen.everything)
    print(f"{made.key}: {made.rows:,} rows, {made.size:,} bytes")


def _restore(chosen: argparse.Namespace) -> None:
    db = _database(chosen)
    _check_communities(db)
    restorer = Restorer(db=db, bucket=wiring.bucket(), rebuild=lambda: _new_rebuild(_community(chosen)), tell=_tell)
    key = chosen.key if not chosen.key or chosen.key.startswith(FOLDER) else folder_of(db.schema) + chosen.key
    done = restorer.restore(key)
    computed = "" if done.files is None else f"; {done.files:,} files were computed again"
    print(f"restored from {done.key}, made at {done.made_at:%Y-%m-%d %H:%M} UTC: {done.rows:,} rows{computed}")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _new_rebuild(community: str) -> Rebuild:
    return Rebuild(
        live=wiring.job_database(community),
        shadow=wiring.shadow_database(community),
        bucket=wiring.bucket(),
        channel_id=wiring.round_channel(community),
        now=datetime.now(UTC),
        tell=_tell,
        is_ours=lambda server: wiring.communities().of_server(server) == community,
    )


def _check_communities(db: Database) -> None:
    """Files of a community that the settings do not name would be taken for ours. Raises BadSettings."""
    named = {schema_of(name) for name in wiring.communities().names}
    if unnamed := [schema for schema in communities_there(db) if schema not in named]:
        raise BadSettings(
            f"The database has {', '.join(unnamed)}, and GAME_SERVERS names no such community. Set it as the functions"
            " have it; where a community is gone for good, drop its schema."
        )


def _rebuild(chosen: argparse.Namespace) -> None:
    _check_communities(_database(chosen))
    rebuild = _new_rebuild(_community(chosen))
    try:
        rebuild.compute(since=chosen.since)
        found = rebuild.difference()
        print("\n".join(difference_card.lines(found, full=chosen.full)))
        if chosen.apply:
            rebuild.apply()
            print("\nDone: the live rows are the new ones.")
        elif not found.nothing:
            print("\nNothing was changed. Run again with --apply to change it.")
    finally:
        rebuild.end()


def _audit(chosen: argparse.Namespace) -> None:
    """The oldest first."""
    for one in reversed(audit.entries(_database(chosen), guild_id=chosen.guild, limit=None)):
        print(json.dumps(asdict(one), default=str, ensure_ascii=False) if chosen.json else audit_line(one))


def _migrate(_: argparse.Namespace) -> None:
    new = 0
    for db in map(wiring.job_database, wiring.communities().names):
        for migration in migrate(db):
            print("ran", "/".join(filter(None, (db.schema, migration.title))))
            new += 1
    print(f"the database is up to date ({new} new)")


def _register(chosen: argparse.Namespace) -> None:
    application_id = wiring.settings("DISCORD_APPLICATION_ID").discord_application_id
    discord = wiring.discord()
    if not wiring.settings().discord_secret:  # on an operator's machine nothing answers for secrets
        discord = replace(discord, bot_token=cache(lambda: getpass("Bot token (not shown, not kept): ")))
    guild_id = chosen.guild or ""
    wanted = registration_difference.for_guild(registration()) if guild_id else registration()
    known = discord.known_commands(application_id, guild_id=guild_id)
    changes = registration_difference.difference(known, wanted, guild=bool(guild_id))
    print("\n".join(changes) or "Discord knows the commands as they are.")
    if changes and chosen.dry_run:
        print("\nNothing was changed. Run again without --dry-run to change it.")
    elif changes:
        told = discord.register_commands(application_id, wanted, guild_id=guild_id)
        print(f"\nDiscord knows {told} commands: {_names()}")


def _commands(chosen: argparse.Namespace) -> None:
    print(markdown().rstrip() if chosen.markdown else _names())


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
    return ", ".join(one.name if one.on_user else f"/{one.name}" for one in registered())
