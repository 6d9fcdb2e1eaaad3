"""Walks every command on the desk in headless Chromium, as wide as a phone, and prints as JSON what did not go well.

.venv-browser/bin/python tests/browser/walk.py http://127.0.0.1:PORT MOST_PRESSES
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Page, Response

sys.path.insert(0, str(Path(__file__).parents[2]))
from scripts.browser import chromium, open_desk
from scripts.surface import Walk

Json = dict[str, Any]
LATE_WITHIN_S = 30.0

# What a reader on a phone would stumble over in one message.
LOOK = """article => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  for (const code of article.querySelectorAll('.md-pre code')) {
    const style = getComputedStyle(code);
    const rows = (code.clientHeight - parseFloat(style.paddingTop) * 2) / parseFloat(style.lineHeight);
    const lines = code.textContent.split('\\n');
    const longest = lines.reduce((one, other) => (other.length > one.length ? other : one), '');
    if (Math.round(rows) > lines.length) found.push(`a table is folded: ${longest}`);
  }
  for (const picture of article.querySelectorAll('img')) {
    if (picture.complete && !picture.naturalWidth) found.push(`a picture is broken: ${picture.alt}`);
    if (!picture.alt) found.push('a picture has no text');
  }
  const asked = article.querySelector('.used .command')?.textContent ?? '?';
  return found.map(one => `${asked}: ${one}`);
}"""


class Walker:
    """*ask* does on the page what the question says, and gives what came of it."""

    def __init__(self, page: Page, desk: str) -> None:
        self.page, self.desk = page, desk
        self.stumbles: list[str] = []
        page.set_default_timeout(15_000)

    def ask(self, asked: Json) -> Json:
        if asked["kind"] == "autocomplete":
            return self._fetch("/desk/interact", {**asked, "channel_id": self._channel()})
        doing = {
            "command": self._send,
            "user_command": self._choose_on_a_user,
            "component": self._press,
            "modal": self._fill_in,
        }[asked["kind"]]
        with self.page.expect_response(lambda answer: _is_answer(answer, asked["kind"])) as came:
            doing(asked)
        result: Json = came.value.json()
        if result["error"] or not result["message"]:
            return result
        return {**result, "message": self._settled(result["token"])}

    def _send(self, asked: Json) -> None:
        page, name = self.page, "/" + " ".join(asked["path"])
        page.locator("#command").fill(f"{name} ")
        for option, value in asked["options"].items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            page.locator(f"#option-{option}").fill(text)
        page.locator("#send").click()

    def _choose_on_a_user(self, asked: Json) -> None:
        self.page.locator("#people").click()
        self.page.locator(f".member[data-user='{asked['target']}']").click()
        self.page.locator(".menu-item", has_text=asked["name"]).click()
        self.page.locator("#people").click()

    def _press(self, asked: Json) -> None:
        article = self.page.locator(f"[data-message='{asked['message_id']}']")
        article.locator(f"[data-id='{asked['custom_id']}']").click()
        for value in asked["values"]:
            article.locator(f"[data-value='{value}']").click()
        if len(asked["values"]) > 1:
            self.page.keyboard.press("Escape")

    def _fill_in(self, asked: Json) -> None:
        for name, value in asked["values"].items():
            field = self.page.locator(f".modal [name='{name}']")
            if isinstance(value, list):
                field.select_option(value)
            else:
                field.fill(value)
        self.page.locator(".modal [type=submit]").click()

    def _settled(self, token: str) -> Json:
        """The message when it stands on the page for good."""
        deadline = time.monotonic() + LATE_WITHIN_S
        while time.monotonic() < deadline:
            message = self._fetch(f"/stub/webhooks/{token}/original")
            if message.get("flags", 128) & 128 == 0:
                settled = f"[data-message='{message['id']}']:has(.slot[data-state=done]:not(.busy))"
                self.stumbles += self.page.locator(settled).evaluate(LOOK)
                return self._fetch(f"/stub/webhooks/{token}/original")  # what was put off may have come meanwhile
            self.page.wait_for_timeout(30)
        raise SystemExit(f"An answer was promised and did not come within {LATE_WITHIN_S:.0f} s.")

    def _channel(self) -> str:
        return str(self.page.locator(".channel").first.get_attribute("data-channel"))

    def _fetch(self, path: str, body: Json | None = None) -> Json:
        data = json.dumps(body).encode() if body else None
        asked = Request(self.desk + path, data, {"Content-Type": "application/json"})
        try:
            with urlopen(asked, timeout=20) as answer:
                return dict(json.load(answer))
        except HTTPError:
            return {}


def _is_answer(answer: Response, kind: str) -> bool:
    return answer.url.endswith("/desk/interact") and f'"kind":"{kind}"' in (answer.request.post_data or "")


def main() -> None:
    desk, most_presses = sys.argv[1].rstrip("/"), int(sys.argv[2])
    with chromium() as browser:
        page = open_desk(browser, desk, "phone")
        problems: list[str] = []
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: problems.append(str(fault)))
        walker = Walker(page, desk)
        state = walker._fetch("/desk/state")
        walk = Walk(
            ask=walker.ask,
            commands=state["commands"],
            me=state["users"][0]["id"],
            target=state["users"][1]["id"],
            channel=state["channels"][0]["id"],
            most_presses=most_presses,
        )
        walk.run()
    tried = sorted({fault.split()[0] for fault in walk.faults})
    told = {"asked": walk.asked, "faults": walk.faults, "stumbles": walker.stumbles, "problems": problems}
    print(json.dumps({**told, "failing": tried}))


if __name__ == "__main__":
    main()
