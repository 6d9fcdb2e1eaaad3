"""Uploads a demo on the page as somebody with a phone does, loses the line, reloads and goes on. Prints JSON. Runs in
.venv-browser.

.venv-browser/bin/python tests/browser/upload.py URL FILE FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, Route

sys.path.insert(0, str(Path(__file__).parents[2]))
from scripts.browser import SIZES, chromium

Seen = dict[str, Any]


def opened(browser: Browser, url: str, *, size: str = "phone", scheme: str = "light") -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2, has_touch=size == "phone",
        color_scheme="dark" if scheme == "dark" else "light", locale="en-GB",
    )  # fmt: skip
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("html[data-ready]")
    return page


def sent_parts(page: Page) -> list[int]:
    """The numbers of the parts that arrive from now on."""
    sent: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PUT":
            sent.append(int(request.url.partition("partNumber=")[2].partition("&")[0]))

    page.on("requestfinished", note)
    return sent


def cut_off_after_the_first_part(page: Page, url: str, file: Path) -> Seen:
    """The line goes after the first part; somebody reloads."""
    begun: list[str] = []

    def lose(route: Route) -> None:
        begun.append(route.request.url)
        if len(begun) == 1:
            route.continue_()
        else:
            route.abort("connectionreset")

    sent = sent_parts(page)
    page.route("**/uploads/**", lose)
    page.set_input_files("#file", file)
    page.get_by_text("The line is gone").wait_for()
    page.unroute("**/uploads/**")
    percent = page.locator("#bar").get_attribute("aria-valuenow")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    return {"sent": list(sent), "percent": int(percent or 0), "notice": page.locator("#notice").inner_text()}


def go_on(page: Page, file: Path, folder: Path) -> Seen:
    sent = sent_parts(page)
    page.set_input_files("#file", file)
    page.wait_for_selector("html[data-step=received], html[data-step=analysed], html[data-step=ready]")
    page.wait_for_selector("html[data-step=ready]", timeout=60_000)
    page.screenshot(path=folder / "upload-ready.png")
    return {"sent": sent, "told": page.locator("#told").inner_text()}


def a_file_that_is_none(page: Page) -> str:
    page.set_input_files("#file", {"name": "<b>virus.exe", "mimeType": "", "buffer": b"MZ"})
    return str(page.locator("#notice").inner_text())


def main(url: str, file: Path, folder: Path) -> None:
    seen: Seen = {}
    with chromium() as browser:
        page = opened(browser, url)
        refused: list[str] = []
        page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
        page.screenshot(path=folder / "upload.png")
        seen["wide"] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        seen["none"] = a_file_that_is_none(page)
        seen["cut_off"] = cut_off_after_the_first_part(page, url, file)
        page.screenshot(path=folder / "upload-go-on.png")
        seen["gone_on"] = go_on(page, file, folder)
        page.reload()
        page.wait_for_selector("html[data-step=ready]")
        seen["after"] = page.locator("#told").inner_text()
        seen["kept"] = page.evaluate("JSON.stringify(localStorage)")
        seen["refused"] = refused
        stranger = opened(
            browser, url.partition("#")[0] + "#1.7.42.1.99999999999.AAAAAAAAAAAAAAAAAAAAAA", scheme="dark"
        )
        stranger.set_input_files("#file", file)
        stranger.wait_for_selector("html[data-step=failed]")
        stranger.screenshot(path=folder / "upload-failed-dark.png")
        seen["stranger"] = stranger.locator("#told").inner_text()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
