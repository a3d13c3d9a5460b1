"""What a field means, in a small window beside it: meaning, range, default and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.assessment.fields import CONVERTED_DIGITS, Field
from core.assessment.fields import shown as as_read
from core.notation import local
from core.words import _
from gui.theme import em
from gui.widgets.basics import Heading, IconButton, Label

if TYPE_CHECKING:  # every class of Qt costs the first window its share
    from PySide6.QtGui import QKeyEvent


def _amount(value: float, field: Field) -> str:
    digits = 10 if field.per_stored == 1.0 else CONVERTED_DIGITS
    return local(f"{value * field.factor:,.{digits}g}")


def range_of(field: Field, currency: str = "") -> str:
    """The values a number may have, in words; "" for anything else."""
    if field.kind not in ("int", "number", "share") or field.minimum is None:
        return ""
    low = _amount(field.minimum, field)
    unit = f" {field.unit_in(currency)}".rstrip()
    if field.maximum is None:
        text = _("above {low}") if field.above_minimum else _("at least {low}")
        return text.format(low=low) + unit
    text = _("above {low}, up to {high}") if field.above_minimum else _("{low} to {high}")
    return text.format(low=low, high=_amount(field.maximum, field)) + unit


def facts_of(
    field: Field, default: object, default_text: str = "", source: str = "", currency: str = ""
) -> list[tuple[str, str]]:
    """(heading, text) pairs that explain a field."""
    found = [(_("Meaning"), field.help)] if field.help else []
    allowed = range_of(field, currency)
    if allowed:
        if field.optional:
            allowed = _("{range}, or: {none}").format(range=allowed, none=field.none_text)
        found.append((_("Allowed"), allowed))
    text = default_text or as_read(field, default)
    if default is not None and field.unit and not default_text:
        text = f"{text} {field.unit}"
    found.append((_("Default"), text))
    source = source or field.default_source or _("no source: only you can know it")
    found.append((_("Source of the default"), source))
    return found


class InfoPopup(QFrame):
    """The explanation, gone with Esc or a click elsewhere."""

    def __init__(self, title: str, facts: list[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(title)
        self.setAccessibleDescription("\n".join(f"{name}: {text}" for name, text in facts))
        layout = QVBoxLayout(self)
        layout.addWidget(Heading(title))
        for name, text in facts:
            layout.addWidget(Label(name, colour="muted"))
            body = Label(text)
            body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(body)
        self.setFixedWidth(em(self, 21))
        self.adjustSize()
        self.setFixedHeight(max(self.sizeHint().height(), layout.heightForWidth(self.width())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.close()
        else:
            super().keyPressEvent(event)

    def show_beside(self, widget: QWidget) -> None:
        """Open next to a widget, wholly on its screen."""
        area = widget.screen().availableGeometry()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        x = max(area.left(), min(corner.x(), area.right() - self.width()))
        y = corner.y()
        if y + self.height() > area.bottom():
            y = max(area.top(), widget.mapToGlobal(QPoint(0, 0)).y() - self.height() - 2)
        self.move(x, y)
        self.show()
        self.setFocus()


class InfoButton(IconButton):
    """Opens a field's explanation."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__("info", _("About {label}").format(label=field.label), parent)
        self._field = field
        self._default: object = None
        self._default_text = ""
        self._source = self._currency = ""
        self.clicked.connect(self.open)

    def set_default(self, default: object, text: str, source: str, currency: str = "") -> None:
        """The default to tell, how it reads, where it comes from; the currency of an amount."""
        self._default, self._default_text, self._source = default, text, source
        self._currency = currency

    def open(self) -> None:
        """Show the explanation."""
        facts = facts_of(
            self._field, self._default, self._default_text, self._source, self._currency
        )
        InfoPopup(self._field.label, facts, self.window()).show_beside(self)
