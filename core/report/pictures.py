"""Charts on paper: drawn once, with the print theme, with title, note and alternative text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.charts import PRINT, Absent, Chart, figure
from core.charts.text import MM_PER_INCH
from core.notation import quoted as in_quotes
from core.report.boxes import Box, CalloutBox, TextBox, replaced
from core.report.pen import Pen
from core.report.quoting import quoted
from core.report.style import CAPTION, MM, MUTED, SMALL
from core.report.text import runs_of, wrap
from core.words import _

if TYPE_CHECKING:
    from core.report.vector import Drawing


class PictureBox(Box):
    """A drawing under its title, tagged as a figure.

    Drawn when its page is: only then is it settled how high it is.
    """

    def __init__(
        self,
        drawing: Callable[[float], Drawing],
        high_mm: float,
        title: TextBox,
        note: TextBox | None,
        alt: str,
        least: float = 1.0,
    ) -> None:
        """``drawing`` draws it at a height in mm, ``least`` to 1 times ``high_mm``."""
        self.drawing, self.high_mm, self.least = drawing, high_mm, least
        self.title, self.note, self.alt = title, note, alt
        self.before, self.after = 4.0, 10.0
        self.floats = True
        self.drawn = 72.0 * (high_mm / MM_PER_INCH)
        self.beside = title.height + 3.0 + (3.0 + note.height if note else 0.0)
        self.height = self.beside + self.drawn

    @property
    def first(self) -> float:
        """Height of the lowest it may be drawn."""
        return self.beside + self.drawn * self.least

    def lower(self, room: float) -> Box | None:
        """The same plot, as high as there is room."""
        if room < self.first or room >= self.height:
            return None
        drawn = room - self.beside
        box = PictureBox(self.drawing, drawn / MM, self.title, self.note, self.alt)
        box.drawn, box.height = drawn, room  # to the last digit, which the way over mm may change
        return box

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw title, chart and note."""
        drawing = self.drawing(self.high_mm)
        self.title.draw(pen, x, top)
        top -= self.title.height + 3.0 + self.drawn
        element = pen.structure.section.add("Figure")
        element.alt = self.alt
        element.box = (x, top, x + drawing.width, top + self.drawn)
        with pen.element(element):
            drawing.replay(pen, x, top)
        if self.note:
            self.note.draw(pen, x, top - 3.0)


def picture(chart: Chart | Absent, width: float) -> list[Box]:
    """The boxes of a chart ``width`` points wide, or the reason why there is none."""
    title = tuple(wrap(runs_of(chart.title, bold=True), CAPTION, width))
    if isinstance(chart, Absent):
        said = _("{title} is not shown. {reason}").format(
            title=in_quotes(chart.title), reason=chart.reason
        )
        lines = tuple(wrap(runs_of(said), SMALL, width - 20.0))
        return [CalloutBox(TextBox(lines, SMALL, actual=replaced(said)), width, False)]
    from core.report.vector import record

    wide = width / MM
    note = None
    if chart.note:
        lines = tuple(wrap(runs_of(quoted(chart.note)), 7.4, width))
        note = TextBox(lines, 7.4, colour=MUTED, actual=replaced(chart.note))
    heading = TextBox(title, CAPTION, actual=replaced(chart.title))

    def drawing(high_mm: float) -> Drawing:
        return record(figure(chart, PRINT, wide, high_mm))

    high_mm = chart.height_mm(wide)
    return [PictureBox(drawing, high_mm, heading, note, chart.alt_text, chart.least)]
