"""A report that recommends a hosted API says nothing of servers that it does not have."""

from __future__ import annotations

import dataclasses

import pytest

from core.charts import chart
from core.charts.records import Chart
from core.recommendation import Recommendation
from core.report import report_bytes
from core.report.brief import Brief
from core.report.content import Para, Table
from core.report.sections import constraints, levelised, performance, rejected
from tests.report import cases
from tests.report.pdf_reading import all_text, compact


@pytest.fixture(scope="module")
def hosted() -> Recommendation:
    return cases.hosted_only()


def test_the_plan_tests_an_endpoint_not_a_system_that_is_delivered(hosted: Recommendation) -> None:
    """It asked for the test with every replica, for electrical power and the driver's version."""
    text = compact(all_text(report_bytes(hosted, sections=("action",))))
    assert compact("Repeat the test under the contract, with its rate limits") in text
    assert compact("measured load, latency and bills") in text
    assert compact("tokens billed") in text
    for absent in ("every replica", "delivered system", "electrical power", "all replicas"):
        assert compact(absent) not in text
    peak = max(hosted.options[0].servings[0].peak_req_s_by_year)
    assert compact(f"{peak:.4g} requests per second (the busiest hour of the largest") in text


def test_nothing_is_said_of_predictions_where_nothing_is_predicted(hosted: Recommendation) -> None:
    def opening(answer: Recommendation) -> str:
        return " ".join(
            str(b.text) for b in performance.blocks(Brief(answer)) if isinstance(b, Para)
        )

    assert "Latencies are predictions" not in opening(hosted)
    assert "Latencies are predictions" in opening(cases.rich())


def test_its_cost_per_kind_of_token_follows_prices_not_accelerators(hosted: Recommendation) -> None:
    for answer, is_hosted in ((hosted, True), (cases.rich(), False)):
        assert answer.winner is not None and answer.winner.cost is not None
        table = levelised.table(Brief(answer), answer.winner.cost, hosted=is_hosted)
        labels = " ".join(str(row[0]) for row in table.rows)
        assert ("accelerator time" in labels) is not is_hosted
        assert ("further server" in labels) is not is_hosted


def test_no_table_is_printed_of_constraints_that_apply_to_none(hosted: Recommendation) -> None:
    two = dataclasses.replace(hosted, options=(*hosted.options, *hosted.options))
    captions = [
        str(b.caption)
        for answer in (two, cases.rich())
        for b in constraints.blocks(Brief(answer))
        if isinstance(b, Table)
    ]
    assert sum(c.startswith("The constraints of the nearest options") for c in captions) == 1


def test_what_is_not_drawn_or_printed_is_counted_in_the_right_number() -> None:
    """Below the chart of costs stood that 1 more feasible options are not drawn."""
    answer = cases.rich()
    many = tuple(dataclasses.replace(answer.options[0], id=f"x{n}") for n in range(13))
    for count, text in ((13, "1 more feasible option is not drawn."), (12, "")):
        drawn = chart("cost_per_mtok", dataclasses.replace(answer, options=many[:count]), None)
        assert isinstance(drawn, Chart)
        assert drawn.note.startswith(text) and ("more feasible" in drawn.note) is bool(text)
    one = dataclasses.replace(answer, rejected=answer.rejected[:1])
    told = next(b for b in rejected.blocks(Brief(one)) if isinstance(b, Para))
    assert str(told.text).startswith("1 option breaks at least one hard limit")


def test_cheaper_rejected_options_are_told_to_be_some_of_many() -> None:
    """Eight were listed as those that would cost less; as many again stood below them."""
    answer = cases.rich()
    cheap = next(o for o in answer.rejected if o.cost is not None)
    assert cheap.cost is not None and answer.winner is not None and answer.winner.cost is not None
    usd = dataclasses.replace(answer.winner.cost.usd_per_mtok, base=0.01)
    many = tuple(
        dataclasses.replace(
            cheap, id=f"c{n}", title=f"c{n}", cost=dataclasses.replace(cheap.cost, usd_per_mtok=usd)
        )
        for n in range(11)
    )
    for count, told in ((11, ": the 8 nearest to the limits, of 11"), (8, "recommended option")):
        brief = Brief(dataclasses.replace(answer, rejected=many[:count], limit_prices=()))
        captions = [str(b.caption) for b in rejected.blocks(brief) if isinstance(b, Table)]
        assert any(c.startswith("Would cost less") and c.endswith(told) for c in captions)
