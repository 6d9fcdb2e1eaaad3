"""`etstats commands register` on an operator's machine: what changes is shown, and told to Discord only when it does.
The token is asked for and goes nowhere but to Discord."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from etstats.commands import catalogue  # noqa: F401  # declares the commands
from etstats.commands.registration import registration
from local.discord_stub import Running
from tests.discord_threaded import APPLICATION_ID, discord_stub

TOKEN = "not-a-real-token"
GUILD = "1100000000000000001"
AS_THEY_ARE = "Discord knows the commands as they are."


@pytest.fixture
def stub() -> Iterator[Running]:
    with discord_stub() as running:
        yield running


def _register(stub: Running, *arguments: str) -> str:
    program = "import sys; from etstats.cli import main; raise SystemExit(main(sys.argv[1:]))"
    ran = subprocess.run(
        [sys.executable, "-c", program, "commands", "register", *arguments],
        input=f"{TOKEN}\n",
        env={"PATH": os.defpath, "DISCORD_APPLICATION_ID": APPLICATION_ID, "DISCORD_API_URL": stub.api_url},
        start_new_session=True,  # no terminal: the token comes from stdin
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ran.returncode == 0, ran.stderr
    assert TOKEN not in ran.stdout + ran.stderr
    return ran.stdout


def test_the_commands_are_registered_once_and_then_known(stub: Running) -> None:
    said = _register(stub)
    assert "+ /leaderboard page\n" in said
    assert f"Discord knows {len(registration())} commands" in said
    known = [one["id"] for one in stub.memory.commands]
    assert _register(stub).strip() == AS_THEY_ARE
    assert [one["id"] for one in stub.memory.commands] == known


def test_a_dry_run_shows_what_would_change_and_changes_nothing(stub: Running) -> None:
    said = _register(stub, "--dry-run")
    assert said.endswith("Nothing was changed. Run again without --dry-run to change it.\n")
    assert stub.memory.commands == []


def test_one_server_can_have_them_first(stub: Running) -> None:
    _register(stub, "--guild", GUILD)
    (last,) = [one for one in stub.memory.commands if one["name"] == "last"]
    assert not {"contexts", "integration_types"} & set(last)
    assert _register(stub, "--guild", GUILD, "--dry-run").strip() == AS_THEY_ARE
