"""/server: what is played, for everybody; and the game server told what to do, by those who may.

What is told goes out only as `domain/rcon.py` lists it. It is shown first and done once the same person says yes; the
audit log has it before it is done, and what came of it. A repeated yes gets the earlier answer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from etstats.cards import server as card
from etstats.cards.job import numbered
from etstats.cards.text import escaped, plain
from etstats.commands.confirming import NUMBER, confirmed, earlier, entry_of, left_alone, too_late
from etstats.commands.job import progress
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Labelled, Option, Seen, Takes, Topic, button, command
from etstats.commands.task import NotHis
from etstats.domain.audit import Answer as Waiting
from etstats.domain.audit import Entry, State
from etstats.domain.name import strip_colours
from etstats.domain.order import MATCH, RULES, Act, Order, lines, order_from
from etstats.domain.permission import Tier
from etstats.domain.rcon import NotAllowed, offered
from etstats.domain.upload import ATTACHED_BYTES, TICKET_LIVES, Kind, Ticket
from etstats.errors import BadFile, BadInput, GameServerUnavailable, RconRefused, Refusal, Unavailable
from etstats.interactions.reply import CHOICES, Choice, Message, sentence
from etstats.storage import audit
from etstats.storage import map_package as kept
from etstats.storage import server as book
from etstats.storage.where import maps_named

if TYPE_CHECKING:
    from etstats.config import GameServer
    from etstats.interactions.request import Attached

NOW_S = 0.8  # of the one second in which everybody wants to see who plays
LATER_S = 2.5
_SEAT = re.compile(r"([0-9]{1,2}) (.+)", re.DOTALL)
_MOST_PAGES = 50


def suggest_server(q: Question) -> tuple[Choice, ...]:
    names = [one.name for one in q.control().servers(q.asked.guild_id)]
    return tuple(Choice(name=one, value=one) for one in names if q.asked.text("server") in one)[:CHOICES]


def suggest_map(q: Question) -> tuple[Choice, ...]:
    """What is installed there; as long as nobody has asked the server, what was played."""
    typed = q.asked.text("map").lower()
    known = book.installed(q.db, server_of(q).name) or maps_named(q.db, typed, limit=CHOICES)
    begin = [one for one in known if one.startswith(typed)]
    found = begin + [one for one in known if typed in one and one not in begin]
    return tuple(Choice(name=one, value=one) for one in found[:CHOICES])


def suggest_seat(q: Question) -> tuple[Choice, ...]:
    """Who is there now: name and ping. The slot goes with it, so that nobody else is kicked."""
    look = q.control().look(server_of(q), budget_s=NOW_S)
    seats = look.status.seats if look.answers and look.status is not None else ()
    typed = q.asked.text("player").casefold()
    return tuple(
        Choice(name=f"{plain(name)} · {'–' if one.ping is None else one.ping} ms", value=f"{one.slot} {name}"[:100])
        for one in seats
        if one.slot is not None and typed in (name := strip_colours(one.name)).casefold()
    )[:CHOICES]


def suggest_rcon(q: Question) -> tuple[Choice, ...]:
    typed = q.asked.text("command").lower()
    shown = [form.shown for form in offered(q.tier)]
    return tuple(Choice(name=one, value=one) for one in shown if typed in one.lower())[:CHOICES]


SERVER = Option(name="server", suggest=suggest_server, max_length=32, described="server.option_server", carried=32)
WHICH = replace(SERVER, carried=0)  # where no button asks again


def server_of(q: Question) -> GameServer:
    """The one named, or the first that this Discord server has. Raises Refusal."""
    known = q.control().servers(q.asked.guild_id)
    if not known:
        raise Refusal("server.none")
    typed = q.asked.text("server")
    found = next((one for one in known if one.name == typed), None) if typed else known[0]
    if found is None:
        names = ", ".join(one.name for one in known)
        raise Refusal("server.unknown", typed=escaped(typed[:40]), names=names)
    return found


# -- for everybody ---------------------------------------------------------------------------------------------------


@command("server status", options=(SERVER,), topic=Topic.SERVER)
def server_status(q: Question) -> Message:
    return card.card(q.words, q.control().look(server_of(q), budget_s=NOW_S))


@button("server ping", options=(SERVER, Option(name="count", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=64)))
def server_ping(q: Question) -> Message:
    """Once, when so many play."""
    server = server_of(q)
    count = min(max(q.asked.number("count", 2), 1), 64)
    book.ask_ping(q.db, server.name, q.asked.caller.id, q.asked.guild_id, count, now=q.now)
    return sentence(q.words("server.ping_noted", n=count))


@command(
    "server maps",
    options=(SERVER, Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_MOST_PAGES)),
    topic=Topic.SERVER,
)
def server_maps(q: Question) -> Message:
    server = server_of(q)
    may_refresh = q.tier >= Tier.MODERATOR
    return card.maps(
        q.words, server.name, book.installed(q.db, server.name), page=q.asked.number("page", 1), may_refresh=may_refresh
    )


@button("server list", options=(SERVER,), answers=Answers.LATER, tier=Tier.MODERATOR)
def server_list(q: Question) -> Message:
    """The game server is asked which maps it has."""
    server = server_of(q)
    try:
        installed = q.control().maps(server)
    except RconRefused as fault:
        raise Refusal("server.end_refused") from fault
    except GameServerUnavailable as fault:
        raise Refusal("server.end_away") from fault
    return card.maps(q.words, server.name, installed, page=1, may_refresh=True)


# -- for those who may -----------------------------------------------------------------------------------------------


@command(
    "server map",
    options=(Option(name="map", suggest=suggest_map, required=True, max_length=63), WHICH),
    seen=Seen.PRIVATE, tier=Tier.MODERATOR, example="/server map map:supply", topic=Topic.SERVER,
)  # fmt: skip
def server_map(q: Question) -> Message:
    server, wanted = server_of(q), q.asked.text("map").lower()
    known = book.installed(q.db, server.name)
    if known and wanted not in known:
        raise Refusal("server.end_no_such_map")
    return _ask(q, server, Act.MAP, target=wanted)


@command(
    "server say",
    options=(Option(name="text", required=True, max_length=100), WHICH),
    answers=Answers.LATER, seen=Seen.PRIVATE, tier=Tier.MODERATOR, cooldown_s=2, topic=Topic.SERVER,
    example="/server say text:the match begins in five minutes",
)  # fmt: skip
def server_say(q: Question) -> Message:
    return _ask(q, server_of(q), Act.SAY, text=q.asked.text("text"))


@command(
    "server kick",
    options=(
        Option(name="player", suggest=suggest_seat, required=True, max_length=100),
        Option(name="reason", max_length=100),
        WHICH,
    ),
    seen=Seen.PRIVATE, tier=Tier.MODERATOR, topic=Topic.SERVER, example="/server kick player:… reason:afk",
)  # fmt: skip
def server_kick(q: Question) -> Message:
    server, chosen = server_of(q), _SEAT.fullmatch(q.asked.text("player"))
    if chosen is None:
        raise Refusal("server.choose_player")
    return _ask(q, server, Act.KICK, target=str(int(chosen[1])), name=chosen[2], text=q.asked.text("reason"))


@command(
    "server restart",
    options=(
        Option(
            name="what",
            required=True,
            choices=(Labelled(value="map", key="server.the_map"), Labelled(value="server", key="server.the_server")),
        ),
        WHICH,
    ),
    seen=Seen.PRIVATE, tier=Tier.MODERATOR, topic=Topic.SERVER, example="/server restart what:the map",
)  # fmt: skip
def server_restart(q: Question) -> Message:
    return _ask(q, server_of(q), Act.RESTART if q.asked.text("what") == "server" else Act.REPLAY)


@command("server start", options=(WHICH,), seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER)
def server_start(q: Question) -> Message:
    return _ask(q, server_of(q), Act.START)


@command("server stop", options=(WHICH,), seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER)
def server_stop(q: Question) -> Message:
    return _ask(q, server_of(q), Act.STOP)


@command(
    "server match",
    options=(
        Option(
            name="what", required=True, choices=tuple(Labelled(value=one, key=f"server.match_{one}") for one in MATCH)
        ),
        WHICH,
    ),
    seen=Seen.PRIVATE, tier=Tier.MODERATOR, topic=Topic.SERVER, example="/server match what:pause",
)  # fmt: skip
def server_match(q: Question) -> Message:
    return _ask(q, server_of(q), Act.MATCH, target=q.asked.text("what"))


@command(
    "server rcon",
    options=(Option(name="command", suggest=suggest_rcon, required=True, max_length=150), WHICH),
    seen=Seen.PRIVATE, tier=Tier.MODERATOR, topic=Topic.SERVER, example="/server rcon command:status",
)  # fmt: skip
def server_rcon(q: Question) -> Message:
    return _ask(q, server_of(q), Act.RCON, text=q.asked.text("command"))


@command(
    "server live",
    options=(Option(name="on", takes=Takes.BOOLEAN, required=True), WHICH),
    seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER, example="/server live on:True",
)  # fmt: skip
def server_live(q: Question) -> Message:
    """A card in this channel that follows what is played, or no more."""
    server, channel, on = server_of(q), q.asked.channel_id, q.asked.flag("on")
    entry, is_new = audit.begin(
        q.db, q.asked, tier=q.tier, command="server live", server=server.name, arguments={"on": str(on)},
        state=State.DOING,
    )  # fmt: skip
    if not is_new:
        return earlier(q, entry)
    if on:
        book.set_live_card(
            q.db, q.asked.guild_id, channel, server.name, by=q.asked.caller.id, nonce=q.asked.id, now=q.now
        )
    told = q.words("server.live_on" if on else "server.live_off")
    if not on and not book.drop_live_card(q.db, channel, server.name):
        told = q.words("server.live_none")
    audit.end(q.db, entry.audit_id, State.DONE, told)
    return sentence(told)


def suggest_package(q: Question) -> tuple[Choice, ...]:
    """Those that came from us, the newest first: others are nobody's to take away."""
    found = kept.packages(q.db, server_of(q).name)
    labelled = (Choice(name=f"{one.name} · {', '.join(one.maps)}"[:100], value=one.name) for one in found)
    return tuple(one for one in labelled if q.asked.text("package").lower() in one.name.lower())[:CHOICES]


@command(
    "server upload",
    options=(Option(name="package", takes=Takes.ATTACHMENT), WHICH),
    answers=Answers.LATER, seen=Seen.PRIVATE, tier=Tier.ADMIN, cooldown_s=5, topic=Topic.SERVER,
    example="/server upload package:te_new_b2.pk3",
)  # fmt: skip
def server_upload(q: Question) -> Message:
    """A package of maps, looked into and brought to the server; nobody who plays notices. One that is too large for a
    message comes by a link."""
    server, file = server_of(q), q.asked.file("package")
    if not server.maps_folder:
        raise Refusal("server.no_maps_folder")
    if file is None or file.size > ATTACHED_BYTES:
        return _by_link(q, server, too_large=file is not None)
    control = q.control()
    entry, is_new = audit.begin(
        control.db, q.asked, tier=q.tier, command="server upload", server=server.name,
        arguments={"package": file.name[:100], "bytes": str(file.size)}, state=State.DOING,
    )  # fmt: skip
    if not is_new:
        return earlier(q, entry)
    state, told = _brought(q, server, file, entry)
    audit.end(control.db, entry.audit_id, state, told)
    return numbered(q.words, told, entry)


def _by_link(q: Question, server: GameServer, *, too_large: bool) -> Message:
    """The address of the upload page; what comes by it first is the yes to this job."""
    if not q.asked.guild_id:
        raise Refusal("upload.no_server")
    until_s = (q.asked.at_ms // 1_000) + int(TICKET_LIVES.total_seconds())
    good_till = datetime.fromtimestamp(until_s, UTC)
    db = q.control().db
    entry, is_new = audit.begin(
        db, q.asked, tier=q.tier, command="server upload", server=server.name, arguments={"by": "link"},
        state=State.ASKED, good_till=good_till,
    )  # fmt: skip
    if not is_new and entry.state != State.ASKED:
        return earlier(q, entry)
    where = Waiting(
        audit_id=entry.audit_id, application_id=q.asked.application_id, token=q.asked.token, locale=q.words.language
    )
    audit.keep_answer(db, where)
    ticket = Ticket(
        guild_id=q.asked.guild_id, user_id=q.asked.caller.id, number=q.asked.id, until_s=until_s, kind=Kind.PACKAGE
    )
    page = q.intake().page(ticket)
    return card.package_link(q.words, page, server.name, entry.audit_id, too_large=too_large)


def _brought(q: Question, server: GameServer, file: Attached, entry: Entry) -> tuple[State, str]:
    told = progress(q, entry, about=file.name)
    try:
        made = q.control().packages().fetch(server, file.name, file.url, by=q.asked.caller.id, told=told)
    except BadFile as fault:
        return State.FAILED, card.not_brought(q.words, fault.code)
    except BadInput:
        return State.FAILED, q.words("server.package_missing")
    except Unavailable:
        return State.FAILED, q.words("server.end_away")
    return State.DONE, card.brought(q.words, made)


@command(
    "server remove",
    options=(Option(name="package", suggest=suggest_package, required=True, max_length=100), WHICH),
    seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER, example="/server remove package:te_new_b2.pk3",
)  # fmt: skip
def server_remove(q: Question) -> Message:
    """A package of maps that came from us, into the bin there for a week."""
    server, name = server_of(q), q.asked.text("package")
    if name not in [one.name for one in kept.packages(q.db, server.name)]:
        raise Refusal("server.end_not_ours")
    return _ask(q, server, Act.REMOVE, target=name)


def _ask(q: Question, server: GameServer, act: Act, *, target: str = "", name: str = "", text: str = "") -> Message:
    """Shows what would be done; what needs no yes is done. Raises Refusal for what is not on the list."""
    order = Order(act=act, server=server.name, target=target, name=name, text=text, tier=q.tier)
    _check(q, order)
    rule, control = RULES[act], q.control()
    entry, is_new = audit.begin(
        control.db, q.asked, tier=q.tier, command=f"server {act.value}", server=server.name,
        arguments=order.arguments(), state=State.ASKED if rule.asks else State.DOING,
    )  # fmt: skip
    if rule.asks:
        return card.preview(q.words, order, control.look(server, budget_s=NOW_S), entry.audit_id)
    return _carried_out(q, order, server, entry) if is_new else earlier(q, entry)


def _check(q: Question, order: Order) -> None:
    """Raises Refusal."""
    needed = RULES[order.act].tier
    if q.tier < needed:
        audit.note_refused(q.control().db, q.asked, reason=f"needs {needed.name.lower()}")
        raise NotHis(f"refusal.tier_{needed.name.lower()}")
    try:
        lines(order)
    except NotAllowed as fault:
        audit.note_refused(q.control().db, q.asked, reason="not on the list")
        raise Refusal("server.not_allowed") from fault


@button(
    "server do", options=(NUMBER, Option(name="sure", takes=Takes.BOOLEAN)), answers=Answers.LATER, tier=Tier.MODERATOR
)
def server_do(q: Question) -> Message:
    """The yes. Raises Refusal for one that is not his, too late, or for what he may not do any more."""
    entry = entry_of(q)
    if entry.state != State.ASKED:
        return earlier(q, entry)
    order, server = _ordered(q, entry)
    _check(q, order)
    if RULES[order.act].disturbs and not (q.asked.flag("sure") and entry.warned_at):
        look = q.control().look(server, budget_s=LATER_S)
        if look.humans and q.now <= entry.good_until:
            audit.warn(q.control().db, entry.audit_id, now=q.now)
            return card.preview(q.words, order, look, entry.audit_id, sure=True)
    doing = confirmed(q, entry)
    return too_late(q, entry) if doing is None else _carried_out(q, order, server, doing)


@button("server drop", options=(NUMBER,), answers=Answers.LATER, tier=Tier.MODERATOR)
def server_drop(q: Question) -> Message:
    return left_alone(q)


def _ordered(q: Question, entry: Entry) -> tuple[Order, GameServer]:
    """Raises Refusal where the game server is not this Discord server's any more."""
    servers = q.control().servers(q.asked.guild_id)
    server = next((one for one in servers if one.name == entry.server), None)
    if server is None:
        raise Refusal("server.none")
    return order_from(entry.command.removeprefix("server "), server.name, entry.arguments, q.tier), server


def _carried_out(q: Question, order: Order, server: GameServer, entry: Entry) -> Message:
    ended = q.control().carry_out(order, server)
    told = card.outcome(q.words, order, ended)
    audit.end(q.control().db, entry.audit_id, State.DONE if ended.well else State.FAILED, told)
    return numbered(q.words, told, entry)
