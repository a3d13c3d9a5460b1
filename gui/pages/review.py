"""Review page: every input at one glance, what differs from its default, and a way to each."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidgetItem,
    QWidget,
)

from core.assessment import Entry
from core.assessment.doubts import doubt
from core.flow import STEPS, Step, is_visible, step
from core.notation import after_label, day
from core.words import _
from gui.direction import in_order
from gui.icons import icon
from gui.pages.step_page import StepPage
from gui.theme import colours, em
from gui.view_models.baseline import entries_with_baseline
from gui.view_models.choices import readable
from gui.view_models.session import Session
from gui.widgets.basics import Label
from gui.widgets.combo_box import ComboBox
from gui.widgets.no_hits import NoHits
from gui.widgets.wrapped_tree import WrappedTree

PATH = Qt.ItemDataRole.UserRole
DEFAULT = 2
"""The column of defaults."""
SHARES = (0.37, 0.24, 0.15, 0.24)
"""Of the width: input, value, default and remark."""
ALL, CHANGED, WRONG = "all", "changed", "wrong"


class ReviewPage(StepPage):
    """A tree of all inputs; Enter or a double click goes to the one chosen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, step("review"), parent)
        self.summary = Label()
        self.show_only = ComboBox()
        for key, text in (
            (ALL, _("All inputs")),
            (CHANGED, _("What differs from its default")),
            (WRONG, _("What must be corrected")),
        ):
            self.show_only.addItem(text, key)
        caption = QLabel(_("Sh&ow"))
        caption.setBuddy(self.show_only)
        self.edit = QPushButton(_("Edit the selected input"))
        self.edit.setAutoDefault(False)
        self.tree = WrappedTree(SHARES)
        self.tree.setAccessibleName(_("Inputs"))
        self.tree.setColumnCount(4)
        self.tree.setHeaderLabels([_("Input"), _("Value"), _("Default"), _("Remark")])
        self.tree.setAlternatingRowColors(True)
        self.tree.setMinimumHeight(em(self, 6))
        tools = QHBoxLayout()
        tools.addWidget(caption)
        tools.addWidget(self.show_only, 1)
        tools.addStretch(1)
        tools.addWidget(self.edit)
        page = self.layout()
        assert page is not None
        self.area.hide()
        page.addWidget(self.summary)
        box = QWidget()
        box.setLayout(tools)
        tools.setContentsMargins(0, 0, 0, 0)
        self.no_hits = NoHits()
        self.no_hits.cleared.connect(self._show_all)
        page.addWidget(box)
        page.addWidget(self.no_hits)
        page.addWidget(self.tree)
        self.show_only.currentIndexChanged.connect(self.refresh)
        self.tree.itemActivated.connect(self._go)
        self.tree.itemSelectionChanged.connect(self._selected)
        self.edit.clicked.connect(lambda: self._go(self.tree.currentItem()))
        self._sources: dict[str, str] = {}

    def refresh(self) -> None:
        assessment, catalog = self.session.assessment, self.session.offers
        wrong = {p.path: p.message for p in reversed(self.session.problems())}
        pairs = entries_with_baseline(assessment, catalog)
        items = [item for item, _source in pairs]
        self._sources = {item.path: source for item, source in pairs}
        changed = [item for item in items if item.value != item.default]
        text = _("{total} inputs, {changed} differ from their defaults, {wrong} to correct.")
        self.summary.setText(text.format(total=len(items), changed=len(changed), wrong=len(wrong)))
        # Where nothing differs, the remarks have the room.
        self.tree.setColumnHidden(DEFAULT, not changed)
        self.tree.share()
        mode = self.show_only.currentData()
        listed = [
            item
            for item in items
            if (mode != CHANGED or item.value != item.default)
            and (mode != WRONG or item.path in wrong)
            and (item.path in wrong or is_visible(assessment, item))
        ]
        chosen = self._path(self.tree.currentItem())
        self.tree.clear()
        several = len(assessment.workloads) > 1
        for part in STEPS:
            mine = [item for item in listed if part.holds(item.path)]
            if mine:
                self._add_step(part, mine, wrong, several)
        self._add_brought(wrong, mode)
        self._unfold()
        self._choose(chosen)
        none = {CHANGED: _("No input differs from its default."),
                WRONG: _("No input must be corrected.")}  # fmt: skip  # one line each
        self.no_hits.tell(none.get(mode, "") if not self.tree.topLevelItemCount() else "")
        self._selected()

    def _add_step(
        self, part: Step, items: list[Entry], wrong: dict[str, str], several: bool
    ) -> None:
        top = self._top(part.title)
        groups: dict[str, QTreeWidgetItem] = {}
        for item in items:
            group = item.field.group
            if item.path.startswith("workloads") and several:
                number = int(item.path[len("workloads[") : item.path.index("]")])
                name = str(self.session.assessment.workloads[number].name)
                group = after_label(name, group) if group else name
            owner = top
            if group:
                if group not in groups:
                    groups[group] = QTreeWidgetItem(top, [group])
                owner = groups[group]
            owner.addChild(self._row(item, wrong.get(item.path, "")))

    def _top(self, title: str) -> QTreeWidgetItem:
        top = QTreeWidgetItem(self.tree, [title])
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        return top

    def _items(self) -> Iterator[QTreeWidgetItem]:
        """All rows, headings too, from the top down."""
        rows = [self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount())]
        while rows:
            row = rows.pop(0)
            if row is not None:
                yield row
                rows = [*(row.child(n) for n in range(row.childCount())), *rows]

    def _unfold(self) -> None:
        """Headings over all columns, and all open: at the end, since either lays out all rows."""
        for row in self._items():
            if row.childCount():
                row.setFirstColumnSpanned(True)
        self.tree.expandAll()

    def _choose(self, path: str) -> None:
        """The cursor stays on its input."""
        row = next((row for row in self._items() if path and self._path(row) == path), None)
        if row is not None:
            self.tree.setCurrentItem(row)

    def _add_brought(self, wrong: dict[str, str], mode: str) -> None:
        """What the document brings beside its inputs: own models and measurements."""
        assessment, own = self.session.assessment, self.session.own_measurements
        rows = [
            ("workloads[0].model", _("Model"), model.name) for model in assessment.custom_models
        ]
        if own is not None:
            rows.append(("own_measurements", _("Own measurements"), f"{own.file}, {day(own.date)}"))
        if mode == WRONG:
            rows = [row for row in rows if row[0] == "own_measurements" and row[0] in wrong]
        if not rows:
            return
        top = self._top(_("Brought along"))
        for path, label, value in rows:
            message = wrong.get(path, "") if path == "own_measurements" else ""
            row = QTreeWidgetItem(top, [label, value, "", message])
            row.setData(0, PATH, path)
            for column in range(4):
                row.setToolTip(column, row.text(column))
            if message:
                row.setIcon(0, icon("warning", "bad"))
                row.setForeground(3, QBrush(QColor(colours().bad)))

    def _row(self, item: Entry, message: str) -> QTreeWidgetItem:
        catalog = self.session.offers
        currency = self.session.assessment.economics.currency
        value = readable(item.field, item.value, catalog, currency)
        default = readable(item.field, item.default, catalog, currency)
        changed = item.value != item.default
        rate = 1.0 if catalog is None else catalog.per_usd(currency)
        question = doubt(item.path.rpartition(".")[2], item.field, item.value, currency, rate)
        source = self._sources[item.path]
        brief = _("changed") if changed else source.partition("; ")[0].rstrip()
        remark = message or question or brief
        cells = (item.field.label, value, default if changed else "", remark)
        row = QTreeWidgetItem([in_order(text) for text in cells])
        row.setData(0, PATH, item.path)
        for column in range(4):
            row.setToolTip(column, row.text(column))
        if remark == brief and not changed:
            row.setToolTip(3, source)
        if message:
            row.setIcon(0, icon("warning", "bad"))
            row.setForeground(3, QBrush(QColor(colours().bad)))
        elif question:
            row.setIcon(0, icon("warning", "warn"))
            row.setForeground(3, QBrush(QColor(colours().warn)))
        elif changed:
            font = row.font(1)
            font.setBold(True)
            row.setFont(1, font)
        return row

    def _path(self, item: QTreeWidgetItem | None) -> str:
        return str(item.data(0, PATH) or "") if item is not None else ""

    def _show_all(self) -> None:
        self.show_only.setCurrentIndex(self.show_only.findData(ALL))
        self.show_only.setFocus()

    def _selected(self) -> None:
        self.edit.setEnabled(bool(self._path(self.tree.currentItem())))

    def _go(self, item: QTreeWidgetItem | None) -> None:
        path = self._path(item)
        if path:
            self.jumpRequested.emit(path)
