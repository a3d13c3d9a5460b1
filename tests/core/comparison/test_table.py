from __future__ import annotations

import csv
import io

import pytest

from core.comparison import Row, change_text, compare, comparison_csv
from tests.core.comparison.test_compare import answer, edited


@pytest.mark.parametrize(
    ("second", "text"),
    [
        (150.0, "+50 %"),
        (50.0, "−50 %"),
        (100.0, ""),
        (100.01, ""),
        (101.0, "+1 %"),
        (3000.0, "30 times"),
        (None, ""),
    ],
)
def test_a_change_in_words(second: float | None, text: str) -> None:
    row = Row("k", "s", "l", "", ("a", "b"), (100.0, second))
    assert change_text(row, 1) == text
    assert change_text(row, 0) == ""


def test_no_share_of_a_loss() -> None:
    # From 200 lost to 100 lost is no fall by half.
    assert Row("k", "s", "l", "", ("a", "b"), (-200.0, -100.0)).changes == (None, None)


def test_csv_has_full_numbers_and_no_formulas() -> None:
    found = compare(
        [answer(2.0), answer(3.0, assessment=edited(site__rack_power_kw=20.0))], ["=A1", "B"]
    )
    lines = list(csv.DictReader(io.StringIO(comparison_csv(found))))
    assert {line["kind"] for line in lines} == {"input", "result"}
    cost = next(line for line in lines if line["item"] == "Cost per million tokens")
    assert float(cost["'=A1"]) == pytest.approx(1.6)
    assert float(cost["B"]) == pytest.approx(2.4)
    assert float(cost["B: change"]) == pytest.approx(0.5)
    power = next(line for line in lines if line["item"] == "Power per rack")
    assert float(power["B"]) == 20.0
    assert power["unit"] == "kW"
