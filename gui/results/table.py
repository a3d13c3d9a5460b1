"""A read-only table in view: columns that fit, rows that fold, copied as text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.results.columns import GAP, Headings, fitting, heading_width, shared, staying
from gui.results.row_heights import fit_heights
from gui.results.rows import ID_ROLE, RowsModel
from gui.results.texts import DASH

MEASURED_ROWS = 60
WIDEST_LINES = 15
"""Widest column that is not asked for by its heading, in heights of a line of text."""
LEAST_SHARED = 7
"""The same where all columns give way."""
MOST_LINES = 2
"""Lines of a row at most, where a table does not ask for more."""
LEAST_LINES = 10
"""How narrow a column becomes that gives way to others, in the same measure."""


class ClearOfTheNext(QStyledItemDelegate):
    """Keeps figures, which end at the edge of their column, clear of words that begin at it."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += GAP


class ResultTable(QTableView):
    """A table view with one selected row, found again by its id after any change of order."""

    rowChosen = Signal(str)
    """The id of the row the cursor is on."""
    rowOpened = Signal(str)
    """The id of a row that was double-clicked or on which Enter was pressed."""
    columnsLeft = Signal(int)
    """How many columns are hidden for want of room."""

    def __init__(self, model: QAbstractItemModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._restoring = False
        self._fitted = 0
        self._giving: tuple[int, tuple[int, ...]] | None = None
        self._sharing = False
        self._leaving: tuple[int, ...] = ()
        self._all_shown = False
        self._all_wanted: dict[int, int] = {}
        self._needed: dict[int, int] = {}
        self._spread: tuple[int, tuple[int, ...]] | None = None
        self.most_lines = MOST_LINES
        self._folding = QTimer(self)
        self._folding.setSingleShot(True)
        self._folding.setInterval(0)
        self._folding.timeout.connect(self._fold)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.setItemDelegate(ClearOfTheNext(self))
        header = Headings(self)
        self.setHorizontalHeader(header)
        header.sectionResized.connect(self._fold_soon)
        for moved in (
            model.modelReset, model.layoutChanged, model.rowsInserted, model.rowsRemoved,
        ):  # fmt: skip  # whatever puts other rows into a place
            moved.connect(self._fold_soon)
            moved.connect(self._unspread)
        self.activated.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._moved)

    def _unspread(self) -> None:
        """Spans are of places, not of rows: where others come in, they go."""
        self.clearSpans()

    def fit_columns(self, lines: int = WIDEST_LINES) -> None:
        """Give every column the width of its contents, up to so many heights of a line."""
        self._fitted = lines
        model, header, metrics = self.model(), self.horizontalHeader(), self.fontMetrics()
        widest = metrics.height() * lines
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        rows = range(min(model.rowCount(), MEASURED_ROWS))
        self._needed = {}
        for section in range(header.count()):
            header.setSectionHidden(section, False)
            # The longest few texts decide: Qt's own measuring asks for everything in every row.
            cells = sorted((str(model.index(r, section).data() or "") for r in rows), key=len)
            title = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
            needed = max((metrics.horizontalAdvance(text) for text in cells[-3:]), default=0)
            named = heading_width(title, metrics) + metrics.height()
            width = max(needed, named) + metrics.height()
            self._needed[section] = needed
            gives = self._giving is not None and section == self._giving[0]
            # What is narrowed where there is no room may be whole where there is.
            header.resizeSection(section, width if gives else min(width, max(widest, named)))
        header.setStretchLastSection(not self._sharing)
        self._all_wanted = {c: self.columnWidth(c) for c in range(header.count())}
        self._give_way()
        self._fold()

    def keep_in_view(self, giving: int, leaving: Sequence[int]) -> None:
        """Have the columns fit: the one at ``giving`` is narrowed, then those ``leaving`` go.

        They come back where there is room, or for ``show_all``.
        """
        self._giving = giving, tuple(leaving)

    def show_all(self, on: bool) -> None:
        """Show every column, some of them a scroll away, or those that fit."""
        self._all_shown = on
        self._give_way()
        self._fold_soon()

    def share_room(self, most_lines: int, leaving: Sequence[int] = ()) -> None:
        """Have all columns fit the table, with rows of up to so many lines.

        Where they are as narrow as may be and still do not, those ``leaving`` go in that order.
        """
        self._sharing, self.most_lines, self._leaving = True, most_lines, tuple(leaving)

    def spread(self, column: int, over: Sequence[int]) -> None:
        """Have a text take the room of the cells after it in the rows where those hold nothing."""
        self._spread = column, tuple(over)

    def _spread_rows(self) -> dict[int, int]:
        """The rows whose text is spread, and the pixels that it gains."""
        if self._spread is None:
            return {}
        column, over = self._spread
        model = self.model()
        gained = sum(self.columnWidth(c) for c in over)
        self.clearSpans()
        found = {}
        for row in range(model.rowCount()):
            if all(model.index(row, c).data() in ("", DASH) for c in over):
                self.setSpan(row, column, 1, 1 + len(over))
                found[row] = gained
        return found

    def _give_way(self) -> None:
        if self._sharing and self._all_wanted:
            least = self.fontMetrics().height() * LEAST_SHARED
            room = self.viewport().width()
            narrow = {column: min(width, least) for column, width in self._all_wanted.items()}
            kept = staying(narrow, room, self._leaving)
            wanted = {column: self._all_wanted[column] for column in kept}
            for column in self._all_wanted:
                self.setColumnHidden(column, column not in kept)
            for column, width in shared(wanted, room, least).items():
                self.setColumnWidth(column, width)
            self.horizontalHeader().setStretchLastSection(True)
        if self._giving is None or not self._all_wanted:
            return
        giving, leaving = self._giving
        least = self.fontMetrics().height() * LEAST_LINES
        order = () if self._all_shown else leaving
        kept = fitting(self._all_wanted, self.viewport().width(), giving, least, order)
        for column in self._all_wanted:
            self.setColumnHidden(column, column not in kept)
        self.setColumnWidth(giving, kept[giving])
        self.columnsLeft.emit(len(self._all_wanted) - len(kept))

    def _fold_soon(self) -> None:
        if self._fitted:
            self._folding.start()

    def _fold(self) -> None:
        """More lines for the rows whose texts do not fit their columns; one for the others."""
        inset = self.fontMetrics().height() // 2
        room = {
            c: self.columnWidth(c) - inset
            for c, needed in self._needed.items()
            if not self.isColumnHidden(c) and needed > self.columnWidth(c) - inset
        }
        spread = self._spread_rows()
        gained = (self._spread[0], spread) if self._spread else None
        fit_heights(self, room, self.most_lines, gained)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()
        if self._fitted:
            self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_fitted") and self._fitted:
            self.fit_columns(self._fitted)

    def chosen(self) -> str | None:
        """The id of the row the cursor is on."""
        index = self.currentIndex()
        return str(index.data(ID_ROLE)) if index.isValid() else None

    def choose(self, row_id: str | None) -> bool:
        """Put the cursor on a row by its id, without telling anybody; False where it is not."""
        self._restoring = True
        try:
            index = self._index_of(row_id)
            if index.isValid():
                self.setCurrentIndex(index)
                return True
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            return False
        finally:
            self._restoring = False

    def _index_of(self, row_id: str | None) -> QModelIndex:
        model = self.model()
        column = max(self.currentIndex().column(), 0)
        if isinstance(model, RowsModel):
            row = model.row_of(row_id)
            return model.index(row, column) if row >= 0 else QModelIndex()
        if isinstance(model, QSortFilterProxyModel):
            source = model.sourceModel()
            if isinstance(source, RowsModel) and (row := source.row_of(row_id)) >= 0:
                return model.mapFromSource(source.index(row, column))
        return QModelIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
            event.accept()
            return
        super().keyPressEvent(event)

    def as_text(self) -> str:
        """Headings and all rows as shown, tab-separated: pastes into a spreadsheet."""
        model = self.model()
        columns = range(model.columnCount())
        lines = [[str(model.headerData(c, Qt.Orientation.Horizontal) or "") for c in columns]]
        for row in range(model.rowCount()):
            lines.append([str(model.index(row, c).data() or "") for c in columns])
        return "\n".join("\t".join(_one_line(cell) for cell in line) for line in lines)

    def _moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._restoring:
            self.rowChosen.emit(str(current.data(ID_ROLE)))

    def _open(self, index: QModelIndex) -> None:
        self.rowOpened.emit(str(index.data(ID_ROLE)))


def _one_line(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")
