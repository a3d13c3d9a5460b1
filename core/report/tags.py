"""The logical structure of the report while it is drawn: elements, marks and links.

``finish`` writes it into the file as the structure tree of a tagged PDF (ISO 32000-1, 14.7).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Mark:
    """A stretch of page content that belongs to an element."""

    page: int
    mcid: int


@dataclass(slots=True)
class LinkMark:
    """The n-th link annotation of a page."""

    page: int
    annotation: int


@dataclass(slots=True, eq=False)
class Element:
    """A structure element: a standard role (``P``, ``H1``, ``TH``...) and what it holds."""

    role: str
    kids: list[Element | Mark | LinkMark] = field(default_factory=list)
    alt: str = ""
    actual: str = ""
    """The true text where glyphs were replaced."""
    lang: str = ""
    """The language of all it holds, where that is not the document's."""
    scope: str = ""
    """``Column`` or ``Row`` for a ``TH``."""
    box: tuple[float, float, float, float] | None = None
    """Bounding box of a figure on its page, points."""
    numbered: bool = False
    span: int = 1
    """Columns that a cell spans."""

    def add(self, role: str) -> Element:
        """A new element inside this one."""
        element = Element(role)
        self.kids.append(element)
        return element


class Holder:
    """One element shared by the parts of a box that continues over pages."""

    def __init__(self) -> None:
        self._elements: dict[object, Element] = {}

    def get(self, key: object, parent: Element, role: str) -> Element:
        """The element known by a key, made inside ``parent`` when first asked for."""
        if key not in self._elements:
            self._elements[key] = parent.add(role)
        return self._elements[key]


class Structure:
    """The tree under construction, in reading order."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self.section = self.root
        self.page = 0
        self._next: dict[int, int] = {}
        self._links: dict[int, int] = {}

    def open_section(self) -> None:
        """Start a new section under the document."""
        self.section = self.root.add("Sect")

    def mark(self, element: Element) -> int:
        """A new mark of an element on the current page; returns its number there."""
        mcid = self._next.get(self.page, 0)
        self._next[self.page] = mcid + 1
        element.kids.append(Mark(self.page, mcid))
        return mcid

    def link(self, element: Element) -> None:
        """The next link annotation of the current page belongs to an element."""
        number = self._links.get(self.page, 0)
        self._links[self.page] = number + 1
        element.kids.append(LinkMark(self.page, number))
