"""Lines of a measurement file as cells, each line for itself, so that one bad line loses no other.

A quoted cell may not reach over the end of a line: a quotation mark that is never closed would
else swallow the lines after it without a word.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator

from core.notation import local
from core.words import _

LONGEST_LINE = 100_000
"""Characters; a line of cells has a few hundred."""
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ _\u00a0\u202f]\d{3})+")
"""Thousands set apart; ``1,5`` is none, since a comma may be a decimal mark."""


def plain_number(text: str) -> float:
    """The number that a cell writes, with or without thousands set apart; ``nan`` if none."""
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[^\d.]", "", text)
    try:
        return float(text)
    except ValueError:
        return math.nan


def split_lines(text: str, separator: str = ",") -> Iterator[tuple[int, list[str] | str]]:
    """(line, its cells, or in words why it cannot be read) of every line that is not empty.

    Lines end with CR, LF or both, and count from 1.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if line:
            yield number, _cells(line, separator)


def _cells(line: str, separator: str) -> list[str] | str:
    if len(line) > LONGEST_LINE:
        return _("longer than {n} characters").format(n=local(f"{LONGEST_LINE:,}"))
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return _("a quotation mark is not closed, or text follows a closed one")
