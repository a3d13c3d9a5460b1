"""The scenarios to choose from: which are compared, and which is the first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.words import _
from gui.direction import in_order
from gui.scenarios.model import Entry, Scenarios
from gui.theme import colours
from gui.widgets.basics import Heading, Label

Index = QModelIndex | QPersistentModelIndex


def push_button(text: str, do: Callable[[], object]) -> QPushButton:
    """A button that Enter elsewhere does not press."""
    button = QPushButton(in_order(text))
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: do())
    return button


class TickDelegate(QStyledItemDelegate):
    """Draws the edge of an item's box, which the style leaves out on dark windows."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = QApplication.style().subElementRect(part, full)
        painter.save()
        painter.setPen(QColor(colours().border))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()


class ScenarioList(QWidget):
    """A list with a box at every scenario, and buttons for the one under the cursor."""

    addRequested = Signal()
    """Ask for a file to add."""
    editRequested = Signal(object)
    """Show the scenario (an ``Entry``) in a window of its own."""

    def __init__(self, scenarios: Scenarios) -> None:
        super().__init__()
        self.scenarios = scenarios
        self.list = QListWidget()
        self.list.setAccessibleName(_("Scenarios"))
        self.list.setWordWrap(True)
        self.list.setItemDelegate(TickDelegate(self.list))
        self.list.itemChanged.connect(self._ticked)
        self.list.currentRowChanged.connect(lambda _row: self._enable())
        self.add = push_button(_("&Add a file…"), self.addRequested.emit)
        self.first = push_button(_("Compare &with this one"), self._make_first)
        self.remove = push_button(_("&Remove"), self._remove)
        self.edit = push_button(_("&Edit in a window"), self._edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Heading(_("Scenarios")))
        column.addWidget(Label(_("Documents of all windows, and files that you add. Changes are "
                                 "against the first."), colour="muted"))  # fmt: skip  # a sentence
        column.addWidget(self.list, 1)
        for button in (self.add, self.first, self.edit, self.remove):
            column.addWidget(button)

    def fill(self) -> None:
        """Show the scenarios as they stand; the cursor stays on its row."""
        row = max(self.list.currentRow(), 0)
        self.list.blockSignals(True)
        self.list.clear()
        for entry in self.scenarios.entries:
            state = entry.state
            item = QListWidgetItem(f"{entry.name} – {state}" if state else entry.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if entry.chosen else Qt.CheckState.Unchecked)
            item.setToolTip(str(entry.session.path or _("Not saved yet")))
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self.list.blockSignals(False)
        self._enable()

    def _enable(self) -> None:
        entry = self._entry()
        self.remove.setEnabled(entry is not None and entry.own)
        self.edit.setEnabled(entry is not None and entry.own)
        self.first.setEnabled(entry is not None and self.list.currentRow() > 0)

    def _entry(self) -> Entry | None:
        row = self.list.currentRow()
        return self.scenarios.entries[row] if 0 <= row < len(self.scenarios.entries) else None

    def _ticked(self, item: QListWidgetItem) -> None:
        entry = self.scenarios.entries[self.list.row(item)]
        self.scenarios.choose(entry, item.checkState() == Qt.CheckState.Checked)

    def _make_first(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.scenarios.make_first(entry)
            self.list.setCurrentRow(0)

    def _remove(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.scenarios.remove(entry)

    def _edit(self) -> None:
        """Have a window show a scenario that none shows yet; it takes its place in the list."""
        entry = self._entry()
        if entry is not None and entry.own:
            self.editRequested.emit(entry)
