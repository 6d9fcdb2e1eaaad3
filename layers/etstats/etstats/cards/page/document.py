"""An HTML document of one piece. What people named is in it as data, never as HTML."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from html import escape
from pkgutil import get_data
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """*policy*: its Content-Security-Policy, for the header."""

    html: str
    policy: str


def document(
    *, name: str, language: str, title: str, told: dict[str, Any], body: str = "", connect: str = "'none'",
    images: str = "'none'", media: str = "'none'",
) -> Document:  # fmt: skip
    """`<name>.css`, `theme.css` and `<name>.js` of this folder in one page. *told* is what the script finds in the
    element `given`, as JSON; *body* is HTML of our own making. *connect*, *images*, *media*: sources the policy allows.
    """
    style, script = _part("theme.css") + _part(f"{name}.css"), _part(f"{name}.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            f"connect-src {connect}",
            f"img-src {images}",
            f"media-src {media}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    html = (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n<meta name="referrer" content="no-referrer">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        f'<script type="application/json" id="given">{_as_data(told)}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )
    return Document(html=html, policy=f"{policy}; frame-ancestors 'none'")


def _as_data(told: dict[str, Any]) -> str:
    """JSON in which nothing can end the element it stands in."""
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@cache
def _part(name: str) -> str:
    content = get_data(__name__, name)
    assert content is not None  # the package's own file
    return content.decode()
