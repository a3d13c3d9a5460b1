"""The window that shows scenarios side by side; it follows every edit in the other windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenuBar,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.charts import scenario_charts
from core.comparison import Comparison, comparison_csv
from core.interchange.files import write_atomic
from core.words import _
from gui.direction import in_order
from gui.documents import dropped
from gui.results.chart_panel import ChartPanel
from gui.results.fitting import Tabs
from gui.results.rows import RowsModel
from gui.results.table import ResultTable
from gui.save_dialog import ask_where, named
from gui.scenarios import tables
from gui.scenarios.chooser import ScenarioList, push_button
from gui.scenarios.files import ComparisonFile
from gui.scenarios.model import Scenarios
from gui.theme import em, open_at
from gui.view_models.session import Session
from gui.widgets.banner import Banner
from gui.widgets.basics import CheckBox, Label
from gui.widgets.no_hits import NoHits

SETTLE_MS = 100
"""Wait for a burst of changes to end before everything is shown again."""


class CompareWindow(QWidget):
    """Scenarios at the left, what differs at the right."""

    closed = Signal()
    editRequested = Signal(object)
    """Show the scenario (an ``Entry``) in a window of its own."""

    def __init__(self, scenarios: Scenarios) -> None:
        super().__init__()
        self.scenarios = scenarios
        self.comparison: Comparison | None = None
        self.succeeded = False
        self.ask_open: Callable[[], str] = self._open_dialog
        self.ask_save: Callable[[], str] = self._save_dialog
        self.setAcceptDrops(True)
        self.file = ComparisonFile(scenarios, self)
        self.file.changed.connect(self._name_window)

        self.chooser = ScenarioList(scenarios)
        self.list = self.chooser.list
        self.chooser.addRequested.connect(self.add_file)
        self.chooser.editRequested.connect(self.editRequested)

        self.banner = Banner()
        self.file.failed.connect(self._fail)
        self.note = Label()
        self.only = CheckBox(_("Only what &differs"))
        self.only.toggled.connect(lambda _on: self._fill())
        self.copy_button = push_button(_("&Copy table"), self.copy)
        self.save_button = push_button(_("&Save as CSV…"), self.save)
        bar = QHBoxLayout()
        bar.addWidget(self.only)
        bar.addStretch(1)
        bar.addWidget(self.copy_button)
        bar.addWidget(self.save_button)
        self.tabs = Tabs()
        self.results = self._table(_("Results"), _("Results"))
        self.inputs = self._table(_("Inputs that differ"), _("Inputs that differ"))
        self.charts = {
            "scenario_costs": self._chart(_("Cost")),
            "scenario_venues": self._chart(_("Venues")),
            "scenario_latency": self._chart(_("Latency")),
        }
        self.tabs.currentChanged.connect(lambda _tab: self._enable())
        main = QWidget()
        right = QVBoxLayout(main)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.banner)
        right.addWidget(self.note)
        self.no_hits = NoHits()
        self.no_hits.cleared.connect(lambda: self.only.setChecked(False))
        right.addLayout(bar)
        right.addWidget(self.no_hits)
        right.addWidget(self.tabs, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.chooser)
        split.addWidget(main)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        split.setSizes([em(self, 13), em(self, 64)])
        layout = QHBoxLayout(self)
        layout.setMenuBar(self._menu_bar())
        layout.addWidget(split)
        open_at(self, 78, 46)

        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.show_now)
        scenarios.changed.connect(self._settle.start)
        scenarios.failed.connect(self._fail)
        self.show_now()
        self._name_window()

    # ------------------------------------------------------------------------------- building
    def _menu_bar(self) -> QMenuBar:
        bar, keys = QMenuBar(), QKeySequence.StandardKey
        menu = bar.addMenu(_("&File"))
        for text, do, shortcut in (
            (_("&Open a comparison…"), self.file.open, keys.Open),
            (_("&Save the comparison"), self.file.save, keys.Save),
            (_("Save &as…"), self.file.save_as, keys.SaveAs),
            (_("&Close window"), self.close, keys.Close),
        ):
            action = menu.addAction(in_order(text))
            action.setShortcut(QKeySequence(shortcut))
            action.triggered.connect(lambda _checked=False, do=do: do())
        return bar

    def _table(self, title: str, name: str) -> ResultTable:
        table = ResultTable(RowsModel((), self), name)
        table.share_room(most_lines=4)
        self.tabs.addTab(table, title)
        return table

    def _chart(self, title: str) -> ChartPanel:
        panel = ChartPanel()
        panel.saved.connect(lambda text: self.banner.tell(text, level="info"))
        panel.refused.connect(self._fail)
        self.tabs.addTab(panel, title)
        return panel

    # -------------------------------------------------------------------------------- showing
    def show_now(self) -> None:
        """Show the scenarios and what comparing them gives as things stand."""
        self._name_window()
        self.chooser.fill()
        self.comparison = self.scenarios.comparison()
        waiting = self.scenarios.waiting()
        if self.comparison is None:
            text = _(
                "Choose at least two scenarios. “Duplicate” in the menu Scenarios makes a copy to "
                "change."
            )
            if waiting:
                text = _("Waiting for an answer to: {names}.").format(
                    names=", ".join(entry.name for entry in waiting)
                )
        else:
            legend = _("{star}: best of its row. In brackets: against “{name}”.").format(
                star=tables.BEST, name=self.comparison.names[0]
            )
            text = " ".join((legend, *self.comparison.notes))
            if waiting:
                text += " " + _("Left out until computed: {names}.").format(
                    names=", ".join(entry.name for entry in waiting)
                )
        self.note.setText(text)
        self._fill()
        self._enable()

    def _name_window(self) -> None:
        place = f"{self.file.path.stem}[*] – " if self.file.path else "[*]"
        self.setWindowTitle(place + _("Compare scenarios – Inference Advisor"))
        self.setWindowModified(self.file.dirty)

    def _fill(self) -> None:
        found = self.comparison
        for table in (self.results, self.inputs):
            model = table.model()
            assert isinstance(model, RowsModel)
            if found is None:
                model.show_rows((), ())
                continue
            given = found.results if table is self.results else found.inputs
            only = table is self.results and self.only.isChecked()
            shown = tables.rows(given, found, differing_only=only)
            model.show_rows(shown, tables.columns(found))
            table.fit_columns()
        self._tell_hidden()
        items = {} if found is None else {c.key: c for c in scenario_charts(found)}
        for key, panel in self.charts.items():
            panel.show_item(items.get(key))

    def _tell_hidden(self) -> None:
        """Say why a table of scenarios that are compared is empty."""
        hidden = (
            self.comparison is not None
            and self.tabs.currentWidget() is self.results
            and self.only.isChecked()
            and not self.results.model().rowCount()
        )
        self.no_hits.tell(_("No result differs.") if hidden else "")

    def _enable(self) -> None:
        self._tell_hidden()
        known = self.comparison is not None
        table = isinstance(self.tabs.currentWidget(), ResultTable)
        self.only.setEnabled(known and self.tabs.currentWidget() is self.results)
        self.copy_button.setEnabled(known and table)
        self.save_button.setEnabled(known)

    # -------------------------------------------------------------------------------- actions
    def _fail(self, text: str) -> None:
        self.banner.tell(text, level="error")

    def add_file(self) -> None:
        """Ask for a file and add it to the scenarios."""
        path = self.ask_open()
        if path:
            self.add_path(path)

    def add_path(self, path: str) -> None:
        """Add an assessment, or open a comparison in place of the present one."""
        from core.interchange.comparison_file import is_comparison

        if is_comparison(path):
            self.file.open(path)
        else:
            self.scenarios.add_file(Path(path))

    def succeed(self, old: CompareWindow, successors: Mapping[Session, Session]) -> None:
        """Take the place of another window with all that is in it; the other one goes.

        ``successors`` are the documents of the windows that took the place of others.
        """
        self.scenarios.succeed(old.scenarios, successors)
        self.file.succeed(old.file)
        self.setGeometry(old.geometry())
        old.succeeded = True
        old.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped(event.mimeData())
        if paths:
            event.acceptProposedAction()
            # After the drop has ended: a question would hold up the program that dragged.
            QTimer.singleShot(0, self, lambda: self._add_paths(paths))

    def _add_paths(self, paths: list[str]) -> None:
        for path in paths:
            self.add_path(path)

    def copy(self) -> None:
        """Put the table in view on the clipboard, as shown."""
        table = self.tabs.currentWidget()
        if isinstance(table, ResultTable):
            QGuiApplication.clipboard().setText(table.as_text())

    def save(self) -> None:
        """Write inputs and results as CSV."""
        text = self.ask_save() if self.comparison is not None else ""
        if not text or self.comparison is None:
            return
        path = named(text, ".csv")
        try:
            write_atomic(path, comparison_csv(self.comparison))
        except OSError as error:
            self.banner.tell(str(error), level="error")
        else:
            self.banner.tell(_("Saved: {path}").format(path=path), level="info")

    def _open_dialog(self) -> str:
        kinds = _("Assessments and reports (*.json *.pdf);;All files (*)")
        path, _kind = QFileDialog.getOpenFileName(self, _("Add a scenario"), "", kinds)
        return path

    def _save_dialog(self) -> str:
        title, kinds = _("Save the comparison"), "CSV (*.csv)"
        return ask_where(self, title, "comparison.csv", kinds, ".csv")

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.succeeded and not self.file.may_leave():
            event.ignore()
            return
        self._settle.stop()
        for panel in self.charts.values():
            panel.close_down()
        self.scenarios.close()
        event.accept()
        self.closed.emit()
