"""Takes pictures of the desk in headless Chromium: every registered command typed, its card shown, wide and narrow.

    make screenshots                              # over a stack of its own, with one simulated session
    make screenshots DESK=http://127.0.0.1:PORT   # over a desk that is running

Runs in an environment of its own (.venv-browser), with the system's Chromium; writes build/screenshots/*.png.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# nothing but the desk is to be reached: no updates, no sync, no look-ups of its own
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DONE = '.slot[data-state="done"], .slot[data-state="failed"]'
PATIENCE_MS = 20_000
STACK_PATIENCE_S = 90
AUTOCOMPLETE = '#suggestions [role="option"]'


def find_chromium() -> str | None:
    """The browser on PATH, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser with a profile of its own. Raises SystemExit with a sentence when there is none."""
    path = find_chromium()
    if path is None:
        raise SystemExit("No Chromium on PATH. On Debian or Ubuntu: sudo apt-get install chromium.")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]  # as root Chromium's sandbox refuses to start
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def open_desk(browser: Browser, desk: str, size: str) -> Page:
    """The desk as a visitor of that size sees it, once it has drawn itself."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == "phone" else 1,
        has_touch=size == "phone",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.goto(desk)
    page.wait_for_selector("html[data-ready]")
    return page


def type_command(page: Page, command: dict[str, Any]) -> None:
    """Types the command as a player does, with what it needs or suggests: the first suggestion, the first choice."""
    page.locator("#command").click()
    page.keyboard.type(f"/{' '.join(command['path'])} ", delay=5)
    for option in command["options"]:
        if not (option.get("required") or option.get("autocomplete")):
            continue
        page.locator(f"#option-{option['name']}").focus()
        if option.get("autocomplete") or option.get("choices"):
            page.locator(AUTOCOMPLETE).first.click(timeout=PATIENCE_MS)
        else:
            page.keyboard.type("1" if option["type"] in (4, 10) else "a")


def send(page: Page) -> None:
    page.locator("#send").click()
    page.wait_for_selector(DONE, timeout=PATIENCE_MS)


def leaves(command: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """The command itself, or each of its subcommands."""
    path = (*path, command["name"])
    nested = [one for one in command.get("options", []) if one["type"] in (1, 2)]
    for one in nested:
        yield from leaves(one, path)
    if not nested:
        yield {"path": path, "options": command.get("options", [])}


class Album:
    """Where the pictures go; says each one's name as it is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken = 0
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png")
        self.taken += 1
        print(f"  {name}.png", flush=True)

    def take_whole(self, page: Page, name: str) -> None:
        """The view, and once more as high as the card is when it does not fit."""
        self.take(page, name)
        missing = page.evaluate("(() => { const log = document.querySelector('.log:not([hidden])');"
                                "return log.scrollHeight - log.clientHeight; })()")  # fmt: skip
        if missing > 0:
            width, height = page.evaluate("[innerWidth, innerHeight]")
            page.set_viewport_size({"width": width, "height": height + missing})
            self.take(page, f"{name}-whole")


def pictures(browser: Browser, desk: str, commands: list[dict[str, Any]], size: str, album: Album) -> None:
    page = open_desk(browser, desk, size)
    album.take(page, f"{size}-0-welcome")
    page.locator("#command").click()
    page.keyboard.type("/")
    album.take(page, f"{size}-0-suggestions")
    page.close()
    for command in commands:
        name = f"{size}-{'-'.join(command['path'])}"
        page = open_desk(browser, desk, size)
        type_command(page, command)
        album.take(page, f"{name}-typed")
        send(page)
        album.take_whole(page, name)
        _press(page, name, album)
        page.close()
    page = open_desk(browser, desk, size)
    tabs = page.locator(".channel")
    if tabs.count() > 1:
        tabs.nth(1).click()
        album.take_whole(page, f"{size}-match-results")
    page.close()


def _press(page: Page, name: str, album: Album) -> None:
    """What the first button that works changes, then the JSON behind the answer."""
    button = page.locator(".components button.button:enabled").first
    if button.count():
        button.click()
        page.wait_for_selector(".busy", state="detached", timeout=PATIENCE_MS)
        page.wait_for_selector(DONE, timeout=PATIENCE_MS)
        album.take_whole(page, f"{name}-pressed")
    page.locator(".log:not([hidden]) .show-raw").last.click()
    album.take(page, f"{name}-json")


@contextmanager
def own_stack(log: Path) -> Iterator[str]:
    """What `make up` starts, for as long as the pictures take; gives the desk's address once rounds are posted."""
    with log.open("w") as out:
        child = subprocess.Popen([".venv/bin/python", "-m", "local.up"], stdout=out, stderr=out)
    try:
        desk = _wait_for(lambda: _address(child, log), "The stack did not start", log)
        _wait_for(lambda: _settled(desk), "No round was posted", log)
        yield desk
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)


def _wait_for(look: Callable[[], str], failed: str, log: Path) -> str:
    deadline = time.monotonic() + STACK_PATIENCE_S
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    raise SystemExit(f"{failed} within {STACK_PATIENCE_S} s. What it said is in {log}.")


def _address(child: subprocess.Popen[bytes], log: Path) -> str:
    said = log.read_text(encoding="utf-8")
    if child.poll() is not None:
        raise SystemExit(f"The stack stopped by itself:\n{said[-2000:]}")
    found = re.search(r"the desk\D*(http://127\.0\.0\.1:\d+)", said)
    return found[1] if found and "Up in" in said else ""


def _settled(desk: str) -> str:
    """Something was posted, and nothing more for two seconds."""
    before = _posts(desk)
    time.sleep(2)
    return "settled" if before and _posts(desk) == before else ""


def _posts(desk: str) -> int:
    channels = _read(f"{desk}/desk/state")["channels"]
    return sum(len(_read(f"{desk}/stub/channels/{one['id']}/messages")) for one in channels)


def _read(address: str) -> Any:
    with urlopen(address, timeout=5) as answer:  # noqa: S310  # the address is the developer's own
        return json.load(answer)


def registered(desk: str) -> list[dict[str, Any]]:
    """The commands the desk offers. Raises SystemExit with a sentence when nothing is there to take pictures of."""
    try:
        commands = _read(f"{desk}/desk/state")["commands"]
    except (URLError, OSError, ValueError, KeyError):
        raise SystemExit(f"No desk answers at {desk}. Start one with `make up`, or name it: DESK=http://…") from None
    if not commands:
        raise SystemExit(f"The desk at {desk} has no commands registered; there is nothing to take pictures of.")
    return [leaf for command in commands for leaf in leaves(command)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--desk", default="", help="the address of a running desk; none: a stack is started for it")
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", default="", help="one command's name")
    asked = parser.parse_args()
    begun = time.monotonic()
    album = Album(asked.out)
    with chromium() as browser, nullcontext(asked.desk) if asked.desk else own_stack(asked.out / "stack.log") as desk:
        commands = [one for one in registered(desk.rstrip("/")) if asked.only in ("", one["path"][0])]
        for size in SIZES:
            pictures(browser, desk.rstrip("/"), commands, size, album)
    print(f"  {album.taken} pictures in {asked.out}, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
