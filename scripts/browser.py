"""The system's Chromium, headless, and the desk in it. Runs in .venv-browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# nothing but the desk is to be reached: no updates, no sync, no look-ups of its own
_FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_chromium() -> str | None:
    """The browser on PATH, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser with a profile of its own. Raises SystemExit with a sentence when there is none."""
    path = find_chromium()
    if path is None:
        raise SystemExit("No Chromium on PATH. On Debian or Ubuntu: sudo apt-get install chromium.")
    # as root Chromium's sandbox refuses to start
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*_FLAGS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def open_desk(
    browser: Browser, desk: str, size: str, *, theme: str = "dark", height: int | None = None, scale: int | None = None
) -> Page:
    """The desk as a visitor of that size sees it, once it has drawn itself."""
    width, usual = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height or usual},
        device_scale_factor=scale or (2 if size == "phone" else 1),
        has_touch=size == "phone",
        color_scheme="light" if theme == "light" else "dark",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.goto(desk)
    page.wait_for_selector("html[data-ready]")
    return page
