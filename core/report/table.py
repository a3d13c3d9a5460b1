"""Tables: columns sized to their contents, decimals aligned, headings repeated on every page."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import cached_property

from core.notation import english
from core.report.boxes import Box, baseline, replaced
from core.report.content import Column, Table, Words, plain
from core.report.fonts import FaceName
from core.report.pen import Pen
from core.report.style import CELL, INK, MUTED, RULE, TINT
from core.report.tags import Element, Holder
from core.report.text import Line, language_of, longest_word, printable, runs_of, width_of, wrap

REGULAR: FaceName = "AdvisorSans"
BOLD: FaceName = "AdvisorSans-Bold"
GAP = 9.0
"""Between columns, points."""
PAD, DENSE_PAD = 2.6, 0.9
"""Above and below the text of a row, points; in a dense table."""
POWER = 0.7
"""How strongly the longest texts draw room: 1 is in proportion, 0 evenly."""
LINE = CELL * 1.28
SMALL_TABLE = 102.0
"""A table up to this height (points), of five rows, is never broken over pages ..."""
SMALL_SUM = 200.0
"""... nor one with a total up to this: nobody adds up over two pages."""
FEWEST_KEPT, FEWEST_CARRIED = 2, 3
"""Rows of a table on the page where it begins, and on the one where it ends ..."""
HIGHEST_FEW = 150.0
"""... unless those are higher than this (points)."""
HIGH_ROW = 40.0
"""A row above this height (points), of four lines, may stand alone where a table begins."""
HIGHEST_WHOLE_ROW = 600.0
"""A row up to this height (points) fits on any paper below its headings."""
WIDEST_WORD = 120.0
WIDEST_UNIT, WIDEST_TITLE = 48.0, 90.0
WIDEST_WORDS = 70.0
"""Of a text among numbers, before it wraps."""
_NUMBER = re.compile(r"^([+\-−<>≤≥~≈]?[A-Z]{0,3} ?[\d,]+)(\.\d+)?(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Cell:
    """Lines with their offsets inside the column."""

    lines: tuple[Line, ...]
    shifts: tuple[float, ...]
    actual: str = ""
    lang: str = ""


@dataclass(frozen=True)
class _Row:
    cells: tuple[_Cell, ...]
    index: int
    strong: bool = False
    group: bool = False
    pad: float = PAD

    @cached_property
    def height(self) -> float:
        """Asked again at every way to break the pages."""
        return max((len(cell.lines) for cell in self.cells), default=1) * LINE + 2 * self.pad


def _number_parts(text: str) -> tuple[str, str] | None:
    """What stands before and after the place where decimals align; ``None`` for words."""
    match = _NUMBER.match(english(text))
    return (text[: match.end(1)], text[match.end(1) :]) if match else None


def _face(strong: bool) -> FaceName:
    return BOLD if strong else REGULAR


class _Sizer:
    """Natural and least widths of a table's columns, and the widths chosen."""

    def __init__(self, table: Table, texts: list[tuple[str, ...]], width: float) -> None:
        self.table, self.texts = table, texts
        self.whole: list[float] = []
        """Widths of the widest integer part per decimal column."""
        self._heads: list[float] = []
        natural, least = [], []
        for number, column in enumerate(table.columns):
            most, low = self._column(number, column)
            natural.append(most)
            least.append(min(low, most))
        self.widths = self._chosen(natural, least, width - GAP * (len(natural) - 1))

    def _column(self, number: int, column: Column) -> tuple[float, float]:
        full = min(width_of(printable(column.title), BOLD, CELL), WIDEST_TITLE)
        head = max(
            longest_word(printable(column.title), BOLD, CELL),
            min(width_of(printable(column.unit), REGULAR, CELL), WIDEST_UNIT),
            longest_word(printable(column.unit), REGULAR, CELL),
        )
        self._heads.append(head)
        cells = [
            (row[number], _face(i in self.table.strong))
            for i, row in enumerate(self.texts)
            if i not in self.table.groups
        ]
        most = max((width_of(t, f, CELL) for t, f in cells if "\n" not in t), default=0.0)
        if column.align == "decimal":
            parts = [(p, f) for t, f in cells if (p := _number_parts(t)) is not None]
            whole = max((width_of(p[0], f, CELL) for p, f in parts), default=0.0)
            rest = max((width_of(p[1], f, CELL) for p, f in parts), default=0.0)
            self.whole.append(whole)
            others = [(t, f) for t, f in cells if _number_parts(t) is None]
            words = [
                max(longest_word(t, f, CELL), min(width_of(t, f, CELL), WIDEST_WORDS))
                for t, f in others
                if "\n" not in t
            ]
            low = max(whole + rest, head, *words, 0.0)
            return max(low, whole + rest, min(full, WIDEST_UNIT)), low
        self.whole.append(0.0)
        low = max((longest_word(t, f, CELL) for t, f in cells), default=0.0)
        return max(most, head, full), max(min(low, WIDEST_WORD), head)

    def _chosen(self, natural: list[float], least: list[float], room: float) -> list[float]:
        if sum(least) > room:  # long words of texts break first, headings last
            least = [
                min(low, max(self._heads[i], 40.0)) if c.align == "left" else low
                for i, (low, c) in enumerate(zip(least, self.table.columns, strict=True))
            ]
        if sum(least) > room:
            return [w * room / sum(least) for w in least]
        spare, wanted = room - sum(least), [n - m for n, m in zip(natural, least, strict=True)]
        if sum(wanted) > spare:
            # long texts get their share by less than what they want, so that one very
            # long column does not starve the others
            return self._shared(least, wanted, spare)
        extra = spare - sum(wanted)
        texts = [i for i, c in enumerate(self.table.columns) if c.align == "left"]
        takers = texts or list(range(len(natural)))
        whole = sum(natural[i] for i in takers) or 1.0
        # a short table stays narrow: rows are easier to follow than over a wide gap
        return [
            n + (min(extra * n / whole, 0.4 * n + 12.0) if i in takers else 0.0)
            for i, n in enumerate(natural)
        ]

    @staticmethod
    def _shared(least: list[float], wanted: list[float], spare: float) -> list[float]:
        given = [0.0] * len(least)
        open_columns = {i for i, w in enumerate(wanted) if w > 0}
        while open_columns and spare > 0.01:
            total = sum(wanted[i] ** POWER for i in open_columns)
            full = set()
            for i in sorted(open_columns):
                part = min(spare * wanted[i] ** POWER / total, wanted[i] - given[i])
                if part >= wanted[i] - given[i] - 1e-6:
                    full.add(i)
            if not full:
                for i in sorted(open_columns):
                    given[i] += spare * wanted[i] ** POWER / total
                break
            for i in full:
                spare -= wanted[i] - given[i]
                given[i] = wanted[i]
            open_columns -= full
        return [m + g for m, g in zip(least, given, strict=True)]


class TableBox(Box):
    """A laid out table or a part of one."""

    def __init__(
        self,
        columns: tuple[Column, ...],
        widths: list[float],
        head: list[tuple[list[Line], list[Line]]],
        rows: list[_Row],
        holder: Holder,
        *,
        row_headings: bool,
        continued: bool = False,
        group: _Row | None = None,
    ) -> None:
        self.columns, self.widths, self.head, self.rows = columns, widths, head, rows
        self.holder, self.row_headings, self.continued = holder, row_headings, continued
        self.before, self.after = (0.0 if continued else 2.0), 10.0
        lines = max((len(title) + len(unit) for title, unit in head), default=1)
        self.group = group
        """The heading of the group that goes on here from the page before."""
        self.titles_height = lines * LINE + 2 * PAD
        self.head_height = self.titles_height + (group.height if group else 0.0)
        self.height = self.head_height + sum(row.height for row in rows)

    def _whole(self, full: float) -> bool:
        """Whether it is too small to be broken; ``full`` is the height of a page."""
        summed = any(row.strong for row in self.rows[1:])
        small = SMALL_SUM if summed else SMALL_TABLE
        return self.height <= min(small, full) and not self.continued

    @property
    def first(self) -> float:
        """Headings and two rows, or what a page can hold of them; a small table stays whole."""
        if self._whole(HIGHEST_WHOLE_ROW):
            return self.height
        few = self.rows[: 1 if self.rows[0].height > HIGH_ROW else 2 if len(self.rows) != 3 else 3]
        high = self.rows[0].height  # broken only where it is higher than a page
        least = high if high < HIGHEST_WHOLE_ROW else 0.0
        return self.head_height + max(min(sum(row.height for row in few), 160.0), least)

    def split(self, room: float, full: float) -> tuple[Box, Box] | None:
        """Between rows; inside a row only where it is higher than a page can hold."""
        if self._whole(full):
            return None
        used, count = self.head_height, 0
        for row in self.rows:
            if used + row.height > room:
                break
            used += row.height
            count += 1
        left = len(self.rows) - count
        few = sum(row.height for row in self.rows[-FEWEST_CARRIED:])
        if 0 < left < FEWEST_CARRIED and few < HIGHEST_FEW:
            kept = len(self.rows) - FEWEST_CARRIED
            count = kept if kept >= FEWEST_KEPT else count
        while count and self.rows[count - 1].group:
            count -= 1
        if count:
            before, rest = self.rows[:count], self.rows[count:]
            group = None if not rest or rest[0].group else self._group_of(before)
            return self._part(before, False, self.group), self._part(rest, True, group)
        row = self.rows[0]
        if self.head_height + row.height <= full or room < full / 2.0:
            return None
        lines = int((room - self.head_height - 2 * row.pad) / LINE)
        if lines < 1:
            return None
        upper, lower = _cut(row, lines)
        return (
            self._part([upper], False, self.group),
            self._part([lower, *self.rows[1:]], True, self.group),
        )

    def _group_of(self, rows: list[_Row]) -> _Row | None:
        """The heading of the group that the last of some rows belongs to."""
        return next((row for row in reversed(rows) if row.group), self.group)

    def _part(self, rows: list[_Row], continued: bool, group: _Row | None) -> TableBox:
        return TableBox(
            self.columns,
            self.widths,
            self.head,
            rows,
            self.holder,
            row_headings=self.row_headings,
            continued=continued or self.continued,
            group=group,
        )

    # -- drawing ---------------------------------------------------------------------------

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw headings and rows; repeated headings are artifacts."""
        table = self.holder.get("table", pen.structure.section, "Table")
        width = sum(self.widths) + GAP * (len(self.widths) - 1)
        self._draw_head(pen, table, x, top)
        top -= self.titles_height
        pen.rule(x, top, width, INK, 0.7)
        if self.group is not None:
            with pen.artifact("Pagination"):
                y = top - self.group.pad - baseline(CELL, LINE)
                for line in self.group.cells[0].lines:
                    pen.line_of_text(x, y, line, CELL)
                    y -= LINE
            top -= self.group.height
            pen.rule(x, top, width, RULE, 0.4)
        for row in self.rows:
            if row.strong:
                pen.rectangle(x - 3, top - row.height, width + 6, row.height, TINT)
            self._draw_row(pen, table, row, x, top)
            top -= row.height
            pen.rule(x, top, width, RULE, 0.4)

    def _draw_head(self, pen: Pen, table: Element, x: float, top: float) -> None:
        row = None if self.continued else self.holder.get("head", table, "TR")
        deepest = max(len(title) + len(unit) for title, unit in self.head)
        for column, wide, (title, unit) in zip(self.columns, self.widths, self.head, strict=True):
            y = top - PAD - baseline(CELL, LINE) - (deepest - len(title) - len(unit)) * LINE
            if row is None:
                context = pen.artifact("Pagination")
            else:
                cell = row.add("TH")
                cell.scope = "Column"
                context = pen.element(cell)
            with context:
                for lines, face, colour in ((title, BOLD, INK), (unit, REGULAR, MUTED)):
                    for line in lines:
                        text = "".join(piece.text for piece in line)
                        shift = _shift(column, wide, width_of(text, face, CELL))
                        pen.line_of_text(x + shift, y, line, CELL, colour)
                        y -= LINE
            x += wide + GAP

    def _draw_row(self, pen: Pen, table: Element, row: _Row, x: float, top: float) -> None:
        line = self.holder.get(("row", row.index), table, "TR")
        for number, cell in enumerate(row.cells):
            heading = number == 0 and (self.row_headings or row.group)
            element = self.holder.get(("cell", row.index, number), line, "TH" if heading else "TD")
            element.actual, element.lang = cell.actual, cell.lang
            if heading:
                element.scope = "Row"
            if row.group:
                element.span = len(self.columns)
            if any(cell.lines):
                with pen.element(element):
                    y = top - row.pad - baseline(CELL, LINE)
                    for text, shift in zip(cell.lines, cell.shifts, strict=True):
                        pen.line_of_text(x + shift, y, text, CELL)
                        y -= LINE
            if row.group:
                break
            x += self.widths[number] + GAP


def _shift(column: Column, wide: float, used: float) -> float:
    """Offset of a text of a width inside its column."""
    if column.align == "decimal":
        return wide - used
    return (wide - used) / 2.0 if column.align == "centre" else 0.0


def _cut(row: _Row, lines: int) -> tuple[_Row, _Row]:
    """A very high row as two."""

    def part(cell: _Cell, start: int, end: int | None) -> _Cell:
        lines, shifts = cell.lines[start:end], cell.shifts[start:end]
        return dataclasses.replace(cell, lines=lines, shifts=shifts)

    return (
        dataclasses.replace(row, cells=tuple(part(c, 0, lines) for c in row.cells)),
        dataclasses.replace(row, cells=tuple(part(c, lines, None) for c in row.cells)),
    )


def _cell(
    words: Words, column: Column, wide: float, whole: float, rest: float, strong: bool
) -> _Cell:
    face, runs, text = _face(strong), runs_of(words, bold=strong), printable(plain(words))
    parts = _number_parts(text) if column.align == "decimal" else None
    if parts is not None:
        start = wide - rest - width_of(parts[0], face, CELL)
        if start >= -0.01:
            lines = wrap(runs, CELL, 1e6)
            return _Cell(tuple(lines), (start,) * len(lines))
    lines = wrap(runs, CELL, wide)
    shifts = tuple(
        _shift(column, wide, width_of("".join(p.text for p in line), face, CELL)) for line in lines
    )
    return _Cell(tuple(lines), shifts, replaced(plain(words)), language_of(lines))


def table_box(table: Table, width: float) -> TableBox:
    """Lay a table out in ``width`` points."""
    texts = [tuple(printable(plain(cell)) for cell in row) for row in table.rows]
    sizer = _Sizer(table, texts, width)
    rests = _rests(table, texts)
    rows = []
    for index, row in enumerate(table.rows):
        strong, group = index in table.strong, index in table.groups
        if group:
            lines = wrap(runs_of(row[0], bold=True), CELL, width)
            cells = [_Cell(tuple(lines), (0.0,) * len(lines))]
        else:
            columns = zip(row, table.columns, sizer.widths, sizer.whole, rests, strict=True)
            cells = [_cell(*column, strong=strong) for column in columns]
        pad = DENSE_PAD if table.dense else PAD
        rows.append(_Row(tuple(cells), index, strong, group, pad))
    head = [
        (
            wrap(runs_of(column.title, bold=True), CELL, wide),
            wrap(runs_of(column.unit), CELL, wide) if column.unit else [],
        )
        for column, wide in zip(table.columns, sizer.widths, strict=True)
    ]
    return TableBox(
        table.columns, sizer.widths, head, rows, Holder(), row_headings=table.row_headings
    )


def _rests(table: Table, texts: list[tuple[str, ...]]) -> list[float]:
    """Width of the widest fraction (with what follows it) per column."""
    found = []
    for number, column in enumerate(table.columns):
        most = 0.0
        if column.align == "decimal":
            for index, row in enumerate(texts):
                parts = _number_parts(row[number]) if index not in table.groups else None
                if parts:
                    most = max(most, width_of(parts[1], _face(index in table.strong), CELL))
        found.append(most)
    return found
