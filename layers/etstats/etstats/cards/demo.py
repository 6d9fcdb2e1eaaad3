"""Demos as people read them: how far they are, what they hold, who did what in them."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.ask import asking, button, menu, turning
from etstats.cards.drawn import with_picture
from etstats.cards.highlight import (
    clip_press,
    colour_of,
    films_and_clips,
    highlight_fields,
    report_press,
    watch_press,
    who,
)
from etstats.cards.linked import linked
from etstats.cards.text import NEUTRAL, escaped, in_table, plain, table
from etstats.domain.demo import MAX_BYTES, Demo, DemoPlayer, Drawn, Performance, Picture, Shown, State, TopShot
from etstats.domain.demo_match import Candidate
from etstats.domain.render import TICKET_LIVES as RENDERER_LIVES
from etstats.domain.render import Render, RenderState
from etstats.domain.upload import ATTACHED_BYTES, TICKET_LIVES
from etstats.interactions.reply import Beside, Button, Component, Embed, Field, Link, MenuChoice, Message, Press
from etstats.words import Words

PAGE = 10
BEST = 5
_MB = 1 << 20
_SIGNS = {State.RECEIVED.value: "📥", State.ANALYSING.value: "⏳", State.READY.value: "🎬", State.FAILED.value: "⚠️"}


def demo_mark(demo_id: int) -> str:
    """What a suggestion and a button send back."""
    return f"#{demo_id}"


def label(words: Words, one: Demo) -> str:
    """supply · 14 Mar 2026 · evening.tv_84."""
    return " · ".join((*([plain(one.map)] if one.map else []), words.short_day(one.received_at), plain(one.name)))


def listed(words: Words, found: Sequence[Demo], *, page: int, more: bool) -> Message:
    """The guild's demos; a menu opens one."""
    lines = [f"{_SIGNS[one.state]} **{escaped(label(words, one))}** · {_state(words, one)}" for one in found]
    embed = Embed(title=words("demo.list_title"), description="\n".join(lines), colour=NEUTRAL)
    choices = [MenuChoice(label=label(words, one)[:100], value=demo_mark(one.demo_id)) for one in found]
    opening = menu(asking("demo info", demo=""), "demo", words("demo.menu"), choices)
    turn = turning(asking("demo list", page=str(page)), page, page + 1 if more else page)
    return Message(embeds=(embed,), rows=tuple(row for row in (opening, turn) if row))


def info(
    words: Words,
    one: Demo,
    players: Sequence[DemoPlayer],
    best: Sequence[Shown],
    *,
    round: Candidate | None = None,
) -> Message:
    """One demo: state, what it shows (*round*, where it is known), its players, its best moments."""
    fields = [field for field in (_players(words, players), _best(words, best)) if field is not None]
    embed = Embed(
        title=words("demo.title", map=escaped(one.map or one.name)),
        description="\n".join(_about(words, one, round)),
        colour=NEUTRAL,
        fields=tuple(fields),
        footer=words("demo.footer", n=one.demo_id, sha=one.sha256[:12]),
    )
    return Message(embeds=(embed,), rows=_buttons(words, one, best))


def post(words: Words, found: Sequence[Demo], best: Sequence[Shown]) -> Message:
    """A round's demos that are ready, the most complete first, for the channel: their best moments, each to be watched
    and cut."""
    one, *others = found
    told = [_recorded(words, one)]
    if others:
        seen_by = ", ".join(escaped(other.recorder or "TV") for other in others)
        told.append(words("demo.also_seen", recorders=seen_by))
    if uploaders := dict.fromkeys(each.uploaded_by for each in found if each.uploaded_by):
        told.append(words("demo.uploaded", user=", ".join(f"<@{user}>" for user in uploaders)))
    if not best:
        told.append(words("demo.no_highlights"))
    embed = Embed(
        title=words("demo.post_title", map=escaped(one.map or one.name)),
        description="\n".join(told),
        colour=colour_of(best[0].highlight) if best else NEUTRAL,
        fields=highlight_fields(words, best),
        footer=words("highlights.footer") if best else "",
    )
    mark = demo_mark(one.demo_id)
    more = [button(words("demo.about"), Press(command="demo info", options=(("demo", mark),)))]
    if best:
        more.append(button(words("demo.highlights"), Press(command="highlights", options=(("when", mark),))))
    more += _pictures(words, one.demo_id)
    return Message(embeds=(embed,), rows=(*films_and_clips(words, best), tuple(more)))


def elsewhere(words: Words, one: Demo, channel_id: str, message_id: str) -> Message:
    """In place of a post whose demo turned out to show what another post tells of."""
    there = f"https://discord.com/channels/{one.guild_id}/{channel_id}/{message_id}"
    return Message(content=words("demo.elsewhere", map=escaped(one.map or one.name), there=there))


def _recorded(words: Words, one: Demo) -> str:
    seconds = ((one.end_ms or 0) - (one.begin_ms or 0)) // 1_000
    return words(f"demo.kind_{one.kind}", clock=words.clock(seconds), recorder=escaped(one.recorder or "TV"))


def _about(words: Words, one: Demo, round: Candidate | None) -> list[str]:
    lines = [f"{_SIGNS[one.state]} {_state(words, one)}"]
    if one.state == State.READY.value:
        lines.append(_recorded(words, one))
        lines.append(match(words, one, round))
        if one.truncated:
            lines.append(words("demo.truncated"))
    return lines


def match(words: Words, one: Demo, round: Candidate | None) -> str:
    """Which round it shows, and why that one."""
    if round is None:
        return words("demo.matched_none" if one.matched_by == "human" else "demo.not_matched")
    parts = ", ".join(words(f"demo.part_{name}", points=points) for name, points in one.match_parts or ())
    key = "demo.matched_by_hand" if one.matched_by == "human" else "demo.matched"
    return words(
        key, round=escaped(round_label(words, round)), score=one.match_score or 0, parts=parts or words("demo.no_part")
    )


def round_label(words: Words, round: Candidate) -> str:
    """supply, round 2, 14 Mar 2026 21:18."""
    day = f"{words.short_day(round.written_at)} {round.written_at:%H:%M}"
    return words("demo.round", map=plain(round.map), n=round.number, day=day)


def _state(words: Words, one: Demo) -> str:
    reason = escaped(one.reason or "")
    return words(f"demo.state_{one.state}", percent=one.percent, reason=reason)


def _players(words: Words, players: Sequence[DemoPlayer]) -> Field | None:
    fought = [one for one in players if one.kills or one.deaths]
    if not fought:
        return None
    rows = [f"{words('demo.player'):18}{'K':>4}{'D':>4}{'HS':>4}{'ACC':>6}"]
    rows += [
        f"{in_table(one.name, 18)}{one.kills:>4}{one.deaths:>4}{one.headshots:>4}"
        f"{words.percent(one.hits, one.bullets):>6}"
        for one in fought
    ]
    return Field(name=words("demo.players"), value=table(rows))


def _best(words: Words, best: Sequence[Shown]) -> Field | None:
    lines = [
        words(
            "demo.moment", n=one.position, kind=words(f"highlight.{one.highlight.kind.value}"),
            name=who(words, one.highlight), score=one.highlight.score,
            at=words.clock((one.highlight.first_ms - one.begin_ms) // 1_000),
        )
        for one in best
    ]  # fmt: skip
    return Field(name=words("demo.best"), value="\n".join(lines)) if lines else None


def _buttons(words: Words, one: Demo, best: Sequence[Shown]) -> tuple[tuple[Component, ...], ...]:
    mark = demo_mark(one.demo_id)
    refresh = button(words("demo.refresh"), Press(command="demo info", options=(("demo", mark),)))
    if one.state != State.READY.value:
        return ((refresh,),)
    seen = _pictures(words, one.demo_id)
    if not best:
        return ((*seen, refresh),)
    film = button(words("demo.watch_best"), watch_press(one.demo_id, 1, beside=Beside.FOR_ME))
    clip = button(words("demo.clip_best"), clip_press(one.demo_id, 1))
    all_of_them = button(words("demo.highlights"), Press(command="highlights", options=(("when", mark),)))
    return (film, clip, all_of_them), (*seen, refresh)


def upload(words: Words, page: str, *, too_large: bool = False) -> Message:
    """Where to upload. *too_large*: it came attached, and is more than is fetched."""
    told = words(
        "upload.told", mb=words.whole(MAX_BYTES / _MB), hours=words.whole(TICKET_LIVES.total_seconds() / 3_600)
    )
    before = words("upload.attached_too_large", mb=words.whole(ATTACHED_BYTES / _MB)) + "\n" if too_large else ""
    return Message(content=before + told, rows=((Link(label=words("upload.open"), url=page),),), private=True)


def taken(words: Words, name: str) -> Message:
    """It came attached, and is in the bucket."""
    how_far = button(words("upload.how_far"), Press(command="demo list"))
    return Message(content=words("upload.taken", name=escaped(name)), rows=((how_far,),), private=True)


def report(words: Words, one: Demo, page: str) -> Message:
    """Where its report is, for an hour."""
    told = words("report.told", map=escaped(one.map or one.name))
    return Message(content=told, embeds=(linked(words("report.open"), page),), private=True)


def picture(words: Words, one: Demo, what: Picture, drawn: Drawn) -> Message:
    """A picture of it, the other one and the page behind buttons."""
    embed = Embed(
        title=words("demo.picture_title", what=words(f"demo.{what.value}"), map=escaped(one.map or one.name)),
        description=escaped(drawn.told),
        colour=NEUTRAL,
    )
    others = [
        button(words(f"demo.{other.value}"), picture_press(one.demo_id, other), chosen=other is what)
        for other in Picture
    ]
    report = button(words("demo.report"), report_press(one.demo_id))
    message = Message(embeds=(embed,), rows=((*others, report),))
    return with_picture(message, what.value, drawn.png, told=drawn.told)


def picture_press(demo_id: int, what: Picture, *, beside: Beside = Beside.NO) -> Press:
    options = (("demo", demo_mark(demo_id)), ("show", what.value))
    return Press(command="demo picture", options=options, beside=beside)


def _pictures(words: Words, demo_id: int) -> tuple[Button, ...]:
    """What can be seen of all of it; for whoever presses, and the message stays."""
    shown = [
        button(words(f"demo.{what.value}"), picture_press(demo_id, what, beside=Beside.FOR_ME)) for what in Picture
    ]
    return (*shown, button(words("demo.report"), report_press(demo_id)))


def render(words: Words, one: Demo, found: Render, film: str) -> Message:
    """How far a film made with the game is; *film*: where it is, once it is there."""
    told = words(
        f"render.state_{RenderState(found.state).value}", n=found.position, map=escaped(one.map or one.name),
        percent=found.percent, worker=escaped(found.worker or ""), reason=escaped(found.reason or ""),
    )  # fmt: skip
    place = (("demo", demo_mark(one.demo_id)), ("highlight", str(found.position)))
    again = Press(command="demo render", options=place)
    if film:
        return Message(content=told, embeds=(linked(words("render.open"), film),))
    return Message(content=told, rows=((button(words("demo.refresh"), again),),))


def renderer(words: Words, program: str) -> Message:
    """How somebody who has the game installed begins to render."""
    told = words("render.program", days=words.whole(RENDERER_LIVES.days))
    return Message(content=f"{told}\n```\n{program}\n```", private=True)


def top(words: Words, measure: Performance, found: Sequence[TopShot]) -> Message:
    """Single performances; a menu changes what counts."""
    rows = [f"{'#':>3} {words('demo.player'):16}{words(f'topshots.head_{measure.value}'):>8} {words('topshots.map')}"]
    rows += [
        f"{place:>3} {in_table(one.name, 16)}{_value(words, measure, one.value):>8} {in_table(one.map or '?', 11)}"
        for place, one in enumerate(found, start=1)
    ]
    best = found[0]
    told = words(
        "topshots.leads", name=escaped(best.name), value=_value(words, measure, best.value),
        map=escaped(best.map or "?"), day=words.short_day(best.received_at),
    )  # fmt: skip
    embed = Embed(
        title=words("topshots.title", measure=words(f"topshots.{measure.value}")),
        description=f"{told}\n{table(rows)}",
        colour=NEUTRAL,
        footer=words(f"topshots.footer_{measure.value}" if measure is Performance.ACCURACY else "topshots.footer"),
    )
    choices = [
        MenuChoice(label=words(f"topshots.{one.value}"), value=one.value, chosen=one is measure) for one in Performance
    ]
    return Message(
        embeds=(embed,), rows=(menu(asking("topshots", by=measure.value), "by", words("topshots.menu"), choices),)
    )


def _value(words: Words, measure: Performance, value: float) -> str:
    return words.percent(value, 1, decimals=1) if measure is Performance.ACCURACY else words.whole(value)
