"""Blocks laid out: boxes that know their height, can continue on the next page, and draw.

Heights and positions are in points; ``top`` is the upper edge on the page.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.report.pen import Pen
from core.report.style import INK, LEADING, MUTED, RULE, TINT, WARNING, WARNING_TINT, Colour
from core.report.tags import Element, Holder
from core.report.text import Line, is_whole, language_of

FEW_LINES = 2
"""Neither the last nor the first lines of a paragraph stand alone on a page."""


class Box:
    """A laid out block. ``keep`` ties it to the box that follows."""

    height: float = 0.0
    before: float = 0.0
    after: float = 0.0
    keep: bool = False
    room: float = 0.0
    """Height that must be free where it starts; 0 for its own needs."""
    floats: bool = False
    """Whether what follows it in its section may stand before it, so that no page is left empty."""

    @property
    def first(self) -> float:
        """Height of the smallest part that may stand at the foot of a page."""
        return self.height

    def split(self, room: float, full: float) -> tuple[Box, Box] | None:
        """A part of at most ``room`` points and the rest; ``None`` where it must move on.

        ``full`` is the height of an empty page.
        """
        return None

    def lower(self, room: float) -> Box | None:
        """The same drawn lower, in at most ``room`` points; ``None`` where it cannot be."""
        return None

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw with the upper left corner at (x, top)."""


def baseline(size: float, leading: float) -> float:
    """Distance of a line's baseline from its upper edge."""
    return (leading - size) / 2.0 + 0.79 * size


def replaced(original: str) -> str:
    """The true text where characters of it are told by their numbers, else ""."""
    if is_whole(original):
        return ""
    return original.encode("utf-16", "replace").decode("utf-16")[:2000]


@dataclass
class GapBox(Box):
    """Nothing."""

    height: float = 0.0


class TextBox(Box):
    """Lines of a paragraph, heading or list item."""

    def __init__(
        self,
        lines: tuple[Line, ...],
        size: float,
        *,
        role: str = "P",
        colour: Colour = INK,
        before: float = 0.0,
        after: float = 0.0,
        keep: bool = False,
        room: float = 0.0,
        indent: float = 0.0,
        bullet: str = "",
        actual: str = "",
        anchor: str = "",
        leading: float = LEADING,
        holder: Holder | None = None,
        listing: Holder | None = None,
    ) -> None:
        self.lines, self.size, self.role, self.colour = lines, size, role, colour
        self.before, self.after, self.keep, self.room = before, after, keep, room
        self.indent, self.bullet, self.actual, self.anchor = indent, bullet, actual, anchor
        self.leading = leading
        self.holder = holder or Holder()
        self.listing = listing
        self.lang = language_of(lines)
        self.height = len(lines) * size * leading

    @property
    def first(self) -> float:
        """Two lines, or all where splitting would leave one alone."""
        few = FEW_LINES if len(self.lines) >= 2 * FEW_LINES else len(self.lines)
        return few * self.size * self.leading

    def split(self, room: float, full: float) -> tuple[Box, Box] | None:
        """Between lines, leaving at least two on either side."""
        count = min(int((room + 0.01) / (self.size * self.leading)), len(self.lines) - FEW_LINES)
        if count < FEW_LINES:
            return None
        return self._part(0, count), self._part(count, len(self.lines))

    def _part(self, start: int, end: int) -> TextBox:
        part = TextBox(
            self.lines[start:end],
            self.size,
            role=self.role,
            colour=self.colour,
            before=self.before if start == 0 else 0.0,
            after=self.after if end == len(self.lines) else 0.0,
            keep=self.keep and end == len(self.lines),
            indent=self.indent,
            bullet=self.bullet if start == 0 else "",
            actual=self.actual,
            anchor=self.anchor if start == 0 else "",
            leading=self.leading,
            holder=self.holder,
            listing=self.listing,
        )
        part.lang = self.lang  # of the whole element
        return part

    def _element(self, pen: Pen) -> Element:
        parent = pen.structure.section
        if self.listing is not None:
            parent = self.listing.get("list", parent, "L")
            parent = self.holder.get("item", parent, "LI")
            return self.holder.get("body", parent, "LBody")
        return self.holder.get("text", parent, self.role)

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw the lines, tagged as one element."""
        leading = self.size * self.leading
        y = top - baseline(self.size, leading)
        if self.bullet and self.listing is not None:
            listing = self.listing.get("list", pen.structure.section, "L")
            listing.numbered = self.bullet.endswith(".")
            item = self.holder.get("item", listing, "LI")
            with pen.element(self.holder.get("label", item, "Lbl")):
                pen.text(x, y, self.bullet, "AdvisorSans", self.size, pen.accent)
        element = self._element(pen)
        element.actual, element.lang = self.actual, self.lang
        with pen.element(element):
            for line in self.lines:
                pen.line_of_text(x + self.indent, y, line, self.size, self.colour)
                y -= leading


class SectionBox(TextBox):
    """The heading of a section: opens it in the structure, with a rule above."""

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw and remember the section."""
        pen.structure.open_section()
        super().draw(pen, x, top)


class FactsBox(Box):
    """Key figures in a grid."""

    LABEL, VALUE, NOTE, PAD = 7.4, 14.0, 7.2, 6.0

    def __init__(
        self, cells: list[tuple[list[Line], list[Line], list[Line]]], columns: int, width: float
    ) -> None:
        self.cells, self.columns, self.width = cells, columns, width
        self.after = 8.0
        self.rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
        self.heights = [max(self._height(cell) for cell in row) for row in self.rows]
        self.height = sum(self.heights)

    def _height(self, cell: tuple[list[Line], list[Line], list[Line]]) -> float:
        label, value, note = cell
        text = len(label) * self.LABEL + len(value) * self.VALUE + len(note) * self.NOTE
        return text * 1.3 + 2 * self.PAD

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw the grid, each figure one paragraph."""
        wide = self.width / self.columns
        for row, height in zip(self.rows, self.heights, strict=True):
            pen.rule(x, top, self.width, RULE)
            for number, (label, value, note) in enumerate(row):
                left, y = x + number * wide, top - self.PAD
                with pen.element(pen.structure.section.add("P")):
                    for lines, size, colour in (
                        (label, self.LABEL, MUTED),
                        (value, self.VALUE, INK),
                        (note, self.NOTE, MUTED),
                    ):
                        for line in lines:
                            pen.line_of_text(
                                left, y - baseline(size, size * 1.3), line, size, colour
                            )
                            y -= size * 1.3
            top -= height
        pen.rule(x, top, self.width, RULE)


class CalloutBox(Box):
    """A tinted sentence with a bar at its left."""

    PAD = 6.0

    def __init__(self, text: TextBox, width: float, warning: bool) -> None:
        self.text, self.width, self.warning = text, width, warning
        self.before, self.after = 3.0, 8.0
        self.height = text.height + 2 * self.PAD

    def split(self, room: float, full: float) -> tuple[Box, Box] | None:
        """As its text splits."""
        parts = self.text.split(room - 2 * self.PAD, full)
        if parts is None:
            return None
        first, second = parts
        assert isinstance(first, TextBox) and isinstance(second, TextBox)  # a text's parts
        return (
            CalloutBox(first, self.width, self.warning),
            CalloutBox(second, self.width, self.warning),
        )

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw tint, bar and text."""
        tint, bar = (WARNING_TINT, WARNING) if self.warning else (TINT, pen.accent)
        pen.rectangle(x, top - self.height, self.width, self.height, tint)
        pen.rectangle(x, top - self.height, 2.0, self.height, bar)
        self.text.draw(pen, x + 10.0, top - self.PAD)


class ContentsBox(Box):
    """One line of the contents: a link with the page number of its target."""

    def __init__(
        self,
        line: Line,
        size: float,
        width: float,
        anchor: str,
        pages: dict[str, int],
        holder: Holder,
        *,
        indent: float = 0.0,
        before: float = 0.0,
        leading: float = 1.55,
    ) -> None:
        self.line, self.size, self.width, self.indent = line, size, width, indent
        self.anchor, self.pages, self.holder = anchor, pages, holder
        self.before = before
        self.height = size * leading

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw title, rule and page number as one link."""
        from core.report.text import width_of

        page = str(self.pages[self.anchor])
        y = top - baseline(self.size, self.height)
        listing = self.holder.get("contents", pen.structure.section, "TOC")
        link = listing.add("TOCI").add("Reference").add("Link")
        bold = self.line[0].face if self.line else "AdvisorSans"
        wide = width_of(page, bold, self.size)
        end = self.line[-1].x + width_of(self.line[-1].text, self.line[-1].face, self.size)
        start = x + self.indent
        pen.rule(
            start + end + 6, y + 1, max(self.width - self.indent - end - wide - 12, 0), RULE, 0.4
        )
        with pen.element(link):
            pen.line_of_text(start, y, self.line, self.size)
            pen.text(x + self.width - wide, y, page, bold, self.size)
        label = "".join(piece.text for piece in self.line)
        pen.link(link, self.anchor, label, (start, top - self.height, x + self.width, top))
