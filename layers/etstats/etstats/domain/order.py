"""What a game server is told to do: which lines that takes, who may ask for it, and how one sees that it was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from etstats.domain.permission import Tier
from etstats.domain.rcon import Line, NotAllowed, line, said, typed_line
from etstats.domain.server import ServerStatus

KICKED_FOR_S = "300"  # the game's own usage


class Act(StrEnum):
    MAP = "map"
    SAY = "say"
    KICK = "kick"
    REPLAY = "replay"  # the map again, from its beginning
    RESTART = "restart"
    START = "start"
    STOP = "stop"
    MATCH = "match"
    RCON = "rcon"
    REMOVE = "remove"  # a package of maps that came from us


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """*asks*: it is done only once the same person has said yes. *disturbs*: who plays would notice, so with people on
    the server he is asked twice."""

    tier: Tier
    asks: bool = True
    disturbs: bool = False


RULES: Mapping[Act, Rule] = {
    Act.MAP: Rule(tier=Tier.MODERATOR, disturbs=True),
    Act.SAY: Rule(tier=Tier.MODERATOR, asks=False),
    Act.KICK: Rule(tier=Tier.MODERATOR),
    Act.REPLAY: Rule(tier=Tier.MODERATOR, disturbs=True),
    Act.RESTART: Rule(tier=Tier.ADMIN, disturbs=True),
    Act.START: Rule(tier=Tier.ADMIN),
    Act.STOP: Rule(tier=Tier.ADMIN, disturbs=True),
    Act.MATCH: Rule(tier=Tier.MODERATOR),
    Act.RCON: Rule(tier=Tier.MODERATOR),
    Act.REMOVE: Rule(tier=Tier.ADMIN),
}
# /server match: what can be chosen, and the line it is
MATCH: Mapping[str, tuple[str, ...]] = {
    "pause": ("ref", "pause"),
    "unpause": ("ref", "unpause"),
    "allready": ("ref", "allready"),
    "lock": ("ref", "lock"),
    "unlock": ("ref", "unlock"),
    "swap": ("swap_teams",),
    "shuffle": ("shuffle_teams",),
    "start": ("start_match",),
    "reset": ("reset_match",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """*target*: a map, a slot, one of `MATCH`, a package. *name*: who sat in the slot, as he was shown. *text*: what is
    said, a reason, an rcon command. *tier*: of whoever asks."""

    act: Act
    server: str
    target: str = ""
    name: str = ""
    text: str = ""
    tier: Tier = Tier.MEMBER

    def arguments(self) -> dict[str, str]:
        """As they are kept on record."""
        told = {"target": self.target, "name": self.name, "text": self.text}
        return {name: value for name, value in told.items() if value}


def order_from(act: str, server: str, arguments: Mapping[str, object], tier: Tier) -> Order:
    """As it was kept on record. Raises ValueError for an act there is no more."""
    told = {name: str(arguments.get(name, "")) for name in ("target", "name", "text")}
    return Order(act=Act(act), server=server, tier=tier, **told)


def lines(order: Order) -> tuple[Line, ...]:
    """What goes to the server. Raises NotAllowed for anything that is not on the list."""
    match order.act:
        case Act.MAP:
            return (line("map", order.target),)
        case Act.SAY:
            return (line("say", said(order.text)),)
        case Act.KICK:
            # what follows the slot is a number of seconds to the game: it has no place for a reason
            spoken = (line("say", said(f"{order.name}: {order.text}")),) if order.text else ()
            return (*spoken, line("clientkick", order.target, KICKED_FOR_S))
        case Act.REPLAY:
            return (line("map_restart", "0"),)
        case Act.RESTART | Act.STOP:
            return (line("quit"),)
        case Act.START | Act.REMOVE:
            return ()
        case Act.MATCH:
            if order.target not in MATCH:
                raise NotAllowed(order.target)
            return (line(*MATCH[order.target]),)
        case Act.RCON:
            return (typed_line(order.text, order.tier),)


class End(StrEnum):
    """How it went; its words are `server.end_<value>`."""

    DONE = "done"  # and seen to be
    SENT = "sent"  # the server took it; nothing tells whether it did it
    UNSEEN = "unseen"  # given, but what should have come of it was not seen in time
    GONE = "gone"  # who was to be kicked is not in that slot any more
    NO_SUCH_MAP = "no_such_map"
    REFUSED = "refused"  # the server does not take our password
    AWAY = "away"  # it does not answer
    UNKNOWN = "unknown"  # the server does not know the command
    CANNOT_START = "cannot_start"  # nobody said how
    NOT_STARTED = "not_started"  # its machine did not run what starts it
    RUNNING = "running"  # it needs no start
    NOT_OURS = "not_ours"  # that package did not come from us
    CANNOT_WRITE = "cannot_write"  # its folder does not let us


_WELL = (End.DONE, End.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """*reply*: what the server printed, fit to be shown."""

    end: End
    reply: str = ""

    @property
    def well(self) -> bool:
        return self.end in _WELL


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A game server as it is, or as it last was. *answers*: it does now. *status* None: it never has.
    *last_round_at*: when the last round of it was stored."""

    name: str
    address: str
    answers: bool
    status: ServerStatus | None
    seen_at: datetime | None
    last_round_at: datetime | None = None

    @property
    def humans(self) -> int:
        """Who is there now; nobody where nothing answers."""
        return self.status.humans if self.answers and self.status is not None else 0
