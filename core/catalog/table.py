"""Reading one CSV table with errors that name file, line, column, value and what is allowed."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar, get_args

from core.catalog.errors import CatalogError
from core.catalog.types import Confidence, Provenance, Range

_DATE = re.compile(r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?$")
T = TypeVar("T", bound=str)
V = TypeVar("V")
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)


def _span(low: float, high: float) -> str:
    if low == -math.inf and high == math.inf:
        return "any finite number"
    if high == math.inf:
        return f"at least {low:g}"
    if low == -math.inf:
        return f"at most {high:g}"
    return f"from {low:g} to {high:g}"


class Row:
    """One line of a table; each accessor checks the cell and converts it."""

    __slots__ = ("_cells", "line", "table")

    def __init__(self, table: str, line: int, cells: dict[str, str]) -> None:
        self.table, self.line, self._cells = table, line, cells

    def fail(self, column: str, allowed: str) -> CatalogError:
        """The error to raise about a cell of this row."""
        return CatalogError(self.table, self.line, column, self._cells.get(column, ""), allowed)

    def raw(self, column: str) -> str:
        """The cell's text without checks beyond presence of the column."""
        try:
            return self._cells[column]
        except KeyError:
            raise CatalogError(
                self.table, self.line, column, None, "the column is missing"
            ) from None

    def has(self, column: str) -> bool:
        """Whether the table has such a column."""
        return column in self._cells

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its cells."""
        return tuple(self._cells)

    def text(self, column: str) -> str:
        """A text that must not be empty."""
        value = self.raw(column)
        if not value:
            raise self.fail(column, "a text is required")
        return value

    def number(self, column: str, low: float = 0.0, high: float = math.inf) -> float:
        """A finite number within ``low`` to ``high``."""
        value = self.optional(column, low, high)
        if value is None:
            raise self.fail(column, f"a number is required ({_span(low, high)})")
        return value

    def optional(self, column: str, low: float = 0.0, high: float = math.inf) -> float | None:
        """A number, or ``None`` where the cell is empty (unknown)."""
        cell = self.raw(column)
        if not cell:
            return None
        try:
            value = float(cell)
        except ValueError:
            raise self.fail(column, f"a number is expected ({_span(low, high)})") from None
        if not math.isfinite(value) or not low <= value <= high:
            raise self.fail(column, f"allowed is {_span(low, high)}")
        return value

    def integer(self, column: str, low: int = 0, high: int = 10**12) -> int:
        """A whole number within ``low`` to ``high``."""
        cell = self.raw(column)
        if cell.isdecimal() and low <= int(cell) <= high:  # as nearly all are, at a third the time
            return int(cell)
        value = self.number(column, low, high)
        if value != int(value):
            raise self.fail(column, "a whole number is expected")
        return int(value)

    def flag(self, column: str) -> bool:
        """``yes`` or ``no``."""
        return self.choice(column, ("yes", "no")) == "yes"

    def choice(self, column: str, allowed: Sequence[T]) -> T:
        """One of the allowed texts."""
        value = self.raw(column)
        for item in allowed:
            if item == value:
                return item
        raise self.fail(column, f"allowed is one of {', '.join(allowed)}")

    def provenance(
        self, source: str = "source", as_of: str = "as_of", confidence: str = "confidence"
    ) -> Provenance:
        """Source, date and confidence of the row; the source must not be empty."""
        date = self.raw(as_of)
        if not _DATE.match(date):
            raise self.fail(as_of, "an ISO date (2026-09-06), month, year or nothing is expected")
        return Provenance(self.text(source), date, self.choice(confidence, CONFIDENCES))

    def span(
        self,
        unit: str,
        provenance: Provenance,
        low: str = "low",
        base: str = "base",
        high: str = "high",
    ) -> Range:
        """Low, base and high in that order."""
        least, middle, most = (self.number(c, -math.inf) for c in (low, base, high))
        if not least <= middle <= most:
            raise self.fail(base, f"low <= base <= high is required ({least:g} to {most:g})")
        return Range(least, middle, most, unit, provenance)

    def optional_span(
        self,
        unit: str,
        provenance: tuple[str, str, str],
        low: str = "low",
        base: str = "base",
        high: str = "high",
    ) -> Range | None:
        """The range, or ``None`` where base is empty; ``provenance`` names its three columns."""
        if not self.raw(base):
            for column in (low, high):
                if self.raw(column):
                    raise self.fail(column, f"must be empty where '{base}' is empty")
            return None
        return self.span(unit, self.provenance(*provenance), low, base, high)


def parse_table(table: str, text: str) -> list[Row]:
    """The rows of a CSV text with a header. Raises ``CatalogError`` for ragged lines.

    Line numbers are those an editor shows (the header is line 1).
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, None)
    if not header:
        raise CatalogError(table, 1, None, "", "a header line is required")
    rows = []
    line = reader.line_num + 1
    for cells in reader:
        if cells:
            if len(cells) != len(header):
                raise CatalogError(
                    table, line, None, f"{len(cells)} cells", f"{len(header)} cells are required"
                )
            rows.append(Row(table, line, dict(zip(header, map(str.strip, cells), strict=True))))
        line = reader.line_num + 1
    return rows


def read_table(name: str) -> list[Row]:
    """The rows of ``resources/catalog/<name>.csv``. Raises ``CatalogError``."""
    table = f"{name}.csv"
    try:
        text = files("resources.catalog").joinpath(table).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CatalogError(
            table, None, None, None, "the file is missing; reinstall the program"
        ) from None
    except UnicodeDecodeError as error:
        raise CatalogError(table, None, None, str(error), "UTF-8 text is expected") from None
    return parse_table(table, text)


def by_id(
    rows: Sequence[Row], make: Callable[[Row], V], column: str = "id"
) -> MappingProxyType[str, V]:
    """The rows as records by id, read-only, in file order. Raises for a repeated id."""
    found: dict[str, V] = {}
    for row in rows:
        key = row.text(column)
        if key in found:
            raise row.fail(column, "each id may appear only once")
        found[key] = make(row)
    return MappingProxyType(found)
