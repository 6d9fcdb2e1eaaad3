"""What is told without anybody asking: the row that says it is to be, and what a round's card is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from etstats.domain.stats_file import ALLIES, AXIS

# kinds of posts
ROUND, SESSION, DIGEST, DEMO = "round", "session", "digest", "demo"
TROUBLE, PERSONAL = "trouble", "personal"
PROBLEM, OVER = "problem", "over"
POLL, REMINDER = "poll", "reminder"
USER = "user/"  # before a user's number, in place of a channel: he is written to alone
_NONCE_DIGITS = 24  # Discord takes 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to be posted, or an *edit* of what was. *version*: of the edit, as it was asked for when it was taken.
    *tried_at*: Discord may have it since then, for an earlier try was not heard of again. *language*, *admin*: as its
    server has them set; '': not."""

    kind: str
    subject_id: int
    channel_id: str
    guild_id: str | None
    edit: bool
    version: int
    created_at: datetime
    tried_at: datetime | None
    language: str
    admin: str

    @property
    def is_personal(self) -> bool:
        """For one alone."""
        return self.channel_id.startswith(USER)

    @property
    def nonce(self) -> str:
        """The same for every try of the same post, so that a try whose answer was lost is not posted again."""
        key = f"{self.kind}/{self.subject_id}/{self.channel_id}"
        return hashlib.sha256(key.encode()).hexdigest()[:_NONCE_DIGITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that is out. *state*: a checksum of what it was made of."""

    message_id: str
    posted_at: datetime
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why nothing can be posted to a channel, in Discord's words, and how many posts wait there."""

    channel_id: str
    problem: str
    problem_since: datetime
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedRound:
    """A round and what it means for its map. *score_a*, *score_b*: so far, this map included. *other_id*: the map's
    other round. *grade*: how far it can be relied on. *demo_guilds*: the Discord servers that have a demo of it."""

    round_id: int
    session_id: int
    map: str
    role: str
    number: int
    written_at: datetime
    counted: bool
    uncounted_reason: str | None
    outcome: str | None
    defender_team: int | None
    winner_team: int | None
    limit_s: int | None
    duration_s: int | None
    gave_up: bool
    map_winner: str | None
    map_winner_team: str | None
    r1_attackers_team: str | None
    r1_time_s: int | None
    r2_time_s: int | None
    score_a: int | None
    score_b: int | None
    team_a: str | None
    team_b: str | None
    other_id: int | None
    grade: str | None
    demo_guilds: list[str] | None

    def has_demo_for(self, guild_id: str | None) -> bool:
        """Whether that Discord server has a demo of it; None: whether any has."""
        guilds = self.demo_guilds or []
        return bool(guilds) if guild_id is None else guild_id in guilds


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedLine:
    """What a player did in a round, or in both of a map. None: not known."""

    guid: str
    name: str
    team: int
    is_bot: bool
    played_s: int | None
    kills: int | None
    deaths: int | None
    damage_given: int | None
    gun_hits: int | None
    gun_shots: int | None
    gun_headshot_hits: int | None
    revives_given: int | None
    gibs: int | None

    def and_then(self, later: AnnouncedLine) -> AnnouncedLine:
        """Both together, named as in the *later*; what is unknown of one is unknown of both."""

        def both(figure: str) -> int | None:
            before, then = getattr(self, figure), getattr(later, figure)
            return None if before is None or then is None else before + then

        sums: dict[str, Any] = {figure: both(figure) for figure in _SUMMED}
        return replace(later, **sums)


_SUMMED = ("played_s", "kills", "deaths", "damage_given", "gun_hits", "gun_shots", "gun_headshot_hits", "revives_given",
           "gibs")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAward:
    """What the game itself gave a player for a round. *guid*: whose it is, when that is certain."""

    award: str
    player: str
    guid: str | None
    value_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A round with all there is to tell about it; lines by damage, most first."""

    round: AnnouncedRound
    lines: tuple[AnnouncedLine, ...]
    awards: tuple[RoundAward, ...]

    def team_of(self, side: int) -> str | None:
        """Who stood on *side*, A or B; None: the round is of no complete map. In round 2 those attack who defended."""
        attacking, defending = self.round.r1_attackers_team, self.round.defender_team
        if attacking is None or side not in (AXIS, ALLIES):
            return None
        other = "B" if attacking == "A" else "A"
        attacked_first = (side != defending) == (self.round.number == 1)
        return attacking if attacked_first else other


def teams(halves: Sequence[Half]) -> dict[str | None, list[AnnouncedLine]]:
    """What each player of a map did in both rounds, by the team he was last in; None: in neither. Most damage first."""
    sums: dict[str, AnnouncedLine] = {}
    stood: dict[str, str | None] = {}
    for half in halves:
        for line in half.lines:
            sums[line.guid] = sums[line.guid].and_then(line) if line.guid in sums else line
            stood[line.guid] = half.team_of(line.team) or stood.get(line.guid)
    found: dict[str | None, list[AnnouncedLine]] = {}
    for line in sorted(sums.values(), key=lambda line: (-(line.damage_given or 0), line.name, line.guid)):
        found.setdefault(stood[line.guid], []).append(line)
    return found


# what people like to read first; of the others, as the game lists them
_FAVOURITES = (
    "Most damage given", "Most revives", "Longest killing spree", "Most useful kills", "Most headshot kills",
    "Most dynamites planted", "Most dynamites defused", "Most objectives returned", "Best K/D ratio",
    "Most kills per minute", "Most kill assists", "Most playtime denied", "Highest light weapons accuracy",
)  # fmt: skip
_SHOWN = 3


def top_awards(awards: Sequence[RoundAward]) -> list[RoundAward]:
    """The best known first, each to somebody else as long as there are enough winners."""
    rank = {award: at for at, award in enumerate(_FAVOURITES)}
    ranked = sorted(awards, key=lambda one: rank.get(one.award, len(rank)))
    known = [one for one in ranked if one.award in rank]
    best = {one.guid or one.player: one for one in reversed(known)}
    first = [one for one in known if best[one.guid or one.player] is one]
    return [*first, *(one for one in known if one not in first)][:_SHOWN]
