"""An SVG document in the making. Whatever is written on it is escaped, drawn by our fonts, and cut to its room."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from etstats.cards.picture import face, theme

Point = tuple[float, float]


class Canvas:
    """Things drawn later lie on top. Coordinates in px from the upper left corner."""

    def __init__(self, *, width: int = theme.WIDTH, height: int = theme.HEIGHT) -> None:
        self.width, self.height = width, height
        self._drawn: list[str] = []
        self.box(0, 0, width, height, fill=theme.BACKGROUND)

    def svg(self) -> str:
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n' + "\n".join(self._drawn) + "\n</svg>\n"

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str, corner: float = 0, opacity: float = 1
    ) -> None:
        size = f'width="{_px(max(width, 0))}" height="{_px(max(height, 0))}" rx="{_px(corner)}"'
        self._drawn.append(f'<rect x="{_px(x)}" y="{_px(y)}" {size} fill="{fill}" fill-opacity="{opacity:g}"/>')

    def line(
        self,
        points: Iterable[Point],
        *,
        colour: str,
        stroke: float = theme.HAIR,
        dashed: bool = False,
        opacity: float = 1,
    ) -> None:
        """Through all *points*; one alone is a dot."""
        listed = list(points)
        if not listed:
            return
        path = "M" + " L".join(f"{_px(x)} {_px(y)}" for x, y in (listed if len(listed) > 1 else listed * 2))
        dashes = f' stroke-dasharray="{_px(stroke * 3)} {_px(stroke * 3)}"' if dashed else ' stroke-linecap="round"'
        self._drawn.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_px(stroke)}" stroke-linejoin="round"'
            f' stroke-opacity="{opacity:g}"{dashes}/>'
        )

    def circle(self, x: float, y: float, *, fill: str, radius: float = theme.MARK) -> None:
        """With an edge in the background's colour, so that it stands out from a line."""
        self._drawn.append(f'<circle cx="{_px(x)}" cy="{_px(y)}" r="{_px(radius)}" fill="{fill}" {_EDGE}/>')

    def shape(self, points: Iterable[Point], *, fill: str) -> None:
        path = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
        self._drawn.append(f'<polygon points="{path}" fill="{fill}" {_EDGE}/>')

    def square(self, x: float, y: float, *, fill: str, radius: float = theme.MARK) -> None:
        self.shape([(x + dx * radius, y + dy * radius) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))], fill=fill)

    def triangle(self, x: float, y: float, *, fill: str, up: bool, radius: float = theme.MARK) -> None:
        tip = -1 if up else 1
        self.shape(
            [(x + dx * radius, y + dy * radius * tip) for dx, dy in ((0, 1.2), (1.2, -1), (-1.2, -1))], fill=fill
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = theme.LABEL,
        colour: str = theme.TEXT,
        bold: bool = False,
        anchor: str = "start",
        room: float | None = None,
    ) -> float:
        """*y* is the base line's. Returns the width. *anchor*: what of the text stands at *x*, start, middle or end."""
        shown = face.drawable(text)
        shown = shown if room is None else face.fitted(shown, room, size, bold=bold)
        wide = face.width(shown, size, bold=bold)
        style = f'font-size="{_px(size)}" fill="{colour}"' + (' font-weight="700"' if bold else "")
        parts = face.by_family(shown)
        if len(parts) > 1:  # resvg loses letters where one text changes fonts, so each part is placed by itself
            x, anchor = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor], "start"
        for family, part in parts:
            place = f'x="{_px(x)}" y="{_px(y)}" text-anchor="{anchor}" font-family={quoteattr(family)}'
            self._drawn.append(f'<text {place} {style} xml:space="preserve">{escape(part)}</text>')
            x += face.width(part, size, bold=bold)
        return wide


_EDGE = f'stroke="{theme.BACKGROUND}" stroke-width="3"'


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
