"""What is planned, predicted, sourced and assumed is told apart on screen as on paper."""

from __future__ import annotations

import dataclasses

import pytest

from core.catalog.types import Confidence
from core.recommendation import Spread, TargetCheck
from gui.results.details import option_sections
from gui.results.document import Grid
from gui.results.sources import SourceList
from gui.results.texts import predicted_text
from tests.gui.results import samples

HOUR = 3_600_000.0


def test_no_interval_is_of_a_planned_wait() -> None:
    """Five hours of waiting, then 20 to 60 seconds: told as these, not as 5 h (5 h to 5.02 h)."""
    spread = Spread(5 * HOUR + 20_000, 5 * HOUR + 40_000, 5 * HOUR + 60_000)
    check = TargetCheck("e2e", "Whole answer", 10 * HOUR, spread, "pass", 5 * HOUR)
    assert predicted_text(check) == "5 h planned wait, then 40 s (20 s to 60 s)"
    at_once = dataclasses.replace(check, waiting_ms=0.0, predicted_ms=Spread(2e4, 4e4, 6e4))
    assert predicted_text(at_once) == "40 s (20 s to 60 s)"


@pytest.mark.parametrize(
    ("confidence", "told"), [("low", "Servers (source of low confidence)"), ("high", "Servers")]
)
def test_a_line_of_the_bill_says_what_it_rests_on(confidence: Confidence, told: str) -> None:
    answer = samples.recommendation()
    option = answer.options[0]
    assert option.cost is not None
    line = dataclasses.replace(
        option.cost.lines[0],
        label="Servers",
        is_assumption=False,
        provenance=dataclasses.replace(option.cost.lines[0].provenance, confidence=confidence),
    )
    known = dataclasses.replace(option, cost=dataclasses.replace(option.cost, lines=(line,)))
    sections = option_sections(known, answer, SourceList())
    grids = [b for s in sections for b in s.blocks if isinstance(b, Grid)]
    assert any(row[0] == told for grid in grids for row in grid.rows)
