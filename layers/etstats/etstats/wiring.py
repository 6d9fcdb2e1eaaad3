"""Builds the real things, each once per container, when first asked for.

Only here is the environment read, and only here is a heavy client imported inside a function:
no handler pays for a library that only another one needs, and a PING pays for nothing but its signature.
"""

from __future__ import annotations

import json
import os
import time
from functools import cache, partial
from typing import TYPE_CHECKING, NoReturn

from etstats.errors import BadRequest, BadSettings, RconRefused, Stranger
from etstats.public_key import read_public_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    import paramiko
    from nacl.signing import SigningKey

    from etstats.commands.answering import Answerer
    from etstats.commands.question import Tools
    from etstats.config import DatabaseAddress, GameServer, Settings
    from etstats.domain.backup import Backup
    from etstats.domain.clip import Clip, Wanted
    from etstats.domain.community import Communities
    from etstats.domain.demo import Demo, Drawn, Picture, Shown
    from etstats.domain.progress import Told
    from etstats.domain.video import Watched
    from etstats.gateways.bucket import Bucket
    from etstats.gateways.discord import Discord
    from etstats.gateways.door import Door
    from etstats.gateways.game_server import GameServerConnection
    from etstats.gateways.hand_over import HandOver
    from etstats.gateways.parts import Parts
    from etstats.gateways.renderer import Renderer
    from etstats.gateways.web import Web
    from etstats.storage.database import Database
    from etstats.storage.driver import Connection
    from etstats.usecases.amend import Amender
    from etstats.usecases.bring_package import Carrier
    from etstats.usecases.by_turns import Turn
    from etstats.usecases.check_health import Look
    from etstats.usecases.control_server import Controller
    from etstats.usecases.film_highlight import Studio
    from etstats.usecases.map_packages import Packages
    from etstats.usecases.render_highlight import Renders
    from etstats.usecases.take_attachment import Intake
    from etstats.usecases.visit import Tick
    from etstats.words import Words

    K = TypeVar("K", bound=Tick[Any, Any])

# Discord waits three seconds in all, so a database that hangs is given up on early enough to still say so:
# a connection that is there is waited for 2 s. A query that needs longer is a fault to be seen, not waited for.
INTERACTIVE_TIMEOUT_MS = 1_500
INTERACTIVE_CONNECT_S = 1.0
JOB_TIMEOUT_MS = 60_000
JOB_CONNECT_S = 5.0
LONG_TIMEOUT_MS = 1_800_000
START_S = 8.0


@cache
def settings(*need: str) -> Settings:
    """The environment as typed values; BadSettings names every variable of *need* that is missing."""
    from etstats import config

    return config.read(os.environ, need=need)


@cache
def discord_public_key() -> bytes:
    """Read by itself, without the other settings. Raises BadSettings."""
    try:
        key = read_public_key(os.environ.get("DISCORD_PUBLIC_KEY", "").strip())
    except ValueError:
        key = b""
    return key or settings("DISCORD_PUBLIC_KEY").discord_public_key  # which say what is wrong with it


@cache
def secret(name: str) -> str:
    from etstats.gateways.secrets import read_secret

    return read_secret(
        name,
        port=int(os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773")),
        session_token=os.environ.get("AWS_SESSION_TOKEN", ""),
    )


def database_address() -> DatabaseAddress:
    """DATABASE_URL where it is set, else the secret."""
    from etstats import config

    url = settings().database_url
    ca_file = settings().database_ca_file
    if url:
        return config.database_from_url(url, ca_file=ca_file)
    return config.database_from_secret(secret(settings("DATABASE_SECRET").database_secret), ca_file=ca_file)


def communities() -> Communities:
    """Which there are, and what belongs to which."""
    from etstats.domain.community import Communities

    return Communities(servers=settings().game_servers)


@cache
def database(
    community: str, *, statement_timeout_ms: int = JOB_TIMEOUT_MS, connect_timeout_s: float = JOB_CONNECT_S
) -> Database:
    """This container's one connection to the data of a community, and to nothing else. Nothing is opened before the
    first statement."""
    from etstats.storage.database import schema_of

    return _database(schema_of(community), statement_timeout_ms, connect_timeout_s)


def guild_database(guild_id: str) -> Database:
    """The data of a Discord server's community. Raises Stranger."""
    return database(communities().of_guild(guild_id))


@cache
def job_database(community: str) -> Database:
    """A connection for work that may take its time."""
    from etstats.storage.database import schema_of

    return _database(schema_of(community), LONG_TIMEOUT_MS)


@cache
def shadow_database(community: str) -> Database:
    """Beside it, where `etstats rebuild` computes a community's data again."""
    from etstats.storage.rebuild import shadow_of

    return _database(shadow_of(job_database(community)), LONG_TIMEOUT_MS)


def _database(schema: str, statement_timeout_ms: int, connect_timeout_s: float = JOB_CONNECT_S) -> Database:
    from etstats.storage.database import Database, connect

    def opened() -> Connection:
        return connect(
            database_address(), statement_timeout_ms=statement_timeout_ms, connect_timeout_s=connect_timeout_s,
            schema=schema,
        )  # fmt: skip

    return Database(opened, schema=schema)


def round_channel(community: str) -> str:
    """Where its posts go as long as nobody has chosen; '': nowhere."""
    return settings().round_channel_id if community == communities().home else ""


def answerer(guild_id: str, *, ours: bool = False) -> Answerer:
    """Answers interactions: the database in a hurry, the rest when it is called for. *ours*: it is our own question,
    which comes from no Discord server and is about all of us."""
    from etstats.commands.answering import Answerer

    def community() -> str:
        return communities().home if ours else communities().of_guild(guild_id)

    def db() -> Database:
        try:
            return _quick_database(community())
        except Stranger as fault:
            return _nobodys_database(fault)

    return Answerer(
        db=db,
        key=custom_id_key,
        followups=followup_hand_over,
        control=lambda: quick_control(community()),
        roots=settings().root_user_ids,
    )


def _nobodys_database(fault: Stranger) -> Database:
    """Whatever needs none is answered; its first statement raises *fault*."""
    from etstats.storage.database import Database

    def refuse() -> NoReturn:
        raise fault

    return Database(refuse)


def _quick_database(community: str) -> Database:
    return database(community, statement_timeout_ms=INTERACTIVE_TIMEOUT_MS, connect_timeout_s=INTERACTIVE_CONNECT_S)


def quick_control(community: str) -> Controller:
    """Looks at game servers while somebody waits for the answer."""
    return _controller(community, _quick_database(community))


def control(community: str) -> Controller:
    """Over a connection of its own, so that what is on record stays there whatever becomes of the answer."""
    return _controller(community, job_database(community))


def looking(community: str) -> Controller:
    """Looks at game servers, on the clock."""
    return _controller(community, database(community))


def _controller(community: str, db: Database) -> Controller:
    from datetime import UTC, datetime

    from etstats.gateways.rcon import GamePort
    from etstats.usecases.control_server import Controller

    def port(server: GameServer) -> GamePort:
        return GamePort(server=server, password=lambda: rcon_password(server.name))

    def amending() -> Amender:
        from etstats.usecases.amend import Amender

        return Amender(db=db, now=lambda: datetime.now(UTC))

    def packages() -> Packages:
        from etstats.usecases.map_packages import Packages

        return Packages(db=db, web=discord_files, open_server=game_server, now=lambda: datetime.now(UTC))

    return Controller(
        db=db, known=communities().servers_of(community), port=port, start=start_game, now=lambda: datetime.now(UTC),
        wait=time.sleep, amending=amending, packages=packages, roots=settings().root_user_ids,
    )  # fmt: skip


def carrier(community: str) -> Carrier:
    """Brings packages of maps that came by a link to their game servers."""
    from etstats.usecases.bring_package import Carrier

    return Carrier(control=control(community), bucket=bucket(), discord=discord(), clock_s=time.monotonic)


def rcon_password(server: str) -> str:
    """Out of the secret. Raises RconRefused where it names none for *server*, showing nothing of it."""
    try:
        passwords = json.loads(secret(settings("RCON_SECRET").rcon_secret))
        return str(passwords[server])
    except (ValueError, TypeError, KeyError, BadSettings):
        raise RconRefused(
            f"There is no rcon password for the game server {server}. Put it into RCON_SECRET under that name."
        ) from None


def start_game(server: GameServer) -> None:
    """Runs what starts the game there. Raises GameServerUnavailable."""
    with game_server(server, deadline_s=START_S) as opened:
        opened.run(server.start)


def discord() -> Discord:
    """Discord's REST API as our application."""
    from etstats.gateways.discord import Discord

    return Discord(url=settings().discord_api_url, bot_token=_bot_token)


@cache
def custom_id_key() -> bytes:
    """Buttons are sealed with a key made from the bot token: every function that has the one has the other."""
    from etstats.interactions.custom_id import key_from

    return key_from(_bot_token())


def followup_hand_over() -> HandOver:
    return _hand_over(settings("FOLLOWUP_QUEUE_URL").followup_queue_url)


def announce_hand_over() -> HandOver:
    return _hand_over(settings("ANNOUNCE_QUEUE_URL").announce_queue_url)


def watch_hand_over() -> HandOver:
    return _hand_over(settings("WATCH_QUEUE_URL").watch_queue_url)


@cache
def _hand_over(queue_url: str) -> HandOver:
    from etstats.gateways.hand_over import HandOver

    return HandOver(queue_url)


def _bot_token() -> str:
    """The bot token out of the Discord secret. Raises BadSettings without showing what it found."""
    try:
        return str(json.loads(secret(settings("DISCORD_SECRET").discord_secret))["bot_token"])
    except (ValueError, TypeError, KeyError):
        raise BadSettings("DISCORD_SECRET's value is not a JSON object with bot_token.") from None


@cache
def bucket() -> Bucket:
    from etstats.gateways.bucket import Bucket

    return Bucket(settings("BUCKET").bucket)


@cache
def parts() -> Parts:
    """The bucket, for uploads in parts."""
    from etstats.gateways.parts import Parts

    return Parts(settings("BUCKET").bucket)


@cache
def ticket_key() -> bytes:
    """Uploads' tickets are sealed with it: made from the bot token like the buttons' key, and not the same."""
    from etstats.interactions.ticket import key_from

    return key_from(_bot_token(), "upload")


@cache
def render_ticket_key() -> bytes:
    """Renderers' tickets likewise."""
    from etstats.interactions.ticket import key_from

    return key_from(_bot_token(), "render")


def renders() -> Renders:
    """What is told about films made with the game itself."""
    from etstats.interactions import ticket
    from etstats.usecases.render_highlight import Renders

    return Renders(
        bucket=bucket,
        seal=lambda one: ticket.seal(one, key=render_ticket_key()),
        url=settings("RENDER_URL").render_url,
    )


def intake() -> Intake:
    """Ways in for demos that begin with a command."""
    from etstats.interactions import ticket
    from etstats.usecases.take_attachment import Intake

    return Intake(
        bucket=bucket,
        web=discord_files,
        seal=lambda one: ticket.seal(one, key=ticket_key()),
        page_url=settings("UPLOAD_PAGE_URL").upload_page_url,
    )


@cache
def discord_files() -> Web:
    """What is attached to messages; in local runs the stub of Discord keeps it."""
    from etstats.gateways.web import DISCORD_FILES, Web

    return Web(hosts=DISCORD_FILES, neighbour=settings().local_discord)


def tools(community: str) -> Tools:
    """What commands reach on the LATER path; each is built when it is called for."""
    from etstats.commands.question import Tools

    return Tools(
        control=partial(control, community), render=render, cut=partial(cut, community),
        watch=partial(watch, community), intake=intake, report=partial(report, community), draw=draw, renders=renders,
        back_up=partial(backed_up, community),
    )  # fmt: skip


def backed_up(community: str, told: Told) -> Backup:
    """A backup, written now; over a connection of its own, which sees one moment. Raises Unavailable."""
    from datetime import UTC, datetime

    from etstats.usecases.back_up import back_up

    return back_up(job_database(community), bucket(), now=datetime.now(UTC), told=told)


def cut(community: str, wanted: Wanted) -> Clip:
    """The clip, cut when it is not there yet; over a connection of its own, so that others see the claim.
    Raises BadDemo, ClipBusy and BucketUnavailable."""
    from datetime import UTC, datetime

    from etstats.usecases.cut_clip import cut_clip

    return cut_clip(job_database(community), bucket(), wanted, now=lambda: datetime.now(UTC), wait=time.sleep)


def watch(community: str, shown: Shown, told: Callable[[Watched], None]) -> Watched | None:
    """The highlight's film, or how far it is, while somebody waits for it; over a connection of its own, so that
    others see that it is asked for. Raises Unavailable."""
    from datetime import UTC, datetime

    from etstats.usecases.watch_highlight import watch_highlight

    return watch_highlight(
        job_database(community), watch_hand_over(), bucket(), shown.demo_id, shown.position,
        guild_id=shown.guild_id, now=lambda: datetime.now(UTC), wait=time.sleep, told=told,
    )  # fmt: skip


def report(community: str, demo: Demo, words: Words, round: str) -> str:
    """The address of a demo's page. Raises BadDemo, BadFile and BucketUnavailable."""
    from etstats.usecases.report_demo import report_demo

    return report_demo(database(community), bucket(), words, demo, round=round)


def draw(demo: Demo, words: Words, what: Picture) -> Drawn:
    """A demo's picture. Raises BadDemo, BadFile, BadPicture and BucketUnavailable."""
    from etstats.usecases.report_demo import draw_demo

    return draw_demo(bucket(), render, words, demo, what)


def render(svg: str) -> bytes:
    """A PNG of an SVG document. The first one waits for the fonts. Raises BadPicture."""
    return _renderer()(svg)


def studio() -> Studio:
    """What films are made with."""
    from etstats.gateways.film import make_film
    from etstats.usecases.film_highlight import Studio

    return Studio(render=render, make_film=make_film)


@cache
def _renderer() -> Renderer:
    from etstats.gateways.renderer import Renderer

    return Renderer()


def looks() -> dict[str, Look]:
    """What is looked at from outside, by the part whose light it is when that fails. Clients are made before anybody
    looks: boto3 makes one at a time."""
    from etstats.gateways.aws_health import Queues, look_at_alarms, look_at_budget
    from etstats.gateways.rcon import GamePort
    from etstats.storage.database import schema_of
    from etstats.usecases.check_health import look_at_bucket, look_at_game

    def game(server: GameServer) -> Look:
        port = GamePort(server=server, password=lambda: rcon_password(server.name))
        return lambda: look_at_game(server.name, port)

    known, place = settings(), bucket()
    backed_up = {community: schema_of(community) for community in communities().names}
    looking: dict[str, Look] = {
        "bucket": lambda: look_at_bucket(place, backed_up),
        "queue": Queues(known.queue_urls).look,
    }
    looking |= {f"game/{server.name}": game(server) for server in known.game_servers if server.game_port}
    if known.alarm_prefix:
        looking["alarm"] = lambda: look_at_alarms(known.alarm_prefix)
    if known.budget:
        looking["cost"] = lambda: look_at_budget(known.budget)
    return looking


def door() -> Door:
    """Our own, from outside."""
    from etstats.gateways.door import Door

    return Door(url=settings("INTERACTIONS_URL").interactions_url)


@cache
def canary_key() -> SigningKey:
    """Questions of our own are signed with it: made from the bot token, which both who asks and who answers have."""
    from etstats.interactions.canary import key_from

    return key_from(_bot_token())


def health_document(community: str) -> tuple[bool, dict[str, object]]:
    """Whether the database answered, and the community's lights for anybody; '': home's. Raises BadRequest."""
    from datetime import UTC, datetime

    from etstats.usecases.check_health import health_document

    if community not in communities().names:
        raise BadRequest("There is no such community.")
    return health_document(_quick_database(community or communities().home), now=datetime.now(UTC))


def tick(kind: type[K], turn: Turn) -> K:
    """What a visit to a community's game servers works with."""
    from datetime import UTC, datetime

    return kind(
        db=database(turn.community), bucket=bucket(), open_server=game_server, remaining_ms=turn.remaining_ms,
        clock=lambda: datetime.now(UTC),
    )  # fmt: skip


def game_server(server: GameServer, *, deadline_s: float) -> GameServerConnection:
    """A connection to *server*, not opened yet; it is cut off after *deadline_s*."""
    from etstats.gateways.game_server import GameServerConnection

    return GameServerConnection(server, ssh_key(), deadline_s=deadline_s)


@cache
def ssh_key() -> paramiko.PKey:
    """Our private key. Raises BadSettings without showing what it found."""
    from etstats.gateways.game_server import read_private_key

    return read_private_key(secret(settings("SSH_KEY_SECRET").ssh_key_secret))
