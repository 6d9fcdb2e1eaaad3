"""SVG to PNG by resvg, with our own fonts and no other. Imported through wiring, where a picture is asked for."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from xml.parsers import expat

from resvg import render, usvg

from etstats.errors import BadPicture

# In the order they are asked for a letter: https://fonts.google.com/noto, http://wenq.org
FAMILIES = {
    "Noto Sans": ("manimgx_fonts", "NotoSans[wght].ttf"),
    "Noto Emoji": ("manimgx_fonts", "NotoEmoji[wght].ttf"),
    "Noto Sans Hebrew": ("manimgx_fonts", "NotoSansHebrew[wght].ttf"),
    "Noto Sans Arabic": ("manimgx_fonts", "NotoSansArabic[wght].ttf"),
    "Noto Sans Armenian": ("manimgx_fonts", "NotoSansArmenian[wght].ttf"),
    "Noto Sans Georgian": ("manimgx_fonts", "NotoSansGeorgian[wght].ttf"),
    "Noto Sans Devanagari": ("manimgx_fonts", "NotoSansDevanagari[wght].ttf"),
    "Noto Sans Thai": ("manimgx_fonts", "NotoSansThai[wght].ttf"),
    "WenQuanYi Micro Hei": ("paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc"),
}
_LARGEST_PX = 4_000
_AS_IT_IS = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)  # two rows of a matrix


def font_file(family: str) -> Path:
    package, name = FAMILIES[family]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {package} with the font {family} is not installed")
    return Path(spec.origin).parent / name


class Renderer:
    """Keeps the fonts read: the first picture of a container pays for them, the others do not."""

    def __init__(self) -> None:
        self._options = usvg.Options.default()
        for family in FAMILIES:
            self._options.load_font_data(font_file(family).read_bytes())

    def __call__(self, svg: str) -> bytes:
        """A PNG of the document's declared size. Raises BadPicture for what is no SVG document of a sensible size."""
        _check(svg)
        return bytes(render(usvg.Tree.from_str(svg, self._options), _AS_IT_IS))


def _check(svg: str) -> None:
    """resvg panics on what this refuses, and says so on stderr."""
    root: dict[str, str] = {}

    def started(name: str, attributes: dict[str, str]) -> None:
        if not root:
            root.update(attributes, name=name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    try:
        parser.Parse(svg.encode(), True)
        width, height = float(root.get("width", "")), float(root.get("height", ""))
    except (expat.ExpatError, ValueError) as fault:
        raise BadPicture(f"That is no SVG document with a size: {fault}.") from fault
    if root["name"] != "svg" or not (1 <= width <= _LARGEST_PX and 1 <= height <= _LARGEST_PX):
        raise BadPicture(f"A picture of {width:g} × {height:g} px cannot be drawn; at most {_LARGEST_PX} each way can.")
