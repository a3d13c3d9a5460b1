"""One input on a page: label, editor, what is wrong or where the default comes from, reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from core.assessment.doubts import doubt
from core.assessment.fields import Field
from core.words import _
from gui.theme import em, theme
from gui.view_models.baseline import marked
from gui.view_models.choices import Choices, in_words, readable
from gui.widgets.basics import Hint, IconButton, Label
from gui.widgets.editor import Editor
from gui.widgets.editors import editor_for
from gui.widgets.info import InfoButton

if TYPE_CHECKING:  # every class of Qt costs the first window its share
    from PySide6.QtGui import QKeyEvent

LABEL_EM = 13.5
HEAD_SPACING = 4


class _Title(Label):
    """An input's label, as high as its text is in the room that it has.

    Qt guesses two lines for most texts of a few words, which leaves gaps between the inputs.
    """

    room = 0

    def sizeHint(self) -> QSize:
        return QSize(self.room, self.heightForWidth(self.room)) if self.room else super().sizeHint()


class FieldRow(QWidget):
    """Shows one input; ``edited(value, typing)`` reports edits, the owner shows values."""

    edited = Signal(object, bool)
    left = Signal()

    def __init__(
        self,
        key: str,
        field: Field,
        parent: QWidget | None = None,
        *,
        editor: type[Editor] | None = None,
    ) -> None:
        super().__init__(parent)
        self.key, self.field = key, field
        self._stacked: bool | None = None
        self._default: Any = None
        self.value: Any = None
        self.message = ""
        self.changed = False

        self.label = _Title(field.label)
        self.editor: Editor = editor(field) if editor else editor_for(field)
        self.info = InfoButton(field)
        self.reset = IconButton("reset", _("Reset {label}").format(label=field.label))
        keep = self.reset.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(keep)
        self.mark = Label("●", colour="accent")
        self.mark.setToolTip(_("Differs from its default"))
        self.mark.setAccessibleName(_("Changed"))
        keep = self.mark.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.mark.setSizePolicy(keep)
        self.hint = Hint()

        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 2, 0, 0)
        head.setSpacing(HEAD_SPACING)
        head.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.label, 1, Qt.AlignmentFlag.AlignTop)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 1, 0, 3)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(1)
        self._place(stacked=False)
        self._rescale()
        theme().size(self.hint, 0.88)

        self.label.setBuddy(self.editor.focus_widget())
        self.editor.edited.connect(self.edited)
        self.editor.finished.connect(self.left)
        self.reset.clicked.connect(self._reset)
        self.setTabOrder(self.editor, self.info)
        self.setTabOrder(self.info, self.reset)

    def _place(self, *, stacked: bool) -> None:
        if stacked == self._stacked:
            return
        self._stacked = stacked
        grid, top = self._grid, Qt.AlignmentFlag.AlignTop
        for part in (self._head, self.editor, self.info, self.reset, self.hint):
            grid.removeWidget(part)
        if stacked:
            self.label.room = 0
            self._head.setMinimumWidth(0)
            self._head.setMaximumWidth(16_777_215)
            grid.addWidget(self._head, 0, 0)
            grid.addWidget(self.editor, 1, 0)
            grid.addWidget(self.info, 0, 1, top)
            grid.addWidget(self.reset, 0, 2, top)
            grid.addWidget(self.hint, 2, 0, 1, 3)
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, 0)
        else:
            self._fix_label()
            grid.addWidget(self._head, 0, 0, 2, 1, top)
            grid.addWidget(self.editor, 0, 1)
            grid.addWidget(self.info, 0, 2, top)
            grid.addWidget(self.reset, 0, 3, top)
            grid.addWidget(self.hint, 1, 1, 1, 3)
            grid.setColumnStretch(0, 0)
            grid.setColumnStretch(1, 1)

    def _rescale(self) -> None:
        if not self._stacked:
            self._fix_label()

    def _fix_label(self) -> None:
        width = em(self, LABEL_EM)
        self._head.setFixedWidth(width)
        self.label.room = width - self.mark.sizeHint().width() - HEAD_SPACING
        self.label.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._rescale()

    def set_narrow(self, narrow: bool) -> None:
        """Label above the editor where there is little room."""
        self._place(stacked=narrow)

    def show_state(
        self,
        value: Any,
        default: Any,
        message: str,
        choices: Choices,
        catalog: Any,
        *,
        source: str = "",
        used: str = "",
    ) -> None:
        """Show a value, whether it differs from its default, and what is wrong with it.

        ``source`` replaces the field's own source of the default; ``used`` is what stands in for
        an input that is left open. Both are told with their first part.
        """
        first_part = bool(source or used)
        source = source or used or self.field.default_source
        self.value, self._default, self.message = value, default, message
        self.editor.set_choices(choices)
        self.editor.show_value(value)
        self.changed = marked(self.field, value, default)
        currency = self.editor.currency
        default_text = readable(self.field, default, catalog, currency)
        self.mark.setVisible(self.changed)
        self.reset.setVisible(self.changed)
        self.reset.setToolTip(_("Back to the default: {value}").format(value=default_text))
        self.info.set_default(default, default_text, source, currency)
        self.editor.set_wrong(bool(message))
        rate = catalog.per_usd(currency) if catalog is not None and currency else 1.0
        question = doubt(self.key, self.field, value, currency, rate) if not message else ""
        self.hint.set_colour("bad" if message else "warn" if question else "muted")
        # The source in full is told by the button beside it.
        brief = source.partition("; ")[0].rstrip() if first_part else source
        hint = f"? {question}" if question else self._hint(default_text, brief)
        self.hint.say(hint, wrap=bool(message or question or used))
        state = [self.field.help, hint]
        if self.changed:
            state.append(_("Changed; the default is {value}.").format(value=default_text))
        self.editor.set_names(self.field.label, " ".join(part for part in state if part))

    def _hint(self, default_text: str, source: str) -> str:
        if self.message:
            return _("✕ {label} {message}").format(label=self.field.label, message=self.message)
        told = _("Default: {value}").format(value=default_text) if self.changed else source
        long = in_words(self.field, self.value)
        return " · ".join(part for part in (f"= {long}" if long else "", told) if part)

    def _reset(self) -> None:
        self.editor.focus_widget().setFocus()
        self.edited.emit(self._default, False)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1:
            self.info.open()
        else:
            super().keyPressEvent(event)
