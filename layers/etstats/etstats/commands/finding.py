"""Finds a command by its name, and imports no more than that command: the first question after a cold start does not
wait for all the others. Its file is called as its first word, or as that word's singular."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec

from etstats.commands import registry
from etstats.commands.registry import Command

_WORD = re.compile(r"[a-z]{1,32}")


def find(name: str) -> Command | None:
    """The command *name*, whatever was imported so far."""
    found = registry.find_command(name)
    if found is None and (module := module_of(name)):
        import_module(module)
        found = registry.find_command(name)
    return found


def module_of(name: str) -> str:
    """The module that declares it, if any does; ''."""
    word = name.partition(" ")[0].lower()
    if not _WORD.fullmatch(word):
        return ""
    places = (f"etstats.commands.{one}" for one in dict.fromkeys((word, word.removesuffix("s"))) if one)
    return next((place for place in places if find_spec(place) is not None), "")
