"""All that is made of a demo, in few characters: `python -m tests.demo_digest FILE…` tells it of the plain sources."""

from __future__ import annotations

import hashlib
import sys
from io import BytesIO
from pathlib import Path

if __name__ == "__main__":
    from scripts.plain import ignore_compiled

    ignore_compiled()

from etstats.demo import decode
from etstats.demo.cut import cut, point_of_view
from etstats.demo.demo import Demo
from etstats.demo.positions import read_positions
from etstats.demo.reader import Reader
from etstats.demo.writer import Writer
from etstats.errors import BadDemo


def digest(content: bytes) -> str:
    """Of events, positions, states, a demo written anew, a cut and a point of view."""
    demo = Demo(content)
    told = [repr(event) for event in demo.events()] + [repr(demo.about())]
    told += [repr(position) for position in read_positions(content, every_ms=500)]
    told += [repr(message) for message in Reader(content)]
    about = demo.about()
    middle = ((about.first_server_time_ms or 0) + (about.last_server_time_ms or 0)) // 2
    parts = ["\n".join(told).encode(), _written_anew(content), _cut(content, middle)]
    for player in about.players[:1] if about.protocol == 284 else ():
        out = BytesIO()
        point_of_view(content, out, client=player.client)
        parts.append(out.getvalue())
    return " ".join(hashlib.sha256(part).hexdigest()[:16] for part in parts)


def digest_or_fault(content: bytes) -> str:
    try:
        return digest(content)
    except BadDemo as fault:
        return fault.code


def _cut(content: bytes, from_ms: int) -> bytes:
    out = BytesIO()
    cut(content, out, from_ms=from_ms)
    return out.getvalue()


def _written_anew(content: bytes) -> bytes:
    out = BytesIO()
    writer = Writer(out)
    for message in Reader(content):
        if message.gamestate is not None:
            writer.begin(message.number, message.gamestate)
        elif message.snapshot is None or message.snapshot.valid:
            writer.write(message)
    writer.end()
    return out.getvalue()


if __name__ == "__main__":
    assert not decode.COMPILED
    for path in sys.argv[1:]:
        print(digest_or_fault(Path(path).read_bytes()))
