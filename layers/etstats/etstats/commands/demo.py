"""/demo: the demos this Discord server has, how far they are, what is in them."""

from __future__ import annotations

import re

from etstats.cards import demo as card
from etstats.cards.text import escaped
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Labelled, Option, Permission, Seen, Takes, Topic, button, command
from etstats.domain.demo import Demo, Picture, Shown, State
from etstats.domain.demo_match import Candidate, Match, Said, best_match, joined, score
from etstats.domain.render import TICKET_LIVES as RENDERER_LIVES
from etstats.domain.upload import ATTACHED_BYTES, TICKET_LIVES, Ticket, file_name
from etstats.errors import BadInput, Refusal
from etstats.interactions.reply import CHOICES, Choice, Message, sentence
from etstats.storage import demo as book
from etstats.storage import render as films

_MARK = re.compile(r"#([0-9]{1,18})")
_LAST_PAGE = 50
_LOOKED_AT = 200
_ROUND = re.compile(r"#([0-9a-f]{1,16})")
_PICTURES = {one.value: one for one in Picture}
_NONE, _COMPUTED = "none", "computed"


def suggest_demo(q: Question) -> tuple[Choice, ...]:
    """This server's, the latest first, with what is typed in their labels."""
    typed = q.asked.text(q.asked.focused).casefold()
    found = book.demos(q.db, q.asked.guild_id, limit=_LOOKED_AT if typed else CHOICES)
    labelled = [(card.label(q.words, one), card.demo_mark(one.demo_id)) for one in found]
    return tuple(Choice(name=label, value=mark) for label, mark in labelled if typed in label.casefold())[:CHOICES]


DEMO = Option(name="demo", suggest=suggest_demo, max_length=100, described="option.demo", carried=19)
HIGHLIGHT = Option(
    name="highlight", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=999, described="option.highlight"
)  # fmt: skip


def demo_of(q: Question) -> Demo:
    """The demo meant, the latest one when none is named. Raises Refusal."""
    typed = q.asked.text("demo")
    if not typed:
        latest = book.demos(q.db, q.asked.guild_id, limit=1)
        if not latest:
            raise Refusal("demo.none")
        return latest[0]
    found = demo_named(q, typed)
    if found is None:
        raise Refusal("demo.unknown", typed=escaped(typed[:60]))
    return found


def demo_named(q: Question, typed: str) -> Demo | None:
    """The demo a suggestion stands for; None: something else was typed."""
    chosen = _MARK.fullmatch(typed)
    return book.find_demo(q.db, int(chosen[1]), guild_id=q.asked.guild_id) if chosen else None


def highlights_from(q: Question, demo: Demo, number: int) -> list[Shown]:
    """The demo's highlight of that number, and the next one where there is one. Raises Refusal."""
    if demo.state != State.READY.value:
        raise Refusal("clip.not_ready")
    found = book.highlights(q.db, q.asked.guild_id, demo_id=demo.demo_id, limit=2, offset=number - 1)
    if not found:
        raise Refusal("clip.no_highlight", n=number)
    return found


@command(
    "demo list",
    options=(Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE),),
    topic=Topic.DEMOS,
)
def demo_list(q: Question) -> Message:
    page = min(max(q.asked.number("page", 1), 1), _LAST_PAGE)
    found = book.demos(q.db, q.asked.guild_id, limit=card.PAGE + 1, offset=(page - 1) * card.PAGE)
    if not found:
        raise Refusal("demo.none")
    return card.listed(q.words, found[: card.PAGE], page=page, more=len(found) > card.PAGE)


@command("demo info", options=(DEMO,), example="/demo info demo:evening.tv_84", topic=Topic.DEMOS)
def demo_info(q: Question) -> Message:
    return _about(q, demo_of(q))


@button("demo round", options=(Option(name="id", carried=16),))
def demo_of_round(q: Question) -> Message:
    """Under a round's card: the most complete one that this server has; it may have been deleted since."""
    shown = book.demos_of(q.db, int(q.asked.text("id"), 16), guild_id=q.asked.guild_id)
    if not shown:
        raise Refusal("round.no_demo")
    return _about(q, shown[0])


def _about(q: Question, one: Demo) -> Message:
    if one.state != State.READY.value:
        return card.info(q.words, one, [], [])
    best = book.highlights(q.db, q.asked.guild_id, demo_id=one.demo_id, limit=card.BEST)
    return card.info(q.words, one, book.demo_players(q.db, one.demo_id), best, round=_round_of(q, one))


def _round_of(q: Question, one: Demo) -> Candidate | None:
    """The round it shows, where that is known and still there."""
    return book.find_candidate(q.db, one.round_id) if one.round_id is not None else None


@command(
    "demo delete", options=(DEMO,), seen=Seen.PRIVATE, example="/demo delete demo:evening.tv_84", topic=Topic.DEMOS
)
def demo_delete(q: Question) -> Message:
    """By whoever uploaded it, and by those who manage the server. Its bytes stay in the bucket's history."""
    if not q.asked.text("demo"):
        raise Refusal("demo.which")
    one = demo_of(q)
    _check_his(q, one)
    book.delete(q.db, one.demo_id, guild_id=q.asked.guild_id, now=q.now)
    return sentence(q.words("demo.deleted", name=escaped(one.name)))


@command(
    "demo upload",
    options=(Option(name="file", takes=Takes.ATTACHMENT),),
    answers=Answers.LATER,
    seen=Seen.PRIVATE,
    cooldown_s=5,
    topic=Topic.DEMOS,
)
def demo_upload(q: Question) -> Message:
    """A small file as an attachment; any other on a page of its own, whose address is for the caller alone."""
    if not q.asked.guild_id:
        raise Refusal("upload.no_server")
    until_s = (q.asked.at_ms // 1_000) + int(TICKET_LIVES.total_seconds())
    ticket = Ticket(guild_id=q.asked.guild_id, user_id=q.asked.caller.id, number=q.asked.id, until_s=until_s)
    file = q.asked.file("file")
    if file is None:
        return card.upload(q.words, q.intake().page(ticket))
    if file_name(file.name) is None:
        raise Refusal("upload.no_demo", name=escaped(file.name[:60]))
    if file.size > ATTACHED_BYTES:
        return card.upload(q.words, q.intake().page(ticket), too_large=True)
    try:
        q.intake().fetch(ticket, file.name, file.url)
    except BadInput as fault:
        raise Refusal("upload.cannot_fetch", reason=escaped(str(fault))) from fault
    return card.taken(q.words, file.name)


def _check_his(q: Question, one: Demo) -> None:
    """Whoever uploaded it, and those who manage the server. Raises Refusal."""
    manages = q.asked.caller.permissions & Permission.MANAGE_SERVER.value
    if one.uploaded_by != q.asked.caller.id and not manages:
        raise Refusal("demo.not_yours")


@command("demo report", options=(DEMO,), answers=Answers.LATER, seen=Seen.PRIVATE, cooldown_s=5, topic=Topic.DEMOS)
def demo_report(q: Question) -> Message:
    """A page with everything that is known of it. Its address opens for anybody, so the caller alone gets it."""
    one = demo_of(q)
    if one.state != State.READY.value:
        raise Refusal("report.not_ready")
    shown = _round_of(q, one)
    try:
        page = q.report(one, q.words, card.round_label(q.words, shown) if shown else "")
    except BadInput as fault:
        raise Refusal("report.cannot", reason=escaped(str(fault))) from fault
    return card.report(q.words, one, page)


@command(
    "demo picture",
    options=(DEMO, Option(name="show", choices=tuple(Labelled(value=one, key=f"demo.{one}") for one in _PICTURES))),
    answers=Answers.LATER,
    cooldown_s=2,
    example="/demo picture demo:evening.tv_84 show:Heat map",
    topic=Topic.DEMOS,
)
def demo_picture(q: Question) -> Message:
    """Nothing chosen: the heat map."""
    one = demo_of(q)
    if one.state != State.READY.value:
        raise Refusal("report.not_ready")
    what = _PICTURES.get(q.asked.text("show"), Picture.HEAT_MAP)
    try:
        drawn = q.draw(one, q.words, what)
    except BadInput as fault:
        raise Refusal("report.cannot_draw", reason=escaped(str(fault))) from fault
    return card.picture(q.words, one, what, drawn)


def suggest_round(q: Question) -> tuple[Choice, ...]:
    """The rounds that are most like the demo, then that it is none of them, or what we think."""
    one = demo_named(q, q.asked.text("demo"))
    if one is None or not one.map:
        return ()
    shown = book.shown_round(q.db, one)
    typed = q.asked.text(q.asked.focused).casefold()
    found = sorted((score(shown, each) for each in book.candidates(q.db, one.map)), key=lambda match: -match.score)
    labelled = [(_match_label(q, match), f"#{match.candidate.round_id:x}") for match in found]
    labelled = [one for one in labelled if typed in one[0].casefold()][: CHOICES - 2]
    labelled += [(q.words("demo.choose_none"), _NONE), (q.words("demo.choose_computed"), _COMPUTED)]
    return tuple(Choice(name=label, value=mark) for label, mark in labelled)


def _match_label(q: Question, match: Match) -> str:
    return q.words("demo.choose_round", round=card.round_label(q.words, match.candidate), score=match.score)


@command(
    "demo match",
    options=(DEMO, Option(name="round", suggest=suggest_round, required=True, max_length=100)),
    seen=Seen.PRIVATE,
    example="/demo match demo:evening.tv_84 round:supply, round 2",
    topic=Topic.DEMOS,
)
def demo_match(q: Question) -> Message:
    """What is said stays, also when the demo is analysed again."""
    one = demo_of(q)
    _check_his(q, one)
    if one.state != State.READY.value:
        raise Refusal("demo.not_ready")
    said = _said(q.asked.text("round"))
    candidate = book.find_candidate(q.db, said.round_id) if said and said.round_id is not None else None
    if said and said.round_id is not None and candidate is None:
        raise Refusal("demo.no_round")
    shown = book.shown_round(q.db, one)
    match = (
        score(shown, candidate) if candidate else None if said else best_match(shown, book.candidates(q.db, shown.map))
    )
    _keep_match(q, one, said, match)
    told = demo_named(q, card.demo_mark(one.demo_id)) or one
    return sentence(card.match(q.words, told, match.candidate if match else None))


def _said(typed: str) -> Said | None:
    """None: what we think holds. Raises Refusal for what is no suggestion."""
    if typed == _COMPUTED:
        return None
    if typed == _NONE:
        return Said(round_id=None)
    chosen = _ROUND.fullmatch(typed)
    if chosen is None:
        raise Refusal("demo.no_round")
    return Said(round_id=int(chosen[1], 16))


def _keep_match(q: Question, one: Demo, said: Said | None, match: Match | None) -> None:
    with q.db.transaction():
        book.say_match(q.db, one, said, by=q.asked.caller.id, now=q.now)
        players = joined(book.demo_players(q.db, one.demo_id), match)
        book.rematch(q.db, one, match, players, human=said is not None, now=q.now)


@command(
    "demo render",
    options=(DEMO, HIGHLIGHT),
    answers=Answers.LATER,
    cooldown_s=5,
    example="/demo render demo:evening.tv_84 highlight:1",
    topic=Topic.DEMOS,
)
def demo_render(q: Question) -> Message:
    """Asks for it, and tells how far it is."""
    one = demo_of(q)
    shown = highlights_from(q, one, max(1, q.asked.number("highlight", 1)))[0]
    films.ask(q.db, one.demo_id, shown.position, guild_id=one.guild_id, by=q.asked.caller.id, now=q.now)
    found = films.find_render(q.db, one.demo_id, shown.position, guild_id=one.guild_id)
    if found is None:  # the demo has just been deleted
        raise Refusal("demo.none")
    return card.render(q.words, one, found, q.renders().link(found.key) if found.key else "")


@command(
    "demo renderer", answers=Answers.LATER, seen=Seen.PRIVATE, permission=Permission.MANAGE_SERVER, topic=Topic.DEMOS
)
def demo_renderer(q: Question) -> Message:
    """The line that starts a renderer for this server. Whoever has it may take work, so the caller alone gets it."""
    if not q.asked.guild_id:
        raise Refusal("upload.no_server")
    until_s = q.asked.at_ms // 1_000 + int(RENDERER_LIVES.total_seconds())
    ticket = Ticket(guild_id=q.asked.guild_id, user_id=q.asked.caller.id, number=q.asked.id, until_s=until_s)
    return card.renderer(q.words, q.renders().program(ticket))
