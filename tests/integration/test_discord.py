"""Discord's REST API over a real socket: what we send is taken, what it says back is understood."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import pytest

from etstats.commands import catalogue
from etstats.commands.registration import registration
from etstats.errors import DiscordRefused, DiscordUnavailable
from etstats.gateways.discord import ORIGINAL_WAITS_S, Discord
from etstats.interactions.reply import Attachment, Embed, Message, Press
from local.discord_faults import Call, Kind, Trouble
from local.discord_stub import ROUND_CHANNEL_ID, Running
from tests.discord_threaded import APPLICATION_ID, discord_stub, original, put_off

TOKEN = "an-interaction-token"
CARD = Message(embeds=(Embed(title="SUPPLY R2"),))


@pytest.fixture
def stub() -> Iterator[Running]:
    with discord_stub() as running:
        put_off(running, TOKEN)
        yield running


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def discord(stub: Running, slept: list[float]) -> Discord:
    return Discord(url=stub.api_url, bot_token=lambda: "the-bot-token", sleep=slept.append)


def _seal(press: Press) -> str:
    return press.command


def _post(discord: Discord, *, nonce: str = "n1", channel: str = ROUND_CHANNEL_ID) -> str:
    return discord.create_message(channel, CARD, seal=_seal, nonce=nonce)


def _edit(discord: Discord, message: Message = CARD) -> None:
    discord.edit_original(APPLICATION_ID, TOKEN, message, seal=_seal)


def test_a_card_is_posted_once_however_often_it_is_sent(stub: Running, discord: Discord) -> None:
    first = _post(discord)
    assert _post(discord) == first
    assert _post(discord, nonce="n2") != first
    assert len(stub.memory.in_channel(ROUND_CHANNEL_ID)) == 2


def test_a_lost_answer_is_away_and_the_next_try_finds_the_post(stub: Running, discord: Discord) -> None:
    stub.faults.add(Trouble(kind=Kind.LOST_ANSWER, call=Call.POST))
    with pytest.raises(DiscordUnavailable):
        _post(discord)
    _post(discord)
    assert len(stub.memory.in_channel(ROUND_CHANNEL_ID)) == 1


def test_a_short_wait_is_waited(stub: Running, discord: Discord, slept: list[float]) -> None:
    stub.faults.add(Trouble(kind=Kind.RATE_LIMIT, retry_after_s=0.25, times=2))
    assert _post(discord)
    assert slept == [0.25, 0.25]


def test_a_long_wait_is_told_and_not_waited(stub: Running, discord: Discord, slept: list[float]) -> None:
    stub.faults.add(Trouble(kind=Kind.RATE_LIMIT, retry_after_s=65.0))
    with pytest.raises(DiscordUnavailable) as caught:
        _post(discord)
    assert (caught.value.retry_after_s, slept) == (65.0, [])


@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.BAD_GATEWAY])
def test_discord_in_trouble_is_away(stub: Running, discord: Discord, kind: Kind) -> None:
    stub.faults.add(Trouble(kind=kind))
    with pytest.raises(DiscordUnavailable):
        _post(discord)


def test_no_permission_and_no_such_channel_are_final(stub: Running, discord: Discord) -> None:
    stub.faults.add(Trouble(kind=Kind.FORBIDDEN))
    with pytest.raises(DiscordRefused) as forbidden:
        _post(discord)
    with pytest.raises(DiscordRefused) as unknown:
        _post(discord, channel="12345")
    assert (forbidden.value.status, unknown.value.status, unknown.value.code) == (403, 404, 10003)


def test_an_answer_that_was_put_off_arrives_with_its_file(stub: Running, discord: Discord) -> None:
    _edit(
        discord, Message(content="here", files=(Attachment(name="a.csv", content=b"x,y\r\n", media_type="text/csv"),))
    )
    files = original(stub, TOKEN)["attachments"]
    assert [(file["filename"], file["size"]) for file in files] == [("a.csv", 5)]


def test_a_follow_up_that_overtakes_its_deferral_asks_again(
    stub: Running, discord: Discord, slept: list[float]
) -> None:
    stub.faults.add(Trouble(kind=Kind.UNKNOWN_WEBHOOK, call=Call.ORIGINAL, times=3))
    _edit(discord)
    assert slept == [0.5, 1.0, 1.5]


def test_after_ten_seconds_a_token_is_gone(discord: Discord, slept: list[float]) -> None:
    with pytest.raises(DiscordRefused) as caught:
        discord.edit_original(APPLICATION_ID, "never-seen", CARD, seal=_seal)
    assert (caught.value.status, slept) == (404, list(ORIGINAL_WAITS_S))
    assert sum(slept) == 10.0


def test_no_token_is_in_a_fault(discord: Discord, stub: Running) -> None:
    deaf = Discord(url="http://127.0.0.1:9/api", bot_token=lambda: "the-bot-token", sleep=lambda _: None)
    for calling in (lambda: _edit(deaf), lambda: _post(deaf), lambda: _post(discord, channel="12345")):
        with pytest.raises((DiscordUnavailable, DiscordRefused)) as caught:
            calling()
        told = "".join(traceback.format_exception(caught.value, chain=True))
        said = f"{caught.value} {caught.value.__cause__}"
        assert "the-bot-token" not in told
        assert TOKEN not in said


def test_our_commands_are_registered(stub: Running, discord: Discord) -> None:
    assert discord.register_commands(APPLICATION_ID, registration()) == len(registration())
    assert {one["name"] for one in stub.memory.commands if one["type"] == 1} == set(catalogue.__all__)
