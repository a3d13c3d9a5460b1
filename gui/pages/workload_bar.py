"""The workloads of an assessment as tabs, with add, duplicate and remove."""

from __future__ import annotations

import dataclasses

from PySide6.QtWidgets import QHBoxLayout, QTabBar, QWidget

from core.assessment import MAX_WORKLOADS, Workload
from core.assessment.names import ADDED_NAME
from core.words import _
from gui.view_models.cursor import WorkloadCursor
from gui.view_models.session import Session
from gui.widgets.basics import IconButton


class WorkloadBar(QWidget):
    """Chooses the workload in view; with ``editable`` also changes how many there are."""

    def __init__(
        self,
        session: Session,
        cursor: WorkloadCursor,
        *,
        editable: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._cursor, self._editable = session, cursor, editable
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(_("Workloads"))
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setDrawBase(False)
        self.add = IconButton("add", _("Add a workload"))
        self.copy = IconButton("copy", _("Duplicate this workload"))
        self.remove = IconButton("remove", _("Remove this workload"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tabs, 1)
        for button in (self.add, self.copy, self.remove):
            row.addWidget(button)
            button.setVisible(editable)
        self.tabs.currentChanged.connect(cursor.move)
        self.add.clicked.connect(self._add)
        self.copy.clicked.connect(self._copy)
        self.remove.clicked.connect(self._remove)

    def refresh(self) -> None:
        """Show the workloads as they stand."""
        workloads = self._session.assessment.workloads
        names = [str(w.name) or _("Unnamed") for w in workloads]
        self.tabs.blockSignals(True)
        while self.tabs.count() > len(names):
            self.tabs.removeTab(self.tabs.count() - 1)
        while self.tabs.count() < len(names):
            self.tabs.addTab("")
        for number, name in enumerate(names):
            # A doubled ampersand is a plain one: names are text, not mnemonics.
            self.tabs.setTabText(number, name[:40].replace("&", "&&"))
        index = min(self._cursor.index, len(names) - 1)
        self.tabs.setCurrentIndex(index)
        self.tabs.blockSignals(False)
        self._cursor.move(index)
        self.remove.setEnabled(len(names) > 1)
        for button in (self.add, self.copy):
            button.setEnabled(len(names) < MAX_WORKLOADS)
        self.setVisible(self._editable or len(names) > 1)

    def _replace(self, workloads: tuple[Workload, ...], index: int, text: str) -> None:
        changed = dataclasses.replace(self._session.assessment, workloads=workloads)
        if index < len(self._session.assessment.workloads):
            self._cursor.move(index)
        self._session.replace(changed, text)
        self._cursor.move(index)

    def _free_name(self, stem: str) -> str:
        taken = {w.name for w in self._session.assessment.workloads}
        return next(
            name
            for number in range(1, len(taken) + 2)
            if (name := stem if number == 1 else f"{stem} {number}") not in taken
        )

    def _add(self) -> None:
        present = self._session.assessment.workloads
        fresh = dataclasses.replace(Workload(), name=self._free_name(_(ADDED_NAME)))
        self._replace((*present, fresh), len(present), _("Add a workload"))

    def _copy(self) -> None:
        present, index = self._session.assessment.workloads, self._cursor.index
        source = present[index]
        twin = dataclasses.replace(source, name=self._free_name(str(source.name)))
        workloads = (*present[: index + 1], twin, *present[index + 1 :])
        self._replace(workloads, index + 1, _("Duplicate a workload"))

    def _remove(self) -> None:
        present, index = self._session.assessment.workloads, self._cursor.index
        if len(present) > 1:
            workloads = (*present[:index], *present[index + 1 :])
            self._replace(workloads, max(0, index - 1), _("Remove a workload"))
