"""Which layout of each section leaves least of the pages empty.

A section can be laid out in several ways (``LAYOUTS``), and where it ends decides what the next one
can do. All combinations are far too many; of those that end at about the same height of a page only
the best can be part of the best report, so a few are carried from section to section.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.report.boxes import Box
from core.report.layout import LATE, Page, Paginator
from core.report.style import Sheet

TIGHT = (1.0, 0.9, 0.8)
"""Factors on the gaps between boxes; one for a whole report, so that its pages look alike."""
LAYOUTS = (
    (LATE, False, 1.0),
    (LATE, True, 1.0),
    (0.1, False, 1.0),
    (0.1, True, 1.0),
    (0.1, True, 0.9),
    (0.1, True, 0.0),
)
"""Late headings, lower plots, and how high plots are drawn (``Paginator``), tried per section."""
CARRIED = 10
"""Layouts carried from section to section; more found nothing better."""
STEPS = 24
"""Parts of a page's height: of two layouts that end in the same part, the fuller is carried."""
LOWER_COST = 0.004
"""What a section whose plots are all drawn lower counts: only where it fills a page."""
FAIR_END = 0.3
"""Share of the last page that should be filled."""


def emptiness(pages: Sequence[Page], sheet: Sheet) -> float:
    """How much of a report's pages is left empty: a large gap counts more than some small ones.

    A few lines alone on the last page count as one and a half pages.
    """
    empty = [1.0 - page.used / sheet.text_height for page in pages]
    end = 1.5 if len(pages) > 1 and empty[-1] > 1.0 - FAIR_END else 0.0
    return sum(share * share for share in empty[1:-1]) + 0.05 * len(pages) + end


@dataclass(frozen=True, slots=True)
class Part:
    """What is laid out in one way: a section, the contents, the first page."""

    boxes: list[Box]
    begins: bool = False
    """Whether it begins a page."""


@dataclass(frozen=True, slots=True)
class _Way:
    """The parts up to one, laid out."""

    paginator: Paginator
    cost: float = 0.0
    """Of its lower plots."""

    def so_far(self) -> float:
        """Emptiness of the pages that nothing is added to any more."""
        sheet, pages = self.paginator.sheet, self.paginator.pages
        gaps = (1.0 - page.used / sheet.text_height for page in pages[1:-1])
        return self.cost + sum(gap * gap for gap in gaps) + 0.05 * len(pages)

    def whole(self) -> float:
        """Emptiness of all pages."""
        return self.cost + emptiness(self.paginator.filled(), self.paginator.sheet)


def arranged(sheet: Sheet, parts: Sequence[Part], check: Callable[[], None]) -> list[Page]:
    """The pages of all parts with the least emptiness found; ``check`` may raise to stop."""
    best = min(
        itertools.chain.from_iterable(_ways(sheet, parts, tight, check) for tight in TIGHT),
        key=_Way.whole,
    )
    return best.paginator.filled()


def _ways(
    sheet: Sheet, parts: Sequence[Part], tight: float, check: Callable[[], None]
) -> list[_Way]:
    """The best layouts of all parts with gaps of one width."""
    ways = [_Way(Paginator(sheet, tight))]
    for part in parts:
        check()
        ways = _carried(sheet, [_further(way, part, *each) for way in ways for each in LAYOUTS])
    return ways


def _further(way: _Way, part: Part, late: float, lowering: bool, plots: float) -> _Way:
    paginator = way.paginator.copied(late, lowering=lowering, plots=plots)
    if part.begins:
        paginator.new_page()
    paginator.place(part.boxes)
    lowered = plots < 1.0 and any(box.floats for box in part.boxes)
    return _Way(paginator, way.cost + (LOWER_COST if lowered else 0.0))


def _carried(sheet: Sheet, ways: Sequence[_Way]) -> list[_Way]:
    """The best that ends in each part of a page, the best of these; the first of equals."""
    ranked = sorted(ways, key=_Way.so_far)
    found: dict[int, _Way] = {}
    for way in ranked:
        page = way.paginator.pages[-1]
        found.setdefault(int(STEPS * page.used / sheet.text_height), way)
    return list(found.values())[:CARRIED]
