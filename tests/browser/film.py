"""Plays the film of the desk's last post in headless Chromium, as wide as a phone, and prints as JSON what was seen.

.venv-browser/bin/python tests/browser/film.py http://127.0.0.1:PORT
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from scripts.browser import chromium, open_desk

# Whether this build of Chromium knows H.264 at all; not every one does.
KNOWS = """() => document.createElement('video').canPlayType('video/mp4; codecs="avc1.64001f"') !== ''"""
PLAY = """video => new Promise(resolve => {
  const told = () => resolve({
    ready: video.readyState, width: video.videoWidth, height: video.videoHeight, seconds: video.duration,
    at: video.currentTime, fault: video.error?.message ?? '', shown: video.getBoundingClientRect().width,
  });
  video.muted = true;
  video.addEventListener('timeupdate', () => { if (video.currentTime > 0.2) told(); });
  video.addEventListener('error', told);
  setTimeout(told, 15000);
  video.play().catch(told);
})"""
PICTURE = "picture => picture.decode().then(() => [picture.naturalWidth, picture.naturalHeight])"


def main(desk: str) -> None:
    with chromium() as browser:
        page = open_desk(browser, desk, "phone")
        page.locator(".channel", has_text="match-results").click()
        film = page.locator(".log:not([hidden]) video").last
        film.wait_for(state="attached")
        knows = page.evaluate(KNOWS)
        seen = {
            "knows": knows,
            "film": film.evaluate(PLAY) if knows else None,
            "picture": page.locator(".log:not([hidden]) img.embed-image").last.evaluate(PICTURE),
            "over_the_edge": page.evaluate("document.documentElement.scrollWidth - innerWidth"),
        }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1])
