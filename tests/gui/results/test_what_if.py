"""Sliders: what they span, what they ask, and that the document stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from core.analysis.what_if import Slider, WhatIf
from core.assess import assess
from core.assessment import Assessment
from gui.results.what_if import STEPS, WhatIfPanel, place_of, value_at
from gui.view_models.session import Session
from tests.core.assess.cases import AS_OF, small_catalog


@pytest.fixture
def session(qtbot: Any) -> Iterator[Session]:
    made = Session(
        catalog=small_catalog(),
        as_of=AS_OF,
        engine=lambda assessment, catalog, **options: assess(assessment, catalog, **options),
    )
    made.compute()
    qtbot.waitUntil(lambda: not made.stale, timeout=30_000)
    yield made
    made.close()


@pytest.fixture
def panel(session: Session, qtbot: Any) -> Iterator[WhatIfPanel]:
    made = WhatIfPanel(session)
    made.resize(700, 600)
    made.show()
    qtbot.waitUntil(lambda: made.outcome is not None, timeout=30_000)
    yield made
    made.close_down()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def rows(panel: WhatIfPanel) -> dict[str, list[str]]:
    model = panel.table.model()
    return {
        str(model.index(r, 0).data()): [str(model.index(r, c).data()) for c in (1, 2, 3)]
        for r in range(model.rowCount())
    }


def test_sliders_and_what_becomes_of_the_answer_are_seen_together(
    panel: WhatIfPanel, qtbot: Any
) -> None:
    panel.resize(1035, 350)  # what a tab has of a window of 1280 x 720
    qtbot.wait(20)
    seen = panel.rect()
    for widget in (*panel.sliders.values(), panel.verdict, panel.exact):
        assert seen.contains(QRect(widget.mapTo(panel, QPoint()), widget.size()))
    assert panel.table.visibleRegion().boundingRect().height() > seen.height() // 2


@pytest.mark.parametrize("logarithmic", [True, False])
def test_a_slider_spans_its_range_and_meets_the_present_value(logarithmic: bool) -> None:
    given = Slider("k", "K", 1.0, 0.1, 10.0, logarithmic, "1")
    assert value_at(0, given) == pytest.approx(0.1)
    assert value_at(STEPS, given) == pytest.approx(10.0)
    assert value_at(place_of(1.0, given), given) == 1.0
    for place in (STEPS // 3, STEPS // 2 + 1, STEPS - 1):
        value = value_at(place, given)
        assert value == float(f"{value:.3g}")  # and no 3.98107 beside a slider
    middle = value_at(STEPS // 2, given)
    # Half way is the geometric mean by factors, the arithmetic one by differences.
    assert middle == pytest.approx(1.0 if logarithmic else 5.05, rel=0.02)


def test_nothing_is_moved_at_first(panel: WhatIfPanel) -> None:
    shown = rows(panel)
    assert len(shown) >= 6  # all that is known of a hosted service
    assert not [row for row in shown.values() if row[0] == row[1] == "not known"]
    assert all(now == then and not change for now, then, change in shown.values())
    assert not panel.reset.isEnabled() and not panel.exact.isEnabled()


def test_a_moved_slider_is_answered_as_the_engine_answers_it(
    panel: WhatIfPanel, session: Session, qtbot: Any
) -> None:
    before = session.assessment
    panel.sliders["load"].setValue(STEPS)
    qtbot.waitUntil(lambda: bool(panel.outcome and panel.outcome.moved), timeout=30_000)
    assert session.recommendation is not None
    expected = WhatIf(session.recommendation, small_catalog()).at(panel.moved())
    assert panel.outcome == expected
    cost = next(e for e in expected.effects if e.key == "usd_per_mtok")
    assert rows(panel)[cost.label][:2] == [cost.before_text, cost.after_text]
    assert session.assessment == before and not session.dirty

    panel.exact.click()
    qtbot.waitUntil(lambda: bool(panel.outcome and panel.outcome.exact), timeout=30_000)
    assert "whole catalog" in panel.verdict.text()
    panel.reset.click()
    qtbot.waitUntil(lambda: not (panel.outcome and panel.outcome.moved), timeout=30_000)


def test_another_answer_brings_its_own_sliders(
    panel: WhatIfPanel, session: Session, qtbot: Any
) -> None:
    old = panel.what_if
    session.replace(Assessment(project=session.assessment.project), "x")
    session.set_value("economics.horizon_years", 5)
    qtbot.waitUntil(lambda: not session.stale and panel.what_if not in (None, old), timeout=30_000)
    qtbot.waitUntil(lambda: "economics.horizon_years" in panel.sliders, timeout=30_000)
    assert panel.moved()["economics.horizon_years"] == 5.0


def test_without_a_feasible_option_the_nearest_is_shown_and_marked(
    session: Session, panel: WhatIfPanel, qtbot: Any
) -> None:
    old = panel.what_if
    session.set_value("site.venues", ("on_premises",))
    session.set_value("site.total_power_kw", 0.001)
    qtbot.waitUntil(lambda: not session.stale and panel.what_if not in (None, old), timeout=30_000)
    answer = session.recommendation
    assert answer is not None and answer.winner is None
    assert answer.rejected[0].title in panel.verdict.text()
    heads = [panel.table.model().headerData(c, Qt.Orientation.Horizontal) for c in (1, 2)]
    assert all("rejected" in head for head in heads)
    panel.resize(1035, 350)  # what a tab has of a window of 1280 x 720
    qtbot.waitUntil(lambda: panel.table.horizontalScrollBar().maximum() == 0)
    assert len(rows(panel)) >= 6
    assert not [row for row in rows(panel).values() if row[0] == row[1] == "not known"]
