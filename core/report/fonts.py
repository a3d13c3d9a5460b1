"""The bundled typeface: its four faces, what they can print and how wide it is."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal

FaceName = Literal[
    "AdvisorSans", "AdvisorSans-Bold", "AdvisorSans-Italic", "AdvisorSans-BoldItalic"
]
_FILES: dict[FaceName, str] = {
    "AdvisorSans": "AdvisorSans-Regular.ttf",
    "AdvisorSans-Bold": "AdvisorSans-Bold.ttf",
    "AdvisorSans-Italic": "AdvisorSans-Italic.ttf",
    "AdvisorSans-BoldItalic": "AdvisorSans-BoldItalic.ttf",
}


@dataclass(frozen=True, slots=True)
class Face:
    """One face: advance widths in thousandths of the size, by character code."""

    name: FaceName
    widths: Mapping[int, float]
    ascent: float
    descent: float

    def width(self, text: str, size: float) -> float:
        """Width of a text in points."""
        widths = self.widths
        return sum([widths.get(ord(c), 500.0) for c in text]) * size / 1000.0


def face_name(bold: bool = False, italic: bool = False) -> FaceName:
    """The face for a weight and slope."""
    if bold:
        return "AdvisorSans-BoldItalic" if italic else "AdvisorSans-Bold"
    return "AdvisorSans-Italic" if italic else "AdvisorSans"


@functools.cache
def faces() -> dict[FaceName, Face]:
    """All faces, registered with reportlab once per process."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    found: dict[FaceName, Face] = {}
    folder = resources.files("resources") / "fonts"
    for name, file in _FILES.items():
        with resources.as_file(folder / file) as path:
            font = TTFont(name, str(path))
        pdfmetrics.registerFont(font)
        known = font.face.charToGlyph
        widths = {code: w for code, w in font.face.charWidths.items() if code in known}
        widths[0xA0] = widths[0x20]
        found[name] = Face(name, widths, font.face.ascent / 1000.0, font.face.descent / 1000.0)
    return found
