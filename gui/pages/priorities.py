"""Priorities page: how much each criterion counts, by preset or by slider."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtWidgets import QWidget

from core.assessment import PRIORITY_PRESETS, WEIGHTS, with_value
from core.decision.wording import percent
from core.flow import step
from core.notation import NO_BREAK
from core.words import _
from gui.pages.form import Form
from gui.pages.step_page import StepPage
from gui.view_models.baseline import weights_preset
from gui.view_models.session import Session
from gui.widgets.basics import Label
from gui.widgets.sliders import SliderEditor


class PrioritiesPage(StepPage):
    """A preset fills the weights; moving one makes them the person's own."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, step("priorities"), parent)
        self.form = Form(
            session,
            "priorities",
            intercept=self._intercept,
            editors=dict.fromkeys(WEIGHTS, SliderEditor),
        )
        self.note = Label(colour="muted")
        self.column.addWidget(self.form)
        self.column.addWidget(self.note)
        self.limit_width()

    def forms(self) -> tuple[Form, ...]:
        return (self.form,)

    def refresh(self) -> None:
        super().refresh()
        priorities = self.session.assessment.priorities
        weights = {key: getattr(priorities, key) for key in WEIGHTS}
        good = [w for w in weights.values() if isinstance(w, int | float) and w >= 0]
        total = sum(good)
        if len(good) == len(weights) and total > 0:
            told = {key: percent(weight / total) for key, weight in weights.items() if weight > 0}
            shares = [
                f"{self.form.rows[key].field.label} {told[key].replace(' ', NO_BREAK)}"
                for key in sorted(told, key=lambda key: -weights[key])
            ]
            text = _("Only proportions matter. Shares of the score: {shares}.")
            self.note.setText(text.format(shares=", ".join(shares)))
        else:
            self.note.setText("")

    def _intercept(self, key: str, value: Any) -> bool:
        assessment = self.session.assessment
        if key == "preset":
            weights = PRIORITY_PRESETS.get(value)
            changes: dict[str, Any] = {"preset": value}
            if weights is not None:
                changes |= dict(zip(WEIGHTS, weights, strict=True))
            priorities = dataclasses.replace(assessment.priorities, **changes)
            changed = dataclasses.replace(assessment, priorities=priorities)
            self.session.replace(changed, _("Priorities"))
            return True
        changed = with_value(assessment, f"priorities.{key}", value)
        wanted = weights_preset(changed)
        if wanted == assessment.priorities.preset:
            return False
        # The weights no longer are the preset's: one step for both, so that one undo suffices.
        label = self.form.rows[key].field.label
        self.session.replace(with_value(changed, "priorities.preset", wanted), label)
        return True
