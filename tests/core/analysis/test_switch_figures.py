"""What a switch point tells is what was tried."""

from __future__ import annotations

import pytest

from core.analysis import switch_points
from core.analysis.search import Turn, narrowed
from core.recommendation import SwitchPoint
from core.report.sections.turning import _switches


@pytest.mark.parametrize("edge", [1.013, 1.203, 1.2345, 1.8731, 6.5712])
def test_a_multiple_is_told_on_the_side_where_the_answer_has_turned(edge: float) -> None:
    turn = narrowed(lambda v: v >= edge, Turn(8.0, 1.0), share=switch_points.PRECISION)
    told = float(switch_points._times(turn.holds).removesuffix(" x"))
    assert told == turn.holds
    assert edge <= told <= edge * (1.0 + switch_points.PRECISION) + 0.01


def test_where_nothing_is_feasible_no_option_becomes_best() -> None:
    point = SwitchPoint("load", "Demand", "1 x", "2.3 x", "", verified=True, value=2.3)
    (text,) = _switches([point], 0)
    assert text == "No option meets every limit at demand 2.3 x (now 1 x)."
