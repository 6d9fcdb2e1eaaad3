"""The people who play: who they are, what they call themselves, and how good they are, for as long as they play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from local.simulator.weapons import Kit

LONGEST_NAME = 35
"""Bytes of a raw name, colour codes included, that the engine keeps."""

BOT_GUID = "OMNIBOT0"
"""All bots share it: the file keeps eight characters of `OMNIBOT01…`."""

_HANDLES = (
    "Kestrel", "mortimer", "Quill", "b4ndit", "Vesper", "tinfoil", "Rook", "ozone", "Halyard", "drizzle", "Pogo",
    "n1ghtcap", "Walrus", "Sable", "jerrycan", "Icarus", "lumen", "Gadfly", "x-ray", "Toffee", "Brandt", "mufl0n",
    "Otter", "Zephyr", "Caliber", "pandora", "Grizzle", "Fennec", "hopscotch", "Marlin", "Rune", "t0ast", "Anvil",
    "sprocket", "Jackdaw", "Ember", "Nimbus", "kolibri", "Vandal", "Yeti",
)  # fmt: skip
_SYLLABLES = ("ba", "dor", "fin", "ga", "hex", "jo", "kel", "lu", "mar", "nix", "po", "ra", "sel", "tor", "vik", "zu")
_TAGS = ("wolf", "rIp", "OLD!", "n0va", "7th", "kp", "dmG", "<ox>")
_CODES = "0123456789abdefhkmnpqrtwxyzADEKMPZ"
_SIGNS = "/?-.<*+:!&'"

_KITS = (Kit.MEDIC,) * 5 + (Kit.ENGINEER,) * 3 + (Kit.FIELD_OPS,) * 2 + (Kit.COVERT,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerName:
    """*raw* as the file has it, with colour codes; *plain* as players see it."""

    raw: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One human or bot. *aim*: hits per shot; *head_rate*: head hits per hit; *sense*: −1…1, how often he is the one
    who shoots first; *care*: how seldom he hurts his own side."""

    number: int
    guid: str
    names: tuple[PlayerName, ...]
    aim: float
    head_rate: float
    sense: float
    care: float
    kit: Kit
    is_bot: bool = False


def make_people(rng: Random, count: int, *, bots: int = 0) -> tuple[Person, ...]:
    """*count* people with different guids and names, of whom the last *bots* are bots."""
    handles = _handles(rng, count)
    guids = _guids(rng, count)
    return tuple(
        _bot(rng, number) if number >= count - bots else _person(rng, number, guids[number], handles[number])
        for number in range(count)
    )


def _handles(rng: Random, count: int) -> list[str]:
    handles = list(_HANDLES)
    rng.shuffle(handles)
    known = set(handles)
    while len(handles) < count:
        made = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 3, 3)))).title()
        if made in known:
            made += str(len(handles))
        known.add(made)
        handles.append(made)
    return handles


def _guids(rng: Random, count: int) -> list[str]:
    guids: dict[str, None] = {}
    while len(guids) < count:
        guids[f"{rng.getrandbits(32):08X}"] = None
    return list(guids)


def _person(rng: Random, number: int, guid: str, handle: str) -> Person:
    usual = dressed(rng, handle)
    other = dressed(rng, f"{rng.choice(_TAGS)}.{handle}")
    return Person(
        number=number, guid=guid, names=(usual, other), kit=rng.choice(_KITS),
        aim=_within(rng.gauss(0.375, 0.035), 0.29, 0.46),
        head_rate=_within(rng.gauss(0.125, 0.03), 0.05, 0.22),
        sense=_within(rng.gauss(0.0, 0.4), -0.9, 0.9),
        care=_within(rng.gauss(1.0, 0.3), 0.3, 1.8),
    )  # fmt: skip


def _bot(rng: Random, number: int) -> Person:
    name = f"[BOT]{_HANDLES[number % len(_HANDLES)]}{number}"
    return Person(
        number=number, guid=BOT_GUID, names=(PlayerName(raw=name, plain=name),), kit=rng.choice(_KITS), is_bot=True,
        aim=0.33, head_rate=0.08, sense=-0.2, care=1.0,
    )  # fmt: skip


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def dressed(rng: Random, plain: str) -> PlayerName:
    """*plain* in colours as players like them; bare when the colours would not fit the engine's length."""
    raw, shown = rng.choice(_DRESSES)(rng, plain)
    return PlayerName(raw=raw, plain=shown) if len(raw) <= LONGEST_NAME else PlayerName(raw=plain, plain=plain)


def _bare(_rng: Random, plain: str) -> tuple[str, str]:
    return plain, plain


def _one_colour(rng: Random, plain: str) -> tuple[str, str]:
    return f"^{rng.choice(_CODES)}{plain}", plain


def _two_colours(rng: Random, plain: str) -> tuple[str, str]:
    cut = 1 + int(rng.random() * (len(plain) - 1))
    return f"^{rng.choice(_CODES)}{plain[:cut]}^{rng.choice(_CODES)}{plain[cut:]}", plain


def _punctuation(rng: Random, plain: str) -> tuple[str, str]:
    """Any visible sign but `^` is a colour too."""
    return f"^{rng.choice(_SIGNS)}{plain[:2]}^{rng.choice(_CODES)}{plain[2:]}", plain


def _every_letter(rng: Random, plain: str) -> tuple[str, str]:
    return "".join(f"^{rng.choice(_CODES)}{letter}" for letter in plain), plain


def _trailing(rng: Random, plain: str) -> tuple[str, str]:
    return f"^{rng.choice(_CODES)}{plain}^{rng.choice(_CODES)}", plain


def _caret(_rng: Random, plain: str) -> tuple[str, str]:
    """`^^` shows one `^`, and its second half begins the next code."""
    return f"{plain}^^3!", f"{plain}^!"


_DRESSES = (
    _bare, _one_colour, _one_colour, _two_colours, _two_colours, _punctuation, _every_letter, _trailing, _caret,
)  # fmt: skip


def pick_teams(rng: Random, people: Sequence[Person], players: int) -> tuple[list[Person], list[Person], list[Person]]:
    """Two teams of nearly equal size, and the bench."""
    order = list(people)
    rng.shuffle(order)
    half = (players + 1) // 2
    return order[:half], order[half:players], order[players:]
