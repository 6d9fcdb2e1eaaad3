"""Opens a demo's report on a phone and on a desk, in light and dark, and moves along its timeline. Prints JSON. Runs in
.venv-browser.

.venv-browser/bin/python tests/browser/report.py URL FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from scripts.browser import chromium
from tests.browser.upload import opened


def main(url: str, folder: Path) -> None:
    seen: dict[str, Any] = {}
    with chromium() as browser:
        for size, scheme in (("phone", "light"), ("phone", "dark"), ("desktop", "light"), ("desktop", "dark")):
            page = opened(browser, url, size=size, scheme=scheme)
            page.screenshot(path=folder / f"report-{size}-{scheme}.png", full_page=True)
            seen[f"{size}_wide"] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        elsewhere: list[str] = []
        page.on("request", lambda request: elsewhere.append(request.url))
        seen["end"] = [page.locator("#clock").inner_text(), page.locator("#running").inner_text()]
        page.locator("#at").fill("0")
        seen["begin"] = [page.locator("#clock").inner_text(), page.locator("#lately li").count()]
        page.locator("#highlights button").first.click()
        seen["jumped"] = [page.locator("#clock").inner_text(), page.locator("#lately li").count()]
        page.locator("#play").click()
        page.locator("#lately li").nth(2).wait_for()
        seen["elsewhere"] = elsewhere
        seen["title"] = page.locator("h1").inner_text()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
