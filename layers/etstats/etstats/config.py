"""Settings: every environment variable we read, checked once at start, as typed values.

`VARIABLES` is the single list: the README's table and the template are tested against it.
A bad value is refused with the variable's name, what is wrong and what is allowed; never with the value of a secret.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from etstats.errors import BadSettings
from etstats.public_key import read_public_key

HOST_KEY_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddress:
    """Where PostgreSQL is. TLS is verified against *ca_file* (or the system's authorities) unless on loopback."""

    host: str
    port: int
    dbname: str
    username: str
    password: str = field(repr=False)
    tls: bool = True
    ca_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GameServer:
    """A game server. *port*, *user*, *folder*: its SSH side; *host_key* is pinned: ``ssh-ed25519 AAAA…`` as in a
    known_hosts file. *game_port*: where players connect (UDP); 0: nobody asks it. *guilds*: the Discord servers that
    see and control it. *start*: what starts the game there, run over SSH; '': nobody can. *demo_folder*: where its
    demos lie, which are those of the first of *guilds*; '': they are not fetched. *maps_folder*: where the game looks
    for packages of maps; '': none are brought there. *community*: with whom it shares figures (`domain/community.py`).
    """

    name: str
    host: str
    port: int
    user: str
    host_key: str
    folder: str
    game_port: int = 0
    guilds: tuple[str, ...] = ()
    start: str = ""
    demo_folder: str = ""
    maps_folder: str = ""
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. A text that was not set is empty; `read` guarantees what it was asked to need."""

    bucket: str
    database_url: str = field(repr=False)
    database_secret: str
    database_ca_file: str
    game_servers: tuple[GameServer, ...]
    ssh_key_secret: str
    discord_public_key: bytes
    discord_application_id: str
    discord_secret: str
    discord_api_url: str
    followup_queue_url: str
    announce_queue_url: str
    watch_queue_url: str
    upload_page_url: str
    render_url: str
    round_channel_id: str
    rcon_secret: str
    root_user_ids: tuple[str, ...]
    queue_urls: dict[str, str]
    alarm_channel_id: str
    alarm_prefix: str
    budget: str
    database_gigabytes: int
    interactions_url: str

    @property
    def local_discord(self) -> str:
        """The origin of Discord's stand-in on loopback; '': it is Discord itself."""
        scheme, _, rest = self.discord_api_url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}" if scheme == "http" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One environment variable: how it is read, and the words for people."""

    name: str
    read: Callable[[str], object]
    meaning: str
    allowed: str
    default: str = ""
    secret: bool = False


def _matching(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise ValueError("does not have that form")
        return text

    return read


def _ids(text: str) -> tuple[str, ...]:
    found = tuple(one for one in text.replace(" ", "").split(",") if one)
    if not all(re.fullmatch(r"[0-9]{1,20}", one) for one in found):
        raise ValueError("has an id that is not digits alone")
    return found


def _queue_urls(text: str) -> dict[str, str]:
    listed = json.loads(text)
    if not isinstance(listed, dict):
        raise TypeError("is not a JSON object")
    for part, url in listed.items():
        if not re.fullmatch(r"(queue|dead_letters)/[a-z]{1,32}", part) or not str(url).startswith("http"):
            raise ValueError(f"has an entry {part!r} that is no queue")
    return {str(part): str(url) for part, url in listed.items()}


def _gigabytes(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError("is no whole number of at most six digits")
    return int(text)


def _game_servers(text: str) -> tuple[GameServer, ...]:
    listed = json.loads(text)
    if not isinstance(listed, list):
        raise TypeError("is not a JSON list")
    servers = tuple(_game_server(one) for one in listed)
    names = [server.name for server in servers]
    if len(set(names)) != len(names):
        raise ValueError("names a server twice")
    _check_guilds(servers)
    return servers


def _check_guilds(servers: tuple[GameServer, ...]) -> None:
    """Whoever is in two communities would show the one's figures to the other."""
    theirs: dict[str, str] = {}
    for server in servers:
        for guild in server.guilds:
            if theirs.setdefault(guild, server.community) != server.community:
                raise ValueError(f"has the Discord server {guild} in two communities; it can be in one")


_TEXTS = ("name", "host", "user", "host_key", "folder")
_MAY_LACK = ("port", "game_port", "guilds", "start", "demo_folder", "maps_folder", "community")
_COMMUNITY = re.compile(r"[a-z][a-z0-9_]{0,19}")


def _game_server(one: object) -> GameServer:
    if not isinstance(one, dict):
        raise TypeError("has an entry that is not an object")
    if unknown := sorted(set(one) - {*_TEXTS, *_MAY_LACK}):
        raise ValueError(f"has unknown keys: {', '.join(unknown)}")
    texts = {key: one.get(key, "") for key in _TEXTS}
    for key, value in texts.items():
        if not isinstance(value, str) or not value:
            raise ValueError(f"has a server whose “{key}” is missing or not a text")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", texts["name"]):
        raise ValueError("has a server name that is not 1 to 32 of a-z, 0-9 and -")
    if not _is_host_key(texts["host_key"]):
        raise ValueError("has a host_key that is not “type base64”, as in known_hosts but without the host in front")
    lines = {key: one.get(key, "") for key in ("start", "maps_folder")}
    for key, value in lines.items():
        if not isinstance(value, str) or not value.isprintable():
            raise ValueError(f"has a “{key}” that is not one line of text")
    guilds, demo_folder = _guilds(one.get("guilds", [])), one.get("demo_folder", "")
    if not isinstance(demo_folder, str) or (demo_folder and not guilds):
        raise ValueError("has a “demo_folder” that is no text, or no “guilds” whose demos those are")
    return GameServer(
        port=_port(one.get("port", 22), at_least=1),
        game_port=_port(one.get("game_port", 0), at_least=0),
        guilds=guilds,
        demo_folder=demo_folder,
        community=_community(one),
        **lines,
        **texts,
    )


def _community(one: dict[str, object]) -> str:
    """'': the default one, which has no name."""
    value = one.get("community")
    if value is None:
        return ""
    if not isinstance(value, str) or not _COMMUNITY.fullmatch(value):
        raise ValueError("has a “community” that is not a letter and up to 19 more of a-z, 0-9 and _")
    return value


def _port(value: object, *, at_least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not at_least <= value <= 65535:
        raise ValueError("has a port outside 1 to 65535")
    return value


def _guilds(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and re.fullmatch(r"\d{1,20}", one) for one in value):
        raise ValueError("has “guilds” that are not a list of Discord servers' ids, each a text of digits")
    return tuple(value)


def _is_host_key(text: str) -> bool:
    """The kinds of key that we verify; what is encoded begins with the kind's name again."""
    kind, encoded = [*text.split(), "", ""][:2]
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        return False
    return kind in HOST_KEY_KINDS and key.startswith(len(kind).to_bytes(4) + kind.encode())


VARIABLES: tuple[Variable, ...] = (
    Variable(
        name="BUCKET",
        read=_matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
        meaning="S3 bucket that keeps every file as read",
        allowed="a bucket name, 3 to 63 of a-z, 0-9, . and -",
    ),
    Variable(
        name="DATABASE_SECRET",
        read=_matching(r"\S{1,2048}"),
        meaning="Secrets Manager secret with host, port, dbname, username, password",
        allowed="a secret's name or ARN",
    ),
    Variable(
        name="DATABASE_URL",
        read=_matching(r"postgres(ql)?://\S+"),
        meaning="PostgreSQL instead of the secret, for the command line and local runs",
        allowed="postgresql://user:password@host:port/name[?sslmode=disable on loopback]",
        secret=True,
    ),
    Variable(
        name="DATABASE_CA_FILE",
        read=_matching(r"/.+"),
        meaning="certificate authorities the database is verified against; empty: the system's",
        allowed="an absolute path",
    ),
    Variable(
        name="GAME_SERVERS",
        read=_game_servers,
        meaning="game servers to fetch from",
        allowed=(
            'a JSON list of {"name", "host", "port", "user", "host_key", "folder"}, '
            'where it may be asked and controlled "game_port", "guilds", "start", "maps_folder", '
            'to fetch demos for the first of guilds "demo_folder", '
            'and where it shares figures with some others alone "community"'
        ),
        default="[]",
    ),
    Variable(
        name="SSH_KEY_SECRET",
        read=_matching(r"\S{1,2048}"),
        meaning="Secrets Manager secret holding the private key for SSH, in OpenSSH format",
        allowed="a secret's name or ARN",
    ),
    Variable(
        name="DISCORD_PUBLIC_KEY",
        read=read_public_key,
        meaning="the Discord application's public key, which every interaction is verified with",
        allowed="64 hexadecimal digits",
    ),
    Variable(
        name="DISCORD_APPLICATION_ID",
        read=_matching(r"\d{1,20}"),
        meaning="the Discord application's id",
        allowed="digits",
    ),
    Variable(
        name="DISCORD_SECRET",
        read=_matching(r"\S{1,2048}"),
        meaning="Secrets Manager secret with bot_token",
        allowed="a secret's name or ARN",
    ),
    Variable(
        name="DISCORD_API_URL",
        read=_matching(r"https://\S+|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?"),
        meaning="where Discord's REST API is; another value only in local runs",
        allowed="an https address, or http on loopback",
        default="https://discord.com/api/v10",
    ),
    Variable(
        name="FOLLOWUP_QUEUE_URL",
        read=_matching(r"https?://\S+"),
        meaning="SQS queue that hands a slow answer over",
        allowed="a queue's address",
    ),
    Variable(
        name="ANNOUNCE_QUEUE_URL",
        read=_matching(r"https?://\S+"),
        meaning="SQS queue that says: something is to be posted",
        allowed="a queue's address",
    ),
    Variable(
        name="WATCH_QUEUE_URL",
        read=_matching(r"https?://\S+"),
        meaning="SQS queue that says: somebody wants to watch a highlight",
        allowed="a queue's address",
    ),
    Variable(
        name="UPLOAD_PAGE_URL",
        read=_matching(r"https://\S+|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?"),
        meaning="where the page is on which demos are uploaded",
        allowed="an https address, or http on loopback",
    ),
    Variable(
        name="RENDER_URL",
        read=_matching(r"https://\S+|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?"),
        meaning="what those call who render with the game itself",
        allowed="an https address, or http on loopback",
    ),
    Variable(
        name="ROUND_CHANNEL_ID",
        read=_matching(r"\d{1,20}"),
        meaning="Discord channel for posts until a server's admins choose theirs with /config; empty: none",
        allowed="digits",
    ),
    Variable(
        name="RCON_SECRET",
        read=_matching(r"\S{1,2048}"),
        meaning="Secrets Manager secret with each game server's rcon password by the server's name; empty: no control",
        allowed="a secret's name or ARN",
    ),
    Variable(
        name="ROOT_USER_IDS",
        read=_ids,
        meaning="Discord users above all admins, who say with /admin roles who else may do what",
        allowed="ids of digits, with commas between them",
    ),
    Variable(
        name="QUEUE_URLS",
        read=_queue_urls,
        meaning="queues that /health counts",
        allowed='a JSON object {"queue/<name>": "https://…", "dead_letters/<name>": "https://…"}',
        default="{}",
    ),
    Variable(
        name="ALARM_CHANNEL_ID",
        read=_matching(r"\d{1,20}"),
        meaning="Discord channel that is told of problems, once each and when they are over; empty: none",
        allowed="digits",
    ),
    Variable(
        name="ALARM_PREFIX",
        read=_matching(r"[A-Za-z][A-Za-z0-9-]{0,127}-"),
        meaning="what the names of the stack's CloudWatch alarms begin with; empty: they are not looked at",
        allowed="the stack's name and a hyphen",
    ),
    Variable(
        name="BUDGET",
        read=_matching(r"\d{12}/[^:]{1,100}"),
        meaning="AWS budget that tells what was spent this month; empty: not known",
        allowed="account/name",
    ),
    Variable(
        name="DATABASE_GIGABYTES",
        read=_gigabytes,
        meaning="how much room the database has, to tell when it gets scarce; 0: not known",
        allowed="a whole number",
        default="0",
    ),
    Variable(
        name="INTERACTIONS_URL",
        read=_matching(r"https?://\S+"),
        meaning="our own front door, which the canary asks",
        allowed="an address",
    ),
)


def read(environ: Mapping[str, str], *, need: Iterable[str] = ()) -> Settings:
    """The settings in *environ*. Raises BadSettings, naming every missing variable of *need* and every bad one."""
    needed = set(need)
    values: dict[str, object] = {}
    faults = []
    for variable in VARIABLES:
        text = environ.get(variable.name, "").strip() or variable.default
        if variable.name in needed and text in ("", "[]"):
            faults.append(f"{variable.name} is not set. Set it to {variable.allowed}: {variable.meaning}.")
        try:
            values[variable.name.lower()] = variable.read(text)
        except (ValueError, TypeError) as fault:
            shown = "" if variable.secret else f" ({_short(text)})"
            faults.append(f"{variable.name}{shown} {_words(fault)}. Allowed: {variable.allowed}.")
    if faults:
        raise BadSettings("\n".join(faults))
    return Settings(**values)  # type: ignore[arg-type]  # each reader returns its field's type


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _words(fault: Exception) -> str:
    return "is not valid JSON" if isinstance(fault, json.JSONDecodeError) else str(fault)


def database_from_url(url: str, *, ca_file: str = "") -> DatabaseAddress:
    """``postgresql://user:password@host:port/name``; ``?sslmode=disable`` is accepted on loopback only."""
    parts = urlsplit(url)
    try:
        port = parts.port or 5432
    except ValueError as fault:
        raise BadSettings("DATABASE_URL has a port outside 1 to 65535.") from fault
    mode = parse_qs(parts.query).get("sslmode", ["verify-full"])[0]
    return _address(
        "DATABASE_URL",
        host=parts.hostname or "",
        port=port,
        dbname=unquote(parts.path.lstrip("/")),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sslmode=mode,
        ca_file=ca_file,
    )


def database_from_secret(secret: str, *, ca_file: str = "") -> DatabaseAddress:
    """The JSON that RDS writes into a secret: host, port, dbname, username, password; and sslmode on loopback."""
    try:
        said = json.loads(secret)
        return _address(
            "DATABASE_SECRET",
            host=str(said["host"]),
            port=int(said.get("port", 5432)),
            dbname=str(said["dbname"]),
            username=str(said["username"]),
            password=str(said["password"]),
            sslmode=str(said.get("sslmode", "verify-full")),
            ca_file=ca_file,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadSettings(
            "DATABASE_SECRET's value is not a JSON object with host, port, dbname, username and password."
        ) from None  # the cause would carry the secret's text into a log


def _address(
    variable: str,
    *,
    host: str,
    port: int,
    dbname: str,
    username: str,
    password: str,
    sslmode: str,
    ca_file: str,
) -> DatabaseAddress:
    for name, value in (("host", host), ("dbname", dbname), ("username", username)):
        if not value:
            raise BadSettings(f"{variable} names no {name}. Allowed: host, port, dbname, username and password.")
    if sslmode not in ("verify-full", "disable"):
        raise BadSettings(f"{variable} has sslmode {sslmode!r}. Allowed: verify-full, or disable on loopback.")
    if sslmode == "disable" and host not in LOOPBACK:
        raise BadSettings(f"{variable} turns TLS off for {host}. That is allowed on loopback only.")
    return DatabaseAddress(
        host=host,
        port=port,
        dbname=dbname,
        username=username,
        password=password,
        tls=sslmode != "disable",
        ca_file=ca_file,
    )
