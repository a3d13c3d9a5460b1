from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget, QWizard
from pytestqt.qtbot import QtBot

from core.assessment import Assessment, Workload
from core.flow import KEYS
from core.language import speaking
from core.recommendation import TargetCheck
from core.serving import Spread
from gui.imports.dialog import ImportDialog
from gui.live_estimate import changes, summary_of
from gui.main_window import MainWindow
from gui.pages.review import WRONG, ReviewPage
from gui.preferences import Preferences
from gui.theme import theme
from gui.view_models.session import Session
from gui.widgets.info import InfoPopup
from gui.widgets.wrapped_tree import _Wrapping
from tests.gui.answers import none_feasible
from tests.gui.fakes import Engine

USERS = "workloads[0].users"


def press_next(window: MainWindow) -> None:
    window.wizard.button(QWizard.WizardButton.NextButton).click()


def row(window: MainWindow, page: str, key: str) -> Any:
    return next(f.rows[key] for f in window.wizard.page_of(page).forms() if key in f.rows)


def test_a_journey_through_every_page(window: MainWindow) -> None:
    seen = [window.wizard.key]
    for _page in KEYS[1:]:
        press_next(window)
        seen.append(window.wizard.key)
    assert tuple(seen) == KEYS
    last = window.wizard.button(QWizard.WizardButton.FinishButton)
    assert last.isVisible() and last.text() == "Create PDF report"
    states = window.wizard.step_states()
    assert {k: states[k] for k in KEYS[:-1]} == dict.fromkeys(KEYS[:-1], "done")
    for _page in KEYS[1:]:
        window.wizard.button(QWizard.WizardButton.BackButton).click()
    assert window.wizard.key == KEYS[0]


def test_what_is_entered_survives_every_way_of_moving(window: MainWindow, qtbot: QtBot) -> None:
    box = row(window, "workload", "users").editor.box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "4321")
    press_next(window)
    window.wizard.back()
    window.wizard.go_to("report")
    window.wizard.go_to("workload")
    assert window.session.value(USERS) == 4321 and box.text() == "4,321"


def test_next_says_what_is_missing_and_goes_there(window: MainWindow, qtbot: QtBot) -> None:
    field = row(window, "workload", "reasoning_token_share")
    window.session.set_value("workloads[0].reasoning_token_share", 5.0)
    assert not field.isVisible()  # under "More assumptions"
    press_next(window)
    assert window.wizard.key == "workload"
    assert "Thinking tokens" in window.banner.text and "0 to 99 %" in window.banner.text
    assert field.isVisible()
    assert field.hint.full_text().startswith("✕")
    assert QApplication.focusWidget() is field.editor.box
    window.session.undo()
    assert window.banner.text == ""
    press_next(window)
    assert window.wizard.key == "targets"


def test_an_earlier_problem_stops_at_review_and_jumps_back(window: MainWindow) -> None:
    window.session.set_value("site.racks", 0)
    window.wizard.go_to("economics")
    press_next(window)
    press_next(window)
    assert window.wizard.key == "review"
    press_next(window)
    assert window.wizard.key == "site" and "Free racks" in window.banner.text
    assert not window.wizard.go_to("recommendation")


def test_the_rail_goes_anywhere_and_marks_every_step(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("review", "targets", "priorities", "workload"):
        item = window.rail.item(KEYS.index(name))
        where = window.rail.visualItemRect(item).center()
        qtbot.mouseClick(window.rail.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert window.wizard.key == name
    window.session.set_value("economics.horizon_years", 99)
    item = window.rail.item(KEYS.index("economics"))
    assert "1 to correct" in item.data(Qt.ItemDataRole.AccessibleTextRole)


def test_escape_never_loses_work(window: MainWindow, qtbot: QtBot) -> None:
    window.session.set_value(USERS, 5)
    for widget in (window, window.wizard, row(window, "workload", "users").editor.box):
        qtbot.keyClick(widget, Qt.Key.Key_Escape)
    window.wizard.reject()
    assert window.isVisible() and window.wizard.isVisible()
    assert window.session.value(USERS) == 5


def test_enter_in_a_field_does_not_turn_the_page(window: MainWindow, qtbot: QtBot) -> None:
    box = row(window, "workload", "users").editor.box
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert window.wizard.key == "workload"


def test_undo_takes_back_and_shows_where(window: MainWindow, qtbot: QtBot) -> None:
    window.session.set_value("site.racks", 9)
    window.wizard.go_to("economics")
    window.menus.undo.trigger()
    assert window.session.value("site.racks") == 4
    assert window.wizard.key == "site"
    window.menus.redo.trigger()
    assert window.session.value("site.racks") == 9
    assert "Free racks" in window.menus.undo.text()


def test_ctrl_z_in_a_text_box_is_the_documents(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    box = row(window, "workload", "users").editor.box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "77")
    assert window.session.value(USERS) == 77
    QTest.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.value(USERS) == 2000 and box.text() == "2,000"


def test_conditions_show_and_hide_fields(window: MainWindow) -> None:
    window.session.set_value("workloads[0].traffic_entry", "requests")
    assert row(window, "workload", "users").isHidden()
    assert not row(window, "workload", "peak_requests_per_s").isHidden()


def test_a_use_case_fills_the_page_in_one_step(window: MainWindow) -> None:
    catalog = window.session.catalog
    assert catalog is not None
    other = next(u for u in catalog.use_cases.values() if u.id != "interactive_chat")
    row(window, "workload", "use_case").edited.emit(other.id, False)
    filled = window.session.assessment.workloads[0]
    assert filled.use_case == other.id
    assert filled.input_tokens_mean == other.input_tokens_mean
    assert filled.targets.ttft_ms == other.ttft_ms
    assert not row(window, "workload", "input_tokens_mean").changed
    window.session.undo()
    assert window.session.assessment == Assessment()


def test_keys_walk_through_typical_sites_and_apply_one_at_the_end(window: MainWindow) -> None:
    """Walking over the closed list would apply, and put into undo, every site it passes."""
    from core.presets import site_presets

    window.wizard.go_to("site")
    box = window.wizard.page_of("site").presets.box
    before = window.session.assessment.site
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    view = box.view()
    assert view.isVisible() and window.session.assessment.site == before
    row = view.currentIndex().row()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert window.session.assessment.site == before
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert not view.isVisible()
    assert box.currentData() == site_presets()[row + 2].id
    assert window.session.assessment.site != before
    window.session.undo()
    assert window.session.assessment.site == before


def choose_typical(presets: Any, key: str) -> None:
    """What one click in the list does."""
    presets.box.setCurrentIndex(presets.box.findData(key))
    presets.box.activated.emit(presets.box.currentIndex())


def test_a_site_preset_fills_the_page_in_one_step(window: MainWindow) -> None:
    from core.presets import site_presets

    window.wizard.go_to("site")
    presets = window.wizard.page_of("site").presets
    for wanted in reversed(site_presets()):  # the first is how a site starts
        choose_typical(presets, wanted.id)
        for key, value in wanted.values.items():
            assert window.session.value(f"site.{key}") == value
        assert presets.box.currentData() == wanted.id and presets.note.text() == wanted.description
        window.session.undo()
        assert window.session.assessment == Assessment()


def test_a_typical_site_in_place_of_own_answers_says_that_undo_brings_them_back(
    window: MainWindow,
) -> None:
    window.wizard.go_to("site")
    presets = window.wizard.page_of("site").presets
    choose_typical(presets, "liquid_hall")
    assert "Undo takes it back" in window.statusBar().currentMessage()
    window.session.set_value("site.rack_power_kw", 11.0)
    own = window.session.assessment
    choose_typical(presets, "own_server_room")
    assert "answers of your own; Undo brings them back" in window.statusBar().currentMessage()
    window.session.undo()
    assert window.session.assessment == own


def test_the_typical_site_shown_is_the_one_that_the_page_has(window: MainWindow) -> None:
    window.wizard.go_to("site")
    presets = window.wizard.page_of("site").presets
    assert presets.box.currentData() == "own_server_room" and presets.note.text()
    window.session.set_value("site.rack_power_kw", 11.0)
    assert presets.box.currentIndex() == -1 and not presets.note.text()


def test_a_moved_weight_becomes_ones_own_in_one_step(window: MainWindow) -> None:
    window.wizard.go_to("priorities")
    row(window, "priorities", "preset").edited.emit("cost_first", False)
    assert window.session.value("priorities.weight_cost") == 60
    row(window, "priorities", "weight_cost").editor.slider.setValue(61)
    assert window.session.value("priorities.preset") == "own"
    window.session.undo()
    assert window.session.value("priorities.preset") == "cost_first"
    assert window.session.value("priorities.weight_cost") == 60


def test_workloads_are_added_duplicated_and_removed(window: MainWindow) -> None:
    page = window.wizard.page_of("workload")
    page.bar.copy.click()
    page.bar.add.click()
    names = [w.name for w in window.session.assessment.workloads]
    assert len(set(names)) == 3 and window.wizard.cursor_.index == 2
    page.bar.tabs.setCurrentIndex(1)
    assert page.form.prefix == "workloads[1]"
    page.bar.remove.click()
    page.bar.remove.click()
    assert len(window.session.assessment.workloads) == 1
    assert not page.bar.remove.isEnabled()
    window.session.undo()
    window.session.undo()
    window.session.undo()
    window.session.undo()
    assert window.session.assessment == Assessment()


def test_review_lists_everything_and_leads_to_it(window: MainWindow) -> None:
    window.session.set_value("site.racks", 0)
    window.wizard.go_to("review")
    page = window.wizard.page_of("review")
    assert isinstance(page, ReviewPage)
    assert "1 differ" in page.summary.text() and "1 to correct" in page.summary.text()
    page.show_only.setCurrentIndex(page.show_only.findData(WRONG))
    group = page.tree.topLevelItem(0).child(0)
    assert group.child(0).text(0) == "Free racks"
    page.tree.setCurrentItem(group.child(0))
    page.edit.click()
    assert window.wizard.key == "site"
    assert QApplication.focusWidget() is row(window, "site", "racks").editor.box


def test_a_chart_that_cannot_be_written_is_told_until_it_is_read(window: MainWindow) -> None:
    window.wizard.page_of("recommendation").charts.panel.refused.emit("c.png: the disk is full")
    assert window.banner.isVisibleTo(window)
    assert any("disk is full" in label.text() for label in window.banner.findChildren(QLabel))


def test_the_review_writes_colons_as_its_language_does(window: MainWindow) -> None:
    two = tuple(Workload(name=name) for name in ("Chat", "Batch"))
    window.session.replace(Assessment(workloads=two), "two")
    window.wizard.go_to("review")
    page = window.wizard.page_of("review")
    assert isinstance(page, ReviewPage)
    with speaking("fr"):
        page._show_all()
        page.refresh()
    top = page.tree.topLevelItem(0)
    groups = [top.child(n).text(0) for n in range(top.childCount())]
    assert any(group.startswith("Chat\N{NO-BREAK SPACE}: ") for group in groups)


def test_the_estimate_follows_and_says_when_it_does_not(
    window: MainWindow, engine: Engine, qtbot: QtBot
) -> None:
    live = window.live
    assert live.status.text() == "Up to date"
    assert live.best.text() == window.session.recommendation.options[0].title  # type: ignore[union-attr]  # answered
    engine.gate.clear()
    window.session.set_value(USERS, 9)
    qtbot.waitUntil(lambda: live.status.text().startswith("Computing"))
    assert "earlier inputs" in live.status.text() and "earlier" in summary_of(window.session)
    engine.gate.set()
    qtbot.waitUntil(lambda: live.status.text() == "Up to date")
    assert live.changes.text()
    window.session.set_value(USERS, -1)
    assert "must be corrected" in live.status.text()
    window.wizard.go_to("site")
    live.fix.click()
    assert window.wizard.key == "workload"


def test_a_night_is_told_in_hours(window: MainWindow) -> None:
    """24.4 million ms are 6.78 h; "24,400,000 ms of 36,000,000 ms" nobody reads."""
    check = TargetCheck("e2e", "Whole answer", 36e6, Spread(2e7, 2.44e7, 3e7), "pass")
    window.live._add_target(check)
    shown = [label.text() for label in window.live.findChildren(QLabel)]
    assert "✓ 6.78\N{NO-BREAK SPACE}h of 10\N{NO-BREAK SPACE}h" in shown


def test_nothing_feasible_is_told_with_the_nearest(
    window: MainWindow, engine: Engine, qtbot: QtBot
) -> None:
    engine.answer = none_feasible
    with qtbot.waitSignal(window.session.recommendationChanged):
        window.session.set_value(USERS, 3)
    assert window.live.best.text() == "No option is feasible"
    assert window.live.cost_note.text()
    assert "No option is feasible any more." in window.live.changes.text()


def test_an_engine_failure_is_told_and_passes(
    window: MainWindow, engine: Engine, qtbot: QtBot
) -> None:
    engine.error = RuntimeError("divided by nothing")
    with qtbot.waitSignal(window.session.errorOccurred):
        window.session.set_value(USERS, 3)
    assert "divided by nothing" in window.banner.text
    engine.error = None
    with qtbot.waitSignal(window.session.recommendationChanged):
        window.session.set_value(USERS, 4)


def test_changes_are_told_in_order() -> None:
    from datetime import date

    from tests.gui.answers import answer

    day = date(2026, 11, 24)
    first = answer(Assessment(), day)
    assert changes(None, first) == []
    assert changes(first, first) == ["The last edit changed nothing that counts here."]
    assert changes(first, none_feasible(Assessment(), day)) == ["No option is feasible any more."]


def test_files_are_saved_opened_and_listed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "mine"
    window.documents.ask_save = lambda: str(file)
    window.session.set_value(USERS, 55)
    assert window.isWindowModified()
    assert window.documents.save()
    saved = file.with_suffix(".json")
    assert saved.exists() and not window.isWindowModified()
    assert "mine" in window.windowTitle()
    assert window.documents.new()
    assert window.session.value(USERS) == 2000
    assert window.documents.open(str(saved))
    assert window.session.value(USERS) == 55
    assert window.preferences.recent == [str(saved.resolve())]


def test_a_corrupt_file_is_refused_in_a_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": "inference-advisor-assess', encoding="utf-8")
    window.session.set_value(USERS, 55)
    assert not window.documents.open(str(broken))
    assert "broken.json" in window.banner.text
    assert window.session.value(USERS) == 55
    assert not window.documents.open(str(tmp_path / "missing.json"))
    # once by its name; the folder is known to whoever chose it
    assert window.banner.text == "Not opened: missing.json: cannot be read: no such file"
    assert not window.documents.open(str(tmp_path))
    assert window.banner.text == f"Not opened: {tmp_path.name}: is a folder, not a file"


def test_closing_asks_once_and_can_be_refused(window: MainWindow, tmp_path: Path) -> None:
    asked = []

    def cancel() -> str:
        asked.append(1)
        return "cancel"

    window.documents.ask_unsaved = cancel
    window.session.set_value(USERS, 55)
    assert not window.close()
    assert window.isVisible() and len(asked) == 1
    window.documents.ask_unsaved = lambda: "save"
    window.documents.ask_save = lambda: str(tmp_path / "kept.json")
    assert window.close()
    assert (tmp_path / "kept.json").exists()


def test_an_untouched_document_closes_unasked(window: MainWindow) -> None:
    def never() -> str:
        raise AssertionError("asked about nothing")

    window.documents.ask_unsaved = never
    assert window.close()


def entering(data: QMimeData) -> QDragEnterEvent:
    """A drag that comes over a widget."""
    with warnings.catch_warnings():
        # Newer versions take the place as real numbers, older ones do not.
        warnings.simplefilter("ignore", DeprecationWarning)
        return QDragEnterEvent(
            QPoint(5, 5), Qt.DropAction.CopyAction, data,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip  # one event


def drop(window: MainWindow, *files: Path) -> None:
    """Drag files over the window and let them go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    actions, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    enter = entering(data)
    window.dragEnterEvent(enter)
    assert enter.isAccepted() and files[0].name in window.statusBar().currentMessage()
    window.dropEvent(QDropEvent(QPointF(5, 5), actions, data, left, none.NoModifier))
    QApplication.processEvents()


def drop_at(window: MainWindow, place: QPoint, data: QMimeData) -> None:
    """Drag over a place and let go, as the system tells the window: Qt finds what takes it."""
    handle, actions = window.windowHandle(), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # as in ``entering``
        for kind in (QDragEnterEvent, QDragMoveEvent):
            QApplication.sendEvent(handle, kind(place, actions, data, left, none))
    QApplication.sendEvent(handle, QDropEvent(QPointF(place), actions, data, left, none))
    QApplication.processEvents()


def test_a_file_is_taken_wherever_it_is_dropped(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boxes of text, tables and previews take drops of their own: none keeps a file."""
    taken: list[list[str]] = []
    monkeypatch.setattr(window, "open_files", taken.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a/report.pdf")])
    data.setText("/a/report.pdf")
    before = window.session.assessment
    for key in KEYS[:-1]:
        window.wizard.go_to(key)
        for x in range(20, window.width(), 120):
            for y in range(10, window.height(), 60):
                drop_at(window, QPoint(x, y), data)
                assert taken.pop() == ["/a/report.pdf"], (key, window.childAt(x, y))
    assert window.session.assessment is before


def test_a_dropped_file_opens(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    from core.assessment import with_value
    from core.interchange.document import save

    file = tmp_path / "dropped.json"
    save(with_value(Assessment(), USERS, 66), file)
    drop(window, file)
    qtbot.waitUntil(lambda: window.session.value(USERS) == 66)


@pytest.mark.parametrize(
    ("name", "text", "dialog"),
    [
        ("config.json", '{"model_type": "llama", "hidden_size": 8}', "ModelImport"),
        ("week.csv", "timestamp,count\n2026-01-01T00:00,5\n", "TrafficImport"),
        ("bench.json", '{"request_throughput": 1.5, "total_output_tokens": 9}',
         "MeasurementsImport"),
    ],
)  # fmt: skip  # a table
def test_a_dropped_file_that_can_be_imported_opens_its_dialog(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, name: str, text: str, dialog: str
) -> None:
    """The document stays; the same happens where such a file is opened by the menu."""
    file = tmp_path / name
    file.write_text(text)
    before = window.session.assessment
    for bring in (lambda: drop(window, file), lambda: window.documents.open(str(file))):
        bring()
        (shown,) = [w for w in window.findChildren(ImportDialog) if w.isVisible()]
        assert type(shown).__name__ == dialog and shown.files == [str(file)]
        qtbot.waitUntil(lambda shown=shown: not shown._reader.running, timeout=60_000)
        shown.reject()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert window.session.assessment is before


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("README.md", "# A program", "cannot be opened here"),
        ("people.csv", "name,salary\nA,5\n", "neither traffic nor measurements"),
        ("package.json", '{"name": "x"}', "no assessment"),
        ("mended.json", '{"schema_version": 1,, }', "a name in quotes is missing"),
    ],
)
@pytest.mark.parametrize("code", ["en", "de", "fr"])
def test_a_file_of_no_known_kind_is_named_with_what_would_be_read(
    window: MainWindow, tmp_path: Path, name: str, text: str, words: str, code: str
) -> None:
    """In the language of the window; the document stays, and no import begins."""
    file, before = tmp_path / name, window.session.assessment
    file.write_text(text)
    with speaking(code):
        assert not window.documents.open(str(file))
    told = window.banner.text
    assert name in told and str(tmp_path) not in told
    assert (words in told) == (code == "en")
    assert "Expecting" not in told and "Errno" not in told
    assert window.session.assessment is before
    assert not any(dialog.isVisible() for dialog in window.findChildren(ImportDialog))


def test_a_folder_and_a_missing_file_are_said_to_be_so(window: MainWindow, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "gone.json"):
        with speaking("de"):
            window.documents.open(str(place))
        assert place.name in window.banner.text and "Errno" not in window.banner.text


def test_several_measurement_files_are_taken_together(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    files = [tmp_path / f"{n}.json" for n in range(3)]
    for file in files:
        file.write_text('{"request_throughput": 1.5, "total_output_tokens": 9}')
    drop(window, *files)
    (shown,) = [w for w in window.findChildren(ImportDialog) if w.isVisible()]
    assert shown.files == [str(file) for file in files]
    qtbot.waitUntil(lambda: not shown._reader.running, timeout=60_000)
    shown.reject()


def test_a_file_dropped_on_a_text_box_is_no_text(window: MainWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a.json")])
    for key in ("title", "notes"):
        box = row(window, "workload", key).editor.box
        if isinstance(box, QPlainTextEdit):
            assert not box.canInsertFromMimeData(data)
            continue
        event = entering(data)
        box.dragEnterEvent(event)
        assert not event.isAccepted()


def test_every_example_opens(window: MainWindow) -> None:
    from gui.documents import examples

    listed = examples()
    assert len(listed) >= 5
    for _title, name in listed:
        assert window.documents.open_example(name)
        assert window.session.problems() == [] and window.session.path is None


def test_text_size_and_room(window: MainWindow, qtbot: QtBot) -> None:
    for scale in (150, 200):
        window.looks.choose(scale=scale)
        for key in KEYS:
            window.wizard.go_to(key)
            QApplication.processEvents()
            assert window.width() <= 1280 and window.height() <= 720, key
            least = window.minimumSizeHint()
            assert least.width() <= 1280 and least.height() <= 680, key
    window.wizard.go_to("workload")
    assert window.live_dock.isHidden() and window.preferences.live_shown
    window.looks.choose(scale=100)
    QApplication.processEvents()
    assert not window.live_dock.isHidden()


def test_large_text_opens_no_window_wider_than_its_screen(
    qtbot: QtBot, engine: Engine, tmp_path: Path, qapp: QApplication
) -> None:
    theme().apply(qapp, "light", 200)
    made = MainWindow(Session(engine=engine), Preferences(path=tmp_path / "p"), autosave=False)
    try:
        made.show()
        qapp.processEvents()
        area = made.screen().availableGeometry()
        assert made.width() <= area.width() and made.height() <= area.height()
    finally:
        made.close()
        theme().apply(qapp, "light", 100)


def test_every_step_is_seen_without_scrolling_at_200_percent(window: MainWindow) -> None:
    window.looks.choose(scale=200)
    QApplication.processEvents()
    assert window.rail.verticalScrollBar().maximum() == 0
    window.looks.choose(scale=100)


def test_results_have_the_room_of_the_live_estimate_in_a_small_window(window: MainWindow) -> None:
    """It tells nothing there that the page does not; the status bar still has the answer."""
    assert not window.live_dock.isHidden()
    window.wizard.go_to("recommendation")
    assert window.live_dock.isHidden() and window.preferences.live_shown
    assert window.arrangement.summary.text()
    window.wizard.go_to("priorities")
    assert not window.live_dock.isHidden()
    window.resize(2400, 1000)
    window.wizard.go_to("recommendation")
    assert not window.live_dock.isHidden()


@pytest.mark.parametrize("mode", ["dark", "high_contrast", "light"])
def test_colours_change_at_once(window: MainWindow, mode: Any) -> None:
    window.looks.choose(mode=mode)
    QApplication.processEvents()
    for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Text):
        assert window.palette().color(role) == QApplication.palette().color(role)
    assert window.palette().color(QPalette.ColorRole.Window).name() == theme().colours.window


def test_recovered_work_is_offered_and_undoable(window: MainWindow, tmp_path: Path) -> None:
    from core.assessment import with_value
    from gui.recovery import Leftover

    work = with_value(Assessment(), USERS, 91)
    window.offer(Leftover(tmp_path / "x.json", "Lost", "", work))
    assert '"Lost"' in window.banner.text
    window.banner._action.click()
    assert window.session.assessment == work and window.session.dirty


@pytest.mark.parametrize("written_since", [False, True])
def test_recovered_work_keeps_its_file_unless_that_was_written_since(
    window: MainWindow, tmp_path: Path, written_since: bool
) -> None:
    import os

    from core.assessment import with_value
    from core.interchange.document import load, save
    from gui.recovery import Leftover

    file, kept = tmp_path / "bank.json", tmp_path / "x.json"
    save(Assessment(), file)
    kept.write_text("{}", encoding="utf-8")
    os.utime(file, (1e9, 1e9 + 60.0 if written_since else 1e9 - 60.0))
    os.utime(kept, (1e9, 1e9))
    work = with_value(Assessment(), USERS, 91)
    window.offer(Leftover(kept, "bank", str(file), work))
    window.banner._action.click()
    assert window.session.assessment == work and window.session.dirty
    assert window.session.path == (None if written_since else file)
    if not written_since:
        assert window.documents.save() and load(file) == work and not window.session.dirty


NAMED = (
    "QLineEdit",
    "QComboBox",
    "QCheckBox",
    "QToolButton",
    "QPushButton",
    "QSlider",
    "QTreeWidget",
    "QListWidget",
    "QPlainTextEdit",
    "QTabBar",
)


def test_every_control_has_a_name(window: MainWindow) -> None:
    from PySide6.QtGui import QAccessible

    nameless = []
    for key in KEYS[:6]:
        window.wizard.go_to(key)
        QApplication.processEvents()
        for widget in window.findChildren(QWidget):
            kinds = [c.__name__ for c in type(widget).__mro__]
            if not widget.isVisible() or not set(kinds) & set(NAMED):
                continue
            if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                continue
            spoken = QAccessible.queryAccessibleInterface(widget)
            if not spoken.text(QAccessible.Text.Name):
                owner = widget.parentWidget()
                nameless.append((key, kinds[0], type(owner).__name__, widget.objectName()))
    assert nameless == []


def test_tab_visits_fields_in_reading_order(window: MainWindow) -> None:
    form = window.wizard.page_of("workload").form
    order = []
    widget = row(window, "workload", "name").editor.box
    start = widget
    for _step in range(400):
        owner: Any = widget
        while owner is not None and owner not in form.rows.values():
            owner = owner.parentWidget()
        if owner is not None and owner.key not in order and owner.isVisible():
            order.append(owner.key)
        widget = widget.nextInFocusChain()
        if widget is start:
            break
    places = [form.rows[key].mapTo(form, form.rows[key].rect().topLeft()).y() for key in order]
    assert places == sorted(places) and len(order) > 10


def test_no_two_mnemonics_collide_on_a_page(window: MainWindow) -> None:
    import re

    for key in KEYS:
        window.wizard.go_to(key)
        QApplication.processEvents()
        letters: list[str] = []
        texts = [a.text() for a in window.menuBar().actions()]
        for widget in window.wizard.findChildren(QWidget):
            text = getattr(widget, "text", None)
            if widget.isVisible() and callable(text) and type(widget).__name__ in (
                "QPushButton", "QLabel", "QCheckBox", "QToolButton",
            ):  # fmt: skip  # kinds with mnemonics
                texts.append(str(text()))
        for text in texts:
            found = re.search(r"(?<!&)&([^&\s])", text)
            if found:
                letters.append(found[1].lower())
        assert len(letters) == len(set(letters)), (key, letters)


def test_no_text_keeps_the_colour_of_the_theme_before(window: MainWindow) -> None:
    modes: tuple[Any, ...] = ("dark", "high_contrast", "light")
    for mode in modes:
        window.looks.choose(mode=mode)
        QApplication.processEvents()
        role = QPalette.ColorRole.WindowText
        for label in (window.live.best, window.live.cost, window.live.status):
            shade = label.palette().color(role).name()
            assert shade in (theme().colours.text, theme().colours.muted, theme().colours.good)


def test_another_document_is_no_edit_of_the_one_before(window: MainWindow, qtbot: QtBot) -> None:
    """What the last edit changed is told of this document only."""
    window.session.set_value("site.racks", 9)
    qtbot.waitUntil(lambda: not window.session.stale)
    assert window.session.previous is not None
    window.documents.new()
    qtbot.waitUntil(lambda: not window.session.stale)
    assert window.session.previous is None
    window.session.set_value("site.racks", 7)
    qtbot.waitUntil(lambda: not window.session.stale)
    assert window.session.previous is not None


def test_forms_stay_as_wide_as_a_column_of_text_on_a_wide_screen(window: MainWindow) -> None:
    window.resize(3840, 2160)
    QApplication.processEvents()
    page = window.wizard.page_of("workload")
    assert page._content.width() <= 56 * window.fontMetrics().height()
    window.resize(1280, 720)
    QApplication.processEvents()
    assert page._content.width() == page.area.viewport().width()


def test_texts_of_the_review_have_the_lines_that_they_need(
    window: MainWindow, qapp: QApplication
) -> None:
    window.resize(1280, 720)
    window.wizard.go_to("review")
    qapp.processEvents()
    tree = window.wizard.page_of("review").tree
    assert tree.horizontalScrollBar().maximum() == 0
    rows = [tree.topLevelItem(0).child(0).child(0)]
    while rows[-1] is not None:
        rows.append(tree.itemBelow(rows[-1]))
    leaves = [item for item in rows[:-1] if item.childCount() == 0]
    line = tree.fontMetrics().lineSpacing()
    cut = 0
    for item in leaves:
        index, text = tree.indexFromItem(item, 1), item.text(1)
        fits = tree.fontMetrics().horizontalAdvance(text) <= tree.columnWidth(1) - 8
        height = tree.visualRect(index).height()
        cut += not fits
        assert fits or height >= 2 * line, text
    plain = min(tree.visualRect(tree.indexFromItem(item, 1)).height() for item in leaves)
    assert plain < 2 * line and len(leaves) > 40


def test_the_review_measures_each_row_once(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page that had it lay all out again made turning to it take two times as long."""
    measured: list[tuple[str, int]] = []
    usual = _Wrapping.sizeHint

    def noted(self: _Wrapping, option: Any, index: Any) -> Any:
        measured.append((str(index.siblingAtColumn(0).data()), index.column()))
        return usual(self, option, index)

    monkeypatch.setattr(_Wrapping, "sizeHint", noted)
    window.resize(1280, 720)
    window.wizard.go_to("review")
    window.wizard.go_to("priorities")
    window.session.set_value(USERS, 77)
    measured.clear()
    window.wizard.go_to("review")
    QApplication.processEvents()
    tree = window.wizard.page_of("review").tree
    rows = [tree.topLevelItem(0)]
    while (below := tree.itemBelow(rows[-1])) is not None:
        rows.append(below)
    assert len(rows) > 60
    assert len(measured) <= 1.2 * tree.columnCount() * len(rows)


def test_the_review_keeps_its_cursor_when_something_else_changes(window: MainWindow) -> None:
    window.wizard.go_to("review")
    page = window.wizard.page_of("review")
    chosen = page.tree.topLevelItem(0).child(1).child(1)
    page.tree.setCurrentItem(chosen)
    text = chosen.text(0)
    window.session.set_value("site.racks", 3)
    assert page.tree.currentItem().text(0) == text and page.edit.isEnabled()


def test_the_review_gives_room_to_remarks_where_nothing_differs(window: MainWindow) -> None:
    window.wizard.go_to("review")
    tree = window.wizard.page_of("review").tree
    assert tree.isColumnHidden(2)
    window.session.set_value(USERS, 77)
    assert not tree.isColumnHidden(2)


def test_amounts_say_their_currency_beside_the_box(window: MainWindow) -> None:
    limit, price = (
        row(window, "economics", k).editor for k in ("capex_limit", "electricity_price_kwh")
    )
    window.session.set_value("economics.currency", "EUR")
    window.wizard.go_to("economics")
    assert (limit.unit.text(), price.unit.text()) == ("EUR", "EUR per kWh")
    window.session.set_value("economics.currency", "CHF")
    assert limit.unit.text() == "CHF" and limit.box.accessibleName().endswith(", CHF")


def test_an_input_left_to_the_region_says_what_is_used(window: MainWindow) -> None:
    window.wizard.go_to("economics")
    window.session.set_value("site.region", "DEU")
    hint = row(window, "economics", "electricity_price_kwh").hint.full_text()
    germany = window.session.catalog.regions["DEU"].electricity_usd_kwh
    price = f"{germany.base:.4f}".rstrip("0")
    assert hint == (
        f"Left blank: {price} USD per kWh is used, the estimate for the region (Germany)"
    )
    # Where it comes from the button beside it tells, with its date.
    row(window, "economics", "electricity_price_kwh").info.open()
    popup = window.findChild(InfoPopup)
    assert popup is not None
    told = popup.accessibleDescription()
    assert germany.provenance.source in told and germany.provenance.as_of in told
    popup.close()
    window.session.set_value("economics.electricity_price_kwh", 0.5)
    hint = row(window, "economics", "electricity_price_kwh").hint.full_text()
    assert hint == "Default: regional price"


def test_hints_of_a_use_case_stand_under_what_it_fills_only(window: MainWindow) -> None:
    catalog = window.session.catalog
    assert catalog is not None
    machine = next(u for u in catalog.use_cases.values() if u.requests_per_user_hour is None)
    person = next(
        u for u in catalog.use_cases.values()
        if u.active_user_fraction is not None and u.id != "interactive_chat"
    )  # fmt: skip  # one expression
    active = row(window, "workload", "active_user_fraction")
    for use_case, speaks in ((person, True), (machine, False)):
        row(window, "workload", "use_case").edited.emit(use_case.id, False)
        told = f"From the use case “{use_case.title}”"
        hint = row(window, "workload", "input_tokens_mean").hint.full_text()
        assert hint == told and use_case.provenance.source not in hint
        # a preset of machines says nothing of how many people are active
        assert (active.hint.full_text() == told) == speaks
        window.wizard.go_to("targets")
        assert row(window, "targets", "percentile").hint.full_text() == told
        window.wizard.go_to("workload")


def test_a_single_input_is_shown_and_not_folded_away(window: MainWindow) -> None:
    workload = window.wizard.page_of("workload")
    assert workload.project.fold.isHidden() and not workload.project.rows["notes"].isHidden()
    assert workload.project.isAncestorOf(workload.project.rows["notes"])
    assert not workload.form.fold.isHidden()  # several inputs are
    window.wizard.go_to("targets")
    (targets,) = window.wizard.currentPage().forms()
    assert targets.fold.isHidden() and targets.rows["answer_ttft_ms"].isVisible()
