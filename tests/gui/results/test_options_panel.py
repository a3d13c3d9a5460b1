"""The table of options: order, filters, and rows bound to their options."""

from __future__ import annotations

import dataclasses
import math
import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.decision.verdicts import binding
from core.language import LANGUAGES, speaking
from core.recommendation import Analysis, InputChange, Recommendation, SmallestChange
from gui.results.options_table import OptionsPanel
from gui.results.row_heights import lines_of
from gui.results.rows import ID_ROLE
from gui.results.table import LEAST_LINES
from gui.results.why_not import WhyNotPanel
from tests.gui.results import samples

RANK, TITLE, COST, SCORE, POWER, WEEKS, EVIDENCE, VENUE, TARGET = 0, 1, 2, 4, 5, 6, 7, 8, 10


@pytest.fixture
def panel(qtbot: Any) -> OptionsPanel:
    made = OptionsPanel()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def ids(panel: Any) -> list[str]:
    model = panel.table.model()
    return [model.index(row, 0).data(ID_ROLE) for row in range(model.rowCount())]


def test_starts_with_the_feasible_options_best_first(panel: OptionsPanel) -> None:
    answer = samples.recommendation()
    panel.show_recommendation(answer)
    assert ids(panel) == [option.id for option in answer.options]
    assert panel.count.text() == "3 of 4"


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_sorting_goes_by_value_and_keeps_unknown_last(
    panel: OptionsPanel, order: Qt.SortOrder
) -> None:
    answer = samples.recommendation(samples.options(40))
    panel.show_recommendation(answer)
    panel.feasible.setChecked(False)
    panel.table.sortByColumn(COST, order)
    costs = [
        math.inf if (cost := answer.option(key).cost) is None else cost.usd_per_mtok.base
        for key in ids(panel)
    ]
    known = [cost for cost in costs if math.isfinite(cost)]
    assert known == sorted(known, reverse=order == Qt.SortOrder.DescendingOrder)
    assert not math.isfinite(costs[-1]), "the option without a price comes last"


def test_every_row_shows_the_option_it_is_bound_to(panel: OptionsPanel) -> None:
    answer = samples.recommendation(samples.options(12))
    panel.show_recommendation(answer)
    panel.feasible.setChecked(False)
    panel.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    for row in range(panel.proxy.rowCount()):
        option = answer.option(panel.proxy.index(row, 0).data(ID_ROLE))
        assert panel.proxy.index(row, 1).data() == option.title
        assert panel.proxy.index(row, VENUE).data() == option.venue_label
        if option.cost is not None:
            assert float(panel.proxy.index(row, COST).data()) == pytest.approx(
                option.cost.usd_per_mtok.base, abs=0.006
            )


def test_the_chosen_option_stays_chosen_through_sorting_filtering_and_a_new_answer(
    panel: OptionsPanel, qtbot: Any
) -> None:
    panel.show_recommendation(samples.recommendation())
    assert panel.table.choose("rent")
    panel.table.sortByColumn(COST, Qt.SortOrder.DescendingOrder)
    assert panel.table.chosen() == "rent"
    panel.search.setText("server")
    assert panel.table.chosen() == "rent"
    panel.search.clear()
    dearer = [o for o in samples.options(6) if o.id != "api"]
    panel.show_recommendation(samples.recommendation(dearer))
    assert panel.table.chosen() == "rent"


def test_moving_the_cursor_names_the_option(panel: OptionsPanel, qtbot: Any) -> None:
    answer = samples.recommendation()
    panel.show_recommendation(answer)
    panel.table.choose(answer.options[0].id)
    panel.table.setFocus()
    with qtbot.waitSignal(panel.optionChosen) as caught:
        QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert caught.args == [answer.options[1].id]


def test_filters_by_words_venue_and_feasibility(panel: OptionsPanel) -> None:
    panel.show_recommendation(samples.recommendation())
    panel.search.setText("PREMISES server")
    assert ids(panel) == ["own"]
    panel.search.clear()
    panel.venue.setCurrentIndex(panel.venue.findData("token_api"))
    assert ids(panel) == ["api"]
    panel.venue.setCurrentIndex(0)
    panel.feasible.setChecked(False)
    assert set(ids(panel)) == {"own", "api", "rent", "odd"}


def test_shows_the_rejected_where_nothing_is_feasible(panel: OptionsPanel) -> None:
    answer = samples.nothing_feasible()
    panel.show_recommendation(answer)
    assert ids(panel) == [option.id for option in answer.rejected]


def test_a_hosted_api_shows_what_is_not_published(panel: OptionsPanel) -> None:
    panel.show_recommendation(samples.hosted_only())
    assert panel.proxy.index(0, TARGET).data() == "TTFT not published / 500 ms"


def test_an_answer_without_options_is_an_empty_table(panel: OptionsPanel) -> None:
    panel.show_recommendation(samples.nothing_at_all())
    assert ids(panel) == []
    assert panel.table.chosen() is None


def test_amounts_are_in_the_users_currency(panel: OptionsPanel) -> None:
    given = samples.builders.assessment()
    import dataclasses

    euros = dataclasses.replace(
        given, economics=dataclasses.replace(given.economics, currency="EUR")
    )
    panel.show_recommendation(samples.recommendation(assessment=euros))
    panel.table.choose("own")
    row = panel.table.currentIndex().row()
    # 2 dollars at 0.8 euros a dollar.
    assert panel.proxy.index(row, COST).data() == "1.60"
    assert "EUR" in panel.proxy.headerData(COST, Qt.Orientation.Horizontal)


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_the_columns_that_decide_are_seen_at_once(panel: OptionsPanel, code: str) -> None:
    """A window of 1280 pixels leaves the table 1039; titles may be as long as they come."""
    option = dataclasses.replace(samples.options(1)[0], title="On-premises: " + "servers " * 12)
    with speaking(code):
        panel.show_recommendation(samples.recommendation([option, *samples.options(40)[1:]]))
        panel.resize(1055, 400)
        QApplication.processEvents()
    table = panel.table
    deciding = (RANK, TITLE, COST, SCORE, POWER, WEEKS)
    assert not any(table.isColumnHidden(column) for column in deciding)
    assert table.isColumnHidden(VENUE)  # which the titles begin with
    assert table.horizontalScrollBar().maximum() == 0
    least = table.fontMetrics().height() * LEAST_LINES
    assert table.columnWidth(TITLE) >= least
    assert panel.every.isVisible()
    panel.every.click()
    QApplication.processEvents()
    assert not any(table.isColumnHidden(column) for column in range(12))
    assert table.horizontalScrollBar().maximum() > 0
    panel.every.click()
    panel.resize(480, 400)
    QApplication.processEvents()
    shown = [column for column in range(12) if not table.isColumnHidden(column)]
    assert shown[:4] == [RANK, TITLE, COST, SCORE] and WEEKS not in shown
    panel.resize(2400, 400)
    QApplication.processEvents()
    assert not any(table.isColumnHidden(column) for column in range(12))
    assert not panel.every.isVisible()


def test_power_is_that_of_the_report_and_of_the_limit(panel: OptionsPanel) -> None:
    """Nameplate without cooling; the hint tells the power with it."""
    answer = samples.recommendation()
    panel.show_recommendation(answer)
    assert panel.proxy.headerData(POWER, Qt.Orientation.Horizontal) == "IT power, nameplate, kW"
    own = next(option for option in answer.options if option.fleet.nameplate_kw)
    cell = panel.proxy.index(ids(panel).index(own.id), POWER)
    assert cell.data() == f"{own.fleet.nameplate_kw:g}"
    assert "with cooling" in cell.data(Qt.ItemDataRole.ToolTipRole)


def test_what_tells_hybrids_apart_is_seen(panel: OptionsPanel) -> None:
    answer = samples.recommendation()
    machines = "4 x HGX/DGX server, 8x RTX PRO 6000 Blackwell SE in colocation"
    title = f"Hybrid: {machines}, 22 % rented"
    first = dataclasses.replace(answer.options[0], title=title)
    panel.resize(1035, 400)  # what a tab has of a window of 1280 x 720
    panel.show_recommendation(dataclasses.replace(answer, options=(first, *answer.options[1:])))
    table, metrics = panel.table, panel.table.fontMetrics()
    lines = lines_of(title, metrics, table.columnWidth(1) - metrics.height() // 2)
    assert lines in (2, 3)  # by the typeface that is at hand: more than one line, and all of it
    row = ids(panel).index(first.id)
    one = table.verticalHeader().defaultSectionSize()
    assert table.rowHeight(row) == one + (lines - 1) * metrics.lineSpacing()


def test_copies_the_table_as_text_for_a_spreadsheet(panel: OptionsPanel) -> None:
    panel.show_recommendation(samples.recommendation())
    panel.table.setFocus()
    QTest.keySequence(panel.table, "Ctrl+C")
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 4
    assert {len(line.split("\t")) for line in lines} == {12}


# -- why not -----------------------------------------------------------------------------------


@pytest.fixture
def why_not(qtbot: Any) -> WhyNotPanel:
    made = WhyNotPanel()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def test_in_a_narrow_window_limit_and_remedy_stay_in_view(why_not: WhyNotPanel) -> None:
    why_not.show_recommendation(samples.nothing_feasible())
    table = why_not.table
    shown = lambda: [c for c in range(6) if not table.isColumnHidden(c)]  # noqa: E731 - used below
    assert shown() == list(range(6)) and table.horizontalScrollBar().maximum() == 0
    why_not.resize(480, 400)
    QApplication.processEvents()
    # the cost goes too where letters are wide
    assert shown() in ([0, 1, 2, 4, 5], [0, 1, 2, 4])
    assert table.horizontalScrollBar().maximum() == 0
    why_not.resize(900, 400)
    QApplication.processEvents()
    assert shown() == list(range(6))


def buttons(panel: WhyNotPanel) -> list[Any]:
    return [panel.buttons.itemAt(n).widget() for n in range(panel.buttons.count())]


def test_lists_everything_but_the_winner(why_not: WhyNotPanel) -> None:
    answer = samples.recommendation()
    why_not.show_recommendation(answer)
    assert ids(why_not) == [o.id for o in (*answer.options[1:], *answer.rejected)]


def test_names_limit_margin_and_smallest_change(why_not: WhyNotPanel) -> None:
    answer = samples.nothing_feasible()
    why_not.show_recommendation(answer)
    why_not.table.choose("own")
    row = why_not.table.currentIndex().row()
    cells = [why_not.model.index(row, c).data() for c in range(6)]
    # A server of 10.2 kW in racks of 5 kW, and two racks needed where one is free.
    assert cells[2] == "Power per rack, Free racks"  # first the one that the next column is about
    assert cells[3] == "10.2 kW against 5"
    assert cells[4].startswith("5.2 kW more per rack")
    gate = binding(answer.option("own").gates)
    assert gate is not None and gate.key == "rack_power"


def test_offers_the_smallest_changes_as_buttons(why_not: WhyNotPanel, qtbot: Any) -> None:
    why_not.show_recommendation(samples.nothing_feasible())
    why_not.table.selectRow(ids(why_not).index("own"))
    names = [button.text() for button in buttons(why_not)]
    rack, racks = "Power per rack: 5 → 10.2 kW", "Free racks: 1 → 2 racks"
    # What lifts every limit comes first.
    assert names == [f"{rack}\n{racks}", rack, racks]
    assert buttons(why_not)[0].accessibleName() == f"{rack}; {racks}"
    with qtbot.waitSignal(why_not.changesAsked) as caught:
        buttons(why_not)[1].click()
    (change,) = caught.args[0]
    assert (change.path, change.value) == ("site.rack_power_kw", 10.2)


def searched(*changes: InputChange) -> SmallestChange:
    said = "Own would be admitted by power per rack 11 kW instead of 5 kW."
    return SmallestChange("own", "Own", changes, 2.0, 1, None, "", said, bool(changes))


def test_what_was_searched_by_computing_again_takes_the_place_of_what_the_limits_say(
    why_not: WhyNotPanel, qtbot: Any
) -> None:
    answer = samples.nothing_feasible()
    why_not.show_recommendation(answer)
    why_not.table.selectRow(ids(why_not).index("own"))
    found = searched(InputChange("site.rack_power_kw", "Power per rack", "5 kW", "11 kW", 11.0))
    why_not.show_recommendation(answer, analysis_of(found))
    assert [b.text() for b in buttons(why_not)] == ["Power per rack: 5 kW → 11 kW"]
    assert why_not.reason.text().endswith(found.sentence)
    with qtbot.waitSignal(why_not.changesAsked) as caught:
        buttons(why_not)[0].click()
    assert [(c.path, c.value) for c in caught.args[0]] == [("site.rack_power_kw", 11.0)]
    why_not.show_recommendation(answer, analysis_of(searched()))
    assert buttons(why_not) == []


def test_every_way_and_those_of_other_options_are_buttons_where_nothing_is_feasible(
    why_not: WhyNotPanel, qtbot: Any
) -> None:
    answer = samples.nothing_feasible()
    lease = InputChange("economics.finance", "Own hardware is", "“Bought”", "“Leased”", "lease")
    limit = InputChange("economics.capex_limit", "Limit", "USD 1", "USD 2", 2.0)
    rack = InputChange("site.rack_power_kw", "Power per rack", "5 kW", "11 kW", 11.0)
    own = dataclasses.replace(searched(rack, lease), other_ways=((rack, limit),))
    elsewhere = next(o.id for o in answer.rejected if o.id != "own")
    other = dataclasses.replace(searched(rack), option_id=elsewhere, option_title="Another")
    given = dataclasses.replace(samples.analysis(answer), smallest_changes=(own, other))
    why_not.show_recommendation(answer, given)
    why_not.table.selectRow(ids(why_not).index("own"))
    assert [b.text().split("\n") for b in buttons(why_not)] == [
        ["Power per rack: 5 kW → 11 kW", "Own hardware is: “Bought” → “Leased”"],
        ["Power per rack: 5 kW → 11 kW", "Limit: USD 1 → USD 2"],
        ["Another", "Power per rack: 5 kW → 11 kW"],
    ]
    with qtbot.waitSignal(why_not.changesAsked) as caught:
        buttons(why_not)[1].click()
    assert [c.path for c in caught.args[0]] == ["site.rack_power_kw", "economics.capex_limit"]


def test_others_with_the_fewest_changes_are_offered_first(why_not: WhyNotPanel) -> None:
    answer = samples.nothing_feasible()
    further = next(o for o in answer.rejected if o.id != "own")
    near = dataclasses.replace(further, id="near")  # stands behind, yet takes one change only
    answer = dataclasses.replace(answer, rejected=(*answer.rejected, near))
    changes = [InputChange(f"site.x{n}", f"Input {n}", "1 kW", "2 kW", 2.0) for n in range(4)]

    def way(option_id: str, count: int) -> SmallestChange:
        found = searched(*changes[:count])
        return dataclasses.replace(found, option_id=option_id, option_title=option_id)

    ways = (searched(changes[0]), way(further.id, 4), way(near.id, 1))
    why_not.show_recommendation(
        answer, dataclasses.replace(samples.analysis(answer), smallest_changes=ways)
    )
    why_not.table.selectRow(ids(why_not).index("own"))
    assert [b.text().split("\n")[0] for b in buttons(why_not)[1:]] == [near.id, further.id]


def test_buttons_leave_the_table_half_of_a_low_window(why_not: WhyNotPanel) -> None:
    racks = [InputChange(f"site.x{n}", f"Input {n}", "5 kW", "11 kW", 11.0) for n in range(9)]
    why_not.show_recommendation(samples.nothing_feasible(), analysis_of(searched(*racks)))
    why_not.table.selectRow(ids(why_not).index("own"))
    for height in (700, 240):
        why_not.resize(500, height)
        QApplication.processEvents()
        assert why_not.table.height() >= height // 2 - 12
        scrolls = why_not.below.verticalScrollBar().maximum() > 0
        assert scrolls == (height == 240)
    assert why_not.reason.width() <= why_not.below.viewport().width()


def test_what_the_analysis_did_not_search_is_searched_when_it_is_pointed_at(qtbot: Any) -> None:
    answer, asked = samples.nothing_feasible(), []
    found = searched(InputChange("site.rack_power_kw", "Power per rack", "5 kW", "11 kW", 11.0))
    go_on = threading.Event()

    def search(recommendation: Recommendation, option_id: str) -> Any:
        asked.append(option_id)

        def work(ticket: Any) -> SmallestChange:
            assert go_on.wait(10.0)
            return dataclasses.replace(found, option_id=option_id)

        return work

    panel = WhyNotPanel(search=search)
    qtbot.addWidget(panel)
    panel.show_recommendation(answer)
    panel.table.selectRow(ids(panel).index("own"))
    assert asked[-1] == "own" and "computing again" in panel.reason.text()
    assert buttons(panel) == []
    go_on.set()
    qtbot.waitUntil(lambda: panel.reason.text().endswith(found.sentence))
    assert [b.text() for b in buttons(panel)] == ["Power per rack: 5 kW → 11 kW"]
    # found once, it is not searched again for the same answer
    panel.table.choose(None)
    panel.table.selectRow(ids(panel).index("own"))
    assert asked.count("own") == 1 and len(buttons(panel)) == 1
    panel.close_down()


def test_a_search_that_fails_leaves_what_the_limits_take(qtbot: Any) -> None:
    def search(recommendation: Recommendation, option_id: str) -> Any:
        def work(ticket: Any) -> SmallestChange:
            raise RuntimeError("no")

        return work

    panel = WhyNotPanel(search=search)
    qtbot.addWidget(panel)
    panel.show_recommendation(samples.nothing_feasible())
    panel.table.selectRow(ids(panel).index("own"))
    qtbot.waitUntil(lambda: len(buttons(panel)) == 3)
    panel.close_down()


def analysis_of(found: SmallestChange) -> Analysis:
    return dataclasses.replace(
        samples.analysis(samples.nothing_feasible()), smallest_changes=(found,)
    )


def test_a_feasible_option_offers_no_change(why_not: WhyNotPanel) -> None:
    answer: Recommendation = samples.recommendation()
    why_not.show_recommendation(answer)
    why_not.table.selectRow(0)
    assert buttons(why_not) == []
    assert why_not.reason.text() == answer.options[1].why


def test_nothing_to_explain_without_other_options(why_not: WhyNotPanel) -> None:
    why_not.show_recommendation(samples.nothing_at_all())
    assert why_not.reason.text() == "There is no other option."


def test_a_filter_without_hits_says_what_hides_the_rest_and_is_cleared_at_once(
    panel: OptionsPanel,
) -> None:
    answer = samples.recommendation()
    panel.show_recommendation(answer)
    assert not panel.no_hits.isVisible()
    panel.search.setText("no such thing")
    assert panel.no_hits.isVisible()
    assert panel.no_hits.about.text() == (
        "No option matches the words “no such thing” and “Feasible only”."
    )
    panel.no_hits.button.click()
    assert not panel.no_hits.isVisible()
    assert len(ids(panel)) == len(answer.options) + len(answer.rejected)


def test_an_answer_without_options_is_not_taken_for_a_filter(panel: OptionsPanel) -> None:
    panel.show_recommendation(samples.recommendation(()))
    panel.search.setText("x")
    assert not panel.no_hits.isVisible()
