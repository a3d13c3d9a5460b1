"""The contract of instances, leasing beside buying, and the factors of a ratio, as printed."""

from __future__ import annotations

import re

from core.report.brief import Brief, adding_up
from core.report.content import Bullets, Para, Table, plain
from core.report.sections import comparisons, cost, financing
from tests.core.assess.cases import run


def test_the_contract_of_the_winner_is_printed_by_year() -> None:
    answer = run(site__venues=("gpu_cloud",), workload__users=40_000)
    winner = answer.winner
    assert winner is not None
    plan = next(p for p in answer.commitment_plans if p.option_id == winner.id)
    blocks = list(financing.blocks(Brief(answer), winner))
    assert [b.text for b in blocks if isinstance(b, Para)] == [plan.sentence]
    years, ways = (b for b in blocks if isinstance(b, Table))
    assert [row[0] for row in years.rows] == ["1", "2", "3", "4"]
    assert [row[3] for row in years.rows] == [f"{y.on_demand_hours:,.0f}" for y in plan.years]
    simple = [plan.on_demand_usd, plan.one_year_usd, plan.three_year_usd]
    assert len(ways.rows) == 3 + len([usd for usd in simple if usd is not None])


def test_what_owns_servers_sets_leasing_beside_buying() -> None:
    answer = run(site__venues=("on_premises",), workload__targets__ttft_ms=2000.0)
    winner = answer.winner
    assert winner is not None
    texts = [b.text for b in financing.blocks(Brief(answer), winner) if isinstance(b, Para)]
    found = answer.lease_or_buy[0]
    assert texts == [found.sentence, found.terms]
    assert "48 level payments" in found.terms and "your discount rate of 8 % a year" in found.terms
    (ways,) = (b for b in financing.blocks(Brief(answer), winner) if isinstance(b, Table))
    assert [row[1] for row in ways.rows] == ["–", "9 %", "6 %", "13 %", "9 %", "9 %"]
    bought, *leased = (int(row[5].replace(",", "")) for row in ways.rows)
    told = [int(row[6].replace(",", "").replace("−", "-")) for row in ways.rows[1:]]
    assert told == [present - bought for present in leased]
    assert [row[3] for row in ways.rows] == ["yours"] * 5 + ["lessor's"]
    assert "6 to 8 %" in ways.caption  # the source of the range
    hosted = run(site__venues=("token_api",))
    assert hosted.winner is not None
    assert list(financing.blocks(Brief(hosted), hosted.winner)) == []


def test_the_factors_of_each_ratio_are_printed() -> None:
    answer = run(site__venues=("on_premises",), workload__targets__ttft_ms=2000.0)
    known = [row for row in answer.general_purpose if row.factors]
    tables = [b for b in comparisons.general_purpose(Brief(answer)) if isinstance(b, Table)]
    assert known and len(tables) == 1 + len(known)
    (bullets,) = (b for b in comparisons.general_purpose(Brief(answer)) if isinstance(b, Bullets))
    for row, item in zip(answer.general_purpose, bullets.items, strict=True):
        assert plain(item) == f"{row.reference}. {row.definition} {row.note}"
    for row, table in zip(known, tables[1:], strict=True):
        assert [cells[0] for cells in table.rows] == [f.label for f in row.factors]


def test_what_was_bought_is_told_to_its_end_in_figures_that_add_up() -> None:
    """Life five years, horizon four: a fifth of the servers is left when they are sold."""
    answer = run(
        site__venues=("on_premises",), workload__targets__ttft_ms=2000.0,
        economics__currency="EUR", economics__horizon_years=4, economics__hardware_life_years=5,
    )  # fmt: skip  # one thought
    blocks = list(cost.blocks(Brief(answer)))
    (table,) = (
        b for b in blocks if isinstance(b, Table) and b.rows[0][0] == "Straight-line depreciation"
    )
    assert table.rows[1][0] == "Loss on disposal (gain −)"
    (told,) = (b.text for b in blocks if isinstance(b, Para) and b.text.startswith("Of EUR"))
    bought, *parts = (int(x.replace(",", "")) for x in re.findall(r"EUR ([\d,]+)", told))
    if "a gain on disposal" in told:
        parts[2] = -parts[2]
    assert sum(parts) == bought
    winner = answer.winner
    assert winner is not None and winner.cost is not None
    lost = answer.money(sum(winner.cost.disposal_by_year_usd))
    assert abs(parts[2] - lost) <= 2
    for row, total in zip(table.rows, (parts[0], parts[2]), strict=True):
        cells = [int(x.replace(",", "").replace("−", "-")) for x in row[1:] if x != "–"]
        assert sum(cells) == total
    assert any(abs(lost - float(x.replace(",", "").replace("−", "-"))) <= 1
               for x in table.rows[1][1:] if x != "–")  # fmt: skip  # one thought


def test_rows_that_are_added_up_are_rounded_together() -> None:
    """Three thirds of a hundred: 33 + 34 + 33, not 33 + 33 + 33."""
    assert adding_up([100 / 3] * 3) == [33, 34, 33]
    assert adding_up([0.0, 10.4, 0.0], 11) == [0, 11, 0]
    assert adding_up([], 0) == []
