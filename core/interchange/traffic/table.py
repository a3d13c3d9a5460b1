"""A traffic file as columns: headings recognised, every line read or reported."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.interchange.errors import DocumentError, shown
from core.interchange.traffic.headings import TIME, columns_of, plain
from core.interchange.traffic.times import Times, parse_times
from core.notation import local
from core.performance.measurement_lines import plain_number
from core.spreadsheet_text import Numbers, separated
from core.words import _

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

KEPT = 20
"""Skipped lines that are reported one by one; beyond, only their number."""
SAMPLE = 500
"""Rows by which decimal commas are told from those that set thousands apart."""
_MOST = 1e12


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that was left out: its number in the file, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class TrafficTable:
    """The readable rows of a traffic file, in the file's order."""

    times: Times
    counts: Floats | None
    """Requests per row; ``None`` for a request log, where each row is one."""
    input_tokens: Floats | None
    output_tokens: Floats | None
    skipped: tuple[Skipped, ...]
    skipped_lines: int


def read_table(text: str, file: str) -> TrafficTable:
    """The rows of a traffic file. Raises DocumentError."""
    separator, text = separated(text)
    first = text.lstrip("\n\r").partition("\n")[0]
    if not first.strip():
        raise DocumentError(_("is empty; a table with a heading row is expected"), file=file)
    headings, lines, cells = _columns(text, separator, file)
    if not headings["time"]:
        raise DocumentError(
            _("needs a column 'timestamp' (or {join}); its headings are {shown}").format(
                join=", ".join(TIME[1:4]), shown=shown(first.strip())
            ),
            file=file,
        )
    if not lines:
        raise DocumentError(_("has headings but no rows"), file=file)
    bad: dict[int, str] = {}
    times = parse_times(cells["time"], bad)
    kinds = ("count", "input", "output")
    numbers = Numbers((cell for kind in kinds for cell in cells[kind][:SAMPLE]), separator)
    counts, inputs, outputs = (
        parse_numbers(cells[kind], headings[kind], bad, numbers) if headings[kind] else None
        for kind in kinds
    )
    good = np.ones(len(lines), dtype=bool)
    good[list(bad)] = False
    _enough(bad, lines, file)
    return TrafficTable(
        times=times.where(good),
        counts=_kept(counts, good),
        input_tokens=_kept(inputs, good) if counts is None else None,
        output_tokens=_kept(outputs, good) if counts is None else None,
        skipped=tuple(Skipped(lines[n], bad[n]) for n in sorted(bad)[:KEPT]),
        skipped_lines=len(bad),
    )


def _columns(
    text: str, separator: str, file: str
) -> tuple[dict[str, str], list[int], dict[str, list[str]]]:
    """(heading of each kind of column, "" for none; line number of each row; its cells)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines: list[int] = []
    try:
        row = next(row for row in reader if row and any(row))
        names, headings = plain(row), columns_of(row)
        cells: dict[str, list[str]] = {kind: [] for kind in headings}
        # Whole rows are not kept: a million small lists would busy the garbage collector.
        taken = [(names.index(h), cells[kind]) for kind, h in headings.items() if h]
        for row in reader:
            if row and any(row):
                lines.append(reader.line_num)
                for place, column in taken:
                    column.append(row[place].strip() if place < len(row) else "")
    except csv.Error as error:
        raise DocumentError(
            _("cannot be read as a table: line {line_num}: {error}").format(
                line_num=reader.line_num, error=error
            ),
            file=file,
        ) from error
    return headings, lines, cells


def parse_numbers(cells: list[str], heading: str, bad: dict[int, str], numbers: Numbers) -> Floats:
    """A column of whole numbers from 0, or of means of such.

    Rows without one are added to ``bad`` by their index.
    """
    text = [numbers.english(cell, whole=True) for cell in cells] if numbers.commas else cells
    try:
        values = np.fromiter(map(float, text), dtype=np.float64, count=len(text))
    except ValueError:
        import pandas

        found = pandas.to_numeric(pandas.Series(text, dtype="str"), errors="coerce")
        values = np.array(found, dtype=np.float64)
        for n in np.flatnonzero(np.isnan(values)).tolist():
            values[n] = plain_number(text[n])  # with thousands set apart
    with np.errstate(invalid="ignore"):
        wrong = ~((values >= 0) & (values <= _MOST))
    told = _("{heading} must be a number from 0; got {value}")
    for n in np.flatnonzero(wrong).tolist():
        bad.setdefault(n, told.format(heading=heading, value=shown(cells[n])))
    return values


def _kept(values: Floats | None, good: Bools) -> Floats | None:
    return None if values is None else values[good]


def _enough(bad: dict[int, str], lines: list[int], file: str) -> None:
    """More lines read than not, or the file is something else."""
    if len(bad) * 2 < len(lines):
        return
    first = min(bad)
    raise DocumentError(
        _("{count} of {all} lines cannot be read; the first is line {line}: {why}").format(
            count=local(f"{len(bad):,}"),
            all=local(f"{len(lines):,}"),
            line=local(f"{lines[first]:,}"),
            why=bad[first],
        ),
        file=file,
    )
