"""A question as a command gets it: what was asked, and everything known about who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NoReturn, Protocol

from etstats.domain.permission import Tier
from etstats.domain.setting import NOTHING_SET, GuildSettings
from etstats.interactions.reply import Message
from etstats.interactions.request import Asked
from etstats.words import Words, words_for

if TYPE_CHECKING:
    from etstats.commands.control import Control
    from etstats.domain.backup import Backup
    from etstats.domain.clip import Clip, Wanted
    from etstats.domain.demo import Demo, Drawn, Picture, Shown
    from etstats.domain.progress import Told
    from etstats.domain.upload import Ticket
    from etstats.domain.video import Watched
    from etstats.storage.database import Database

Render = Callable[[str], bytes]  # an SVG document → PNG
Cut = Callable[["Wanted"], "Clip"]
Watch = Callable[["Shown", Callable[["Watched"], None]], "Watched | None"]  # tells how far it is, again and again
Show = Callable[[Message], None]
# a demo, in whose words, and the round it shows in words → the address of its page
Report = Callable[["Demo", Words, str], str]
Draw = Callable[["Demo", Words, "Picture"], "Drawn"]


class Renders(Protocol):
    """Films made with the game itself: where one is, and how to start a renderer."""

    def link(self, key: str) -> str: ...
    def program(self, ticket: Ticket) -> str: ...


class Intake(Protocol):
    """Ways in for demos. *fetch* raises BadInput for what cannot be fetched, and Unavailable."""

    def page(self, ticket: Ticket) -> str: ...
    def fetch(self, ticket: Ticket, name: str, url: str) -> None: ...


def no_control() -> NoReturn:
    raise RuntimeError("game servers are not reached from here")


def cannot_render(_: str) -> NoReturn:
    raise RuntimeError("pictures are drawn on the LATER path only")


def cannot_cut(_: Wanted) -> NoReturn:
    raise RuntimeError("clips are cut on the LATER path only")


def cannot_watch(*_: object) -> NoReturn:
    raise RuntimeError("films are waited for on the LATER path only")


def cannot_show(_: Message) -> NoReturn:
    raise RuntimeError("only an answer that was put off can be shown before it is done")


def cannot_report(_: Demo, __: Words, ___: str) -> NoReturn:
    raise RuntimeError("reports are made on the LATER path only")


def cannot_draw(_: Demo, __: Words, ___: Picture) -> NoReturn:
    raise RuntimeError("demos are drawn on the LATER path only")


def cannot_take_in() -> NoReturn:
    raise RuntimeError("demos are taken in on the LATER path only")


def cannot_render_films() -> NoReturn:
    raise RuntimeError("films are told of on the LATER path only")


def cannot_back_up(_: Told) -> NoReturn:
    raise RuntimeError("backups are made on the LATER path only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What commands reach beyond the database. *control*: the game servers.

    On the LATER path alone: *render* draws pictures, *cut* cuts clips, *watch* waits for films, *intake* takes demos
    in, *report* makes their pages, *draw* their pictures, *renders* knows films made with the game, and *back_up*
    writes a backup."""

    control: Callable[[], Control] = no_control
    render: Render = cannot_render
    cut: Cut = cannot_cut
    watch: Watch = cannot_watch
    intake: Callable[[], Intake] = cannot_take_in
    report: Report = cannot_report
    draw: Draw = cannot_draw
    renders: Callable[[], Renders] = cannot_render_films
    back_up: Callable[[Told], Backup] = cannot_back_up


NO_TOOLS = Tools()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Tools):
    """*me*: the caller's own person, where he has linked one. *tier*: his here. *private*: nobody else sees the answer.
    *away*: the database did not answer just now; only a command that needs none is asked then. *show*, on the LATER
    path alone, puts a message in the answer's place while that is not done."""

    asked: Asked
    db: Database
    words: Words
    me: str | None = None
    guild: GuildSettings = NOTHING_SET
    tier: Tier = Tier.MEMBER
    show: Show = cannot_show
    private: bool = False
    away: bool = False

    def equipped(self, tools: Tools, show: Show) -> Question:
        """The same, on the LATER path."""
        brought = {field.name: getattr(tools, field.name) for field in fields(Tools)}
        return replace(self, show=show, **brought)

    @property
    def shared_words(self) -> Words:
        """What is shown to everybody, and changed by whoever presses, stays in the server's language."""
        return words_for(self.guild.language) if self.guild.language else self.words

    @property
    def now(self) -> datetime:
        """When Discord took the question."""
        return datetime.fromtimestamp(self.asked.at_ms / 1000, UTC)

    @property
    def today(self) -> date:
        """The day on which Discord took the question, by UTC: at most a day off the game server's."""
        return self.now.date()
