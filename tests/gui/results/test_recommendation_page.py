"""The page with the answer, in every state it can be in."""

from __future__ import annotations

import dataclasses
import gc
import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QScrollBar, QWidget

from core.charts.records import Absent, Chart
from core.recommendation import Recommendation
from gui.pages.recommendation import RecommendationPage
from gui.results.document import Bullets, Grid, Link, Paragraph
from tests.gui.results import samples
from tests.gui.results.samples import FakeSession


def draw(figure: Any, theme: Any) -> None:
    figure.clear()
    figure.add_subplot().plot([1.0, 2.0, 3.0], [1.0, 4.0, 9.0])


def charts(recommendation: Any, option: Any, analysis: Any) -> tuple[Chart | Absent, ...]:
    title = option.title if option else "nothing"
    return (
        Chart("one", f"One: {title}", "Rises to 9.", ("x", "y"), ((1.0, 1.0),), draw),
        Absent("two", "Two", "Nothing to draw."),
    )


@pytest.fixture
def show(qtbot: Any) -> Any:
    pages = []

    def shown(session: FakeSession) -> RecommendationPage:
        page = RecommendationPage(session, charts=charts)  # type: ignore[arg-type]  # a stand-in
        qtbot.addWidget(page)
        page.resize(760, 560)
        page.show()
        pages.append(page)
        return page

    yield shown
    for page in pages:
        page.charts.close_down()


def text_of(view: Any) -> str:
    return str(view.toPlainText())


def tab(page: RecommendationPage, title: str) -> QWidget:
    for number in range(page.tabs.count()):
        if page.tabs.tabText(number) == title:
            page.tabs.setCurrentIndex(number)
            return page.tabs.widget(number)
    raise AssertionError(title)


def test_headline_confidence_and_figures_are_the_recommendations(show: Any) -> None:
    answer = samples.recommendation()
    page = show(FakeSession(answer))
    assert page.header.headline.text() == answer.headline
    assert answer.confidence_reason in page.header.confidence.text()
    winner = answer.winner
    assert winner is not None and winner.cost is not None
    figures = [tile.accessibleName() for tile in page.header.tiles._tiles]
    # 2.60 dollars, 10 % either way; twice that in millions up front; 20.4 kW in two racks.
    assert figures[0] == "Cost per million tokens: USD 2.60, 2.34 to 2.86"
    assert figures[1].startswith("Up-front spending: USD 2,600,000")
    assert figures[2] == "IT power, nameplate: 20.4 kW, 30.6 kW with cooling · 2 racks"
    assert figures[3] == "Time to deploy: 10 weeks, 6 to 20"
    assert figures[4] == "Utilisation: 50 %, first-year average"
    for sentence in (*answer.reasons, *answer.risks):
        assert sentence in text_of(page.overview)


def test_waits_without_an_answer_and_shows_it_when_it_comes(show: Any) -> None:
    session = FakeSession()
    session.busy = True
    page = show(session)
    assert page.stack.currentIndex() == 0
    assert page.waiting.text() == "Computing the recommendation…"
    assert page.waiting_bar.isVisible()
    session.set_busy(False)
    session.answer(samples.recommendation())
    assert page.stack.currentIndex() == 1


def test_says_which_inputs_keep_it_from_an_answer(show: Any) -> None:
    session = FakeSession()
    site = dataclasses.replace(session.assessment.site, racks=-1)
    session.assessment = dataclasses.replace(session.assessment, site=site)
    page = show(session)
    assert "Free racks" in page.waiting.text()


def test_an_engine_error_is_shown_on_the_page(show: Any) -> None:
    session = FakeSession()
    page = show(session)
    session.errorOccurred.emit("No answer could be computed: the reason")
    assert "the reason" in page.waiting.text()
    session.answer(samples.recommendation())
    session.errorOccurred.emit("another reason")
    assert page.strip.text == "another reason"


def test_busy_and_stale_results_are_marked(show: Any) -> None:
    session = FakeSession(samples.recommendation())
    page = show(session)
    assert page.strip.text == ""
    session.stale = True
    session.set_busy(True)
    assert page.strip.text == "Computing with your latest changes…"
    site = dataclasses.replace(session.assessment.site, racks=-1)
    session.assessment = dataclasses.replace(session.assessment, site=site)
    session.set_busy(False)
    assert page.strip.text == "These results are for earlier inputs. One input needs attention."


def test_details_follow_the_chosen_option_from_any_table(show: Any) -> None:
    answer = samples.recommendation()
    page = show(FakeSession(answer))
    tab(page, "Options")
    page.options.table.selectRow(1)
    chosen = page.options.table.chosen()
    assert page.option_id == chosen == answer.options[1].id
    tab(page, "Details")
    assert text_of(page.details).startswith(answer.options[1].title)
    assert page.details_choice.currentData() == chosen
    tab(page, "Why not")
    page.why_not.table.choose(None)
    page.why_not.table.selectRow(page.why_not.model.rowCount() - 1)
    tab(page, "Details")
    assert text_of(page.details).startswith("On-premises: a machine without a price")
    assert "No price is known" in text_of(page.details)
    page.details_choice.setCurrentIndex(0)
    page.details_choice.activated.emit(0)
    assert text_of(page.details).startswith(answer.options[0].title)


def test_details_hold_targets_evidence_cost_lines_gates_and_scores(show: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    page.open_details("own")
    text = text_of(page.details)
    for part in (
        "250 ms (200 ms to 520 ms)",  # the prediction and its interval
        "MLPerf 6.0, https://example.org/mlperf",  # the nearest measurement
        "2 servers x 300,000 USD",  # how a line is computed
        "Staff (assumption)",
        "each rack offers 12",  # a gate with its numbers
        "paid back: 14 months",
        "20.4 kW",
    ):
        assert part in text
    option = page.session.recommendation.option("own")
    for score in option.scores:
        assert score.formula in text
    assert f"{option.total_score:.1f}" in text


def test_a_cost_line_leads_to_its_source(show: Any, qtbot: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    page.open_details("own")
    cost = next(s for s in page.details.sections if s.key == "cost")
    grid = next(b for b in cost.blocks if isinstance(b, Grid))
    link = grid.rows[0][-1]
    assert isinstance(link, Link)
    page.details.linkFollowed.emit(link.target)
    assert page.tabs.currentWidget() is page.sources
    (section,) = page.sources.sections
    rows = next(b for b in section.blocks if isinstance(b, Grid)).rows
    number = int(link.target.partition(":")[2])
    assert rows[number - 1][2] == "List price of a vendor <b>"
    assert rows[number - 1][3] == "2026-08-12"


def test_the_chosen_option_survives_a_new_answer_and_falls_back_to_the_best(show: Any) -> None:
    session = FakeSession(samples.recommendation())
    page = show(session)
    page.choose("own")
    session.answer(samples.recommendation(samples.options(5)))
    assert page.option_id == "own"
    answer = samples.hosted_only()
    session.answer(answer)
    assert page.option_id == "api"
    tab(page, "Details")
    text = text_of(page.details)
    assert "The provider's: Provider" in text and "not published" in text


def test_whoever_chose_no_option_sees_the_best_of_each_answer(show: Any) -> None:
    session = FakeSession(samples.hosted_only())
    page = show(session)
    assert page.option_id == "api"
    answer = samples.recommendation()
    assert answer.winner is not None and answer.winner.id != "api" and answer.option("api")
    session.answer(answer)
    assert page.option_id == answer.winner.id


def test_no_feasible_option_opens_on_the_smallest_changes(show: Any) -> None:
    session = FakeSession(samples.nothing_feasible())
    page = show(session)
    assert page.tabs.currentWidget() is page.why_not
    assert page.header.headline.text().startswith("No option meets every limit")
    assert page.header.tiles.isHidden()
    page.why_not.table.selectRow(0)
    said: list[str] = []
    page.messagePosted.connect(said.append)
    offered = {
        button.text(): button
        for button in page.why_not.findChildren(QAbstractButton)
        if "→" in button.text()
    }
    offered["Free racks: 1 → 2 racks"].click()
    assert session.replaced[0].site.racks == 2
    assert said == ["Changed: Free racks: 1 → 2 racks. Undo takes it back."]
    offered["Power per rack: 5 → 10.2 kW\nFree racks: 1 → 2 racks"].click()
    assert session.replaced[1].site.racks == 2
    assert session.replaced[1].site.rack_power_kw == 10.2
    session.answer(samples.recommendation())
    assert page.tabs.currentWidget() is page.overview


def test_sensitivity_lists_what_would_admit_an_option_and_leads_there(show: Any) -> None:
    answer = samples.nothing_feasible()
    page = show(FakeSession(answer))
    told = text_of(tab(page, "Sensitivity"))
    assert answer.reasons and all(reason in told for reason in answer.reasons)
    (link,) = (
        block.text
        for block in page.sensitivity.sections[0].blocks
        if isinstance(block, Paragraph) and isinstance(block.text, Link)
    )
    page.sensitivity.linkFollowed.emit(link.target)
    assert page.tabs.currentWidget() is page.why_not


@pytest.mark.parametrize(
    "make", [samples.hosted_only, samples.nothing_feasible, samples.nothing_at_all]
)
def test_every_tab_stands_for_every_kind_of_answer(show: Any, make: Any) -> None:
    answer: Recommendation = make()
    page = show(FakeSession(answer))
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        assert page.tabs.currentWidget().accessibleName() or number == 3 or number in (1, 2, 4)


def test_why_another_option_wins_at_a_switch_has_the_whole_width(show: Any) -> None:
    answer = samples.recommendation()
    session = FakeSession(answer)
    page = show(session)
    found = samples.analysis(answer)
    why = "Cost: USD 0.31 against USD 0.17; now USD 1.01 against USD 0.26."
    point = dataclasses.replace(found.switch_points[0], because=why)
    often = dataclasses.replace(found.uncertainty[0], win_probability=0.9971)
    session.analysed(
        dataclasses.replace(
            found,
            switch_points=(point,),
            uncertainty=(often, *found.uncertainty[1:]),
        )
    )
    tab(page, "Sensitivity")
    (told,) = (b for b in page.sensitivity.sections[0].blocks if isinstance(b, Bullets))
    assert told.items == (f"Users, 180: {why}",)
    assert "99.7 %" in text_of(page.sensitivity)  # not all of them, as the headline says too


def test_what_would_change_it_comes_with_the_analysis(show: Any) -> None:
    answer = samples.recommendation()
    session = FakeSession(answer)
    page = show(session)
    tab(page, "Sensitivity")
    assert "not computed yet" in text_of(page.sensitivity)
    why = "It leads the next by 9 points, best in 70 % of the sampled futures."
    session.analysed(
        dataclasses.replace(samples.analysis(answer), confidence="medium", confidence_reason=why)
    )
    text = text_of(page.sensitivity)
    assert "within the range tried of: PUE (1.5)." in text
    for part in ("180", "2,000 sampled futures", "FP8 weights", "−30 %", "Peak requests"):
        assert part in text
    # The settled confidence takes the place of the first one, and says the share once.
    assert page.header.confidence.text() == f"Confidence: medium. {why}"
    assert "1.50 to 2.90 in 80 % of futures" in page.header.tiles._tiles[0].accessibleName()


def test_charts_are_of_the_chosen_option(show: Any, qtbot: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    page.follow("chart:one")
    qtbot.waitUntil(lambda: page.charts.list.count() == 2, timeout=20_000)
    page.choose("api")
    qtbot.waitUntil(lambda: "Provider" in page.charts.panel.title.text(), timeout=20_000)


def test_nothing_is_filled_before_it_is_looked_at(show: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    assert page.options.model.rowCount() == 0
    assert page.details.sections == ()
    assert page.charts.list.count() == 0


def test_every_control_has_a_name(show: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy().value and widget.isVisibleTo(page) and not named(widget):
            raise AssertionError(f"{type(widget).__name__} {widget.objectName()}")


def named(widget: QWidget) -> bool:
    inner = widget.objectName().startswith("qt_")
    text = getattr(widget, "text", lambda: "")()
    kind = type(widget).__name__
    parts = kind in ("QTabBar", "QScrollBar", "QHeaderView", "QListView", "QSplitterHandle")
    return bool(inner or widget.accessibleName() or text or parts)


def test_fits_a_small_window(show: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    assert page.minimumSizeHint().width() <= 760
    assert page.minimumSizeHint().height() <= 460


def test_a_page_dropped_while_charts_are_made_leaves_nothing_running(qtbot: Any) -> None:
    begun, go, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(*given: Any) -> Any:
        begun.set()
        go.wait(20)
        ended.set()
        return ()

    page = RecommendationPage(FakeSession(samples.recommendation()), charts=slow)  # type: ignore[arg-type]  # a stand-in
    page.show()
    page.tabs.setCurrentWidget(page.charts)
    qtbot.waitUntil(begun.is_set)
    page.deleteLater()
    threading.Timer(0.2, go.set).start()
    qtbot.waitUntil(ended.is_set)


def test_widgets_left_to_the_collector_do_no_harm(qtbot: Any) -> None:
    page = RecommendationPage(FakeSession(samples.recommendation()), charts=charts)  # type: ignore[arg-type]  # a stand-in
    page.show()
    page.tabs.setCurrentWidget(page.charts)
    names = page.charts.list
    qtbot.waitUntil(lambda names=names: names.count() == 2, timeout=20_000)
    page.loop = page  # type: ignore[attr-defined]  # a cycle, as closures make them
    del page, names
    gc.collect()
    qtbot.wait(20)


def test_large_text_in_a_small_window_scrolls_instead_of_being_cut(
    show: Any, qapp: Any, qtbot: Any
) -> None:
    before = qapp.font()
    large = qapp.font()
    large.setPointSizeF(before.pointSizeF() * 2)
    qapp.setFont(large)
    try:
        page = show(FakeSession(samples.recommendation()))
        page.resize(470, 340)
        area = page.stack.widget(1)
        for number in range(page.tabs.count()):
            page.tabs.setCurrentIndex(number)
            qtbot.wait(30)
            assert area.widget().width() <= area.viewport().width()
            assert page.tabs.height() >= 15 * page.fontMetrics().height()
            assert area.verticalScrollBar().maximum() > 0
        page.resize(1600, 1100)
        qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)
    finally:
        qapp.setFont(before)


@pytest.mark.parametrize(
    ("number", "heading"), [(0, "Cost"), (2, "Machines, power and carbon"), (3, "Weeks until")]
)
def test_a_key_figure_leads_to_how_it_is_computed(show: Any, number: int, heading: str) -> None:
    """With the mouse and with Enter; sources stand there as links."""
    page = show(FakeSession(samples.recommendation()))
    for press in (QAbstractButton.click, lambda tile: QTest.keyClick(tile, Qt.Key.Key_Return)):
        page.tabs.setCurrentWidget(page.overview)
        press(page.header.tiles._tiles[number])
        assert page.tabs.currentWidget() is page._details_tab
        assert heading in text_of(page.details)
    assert "source:" in page.details.toHtml()


def test_sources_are_one_click_from_the_hardwares_numbers(show: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    page.open_details("own")
    links = [
        block.text
        for section in page.details.sections
        for block in section.blocks
        if section.key in ("performance", "fleet") and isinstance(block, Paragraph)
        and isinstance(block.text, Link)
    ]  # fmt: skip  # one list
    found = [link.target for link in links if link.text == "Sources of these numbers"]
    assert len(found) == 2
    page.follow(found[0])
    assert page.tabs.currentWidget() is page.sources


def test_an_answer_that_does_not_fit_is_whole_and_scrolls_with_the_page(
    show: Any, qtbot: Any
) -> None:
    page = show(FakeSession(samples.recommendation()))
    page.resize(520, 330)
    qtbot.waitUntil(page.area.verticalScrollBar().isVisible)
    for part in (page.header.headline, page.header.confidence):
        assert part.height() >= part.heightForWidth(part.width())
    bars = [bar for bar in page.findChildren(QScrollBar) if bar.isVisible()]
    assert page.area.verticalScrollBar() in bars
    assert len([bar for bar in bars if bar.orientation() == Qt.Orientation.Vertical]) <= 2


def test_measured_runs_are_told_in_words(show: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    page.open_details("own")
    told = text_of(page.details)
    assert "tpot_ms" not in told and "TPOT, mean, ms" in told and "vLLM, FP8" in told
    assert "Measured by: MLPerf 6.0, https://example.org/mlperf" in told


def test_an_answer_in_dollars_has_no_exchange_rate_to_tell(show: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    told = text_of(tab(page, "Sources"))
    assert "Amounts are in US dollars." in told and "Exchange rate" not in told


def test_charts_that_cannot_be_drawn_keep_their_whole_title(show: Any, qtbot: Any) -> None:
    page = show(FakeSession(samples.recommendation()))
    tab(page, "Charts")
    qtbot.waitUntil(lambda: page.charts.list.count() == 2)
    assert page.charts.list.item(1).text() == "Two (not available)"
    assert page.charts.list.textElideMode() == Qt.TextElideMode.ElideNone
