"""Pictures in tests: rendered as they are for players, and looked at pixel by pixel."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

from PIL import Image, ImageChops

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
        wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        red, green, blue = (
            band.point([255 if level == want else 0 for level in range(256)])
            for band, want in zip(self.image.split(), wanted, strict=True)
        )
        alike = ImageChops.multiply(ImageChops.multiply(red, green), blue).tobytes()
        width = self.image.width
        return [(found.start() % width, found.start() // width) for found in re.finditer(b"\xff", alike)]

    @property
    def texts(self) -> list[str]:
        """Every text on it, in the order drawn."""
        return [element.text or "" for element in ElementTree.fromstring(self.svg).iter(f"{_SVG}text")]

    def lines(self, colour: str) -> list[list[tuple[float, float]]]:
        """The points of each line of one colour, in the order drawn."""
        paths = [element.attrib for element in ElementTree.fromstring(self.svg).iter(f"{_SVG}path")]
        return [
            [(float(x), float(y)) for x, y in (point.split() for point in path["d"][1:].split(" L"))]
            for path in paths
            if path["stroke"] == colour
        ]

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


def is_drawn_as_declared(svg: str) -> bool:
    """Whether a well-formed document becomes a PNG of just its size: whatever values it was made of."""
    root = ElementTree.fromstring(svg)
    image = Image.open(io.BytesIO(renderer()(svg)))
    return image.format == "PNG" and image.size == (int(root.attrib["width"]), int(root.attrib["height"]))
