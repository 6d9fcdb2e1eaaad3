"""Visits the desk in headless Chromium and prints, as JSON, what a reader would see. Runs in .venv-browser.

.venv-browser/bin/python tests/browser/visit.py http://127.0.0.1:PORT
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page

sys.path.insert(0, str(Path(__file__).parents[2]))
from scripts.screenshots import DONE, chromium, open_desk

LAST = ".log:not([hidden]) > article:last-of-type"


def ask(page: Page, text: str) -> None:
    """Types the whole line, as one does who knows the command, and waits for the answer."""
    before = page.locator(".log:not([hidden]) > article").count()
    page.locator("#command").click()
    page.keyboard.type(f"{text} ")
    page.keyboard.press("Escape")
    page.locator("#send").click()
    page.locator(".log:not([hidden]) > article").nth(before).wait_for()
    page.wait_for_selector(f"{LAST} {DONE.split(',')[0]}, {LAST} {DONE.split(',')[1]}", timeout=15_000)


def text_of(page: Page, selector: str) -> str:
    return str(page.locator(f"{LAST} {selector}").first.inner_text())


def texts(page: Page, selector: str) -> list[str]:
    return list(page.locator(f"{LAST} {selector}").all_inner_texts())


def a_card(page: Page) -> dict[str, Any]:
    ask(page, "/profile player:Mittens by:Kills")
    bar = page.locator(f"{LAST} .embed").first.evaluate("node => getComputedStyle(node).borderLeftColor")
    tops = page.locator(f"{LAST} .embed-field").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    return {
        "used": text_of(page, ".used"),
        "title": text_of(page, ".embed-title"),
        "bold": texts(page, ".embed-description strong"),
        "code": texts(page, ".embed-description .md-code"),
        "bar": bar,
        "fields_in_first_row": sum(top == tops[0] for top in tops),
        "link": page.locator(f"{LAST} .field-value a").first.get_attribute("href"),
        "time": text_of(page, "time[data-relative]"),
        "ansi": page.locator(f"{LAST} .ansi-31").first.inner_text(),
        "buttons": texts(page, ".button"),
        "took": text_of(page, ".took"),
    }


def a_press(page: Page) -> dict[str, Any]:
    page.locator(f"{LAST} button", has_text="Weapons").click()
    page.wait_for_selector(f"{LAST} >> text=Weapons of Mittens")
    count = page.locator(".log:not([hidden]) > article").count()
    page.locator(f"{LAST} button", has_text="Back").click()
    page.wait_for_selector(f"{LAST} .menu-face")
    page.locator(f"{LAST} .menu-face").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{LAST} >> text=By revives.")
    return {"messages_before_and_after": [count, page.locator(".log:not([hidden]) > article").count()]}


def hostile(page: Page) -> dict[str, Any]:
    fired: list[str] = []

    def put_away(dialog: Dialog) -> None:
        fired.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", put_away)
    ask(page, "/hostile")
    made = page.locator(f"{LAST} .body img, {LAST} .body script, {LAST} .body a").count()
    return {"title": text_of(page, ".embed-title"), "elements_made": made, "dialogs": fired}


def suggestions(page: Page) -> dict[str, Any]:
    page.locator("#command").click()
    page.keyboard.type("/pro")
    commands = page.locator("#suggestions [role=option]").all_inner_texts()
    page.keyboard.press("Tab")
    page.keyboard.type("wid")
    page.wait_for_selector("#suggestions >> text=Widowmaker")
    page.keyboard.press("Enter")
    chosen = page.locator("#option-player").input_value()
    page.keyboard.press("Tab")
    page.wait_for_selector("#suggestions >> text=Damage per minute")
    choices = page.locator("#suggestions [role=option]").all_inner_texts()
    page.keyboard.press("Escape")
    page.keyboard.type("nonsense")
    page.keyboard.press("Escape")
    page.locator("#send").click()
    fault = page.locator("#hint.fault").inner_text()
    page.keyboard.press("Escape")
    return {"commands": commands, "chosen": chosen, "choices": choices, "fault": fault}


def typed_values(page: Page) -> dict[str, Any]:
    ask(page, "/echo values player:Dr. K. Rügner by:Damage per minute page:7 all:true")
    return {"arrived": json.loads(text_of(page, "code"))[0]["options"]}


def failures(page: Page) -> dict[str, Any]:
    said = {}
    for command in ("broken", "toolong", "silent"):
        ask(page, f"/{command}")
        said[command] = text_of(page, ".body")
    return said


def late(page: Page) -> dict[str, Any]:
    ask(page, "/export")
    file = page.locator(f"{LAST} .attachment a")
    return {"title": text_of(page, ".embed-title"), "file": file.inner_text(), "took": text_of(page, ".took")}


def private(page: Page) -> dict[str, Any]:
    page.locator("#acting").select_option(label="Private Doe")
    ask(page, "/quiet")
    return {"note": text_of(page, ".ephemeral"), "used": text_of(page, ".used")}


def raw(page: Page) -> dict[str, Any]:
    page.locator(f"{LAST} .show-raw").click()
    response = json.loads(page.locator("#raw-text").inner_text())
    page.keyboard.press("Escape")
    return {"type": response["type"], "open": page.locator("#raw").is_visible()}


def posts(page: Page) -> dict[str, Any]:
    unread = page.locator(".unread").inner_text()
    page.locator(".channel", has_text="match-results").click()
    page.wait_for_selector(f"{LAST} .embed")
    return {
        "unread": unread,
        "title": text_of(page, ".embed-title"),
        "composer": page.locator("#composer").is_visible(),
    }


STEPS: tuple[Callable[[Page], dict[str, Any]], ...] = (
    a_card, a_press, hostile, suggestions, typed_values, failures, late, private, raw, posts,
)  # fmt: skip


def narrow(browser: Browser, desk: str) -> dict[str, Any]:
    """On the narrowest phone nothing reaches over the edge, and a row of forty columns stays in one piece."""
    page = open_desk(browser, desk, "phone")
    page.set_viewport_size({"width": 360, "height": 740})
    for command in ("/profile player:x", "/session", "/hostile"):
        ask(page, command)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    wide = page.locator(".embed, .components, .content").evaluate_all(
        "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
    )
    page.locator(".channel", has_text="match-results").click()
    lines = (
        page.locator(".log:not([hidden]) .md-pre code")
        .nth(2)
        .evaluate(
            "node => { const style = getComputedStyle(node), padding = parseFloat(style.paddingTop) * 2;"
            " return (node.clientHeight - padding) / parseFloat(style.lineHeight); }"
        )
    )
    return {"over_the_edge": over, "rightmost": wide, "table_lines": lines}


def main() -> None:
    desk = sys.argv[1]
    problems: list[str] = []
    seen: dict[str, Any] = {}
    with chromium() as browser:
        page = open_desk(browser, desk, "desktop")
        page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda fault: problems.append(str(fault)))
        elsewhere: list[str] = []
        page.on("request", lambda asked: None if asked.url.startswith(desk) else elsewhere.append(asked.url))
        for step in STEPS:
            seen[step.__name__] = step(page)
        seen["narrow"] = narrow(browser, desk)
        seen["problems"], seen["elsewhere"] = problems, elsewhere
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
