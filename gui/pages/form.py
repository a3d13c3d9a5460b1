"""A form made from the field table: groups, conditions, and "More assumptions" folded away."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from core.assessment.fields import Field, fields_of
from core.words import _, ngettext
from gui.icons import icon
from gui.theme import em
from gui.view_models.baseline import (
    REGIONAL,
    baseline_of,
    marked,
    stand_ins,
)
from gui.view_models.choices import choices_of
from gui.view_models.session import Session
from gui.widgets.basics import Group
from gui.widgets.editor import Editor
from gui.widgets.field_row import FieldRow

NARROW_EM = 31
Intercept = Callable[[str, Any], bool]
"""``intercept(key, value)`` may handle an edit itself and then returns True."""


class Form(QWidget):
    """Every input of one section of the assessment, at a path that may change."""

    located = Signal(str)

    def __init__(
        self,
        session: Session,
        prefix: str,
        *,
        leave_out: Iterable[str] = (),
        intercept: Intercept | None = None,
        editors: Mapping[str, type[Editor]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._prefix, self._intercept = session, prefix, intercept
        self._editors = editors or {}
        self._rows: dict[str, FieldRow] = {}
        self._folded: dict[str, Field] = {}
        """Inputs under "More assumptions" whose rows are not made yet."""
        self._groups: dict[tuple[str, bool], tuple[Group, QVBoxLayout]] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._more = QWidget()
        self._more_layout = QVBoxLayout(self._more)
        self._more_layout.setContentsMargins(0, 0, 0, 0)
        self.fold = QToolButton()
        left_out = frozenset(leave_out)
        shown = [(key, f) for key, f in fields_of(session.value(prefix)) if key not in left_out]
        if sum(field.more for _key, field in shown) == 1:
            # A button would take as much room as the one input that it hides.
            shown = [(key, dataclasses.replace(field, more=False)) for key, field in shown]
        for key, field in shown:
            if field.more:
                self._folded[key] = field
            else:
                self._add(key, field)
        self._more_count = len(self._folded)
        self._layout.addWidget(self.fold)
        self._layout.addWidget(self._more)
        self.fold.setVisible(bool(self._folded))
        self._more.hide()
        if self._folded:
            self._make_fold()

    def _make_fold(self) -> None:
        """The button that shows and hides what is folded away."""
        self.fold.setText(_("More assumptions"))
        self.fold.setCheckable(True)
        self.fold.setAutoRaise(True)
        self.fold.setToolButtonStyle(self.fold.toolButtonStyle().ToolButtonTextBesideIcon)
        self.fold.toggled.connect(self._unfold)
        self._unfold(False)

    @property
    def rows(self) -> dict[str, FieldRow]:
        """Every input's row by its key, those under "More assumptions" too."""
        self.complete()
        return self._rows

    def complete(self) -> None:
        """Make the rows that are folded away, which the first sight of a page does not wait for."""
        folded, self._folded = self._folded, {}
        for key, field in folded.items():
            self._add(key, field)
            self._rows[key].set_narrow(self._narrow())
        if folded:
            self.refresh()

    def _add(self, key: str, field: Field) -> None:
        group = self._groups.get((field.group, field.more))
        if group is None:
            box = Group(field.group)
            inside = QVBoxLayout(box)
            inside.setSpacing(2)
            group = self._groups[field.group, field.more] = (box, inside)
            (self._more_layout if field.more else self._layout).addWidget(box)
        row = FieldRow(key, field, editor=self._editors.get(key))
        self._rows[key] = row
        group[1].addWidget(row)
        row.edited.connect(lambda value, typing, key=key: self._edit(key, value, typing))
        row.left.connect(self._session.seal)

    @property
    def prefix(self) -> str:
        """Path of the section it shows."""
        return self._prefix

    def set_prefix(self, prefix: str) -> None:
        """Show the same section of another place (another workload)."""
        self._prefix = prefix

    def _edit(self, key: str, value: Any, typing: bool) -> None:
        if self._intercept is not None and self._intercept(key, value):
            return
        self._session.set_value(f"{self._prefix}.{key}", value, typing=typing)

    def refresh(self) -> None:
        """Show the values as they stand."""
        session = self._session
        section = session.value(self._prefix)
        defaults, sources = baseline_of(session.assessment, self._prefix, session.catalog)
        filled = stand_ins(session.assessment, session.catalog) if self._prefix in REGIONAL else {}
        wrong = {p.path: p.message for p in reversed(session.problems())}
        for key, row in self._rows.items():
            field = row.field
            row.editor.currency = (
                session.assessment.economics.currency if field.money == "user" else field.money
            )
            row.show_state(
                getattr(section, key),
                defaults[key],
                wrong.get(f"{self._prefix}.{key}", ""),
                choices_of(field, session.offers),
                session.offers,
                source=sources.get(key, ""),
                used=filled.get(f"{self._prefix}.{key}", ""),
            )
            if field.visible_when is not None:
                sibling, values = field.visible_when
                row.setVisible(getattr(section, sibling) in values or bool(row.message))
        for (_group, _folded), (box, _inside) in self._groups.items():
            rows = [row for row in self._rows.values() if row.parentWidget() is box]
            box.setVisible(any(not row.isHidden() for row in rows))
        changed = {
            key
            for key, field in self._folded.items()
            if marked(field, getattr(section, key), defaults[key])
        }
        self._label_fold(changed, {k for k in self._folded if f"{self._prefix}.{k}" in wrong})

    def _label_fold(self, changed: set[str], wrong: set[str]) -> None:
        """Say how many inputs are folded away, how many of them changed or must be corrected."""
        if not self._more_count:
            return
        made = [row for row in self._rows.values() if row.field.more]
        text = _("More assumptions ({count})").format(count=self._more_count)
        if count := len(changed) + sum(row.changed for row in made):
            text += ngettext(" · {n} changed", " · {n} changed", count).format(n=count)
        if count := len(wrong) + sum(bool(row.message) for row in made):
            text += _(" · {count} to correct").format(count=count)
        self.fold.setText(text)

    def _unfold(self, on: bool) -> None:
        if on:
            self.complete()
        self._more.setVisible(on)
        self.fold.setIcon(icon("remove" if on else "add", "accent"))
        self.fold.setAccessibleDescription(_("Shown") if on else _("Folded away"))

    def reveal(self, key: str) -> bool:
        """Bring an input into view and give it the focus; False where it is not here."""
        row = self.rows.get(key)
        if row is None:
            return False
        if row.field.more:
            self.fold.setChecked(True)
        row.show()
        row.editor.focus_widget().setFocus()
        self.located.emit(key)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():  # before it is seen, it passes through sizes it will not have
            self._arrange()

    def _arrange(self) -> None:
        narrow = self._narrow()
        for row in self._rows.values():
            row.set_narrow(narrow)

    def _narrow(self) -> bool:
        return self.width() < em(self, NARROW_EM)
