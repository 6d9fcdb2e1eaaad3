"""Who may do what, what was done, and what a correction would change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from etstats.cards.ask import asking, turning
from etstats.cards.job import MARKS
from etstats.cards.text import NEUTRAL, escaped, plain, unmarked
from etstats.config import GameServer
from etstats.domain.audit import Entry, State
from etstats.domain.breaker import Breaker
from etstats.domain.grant import Grant, Holder
from etstats.domain.permission import Tier
from etstats.domain.rehearsal import Pair, PlayerSum, Rehearsal, SessionSum
from etstats.interactions.reply import Button, Embed, Field, Message, Press, Style
from etstats.words import Words

T = TypeVar("T")

PAGE = 10
_MOST = 10  # sessions, and players, of a rehearsal


def roles(words: Words, grants: Sequence[Grant], roots: Sequence[str]) -> Message:
    lines = [f"{words(Tier.ROOT.key)}: <@{one}>" for one in roots]
    lines += [
        f"{words(Tier(one.tier).key)}: {_holder(one)} · <t:{int(one.granted_at.timestamp())}:d>" for one in grants
    ]
    return Message(
        embeds=(
            Embed(
                title=words("admin.roles_title"),
                description="\n".join(lines) or words("admin.nobody"),
                colour=NEUTRAL,
                footer=words("admin.roles_footer"),
            ),
        )
    )


def _holder(grant: Grant) -> str:
    return f"<@&{grant.holder_id}>" if grant.holder == Holder.ROLE else f"<@{grant.holder_id}>"


def servers(words: Words, known: Sequence[GameServer], left_alone: Sequence[Breaker]) -> Message:
    """What can be done with each game server; addresses and commands are nobody's business."""
    fields = []
    for one in known:
        can = (("status", one.game_port), ("start", one.start), ("maps", one.maps_folder), ("demos", one.demo_folder))
        told = [f"{'✅' if there else '–'} {words(f'admin.config_{name}')}" for name, there in can]
        told += [
            words("admin.config_alone", name=each.name, until=f"<t:{int(each.tries_again_at.timestamp())}:R>")
            for each in left_alone
            if each.name.endswith(f":{one.name}") and each.tries_again_at
        ]
        fields.append(Field(name=one.name, value="\n".join(told)))
    embed = Embed(
        title=words("admin.config_title"), colour=NEUTRAL, fields=tuple(fields), footer=words("admin.config_footer")
    )
    return Message(embeds=(embed,))


def audited(words: Words, entries: Sequence[Entry], *, page: int, more: bool) -> Message:
    lines = [_line(one) for one in entries[:PAGE]]
    asked = asking("admin audit", page=str(page))
    embed = Embed(
        title=words("admin.audit_title"),
        description="\n".join(lines) or words("admin.audit_empty"),
        colour=NEUTRAL,
        footer=words("admin.audit_footer", page=page),
    )
    row = turning(asked, page, page + 1 if more else page)
    return Message(embeds=(embed,), rows=(row,) if row else ())


def _line(one: Entry) -> str:
    """✅ 12 · 2 minutes ago · @Sarge · server map eu-1 supply."""
    given = " ".join(str(value) for value in one.arguments.values())
    told = " ".join(part for part in (one.command, one.server, given) if part)
    ended_badly = one.state in (State.REFUSED, State.FAILED)
    why = f" · {escaped(unmarked(one.result or '').removeprefix('❌ ')[:80])}" if one.result and ended_badly else ""
    when = f"<t:{int(one.asked_at.timestamp())}:R>"
    return f"{MARKS[State(one.state)]} {one.audit_id} · {when} · <@{one.actor_id}> · {escaped(told[:150])}{why}"


def plain_line(one: Entry) -> str:
    """For a terminal, in the order in which one reads: when, who, what, and how it ended."""
    given = " ".join(f"{name}={plain(str(value))}" for name, value in one.arguments.items())
    told = " ".join(part for part in (one.command, one.server, given) if part)
    who = f"{plain(one.actor)} ({one.actor_id}, {Tier(one.tier).name.lower()})"
    return f"{one.audit_id:>6}  {one.asked_at:%Y-%m-%d %H:%M:%S}  {one.state:<8} {one.guild_id}  {who}: {told}"


def rehearsal(words: Words, title: str, found: Rehearsal, number: int) -> Message:
    """What would change, to be confirmed."""
    fields = []
    if found.sessions:
        name = words("admin.sessions_change", n=len(found.sessions))
        fields.append(Field(name=name, value=_listed(words, [_session(words, one) for one in found.sessions])))
    if found.players:
        name = words("admin.players_change", n=len(found.players))
        fields.append(Field(name=name, value=_listed(words, [_player(words, one) for one in found.players])))
    embed = Embed(
        title=title,
        description=words("admin.nothing_changes" if found.nothing else "admin.would_change"),
        colour=NEUTRAL,
        fields=tuple(fields),
        footer=f"{words('admin.confirm_within')} · {words('job.number', n=number)}",
    )
    yes = Button(
        label=words("admin.do_it"), press=Press(command="admin do", options=(("n", str(number)),)), style=Style.DANGER
    )
    no = Button(label=words("admin.leave_it"), press=Press(command="admin drop", options=(("n", str(number)),)))
    return Message(embeds=(embed,), rows=((yes, no),))


def _listed(words: Words, lines: Sequence[str]) -> str:
    left = len(lines) - _MOST
    return "\n".join((*lines[:_MOST], *([words("admin.and_more", n=left)] if left > 0 else [])))


def _session(words: Words, one: Pair[SessionSum]) -> str:
    """Thu 2 Oct 2025: 4:2 → 3:2 · 12 → 11 rounds."""
    there = one.after or one.before
    assert there is not None
    scores, rounds = (_apart(*both) for both in (_both(one, _score), _both(one, lambda it: str(it.counted_rounds))))
    return words("admin.session_line", day=words.day(there.first_at), score=scores, rounds=rounds)


def _score(one: SessionSum) -> str:
    names = f"{escaped(one.team_a)} / {escaped(one.team_b)} " if one.team_a and one.team_b else ""
    return f"{names}{one.score_a}:{one.score_b}"


def _player(words: Words, one: Pair[PlayerSum]) -> str:
    there = one.after or one.before
    assert there is not None
    rounds, kills = (
        _apart(*both) for both in (_both(one, lambda it: str(it.rounds)), _both(one, lambda it: str(it.kills)))
    )
    return words("admin.player_line", name=escaped(there.name), rounds=rounds, kills=kills)


def _both(one: Pair[T], told: Callable[[T], str]) -> tuple[str, str]:
    return ("–" if one.before is None else told(one.before), "–" if one.after is None else told(one.after))


def _apart(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"
