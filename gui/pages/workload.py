"""Workload page: the title, what is served, how large requests are, the traffic, who for."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtWidgets import QWidget

from core.assessment import Project, with_value
from core.assessment.fields import fields_of
from core.flow import step
from core.words import _
from gui.pages.form import Form
from gui.pages.step_page import StepPage
from gui.pages.workload_bar import WorkloadBar
from gui.view_models.cursor import WorkloadCursor
from gui.view_models.session import Session


def workload_of(path: str) -> int | None:
    """The number of the workload a path belongs to."""
    match = re.match(r"workloads\[(\d+)\]", path)
    return int(match[1]) if match else None


class WorkloadPage(StepPage):
    """Inputs of one or more workloads; a use case fills the rest with typical values."""

    def __init__(
        self, session: Session, cursor: WorkloadCursor, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, step("workload"), parent)
        self._cursor = cursor
        self.bar = WorkloadBar(session, cursor, editable=True)
        self.form = Form(session, "workloads[0]", intercept=self._intercept)
        # Asked first, as it names the report and its file; the rest of the project is for the end.
        rest = tuple(key for key, _field in fields_of(Project) if key != "title")
        self.titled = Form(session, "project", leave_out=rest)
        self._project: Form | None = None
        for widget in (self.titled, self.bar, self.form):
            self.column.addWidget(widget)
        cursor.moved.connect(lambda index: self._changed())
        self.limit_width()

    def forms(self) -> tuple[Form, ...]:
        last = () if self._project is None else (self._project,)
        return (self.titled, self.form, *last)

    @property
    def project(self) -> Form:
        """The rest of the project, at the page's end: not made for the first sight of it."""
        if self._project is None:
            self._project = Form(self.session, "project", leave_out=("title",))
            self.column.addWidget(self._project)
            self._project.refresh()
        return self._project

    def place(self, path: str) -> None:
        if path.startswith("project."):
            self.project.show()
        number = workload_of(path)
        if number is not None:
            self._cursor.move(number)

    def refresh(self) -> None:
        self.bar.refresh()
        self.form.set_prefix(f"workloads[{self._cursor.index}]")
        super().refresh()

    def _intercept(self, key: str, value: Any) -> bool:
        """Choosing a use case fills tokens, targets and rates as one step."""
        from core.presets import apply_use_case

        catalog = self.session.catalog
        if key != "use_case" or catalog is None:
            return False
        path = self.form.prefix
        workload = self.session.value(path)
        chosen, before = catalog.use_cases.get(value), catalog.use_cases.get(workload.use_case)
        if chosen is None or not hasattr(chosen, "provenance"):
            return False
        filled = apply_use_case(workload, chosen, before)
        text = _("Use case: {title}").format(title=_(chosen.title))
        self.session.replace(with_value(self.session.assessment, path, filled), text)
        return True
