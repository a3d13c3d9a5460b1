"""Latency targets page: how long a request of each workload may take."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.flow import step
from core.words import _
from gui.pages.form import Form
from gui.pages.step_page import StepPage
from gui.pages.workload import workload_of
from gui.pages.workload_bar import WorkloadBar
from gui.view_models.cursor import WorkloadCursor
from gui.view_models.session import Session
from gui.widgets.basics import Label


class TargetsPage(StepPage):
    """Limits on the time to first token, between tokens, and for the whole answer."""

    def __init__(
        self, session: Session, cursor: WorkloadCursor, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, step("targets"), parent)
        self._cursor = cursor
        self.bar = WorkloadBar(session, cursor, editable=False)
        self.form = Form(session, "workloads[0].targets")
        note = Label(
            _(
                "Every target must hold in the busiest hour, at the percentile above. Fewer and "
                "looser targets let each server carry more and cost less."
            ),
            colour="muted",
        )
        for widget in (self.bar, self.form, note):
            self.column.addWidget(widget)
        cursor.moved.connect(lambda index: self._changed())
        self.limit_width()

    def forms(self) -> tuple[Form, ...]:
        return (self.form,)

    def place(self, path: str) -> None:
        number = workload_of(path)
        if number is not None:
            self._cursor.move(number)

    def refresh(self) -> None:
        self.bar.refresh()
        self.form.set_prefix(f"workloads[{self._cursor.index}].targets")
        super().refresh()
