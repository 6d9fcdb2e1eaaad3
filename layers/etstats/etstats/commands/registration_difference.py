"""What registering would change, line by line: what Discord knows against what we declare.

Discord gives back more than it was given (ids, versions) and leaves out what is as usual; neither is a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Json = Mapping[str, object]
Facts = dict[str, object]

_NAMED = {1: "chat input", 2: "in a user's menu", 3: "in a message's menu"}
# what is told, and what it is when nobody says
_TOLD: dict[str, object] = {
    "description": "",
    "description_localizations": {},
    "name_localizations": {},
    "default_member_permissions": None,
    "contexts": None,
    "integration_types": None,
    "required": False,
    "autocomplete": False,
    "min_value": None,
    "max_value": None,
    "min_length": None,
    "max_length": None,
    "channel_types": None,
}
_GLOBAL_ONLY = ("contexts", "integration_types")


def for_guild(commands: Sequence[Json]) -> list[dict[str, object]]:
    """As they are registered in one server: there it says itself where they are."""
    return [{key: value for key, value in one.items() if key not in _GLOBAL_ONLY} for one in commands]


def difference(known: Sequence[Json], wanted: Sequence[Json], *, guild: bool = False) -> list[str]:
    """`+` is new, `-` goes, `~` changes; nothing when they are alike."""
    before, after = _all_facts(known, guild=guild), _all_facts(wanted, guild=guild)
    lines = []
    for where in sorted({*before, *after}):
        if where not in before:
            lines.append(f"+ {where}")
        elif where not in after:
            lines.append(f"- {where}")
        else:
            lines += _changes(where, before[where], after[where])
    return lines


def _changes(where: str, before: Facts, after: Facts) -> Iterator[str]:
    for what in sorted({*before, *after}):
        old, new = before.get(what), after.get(what)
        if old != new:
            yield f"~ {where}: {what} {_shown(old)} → {_shown(new)}"


def _shown(value: object) -> str:
    return f"“{value}”" if isinstance(value, str) else "–" if value is None else str(value)


def _all_facts(commands: Sequence[Json], *, guild: bool) -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    for one in commands:
        kind = one.get("type", 1)
        name = f"/{one['name']}" if kind == 1 else f"{one['name']} ({_NAMED.get(_number(kind), kind)})"
        found.update(_facts(name, one, but=_GLOBAL_ONLY if guild else ()))
    return found


def _facts(where: str, holder: Json, *, but: Sequence[str] = ()) -> Iterator[tuple[str, Facts]]:
    """What is said about a command or an option itself, then about each of its options."""
    own: Facts = {"type": holder.get("type", 1)}
    for name, usual in _TOLD.items():
        value = holder.get(name)
        own[name] = usual if value is None or name in but else value
    options = _listed(holder.get("options"))
    own["order of options"] = " ".join(str(one["name"]) for one in options)
    own["choices"] = [_choice(one) for one in _listed(holder.get("choices"))]
    yield where, own
    for one in options:
        yield from _facts(f"{where} {one['name']}", one)


def _choice(choice: Json) -> str:
    elsewhere = choice.get("name_localizations") or {}
    assert isinstance(elsewhere, Mapping)
    names = [str(choice["name"]), *(f"{language}: {name}" for language, name in sorted(elsewhere.items()))]
    return f"{choice['value']} ({', '.join(names)})"


def _listed(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
