"""The page on which a demo, or a package of maps, is uploaded. It knows nobody: whose upload it is, and of which kind,
stands behind the # of its address."""

from __future__ import annotations

from typing import Any

from etstats.cards.page.document import Document, document
from etstats.domain.upload import PART_BYTES, Kind
from etstats.interactions.ticket import KINDS
from etstats.words import Words

_TEXTS = (
    *("another", "bytes", "choose", "choose_again", "drop", "go_on", "lead", "left", "offline", "one_file"),
    *("retry", "sending", "step_analysed", "step_ready", "step_received", "step_sent", "title", "wrong_file"),
    *("state_received", "state_analysing", "state_ready", "state_failed", "checking"),
    *("error_away", "error_bad_link", "error_bad_file", "error_enough", "error_expired", "error_gone"),
    *("error_incomplete", "error_too_large", "error_empty", "error_used"),
)


def upload(words: Words, *, bucket: str) -> Document:
    """*bucket*: the origin that parts are sent to."""
    told = {
        "kinds": {KINDS[kind]: _kind(words, kind) for kind in Kind},
        "language": words.language,
        "partBytes": PART_BYTES,
    }
    title = words("upload.title")
    return document(
        name="upload", language=words.language, title=title, told=told, body=_BODY, connect=f"'self' {bucket}"
    )


def _kind(words: Words, kind: Kind) -> dict[str, Any]:
    """What a ticket of that kind makes of the page; a text that is not its own is the demos'."""
    keys = {name: f"upload.{kind.value}_{name}" for name in _TEXTS}
    texts = {name: words.template(key if words.knows(key) else f"upload.{name}") for name, key in keys.items()}
    return {"texts": texts, "mostBytes": kind.most_bytes, "endings": kind.endings}


_BODY = """<main>
<h1 data-text="title"></h1>
<p class="lead" data-text="lead"></p>
<p id="notice" class="notice" role="status" hidden></p>
<label id="pick" class="pick"><input id="file" type="file"><strong data-text="choose"></strong>
<span data-text="drop"></span></label>
<section id="work" hidden>
<p class="name"><strong id="name"></strong> <span id="size"></span></p>
<div id="bar" class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="100"><div id="fill"></div></div>
<p id="told" class="told" aria-live="polite"></p>
<ol class="steps">
<li id="step-sent" data-text="step_sent"></li>
<li id="step-received" data-text="step_received"></li>
<li id="step-analysed" data-text="step_analysed"></li>
<li id="step-ready" data-text="step_ready"></li>
</ol>
<button id="retry" type="button" data-text="retry" hidden></button>
<button id="another" type="button" class="quiet" data-text="another" hidden></button>
</section>
</main>"""
