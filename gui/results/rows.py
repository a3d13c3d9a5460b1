"""Rows of a read-only table: sorted by value, each bound to its id."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QFont

from gui.direction import in_order

Index = QModelIndex | QPersistentModelIndex
ID_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The id of the row, whatever order the rows are in."""
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (with the unit), what it means, and whether it holds numbers."""

    title: str
    tip: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown, what it is sorted by (``None``: unknown, always last), and its hint."""

    text: str
    value: float | str | None = None
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row and the id it stands for."""

    id: str
    cells: tuple[Cell, ...]
    heading: bool = False
    """Names the rows below it."""


class RowsModel(QAbstractTableModel):
    """Rows of cells."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[Row, ...] = ()
        self._given: tuple[Row, ...] = ()
        self._order: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    def show_rows(self, rows: Sequence[Row], columns: Sequence[Column] | None = None) -> None:
        """Replace all rows (and the columns, where given)."""
        self.beginResetModel()
        if columns is not None:
            self.columns = tuple(columns)
        self._given = tuple(rows)
        self.rows = self._sorted()
        self.endResetModel()

    def row_of(self, row_id: str | None) -> int:
        """Where the row with this id is; -1 where it is not."""
        return next((n for n, row in enumerate(self.rows) if row.id == row_id), -1)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column's values, unknown ones last; -1 is the order given."""
        self._order = (column, order)
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self.rows[index.row()].id) for index in self.persistentIndexList()]
        self.rows = self._sorted()
        places = {row.id: number for number, row in enumerate(self.rows)}
        self.changePersistentIndexList(
            [index for index, _id in kept],
            [self.index(places[row_id], index.column()) for index, row_id in kept],
        )
        self.layoutChanged.emit()

    def _sorted(self) -> tuple[Row, ...]:
        column, order = self._order
        if not 0 <= column < len(self.columns):
            return self._given

        def value(row: Row) -> tuple[int, float, str]:
            found = row.cells[column].value
            # Numbers before words, should a column hold both.
            return (1, 0.0, found.casefold()) if isinstance(found, str) else (0, found or 0.0, "")

        known = [row for row in self._given if row.cells[column].value is not None]
        unknown = [row for row in self._given if row.cells[column].value is None]
        known.sort(key=value, reverse=order == Qt.SortOrder.DescendingOrder)
        return (*known, *unknown)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        cell, column = row.cells[index.column()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return in_order(cell.text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {cell.text}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and row.heading:
            font = QFont()
            font.setBold(True)
            return font
        return row.id if role == ID_ROLE else None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return in_order(column.title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
        return None


class RowsFilter(QSortFilterProxyModel):
    """Hides rows; their order is the rows' own, which sorts 200 of them in no time."""

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sourceModel().sort(column, order)


def number_cell(text: str, value: float | None, tip: str = "") -> Cell:
    """A cell sorted by its number; values that are not finite count as unknown."""
    known = value if value is not None and math.isfinite(value) else None
    return Cell(text, known, tip)
