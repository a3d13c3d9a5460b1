"""Writing cells: text that stays text, numbers, formulas with their value, a few styles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

Cell = str | float | int | bool | None
Style = Literal[
    "title", "heading", "head", "text", "wrap", "note",
    "input_money", "input_factor", "input_share",
    "number", "whole", "fine", "money", "factor", "share", "total", "total_money",
]  # fmt: skip  # by kind
LONGEST_TEXT = 32_000
"""A spreadsheet cell holds 32,767 characters."""
_MONEY = '#,##0;[Red]-#,##0;"-"'
_INPUT = {"font_color": "#0033CC", "bg_color": "#FFF9E5"}
_STYLES: dict[Style, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12, "font_color": "#1F4E79"},
    "head": {"bold": True, "bg_color": "#E7ECF2", "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {"valign": "top"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "input_money": {"num_format": "#,##0", **_INPUT},
    "input_factor": {"num_format": "0.0000", **_INPUT},
    "input_share": {"num_format": "0.0%", **_INPUT},
    "number": {"num_format": "#,##0.00#", "valign": "top"},
    "whole": {"num_format": "#,##0", "valign": "top"},
    "fine": {"valign": "top"},
    "money": {"num_format": _MONEY},
    "factor": {"num_format": "0.0000"},
    "share": {"num_format": "0.0%"},
    "total": {"num_format": "#,##0.00", "bold": True, "top": 1},
    "total_money": {"num_format": _MONEY, "bold": True, "top": 1},
    "note": {"italic": True, "font_color": "#555555"},
}


class Book:
    """A workbook and its styles."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.styles = {
            name: file.add_format({"font_name": "Calibri", "font_size": 10, **look})
            for name, look in _STYLES.items()
        }

    def sheet(self, name: str) -> Sheet:
        """A new sheet behind the others."""
        return Sheet(self._file.add_worksheet(name), name, self.styles)


class Sheet:
    """One sheet. Rows and columns are numbered from 0."""

    def __init__(self, raw: Any, name: str, styles: dict[Style, Any]) -> None:
        self.raw, self.name, self._styles = raw, name, styles
        raw.set_landscape()
        raw.set_paper(9)
        raw.fit_to_pages(1, 0)

    def put(self, row: int, column: int, value: Cell, style: Style = "text") -> None:
        """Write a value: text as text whatever it starts with, unknown and infinite as empty."""
        look = self._styles[style]
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            self.raw.write_blank(row, column, None, look)
        elif isinstance(value, bool):
            self.raw.write_string(row, column, "yes" if value else "no", look)
        elif isinstance(value, int | float):
            if style == "number":
                look = self._styles[_digits(value)]
            self.raw.write_number(row, column, value, look)
        else:
            self.raw.write_string(row, column, _clean(value), look)

    def formula(
        self, row: int, column: int, formula: str, value: float, style: Style = "number"
    ) -> None:
        """Write a formula (without its equals sign) with the value it has."""
        self.raw.write_formula(row, column, f"={formula}", self._styles[style], value)

    def heads(self, row: int, names: Sequence[str], column: int = 0) -> None:
        """A row of column headings."""
        for n, name in enumerate(names):
            self.put(row, column + n, name, "head")

    def paragraph(self, row: int, text: str, first: int, last: int, characters: int) -> None:
        """Text over several columns that together hold so many characters in a line."""
        lines = sum(-(-max(len(part), 1) // characters) for part in text.splitlines() or [""])
        self.raw.set_row(row, 13.5 * min(lines, 25))
        self.raw.merge_range(row, first, row, last, "", self._styles["wrap"])
        self.put(row, first, text, "wrap")

    def widths(self, *widths: float) -> None:
        """Widths of the first columns in characters."""
        for n, width in enumerate(widths):
            self.raw.set_column(n, n, width)

    def table(
        self,
        row: int,
        names: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        wrapped: frozenset[int] = frozenset(),
    ) -> int:
        """Headings and rows; columns in ``wrapped`` break their text. Returns the next free row."""
        self.heads(row, names)
        for values in rows:
            row += 1
            for column, value in enumerate(values):
                numeric = isinstance(value, int | float) and not isinstance(value, bool)
                style: Style = "number" if numeric else "wrap" if column in wrapped else "text"
                self.put(row, column, value, style)
        return row + 1


def _digits(value: float) -> Style:
    """How many digits a number of unknown size is shown with."""
    if value == int(value):
        return "whole"
    return "number" if abs(value) >= 0.1 else "fine"


def one_line(text: str) -> str:
    """Text for the file's properties: printable and short."""
    return "".join(c for c in _clean(text) if c.isprintable())[:255]


def _clean(text: str) -> str:
    """Text that a file can hold: no halves of characters, not too long."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= LONGEST_TEXT else whole[: LONGEST_TEXT - 1] + "…"


def letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def cell(row: int, column: int, *, fixed: str = "") -> str:
    """A1 name of a cell; ``fixed`` names what a copy keeps: "r", "c" or "rc"."""
    return f"{'$' if 'c' in fixed else ''}{letters(column)}{'$' if 'r' in fixed else ''}{row + 1}"


def across(row: int, first: int, last: int, *, fixed: str = "") -> str:
    """A1 name of cells side by side."""
    return f"{cell(row, first, fixed=fixed)}:{cell(row, last, fixed=fixed)}"


def down(first: int, last: int, column: int, *, fixed: str = "") -> str:
    """A1 name of cells below each other."""
    return f"{cell(first, column, fixed=fixed)}:{cell(last, column, fixed=fixed)}"


def elsewhere(sheet: str, name: str) -> str:
    """A cell's name as other sheets write it."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{name}"
