"""Drawing on a page with tags: text in elements, rules and fills as artifacts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.report.fonts import FaceName
from core.report.style import INK, Colour
from core.report.tags import Element, Structure
from core.report.text import Line

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


class Pen:
    """A canvas that remembers what it draws. Coordinates in points from the lower left."""

    def __init__(self, canvas: Canvas, structure: Structure, accent: Colour) -> None:
        self.canvas = canvas
        self.structure = structure
        self.accent = accent
        self._inside = False
        self._lang = ""

    def emit(self, code: str) -> None:
        """Write drawing operators as they are."""
        self.canvas._code.append(code)  # type: ignore[attr-defined]  # no public way to tag

    @contextmanager
    def element(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to a structure element."""
        mcid = self.structure.mark(element)
        self.emit(f"/{element.role} <</MCID {mcid}>> BDC")
        self._inside, self._lang = True, element.lang
        try:
            yield
        finally:
            self._inside, self._lang = False, ""
            self.emit("EMC")

    @contextmanager
    def artifact(self, kind: str = "Layout") -> Iterator[None]:
        """What is drawn inside is decoration, skipped by readers."""
        self.emit(f"/Artifact <</Type /{kind}>> BDC")
        self._inside = True
        try:
            yield
        finally:
            self._inside = False
            self.emit("EMC")

    def text(
        self, x: float, y: float, text: str, face: FaceName, size: float, colour: Colour = INK
    ) -> None:
        """One stretch of printable text with its baseline at ``y``."""
        if not text:
            return
        assert self._inside, text  # every text is in an element or an artifact
        self.canvas.setFillColorRGB(*colour)
        self.canvas.setFont(face, size)
        self.canvas.drawString(x, y, text)

    def line_of_text(
        self, x: float, y: float, line: Line, size: float, colour: Colour = INK
    ) -> None:
        """A laid out line with its baseline at ``y``.

        Words in another language are named so (ISO 32000-1, 14.9.2), unless the element is.
        """
        for piece in line:
            named = piece.lang and piece.lang != self._lang
            if named:
                self.emit(f"/Span <</Lang ({piece.lang})>> BDC")
            self.text(x + piece.x, y, piece.text, piece.face, size, colour)
            if named:
                self.emit("EMC")

    def rule(
        self, x: float, y: float, width: float, colour: Colour, thickness: float = 0.5
    ) -> None:
        """A horizontal rule."""
        self.rectangle(x, y - thickness / 2.0, width, thickness, colour)

    def rectangle(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle, decoration."""
        if self._inside:
            self._fill(x, y, width, height, colour)
            return
        with self.artifact():
            self._fill(x, y, width, height, colour)

    def _fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.canvas.setFillColorRGB(*colour)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def link(
        self, element: Element, target: str, label: str, box: tuple[float, float, float, float]
    ) -> None:
        """A link to a bookmark of this file over a box (x0, y0, x1, y1)."""
        self.canvas.linkRect(label, target, box, relative=0, thickness=0)
        self.structure.link(element)
