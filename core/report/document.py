"""One report: sections to boxes, boxes to pages, pages to a file."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.charts import Absent, Chart
from core.report.arrangement import Part, arranged
from core.report.boxes import Box, ContentsBox, TextBox
from core.report.content import Blocks, Heading
from core.report.finish import Attachment, Metadata, finished
from core.report.fonts import faces
from core.report.layout import Entry, Page, Setter
from core.report.logo import MM_HIGH, MM_WIDE, Logo
from core.report.pen import Pen
from core.report.pictures import picture
from core.report.stacks import stacked
from core.report.style import ACCENT, BODY, MM, MUTED, RULE, SMALL, Colour, Sheet
from core.report.tags import Holder, Structure
from core.report.text import fitted, one_line, runs_of, width_of, wrap
from core.words import _

Progress = Callable[[float, str], None]
Cancelled = Callable[[], bool]
Charts = Callable[[str], Chart | Absent | None]
"""A chart by its key; ``None`` where none has this key."""


SHORT_CONTENTS = 0.6
"""Share of a page up to which the contents do not get a page of their own."""


FIRST_PAGE_GAPS = (1.0, 0.75)
"""Factors on the gaps of the first page that are tried."""


LAID_OUT, DRAWN = 0.3, 0.85
"""Shares of a report's time after which its pages are laid out, and drawn."""


class ReportCancelledError(Exception):
    """The caller asked to stop."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the text on every page."""

    header: str
    date: str
    names: str
    """Of whom the report is and for whom, at the foot; cut where the room is short."""
    confidentiality: str = ""
    """Follows the names; the last to be cut."""
    accent: Colour = ACCENT
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section by key and what makes it."""

    key: str
    title: str
    blocks: Callable[[], Blocks]
    own_page: bool = False
    """Whether it begins a page."""
    shorter: Sequence[Callable[[], Blocks]] = ()
    """Ever shorter versions of a section that should be one page: the first that fits is taken."""


class Composer:
    """Lays out and draws a report."""

    def __init__(
        self, charts: Charts, sheet: Sheet, frame: Frame, progress: Progress, cancelled: Cancelled
    ) -> None:
        self.charts, self.sheet, self.frame = charts, sheet, frame
        self.progress, self.cancelled = progress, cancelled
        self.page_of: dict[str, int] = {}
        self.setter = Setter(self._picture, sheet)

    def _check(self) -> None:
        if self.cancelled():
            raise ReportCancelledError(_("The report was cancelled."))

    def _picture(self, key: str, width: float) -> list[Box]:
        self._check()
        found = self.charts(key)
        return [] if found is None else picture(found, width)

    # -- layout ----------------------------------------------------------------------------

    def first_page(self, versions: Sequence[Blocks]) -> tuple[list[Box], int]:
        """The first of some ever shorter versions of the first page that fits on it, and which.

        Each with narrower gaps before anything of it is left out; the last in any case.
        """
        boxes: list[Box] = []
        tries = itertools.product(range(len(versions)), FIRST_PAGE_GAPS)
        try:
            for number, self.setter.tight in tries:
                self._check()
                boxes = self.setter.boxes(versions[number], self.sheet.text_width)
                if stacked(boxes)[1] <= self.sheet.text_height:
                    return boxes, number
            return boxes, len(versions) - 1
        finally:
            self.setter.tight = 1.0
            self.setter.entries.clear()  # the contents do not list what stands before them

    def section(self, plan: SectionPlan, number: int) -> list[Box]:
        """A numbered section."""
        heading, listed = Heading(f"{number}  {plan.title}", 1), len(self.setter.entries)
        boxes: list[Box] = []
        for blocks in (plan.blocks, *plan.shorter):
            self._check()
            del self.setter.entries[listed:]
            boxes = self.setter.boxes([heading, *blocks()], self.sheet.text_width)
            if not plan.shorter or stacked(boxes)[1] <= self.sheet.text_height:
                break
        return boxes

    def contents(self) -> list[Box]:
        """The list of headings, on one page where that can be: narrower, else sections only."""
        entries = [e for e in self.setter.entries if e.level <= 2]
        sections = [e for e in entries if e.level == 1]
        for kept, leading in ((entries, 1.55), (entries, 1.3), (sections, 1.55)):
            boxes = self._contents(kept, leading)
            if stacked(boxes)[1] <= self.sheet.text_height:
                break
        return boxes

    def _contents(self, entries: Sequence[Entry], leading: float) -> list[Box]:
        """The list of headings; page numbers are filled in when drawn."""
        width, holder = self.sheet.text_width, Holder()
        title = tuple(wrap(runs_of(_("Contents"), bold=True), 17.0, width))
        boxes: list[Box] = [TextBox(title, 17.0, role="H1", after=10.0, leading=1.2)]
        for entry in entries:
            first = entry.level == 1
            size, indent = (BODY if first else SMALL), (0.0 if first else 18.0)
            room = width - indent - 40.0
            line = fitted(entry.text, first, size, room)
            boxes.append(
                ContentsBox(
                    line,
                    size,
                    width,
                    entry.anchor,
                    self.page_of,
                    holder,
                    indent=indent,
                    before=4.0 if first else 0.0,
                    leading=leading,
                )
            )
        return boxes

    def pages(
        self, cover: list[Box], sections: Sequence[list[Box]], own_page: Sequence[bool]
    ) -> list[Page]:
        """All pages: the first page, the contents, the sections.

        Laid out with gaps a little tighter, and plots a little lower, where that leaves less of
        the pages empty (``arrangement``).
        """
        contents = self.contents() if sections else []
        short = stacked(contents)[1] <= SHORT_CONTENTS * self.sheet.text_height
        parts = [Part(cover), Part(contents, begins=True)]
        for number, (boxes, begins) in enumerate(zip(sections, own_page, strict=True)):
            parts.append(Part(boxes, begins=begins or (number == 0 and not short)))
        pages = arranged(self.sheet, parts, self._check)
        for number, page in enumerate(pages, start=1):
            for _top, box in page.items:
                if isinstance(box, TextBox) and box.anchor:
                    self.page_of[box.anchor] = number
        return pages

    # -- drawing ---------------------------------------------------------------------------

    def draw(self, pages: Sequence[Page]) -> tuple[bytes, Structure]:
        """The pages as a file without tags yet, and the structure that was drawn."""
        from reportlab.pdfgen.canvas import Canvas

        faces()
        target, structure = io.BytesIO(), Structure()
        canvas = Canvas(
            target,
            pagesize=(self.sheet.width, self.sheet.height),
            pageCompression=0,  # compressed once, when finished
            invariant=1,
            initialFontName="AdvisorSans",  # type: ignore[arg-type]  # the stubs say float, it is a name
            initialFontSize=BODY,
        )
        pen = Pen(canvas, structure, self.frame.accent)
        entries = {e.anchor: e for e in self.setter.entries}
        for number, page in enumerate(pages, start=1):
            self._check()
            self.progress(LAID_OUT + (DRAWN - LAID_OUT) * (number - 1) / len(pages), _("Pages"))
            structure.page = number - 1
            if number == 1:
                canvas.bookmarkPage("decision", fit="Fit")
                canvas.addOutlineEntry(_("Decision"), "decision", 0)
            for top, box in page.items:
                if isinstance(box, TextBox) and box.anchor in entries:
                    self._bookmark(pen, entries[box.anchor], top)
                box.draw(pen, self.sheet.left, top)
            self._furniture(pen, number, len(pages))
            canvas.showPage()
        canvas.save()
        return target.getvalue(), structure

    def _bookmark(self, pen: Pen, entry: Entry, top: float) -> None:
        pen.canvas.bookmarkPage(entry.anchor, fit="XYZ", left=0, top=top + 12)
        if entry.level <= 2:
            title = one_line(entry.text, 120)
            pen.canvas.addOutlineEntry(title, entry.anchor, entry.level - 1, closed=True)

    def _furniture(self, pen: Pen, number: int, count: int) -> None:
        """Running head and foot."""
        sheet, size = self.sheet, 7.4
        head, foot = sheet.height - sheet.top + 16.0, sheet.bottom - 22.0
        page = _("Page {number} of {count}").format(number=number, count=count)
        with pen.artifact("Pagination"):
            for y, left, kept, right in (
                (head, self.frame.header, "", self.frame.date),
                (foot, self.frame.names, self.frame.confidentiality, page),
            ):
                wide = width_of(right, "AdvisorSans", size)
                left = _fitted_before(left, kept, size, sheet.text_width - wide - 12.0)
                if y == head and number == 1:
                    continue
                pen.text(sheet.left, y, left, "AdvisorSans", size, MUTED)
                x = sheet.width - sheet.right - wide
                pen.text(x, y, right, "AdvisorSans", size, MUTED)
            if number > 1:
                pen.rule(sheet.left, head - 6.0, sheet.text_width, RULE, 0.4)
            else:
                self._first_page(pen)

    def _first_page(self, pen: Pen) -> None:
        """An accent bar, and the logo in the upper right corner."""
        sheet, logo = self.sheet, self.frame.logo
        pen.rectangle(sheet.left, sheet.height - sheet.top + 10.0, 42.0, 3.0, pen.accent)
        if logo is not None:
            wide, high = logo.size(MM_WIDE * MM, MM_HIGH * MM)
            x, y = sheet.width - sheet.right - wide, sheet.height - 10.0 * MM - high
            logo.draw(pen, x, y, wide, high)


def _fitted_before(text: str, kept: str, size: float, width: float) -> str:
    """Two texts beside each other, of which the first makes room for the second."""
    if not (text and kept):
        return _fitted(text or kept, size, width)
    kept = _fitted(f" · {kept}", size, width)
    left = _fitted(text, size, width - width_of(kept, "AdvisorSans", size))
    return left + kept if left != "…" else kept.removeprefix(" · ")


def _fitted(text: str, size: float, width: float) -> str:
    """Text cut to a width."""
    if width_of(text, "AdvisorSans", size) <= width:
        return text
    while text and width_of(text + "…", "AdvisorSans", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def build(
    composer: Composer,
    first: list[Box],
    plans: Sequence[SectionPlan],
    metadata: Metadata,
    attachments: Sequence[Attachment],
) -> bytes:
    """The finished file; ``first`` is the first page."""
    tell = composer.progress
    sections = []
    for number, plan in enumerate(plans, start=1):
        tell(0.05 + (LAID_OUT - 0.05) * number / (len(plans) + 1), plan.title)
        sections.append(composer.section(plan, number))
    tell(LAID_OUT, _("Pages"))
    raw, structure = composer.draw(composer.pages(first, sections, [p.own_page for p in plans]))
    tell(DRAWN, _("Tags and attachments"))
    return finished(raw, structure, metadata, attachments)
