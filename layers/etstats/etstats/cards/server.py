"""A game server: what is played and by whom, what is about to be done to it, and what came of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from etstats.cards.ask import Asking, asking, turning
from etstats.cards.text import GREY, NEUTRAL, UNKNOWN, escaped, in_table, table
from etstats.domain.map_package import MOST_BYTES, Brought
from etstats.domain.name import strip_colours
from etstats.domain.order import MATCH, Act, Look, Order, Outcome, lines
from etstats.domain.server import Seat, ServerStatus, Side
from etstats.domain.upload import ATTACHED_BYTES, TICKET_LIVES
from etstats.interactions.reply import (
    Button,
    Embed,
    Field,
    Link,
    Menu,
    MenuChoice,
    Message,
    Press,
    Style,
)
from etstats.words import Words

_ON, _OFF = 0x2ECC71, 0xC0392B
_MOST_NAMES = 20
_MAPS = 30  # of a page
_MB = 1 << 20
_MODES = (2, 3, 4, 5, 6)
_PING_AT = (2, 4, 6, 8, 10, 12)


def card(words: Words, look: Look, *, alone: bool = False) -> Message:
    """*alone*: nothing to press, for a card that renews itself."""
    status = look.status
    embed = Embed(
        title=shown(status.hostname) if status is not None and status.hostname else look.name,
        description="\n".join(_head(words, look)),
        colour=_ON if look.answers else _OFF if status is not None else GREY,
        fields=_fields(words, look),
        footer=words("server.footer", name=look.name),
    )
    return Message(embeds=(embed,), rows=() if alone else _rows(words, look))


def shown(name: str) -> str:
    return escaped(strip_colours(name))


def _head(words: Words, look: Look) -> list[str]:
    status = look.status
    if not look.answers or status is None:
        seen = (
            words("server.never_seen") if look.seen_at is None else words("server.last_seen", when=_ago(look.seen_at))
        )
        return [words("server.away"), seen]
    mode = status.game_type
    told = [
        f"**{shown(status.map) if status.map else UNKNOWN}**",
        words(f"server.mode_{mode}") if mode in _MODES else UNKNOWN,
        words("server.playing", n=status.humans, of=UNKNOWN if status.slots is None else status.slots),
        *([words("server.needs_password")] if status.needs_password else []),
    ]
    return [" · ".join(told)]


def _fields(words: Words, look: Look) -> tuple[Field, ...]:
    made = list(_people(words, look.status)) if look.answers and look.status is not None else []
    if look.last_round_at is not None:
        made.append(Field(name=words("server.last_round"), value=_ago(look.last_round_at), inline=True))
    made.append(Field(name=words("server.connect"), value=f"`/connect {look.address}`", inline=True))
    return tuple(made)


def _people(words: Words, status: ServerStatus) -> list[Field]:
    made = []
    for side, wave_ms in ((Side.AXIS, status.axis_wave_ms), (Side.ALLIES, status.allies_wave_ms)):
        if seats := status.on_side(side):
            name = words(f"server.side_{side.name.lower()}", n=len(seats))
            wave = "" if wave_ms is None else " · " + words("server.wave", seconds=words.decimal(wave_ms / 1000, 0))
            made.append(Field(name=name + wave, value=_table(seats)))
    if seats := status.on_side(Side.UNKNOWN):
        made.append(Field(name=words("server.side_unknown", n=len(seats)), value=_table(seats)))
    if seats := status.on_side(Side.SPECTATOR):
        made.append(Field(name=words("server.side_spectator", n=len(seats)), value=_names(words, seats)))
    if status.bots:
        made.append(Field(name=words("server.bots", n=len(status.bots)), value=_names(words, status.bots)))
    return made


def _table(seats: Sequence[Seat]) -> str:
    """Name, score, ping in milliseconds."""
    rows = [
        f"{in_table(strip_colours(one.name), 20)} {one.score:>5} {UNKNOWN if one.ping is None else one.ping:>4}"
        for one in seats[:_MOST_NAMES]
    ]
    return table(rows)


def _names(words: Words, seats: Sequence[Seat]) -> str:
    told = ", ".join(shown(one.name) for one in seats[:_MOST_NAMES])
    left = len(seats) - _MOST_NAMES
    return told if left <= 0 else words("server.and_more", names=told, n=left)


def _ago(when: datetime) -> str:
    """Discord writes it in the reader's own time."""
    return f"<t:{int(when.timestamp())}:R>"


def _rows(words: Words, look: Look) -> tuple[tuple[Button | Menu, ...], ...]:
    refresh = Button(
        label=words("server.refresh"), press=Press(command="server status", options=(("server", look.name),))
    )
    choices = tuple(MenuChoice(label=words("server.ping_at", n=n), value=str(n)) for n in _PING_AT)
    press = Press(command="server ping", options=(("server", look.name),), fills="count")
    return ((refresh,), (Menu(press=press, choices=choices, placeholder=words("server.ping_menu")),))


# -- orders ----------------------------------------------------------------------------------------------------------


def preview(words: Words, order: Order, look: Look, number: int, *, sure: bool = False) -> Message:
    """What would be done, to be confirmed. *sure*: people play, and he is asked once more."""
    sent = " · ".join(f"`{one.text}`" for one in lines(order)) or words("server.nothing_sent")
    told = [f"**{told_order(words, order)}**", words("server.sent_line", line=sent), _who_plays(words, look)]
    if sure:
        told.append(words("server.really"))
    yes = (("n", str(number)), *((("sure", "true"),) if sure else ()))
    buttons = (
        Button(
            label=words("admin.do_it_anyway" if sure else "admin.do_it"),
            press=Press(command="server do", options=yes),
            style=Style.DANGER if sure else Style.PRIMARY,
        ),
        Button(label=words("admin.leave_it"), press=Press(command="server drop", options=(("n", str(number)),))),
    )
    embed = Embed(title=look.name, description="\n".join(told), colour=_OFF if sure else NEUTRAL,
                  footer=f"{words('admin.confirm_within')} · {words('job.number', n=number)}")  # fmt: skip
    return Message(embeds=(embed,), rows=(buttons,))


def _who_plays(words: Words, look: Look) -> str:
    if not look.answers:
        return words("server.away")
    return words("server.nobody_plays") if not look.humans else words("server.they_play", n=look.humans)


def told_order(words: Words, order: Order) -> str:
    """Change the map to supply."""
    target = words(f"server.match_{order.target}") if order.act is Act.MATCH and order.target in MATCH else order.target
    told = {"target": shown(target), "name": shown(order.name), "text": shown(order.text) if order.text else ""}
    return words(f"server.order_{order.act.value}", **told).strip()


def outcome(words: Words, order: Order, ended: Outcome) -> str:
    """What came of it, as text: it is kept on record, too."""
    mark = "✅" if ended.well else "❌"
    told = f"{mark} **{told_order(words, order)}**\n{words(f'server.end_{ended.end.value}')}"
    reply = ended.reply.replace("`", "'")
    return f"{told}\n```\n{reply}\n```" if reply else told


# -- packages of maps ------------------------------------------------------------------------------------------------


def brought(words: Words, found: Brought) -> str:
    if found.before:
        return words("server.brought_before", name=escaped(found.package.name))
    maps = ", ".join(f"`{one}`" for one in found.package.maps)
    return words("server.brought", name=escaped(found.package.name), maps=maps, sha=found.package.sha256[:12])


def not_brought(words: Words, code: str) -> str:
    """*code*: of the BadFile that says why."""
    key = f"server.package_{code}"
    mb = words.whole(MOST_BYTES / _MB)
    return f"❌ {words(key, mb=mb) if words.knows(key) else words('server.end_cannot_write')}"


def package_link(words: Words, page: str, server: str, number: int, *, too_large: bool = False) -> Message:
    """Where to upload one. *too_large*: it came attached, and is more than is fetched."""
    hours = words.whole(TICKET_LIVES.total_seconds() / 3_600)
    told = words("server.package_told", server=escaped(server), mb=words.whole(MOST_BYTES / _MB), hours=hours)
    before = words("upload.attached_too_large", mb=words.whole(ATTACHED_BYTES / _MB)) + "\n" if too_large else ""
    content = f"{before}{told}\n-# {words('job.number', n=number)}"
    return Message(content=content, rows=((Link(label=words("upload.open"), url=page),),), private=True)


# -- maps ------------------------------------------------------------------------------------------------------------


def maps(words: Words, name: str, installed: Sequence[str], *, page: int, may_refresh: bool) -> Message:
    asked: Asking = asking("server maps", server=name, page=str(page))
    pages = max(1, -(-len(installed) // _MAPS))
    page = min(max(page, 1), pages)
    listed = installed[(page - 1) * _MAPS : page * _MAPS]
    told = "\n".join(f"`{one}`" for one in listed) or words("server.no_maps")
    refresh = Button(label=words("server.refresh"), press=Press(command="server list", options=(("server", name),)))
    row = (*turning(asked, page, pages), *((refresh,) if may_refresh else ()))
    embed = Embed(
        title=words("server.maps_title", name=name),
        description=told,
        colour=NEUTRAL,
        footer=words("server.maps_footer", n=len(installed), page=page, pages=pages),
    )
    return Message(embeds=(embed,), rows=(row,) if row else ())


def ping(words: Words, look: Look) -> Message:
    """What somebody is written to who wanted to know when people play."""
    told = words("server.pinged", n=look.humans, map=shown(look.status.map) if look.status else UNKNOWN)
    return Message(content=f"{told}\n`/connect {look.address}`")
