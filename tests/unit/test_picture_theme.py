"""The theme holds for the colour-blind and on a phone: contrasts and differences by simulation, sizes by reading."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from etstats.cards.picture import theme

Triple = tuple[float, float, float]

# Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency (2009), table 1,
# severity 1.0; applied to linear RGB.
SIGHTS: dict[str, tuple[Triple, Triple, Triple]] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TEXTS = [theme.TEXT, theme.MUTED, theme.TEAM_A, theme.TEAM_B, theme.ABOVE, theme.BELOW]
MARKS = [*TEXTS, theme.USUAL]
TOLD_APART = [
    (theme.TEAM_A, theme.TEAM_B),
    (theme.ABOVE, theme.BELOW),
    (theme.ABOVE, theme.TEXT),
    (theme.BELOW, theme.TEXT),
]


def _linear(colour: str) -> Triple:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return red, green, blue


def _seen(colour: str, sight: str) -> Triple:
    """Linear RGB as somebody with *sight* sees it."""
    light = _linear(colour)
    red, green, blue = (
        min(max(sum(part * one for part, one in zip(row, light, strict=True)), 0), 1) for row in SIGHTS[sight]
    )
    return red, green, blue


def _luminance(light: Triple) -> float:
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def _contrast(one: str, other: str, sight: str) -> float:
    """WCAG 2: from 1 to 21."""
    low, high = sorted(_luminance(_seen(colour, sight)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _lab(light: Triple) -> Triple:
    """CIE L*a*b* under D65."""
    red, green, blue = light
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    f, g, h = (one ** (1 / 3) if one > 216 / 24389 else (24389 / 27 * one + 16) / 116 for one in (x, y, z))
    return 116 * g - 16, 500 * (f - g), 200 * (g - h)


def _difference(one: str, other: str, sight: str) -> float:
    """CIE76: 2.3 is just noticeable."""
    first, second = _lab(_seen(one, sight)), _lab(_seen(other, sight))
    return math.dist(first, second)


def test_the_yardsticks_are_right() -> None:
    assert _contrast("#000000", "#ffffff", "all colours") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff", "all colours") == pytest.approx(4.48, abs=0.01)
    assert _lab(_linear("#ff0000")) == pytest.approx((53.24, 80.09, 67.20), abs=0.1)
    # the classical trap: a red and a green that only full sight tells apart
    assert _difference("#c04040", "#707020", "all colours") > 3 * _difference("#c04040", "#707020", "deuteranopia")


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colour", TEXTS)
def test_every_text_can_be_read(colour: str, sight: str) -> None:
    assert _contrast(colour, theme.BACKGROUND, sight) >= 7  # WCAG AAA


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colour", MARKS)
def test_every_mark_stands_out_from_the_background(colour: str, sight: str) -> None:
    assert _contrast(colour, theme.BACKGROUND, sight) >= 4.5


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colour", [theme.TEAM_A, theme.TEAM_B])
def test_a_teams_letter_can_be_read_on_its_colour(colour: str, sight: str) -> None:
    assert _contrast(theme.BACKGROUND, colour, sight) >= 7


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("pair", TOLD_APART)
def test_colours_that_mean_different_things_look_different(pair: tuple[str, str], sight: str) -> None:
    assert _difference(*pair, sight) >= 25


def test_the_grid_stays_behind_what_is_drawn_on_it() -> None:
    for sight in SIGHTS:
        assert _contrast(theme.GRID, theme.BACKGROUND, sight) < 2.2


def test_nothing_is_written_too_small_for_a_phone() -> None:
    sizes = [theme.SMALL, theme.LABEL, theme.TITLE, theme.HEADLINE]
    assert min(sizes) >= 26
    assert all(low < high for low, high in combinations(sizes, 2))
    assert theme.WIDTH == 1_000
