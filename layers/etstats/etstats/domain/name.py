"""Players' names: colour codes off for people, a plain key for searching, and who is a bot."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

# `^` and any visible character but `^` is a colour code; of `^^` the first prints and the second may start a code.
_COLOUR = re.compile(r"\^[!-\]_-~]")
# a clan's tag: signs, a word and a sign that ends it, or signs alone: ///M. · slomix. · =F|A= · [oG]
_TAG = re.compile(r"[^A-Za-z0-9]*[A-Za-z0-9]{1,10}[^A-Za-z0-9]+(?=[A-Za-z0-9])")
_UNPRINTABLE = re.compile(r"[^ -~]")


def strip_colours(raw: str) -> str:
    """The name as the game prints it. The engine also drops everything outside printable ASCII when it cleans a name;
    a name of which nothing would be left keeps its other printable letters."""
    plain = _COLOUR.sub("", raw) if "^" in raw else raw
    if plain.isascii() and plain.isprintable():
        return plain
    return _UNPRINTABLE.sub("", plain) or "".join(filter(str.isprintable, plain))


def search_key(name: str) -> str:
    """Lower case, accents off, letters and digits only: what autocomplete compares."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", name).casefold()))


def is_bot(guid: str, name: str) -> bool:
    """Omni-bot's guids all begin alike, so bots are told apart by their names."""
    return guid.startswith("OMNIBOT") or name.startswith("[BOT]")


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Each name without its clan's tag, where another has the same tag and the rest still tells them apart."""
    listed = list(dict.fromkeys(names))
    tags = {name: found[0] for name in listed if (found := _TAG.match(name))}
    worn = Counter(tag.casefold() for tag in tags.values())
    short = {name: name[len(tags[name]) :] if worn[tags.get(name, "").casefold()] > 1 else name for name in listed}
    times = Counter(one.casefold() for one in short.values())
    return {name: one if times[one.casefold()] == 1 else name for name, one in short.items()}
