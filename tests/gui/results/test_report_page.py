"""The report page: preview, creation, and everything that can keep a file from being written."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QPushButton, QWidget, QWizard

from gui.pages.report import ReportPage
from gui.pages.report_making import build_report
from tests.gui.results import samples
from tests.gui.results.samples import FakeSession


def tiny_pdf(text: str, pages: int = 2) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for number in range(pages):
        canvas.drawString(72, 720, f"{text} {number}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


class Builder:
    """Makes small reports and remembers what was asked; waits while ``gate`` is shut."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.stopped = 0

    def __call__(self, recommendation: Any, **options: Any) -> bytes:
        self.calls.append({"recommendation": recommendation, **options})
        options["progress"](0.3, "Charts")
        while not self.gate.wait(0.01):
            if options["cancelled"]():
                self.stopped += 1
                raise RuntimeError("cancelled")
        if self.error is not None:
            raise self.error
        return tiny_pdf(f"{options['paper']} {len(self.calls)}")


@pytest.fixture
def builder() -> Any:
    made = Builder()
    yield made
    made.gate.set()


@pytest.fixture
def show(qtbot: Any, builder: Builder) -> Any:
    pages = []

    def shown(session: FakeSession, build: Any = builder) -> ReportPage:
        page = ReportPage(session, build=build)  # type: ignore[arg-type]  # a stand-in
        qtbot.addWidget(page)
        page.resize(760, 560)
        page.show()
        pages.append(page)
        return page

    yield shown
    builder.gate.set()
    for page in pages:
        page.close_down()


def buttons(page: ReportPage) -> dict[str, QPushButton]:
    return {b.text(): b for b in page.strip.findChildren(QPushButton) if b.isVisible()}


def ready(page: ReportPage, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: page.report is not None, timeout=20_000)


def test_previews_the_real_pages(show: Any, qtbot: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    ready(page, qtbot)
    assert page.preview.document.pageCount() == 2
    assert page.preview.pages.text() == "Page 1 of 2"
    assert page.preview.isVisible() and page.strip.text == ""


def test_writes_the_very_bytes_that_are_previewed(
    show: Any, qtbot: Any, tmp_path: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "gui.pages.report.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    page = show(FakeSession(samples.recommendation()))
    ready(page, qtbot)
    page.ask_path = lambda suggestion: str(tmp_path / "report")
    with qtbot.waitSignal(page.reportCreated) as caught:
        page.create_button.click()
    file = tmp_path / "report.pdf"
    assert caught.args == [str(file)]
    assert file.read_bytes() == page.report
    assert len(builder.calls) == 1
    assert page.strip.text == f"Saved: {file}"
    buttons(page)["Open folder"].click()
    buttons(page)["Open"].click()
    assert [Path(p) for p in opened] == [tmp_path, file]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["report.pdf"]


def test_asked_for_before_it_is_finished_it_is_written_when_it_is(
    show: Any, qtbot: Any, tmp_path: Path, builder: Builder
) -> None:
    builder.gate.clear()
    page = show(FakeSession(samples.recommendation()))
    page.ask_path = lambda suggestion: str(tmp_path / "early.pdf")
    page.create_report()
    assert not (tmp_path / "early.pdf").exists()
    with qtbot.waitSignal(page.reportCreated):
        builder.gate.set()
    assert (tmp_path / "early.pdf").read_bytes() == page.report


def test_asked_for_before_the_uncertainty_is_analysed_it_is_written_with_it(
    show: Any, qtbot: Any, tmp_path: Path, builder: Builder
) -> None:
    session = FakeSession(samples.recommendation())
    session.analysing = True
    page = show(session)
    ready(page, qtbot)
    page.ask_path = lambda suggestion: str(tmp_path / "report.pdf")
    page.create_button.click()
    assert set(buttons(page)) == {"Write it without", "Cancel"}
    qtbot.wait(50)
    assert not (tmp_path / "report.pdf").exists()
    session.analysing = False
    with qtbot.waitSignal(page.reportCreated, timeout=20_000):
        session.analysed(samples.analysis(samples.recommendation()))
    assert builder.calls[-1]["analysis"] is session.analysis is not None
    assert (tmp_path / "report.pdf").read_bytes() == page.report


def test_a_report_in_a_hurry_is_written_without_the_analysis(
    show: Any, qtbot: Any, tmp_path: Path
) -> None:
    session = FakeSession(samples.recommendation())
    session.analysing = True
    page = show(session)
    ready(page, qtbot)
    page.ask_path = lambda suggestion: str(tmp_path / "report.pdf")
    page.create_button.click()
    with qtbot.waitSignal(page.reportCreated, timeout=20_000):
        buttons(page)["Write it without"].click()
    assert page.strip.text == f"Saved: {tmp_path / 'report.pdf'}"


def test_the_title_can_be_given_beside_the_report(show: Any, qtbot: Any) -> None:
    session = FakeSession(samples.recommendation())
    page = show(session)
    assert page.title_box.placeholderText() == "Untitled assessment"
    QTest.keyClicks(page.title_box, "Ab")
    assert session.edits == [("project.title", "A"), ("project.title", "Ab")]


def test_progress_is_shown_and_cancelling_stops_the_work(
    show: Any, qtbot: Any, builder: Builder
) -> None:
    builder.gate.clear()
    page = show(FakeSession(samples.recommendation()))
    qtbot.waitUntil(lambda: page.strip.bar.value() == 30)
    assert page.strip.text == "Making the report…"
    buttons(page)["Cancel"].click()
    qtbot.waitUntil(lambda: builder.stopped == 1)
    assert page.strip.text == "The preview is not up to date."
    builder.gate.set()
    buttons(page)["Update"].click()
    ready(page, qtbot)


def test_unwritable_places_are_named_with_a_way_out(show: Any, qtbot: Any, tmp_path: Path) -> None:
    page = show(FakeSession(samples.recommendation()))
    ready(page, qtbot)
    page.ask_path = lambda suggestion: str(tmp_path / "missing" / "r.pdf")
    page.create_report()
    assert "missing" in page.strip.text and "does not exist" in page.strip.text
    (tmp_path / "folder.pdf").mkdir()
    page.ask_path = lambda suggestion: str(tmp_path / "folder.pdf")
    page.create_report()
    assert "it is a folder" in page.strip.text
    page.ask_path = lambda suggestion: str(tmp_path / "good.pdf")
    with qtbot.waitSignal(page.reportCreated):
        buttons(page)["Choose another place…"].click()


def test_a_file_open_elsewhere_is_explained(
    show: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(FakeSession(samples.recommendation()))
    ready(page, qtbot)
    old = tmp_path / "r.pdf"
    old.write_bytes(b"before")

    def locked(source: Any, target: Any) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr("core.interchange.files.os.replace", locked)
    page.ask_path = lambda suggestion: str(old)
    page.create_report()
    qtbot.waitUntil(lambda: "open in another program" in page.strip.text)
    assert old.read_bytes() == b"before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.pdf"]


def test_giving_no_name_changes_nothing(show: Any, qtbot: Any, builder: Builder) -> None:
    page = show(FakeSession(samples.recommendation()))
    ready(page, qtbot)
    page.ask_path = lambda suggestion: ""
    page.create_report()
    assert page.strip.text == ""


def test_changed_inputs_mark_the_report_and_a_new_answer_remakes_it(
    show: Any, qtbot: Any, builder: Builder
) -> None:
    session = FakeSession(samples.recommendation())
    page = show(session)
    ready(page, qtbot)
    session.stale = True
    session.assessmentChanged.emit()
    assert page.strip.text.startswith("This report is for earlier inputs")
    session.stale = False
    session.answer(samples.hosted_only())
    assert page.report is None
    ready(page, qtbot)
    assert builder.calls[-1]["recommendation"] is session.recommendation
    found = samples.analysis(session.recommendation)  # type: ignore[arg-type]  # set above
    session.analysed(found)
    qtbot.waitUntil(lambda: builder.calls[-1]["analysis"] is found, timeout=20_000)


def test_paper_changes_the_report(show: Any, qtbot: Any, builder: Builder) -> None:
    page = show(FakeSession(samples.recommendation()))
    ready(page, qtbot)
    page.paper.setCurrentIndex(1)
    assert page.report is None
    ready(page, qtbot)
    assert [call["paper"] for call in builder.calls] == ["A4", "Letter"]


def test_a_failure_is_told_and_can_be_tried_again(show: Any, qtbot: Any, builder: Builder) -> None:
    builder.error = ValueError("the reason")
    page = show(FakeSession(samples.recommendation()))
    qtbot.waitUntil(lambda: "the reason" in page.strip.text)
    builder.error = None
    buttons(page)["Try again"].click()
    ready(page, qtbot)


def test_without_an_answer_there_is_nothing_to_report_on(show: Any, builder: Builder) -> None:
    page = show(FakeSession())
    assert page.empty.text() == "There is no answer yet to report on."
    assert not page.create_button.isEnabled()
    page.create_report()
    assert builder.calls == []


def test_nothing_is_made_while_the_page_is_hidden(show: Any, qtbot: Any, builder: Builder) -> None:
    session = FakeSession(samples.recommendation())
    page = show(session)
    ready(page, qtbot)
    page.hide()
    session.answer(samples.hosted_only())
    qtbot.wait(400)
    assert len(builder.calls) == 1
    page.show()
    ready(page, qtbot)


def test_the_wizards_last_button_creates_the_report_and_keeps_the_window(
    qtbot: Any, builder: Builder, tmp_path: Path
) -> None:
    page = ReportPage(FakeSession(samples.recommendation()), build=builder)  # type: ignore[arg-type]  # a stand-in
    page.ask_path = lambda suggestion: str(tmp_path / "wizard.pdf")
    wizard = QWizard()
    qtbot.addWidget(wizard)
    wizard.addPage(page)
    wizard.show()
    ready(page, qtbot)
    assert not page.create_button.isVisible()
    button = wizard.button(QWizard.WizardButton.FinishButton)
    assert button.text() == "Create PDF report"
    with qtbot.waitSignal(page.reportCreated):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wizard.isVisible()
    page.close_down()


def test_zoom_is_kept_within_reason(show: Any, qtbot: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    ready(page, qtbot)
    for _ in range(30):
        page.preview._zoom(1.25)
    assert page.preview.view.zoomFactor() == 5.0
    for _ in range(40):
        page.preview._zoom(0.8)
    assert page.preview.view.zoomFactor() == 0.25


def test_a_page_dropped_in_the_middle_of_its_work_leaves_no_thread(
    qtbot: Any, builder: Builder
) -> None:
    builder.gate.clear()
    page = ReportPage(FakeSession(samples.recommendation()), build=builder)  # type: ignore[arg-type]  # a stand-in
    page.show()
    qtbot.waitUntil(lambda: len(builder.calls) == 1)
    page.deleteLater()
    qtbot.waitUntil(lambda: builder.stopped == 1)


def test_the_real_report_is_made_and_previewed(show: Any, qtbot: Any) -> None:
    page = show(FakeSession(samples.recommendation()), build_report)
    qtbot.waitUntil(lambda: page.report is not None, timeout=120_000)
    assert page.report is not None and page.report.startswith(b"%PDF")
    assert page.preview.document.pageCount() > 2


def test_tab_goes_through_the_tools_from_left_to_right(show: Any, qtbot: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    page.resize(1200, 560)
    ready(page, qtbot)
    reached: list[QWidget] = []
    widget = page.paper
    while widget not in reached:
        reached.append(widget)
        widget = widget.nextInFocusChain()
    tools = [
        w for w in reached
        if isinstance(w, QComboBox | QAbstractButton) and w.isVisible()
        and w.mapTo(page, QPoint(0, 0)).y() < page.paper.height()
    ]  # fmt: skip  # one list
    across = [tool.mapTo(page, QPoint(0, 0)).x() for tool in tools]
    assert len(tools) >= 7 and across == sorted(across)
