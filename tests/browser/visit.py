"""Visits the desk in headless Chromium and prints, as JSON, what a reader would see. Runs in .venv-browser.

.venv-browser/bin/python tests/browser/visit.py http://127.0.0.1:PORT
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Dialog, Page

sys.path.insert(0, str(Path(__file__).parents[2]))
from scripts.browser import chromium, open_desk

LAST = ".log:not([hidden]) > article:last-of-type"
DONE = "[data-state=done], [data-state=failed]"
Seen = dict[str, Any]


def articles(page: Page) -> int:
    return int(page.locator(".log:not([hidden]) > article").count())


def write(page: Page, text: str) -> None:
    """Types the whole line, as one does who knows the command."""
    page.locator("#command").fill("")
    page.keyboard.type(f"{text} ")
    page.keyboard.press("Escape")


def ask(page: Page, text: str) -> None:
    """Types a command, sends it, and waits for the answer."""
    before = articles(page)
    write(page, text)
    page.locator("#send").click()
    answered(page, before)


def answered(page: Page, before: int) -> None:
    page.locator(".log:not([hidden]) > article").nth(before).locator(f":is({DONE})").wait_for()


def text_of(page: Page, selector: str) -> str:
    return str(page.locator(f"{LAST} {selector}").first.inner_text())


def texts(page: Page, selector: str) -> list[str]:
    return list(page.locator(f"{LAST} {selector}").all_inner_texts())


def said_back(page: Page) -> list[Any]:
    """The JSON that came to the functions, which the endpoint says back."""
    return [json.loads(one) for one in texts(page, ".md-pre code")]


def put_away(page: Page) -> bool:
    """Escape closes the dialog."""
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    return True


def act_as(page: Page, name: str) -> None:
    page.locator("#acting").select_option(label=name)
    page.wait_for_selector("html[data-ready]")


def rest(page: Page, method: str, path: str, body: object = None) -> Any:
    """What our functions do: a call of Discord's API."""
    headers = {"Authorization": "Bot canned", "Content-Type": "application/json"}
    url = f"{page.url.rstrip('/')}/api/v10{path}"
    with urlopen(Request(url, json.dumps(body).encode() if body else None, headers, method=method)) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def channel(page: Page, name: str) -> str:
    return str(page.locator(".channel", has_text=name).get_attribute("data-channel"))


# --- cards --------------------------------------------------------------------------------------------------------


def a_card(page: Page) -> Seen:
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


def a_press(page: Page) -> Seen:
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


def hostile(page: Page) -> Seen:
    fired: list[str] = []

    def put_away(dialog: Dialog) -> None:
        fired.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", put_away)
    ask(page, "/hostile")
    made = page.locator(f"{LAST} .body img, {LAST} .body script, {LAST} .body a").count()
    return {"title": text_of(page, ".embed-title"), "elements_made": made, "dialogs": fired}


def suggestions(page: Page) -> Seen:
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


def typed_values(page: Page) -> Seen:
    ask(page, "/echo values player:Dr. K. Rügner by:Damage per minute page:7 all:true")
    return {"arrived": said_back(page)[0][0]["options"]}


def failures(page: Page) -> Seen:
    said = {}
    for command in ("broken", "toolong", "silent"):
        ask(page, f"/{command}")
        said[command] = text_of(page, ".body")
    return said


def late(page: Page) -> Seen:
    ask(page, "/export")
    file = page.locator(f"{LAST} .attachment a")
    return {"title": text_of(page, ".embed-title"), "file": file.inner_text(), "took": text_of(page, ".took")}


def picture(page: Page) -> Seen:
    ask(page, "/picture")
    page.wait_for_selector(f"{LAST} .embed-image")
    shown = page.locator(f"{LAST} .embed-image")
    width = shown.evaluate("one => one.decode().then(() => one.naturalWidth)")
    page.locator(f"{LAST} .enlarge").click()
    large = page.locator(".picture img").is_visible()
    return {"width": width, "text": shown.get_attribute("alt"), "enlarged": large, "put_away": put_away(page)}


def raw(page: Page) -> Seen:
    ask(page, "/quiet")
    page.locator(f"{LAST} .show-raw").click()
    response = json.loads(page.locator(".raw-text").inner_text())
    return {"type": response["type"], "put_away": put_away(page)}


# --- what is below a message --------------------------------------------------------------------------------------


def form(page: Page) -> Seen:
    ask(page, "/controls")
    before = articles(page)
    page.locator(f"{LAST} button", has_text="Name the teams").click()
    page.wait_for_selector(".modal")
    title, labels = page.locator(".modal h2").inner_text(), page.locator(".form-label").all_inner_texts()
    page.keyboard.type("Ax")
    page.locator(".modal [type=submit]").click()
    faults = [one for one in page.locator(".field-fault").all_inner_texts() if one]
    page.locator("[name=axis]").fill("Übersteiger")
    page.locator("[name=span]").select_option("always")
    page.locator(".modal [type=submit]").click()
    answered(page, before)
    arrived = said_back(page)[0]
    write(page, "/form")  # a command may open one as well; it is put away unanswered
    page.locator("#send").click()
    page.wait_for_selector(".modal")
    away = put_away(page)
    return {"title": title, "labels": labels, "faults": faults, "arrived": arrived, "put_away": away}


def menus(page: Page) -> Seen:
    ask(page, "/controls")
    before = articles(page)
    page.locator(f"{LAST} .menu-face").click()
    for name in ("supply", "goldrush", "adlernest"):  # the third is one too many
        page.locator(f"{LAST} .menu-list li", has_text=name).click()
    page.keyboard.press("Escape")
    answered(page, before)
    return {"several": text_of(page, ".content")}


def put_off(page: Page) -> Seen:
    """A press answered later: by changing its message, or by another."""
    ask(page, "/controls")
    before = articles(page)
    page.locator(f"{LAST} button", has_text="Change it later").click()
    page.wait_for_selector(f"{LAST} >> text=Thought it over")
    changed = articles(page) - before
    page.locator(f"{LAST} button", has_text="Answer later").click()
    page.wait_for_selector(f"{LAST} >> text=pressed")
    page.wait_for_selector(f"{LAST} >> text=Thought it over")
    return {"added": [changed, articles(page) - before], "used": text_of(page, ".used")}


# --- who asks, of whom, where -------------------------------------------------------------------------------------


def menu_on_a_user(page: Page) -> Seen:
    ask(page, "/quiet")
    page.locator(f"{LAST} .used .who").click()
    names = page.locator(".menu-item").all_inner_texts()
    page.keyboard.press("Escape")
    before = articles(page)
    page.locator(".member", has_text="Säpper").click(button="right")
    page.locator(".menu-item", has_text="Compare with me").click()
    answered(page, before)
    return {
        "names": names,
        "said": text_of(page, ".content"),
        "used": text_of(page, ".used"),
        "left": page.locator(".user-menu").count(),
    }


def _name(one: Seen) -> str:
    return str(next(one[key] for key in ("filename", "name", "username", "nick") if key in one))


def every_option(page: Page) -> Seen:
    write(page, "/give user:Säpper ツ channel:#digest loud:true")
    file = {"name": "round.dm_84", "mimeType": "application/x-demo", "buffer": b"demo"}
    page.locator("#option-file").set_input_files(file)
    before = articles(page)
    page.locator("#send").click()
    answered(page, before)
    options, resolved = said_back(page)
    kept = {kind: [_name(one) for one in named.values()] for kind, named in resolved.items()}
    return {"types": [one["type"] for one in options], "resolved": kept}


def two_users(page: Page, other: Page) -> Seen:
    """What one asks stands in front of the other at once; what is private does not, and waits for its owner."""
    ask(page, "/quiet")
    ask(page, "/session")
    other.wait_for_selector(f"{LAST} >> text=Session")
    others = other.locator(".log:not([hidden]) .ephemeral").count()
    mine = page.locator(".log:not([hidden]) .ephemeral").count()
    act_as(page, "Private Doe")
    as_doe = page.locator(".log:not([hidden]) .ephemeral").count()
    page.locator("#slash").click()
    may = page.locator("#suggestions >> text=/manage").count()
    page.keyboard.press("Escape")
    ask(page, "/quiet")
    note, used = text_of(page, ".ephemeral"), text_of(page, ".used")
    page.locator(f"{LAST} .dismiss").click()
    dismissed = page.locator(".log:not([hidden]) .ephemeral").count()
    act_as(page, "Sarge")
    page.locator("#slash").click()
    manages = page.locator("#suggestions >> text=/manage").count()
    page.keyboard.press("Escape")
    again = page.locator(".log:not([hidden]) .ephemeral").count()
    return {"private": [mine, others, as_doe, dismissed, again], "manage": [may, manages], "note": note, "used": used}


def language(page: Page) -> Seen:
    page.locator("#locale").select_option("de")
    page.locator("#slash").click()
    german = page.locator("#suggestions li", has_text="/session").inner_text()
    page.keyboard.press("Escape")
    ask(page, "/echo values player:x")
    asked = text_of(page, ".content")
    page.locator(".member").first.click()
    menu = page.locator(".menu-item").all_inner_texts()
    page.keyboard.press("Escape")
    page.locator("#locale").select_option("en-GB")
    return {"description": german, "asked": asked.split("\n")[0], "menu": menu}


def direct(page: Page) -> Seen:
    page.locator(".channel.direct").click()
    ask(page, "/echo values player:x")
    asked = text_of(page, ".content")
    page.locator(".channel").first.click()
    return {"asked": asked.split("\n")[0]}


def posts(page: Page) -> Seen:
    """A post arrives, changes and goes without anybody's doing."""
    round_channel = channel(page, "match-results")
    made = rest(page, "POST", f"/channels/{round_channel}/messages", {"content": "Round 1 is over."})
    page.wait_for_selector(".channel:has-text('match-results') .unread")
    unread = page.locator(".unread").inner_text()
    page.locator(".channel", has_text="match-results").click()
    page.wait_for_selector(f"{LAST} >> text=Round 1 is over.")
    first = page.locator(".log:not([hidden]) .embed-title").first.inner_text()
    rest(page, "PATCH", f"/channels/{round_channel}/messages/{made['id']}", {"content": "Round 2 is over."})
    page.wait_for_selector(f"{LAST} >> text=Round 2 is over.")
    edited = text_of(page, ".edited")
    before = articles(page)
    rest(page, "DELETE", f"/channels/{round_channel}/messages/{made['id']}")
    page.wait_for_selector(f"{LAST} >> text=Round 2 is over.", state="detached")
    gone = before - articles(page)
    page.locator(".channel").first.click()
    return {"unread": unread, "title": first, "edited": edited, "gone": gone}


def theme(page: Page) -> Seen:
    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    seen = []
    for _ in range(3):
        page.locator("#theme").click()
        seen.append((page.locator("html").get_attribute("data-theme"), ground()))
    return {"seen": seen}


STEPS: tuple[Callable[[Page], Seen], ...] = (
    a_card, a_press, hostile, suggestions, typed_values, failures, late, picture, raw,
    form, menus, put_off, menu_on_a_user, every_option, language, direct, posts, theme,
)  # fmt: skip


# --- phones -------------------------------------------------------------------------------------------------------

SMALL = """
    [...document.querySelectorAll('button, select, a.button, input:not([type=file])')]
      .filter(one => one.offsetParent && !one.matches('.show-raw, .dismiss, .who, .enlarge'))
      .map(one => [one.id || one.className, one.getBoundingClientRect()])
      .filter(([, box]) => box.height < 40 || box.width < 40)
      .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)
"""


def narrow(browser: Browser, desk: str) -> Seen:
    """On the narrowest phone nothing reaches over the edge, and a row of forty columns stays in one piece."""
    page = open_desk(browser, desk, "phone")
    page.set_viewport_size({"width": 360, "height": 740})
    for command in ("/profile player:x", "/session", "/hostile", "/picture"):
        ask(page, command)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    wide = page.locator(".embed, .components, .content").evaluate_all(
        "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
    )
    small = page.evaluate(SMALL)
    page.locator("#people").click()
    page.locator(".member").first.click()
    menu = page.locator(".menu-item").count()
    page.keyboard.press("Escape")
    page.locator(".channel", has_text="match-results").click()
    lines = (
        page.locator(".log:not([hidden]) .md-pre code")
        .nth(2)
        .evaluate(
            "node => { const style = getComputedStyle(node), padding = parseFloat(style.paddingTop) * 2;"
            " return (node.clientHeight - padding) / parseFloat(style.lineHeight); }"
        )
    )
    page.context.close()
    return {"over_the_edge": over, "rightmost": wide, "table_lines": lines, "small": small, "menu": menu}


def main() -> None:
    desk = sys.argv[1]
    problems: list[str] = []
    seen: Seen = {}
    with chromium() as browser:
        page = open_desk(browser, desk, "desktop")
        page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda fault: problems.append(str(fault)))
        elsewhere: list[str] = []
        page.on("request", lambda asked: None if asked.url.startswith(desk) else elsewhere.append(asked.url))
        for step in STEPS:
            seen[step.__name__] = step(page)
        other = open_desk(browser, desk, "desktop")
        act_as(other, "Säpper ツ")
        seen["two_users"] = two_users(page, other)
        seen["narrow"] = narrow(browser, desk)
        seen["problems"], seen["elsewhere"] = problems, elsewhere
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
