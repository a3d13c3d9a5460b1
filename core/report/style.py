"""Paper, grid, sizes and colours of the report: one place, few values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Paper = Literal["A4", "Letter"]
Colour = tuple[float, float, float]
MM = 72.0 / 25.4


def rgb(code: str) -> Colour:
    """A colour from ``#rrggbb``. Raises ValueError."""
    digits = code.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"a colour is written #rrggbb; got '{code}'")
    return (int(digits[0:2], 16) / 255, int(digits[2:4], 16) / 255, int(digits[4:6], 16) / 255)


INK = rgb("#1a232e")
MUTED = rgb("#566270")
RULE = rgb("#c5ccd3")
TINT = rgb("#eef3f7")
ACCENT = rgb("#17567d")
WARNING = rgb("#9a4a00")
WARNING_TINT = rgb("#fbf1e6")

BODY, SMALL, CELL, CAPTION = 9.2, 8.2, 7.8, 7.8
LEADING = 1.38
"""Line height over type size."""
HEADINGS = {1: 17.0, 2: 11.5, 3: 9.6}


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two colours after WCAG 2, 1 to 21."""

    def light(colour: Colour) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in points: origin at the lower left corner."""

    width: float
    height: float
    left: float = 20.0 * MM
    right: float = 20.0 * MM
    top: float = 22.0 * MM
    bottom: float = 20.0 * MM

    @property
    def text_width(self) -> float:
        """Width of the column of text."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        """Height of the column of text."""
        return self.height - self.top - self.bottom


SHEETS: dict[Paper, Sheet] = {
    "A4": Sheet(210.0 * MM, 297.0 * MM),
    "Letter": Sheet(612.0, 792.0, top=20.0 * MM, bottom=18.0 * MM),
}
