"""What may be sent to a game server, and what of its answer may be shown.

Only what is in `FORMS` can be sent: a `Line` that is none of them cannot be made. Nothing is filtered out of what
somebody typed; it is one of the forms, each word of it what the form says, or it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from etstats.domain.permission import Tier

LONGEST = 100  # of what is said, and of a reason
_MAP = r"[a-z0-9_][a-z0-9_.-]{0,62}"
_SLOT = r"[0-9]|[1-5][0-9]|6[0-3]"
# no quote ends it early, nothing in it means anything to the engine
_TEXT = r"[ !#-$&-:<-\[\]-}¡-ÿ]{1,100}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One command with its arguments. *arguments*: what is shown for each, and what it must match as a whole."""

    words: tuple[str, ...]
    tier: Tier
    arguments: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        return " ".join((*self.words, *(name for name, _ in self.arguments)))

    def fits(self, spoken: Sequence[str]) -> bool:
        """Whether these words, as the engine takes a line apart, are this command."""
        patterns = (*map(re.escape, self.words), *(pattern for _, pattern in self.arguments))
        return len(spoken) == len(patterns) and all(
            re.fullmatch(pattern, word) for pattern, word in zip(patterns, spoken, strict=True)
        )


def _form(words: str, tier: Tier, *arguments: tuple[str, str]) -> Form:
    return Form(words=tuple(words.split()), tier=tier, arguments=arguments)


_WHO, _WHAT = ("SLOT", _SLOT), ("TEXT", _TEXT)
FORMS: tuple[Form, ...] = (
    *(_form(one, Tier.MODERATOR) for one in ("status", "serverinfo", "uptime", "dir maps bsp", "map_restart 0")),
    *(_form(one, Tier.MODERATOR) for one in ("start_match", "reset_match", "swap_teams", "shuffle_teams")),
    *(_form(one, Tier.MODERATOR) for one in ("passvote", "cancelvote", "ref pause", "ref unpause", "ref allready")),
    *(_form(one, Tier.MODERATOR) for one in ("ref lock", "ref unlock", "ref speclock", "ref specunlock")),
    *(_form(one, Tier.MODERATOR, _WHO) for one in ("ref putaxis", "ref putallies", "ref remove", "mute", "unmute")),
    *(_form(one, Tier.MODERATOR, _WHAT) for one in ("say", "cp")),
    _form("clientkick", Tier.MODERATOR, _WHO, ("SECONDS", r"[0-9]|[1-9][0-9]|[12][0-9][0-9]|300")),
    _form("map", Tier.MODERATOR, ("MAP", _MAP)),
    _form("cleartempbans", Tier.ADMIN),
    _form("timelimit", Tier.ADMIN, ("MINUTES", r"[1-9]|[1-5][0-9]|60")),
    _form("bot maxbots", Tier.ADMIN, ("COUNT", r"[0-9]|1[0-9]|20")),
    _form("quit", Tier.ADMIN),
    _form("devmap", Tier.ROOT, ("MAP", _MAP)),
    _form("killserver", Tier.ROOT),
)
# What /server rcon offers nobody: these have commands of their own, which look before and afterwards.
_WITH_A_COMMAND_OF_ITS_OWN = ("map", "clientkick", "quit", "map_restart", "dir")


class NotAllowed(ValueError):
    """No form of what may be sent."""


@dataclass(frozen=True, slots=True)
class Line:
    """A command as it goes to the server. Raises NotAllowed for anything that is none of the forms."""

    text: str

    def __post_init__(self) -> None:
        if find_form(self.spoken) is None or self.text != _written(self.spoken):
            raise NotAllowed(self.text)

    @property
    def spoken(self) -> list[str]:
        """Its words as the engine takes them apart."""
        return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^ "]+)', self.text)]


def line(*words: str) -> Line:
    """The command of these words; what has a blank in it goes in quotes. Raises NotAllowed."""
    made = Line(_written(words))
    if made.spoken != list(words):
        raise NotAllowed(made.text)
    return made


def _written(words: Sequence[str]) -> str:
    return " ".join(word if re.fullmatch(r"[A-Za-z0-9_.-]+", word) else f'"{word}"' for word in words)


def find_form(spoken: Sequence[str]) -> Form | None:
    return next((form for form in FORMS if form.fits(spoken)), None)


def offered(tier: Tier) -> tuple[Form, ...]:
    """What may be typed with /server rcon."""
    return tuple(one for one in FORMS if one.tier <= tier and one.words[0] not in _WITH_A_COMMAND_OF_ITS_OWN)


def typed_line(typed: str, tier: Tier) -> Line:
    """What somebody typed, if it is a form his tier may use; a text at the end needs no quotes. Raises NotAllowed."""
    words = typed.split()
    for form in offered(tier):
        count = len(form.words)
        given = words[count:]
        if [word.lower() for word in words[:count]] != list(form.words) or len(given) < len(form.arguments):
            continue
        if form.arguments:
            last = len(form.arguments) - 1
            given = [*given[:last], " ".join(given[last:])]
        if form.fits((*form.words, *given)):
            return line(*form.words, *given)
    raise NotAllowed(typed)


def said(text: str) -> str:
    """What somebody wants to say, as a text that can be sent: signs the game does not know go, colour codes too.
    Raises NotAllowed when nothing is left."""
    kept = re.sub(r"\^.", "", " ".join(text.split()))
    kept = "".join(sign for sign in kept if re.fullmatch(_TEXT, sign))[:LONGEST].strip()
    if not re.fullmatch(_TEXT, kept):
        raise NotAllowed(text)
    return kept


# -- answers ---------------------------------------------------------------------------------------------------------

HIDDEN = "[hidden]"
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\d.]*\d)")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:])\[?(?=[0-9a-fA-F:]*::|(?:[0-9a-fA-F]{1,4}:){7})[0-9a-fA-F:.]{3,45}(?:\]:\d{1,5})?(?![0-9A-Za-z:])"
)
_GUID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{32}(?![0-9A-Za-z])")
_PASSWORD = re.compile(r"(?im)^(.*(?:password|secret|_key|\bip\b)\S*[ \t\"\\:=is]*?)([ \t\"\\:=]+)(.*)$")


def scrubbed(reply: str) -> str:
    """*reply* without addresses, whole guids, values of what is called a password and colour codes."""
    told = "".join(sign for sign in reply if sign in "\n\t" or sign.isprintable())
    told = re.sub(r"\^[^\n^]", "", told)
    for pattern in (_IPV4, _IPV6, _GUID):
        told = pattern.sub(HIDDEN, told)
    return _PASSWORD.sub(rf"\1\2{HIDDEN}", told)
