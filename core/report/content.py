"""What a section consists of: plain blocks without any layout, which ``boxes`` lays out.

All texts are literal: nothing in them is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

Level = Literal[1, 2, 3]
Align = Literal["left", "decimal", "centre"]
TextStyle = Literal["body", "lead", "small", "caption", "title", "muted"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face."""

    text: str
    bold: bool = False
    italic: bool = False
    lang: str = ""
    """The language it is in, where that is not the report's."""


Words = str | tuple[Run, ...]
"""A text, plain or made of runs."""


def plain(words: Words) -> str:
    """The characters of a text without its faces."""
    return words if isinstance(words, str) else "".join(run.text for run in words)


def labelled(label: str, text: str) -> Words:
    """A bold label followed by a text."""
    return (Run(f"{label} ", bold=True), Run(text))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 starts a section and enters the contents."""

    text: str
    level: Level = 1
    listed: bool = True
    """Whether contents and bookmarks name it."""


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; with ``keep`` it stays with what follows."""

    text: Words
    style: TextStyle = "body"
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, with dots or numbers."""

    items: tuple[Words, ...]
    numbered: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its heading, the unit below it, and how cells align."""

    title: str
    unit: str = ""
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts. The first column names the row where ``row_headings``."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    caption: Words = ""
    strong: frozenset[int] = field(default_factory=frozenset)
    """Rows in bold on a tint, such as the recommended option or a total."""
    groups: frozenset[int] = field(default_factory=frozenset)
    """Rows whose first cell is a heading over the rows below it."""
    row_headings: bool = True
    dense: bool = False
    """Rows close together, for a long list that is looked up rather than read."""


def without_empty(table: Table) -> Table:
    """The table without columns that say nothing in any row (the first one always stays)."""
    kept = [
        i
        for i in range(len(table.columns))
        if i == 0 or any(row[i] not in ("", "–") for row in table.rows if len(row) > i)
    ]
    return replace(
        table,
        columns=tuple(table.columns[i] for i in kept),
        rows=tuple(row if len(row) == 1 else tuple(row[i] for i in kept) for row in table.rows),
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart by its key, ``height_mm`` high and as wide as the room it is in."""

    key: str
    height_mm: float = 75.0


@dataclass(frozen=True, slots=True)
class Facts:
    """Key figures in a grid: (label, value, note)."""

    items: tuple[tuple[str, str, str], ...]
    columns: int = 3


@dataclass(frozen=True, slots=True)
class Callout:
    """A sentence set apart: a warning, or an honest replacement for what cannot be shown."""

    text: Words
    level: Literal["info", "warning"] = "info"


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two or more stacks of blocks beside each other, never split over pages."""

    parts: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacks of blocks that fill two columns, the left one first, and go on on the next page."""

    parts: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty space in points."""

    points: float


Block = Heading | Para | Bullets | Table | Picture | Facts | Callout | SideBySide | Columns | Gap
Blocks = Iterable[Block]
