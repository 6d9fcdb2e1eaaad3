"""Takes pictures of the desk in headless Chromium: every command's main views, and all of them on one sheet.

    make screenshots                              # over a stack of its own, with one simulated session
    make screenshots FILES=DIR                    # the same with your own stats files
    make screenshots DESK=http://127.0.0.1:PORT   # over a desk that is running

Writes build/screenshots/: `contact-sheet.png` shows each card as a phone does, `cards/` holds them one by one, and the
rest is the desk itself. Runs in an environment of its own (.venv-browser), with the system's Chromium.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Locator, Page

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts.browser import chromium, open_desk
from scripts.surface import ON_A_USER, Leaf, Walk, leaves

Json = dict[str, Any]

PATIENCE_MS = 20_000
STACK_PATIENCE_S = 180
# a card is photographed in one piece, so the window is as high as the highest
TALL_PX = 4_000
# an option with more choices than this is shown by its first alone
FEW_CHOICES = 10
COLUMNS = 6

_SHEET = f"""
    body {{ margin: 16px; background: #1e1f22; color: #dbdee1; font: 15px sans-serif }}
    body {{ columns: {COLUMNS}; column-gap: 16px }}
    figure {{ margin: 0 0 20px; break-inside: avoid }}
    figcaption {{ padding: 4px 0; font-weight: 600; overflow-wrap: anywhere }}
    img {{ display: block; width: 390px; border-radius: 6px }}
"""

LAST = ".log:not([hidden]) > article:last-of-type"
SETTLED = f"{LAST} .slot:is([data-state=done], [data-state=failed]):not(.busy)"


class Album:
    """Where the pictures go; says each one's name as it is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken = 0
        self.cards: list[tuple[str, Path]] = []
        self._told: set[str] = set()
        (folder / "cards").mkdir(parents=True, exist_ok=True)
        for old in (folder / "cards").glob("*.png"):
            old.unlink()

    def take(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png")
        self._say(f"{name}.png")

    def take_card(self, page: Page, title: str) -> None:
        """The last message of the channel, by itself, unless another question was answered so."""
        told = f"{page.locator(f'{LAST} .body').inner_text()} {page.locator(f'{LAST} img').count()} pictures"
        if told in self._told:
            return
        self._told.add(told)
        page.wait_for_function("[...document.images].every(one => one.complete)")
        self.keep(page.locator(LAST), title)

    def keep(self, shown: Locator, title: str) -> None:
        """A picture on the sheet."""
        name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
        path = self.folder / "cards" / f"{len(self.cards):03}-{name}.png"
        shown.screenshot(path=path)
        self.cards.append((title, path))
        self._say(f"cards/{path.name}")

    def _say(self, name: str) -> None:
        self.taken += 1
        print(f"  {name}", flush=True)


# --- the cards ----------------------------------------------------------------------------------------------------


def cards(browser: Browser, desk: str, only: str, album: Album) -> None:
    """Each command's views, each menu on a person, and the latest post of each channel, as wide as a phone."""
    page = open_desk(browser, desk, "phone", height=TALL_PX, scale=1)
    state = _read(f"{desk}/desk/state")
    here, somebody = state["channels"][0]["id"], state["users"][0]["id"]
    walk = Walk(ask=_asking(desk), commands=state["commands"], me=somebody, target=somebody, channel=here)
    walk.introduce()
    if not only:
        _cards_on_a_user(page, state, album)
    for leaf in leaves(state["commands"]):
        if only in ("", leaf.path[0]):
            for options in _views(walk, leaf):
                _send(page, leaf, options)
                if (form := page.locator(".modal")).count():
                    album.keep(form, f"{_title(leaf, options)} → form")
                    _fill_in(page, form)
                album.take_card(page, _title(leaf, options))
                _picture(page, _title(leaf, options), album)
    if not only:
        _latest_posts(page, album)
    page.context.close()


def _picture(page: Page, title: str, album: Album) -> None:
    """The view that is drawn, where a card has one."""
    button = page.locator(f"{LAST} .button:enabled", has_text="Picture")
    if button.count():
        button.click()
        page.wait_for_selector(f"{LAST} .embed-image", timeout=PATIENCE_MS)
        album.take_card(page, f"{title} → Picture")


def _views(walk: Walk, leaf: Leaf) -> list[Json]:
    """With nothing but what it needs, of the first suggested, and by each choice of an option that has few."""
    shown = [one for number, one in enumerate(leaf.options) if _is_shown(one, is_first=not number)]
    return walk.fillings(Leaf(path=leaf.path, options=tuple(shown)))


def _is_shown(option: Json, *, is_first: bool) -> bool:
    if option.get("required"):
        return True
    return 0 < len(option.get("choices", ())) <= FEW_CHOICES or (is_first and bool(option.get("autocomplete")))


def _title(leaf: Leaf, options: Json) -> str:
    return " ".join([leaf.name, *(f"{name}:{value}" for name, value in options.items())])


def _send(page: Page, leaf: Leaf, options: Json) -> None:
    page.locator("#command").fill(f"{leaf.name} ")
    for name, value in options.items():
        page.locator(f"#option-{name}").fill(str(value).lower() if isinstance(value, bool) else str(value))
    _click(page, page.locator("#send"), "command")


def _fill_in(page: Page, form: Locator) -> None:
    """What is empty, a line or several, and off with it."""
    for field, text in (("input", "Which map first?"), ("textarea", "Supply\nGoldrush")):
        for one in form.locator(field).all():
            if not one.input_value():
                one.fill(text)
    _click(page, form.locator("[type=submit]"), "modal")


def _click(page: Page, control: Locator, asks: str) -> None:
    """Until the answer stands there; *asks*: the kind of interaction."""
    with page.expect_response(lambda answer: f'"kind":"{asks}"' in (answer.request.post_data or "")):
        control.click()
    page.wait_for_timeout(100)
    page.wait_for_selector(SETTLED, timeout=PATIENCE_MS)


def _cards_on_a_user(page: Page, state: Json, album: Album) -> None:
    for command in state["commands"]:
        if command["type"] == ON_A_USER:
            page.locator("#people").click()
            page.locator(".member").nth(0).click()
            with page.expect_response("**/desk/interact"):
                page.locator(".menu-item", has_text=command["name"]).click()
            page.locator("#people").click()
            page.wait_for_timeout(100)
            page.wait_for_selector(SETTLED, timeout=PATIENCE_MS)
            album.take_card(page, f"{command['name']} (on a user)")


def _latest_posts(page: Page, album: Album) -> None:
    tabs = page.locator(".channel")
    for number in range(1, tabs.count()):
        tabs.nth(number).click()
        if page.locator(LAST).count():
            album.take_card(page, f"posted in {tabs.nth(number).locator('.channel-label').inner_text()}")


def contact_sheet(browser: Browser, album: Album) -> None:
    """All cards beside each other under what was asked, for one look at the whole."""
    figures = "".join(
        f"<figure><figcaption>{html.escape(title)}</figcaption>"
        f"<img src='data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}'></figure>"
        for title, path in album.cards
    )
    page = browser.new_page(viewport={"width": COLUMNS * 406 + 16, "height": 800})
    page.set_content(f"<!doctype html><style>{_SHEET}</style>{figures}")
    page.wait_for_function("[...document.images].every(one => one.complete)")
    page.screenshot(path=album.folder / "contact-sheet.png", full_page=True)
    page.close()
    print(f"  contact-sheet.png: {len(album.cards)} cards", flush=True)


# --- the desk itself ----------------------------------------------------------------------------------------------


def desk_itself(browser: Browser, desk: str, album: Album) -> None:
    """What is around the cards: on a phone and on a desk, in the dark and by day."""
    for size in ("desktop", "phone"):
        for theme in ("dark", "light"):
            page = open_desk(browser, desk, size, theme=theme)
            name = f"{size}-{theme}"
            album.take(page, f"{name}-channel")
            page.locator("#slash").click()
            album.take(page, f"{name}-commands")
            page.keyboard.press("Escape")
            if size == "phone":
                page.locator("#people").click()
            page.locator(".member").nth(1).click()
            album.take(page, f"{name}-people")
            page.context.close()


# --- a stack to look at -------------------------------------------------------------------------------------------


@contextmanager
def own_stack(log: Path, files: Path | None) -> Iterator[str]:
    """What `make up` starts, for as long as the pictures take; gives the desk's address once all files are in."""
    given = ["--files", str(files)] if files else []
    with log.open("w") as out:
        child = subprocess.Popen([".venv/bin/python", "-m", "local.up", *given], stdout=out, stderr=out)
    try:
        desk = _wait_for(lambda: _address(child, log), "The stack did not start", log)
        _wait_for(lambda: _quiet(log), "The stack did not come to rest", log)
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


def _quiet(log: Path) -> str:
    """A file was stored, and nothing more was done for some seconds."""
    before = log.read_text(encoding="utf-8")
    time.sleep(6)
    return "quiet" if "StoreFunction" in before and log.read_text(encoding="utf-8") == before else ""


def _read(address: str, body: Json | None = None) -> Any:
    data = json.dumps(body).encode() if body else None
    asked = Request(address, data, {"Content-Type": "application/json"})  # noqa: S310  # the developer's own address
    with urlopen(asked, timeout=10) as answer:  # noqa: S310
        return json.load(answer)


def _asking(desk: str) -> Callable[[Json], Json]:
    """For what is suggested while typing."""
    return lambda asked: dict(_read(f"{desk}/desk/interact", asked))


def _check(desk: str) -> None:
    """Raises SystemExit with a sentence when nothing is there to take pictures of."""
    try:
        commands = _read(f"{desk}/desk/state")["commands"]
    except (URLError, OSError, ValueError, KeyError):
        raise SystemExit(f"No desk answers at {desk}. Start one with `make up`, or name it: DESK=http://…") from None
    if not commands:
        raise SystemExit(f"The desk at {desk} has no commands registered; there is nothing to take pictures of.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--desk", default="", help="the address of a running desk; none: a stack is started for it")
    parser.add_argument("--files", type=Path, help="a folder of stats files for the stack that is started")
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", default="", help="one command's name")
    asked = parser.parse_args()
    begun = time.monotonic()
    album = Album(asked.out)
    stack = nullcontext(asked.desk.rstrip("/")) if asked.desk else own_stack(asked.out / "stack.log", asked.files)
    with chromium() as browser, stack as desk:
        _check(desk)
        cards(browser, desk, asked.only, album)
        contact_sheet(browser, album)
        if not asked.only:
            desk_itself(browser, desk, album)
    print(f"  {album.taken} pictures in {asked.out}, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
