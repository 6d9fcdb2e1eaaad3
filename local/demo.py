"""`make demo`: one gaming session goes from a game server to Discord, on this machine, and shows itself on the way.

python -m local.demo [--files DIR] [--out DIR] [--backend moto|localstack]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console

from etstats.config import database_from_url
from etstats.storage.archive import receipts_document, sessions_document
from etstats.storage.database import Database, connect
from etstats.storage.receipt import holdings, receipts
from etstats.usecases.fetch_files import receipt_name
from local import demos
from local.command import BACKENDS_HELP, run_command, stage_line
from local.demos import Arrived
from local.discord_messages import LOADING
from local.discord_stub import ROUND_CHANNEL_ID
from local.later import later_posts
from local.pump import Delivery
from local.receipts import STAGES, Display, Progress, Stage, shown
from local.simulator import Recording, SimulatedSession, simulate_session
from local.stack import BACKENDS, SERVER_NAME, Stack, StackFailed
from local.terminal import draw

TICK_S = 1.0
LOOK_S = 0.2
STALLED_AFTER_S = 45.0
ANSWER_WITHIN_S = 20.0
SESSION_ENDED_AGO = timedelta(minutes=3)

# Whose log explains that a file does not get past a stage.
_WORKER = {
    Stage.FETCHED: "FetchFunction",
    Stage.STORED: "StoreFunction",
    Stage.PARSED: "StoreFunction",
    Stage.PUBLISHED: "AnnounceFunction",
}


class DemoFailed(StackFailed):
    """A step of the demonstration did not do what it should; the message says which, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for on the command line."""

    files: Path | None
    out: Path | None
    backend: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file for the game server's folder."""

    name: str
    content: bytes
    mtime: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make demo", description="One gaming session, from game server to Discord.")
    parser.add_argument("--files", type=Path, help="a folder of stats files instead of a simulated session")
    parser.add_argument("--out", type=Path, help="folder for sessions.json and receipts.json")
    parser.add_argument("--backend", choices=BACKENDS, default="moto", help=BACKENDS_HELP)
    parser.add_argument("--seed", type=int, default=7, help="which session is simulated")
    given = parser.parse_args(arguments)
    wish = Wish(files=given.files, out=given.out, backend=given.backend, seed=given.seed)
    if wish.files is not None and not wish.files.is_dir():
        print(no_folder(wish.files, "demo"), file=sys.stderr)
        return 2
    return run_command(lambda: _demo(wish, Console(highlight=False)))


async def _demo(wish: Wish, console: Console) -> int:
    began = time.monotonic()
    console.print("[bold]The embedded stack[/]")
    async with Stack(backend=wish.backend, retry_after_s=2, started=stage_line(console)) as stack:
        ready_s = time.monotonic() - began
        try:
            await stack.guard(_play(wish, stack, console, began, ready_s))
        except StackFailed as fault:
            logs = stack.keep_logs()
            raise type(fault)(f"{fault}\nAll logs: {logs}") from fault
        stopping = time.monotonic()
    stage_line(console)("stopped", time.monotonic() - stopping)
    console.print(
        f"[bold]Done in {time.monotonic() - began:.1f} s.[/] `make up` keeps it running, with a page to ask from."
    )
    return 0


async def _play(wish: Wish, stack: Stack, console: Console, began: float, ready_s: float) -> None:
    files = read_folder(wish.files) if wish.files is not None else simulated(wish.seed)
    _introduce(files, wish, console)
    put_at = time.monotonic()
    for file in files:
        stack.game_server.put(file.name, file.content, mtime=file.mtime)
    db = Database(lambda: connect(database_from_url(stack.database_url), statement_timeout_ms=30_000))
    aside: list[asyncio.Task[Any]] = []
    try:
        stack.start_schedules(every_s=TICK_S)
        aside.append(filming := asyncio.create_task(_film(stack, wish)))
        progress = await follow(stack, db, [file.name for file in files], console, put_at)
        arrived = await _arrive(stack, db, await filming)
        if wish.out is not None:
            _write_documents(db, wish.out, [file.name for file in files], console)
        asked_at = time.monotonic()
        _show_posted(stack, db, console, "round")
        await _ask_all(stack, console)
        aside.append(watching := asyncio.create_task(_watch_one(stack, db, arrived)))  # a film takes a while
        await _show_what_comes_later(stack, db, console)
        asked_s = time.monotonic() - asked_at
        told = await _show_demos(stack, db, console, arrived, film=await watching, seed=wish.seed)
        _summary(progress, told, db, console, ready_s=ready_s, asked_s=asked_s)
    finally:
        for task in aside:
            task.cancel()
        await asyncio.gather(*aside, return_exceptions=True)
        db.close()


def no_folder(folder: Path, target: str) -> str:
    """What is wrong with FILES=*folder*, and what to do."""
    return f"{folder} is not a folder. Name one that holds stats files: make {target} FILES=DIR"


def read_folder(folder: Path) -> list[Waiting]:
    """Every regular file, with its bytes and its time as they are."""
    found = sorted((entry for entry in os.scandir(folder) if entry.is_file()), key=lambda entry: entry.name)
    return [
        Waiting(name=entry.name, content=Path(entry.path).read_bytes(), mtime=entry.stat().st_mtime) for entry in found
    ]


def simulated(seed: int) -> list[Waiting]:
    """A session that ended a few minutes ago; each file was written when its round ended."""
    session = _session(seed)
    return [Waiting(name=file.name, content=file.content, mtime=_written(file.name)) for file in session.files]


def filmed(seed: int) -> Recording:
    """The session's last round, short and with known highlights: that of which there are demos."""
    return _session(seed).recordings[-1]


def film_it(seed: int, folder: Path) -> list[str]:
    """Its demos in *folder*; their names."""
    recording = filmed(seed)
    return demos.film(recording, folder, ended_at=_written(recording.stem))


async def _film(stack: Stack, wish: Wish) -> list[str]:
    if wish.files is not None:
        return []
    return await asyncio.to_thread(film_it, wish.seed, stack.game_server.demos_folder)


@cache  # its files and its demos are of the same evening
def _session(seed: int) -> SimulatedSession:
    ends_at = datetime.now(UTC).replace(microsecond=0, tzinfo=None) - SESSION_ENDED_AGO
    return simulate_session(seed=seed, ends_at=ends_at, planned=True)


def _written(name: str) -> float:
    return datetime.strptime(name[:17], "%Y-%m-%d-%H%M%S").replace(tzinfo=UTC).timestamp()


def _introduce(files: list[Waiting], wish: Wish, console: Console) -> None:
    kilobytes = sum(len(file.content) for file in files) / 1024
    source = f"from {wish.files}" if wish.files is not None else f"of a simulated session (seed {wish.seed})"
    console.print(f"\n[bold]The game server[/] “{SERVER_NAME}” has {len(files)} files {source}, {kilobytes:.0f} KB")
    if not files:
        console.print("  The folder holds no files. There is nothing to fetch; the commands say so.")


async def follow(stack: Stack, db: Database, names: list[str], console: Console, put_at: float) -> Progress:
    """Waits until every file is where it should end and the queues are empty. Raises DemoFailed when nothing moves."""
    progress = Progress(expected=len(names))
    moved_at = time.monotonic()
    ticks_before = len(_fetch_ticks(stack))
    with Display(console) as display:
        while True:
            found = await asyncio.to_thread(receipts, db)
            now = time.monotonic()
            if progress.look(found, at_s=now - put_at):
                moved_at = now
            display.show(progress)
            if (
                _fetched_all(_fetch_ticks(stack)[ticks_before:])
                and progress.settled == len(found)
                and await stack.idle()
            ):
                return progress
            await _check_dead_letters(stack)
            if now - moved_at > STALLED_AFTER_S:
                raise DemoFailed(_stalled(stack, progress))
            await asyncio.sleep(LOOK_S)


def _fetch_ticks(stack: Stack) -> list[Delivery]:
    return [one for one in stack.pump.watched.deliveries if one.function == "FetchFunction"]


def _fetched_all(ticks: list[Delivery]) -> bool:
    """The last tick found nothing left to do on the game server; the first may have looked too early."""
    if len(ticks) < 2 or not isinstance(ticks[-1].answer, dict):
        return False
    return not any(ticks[-1].answer.get(key) for key in ("fetched", "waiting", "failed", "left"))


async def _check_dead_letters(stack: Stack) -> None:
    for name in stack.dead_letter_queues():
        arn = stack.made.attributes[name, "Arn"]
        if (failures := stack.pump.watched.failures()) and await stack.pump.waiting([arn]):
            raise DemoFailed(f"A message ended in {name}: it failed every time.\n{_tail(stack, failures[-1])}")


def _stalled(stack: Stack, progress: Progress) -> str:
    said = f"Nothing moved for {STALLED_AFTER_S:.0f} s, with {progress.settled} of {progress.expected} files settled."
    failures = stack.pump.watched.failures()
    if failures:
        return f"{said}\n{_tail(stack, failures[-1])}"
    stuck = next((stage for stage in STAGES if progress.count(stage) < progress.expected), Stage.PUBLISHED)
    name = _WORKER[stuck]
    return f"{said} No function failed; they wait to be {stuck.value}. {name}'s log ends with:\n{_log(stack, name)}"


def _tail(stack: Stack, failure: Delivery) -> str:
    return f"{failure.function} failed: {failure.error}\nIts log ends with:\n{_log(stack, failure.function)}"


def _log(stack: Stack, name: str) -> str:
    return stack.function(name).log_tail() or "(nothing)"


def _write_documents(db: Database, out: Path, names: list[str], console: Console) -> None:
    """What the database holds; a file that no stats file is called like has a receipt too, so that none is missing."""
    out.mkdir(parents=True, exist_ok=True)
    entries = list(receipts_document(db))
    known = {receipt["file"] for receipt in entries}
    entries += [
        {"file": name, "state": "ignored", "reason": "no stats file is called like this; it stays on the game server"}
        for name in map(receipt_name, names)
        if name not in known
    ]
    for file, document in (("sessions.json", sessions_document(db)), ("receipts.json", entries)):
        (out / file).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"  wrote {out / 'sessions.json'} and {out / 'receipts.json'}")


def _show_posted(stack: Stack, db: Database, console: Console, kind: str) -> None:
    """The last post of a kind."""
    ids = set(db.values("select message_id from outbox where kind = :kind and message_id is not null", kind=kind))
    posts = [one for one in stack.discord.memory.in_channel(ROUND_CHANNEL_ID) if one["id"] in ids]
    if posts:
        what = {"round": "cards of maps", "demo": "of demos"}[kind]
        console.print(f"\n[bold]Posted to the channel[/], {what}: {len(posts)}; the last one:")
        draw(posts[-1], console)


async def _show_what_comes_later(stack: Stack, db: Database, console: Console) -> None:
    async for name, post in later_posts(stack, db):
        console.print(f"\n[bold]Posted by itself[/]  [dim]as {name}[/]")
        draw(post, console)


async def _arrive(stack: Stack, db: Database, names: Sequence[str]) -> list[Arrived]:
    """The demos, the TV's first, once all of them are posted. Raises DemoFailed."""
    arrived = await demos.arrive(db, names, within_s=STALLED_AFTER_S)
    if len(arrived) < len(names):
        raise DemoFailed(
            f"Of {len(names)} demos {len(arrived)} came. FetchDemosFunction's log ends with:"
            f"\n{_log(stack, 'FetchDemosFunction')}"
        )
    if faults := [f"{one.name} is {one.state} {one.reason or ''}" for one in arrived if not one.posted]:
        raise DemoFailed(
            f"A demo was not posted: {'; '.join(faults)}. GreatshotFunction's log ends with:"
            f"\n{_log(stack, 'GreatshotFunction')}"
        )
    return arrived


async def _watch_one(stack: Stack, db: Database, arrived: Sequence[Arrived]) -> _Answer | None:
    """The shortest highlight's film: it is made as fast as it is short. None where there are no demos."""
    if not arrived:
        return None
    options = demos.shortest_highlight(db, arrived[0].demo_id)
    command = f"/watch highlight:{options['highlight']}"
    return await _answer(stack, command, {"path": ["watch"], "options": options}, done=demos.is_film)


async def _show_demos(
    stack: Stack, db: Database, console: Console, arrived: Sequence[Arrived], *, film: _Answer | None, seed: int
) -> list[str]:
    """Posted, cut and played; lines for the summary. Raises DemoFailed for other highlights than those planted."""
    if film is None:
        return []
    _show_posted(stack, db, console, "demo")
    options = demos.shortest_highlight(db, arrived[0].demo_id)
    clip = await _ask(stack, console, f"/clip highlight:{options['highlight']}", {"path": ["clip"], "options": options})
    _draw_answer(film, console)
    options = {"demo": f"#{arrived[0].demo_id}", "show": "timeline"}
    picture = await _ask(
        stack, console, "/demo picture show:Timeline", {"path": ["demo", "picture"], "options": options}
    )
    found, planted = demos.highlights(db, arrived[0].demo_id), filmed(seed).highlights()
    if found != planted:
        raise DemoFailed(f"Other highlights were found than planted: {sorted(found ^ planted)}")
    content, video = demos.attached(stack, clip), demos.attached(stack, film.message)
    return [
        f"{len(arrived)} demos fetched, analysed and posted; {len(found)} highlights in the TV's: "
        "those planted and no other",
        f"one of them: a clip of {len(content) / 1024:.0f} KB that reads back {demos.kills_in(content)} kills, "
        f"a film of {len(video) / 1024:.0f} KB, and a timeline of {len(demos.attached(stack, picture)) / 1024:.0f} KB",
    ]


async def _ask_all(stack: Stack, console: Console) -> None:
    """Real interactions, signed and sent over HTTP as Discord would."""
    await _ask(stack, console, "/last", {"path": ["last"]})
    player = await _suggested_player(stack)
    if player is not None:
        await _ask(stack, console, f"/stats player:{player[0]}", {"path": ["stats"], "options": {"player": player[1]}})
    await _ask(stack, console, "/leaderboard stat:dpm", {"path": ["leaderboard"], "options": {"stat": "dpm"}})
    await _ask(stack, console, "/export", {"path": ["export"]})


async def _suggested_player(stack: Stack) -> tuple[str, str] | None:
    """The first name that typing into /stats offers, and what choosing it sends; None when nobody has played."""
    typed = {"kind": "autocomplete", "path": ["stats"], "options": {"player": ""}, "focused": "player"}
    answered = await stack.discord.ask(typed)
    _check_answer("autocomplete for /stats", answered, stack)
    choices = answered["response"]["data"]["choices"]
    return (choices[0]["name"].split(" · ")[0], choices[0]["value"]) if choices else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """*when*: how long it took, in words."""

    command: str
    message: Mapping[str, Any]
    when: str


async def _ask(stack: Stack, console: Console, command: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = await _answer(stack, command, asked)
    _draw_answer(answer, console)
    return answer.message


def _draw_answer(answer: _Answer, console: Console) -> None:
    console.print(f"\n[bold]{answer.command}[/]  [dim]{answer.when}[/]")
    draw(answer.message, console)


async def _answer(
    stack: Stack,
    command: str,
    asked: Mapping[str, Any],
    *,
    done: Callable[[Mapping[str, Any]], bool] = lambda _: True,
) -> _Answer:
    """Once it is *done*."""
    answered = await stack.discord.ask(asked)
    _check_answer(command, answered, stack)
    message, when = answered["message"], f"answered in {answered['ms']:.0f} ms"
    if message["flags"] & LOADING:
        began = time.monotonic()
        message = await _finished(stack, command, answered["token"], done)
        when = f"“thinking…” in {answered['ms']:.0f} ms, the answer {time.monotonic() - began:.1f} s later"
    return _Answer(command=command, message=dict(message), when=when)


def _check_answer(command: str, answered: Mapping[str, Any], stack: Stack) -> None:
    if answered["error"]:
        faults = "\n".join(answered["faults"])
        raise DemoFailed(
            f"{command} was not answered as Discord wants it: {answered['error']}, HTTP {answered['status']}."
            f"\n{faults}\nInteractionsFunction's log ends with:\n{_log(stack, 'InteractionsFunction')}"
        )


async def _finished(
    stack: Stack, command: str, token: str, done: Callable[[Mapping[str, Any]], bool]
) -> dict[str, Any]:
    """The message once the follow-up has filled it."""
    memory = stack.discord.memory
    deadline = time.monotonic() + ANSWER_WITHIN_S
    while time.monotonic() < deadline:
        message = memory.answer_to(memory.webhooks[token])
        if message is not None and not message["flags"] & LOADING and done(message):
            return dict(message)
        await asyncio.sleep(0.05)
    raise DemoFailed(
        f"{command} was promised an answer that did not come within {ANSWER_WITHIN_S:.0f} s. "
        f"FollowupFunction's log ends with:\n{_log(stack, 'FollowupFunction')}"
    )


def _summary(
    progress: Progress, told: Sequence[str], db: Database, console: Console, *, ready_s: float, asked_s: float
) -> None:
    held = holdings(db)
    published = sum(receipt.state == "published" for receipt in progress.receipts)
    ignored = progress.expected - len(progress.receipts)
    others = {"rejected": len(progress.rejected), "kept": len(progress.kept), "not stats files": ignored}
    files = ", ".join([f"{published} published", *(f"{count} {what}" for what, count in others.items() if count)])
    console.print(f"\n[bold]Summary[/]\n  {progress.expected} files: {files}")
    for receipt in progress.rejected[:10]:
        console.print(f"    rejected {shown(receipt.name)}: {receipt.refusal}", markup=False, soft_wrap=True)
    nights = "1 session" if held.sessions == 1 else f"{held.sessions} sessions"
    console.print(f"  {held.rounds} rounds, {held.counted_rounds} of them count, in {nights}")
    for line in told:
        console.print(f"  {line}", soft_wrap=True)
    reached = " · ".join(
        f"{stage.value} {progress.reached_s[stage]:.1f}" for stage in STAGES if stage in progress.reached_s
    )
    console.print(
        f"  seconds: stack {ready_s:.1f} · all files {reached or 'none'} · questions {asked_s:.1f}", soft_wrap=True
    )


if __name__ == "__main__":
    sys.exit(main())
