"""Everything that can go wrong, as one tree.

    EtstatsError
     ├── BadInput              trying again will not help: note why and go on
     │    ├── BadFile          a file that is not what its name promises
     │    ├── BadDemo          a demo that is none, or is damaged from the start
     │    ├── BadSignature     not signed by Discord, or signed too long ago
     │    ├── BadRequest       a signed request we cannot make sense of
     │    ├── BadAddress       an address we do not fetch from, or that leads elsewhere
     │    ├── BadCorrection    a correction about nothing we know, or against another one
     │    ├── BadPicture       a document that is no picture, or too large a one
     │    ├── FilmFailed       frames no film could be made of
     │    ├── BadSettings      configuration that cannot work
     │    ├── Refusal          what somebody asked has no answer: he is told why, and what to do next
     │    │    └── Stranger    a Discord server of no community asks, or somebody whose we cannot know
     │    └── DiscordRefused   Discord says no for good: no such channel, no permission, token past its time
     └── Unavailable           something we need is away: let it escape, so the platform tries again
          ├── DatabaseUnavailable
          ├── GameServerUnavailable
          │    ├── HostKeyMismatch   the server showed another key than the pinned one
          │    └── GameServerRefused it answers, but not to us: our key, the user or the folder
          │         └── RconRefused  the rcon password is wrong, or it has none
          ├── CircuitOpen           it has failed so often that it is left alone for a while
          ├── BucketUnavailable
          ├── SecretUnavailable
          ├── WebUnavailable       a file's host does not answer
          ├── ClipBusy             somebody else cuts it, and does not get done
          └── DiscordUnavailable

Choose an answer by the type, never by words in the message. A message says what happened and what to do next.
"""

from __future__ import annotations


class EtstatsError(Exception):
    """The root: `except EtstatsError` catches what we raise and nothing else."""


class BadInput(EtstatsError):
    """The input is at fault; the same input fails the same way for ever."""


class BadFile(BadInput):
    """A file was refused. *code* is for programs, the message for people, *line* counts from 1."""

    def __init__(self, code: str, message: str, *, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.code = code
        self.line = line


class BadDemo(BadInput):
    """A demo was refused. *code* is for programs; *offset* is where the damaged message starts, in bytes."""

    def __init__(self, code: str, message: str, *, offset: int | None = None) -> None:
        super().__init__(message if offset is None else f"at byte {offset}: {message}")
        self.code = code
        self.offset = offset


class BadSignature(BadInput):
    """The request was not signed by Discord, or its timestamp is outside the window."""


class BadRequest(BadInput):
    """Signed, but not an interaction we understand."""


class BadAddress(BadInput):
    """An address we do not fetch from, or one that leads elsewhere."""


class BadCorrection(BadInput):
    """A correction that cannot be made: what it is about is unknown, or another one stands against it."""


class BadPicture(BadInput):
    """What should be drawn is no SVG document of a sensible size."""


class FilmFailed(BadInput):
    """No film could be made of a highlight's frames; trying again makes the same ones."""


class BadSettings(BadInput):
    """A setting is missing or out of range; the message names the variable, the fault and what is allowed."""


class Refusal(BadInput):
    """What somebody asked cannot be answered. *key* is the sentence's in `etstats.words`, *values* fill it in; what
    people typed or chose is escaped before it comes here."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Stranger(Refusal):
    """Whose figures he may see is not known: his Discord server is of no community, or he asks outside of any."""


class DiscordRefused(BadInput):
    """Discord said no, and will again. *status* is HTTP's, *code* Discord's own (0: none)."""

    def __init__(self, message: str, *, status: int, code: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Unavailable(EtstatsError):
    """Something we depend on does not answer; the same work may succeed later."""


class DatabaseUnavailable(Unavailable):
    """PostgreSQL cannot be reached, or went away in the middle."""


class GameServerUnavailable(Unavailable):
    """A game server does not answer over SSH."""


class HostKeyMismatch(GameServerUnavailable):
    """The game server's host key is not the pinned one; nothing was sent to it."""


class GameServerRefused(GameServerUnavailable):
    """The game server answers, but refuses our key, the user or the folder: a person has to set it right."""


class RconRefused(GameServerRefused):
    """The game server does not take our rcon password, or has none set: a person has to set it right."""


class CircuitOpen(Unavailable):
    """It was not asked: it has failed so often that it is left alone for a while."""


class BucketUnavailable(Unavailable):
    """S3 does not answer."""


class SecretUnavailable(Unavailable):
    """A secret cannot be read."""


class WebUnavailable(Unavailable):
    """The host of a file does not answer, or breaks off."""


class ClipBusy(Unavailable):
    """Somebody else is cutting the clip."""


class DiscordUnavailable(Unavailable):
    """Discord's REST API does not answer, or asks us to wait. *retry_after_s* says how long, when known, and
    *everywhere* that this is about all calls; *was_taken* whether it may have done what we asked all the same."""

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, everywhere: bool = False, was_taken: bool = True
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.everywhere = everywhere
        self.was_taken = was_taken
