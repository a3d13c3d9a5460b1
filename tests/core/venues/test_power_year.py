"""A mean power stands beside the nameplate of the largest year: its year is named."""

from __future__ import annotations

import pytest

from core.analysis.what_if import RESULTS
from core.charts.records import Chart
from core.charts.registry import chart
from core.comparison.figures import _powers
from core.recommendation import Option
from tests.core.assess.cases import every, run


def test_a_mean_of_the_first_year_is_called_so() -> None:
    answer = run(workload__growth_per_year=1.0, workload__targets__ttft_ms=2000.0)
    own = [o for o in every(answer) if o.venue == "on_premises" and o.cost and o.fleet.average_kw]
    option = max(own, key=lambda o: o.fleet.units_by_year[-1] / o.fleet.units_by_year[0])
    assert option.fleet.units_by_year[0] < option.fleet.units_by_year[-1]
    # it is the first year's, by the bill: energy grows with the fleet, the tariff by 2 % a year
    assert option.cost is not None and option.fleet.average_kw is not None
    usd = next(line.yearly_usd for line in option.cost.lines if line.key == "energy")
    later = option.fleet.average_kw * usd[-1] / usd[1] / 1.02 ** (len(usd) - 2)
    assert later > 1.1 * option.fleet.average_kw
    drawn = chart("power_budget", answer, option)
    assert isinstance(drawn, Chart)
    told = [str(row[0]) for row in drawn.rows if row[1] == pytest.approx(option.fleet.average_kw)]
    told += [figure.label for figure in _powers() if figure.read(answer, option) == mean(option)]
    told += [result.label for result in RESULTS if result.value(option) == mean(option)]
    assert len(told) == 3 and all("first year" in label for label in told)


def mean(option: Option) -> float | None:
    return option.fleet.average_kw
