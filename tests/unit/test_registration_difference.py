from __future__ import annotations

from copy import deepcopy
from typing import Any

from etstats.commands import catalogue  # noqa: F401  # declares the commands
from etstats.commands.registration import registration
from etstats.commands.registration_difference import difference, for_guild

OURS: list[dict[str, Any]] = [
    {
        "type": 1,
        "name": "board",
        "description": "Who is ahead",
        "description_localizations": {"de": "Wer vorne liegt"},
        "default_member_permissions": None,
        "contexts": [0, 1],
        "options": [
            {"type": 3, "name": "by", "description": "What", "required": False,
             "choices": [{"name": "Kills", "name_localizations": {"de": "Kills"}, "value": "kills"}]},
            {"type": 4, "name": "page", "description": "Which", "required": False, "max_value": 50},
        ],
    },
    {"type": 2, "name": "Stats", "default_member_permissions": None, "contexts": [0, 1]},
]  # fmt: skip


def _as_discord_has_them() -> list[dict[str, Any]]:
    """With what Discord adds, and without what is as usual."""
    known = deepcopy(OURS)
    for one in known:
        one |= {"id": "1", "application_id": "2", "version": "3", "nsfw": False, "dm_permission": True}
        one.setdefault("description", "")
        one |= {"name_localizations": None}
        for option in one.get("options", []):
            del option["required"]
    return known


def _changed(**changes: object) -> list[str]:
    wanted = deepcopy(OURS)
    wanted[0] |= changes
    return difference(_as_discord_has_them(), wanted)


def test_what_discord_adds_and_leaves_out_is_no_difference() -> None:
    assert difference(_as_discord_has_them(), OURS) == []
    assert difference(registration(), registration()) == []


def test_in_a_server_it_does_not_matter_where_else_a_command_would_be() -> None:
    known = for_guild(_as_discord_has_them())
    assert difference(known, for_guild(OURS), guild=True) == []
    assert difference(known, OURS) != []


def test_what_is_new_and_what_goes_is_said_option_by_option() -> None:
    assert difference([], OURS) == ["+ /board", "+ /board by", "+ /board page", "+ Stats (in a user's menu)"]
    assert difference(_as_discord_has_them(), OURS[1:]) == ["- /board", "- /board by", "- /board page"]


def test_what_changes_is_said_with_before_and_after() -> None:
    assert _changed(description="Who leads") == ["~ /board: description “Who is ahead” → “Who leads”"]
    assert _changed(default_member_permissions="32") == ["~ /board: default_member_permissions – → “32”"]
    assert _changed(description_localizations={"de": "Spitze"}) == [
        "~ /board: description_localizations {'de': 'Wer vorne liegt'} → {'de': 'Spitze'}"
    ]
    turned = list(reversed(OURS[0]["options"]))
    assert _changed(options=turned) == ["~ /board: order of options “by page” → “page by”"]


def test_a_choice_that_changes_is_said() -> None:
    options = deepcopy(OURS[0]["options"])
    options[0]["choices"][0]["name_localizations"]["de"] = "Abschüsse"
    assert _changed(options=options) == [
        "~ /board by: choices ['kills (Kills, de: Kills)'] → ['kills (Kills, de: Abschüsse)']"
    ]
