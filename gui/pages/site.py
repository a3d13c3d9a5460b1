"""Site page: venues, data rules, power, cooling, space, people and dates."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from core.flow import step
from core.words import _
from gui.pages.form import Form
from gui.pages.measurements_box import MeasurementsBox
from gui.pages.presets_row import PresetsRow
from gui.pages.step_page import StepPage
from gui.view_models.session import Session


class SitePage(StepPage):
    """Limits of the place and the organisation; a site preset fills them in one click."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, step("site"), parent)
        self.presets = PresetsRow(_("Typical site"), self._apply)
        self.form = Form(session, "site")
        self.column.addWidget(self.presets)
        self.measurements = MeasurementsBox(session)
        self.column.addWidget(self.form)
        self.column.addWidget(self.measurements)
        self.measurements.importRequested.connect(self.measurementsRequested)
        self.limit_width()

    def forms(self) -> tuple[Form, ...]:
        return (self.form,)

    def refresh(self) -> None:
        from core.presets import site_preset_of, site_presets

        self.presets.set_presets((p.id, p.title, p.description) for p in site_presets())
        self.presets.show_current(site_preset_of(self.session.assessment.site))
        self.measurements.refresh()
        super().refresh()

    def reveal(self, path: str) -> bool:
        if path != "own_measurements":
            return super().reveal(path)
        self.refresh()
        self.measurements.take_focus()
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.measurements))
        return True

    def _apply(self, preset_id: str) -> None:
        from core.presets import apply_site, site_preset_of, site_presets

        for preset in site_presets():
            if preset.id == preset_id:
                assessment = self.session.assessment
                site = apply_site(assessment.site, preset)
                if site == assessment.site:
                    return
                told = (
                    _("Done: {what}. Undo takes it back.")
                    if site_preset_of(assessment.site)
                    else _("Done: {what}. It replaced answers of your own; Undo brings them back.")
                )
                text = _("Typical site: {title}").format(title=preset.title)
                self.session.replace(dataclasses.replace(assessment, site=site), text)
                self.messagePosted.emit(told.format(what=text))
