"""The report in pounds, square feet and gallons; the file attached to it stays metric."""

from __future__ import annotations

import re

from core.report import report_bytes
from core.units import measuring
from tests.report import cases
from tests.report.pdf_reading import all_text, report


def test_weights_and_floor_loads_are_read_in_the_units_in_use() -> None:
    metric = all_text(report("rich"))
    with measuring("us"):
        us = all_text(report_bytes(cases.rich(), analysis=cases.analysis()))

    def weight(text: str, unit: str) -> float:
        found = re.search(rf"Weight with racks and switches\s+([\d,.]+)\s+([\d,.]+)\s+{unit}", text)
        assert found is not None
        return float(found[2].replace(",", ""))

    assert abs(weight(us, "lb") / weight(metric, "kg") - 2.2046226) < 0.01
    assert "kg/m²" in metric and "lb/ft²" not in metric
    assert "lb/ft²" in us


def test_the_setting_changes_nothing_of_a_metric_report() -> None:
    with measuring("us"):
        report_bytes(cases.rich(), sections=("site_plan",))
    assert report_bytes(cases.rich(), analysis=cases.analysis()) == report("rich")
