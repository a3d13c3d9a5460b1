"""Imports and exports of a window: what comes in by dialogs, and results as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.words import _
from gui.save_dialog import ask_where, named, start_folder, suggestion
from gui.view_models.cursor import WorkloadCursor
from gui.view_models.session import Session
from gui.workers import Newest, Ticket

if TYPE_CHECKING:
    from core.recommendation import Analysis, Recommendation
    from gui.imports.dialog import ImportDialog

    Write = Callable[[Recommendation, Analysis | None, Path], None]


class Transfers(QObject):
    """Opens the import dialogs and writes exports in the background."""

    done = Signal(str)
    """A sentence: what was written or taken in."""
    taken = Signal(str)
    """The input that shows best what was taken in."""
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
        self._waiting: Callable[[], None] | None = None
        session.analysisChanged.connect(self._analysed)

    # -------------------------------------------------------------------------------- imports
    def import_model(self) -> None:
        """Take in a model that the catalog does not have."""
        from gui.imports.model import ModelImport

        self._ask(ModelImport(self._session, self._cursor.index, self._window))

    def import_traffic(self) -> None:
        """Take in a workload's traffic."""
        from gui.imports.traffic import TrafficImport

        self._ask(TrafficImport(self._session, self._cursor.index, self._window))

    def import_measurements(self) -> None:
        """Refit the engine to own measurements."""
        from gui.imports.measurements import MeasurementsImport

        self._ask(MeasurementsImport(self._session, self._window))

    def _ask(self, dialog: ImportDialog) -> None:
        dialog.used.connect(self._tell)
        dialog.open()

    def _tell(self, what: str, path: str) -> None:
        self.done.emit(_("Done: {what}. Undo takes it back.").format(what=what))
        self.taken.emit(path)

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
        self._ask(dialog)
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
            else:
                self._tell(_("Refitted parameters"), "own_measurements")

    # -------------------------------------------------------------------------------- exports
    def export_csv(self) -> None:
        """Write the options as a table."""

        def write(answer: Recommendation, analysis: Analysis | None, path: Path) -> None:
            from gui.results.exports import export_options_csv

            export_options_csv(answer, path)

        self._export("CSV (*.csv)", ".csv", write)

    def export_json(self) -> None:
        """Write the whole answer, with its analysis."""

        def write(answer: Recommendation, analysis: Analysis | None, path: Path) -> None:
            from gui.results.exports import export_results_json

            export_results_json(answer, path, analysis)

        self._export("JSON (*.json)", ".json", write, analysed=True)

    def export_workbook(self) -> None:
        """Write the cost model as a workbook with live formulas, with the analysis."""

        def write(answer: Recommendation, analysis: Analysis | None, path: Path) -> None:
            from gui.results.exports import export_workbook

            export_workbook(answer, path, analysis)

        self._export("Excel (*.xlsx)", ".xlsx", write, analysed=True)

    def _export(self, kind: str, suffix: str, write: Write, *, analysed: bool = False) -> None:
        """Ask where to, and write once the answer (and its analysis) is there."""
        session = self._session
        text = self.ask_save(kind) if session.recommendation is not None else ""
        if not text:
            return
        path = named(text, suffix)

        def start() -> None:
            answer, analysis = session.recommendation, session.analysis
            assert answer is not None

            def work(ticket: Ticket) -> Path:
                write(answer, analysis, path)
                return path

            self._writer.start(work)

        if analysed and session.analysing:
            self._waiting = start
            told = _("{path} is written as soon as the uncertainty is analysed.")
            self.done.emit(told.format(path=path))
        else:
            start()

    def _analysed(self) -> None:
        """Write what waited for the analysis."""
        start = self._waiting
        if start is not None and not self._session.analysing:
            self._waiting = None
            start()

    def close(self) -> None:
        """Wait until nothing is being written."""
        self._waiting = None
        self._writer.close()

    def _save_dialog(self, kind: str) -> str:
        suffix = kind[kind.index("*") + 1 : kind.index(")")]
        proposed = suggestion(self._session, suffix)
        return ask_where(self._window, _("Export"), proposed, kind, suffix)

    def _open_dialog(self, kind: str) -> str:
        from PySide6.QtWidgets import QFileDialog

        folder = str(start_folder(self._session))
        return QFileDialog.getOpenFileName(self._window, _("Refitted parameters"), folder, kind)[0]
