"""/admin: who may do what, what was done, and corrections with the difference first.

What corrects figures is tried out, shown and made only once the same person says yes; the audit log has it all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from etstats.cards import admin as card
from etstats.cards import health as health_card
from etstats.cards import job as job_card
from etstats.cards.correction import line as correction_line
from etstats.cards.job import numbered
from etstats.cards.text import escaped
from etstats.commands.confirming import NUMBER, confirmed, earlier, entry_of, left_alone, too_late
from etstats.commands.job import progress
from etstats.commands.option import PLAYER, WHEN, find_player, named, session_of
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Labelled, Option, Seen, Takes, Topic, button, command
from etstats.commands.task import NotHis
from etstats.domain.audit import DONE_WITHIN, Entry, State
from etstats.domain.correction import MergePersons, NameTeams, VoidRound, What, attributes
from etstats.domain.grant import Holder
from etstats.domain.permission import Tier
from etstats.errors import BadCorrection, BadFile, Refusal, Unavailable
from etstats.interactions.reply import CHOICES, Choice, Message
from etstats.parsing.filename import read_name
from etstats.storage import audit, breaker, health, tier
from etstats.storage import correction as book
from etstats.storage.who import find_name

if TYPE_CHECKING:
    from etstats.domain.rehearsal import Rehearsal

_TIERS = {"member": Tier.MEMBER, "moderator": Tier.MODERATOR, "admin": Tier.ADMIN}
_DAY = timedelta(days=1)
_OF_A_SERVER = ("ssh", "game", "demos", "files", "players")
_LAST_PAGE = 1_000
_LAST_JOB = 1_000_000_000
_REASON = Option(name="reason", required=True, max_length=200, described="admin.option_reason")
_ROUNDS_BACK = 25


# -- who may, and who did --------------------------------------------------------------------------------------------


@command(
    "admin roles",
    options=(
        Option(name="user", takes=Takes.USER),
        Option(name="role", takes=Takes.ROLE),
        Option(name="tier", choices=tuple(Labelled(value=one, key=f"tier.{one}") for one in _TIERS)),
    ),
    seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER, example="/admin roles user:@nick tier:moderator",
)  # fmt: skip
def admin_roles(q: Question) -> Message:
    """Who has which tier; with somebody and a tier: he has it from now on. Raises Refusal for what is above his own."""
    user, role, chosen = q.asked.text("user"), q.asked.text("role"), _TIERS.get(q.asked.text("tier"))
    if not (user or role) and chosen is None:
        return _roles(q)
    if bool(user) == bool(role) or chosen is None:
        raise Refusal("admin.one_and_tier")
    holder, holder_id = (Holder.USER, user) if user else (Holder.ROLE, role)
    standing = next(
        (one.tier for one in tier.grants(q.db, q.asked.guild_id) if (one.holder, one.holder_id) == (holder, holder_id)),
        0,
    )
    if q.tier < Tier.ROOT and max(chosen, standing) >= Tier.ADMIN:
        raise NotHis("refusal.tier_root")
    arguments = {"holder": f"{holder.value} {holder_id}", "tier": chosen.name.lower()}
    entry, is_new = audit.begin(
        q.db, q.asked, tier=q.tier, command="admin roles", arguments=arguments, state=State.DOING
    )
    if is_new:
        changed = tier.set_tier(q.db, q.asked.guild_id, holder, holder_id, chosen, by=q.asked.caller.id, now=q.now)
        audit.end(q.db, entry.audit_id, State.DONE, "changed" if changed else "it was so before")
    return _roles(q)


def _roles(q: Question) -> Message:
    return card.roles(q.words, tier.grants(q.db, q.asked.guild_id), q.control().roots)


@command(
    "admin audit",
    options=(
        Option(name="job", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_JOB),
        Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE),
    ),
    seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER, example="/admin audit job:12",
)  # fmt: skip
def admin_audit(q: Question) -> Message:
    """Of this Discord server alone: the latest jobs, or one with all that is known of it."""
    audit.end_broken_off(q.db)
    if number := q.asked.number("job", 0):
        found = audit.find(q.db, number, guild_id=q.asked.guild_id)
        if found is None:
            raise Refusal("job.unknown", n=number)
        return job_card.card(q.words, found)
    page = min(max(q.asked.number("page", 1), 1), _LAST_PAGE)
    offset = (page - 1) * card.PAGE
    entries = audit.entries(q.db, guild_id=q.asked.guild_id, limit=card.PAGE + 1, offset=offset)
    return card.audited(q.words, entries, page=page, more=len(entries) > card.PAGE)


@command("admin backup", seen=Seen.PRIVATE, tier=Tier.ROOT, answers=Answers.LATER, cooldown_s=60, topic=Topic.SERVER)
def admin_backup(q: Question) -> Message:
    """One now, whatever the day already has; of the whole installation, and so for root alone."""
    db = q.control().db
    job, is_new = audit.begin(db, q.asked, tier=q.tier, command="admin backup", arguments={}, state=State.DOING)
    if not is_new:
        return earlier(q, job)
    try:
        made = q.back_up(progress(q, job))
    except Unavailable as fault:
        told = q.words("admin.backup_failed", reason=escaped(str(fault)))
        audit.end(db, job.audit_id, State.FAILED, told)
        return numbered(q.words, told, job)
    kilobytes = q.words.whole(made.size / 1_024)
    told = q.words("admin.backed_up", place=made.key, rows=q.words.whole(made.rows), kilobytes=kilobytes)
    audit.end(db, job.audit_id, State.DONE, told)
    return numbered(q.words, told, job)


@command("admin health", seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER)
def admin_health(q: Question) -> Message:
    """What is behind the lights of /health. Of game servers, this Discord server's own; all of them for root."""
    facts = health.read_facts(q.db, now=q.now)
    return health_card.behind(
        q.words,
        [one for one in health.problems(q.db, since=q.now - _DAY) if _is_ours(q, one.kind, one.name)],
        [one for one in breaker.breakers(q.db) if _is_ours(q, *one.name.split(":", 1))],
        [one for one in facts.seen if one.kind == "dead_letters" and one.name],
    )


def _is_ours(q: Question, kind: str, name: str = "") -> bool:
    owned = q.control().owned(q.asked.guild_id)
    return q.tier >= Tier.ROOT or kind not in _OF_A_SERVER or name in owned


@command("admin sync", seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER)
def admin_sync(q: Question) -> Message:
    """What was left alone because it had failed is asked again at the next tick."""
    owned = sorted(q.control().owned(q.asked.guild_id))
    if not owned:
        raise Refusal("server.none")
    job, is_new = audit.begin(q.db, q.asked, tier=q.tier, command="admin sync", arguments={}, state=State.DOING)
    told = q.words("admin.synced", names=", ".join(owned))
    if is_new:
        for name in owned:
            breaker.forget(q.db, f"ssh:{name}")
            breaker.forget(q.db, f"game:{name}")
        audit.end(q.db, job.audit_id, State.DONE, told)
    return replace(numbered(q.words, told, job), private=True)


@command("admin config", seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER)
def admin_config(q: Question) -> Message:
    """What is set up for this Discord server's game servers, and what is left alone at the moment."""
    control = q.control()
    owned = control.owned(q.asked.guild_id)
    if not owned:
        raise Refusal("server.none")
    left_alone = [one for one in breaker.breakers(q.db) if one.name.partition(":")[2] in owned and one.tries_again_at]
    return card.servers(q.words, [one for one in control.known if one.name in owned], left_alone)


# -- corrections -----------------------------------------------------------------------------------------------------


def suggest_round(q: Question) -> tuple[Choice, ...]:
    """The latest rounds of this Discord server's game servers."""
    owned = q.control().owned(q.asked.guild_id)
    found = book.latest_rounds(q.db, owned, q.asked.text("round"), limit=_ROUNDS_BACK)
    choices = (
        Choice(
            name=f"{one.map} · {one.number} · {q.words.day(one.written_at)} {one.written_at:%H:%M}"[:100],
            value=f"{one.server}/{one.name}",
        )
        for one in found
    )
    return tuple(one for one in choices if len(one.value) <= 100)[:CHOICES]


@command(
    "admin void",
    options=(Option(name="round", suggest=suggest_round, required=True, max_length=100), _REASON),
    answers=Answers.LATER, seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER,
    example="/admin void round:… reason:wrong config",
)  # fmt: skip
def admin_void(q: Question) -> Message:
    server, _, file = q.asked.text("round").partition("/")
    return _tried(q, "admin void", {"server": server, "file": file})


@command(
    "admin merge",
    options=(named(PLAYER, "player", required=True), named(PLAYER, "into", required=True), _REASON),
    answers=Answers.LATER, seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER,
    example="/admin merge player:old name into:new name reason:new PC",
)  # fmt: skip
def admin_merge(q: Question) -> Message:
    guid, person = (find_player(q, q.asked.text(name)) for name in ("player", "into"))
    return _tried(q, "admin merge", {"guid": guid, "person": person})


@command(
    "admin teams",
    options=(
        WHEN,
        Option(name="a", required=True, max_length=40),
        Option(name="b", required=True, max_length=40),
        _REASON,
    ),
    answers=Answers.LATER, seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER,
    example="/admin teams a:slomix b:puran reason:cup final",
)  # fmt: skip
def admin_teams(q: Question) -> Message:
    """Names for both teams of an evening; A is who attacked first on the first complete map."""
    found = book.file_of(q.db, session_of(q))
    if found is None:
        raise Refusal("refusal.no_data")
    given = {"server": found[0], "file": found[1], "attackers": q.asked.text("a"), "defenders": q.asked.text("b")}
    return _tried(q, "admin teams", given)


@command(
    "admin replay",
    options=(WHEN,),
    answers=Answers.LATER, seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER, example="/admin replay when:today",
)  # fmt: skip
def admin_replay(q: Question) -> Message:
    """An evening computed again from its files."""
    session_id = session_of(q)
    found = book.file_of(q.db, session_id)
    if found is None:
        raise Refusal("refusal.no_data")
    return _tried(q, "admin replay", {"server": found[0], "file": found[1], "session": str(session_id)})


def suggest_correction(q: Question) -> tuple[Choice, ...]:
    """Those in force that are this Discord server's, the latest first."""
    owned = q.control().owned(q.asked.guild_id)
    standing = [one for one in reversed(book.corrections(q.db)) if one.withdrawn_at is None]
    typed = q.asked.text("correction").casefold()
    labelled = ((one, correction_line(one).strip()) for one in standing if _is_owned(q, _about(one.what), owned))
    found = (
        Choice(name=line[:100], value=str(one.correction_id)) for one, line in labelled if typed in line.casefold()
    )
    return tuple(found)[:CHOICES]


@command(
    "admin undo",
    options=(Option(name="correction", suggest=suggest_correction, required=True, max_length=100),),
    answers=Answers.LATER, seen=Seen.PRIVATE, tier=Tier.ADMIN, topic=Topic.SERVER, example="/admin undo correction:12",
)  # fmt: skip
def admin_undo(q: Question) -> Message:
    """Takes a correction back; two persons who were merged are split so, too."""
    number = q.asked.number("correction", 0)
    found = next((one for one in book.corrections(q.db) if one.correction_id == number), None)
    if found is None or found.withdrawn_at is not None:
        raise Refusal("admin.no_correction")
    return _tried(q, "admin undo", {**_about(found.what), "correction": str(number)})


def _about(what: What) -> dict[str, str]:
    """The game server, or the players, that a correction is about."""
    told = attributes(what)
    return {name: str(told[name]) for name in ("server", "guid", "person") if name in told}


def _tried(q: Question, name: str, about: Mapping[str, str]) -> Message:
    """What it would change, and the question whether it shall. Raises Refusal."""
    arguments = {**about, "reason": q.asked.text("reason")}
    _check_owned(q, arguments)
    control = q.control()
    job, _ = audit.begin(
        control.db, q.asked, tier=q.tier, command=name, arguments=arguments, state=State.ASKED,
        good_till=control.now() + DONE_WITHIN,
    )  # fmt: skip
    if job.state != State.ASKED:
        return earlier(q, job)
    try:
        found = _rehearsed(q, job, arguments)
    except BadCorrection as fault:
        reason = escaped(str(fault))
        audit.end(control.db, job.audit_id, State.FAILED, q.words("admin.cannot", reason=reason))
        raise Refusal("admin.cannot", reason=reason) from fault
    audit.warn(control.db, job.audit_id, now=control.now())  # trying it out has taken some of his time
    return card.rehearsal(q.words, _title(q, name, arguments), found, job.audit_id)


def _rehearsed(q: Question, job: Entry, arguments: Mapping[str, str]) -> Rehearsal:
    """Raises BadCorrection."""
    amending, told = q.control().amending(), progress(q, job)
    if job.command == "admin replay":
        return amending.rehearse_replay(int(arguments["session"]), told=told)
    if job.command == "admin undo":
        return amending.rehearse_withdrawal(int(arguments["correction"]), told=told)
    return amending.rehearse(_what(job.command, arguments), reason=arguments["reason"], told=told)


def _check_owned(q: Question, arguments: Mapping[str, str]) -> None:
    """Raises Refusal, on record, for rounds and players of game servers that are not this Discord server's."""
    control = q.control()
    if not _is_owned(q, arguments, control.owned(q.asked.guild_id)):
        audit.note_refused(control.db, q.asked, reason="not of this server")
        raise Refusal("admin.not_of_here")


def _is_owned(q: Question, about: Mapping[str, str], owned: frozenset[str]) -> bool:
    """Whether rounds of *about*'s game server, or its players, are this Discord server's to correct."""
    players = [guid for name in ("guid", "person") if (guid := about.get(name))]
    its_server = about["server"] in owned if "server" in about else bool(owned)
    return its_server and all(book.played_on(q.db, guid, owned) for guid in players)


def _what(name: str, arguments: Mapping[str, str]) -> What:
    match name:
        case "admin void":
            return VoidRound(server=arguments["server"], file=arguments["file"])
        case "admin merge":
            return MergePersons(guid=arguments["guid"], person=arguments["person"])
        case "admin teams":
            return NameTeams(**{key: arguments[key] for key in ("server", "file", "attackers", "defenders")})
    raise Refusal("refusal.no_such_command")


def _title(q: Question, name: str, arguments: Mapping[str, str]) -> str:
    """What is to be done, about what, in the words in which people know it."""
    about = [
        _file_told(q, arguments.get("file", ""), with_map=name == "admin void"),
        *(escaped(find_name(q.db, guid)) for key in ("guid", "person") if (guid := arguments.get(key))),
        " / ".join(escaped(arguments[key]) for key in ("attackers", "defenders") if key in arguments),
        f"{arguments['correction']}" if "correction" in arguments else "",
    ]
    told = " · ".join(part for part in about if part)
    return f"{q.words(f'admin.{name.split()[1]}_command')}: {told}"


def _file_told(q: Question, file: str, *, with_map: bool) -> str:
    """A round by its map and time, an evening by its day."""
    if not file:
        return ""
    try:
        named = read_name(file)
    except BadFile:
        return escaped(file)
    day = q.words.day(named.written_at)
    return f"{escaped(named.map)} {named.round} · {day} {named.written_at:%H:%M}" if with_map else day


@button("admin do", options=(NUMBER,), answers=Answers.LATER, tier=Tier.ADMIN)
def admin_do(q: Question) -> Message:
    entry = entry_of(q)
    if entry.state != State.ASKED:
        return earlier(q, entry)
    arguments = {name: str(value) for name, value in entry.arguments.items()}
    _check_owned(q, arguments)
    if (doing := confirmed(q, entry)) is None:
        return too_late(q, entry)
    try:
        told, state = _made(q, doing, arguments), State.DONE
    except BadCorrection as fault:
        told, state = q.words("admin.cannot", reason=escaped(str(fault))), State.FAILED
    audit.end(q.control().db, entry.audit_id, state, told)
    return numbered(q.words, told, entry)


def _made(q: Question, job: Entry, arguments: Mapping[str, str]) -> str:
    amending, told = q.control().amending(), progress(q, job)
    if job.command == "admin replay":
        return q.words("admin.replayed", n=amending.replay(int(arguments["session"]), told=told))
    by = f"{q.asked.caller.name[:60]} ({q.asked.caller.id})"
    if job.command == "admin undo":
        return q.words("admin.made", n=amending.withdraw(int(arguments["correction"]), by=by, told=told))
    what, reason = _what(job.command, arguments), arguments["reason"]
    return q.words("admin.made", n=amending.make(what, by=by, reason=reason, told=told))


@button("admin drop", options=(NUMBER,), answers=Answers.LATER, tier=Tier.ADMIN)
def admin_drop(q: Question) -> Message:
    return left_alone(q)
