"""Imports and exports of a window: what comes in by dialogs, and results as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.words import _
from gui.save_dialog import ask_where, named, suggestion
from gui.view_models.cursor import WorkloadCursor
from gui.view_models.session import Session
from gui.workers import Newest, Ticket

if TYPE_CHECKING:
    from core.recommendation import Recommendation
    from gui.imports.dialog import ImportDialog

Write = Callable[[Path], None]


class Transfers(QObject):
    """Opens the import dialogs and writes exports in the background."""

    done = Signal(str)
    """A sentence: what was written."""
    failed = Signal(str)
    """A sentence: what could not be read or written, and why."""

    def __init__(self, session: Session, cursor: WorkloadCursor, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._cursor, self._window = session, cursor, window
        self.ask_save: Callable[[str], str] = self._save_dialog
        """Given a file pattern, the path to write to; "" to give up."""
        self.ask_open: Callable[[str], str] = self._open_dialog
        self._writer = Newest(self)
        self._writer.done.connect(lambda path: self.done.emit(_("Saved: {path}").format(path=path)))
        self._writer.failed.connect(lambda error: self.failed.emit(str(error)))

    # -------------------------------------------------------------------------------- imports
    def import_model(self) -> None:
        """Take in a model that the catalog does not have."""
        from gui.imports.model import ModelImport

        ModelImport(self._session, self._cursor.index, self._window).open()

    def import_traffic(self) -> None:
        """Take in a workload's traffic."""
        from gui.imports.traffic import TrafficImport

        TrafficImport(self._session, self._cursor.index, self._window).open()

    def import_measurements(self) -> None:
        """Refit the engine to own measurements."""
        from gui.imports.measurements import MeasurementsImport

        MeasurementsImport(self._session, self._window).open()

    def take(self, kind: str, paths: list[str]) -> None:
        """Import files that were dropped or opened: ``kind`` as ``core.interchange.recognise``."""
        if kind == "parameters":
            self.open_parameters(paths[0])
            return
        from gui.imports.measurements import MeasurementsImport
        from gui.imports.model import ModelImport
        from gui.imports.traffic import TrafficImport

        number = self._cursor.index
        dialog: ImportDialog
        if kind == "measurements":
            dialog = MeasurementsImport(self._session, self._window)
        else:
            make = ModelImport if kind == "model" else TrafficImport
            dialog = make(self._session, number, self._window)
        dialog.open()
        dialog.take(paths if dialog.several else paths[:1])

    def open_parameters(self, path: str = "") -> None:
        """Compute with parameters that an earlier refit saved."""
        from core.interchange.site_parameters import load

        path = path or self.ask_open("JSON (*.json)")
        if path:
            try:
                self._session.use_measurements(load(Path(path)))
            except (OSError, ValueError) as error:
                self.failed.emit(str(error))

    # -------------------------------------------------------------------------------- exports
    def export_csv(self) -> None:
        """Write the options as a table."""

        def write(answer: Recommendation, path: Path) -> None:
            from gui.results.exports import export_options_csv

            export_options_csv(answer, path)

        self._export("CSV (*.csv)", ".csv", write)

    def export_json(self) -> None:
        """Write the whole answer."""
        analysis = self._session.analysis

        def write(answer: Recommendation, path: Path) -> None:
            from gui.results.exports import export_results_json

            export_results_json(answer, path, analysis)

        self._export("JSON (*.json)", ".json", write)

    def export_workbook(self) -> None:
        """Write the cost model as a workbook with live formulas."""
        analysis = self._session.analysis

        def write(answer: Recommendation, path: Path) -> None:
            from gui.results.exports import export_workbook

            export_workbook(answer, path, analysis)

        self._export("Excel (*.xlsx)", ".xlsx", write)

    def _export(
        self, kind: str, suffix: str, write: Callable[[Recommendation, Path], None]
    ) -> None:
        answer = self._session.recommendation
        text = self.ask_save(kind) if answer is not None else ""
        if not text or answer is None:
            return
        path = named(text, suffix)

        def work(ticket: Ticket) -> Path:
            write(answer, path)
            return path

        self._writer.start(work)

    def close(self) -> None:
        """Wait until nothing is being written."""
        self._writer.close()

    def _save_dialog(self, kind: str) -> str:
        suffix = kind[kind.index("*") + 1 : kind.index(")")]
        proposed = suggestion(self._session, suffix)
        return ask_where(self._window, _("Export"), proposed, kind, suffix)

    def _open_dialog(self, kind: str) -> str:
        from PySide6.QtWidgets import QFileDialog

        return QFileDialog.getOpenFileName(self._window, _("Refitted parameters"), "", kind)[0]
