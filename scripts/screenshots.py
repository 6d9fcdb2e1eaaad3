"""Takes pictures of the desk in headless Chromium: every registered command typed, its card shown, wide and narrow.

    make screenshots                          # over the desk of `make up`
    make screenshots DESK=http://127.0.0.1:8080

Runs in an environment of its own (.venv-browser), with the system's Chromium; writes build/screenshots/*.png.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    """Types the command as a player does, with its required options: the first suggestion, the first choice."""
    page.locator("#command").click()
    page.keyboard.type(f"/{' '.join(command['path'])} ", delay=5)
    for option in command["options"]:
        if not option.get("required"):
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
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png")
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


def registered(desk: str) -> list[dict[str, Any]]:
    """The commands the desk offers. Raises SystemExit with a sentence when nothing is there to take pictures of."""
    try:
        with urlopen(f"{desk}/desk/state", timeout=5) as answer:  # noqa: S310  # the address is the developer's own
            commands = json.load(answer)["commands"]
    except (URLError, OSError, ValueError, KeyError):
        raise SystemExit(f"No desk answers at {desk}. Start one with `make up`, or name it: DESK=http://…") from None
    if not commands:
        raise SystemExit(f"The desk at {desk} has no commands registered; there is nothing to take pictures of.")
    return [leaf for command in commands for leaf in leaves(command)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--desk", default="http://127.0.0.1:8080")
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", default="", help="one command's name")
    asked = parser.parse_args()
    desk = asked.desk.rstrip("/")
    commands = [one for one in registered(desk) if asked.only in ("", one["path"][0])]
    begun = time.monotonic()
    album = Album(asked.out)
    with chromium() as browser:
        for size in SIZES:
            pictures(browser, desk, commands, size, album)
    print(f"  {len(list(asked.out.glob('*.png')))} pictures in {asked.out}, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
