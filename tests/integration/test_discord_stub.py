"""The stub of Discord over HTTP, and the interactions it signs, against an endpoint that checks the signature."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, ServerDisconnectedError
from nacl.signing import SigningKey

from local.desk.people import USERS, BadQuestion
from local.discord_faults import Call, Kind, Trouble
from local.discord_messages import TOKEN_LIFE_S
from local.discord_stub import ROUND_CHANNEL_ID, Running, start
from tests.canned import APPLICATION_ID, BOT, COMMANDS, Endpoint, canned_desk

Json = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.now = 1_760_000_000.0

    def __call__(self) -> float:
        return self.now


class Client:
    """Calls the stub as our gateway does."""

    def __init__(self, running: Running, session: ClientSession) -> None:
        self.running, self.session = running, session
        self.posts = f"/channels/{ROUND_CHANNEL_ID}/messages"

    async def call(self, method: str, path: str, *, headers: Json = BOT, **more: Any) -> tuple[int, Any]:
        base = self.running.url if path.startswith(("/stub", "/desk")) else self.running.api_url
        async with self.session.request(method, base + path, headers=headers, **more) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if "json" in answer.content_type else text

    async def posted(self) -> list[Json]:
        status, posts = await self.call("GET", f"/stub{self.posts}")
        assert status == 200 and isinstance(posts, list)
        return posts

    def original(self, token: str, application: str = APPLICATION_ID) -> str:
        return f"/webhooks/{application}/{token}/messages/@original"


@asynccontextmanager
async def stub(clock: Clock | None = None) -> AsyncIterator[Client]:
    running = await start(
        0,
        application_id=APPLICATION_ID,
        signing_key=SigningKey.generate(),
        interactions_url="http://127.0.0.1:9/",
        clock=clock or Clock(),
    )
    try:
        async with ClientSession() as session:
            yield Client(running, session)
    finally:
        await running.stop()


def on_stub(clock: Clock | None = None) -> Callable[[Callable[[Client], Awaitable[None]]], Callable[[], None]]:
    """Turns an async test of a running stub into a plain one."""

    def wrap(test: Callable[[Client], Awaitable[None]]) -> Callable[[], None]:
        async def run() -> None:
            async with stub(clock) as client:
                await test(client)

        def plain() -> None:
            asyncio.run(run())

        plain.__name__ = test.__name__
        return plain

    return wrap


def with_endpoint(test: Callable[[Client, Endpoint], Awaitable[None]]) -> Callable[[], None]:
    """The same with an endpoint behind it that answers interactions."""

    async def run() -> None:
        async with canned_desk() as (running, endpoint), ClientSession() as session:
            await test(Client(running, session), endpoint)

    def plain() -> None:
        asyncio.run(run())

    plain.__name__ = test.__name__
    return plain


# --- posts in a channel -----------------------------------------------------------------------------------------


@on_stub()
async def test_a_post_is_kept_as_discord_gives_it_back(client: Client) -> None:
    status, message = await client.call("POST", client.posts, json={"embeds": [{"title": "Round over"}]})
    assert status == 200
    assert message["id"].isdigit() and message["channel_id"] == ROUND_CHANNEL_ID
    assert message["embeds"] == [{"title": "Round over", "type": "rich"}]
    assert await client.posted() == [message]


@on_stub()
async def test_ids_grow_with_time(client: Client) -> None:
    ids = [(await client.call("POST", client.posts, json={"content": "x"}))[1]["id"] for _ in range(3)]
    assert sorted(ids, key=int) == ids and len(set(ids)) == 3


@on_stub()
async def test_a_post_needs_a_bots_token(client: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bot "}):
        status, body = await client.call("POST", client.posts, headers=headers, json={"content": "x"})
        assert (status, body) == (401, {"message": "401: Unauthorized", "code": 0})
    assert await client.posted() == []


@on_stub()
async def test_an_unknown_channel_and_an_unknown_address(client: Client) -> None:
    assert await client.call("POST", "/channels/404/messages", json={"content": "x"}) == (
        404,
        {"message": "Unknown Channel", "code": 10003},
    )
    assert await client.call("GET", "/users/@me") == (404, {"message": "404: Not Found", "code": 0})


@on_stub()
async def test_what_discord_refuses_is_refused_in_its_words(client: Client) -> None:
    status, body = await client.call("POST", client.posts, json={"content": "x" * 2001})
    assert status == 400
    said = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
    assert body == {"code": 50035, "errors": {"content": {"_errors": [said]}}, "message": "Invalid Form Body"}
    empty: list[Json] = [{}, {"content": ""}, {"embeds": []}]
    for nothing in empty:
        assert await client.call("POST", client.posts, json=nothing) == (
            400,
            {"message": "Cannot send an empty message", "code": 50006},
        )
    assert (await client.call("POST", client.posts, data=b"{", headers=BOT))[1]["code"] == 50109
    assert (await client.call("POST", client.posts, json=["x"]))[0] == 400
    assert await client.posted() == []


@on_stub()
async def test_an_enforced_nonce_posts_once(client: Client) -> None:
    body = {"content": "once", "nonce": "round:7", "enforce_nonce": True}
    _, first = await client.call("POST", client.posts, json=body)
    _, second = await client.call("POST", client.posts, json=body)
    assert first["id"] == second["id"]
    await client.call("POST", client.posts, json={**body, "nonce": "round:8"})
    await client.call("POST", client.posts, json={"content": "free", "nonce": "round:7"})
    assert [one["content"] for one in await client.posted()] == ["once", "once", "free"]


@on_stub()
async def test_a_file_comes_along_and_is_served(client: Client) -> None:
    form = FormData()
    payload = {"embeds": [{"title": "t", "image": {"url": "attachment://card.png"}}]}
    form.add_field("payload_json", json.dumps(payload), content_type="application/json")
    form.add_field("files[0]", b"\x89PNG...", filename="card.png", content_type="image/png")
    form.add_field("files[1]", b"<script>", filename='a"b.html', content_type="text/html")
    status, message = await client.call("POST", client.posts, data=form)
    assert status == 200
    picture, page = message["attachments"]
    assert (picture["filename"], picture["size"]) == ("card.png", 7)
    assert message["embeds"][0]["image"]["url"] == picture["url"]
    async with client.session.get(picture["url"]) as answer:
        assert (await answer.read(), answer.content_type) == (b"\x89PNG...", "image/png")
    async with client.session.get(page["url"]) as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment;")


@on_stub()
async def test_too_large_an_upload_is_refused(client: Client) -> None:
    form = FormData()
    form.add_field("files[0]", io.BytesIO(bytes(10 * 1024 * 1024 + 1)), filename="demo.dm_84")
    status, body = await client.call("POST", client.posts, data=form)
    assert (status, body["code"]) == (413, 40005)


# --- trouble ----------------------------------------------------------------------------------------------------


@on_stub()
async def test_trouble_lasts_as_often_as_it_was_asked_for(client: Client) -> None:
    client.running.faults.add(Trouble(kind=Kind.RATE_LIMIT, call=Call.POST, times=2, retry_after_s=0.25))
    for _ in range(2):
        status, body = await client.call("POST", client.posts, json={"content": "x"})
        assert status == 429
        assert body == {"message": "You are being rate limited.", "retry_after": 0.25, "global": False}
    assert (await client.call("POST", client.posts, json={"content": "x"}))[0] == 200


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("server_error", 500, 0), ("bad_gateway", 502, 0), ("forbidden", 403, 50013), ("unknown_webhook", 404, 10015)],
)
def test_trouble_is_switched_on_over_http(kind: str, status: int, code: int) -> None:
    async def run() -> None:
        async with stub() as client:
            assert (await client.call("POST", "/stub/faults", json={"kind": kind, "times": 9}))[0] == 200
            failed, body = await client.call("POST", client.posts, json={"content": "x"})
            assert (failed, body["code"]) == (status, code)
            await client.call("DELETE", "/stub/faults")
            assert (await client.call("POST", client.posts, json={"content": "x"}))[0] == 200
            assert (await client.call("POST", "/stub/faults", json={"kind": "plague"}))[0] == 400

    asyncio.run(run())


@on_stub()
async def test_an_answer_can_be_lost_after_the_work_was_done(client: Client) -> None:
    client.running.faults.add(Trouble(kind=Kind.LOST_ANSWER))
    body = {"content": "once", "nonce": "n", "enforce_nonce": True}
    with pytest.raises(ServerDisconnectedError):
        await client.call("POST", client.posts, json=body)
    await client.call("POST", client.posts, json=body)
    assert len(await client.posted()) == 1


# --- interaction tokens -----------------------------------------------------------------------------------------


@on_stub()
async def test_a_deferred_answer_is_filled_by_an_edit(client: Client) -> None:
    await client.call("POST", "/stub/webhooks/tok")
    assert (await client.call("GET", "/stub/webhooks/tok/original"))[1]["flags"] == 128
    status, message = await client.call("PATCH", client.original("tok"), headers={}, json={"content": "done"})
    assert (status, message["content"], message["flags"]) == (200, "done", 0)
    assert (await client.call("GET", "/stub/webhooks/tok/original"))[1] == message
    assert (await client.call("GET", client.original("tok"), headers={}))[1] == message
    assert await client.posted() == []


@on_stub()
async def test_tokens_discord_does_not_know(client: Client) -> None:
    await client.call("POST", "/stub/webhooks/tok")
    client.running.memory.open_webhook("unanswered")
    unknown = (404, {"message": "Unknown Webhook", "code": 10015})
    for address in (client.original("other"), client.original("unanswered"), client.original("tok", "5")):
        assert await client.call("PATCH", address, headers={}, json={"content": "x"}) == unknown


CLOCK = Clock()


@on_stub(CLOCK)
async def test_a_token_ends_after_fifteen_minutes(client: Client) -> None:
    await client.call("POST", "/stub/webhooks/tok")
    CLOCK.now += TOKEN_LIFE_S
    assert (await client.call("PATCH", client.original("tok"), headers={}, json={"content": "x"}))[0] == 200
    CLOCK.now += 1
    assert await client.call("PATCH", client.original("tok"), headers={}, json={"content": "x"}) == (
        401,
        {"message": "Invalid Webhook Token", "code": 50027},
    )


@on_stub()
async def test_an_edit_changes_what_it_names(client: Client) -> None:
    await client.call("POST", "/stub/webhooks/tok")
    form = FormData()
    form.add_field("payload_json", json.dumps({"content": "with file", "embeds": [{"title": "t"}]}))
    form.add_field("files[0]", b"a,b", filename="figures.csv", content_type="text/csv")
    _, message = await client.call("PATCH", client.original("tok"), headers={}, data=form)
    assert (message["content"], message["attachments"][0]["filename"]) == ("with file", "figures.csv")
    _, message = await client.call("PATCH", client.original("tok"), headers={}, json={"content": None})
    assert (message["content"], len(message["embeds"]), len(message["attachments"])) == ("", 1, 1)
    _, message = await client.call("PATCH", client.original("tok"), headers={}, json={"attachments": []})
    assert message["attachments"] == []
    status, _ = await client.call("PATCH", client.original("tok"), headers={}, json={"embeds": [{"title": "x" * 300}]})
    assert status == 400


@on_stub()
async def test_a_follow_up_comes_even_when_the_answer_was_taken_away(client: Client) -> None:
    await client.call("POST", "/stub/webhooks/tok")
    assert (await client.call("DELETE", client.original("tok"), headers={}))[0] == 204
    assert (await client.call("PATCH", client.original("tok"), headers={}, json={"content": "x"}))[0] == 404
    address = f"/webhooks/{APPLICATION_ID}/tok"
    status, told = await client.call("POST", address, headers={}, json={"content": "no", "flags": 64})
    assert (status, told["content"], told["flags"]) == (200, "no", 64)
    status, told = await client.call("PATCH", f"{address}/messages/{told['id']}", headers={}, json={"content": "yes"})
    assert (status, told["content"], told["flags"]) == (200, "yes", 64)


@on_stub()
async def test_a_post_is_edited_and_deleted(client: Client) -> None:
    _, first = await client.call("POST", client.posts, json={"content": "Round 1", "embeds": [{"title": "t"}]})
    address = f"{client.posts}/{first['id']}"
    status, edited = await client.call("PATCH", address, json={"content": "Round 2"})
    assert (status, edited["content"], len(edited["embeds"])) == (200, "Round 2", 1)
    assert (await client.call("PATCH", address, json={"content": "x" * 2001}))[0] == 400
    assert (await client.call("DELETE", address, headers={}))[0] == 401
    assert (await client.call("DELETE", address))[0] == 204
    unknown = (404, {"message": "Unknown Message", "code": 10008})
    assert await client.call("PATCH", address, json={"content": "x"}) == unknown
    assert await client.posted() == []


@on_stub()
async def test_direct_messages_are_opened_once_and_seen_by_one(client: Client) -> None:
    sarge, doe = (one.id for one in USERS[:2])
    opened = [(await client.call("POST", "/users/@me/channels", json={"recipient_id": sarge}))[1] for _ in range(2)]
    assert opened[0] == opened[1] and (opened[0]["type"], opened[0]["recipients"][0]["id"]) == (1, sarge)
    channel = opened[0]["id"]
    await client.call("POST", f"/channels/{channel}/messages", json={"content": "You hold a record."})
    seen = [
        len((await client.call("GET", f"/desk/messages?channel={channel}&user={user}"))[1]["entries"])
        for user in (sarge, doe)
    ]
    assert seen == [1, 0]
    assert (await client.call("POST", "/users/@me/channels", json={"recipient_id": "5"}))[0] == 400


@on_stub()
async def test_an_attachment_that_did_not_come_is_refused(client: Client) -> None:
    status, body = await client.call("POST", client.posts, json={"attachments": [{"id": 0, "filename": "form.png"}]})
    assert (status, body["errors"]["attachments"]["0"]["_errors"][0]["code"]) == (400, "ATTACHMENT_NOT_FOUND")


@on_stub()
async def test_only_loopback_is_answered(client: Client) -> None:
    async with client.session.get(client.running.url, headers={"Host": "desk.example.org"}) as answer:
        assert answer.status == 421


# --- commands ---------------------------------------------------------------------------------------------------


@on_stub()
async def test_registering_replaces_every_command(client: Client) -> None:
    address = f"/applications/{APPLICATION_ID}/commands"
    status, registered = await client.call("PUT", address, json=COMMANDS)
    assert status == 200 and [one["name"] for one in registered] == [one["name"] for one in COMMANDS]
    assert all(one["id"].isdigit() for one in registered)
    await client.call("PUT", address, json=COMMANDS[:1])
    assert [one["name"] for one in (await client.call("GET", address))[1]] == ["session"]
    assert (await client.call("GET", "/stub/commands"))[1] == (await client.call("GET", address))[1]
    assert (await client.call("PUT", address, json=[{"name": "Bad"}]))[0] == 400
    assert (await client.call("PUT", address, headers={}, json=COMMANDS))[0] == 401
    assert (await client.call("PUT", "/applications/5/commands", json=COMMANDS))[0] == 403
    assert len((await client.call("GET", address))[1]) == 1


# --- interactions -----------------------------------------------------------------------------------------------


@with_endpoint
async def test_a_command_is_signed_and_complete(client: Client, endpoint: Endpoint) -> None:
    asked = {"path": ["echo", "values"], "options": {"all": True, "page": "3", "player": "Mittens"}, "user": "sapper"}
    status, result = await client.call("POST", "/desk/interact", json=asked)
    assert (status, result["status"], result["error"]) == (200, 200, "")
    request = result["request"]
    assert request["type"] == 2 and request["application_id"] == APPLICATION_ID
    assert request["member"]["user"]["username"] == "sapper"
    assert {"id", "token", "guild_id", "channel_id", "locale", "entitlements"} <= set(request)
    assert request["data"]["options"] == [
        {
            "name": "values",
            "type": 1,
            "options": [
                {"name": "player", "type": 3, "value": "Mittens"},
                {"name": "page", "type": 4, "value": 3},
                {"name": "all", "type": 5, "value": True},
            ],
        }
    ]
    assert result["message"]["content"].startswith("sapper")
    assert await client.posted() != [] and result["message"] not in await client.posted()


@with_endpoint
async def test_a_wrong_key_is_told_so(client: Client, endpoint: Endpoint) -> None:
    client.running.signing_key = SigningKey.generate()
    result = await client.running.ask({"kind": "ping"})
    assert (result["status"], result["error"]) == (401, "status")


@with_endpoint
async def test_a_ping_is_answered_with_a_pong(client: Client, endpoint: Endpoint) -> None:
    result = await client.running.ask({"kind": "ping"})
    assert (result["response"], result["error"], result["message"]) == ({"type": 1}, "", None)


@with_endpoint
async def test_a_late_answer_takes_the_place_of_thinking(client: Client, endpoint: Endpoint) -> None:
    result = await client.running.ask({"path": ["export"]})
    original = f"/stub/webhooks/{result['token']}/original"
    assert (await client.call("GET", original))[1]["flags"] == 128
    endpoint.may_finish.set()
    await asyncio.gather(*endpoint.tasks)
    message = (await client.call("GET", original))[1]
    assert (message["flags"], message["embeds"][0]["title"]) == (0, "Thought it over")
    assert message["attachments"][0]["filename"] == "figures.csv"


@with_endpoint
async def test_a_press_changes_its_message_in_place(client: Client, endpoint: Endpoint) -> None:
    shown = (await client.running.ask({"path": ["profile"], "options": {"player": "x"}}))["message"]
    press = {"kind": "component", "message_id": shown["id"], "custom_id": "page:weapons"}
    result = await client.running.ask(press)
    assert result["request"]["message"]["id"] == result["message"]["id"] == shown["id"]
    assert result["message"]["embeds"][0]["title"] == "Weapons of Mittens"
    with pytest.raises(BadQuestion):  # that button is gone now
        await client.running.ask(press)


@with_endpoint
async def test_a_menu_sends_what_it_offers(client: Client, endpoint: Endpoint) -> None:
    shown = (await client.running.ask({"path": ["profile"], "options": {"player": "x"}}))["message"]
    choose = {"kind": "component", "message_id": shown["id"], "custom_id": "measure", "values": ["revives"]}
    result = await client.running.ask(choose)
    assert result["request"]["data"] == {"custom_id": "measure", "component_type": 3, "values": ["revives"]}
    assert result["message"]["content"] == "By revives."
    with pytest.raises(BadQuestion):
        await client.running.ask({**choose, "values": ["other"]})
    with pytest.raises(BadQuestion):  # switched off
        await client.running.ask({**choose, "custom_id": "page:1", "values": []})


@with_endpoint
async def test_suggestions_come_for_what_is_half_typed(client: Client, endpoint: Endpoint) -> None:
    asked = {"kind": "autocomplete", "path": ["profile"], "options": {"player": "mit"}, "focused": "player"}
    result = await client.running.ask(asked)
    assert result["request"]["type"] == 4
    assert result["request"]["data"]["options"] == [{"name": "player", "type": 3, "value": "mit", "focused": True}]
    assert result["response"]["data"]["choices"] == [{"name": "Mittens", "value": "Mittens"}]


@with_endpoint
async def test_answers_discord_would_not_take(client: Client, endpoint: Endpoint) -> None:
    result = await client.running.ask({"path": ["toolong"]})
    assert (result["error"], result["faults"]) == ("refused", ["data.content: Must be 2000 or fewer in length."])
    assert (await client.call("GET", f"/stub/webhooks/{result['token']}/original"))[0] == 404
    result = await client.running.ask({"path": ["broken"]})
    assert (result["error"], result["status"]) == ("status", 500)


@with_endpoint
async def test_nobody_there_and_nobody_answering(client: Client, endpoint: Endpoint) -> None:
    result = await client.running.ask({"path": ["silent"]})
    assert (result["error"], result["status"]) == ("timeout", 0)
    assert 2900 <= result["ms"] < 4500
    client.running.interactions_url = "http://127.0.0.1:9/"
    assert (await client.running.ask({"path": ["session"]}))["error"] == "unreachable"


@with_endpoint
async def test_questions_no_client_could_ask(client: Client, endpoint: Endpoint) -> None:
    bad: list[Json] = [
        {},
        {"path": []},
        {"path": "session"},
        {"path": ["session"], "user": "nobody"},
        {"path": ["session"], "options": ["x"]},
        {"path": ["echo", "values"], "options": {"page": "three"}},
        {"kind": "modal"},
        {"kind": "autocomplete", "path": ["profile"], "options": {}},
        {"kind": "component", "message_id": "1", "custom_id": "x"},
    ]
    for asked in bad:
        status, said = await client.call("POST", "/desk/interact", json=asked)
        assert (status, said["error"]) == (400, "bad_question"), asked
        assert said["message"]


# --- the page ---------------------------------------------------------------------------------------------------


@on_stub()
async def test_the_desk_is_served_with_a_strict_policy(client: Client) -> None:
    async with client.session.get(client.running.url) as answer:
        assert answer.content_type == "text/html"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        page = await answer.text()
    for address in ("/desk/desk.css", "/desk/desk.js", "/desk/composer.js", "/desk/card.js", "/desk/markdown.js"):
        async with client.session.get(client.running.url + address) as answer:
            assert answer.status == 200
    assert 'src="/desk/desk.js"' in page and "http://" not in page and "https://" not in page
    async with client.session.get(client.running.url + "/desk/interaction.py") as answer:
        assert answer.status == 404


@on_stub()
async def test_a_form_from_elsewhere_cannot_ask(client: Client) -> None:
    body = json.dumps({"path": ["session"]}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        status, _ = await client.call("POST", "/desk/interact", data=body, headers={"Content-Type": kind})
        assert status == 415


@on_stub()
async def test_the_page_learns_commands_channels_and_users(client: Client) -> None:
    state = (await client.call("GET", "/desk/state"))[1]
    assert state["commands"] == []
    assert {"id": ROUND_CHANNEL_ID, "name": "match-results", "direct": False} in state["channels"]
    assert [one["direct"] for one in state["channels"]].count(True) == 1
    assert {one["admin"] for one in state["users"]} == {True, False}
