"""Charts on paper: drawn once with the print theme, with title, note and alternative text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.charts import PRINT, Absent, Chart, figure
from core.report.boxes import Box, CalloutBox, TextBox, replaced
from core.report.pen import Pen
from core.report.style import CAPTION, MM, MUTED, SMALL
from core.report.text import runs_of, wrap
from core.words import _

if TYPE_CHECKING:
    from core.report.vector import Drawing


class PictureBox(Box):
    """A drawing under its title, tagged as a figure."""

    def __init__(self, drawing: Drawing, title: TextBox, note: TextBox | None, alt: str) -> None:
        self.drawing, self.title, self.note, self.alt = drawing, title, note, alt
        self.before, self.after = 4.0, 10.0
        self.floats = True
        self.height = title.height + 3.0 + drawing.height
        self.height += 3.0 + note.height if note else 0.0

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw title, chart and note."""
        self.title.draw(pen, x, top)
        top -= self.title.height + 3.0 + self.drawing.height
        element = pen.structure.section.add("Figure")
        element.alt = self.alt
        element.box = (x, top, x + self.drawing.width, top + self.drawing.height)
        with pen.element(element):
            self.drawing.replay(pen, x, top)
        if self.note:
            self.note.draw(pen, x, top - 3.0)


def picture(chart: Chart | Absent, width: float) -> list[Box]:
    """The boxes of a chart ``width`` points wide, or the reason why there is none."""
    title = tuple(wrap(runs_of(chart.title, bold=True), CAPTION, width))
    if isinstance(chart, Absent):
        said = _("{title} is not shown: {reason}").format(title=chart.title, reason=chart.reason)
        lines = tuple(wrap(runs_of(said), SMALL, width - 20.0))
        return [CalloutBox(TextBox(lines, SMALL, actual=replaced(said, lines)), width, False)]
    from core.report.vector import record

    wide = width / MM
    drawing = record(figure(chart, PRINT, wide, chart.height_mm(wide)))
    note = None
    if chart.note:
        lines = tuple(wrap(runs_of(chart.note), 7.4, width))
        note = TextBox(lines, 7.4, colour=MUTED, actual=replaced(chart.note, lines))
    heading = TextBox(title, CAPTION, actual=replaced(chart.title, title))
    return [PictureBox(drawing, heading, note, chart.alt_text)]
