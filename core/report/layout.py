"""From blocks to boxes, and from boxes to pages."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.report import content as c
from core.report.boxes import (
    Box,
    CalloutBox,
    FactsBox,
    GapBox,
    SectionBox,
    TextBox,
    replaced,
)
from core.report.stacks import ColumnsBox, SideBySideBox
from core.report.style import BODY, CAPTION, HEADINGS, INK, MUTED, SMALL, Colour, Sheet
from core.report.table import TableBox, table_box
from core.report.tags import Holder
from core.report.text import runs_of, wrap

PictureMaker = Callable[[str, float], list[Box]]
"""A chart by key and width in points, as boxes (a sentence where there is no chart)."""

SECTION_ROOM = 0.19
"""Share of a page that must be free where a section begins."""
LATE = 0.35
"""Share of a page below which a heading usually waits for the figures before it."""
_STYLES: dict[c.TextStyle, tuple[float, bool, Colour, float]] = {
    "body": (BODY, False, INK, 5.5),
    "lead": (11.2, True, INK, 5.0),
    "small": (SMALL, False, INK, 4.0),
    "caption": (CAPTION, True, INK, 3.0),
    "title": (19.0, True, INK, 3.0),
    "muted": (SMALL, False, MUTED, 4.0),
}


@dataclass
class Entry:
    """A heading for contents and bookmarks."""

    anchor: str
    text: str
    level: int


class Setter:
    """Turns blocks into boxes for a width, collecting headings on the way."""

    def __init__(self, picture: PictureMaker, sheet: Sheet) -> None:
        self.picture, self.sheet = picture, sheet
        self.tight = 1.0
        """Factor on the gaps between the boxes being made."""
        self.entries: list[Entry] = []
        self._numbers = itertools.count(1)

    def boxes(self, blocks: c.Blocks, width: float) -> list[Box]:
        """Boxes of a width in points."""
        found: list[Box] = []
        blocks = list(blocks)
        for block, following in itertools.zip_longest(blocks, blocks[1:]):
            made = self._boxes(block, width)
            if isinstance(block, c.Para) and isinstance(following, c.Table):
                # a sentence stays with what it introduces; a caption introduces its table itself
                made[-1].keep = block.keep or not following.caption
            for box in made:
                box.before, box.after = self.tight * box.before, self.tight * box.after
            found.extend(made)
        return found

    def _boxes(self, block: c.Block, width: float) -> list[Box]:
        if isinstance(block, c.Heading):
            return [self._heading(block, width)]
        if isinstance(block, c.Para):
            return [self._para(block, width)]
        if isinstance(block, c.Bullets):
            return self._bullets(block, width)
        if isinstance(block, c.Table):
            caption = c.Para(block.caption, "caption", keep=True)
            head = [self._para(caption, width)] if block.caption else []
            return [*head, table_box(block, width)]
        if isinstance(block, c.Picture):
            return self.picture(block.key, width)
        if isinstance(block, c.Facts):
            return [_facts(block, width)]
        if isinstance(block, c.Callout):
            lines = tuple(wrap(runs_of(block.text), SMALL, width - 20.0))
            actual = replaced(c.plain(block.text))
            text = TextBox(lines, SMALL, actual=actual)
            return [CalloutBox(text, width, block.level == "warning")]
        if isinstance(block, c.SideBySide):
            part = SideBySideBox.part_width(width, len(block.parts))
            return [SideBySideBox([self.boxes(blocks, part) for blocks in block.parts], width)]
        if isinstance(block, c.Columns):
            part = SideBySideBox.part_width(width, 2)
            return [ColumnsBox([self.boxes(blocks, part) for blocks in block.parts], width)]
        return [GapBox(block.points)]

    def _heading(self, block: c.Heading, width: float) -> TextBox:
        size = HEADINGS[block.level]
        lines = tuple(wrap(runs_of(block.text, bold=True), size, width))
        anchor = f"heading-{next(self._numbers)}"
        if block.listed:
            self.entries.append(Entry(anchor, block.text, block.level))
        first = block.level == 1
        return (SectionBox if first else TextBox)(
            lines,
            size,
            role=f"H{block.level}",
            before={1: 26.0, 2: 12.0, 3: 8.0}[block.level],
            after={1: 8.0, 2: 4.0, 3: 3.0}[block.level],
            keep=True,
            room=SECTION_ROOM * self.sheet.text_height if first else 0.0,
            anchor=anchor,
            leading=1.2,
            actual=replaced(block.text),
        )

    def _para(self, block: c.Para, width: float) -> TextBox:
        size, bold, colour, after = _STYLES[block.style]
        lines = tuple(wrap(runs_of(block.text, bold=bold), size, width))
        return TextBox(
            lines,
            size,
            role="H1" if block.style == "title" else "P",
            colour=colour,
            after=after,
            before=6.0 if block.style == "caption" else 0.0,
            keep=block.keep,
            actual=replaced(c.plain(block.text)),
        )

    def _bullets(self, block: c.Bullets, width: float) -> list[Box]:
        size, listing = (SMALL if block.small else BODY), Holder()
        indent = 15.0 if block.numbered else 10.0
        found: list[Box] = []
        for number, item in enumerate(block.items, start=1):
            lines = tuple(wrap(runs_of(item), size, width - indent))
            found.append(
                TextBox(
                    lines,
                    size,
                    indent=indent,
                    bullet=f"{number}." if block.numbered else "•",
                    listing=listing,
                    after=6.0 if number == len(block.items) else 3.0,
                    actual=replaced(c.plain(item)),
                )
            )
        return found


def _facts(block: c.Facts, width: float) -> FactsBox:
    wide = width / block.columns - 8.0
    cells = [
        (
            wrap(runs_of(label), FactsBox.LABEL, wide),
            wrap(runs_of(value, bold=True), FactsBox.VALUE, wide),
            wrap(runs_of(note), FactsBox.NOTE, wide) if note else [],
        )
        for label, value, note in block.items
    ]
    return FactsBox(cells, block.columns, width)


@dataclass
class Page:
    """What stands on a page: boxes with their upper edges."""

    items: list[tuple[float, Box]] = field(default_factory=list)
    used: float = 0.0
    """Height from the upper edge to the foot of the lowest box, points."""


class Paginator:
    """Places boxes on pages, from the top down.

    A figure too high for what is left of a page waits for the next one, and what follows it in
    its section fills the page; no section begins before the figures of the one before it. Where
    ``lowering``, a plot that would wait is drawn lower instead, as far as it may be. ``tight`` is
    a factor on the gaps between boxes; ``late`` the share of a page below which a heading waits
    for the figures before it; ``plots`` the share of its good height that a plot is drawn at, as
    far as it may be lowered at all.
    """

    def __init__(
        self,
        sheet: Sheet,
        tight: float = 1.0,
        late: float = LATE,
        *,
        lowering: bool = False,
        plots: float = 1.0,
    ) -> None:
        self.sheet, self.tight, self.late, self.lowering = sheet, tight, late, lowering
        self.plots = plots
        self.pages: list[Page] = [Page()]
        self._used = 0.0
        self._last = 0.0
        self._waiting: list[Box] = []

    def copied(self, late: float, *, lowering: bool, plots: float) -> Paginator:
        """The same pages between two sections, to go on with in another way."""
        made = Paginator(self.sheet, self.tight, late, lowering=lowering, plots=plots)
        last = self.pages[-1]
        made.pages = [*self.pages[:-1], Page(list(last.items), last.used)]
        made._used, made._last = self._used, self._last
        return made

    def filled(self) -> list[Page]:
        """The pages that hold anything."""
        return [page for page in self.pages if page.items]

    @property
    def room(self) -> float:
        """Height left on the current page."""
        return self.sheet.text_height - self._used

    def new_page(self) -> None:
        """Start a page, unless the current one is still empty."""
        self._turn()
        waiting, self._waiting = self._waiting, []
        for number, box in enumerate(waiting):
            if number and self._gap(box) + box.height > self.room + 0.01:
                lower = self._lower(box)
                if lower is None:
                    self._waiting = waiting[number:]  # in their order
                    break
                box = lower
            self._put(box)

    def _turn(self) -> None:
        """Turn the page and let the figures wait on, as amid a table."""
        if self.pages[-1].items:
            self.pages.append(Page())
        self._used = self._last = 0.0

    def _settle(self) -> None:
        """Place the figures that waited for the end of a table, as far as they fit here."""
        while self._waiting and self.pages[-1].items:
            box = self._fitted(self._waiting[0])
            if self._gap(box) + box.height > self.room + 0.01:
                break
            del self._waiting[0]
            self._put(box)

    def _gap(self, box: Box) -> float:
        return self.tight * max(self._last, box.before) if self.pages[-1].items else 0.0

    def _lower(self, box: Box) -> Box | None:
        """A box drawn lower so that it fits here."""
        return box.lower(self.room - self._gap(box)) if self.lowering else None

    def _put(self, box: Box) -> None:
        self._used += self._gap(box)
        self.pages[-1].items.append((self.sheet.height - self.sheet.top - self._used, box))
        self._used += box.height
        self._last = box.after
        self.pages[-1].used = self._used

    def _needed(self, boxes: list[Box], start: int) -> float:
        """Height that must be free for a box and what it is tied to."""
        total = self._gap(boxes[start])
        for number in range(start, len(boxes)):
            box = boxes[number]
            if number > start:
                total += self.tight * max(boxes[number - 1].after, box.before)
            if not box.keep or number == len(boxes) - 1:
                return total + (box.height if box.floats and not self.lowering else box.first)
            total += box.height
        return total

    @staticmethod
    def _is_heading(box: Box) -> bool:
        return isinstance(box, TextBox) and box.role.startswith("H")

    def _starts_late(self, box: Box) -> bool:
        """Whether a heading stands so low that little of its part would be above the figures."""
        return self._is_heading(box) and self.room < self.late * self.sheet.text_height

    def _fitted(self, box: Box) -> Box:
        """The box itself where it fits, else drawn lower where that fits."""
        if self._gap(box) + box.height <= self.room + 0.01:
            return box
        return self._lower(box) or box

    def _at_height(self, box: Box) -> Box:
        """A plot at the share of its height that is asked for, or as low as it may be drawn."""
        if not box.floats or self.plots >= 1.0:
            return box
        return box.lower(max(self.plots * box.height, box.first)) or box

    def _must_wait(self, box: Box) -> bool:
        """Whether a figure does not fit here, or others wait before it."""
        too_high = self._gap(box) + box.height > self.room + 0.01
        return bool(self._waiting) or (too_high and bool(self.pages[-1].items))

    def _flush(self) -> None:
        """Place the figures that wait, here or on pages of their own."""
        self._settle()
        while self._waiting:
            self.new_page()

    def place(self, boxes: Iterable[Box]) -> None:
        """Place a section's boxes in order, but for figures that wait for the next page."""
        queue = [self._at_height(box) for box in boxes]
        number = 0
        while number < len(queue):
            box = queue[number]
            tied = number > 0 and queue[number - 1].keep  # its chain was checked at its head
            if self._is_heading(box) and not tied:
                self._settle()
            needed = max(self._needed(queue, number), box.room)
            if self._waiting and self._starts_late(box):
                self.new_page()  # its figures before a part that has hardly begun here
                continue
            if box.keep and number + 1 < len(queue) and queue[number + 1].floats and self._waiting:
                self.new_page()  # a heading and the figure below it stay together
                continue
            if box.floats and not self._waiting:
                box = queue[number] = self._fitted(box)
            if box.floats and not tied and self._must_wait(box):
                self._waiting.append(box)
                number += 1
                continue
            if self.pages[-1].items and not tied and needed > self.room:
                self.new_page()
                continue  # figures that waited have taken room
            gap = self._gap(box)
            if gap + box.height <= self.room + 0.01:
                self._put(box)
                number += 1
                continue
            parts = box.split(self.room - gap, self.sheet.text_height)
            if parts is not None and self._waiting and not isinstance(box, TableBox):
                self.new_page()  # no figure stands amid a sentence
                continue
            if parts is not None:
                self._put(parts[0])
                self._turn()  # a figure that waits stands behind the table, not amid it
                queue[number] = parts[1]
            elif self.pages[-1].items:
                self.new_page()
            elif (lower := box.lower(self.room)) is not None:
                queue[number] = lower
            else:
                raise ValueError(f"a {type(box).__name__} is higher than a page")  # our own bug
        self._flush()
