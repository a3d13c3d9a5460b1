"""All charts of an answer: a list to choose from and the chosen one, large."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.charts.records import Absent, Chart
from core.recommendation import Analysis, Option, Recommendation
from core.words import _
from gui.results.chart_panel import ChartPanel
from gui.results.fitting import is_narrow
from gui.workers import Newest, Ticket

if TYPE_CHECKING:
    from collections.abc import Sequence

ChartSource = Callable[[Recommendation, Option | None, Analysis | None], "Sequence[Chart | Absent]"]
NARROW = 75
"""Letters below which the list stands above the chart."""
KEY_ROLE = int(Qt.ItemDataRole.UserRole) + 1


def make_charts(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Sequence[Chart | Absent]:
    """Every chart of an answer, nothing drawn yet."""
    from core.charts import charts_for

    return charts_for(recommendation, option, analysis)


class Titles(QStyledItemDelegate):
    """Lines of a wrapped title, counted for a width a letter narrower than it is drawn in.

    Qt counts without the margins that it draws with: a title that just fits would get one line
    and be cut after the first of its two.
    """

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        narrower = QStyleOptionViewItem(option)
        narrower.rect = option.rect.adjusted(0, 0, -option.fontMetrics.averageCharWidth(), 0)
        return super().sizeHint(narrower, index)


class ChartsView(QWidget):
    """Charts of one answer and one option. Made in the background when first looked at."""

    saved = Signal(str)
    refused = Signal(str)

    def __init__(self, source: ChartSource = make_charts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._wanted: tuple[Recommendation, Option | None, Analysis | None] | None = None
        self._shown: tuple[Recommendation, Option | None, Analysis | None] | None = None
        self._items: dict[str, Chart | Absent] = {}
        self._key = ""
        self._newest = Newest(self)
        self._newest.done.connect(self._fill)
        self._newest.failed.connect(self._failed)
        newest = self._newest
        self.destroyed.connect(lambda: newest.close())

        self.about = QLabel(self)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setWordWrap(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Charts"))
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)  # it would cut what is to wrap
        self.list.setItemDelegate(Titles(self.list))
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._choose)
        self.panel = ChartPanel(self)
        self.panel.saved.connect(self.saved)
        self.panel.refused.connect(self.refused)
        self._split = split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.list)
        split.addWidget(self.panel)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        split.setSizes([self.fontMetrics().averageCharWidth() * 30, 600])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self.about)
        layout.addWidget(split, 1)

    def show_results(
        self, recommendation: Recommendation, option: Option | None, analysis: Analysis | None
    ) -> None:
        """Show the charts of an answer; those of one option are of ``option``."""
        self._wanted = (recommendation, option, analysis)
        if self.isVisible():
            self._prepare()

    def show_key(self, key: str) -> None:
        """Choose a chart by its key (now, or once the charts are there)."""
        self._key = key
        for row in range(self.list.count()):
            if self.list.item(row).data(KEY_ROLE) == key:
                self.list.setCurrentRow(row)

    def item(self, key: str) -> Chart | Absent | None:
        """A chart that is there."""
        return self._items.get(key)

    def close_down(self) -> None:
        """Wait until nothing runs in the background."""
        self._newest.close()
        self.panel.close_down()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = is_narrow(self, NARROW)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if wanted != self._split.orientation():
            self._split.setOrientation(wanted)
            letter = self.fontMetrics()
            first = letter.height() * 4 if narrow else letter.averageCharWidth() * 30
            self._split.setSizes([first, 10 * first])
        self.list.setMinimumHeight(self.fontMetrics().height() * 3)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._prepare()

    def _prepare(self) -> None:
        wanted = self._wanted
        if wanted is None or _same(wanted, self._shown):
            return
        if not self._items:
            self.about.setText(_("Preparing the charts…"))
        source = self._source

        def work(ticket: Ticket) -> object:
            return wanted, tuple(source(*wanted))

        self._newest.start(work)

    def _fill(self, result: object) -> None:
        assert isinstance(result, tuple)
        self._shown, items = result
        recommendation, option, _analysis = self._shown
        title = option.title if option is not None else recommendation.headline
        self.about.setText(_("Charts of one option show: {title}").format(title=title))
        self._items = {item.key: item for item in items}
        self.list.blockSignals(True)
        self.list.clear()
        for item in items:
            entry = QListWidgetItem(item.title)
            entry.setData(KEY_ROLE, item.key)
            if isinstance(item, Absent):
                font = entry.font()
                font.setItalic(True)
                entry.setFont(font)
                entry.setText(_("{title} (not available)").format(title=item.title))
                entry.setToolTip(item.reason)
            else:
                entry.setToolTip(item.alt_text)
            entry.setSizeHint(QSize())
            self.list.addItem(entry)
        self.list.blockSignals(False)
        if self._key not in self._items:
            drawn = [item.key for item in items if isinstance(item, Chart)]
            self._key = drawn[0] if drawn else (items[0].key if items else "")
        self.show_key(self._key)
        if self.list.currentItem() is None:
            self.panel.show_item(None)
        else:
            self._choose()

    def _failed(self, error: Exception) -> None:
        self.about.setText(_("The charts could not be made: {error}").format(error=error))

    def _choose(self) -> None:
        entry = self.list.currentItem()
        if entry is not None:
            self._key = str(entry.data(KEY_ROLE))
            self.panel.show_item(self._items[self._key])


def _same(
    first: tuple[Recommendation, Option | None, Analysis | None],
    second: tuple[Recommendation, Option | None, Analysis | None] | None,
) -> bool:
    # By identity: comparing two answers field by field would take longer than drawing one.
    return second is not None and all(a is b for a, b in zip(first, second, strict=True))
