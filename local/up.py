"""`make up`: the embedded stack until Ctrl-C, with a gaming session in it and the addresses to play with.

python -m local.up [--files DIR] [--backend moto|localstack]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from local.command import BACKENDS_HELP, run_command, stage_line
from local.demo import Waiting, film_it, no_folder, read_folder, simulated
from local.pump import Delivery
from local.stack import BACKENDS, Stack

TICK_S = 2.0
SEED = 7


def main(arguments: Sequence[str] | None = None) -> int:
    """0 after Ctrl-C: that is how it is meant to end."""
    parser = argparse.ArgumentParser(prog="make up", description="The embedded stack, until Ctrl-C.")
    parser.add_argument("--backend", choices=BACKENDS, default="moto", help=BACKENDS_HELP)
    parser.add_argument("--files", type=Path, help="a folder of stats files instead of a simulated session")
    parser.add_argument("--seed", type=int, default=SEED, help="which session is simulated")
    given = parser.parse_args(arguments)
    if given.files is not None and not given.files.is_dir():
        print(no_folder(given.files, "up"), file=sys.stderr)
        return 2
    files = read_folder(given.files) if given.files is not None else simulated(given.seed)
    console = Console(highlight=False)
    seed = given.seed if given.files is None else None
    code = run_command(lambda: _up(given.backend, files, seed, console))
    if code == 130:
        console.print("Stopped. Nothing is left running.")
        return 0
    return code


async def _up(backend: str, files: list[Waiting], filmed_seed: int | None, console: Console) -> int:
    began = time.monotonic()
    console.print("[bold]The embedded stack[/]")
    async with Stack(
        backend=backend, retry_after_s=5, started=stage_line(console), delivered=lambda one: _tell(one, console)
    ) as stack:
        for file in files:
            stack.game_server.put(file.name, file.content, mtime=file.mtime)
        _print_addresses(stack, console)
        console.print(f"\n{len(files)} files wait on the game server; they are fetched now, and every {TICK_S:.0f} s.")
        console.print(f"Up in {time.monotonic() - began:.1f} s. Ctrl-C stops everything.\n")
        stack.start_schedules(every_s=TICK_S)
        if filmed_seed is not None:
            await asyncio.to_thread(film_it, filmed_seed, stack.game_server.demos_folder)
        await stack.guard(_for_ever())
    return 0


async def _for_ever() -> None:
    await asyncio.Event().wait()


def _print_addresses(stack: Stack, console: Console) -> None:
    addresses = {
        "the desk, in a browser": stack.discord.url,
        "interactions endpoint": stack.interactions_url,
        "S3, SQS, Secrets Manager": stack.cloud.endpoint_url,
        "bucket": ", ".join(stack.made.bucket_names),
        "database": stack.database_url,
        "game server, SSH and UDP": f"127.0.0.1:{stack.game_server.ssh_port}, {stack.game_server.udp_port}",
        "put stats files into": stack.game_server.stats_folder,
        "demos lie in": stack.game_server.demos_folder,
        "logs of the functions": stack.run.path / "logs",
    }
    console.print()
    for name, address in addresses.items():
        console.print(f"  {name:<26}{address}", markup=False, soft_wrap=True)


def _tell(delivery: Delivery, console: Console) -> None:
    """One line for what did something; an idle tick says nothing."""
    did = delivery.answer if isinstance(delivery.answer, dict) else {}
    if delivery.error:
        console.print(f"[red]{delivery.function} ← {delivery.source}[/]: {delivery.error}")
    elif delivery.records or any(
        did.get(key) for key in ("fetched", "posted", "edited", "refused", "failed", "sessions", "digests")
    ):
        what = (
            f"{delivery.records} messages" if delivery.records else ", ".join(f"{n} {k}" for k, n in did.items() if n)
        )
        console.print(f"{delivery.function} ← {delivery.source}: {what}, {delivery.seconds * 1000:.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
