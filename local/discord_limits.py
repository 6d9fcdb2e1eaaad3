"""The faults a payload has against Discord's limits.

    check_message({"embeds": [{"title": "x" * 257}]})   # ["embeds[0].title: Must be 256 or fewer in length."]

`MESSAGE`, `COMMANDS` and `ANSWER` in `local.discord_*_rules` say what Discord accepts; a fault carries Discord's own
code and words, so that `form_errors` can answer as Discord does. We are stricter in three places, on purpose: a key
Discord does not know is a fault (Discord ignores it, and a misspelt key goes unseen), a custom_id counts in bytes, and
a command's texts together stay under 4,000.
"""

from __future__ import annotations

from local.discord_answer_rules import ANSWER
from local.discord_command_rules import COMMANDS, commands_together
from local.discord_message_rules import MESSAGE
from local.discord_rules import Fault


def message_faults(payload: object) -> list[Fault]:
    """What Discord would refuse in a message's JSON."""
    return list(MESSAGE.faults(payload, ()))


def command_faults(payload: object) -> list[Fault]:
    """What Discord would refuse in the list of commands that registers an application's commands."""
    return [*COMMANDS.faults(payload, ()), *commands_together(payload)]


def answer_faults(payload: object) -> list[Fault]:
    """What Discord would refuse in the answer to an interaction."""
    return list(ANSWER.faults(payload, ()))


def check_message(payload: object) -> list[str]:
    """`message_faults` as sentences; empty when the message can be sent."""
    return [str(fault) for fault in message_faults(payload)]


def check_commands(payload: object) -> list[str]:
    """`command_faults` as sentences; empty when the commands can be registered."""
    return [str(fault) for fault in command_faults(payload)]


def check_answer(payload: object) -> list[str]:
    """`answer_faults` as sentences; empty when Discord would take the answer."""
    return [str(fault) for fault in answer_faults(payload)]


def form_errors(faults: list[Fault]) -> dict[str, object]:
    """The body of Discord's 400: faults nested as the payload is."""
    errors: dict[str, object] = {}
    for fault in faults:
        place: dict[str, object] = errors
        for part in fault.path:
            inner = place.setdefault(str(part), {})
            assert isinstance(inner, dict)
            place = inner
        said = place.setdefault("_errors", [])
        assert isinstance(said, list)
        said.append({"code": fault.code, "message": fault.message})
    return {"code": 50035, "errors": errors, "message": "Invalid Form Body"}
