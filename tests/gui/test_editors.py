from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.assessment import Assessment, Site, entries
from core.assessment.fields import Field, fields_of
from gui.theme import theme
from gui.view_models.choices import readable
from gui.widgets.choice_editors import ChoiceEditor
from gui.widgets.date_and_hours import DateEditor, HoursEditor
from gui.widgets.editors import NumberEditor, editor_for
from gui.widgets.field_row import FieldRow
from gui.widgets.sliders import SliderEditor

LIMIT = Field(
    "Limit", "number", unit="kW", minimum=0.0, above_minimum=True, maximum=100.0, optional=True,
    none_text="not known", decimals=1, step=1,
)  # fmt: skip  # one field
FEW = Field("Few", "choice", choices=(("a", "First"), ("b", "Second")))
MANY = Field("Many", "choice", choices_from="models")
MODELS = tuple((f"maker/model-{n}", f"Model {n}") for n in range(40))


def edits(editor: Any) -> list[Any]:
    found: list[Any] = []
    editor.edited.connect(lambda value, typing: found.append(value))
    return found


def test_typing_reports_every_keystroke_and_leaving_tidies(qtbot: QtBot) -> None:
    editor = NumberEditor(LIMIT)
    qtbot.addWidget(editor)
    editor.show_value(12.0)
    found = edits(editor)
    editor.box.selectAll()
    qtbot.keyClicks(editor.box, "1 234,5")
    assert found[-1] == 1234.5
    assert editor.box.text() == "1 234,5"
    editor.box.editingFinished.emit()
    assert editor.box.text() == "1,234.5"


def test_text_that_is_no_number_is_kept(qtbot: QtBot) -> None:
    editor = NumberEditor(LIMIT)
    qtbot.addWidget(editor)
    found = edits(editor)
    qtbot.keyClicks(editor.box, "twelve")
    editor.box.editingFinished.emit()
    assert found[-1] == "twelve" and editor.box.text() == "twelve"


def test_showing_the_value_being_typed_does_not_rewrite_it(qtbot: QtBot) -> None:
    editor = NumberEditor(LIMIT)
    qtbot.addWidget(editor)
    qtbot.keyClicks(editor.box, "1,5")
    editor.show_value(1.5)
    assert editor.box.text() == "1,5"


def test_not_known_and_back(qtbot: QtBot) -> None:
    editor = NumberEditor(LIMIT)
    qtbot.addWidget(editor)
    editor.show_value(None)
    assert editor.none is not None and editor.none.isChecked() and not editor.box.isEnabled()
    editor.show_value(12.0)
    assert not editor.none.isChecked()
    found = edits(editor)
    editor.none.click()
    editor.none.click()
    assert found == [None, 12.0]


def test_arrow_keys_step(qtbot: QtBot) -> None:
    editor = NumberEditor(LIMIT)
    qtbot.addWidget(editor)
    editor.show_value(12.0)
    found = edits(editor)
    qtbot.keyClick(editor.box, Qt.Key.Key_Up)
    qtbot.keyClick(editor.box, Qt.Key.Key_PageUp)
    assert found == [13.0, 23.0]


def test_slider_and_box_agree_and_the_box_may_say_more(qtbot: QtBot) -> None:
    editor = SliderEditor(Field("Weight", "int", minimum=0, maximum=100, decimals=0))
    qtbot.addWidget(editor)
    editor.show_value(35)
    found = edits(editor)
    editor.slider.setValue(40)
    assert editor.number.box.text() == "40" and found == [40]
    editor.number.box.selectAll()
    qtbot.keyClicks(editor.number.box, "250")
    assert found[-1] == 250 and editor.slider.value() == 100


def test_long_lists_are_searched_by_any_part(qtbot: QtBot) -> None:
    editor = ChoiceEditor(MANY)
    qtbot.addWidget(editor)
    editor.set_choices(MODELS)
    editor.show_value("maker/model-3")
    assert editor.box.currentText() == "Model 3"
    found = edits(editor)
    line = editor.box.lineEdit()
    assert line is not None
    line.setText("model-37")
    line.editingFinished.emit()
    assert found == ["maker/model-37"] and line.text() == "Model 37"
    line.setText("nothing like it")
    line.editingFinished.emit()
    assert found == ["maker/model-37"] and line.text() == "Model 37"


def test_an_unknown_choice_is_shown_as_it_is(qtbot: QtBot) -> None:
    editor = ChoiceEditor(MANY)
    qtbot.addWidget(editor)
    editor.set_choices(MODELS)
    editor.show_value("other/model")
    assert editor.box.currentText() == "other/model"
    editor.show_value("maker/model-1")
    assert editor.box.currentText() == "Model 1"


def test_choices_that_come_late_keep_the_value(qtbot: QtBot) -> None:
    editor = ChoiceEditor(MANY)
    qtbot.addWidget(editor)
    editor.show_value("maker/model-5")
    editor.set_choices(MODELS)
    assert editor.box.currentText() == "Model 5"


def test_dates_are_typed_and_wrong_ones_kept(qtbot: QtBot) -> None:
    editor = DateEditor(Field("By", "date", optional=True))
    qtbot.addWidget(editor)
    found = edits(editor)
    qtbot.keyClicks(editor.box, "2027-13-01")
    assert found[-1] == "2027-13-01"
    editor.box.selectAll()
    qtbot.keyClick(editor.box, Qt.Key.Key_Backspace)
    assert found[-1] is None


def test_a_week_from_a_file(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "week.csv"
    file.write_text("hour;weight\n" + "\n".join(f"{n % 24 + 1}" for n in range(168)), "utf-8")
    editor = HoursEditor(Field("Hours", "hours", optional=True))
    qtbot.addWidget(editor)
    found = edits(editor)
    editor.read(str(file))
    assert len(found[0]) == 168 and found[0][:2] == (1.0, 2.0)
    file.write_text("\n".join(f"{n % 24},5" for n in range(168)), "utf-8")
    editor.read(str(file))
    assert found[1][:3] == (0.5, 1.5, 2.5)  # as a German spreadsheet writes a column
    editor.read(str(tmp_path / "missing.csv"))
    assert len(found) == 2


@pytest.mark.parametrize("path", [e.path for e in entries(Assessment())])
def test_every_field_has_an_editor_that_shows_its_default_unasked(qtbot: QtBot, path: str) -> None:
    item = next(e for e in entries(Assessment()) if e.path == path)
    editor = editor_for(item.field)
    qtbot.addWidget(editor)
    found = edits(editor)
    editor.show_value(item.value)
    editor.show_value(item.default)
    assert found == []


def test_a_row_says_what_is_wrong_and_offers_the_default(qtbot: QtBot) -> None:
    row = FieldRow("limit", LIMIT)
    qtbot.addWidget(row)
    row.show_state(500.0, 12.0, "must be above 0 to 100 kW; got 500", (), None)
    assert row.hint.full_text() == "✕ Limit must be above 0 to 100 kW; got 500"
    assert row.changed and not row.reset.isHidden() and not row.mark.isHidden()
    found = edits(row)
    row.reset.click()
    assert found == [12.0]
    row.show_state(12.0, 12.0, "", (), None, source="a book")
    assert row.hint.full_text() == "a book" and row.reset.isHidden()


def test_what_a_field_is_can_be_read_by_keyboard(qtbot: QtBot) -> None:
    row = FieldRow("limit", Field("Limit", "number", unit="kW", minimum=0, maximum=9, help="Why."))
    qtbot.addWidget(row)
    row.show_state(5.0, 5.0, "", (), None, source="a book")
    row.show()
    assert row.info.focusPolicy() & Qt.FocusPolicy.TabFocus
    row.info.open()
    popups = [w for w in row.window().findChildren(type(row.parentWidget() or row)) if w is not row]
    from gui.widgets.info import InfoPopup

    popup = row.window().findChild(InfoPopup)
    assert popup is not None, popups
    told = popup.accessibleDescription()
    assert "Why." in told and "0 to 9 kW" in told and "a book" in told
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: row.window().findChild(InfoPopup) is None)


def test_a_label_takes_no_more_lines_than_its_text(qtbot: QtBot, qapp: QApplication) -> None:
    """Labels of one line ask for one line, so that no gaps are left between the inputs."""
    theme().apply(qapp, "light", 100)
    found = []
    for label in (
        "Short",
        "Memory bandwidth headroom",
        "A label that is so long that it needs two",
    ):
        row = FieldRow("x", Field(label, "number"))
        qtbot.addWidget(row)
        row.set_narrow(False)
        row.resize(600, row.sizeHint().height())
        row.show()
        found.append(row.label.sizeHint().height())
        assert row.label.height() >= row.label.heightForWidth(row.label.width())
    assert found[0] == found[1] < found[2]


def test_long_times_are_told_in_the_unit_people_think_in(qtbot: QtBot) -> None:
    field = Field("Whole answer", "number", unit="ms", minimum=0.0, decimals=0)
    row = FieldRow("e2e_ms", field)
    qtbot.addWidget(row)
    row.show_state(36_000_000.0, 86_400_000.0, "", (), None)
    assert row.hint.full_text() == "= 10 h · Default: 86,400,000 ms (24 h)"
    row.show_state(500.0, 500.0, "", (), None, source="A paper")
    assert row.hint.full_text() == "A paper"


def test_a_name_where_there_was_none_is_not_marked_as_changed(qtbot: QtBot) -> None:
    row = FieldRow("title", Field("Title", "text", none_text="Untitled"))
    qtbot.addWidget(row)
    row.show_state("A shop", "", "", (), None)
    assert not row.changed and row.hint.full_text() == ""
    assert row.editor.focus_widget().placeholderText() == "Untitled"


def test_a_value_that_stands_in_is_told_whole_without_all_of_its_source(qtbot: QtBot) -> None:
    row = FieldRow("limit", LIMIT)
    qtbot.addWidget(row)
    used = "0.25 kW used: a table of the ministry, 2026; " + "which has many remarks " * 20
    row.show_state(None, None, "", (), None, used=used)
    row.resize(300, 80)
    row.show()
    assert row.hint.text() == row.hint.full_text() == "0.25 kW used: a table of the ministry, 2026"


def test_a_default_of_every_choice_is_told_as_all() -> None:
    venues = dict(fields_of(Site))["venues"]
    keys = tuple(key for key, _name in venues.choices)
    assert readable(venues, keys, None) == "all"
    assert readable(venues, keys[:2], None) == "Hosted token API, Public cloud"


def test_one_of_a_unit_is_shown_in_the_singular(qtbot: QtBot) -> None:
    editor = NumberEditor(dict(fields_of(Site))["edge_sites"])
    qtbot.addWidget(editor)
    for value, unit in ((1, "site"), (2, "sites"), (1, "site")):
        editor.show_value(value)
        assert editor.unit.text() == unit
