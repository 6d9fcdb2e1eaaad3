"""Each game server's rcon password comes out of one secret, and what is wrong with that is told without any of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from etstats import wiring
from etstats.errors import RconRefused


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RCON_SECRET", "etstats/rcon")
    wiring.settings.cache_clear()
    yield
    wiring.settings.cache_clear()


@pytest.mark.parametrize("kept", ['{"eu-2": "hunter2"}', "hunter2", '["hunter2"]', "null", "{"])
def test_without_one_for_the_server_it_is_refused_and_nothing_is_shown(
    monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    monkeypatch.setattr(wiring, "secret", lambda _: kept)
    with pytest.raises(RconRefused, match="eu-1") as refused:
        wiring.rcon_password("eu-1")
    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_it_is_the_one_of_that_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "secret", lambda _: '{"eu-1": "one", "eu-2": "two"}')
    assert wiring.rcon_password("eu-2") == "two"


def test_where_no_secret_is_named_nothing_is_controlled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RCON_SECRET")
    with pytest.raises(RconRefused):
        wiring.rcon_password("eu-1")
