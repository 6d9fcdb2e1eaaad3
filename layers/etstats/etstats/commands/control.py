"""What commands ask of a game server and of the system, beside what they read in the database; `wiring` brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from etstats.domain.order import Look, Order, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from etstats.config import GameServer
    from etstats.domain.correction import What
    from etstats.domain.map_package import Brought
    from etstats.domain.progress import Told
    from etstats.domain.rehearsal import Rehearsal
    from etstats.storage.database import Database


class Amending(Protocol):
    """Corrections, tried out and made; *told* how far that is. Raises BadCorrection."""

    def rehearse(self, what: What, *, reason: str, told: Told) -> Rehearsal: ...

    def make(self, what: What, *, by: str, reason: str, told: Told) -> int:
        """How many gaming sessions were computed again."""

    def rehearse_withdrawal(self, correction_id: int, *, told: Told) -> Rehearsal: ...

    def withdraw(self, correction_id: int, *, by: str, told: Told) -> int:
        """How many gaming sessions were computed again."""

    def rehearse_replay(self, session_id: int, *, told: Told) -> Rehearsal: ...

    def replay(self, session_id: int, *, told: Told) -> int:
        """How many rounds were read again."""


class Bringing(Protocol):
    """Packages of maps for a game server."""

    def fetch(self, server: GameServer, name: str, url: str, *, by: str, told: Told) -> Brought:
        """Fetches, looks inside, and puts it there. Raises BadInput for what may not be there, and Unavailable."""


class Control(Protocol):
    """*db*: a connection of its own where the caller's is inside a transaction, so that what is on record stays so."""

    @property
    def db(self) -> Database: ...

    @property
    def amending(self) -> Callable[[], Amending]: ...

    @property
    def now(self) -> Callable[[], datetime]: ...

    @property
    def roots(self) -> Sequence[str]:
        """Who is above all admins."""

    @property
    def known(self) -> Sequence[GameServer]:
        """All of the community, whichever of its Discord servers sees them."""

    @property
    def packages(self) -> Callable[[], Bringing]: ...

    def owned(self, guild_id: str) -> frozenset[str]:
        """The game servers whose rounds this Discord server may correct, by name."""

    def servers(self, guild_id: str) -> Sequence[GameServer]:
        """Those this Discord server may see and control."""

    def look(self, server: GameServer, *, budget_s: float) -> Look:
        """What is played there, or what was last known. Raises DatabaseUnavailable and nothing else."""

    def maps(self, server: GameServer) -> Sequence[str]:
        """Those installed there, asked anew. Raises GameServerUnavailable."""

    def carry_out(self, order: Order, server: GameServer) -> Outcome:
        """Does it and looks whether it is done. Whatever the server does, there is an outcome."""
