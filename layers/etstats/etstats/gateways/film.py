"""Frames become a film that phones play inline: H.264 by ffmpeg, in a process of its own; where there is none, a WebP.

Frames come and go one at a time: a film of 30 s is 1.1 GB of them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from PIL import Image

from etstats.errors import FilmFailed

MP4, WEBP = "mp4", "webp"
# so many bits a second at most: 30 s of them are 6 MB, and Discord shows 8 MB and more only to some
_MOST_BITS = 1_600_000
_WEBP_SIDE = 480  # px; a WebP is larger than an MP4 of the same frames
_WEBP_EVERY = 2  # frames
_END_S = 30  # so long ffmpeg may take after its last frame


def make_film(frames: Iterable[bytes], *, count: int, side: int, frames_per_s: int, into: Path) -> str:
    """Writes a film of *count* square RGB *frames* to *into*; its ending: MP4, or WEBP where there is no ffmpeg. Raises
    FilmFailed."""
    program = ffmpeg()
    if program is None:
        _webp(frames, side, frames_per_s, into, count)
        return WEBP
    _mp4(program, frames, side, frames_per_s, into)
    return MP4


@cache
def ffmpeg() -> str | None:
    """The one in the wheel; its own look at whether it runs is paid once per container."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe  # noqa: PLC0415  # a layer may come without it

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


def _mp4(program: str, frames: Iterable[bytes], side: int, frames_per_s: int, into: Path) -> None:
    command = [
        *(program, "-hide_banner", "-loglevel", "error", "-nostdin", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{side}x{side}", "-r", str(frames_per_s), "-i", "pipe:0"),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"),
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "22", "-threads", "2"),
        *("-maxrate", str(_MOST_BITS), "-bufsize", str(_MOST_BITS), "-g", str(frames_per_s * 2)),
        *("-movflags", "+faststart", "-f", "mp4", str(into)),
    ]
    with TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said)  # noqa: S603  # ours
        try:
            assert process.stdin is not None
            with suppress(BrokenPipeError):  # it says why below
                for frame in frames:
                    process.stdin.write(frame)
                process.stdin.close()
            if process.wait(timeout=_END_S) != 0:
                raise FilmFailed(f"ffmpeg ended with {process.returncode}: {_said(said)}")
        except subprocess.TimeoutExpired as fault:
            raise FilmFailed(f"ffmpeg did not get done: {_said(said)}") from fault
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing of it is left, whatever went wrong."""
    if process.poll() is None:
        process.kill()
        process.wait()
    with suppress(BrokenPipeError):
        if process.stdin is not None:
            process.stdin.close()


def _said(said: BinaryIO) -> str:
    said.seek(0)
    return said.read(500).decode("utf-8", "replace").strip()


def _webp(frames: Iterable[bytes], side: int, frames_per_s: int, into: Path, count: int) -> None:
    """Smaller and with fewer frames; played again and again."""
    kept = islice(frames, 0, None, _WEBP_EVERY)
    reel = _Reel(kept, side, -(-count // _WEBP_EVERY))
    reel.save(into, "WEBP", save_all=True, duration=1_000 * _WEBP_EVERY // frames_per_s, quality=60, method=2)


class _Reel(Image.Image):
    """What Pillow takes for an animated picture: it asks for one frame after another, and keeps none."""

    def __init__(self, frames: Iterator[bytes], side: int, count: int) -> None:
        super().__init__()
        self._frames, self._side, self.n_frames = frames, side, count
        self._at = -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        if frame <= self._at:
            return
        self._at = frame
        whole = Image.frombytes("RGB", (self._side, self._side), next(self._frames))
        shown = whole.resize((_WEBP_SIDE, _WEBP_SIDE), Image.Resampling.BOX)
        self._im, self._mode, self._size = shown.im, shown.mode, shown.size

    def tell(self) -> int:
        return max(self._at, 0)
