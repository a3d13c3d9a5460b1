"""Economics page: horizon, rates, prices and limits."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.flow import step
from gui.pages.form import Form
from gui.pages.step_page import StepPage
from gui.view_models.session import Session


class EconomicsPage(StepPage):
    """How money is counted and what limits there are."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, step("economics"), parent)
        self.form = Form(session, "economics")
        self.column.addWidget(self.form)
        self.limit_width()

    def forms(self) -> tuple[Form, ...]:
        return (self.form,)
