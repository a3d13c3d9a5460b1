"""Tables as spreadsheets write them: what parts their columns, and how their numbers are written.

Excel separates columns with semicolons and writes decimal commas where the country does so; what
is copied out of any spreadsheet, and its "Unicode text", has tabs.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable

SEPARATORS = (",", ";", "\t")
_SAID = re.compile(r"\s*\"?sep=(.)\"?\s*")
"""A first line that Excel itself reads: it says what separates columns."""
_GROUPS = r"[1-9]\d{0,2}"


def _certain(mark: str, thousands: str) -> re.Pattern[str]:
    """Numbers with this decimal mark and no other reading."""
    groups = rf"{_GROUPS}(?:{thousands}\d{{3}})+"
    return re.compile(rf"[+-]?(?:\d*{mark}(?:\d{{1,2}}|\d{{4,}})|(?:0|\d{{4,}}|{groups}){mark}\d+)")


_COMMA, _POINT = _certain(",", r"\."), _certain(r"\.", ",")
"""Numbers whose decimal mark is certain: three digits behind a mark may be a thousand."""
_POINTS_IN_A_NUMBER = re.compile(rf"[+-]?{_GROUPS}(?:\.\d{{3}})+(?:,\d+)?")
_POINTS_ONLY = re.compile(rf"[+-]?{_GROUPS}\.\d{{3}}")
_GROUPED = re.compile(rf"[+-]?{_GROUPS}(?:(?:\.\d{{3}})+|(?:,\d{{3}})+)")
_ONE_COMMA = re.compile(r"\d*(?:,\d+)?")
_BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d)|(?<!\d),(?=\d+$)")


def decoded(data: bytes) -> str:
    """The text of a table's bytes. Raises UnicodeDecodeError.

    UTF-8, UTF-16 with its mark, as Excel's "Unicode text" is, or else Windows-1252, which Excel
    writes in Western Europe.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\x00" in data:
            raise
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass
        raise


def separated(text: str) -> tuple[str, str]:
    """(what separates the columns, the text with its heading first but for empty lines).

    A first line ``sep=;`` decides and goes, its end stays, so that lines keep their numbers; else
    the heading has most of it.
    """
    first = text.lstrip("\r\n").split("\n", 1)[0].split("\r", 1)[0]
    said = _SAID.fullmatch(first)
    if said:
        return said[1], text[text.index(first) + len(first) :]
    return max(SEPARATORS, key=first.count), text


class Numbers:
    """How the numbers of a table are written, told from some of its cells.

    ``1,5`` and ``1234.567`` are certain, ``1,024`` is not: what is certain decides for the whole
    table. Without it, semicolons mean decimal commas, since they are used where those are; a
    table with commas between its columns has none.
    """

    def __init__(self, cells: Iterable[str], separator: str) -> None:
        commas = points = 0
        for cell in cells:
            commas += _COMMA.fullmatch(cell) is not None
            points += _POINT.fullmatch(cell) is not None
        self.certain = commas != points
        self.commas = separator != "," and (commas > points if self.certain else separator == ";")

    def unclear(self, text: str) -> bool:
        """Whether it may be a thousand or a fraction, as ``1.234`` among whole numbers."""
        return self.commas and not self.certain and _POINTS_ONLY.fullmatch(text) is not None

    def english(self, text: str, *, whole: bool = False) -> str:
        """A cell with decimal points and, where commas were decimal marks, without thousands apart.

        In a text with numbers in it (``qps=1,5``) the commas between digits become points. Of
        ``whole`` numbers every mark before three digits is one of thousands, unless the table
        says otherwise for certain.
        """
        if not self.commas:
            return text
        if whole and not self.certain and _GROUPED.fullmatch(text):
            return text.replace(".", "").replace(",", "")
        if _POINTS_IN_A_NUMBER.fullmatch(text):
            text = text.replace(".", "")
        return _BETWEEN_DIGITS.sub(".", text) if "," in text else text


def numbers_in(text: str) -> tuple[float, ...]:
    """Every number of a text, row after row: one column, or several without anything else.

    Lines that each are one number with a comma are a column with decimal commas.
    """
    separator, text = separated(text)
    # Numbers without a heading may have more decimal commas than there are columns.
    separator = next((mark for mark in (";", "\t") if mark in text), separator)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(_ONE_COMMA.fullmatch(line) for line in lines):
        separator = ";"
    cells = [cell for line in lines for part in line.split(separator) for cell in part.split()]
    numbers = Numbers(cells, separator)
    found = []
    for cell in cells:
        with contextlib.suppress(ValueError):
            found.append(float(numbers.english(cell)))
    return tuple(found)
