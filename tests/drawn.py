"""Pictures in tests: rendered as they are for players, and looked at pixel by pixel."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

from PIL import Image

from etstats.gateways.renderer import Renderer

_SVG = "{http://www.w3.org/2000/svg}"


@cache
def renderer() -> Renderer:
    return Renderer()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A rendered document; asking for a pixel outside is a mistake."""

    svg: str
    image: Image.Image

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    def at(self, x: float, y: float) -> str:
        """The colour of a pixel as the theme writes it."""
        pixel = self.image.getpixel((round(x), round(y)))
        assert isinstance(pixel, tuple)
        return "#{:02x}{:02x}{:02x}".format(*pixel[:3])

    def where(self, colour: str) -> list[tuple[int, int]]:
        """Every pixel of exactly *colour*."""
        wanted = tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))
        width = self.image.width
        raw = self.image.tobytes()
        return [
            (place % width, place // width)
            for place in range(width * self.image.height)
            if tuple(raw[3 * place : 3 * place + 3]) == wanted
        ]

    @property
    def declared_size(self) -> tuple[int, int]:
        root = ElementTree.fromstring(self.svg)
        return int(root.attrib["width"]), int(root.attrib["height"])

    @property
    def texts(self) -> list[str]:
        """Every text on it, in the order drawn."""
        return [element.text or "" for element in ElementTree.fromstring(self.svg).iter(f"{_SVG}text")]

    def marks(self, kind: str, colour: str) -> list[tuple[float, float]]:
        """The middles of its circles or polygons of one colour, from left to right."""
        found = []
        for element in ElementTree.fromstring(self.svg).iter(f"{_SVG}{kind}"):
            if element.attrib["fill"] == colour:
                found.append(_middle(element.attrib))
        return sorted(found)


def _middle(attributes: dict[str, str]) -> tuple[float, float]:
    if "cx" in attributes:
        return float(attributes["cx"]), float(attributes["cy"])
    points = [tuple(map(float, point.split(","))) for point in attributes["points"].split()]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def drawn(svg: str) -> Drawn:
    image = Image.open(io.BytesIO(renderer()(svg)))
    assert image.format == "PNG"
    return Drawn(svg, image.convert("RGB"))
