"""How a rented option is contracted is said on the option."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from core.economics.commitments import Contract
from core.recommendation import Option, Recommendation
from core.venues.contracting import mix_of
from tests.core.assess.cases import every, run


def test_shares_are_of_paid_instance_hours() -> None:
    # Two years: 1 instance committed for three years in both, 2 for one year in the first,
    # 4,380 hours on demand and 8,760 spot a year: 17,520 + 17,520 + 8,760 + 17,520 hours.
    contract = Contract(
        on_demand_usd=np.zeros(2),
        committed_usd=np.zeros(2),
        on_demand_hours=np.full(2, 4380.0),
        committed_1y=np.array([2.0, 0.0]),
        committed_3y=np.array([1.0, 1.0]),
        following_usd=np.zeros(2),
    )
    mix = mix_of(contract, np.full(2, 8760.0))
    whole = 17_520 + 17_520 + 8_760 + 17_520
    assert mix.three_year == pytest.approx(17_520 / whole)
    assert mix.one_year == pytest.approx(17_520 / whole)
    assert mix.on_demand == pytest.approx(8_760 / whole)
    assert mix.spot + mix.on_demand + mix.one_year + mix.three_year == pytest.approx(1.0)
    assert mix.words.endswith("14 % on demand")
    assert not mix.is_all_spot


@cache
def answer(batchable: float) -> Recommendation:
    return run(workload__batchable_share=batchable, site__venues=("public_cloud", "gpu_cloud"))


def rented(recommendation: Recommendation) -> list[Option]:
    return [o for o in every(recommendation) if o.contract is not None]


def test_the_number_in_a_title_is_explained_as_that_of_the_busiest_hour() -> None:
    found = rented(answer(0.5))
    named = 0
    for option in found:
        if option.venue == "hybrid":
            continue
        peak = max(option.fleet.units_by_year)
        told = [note for note in option.notes if note.startswith(f"Up to {peak} x: ")]
        assert (f"up to {peak} x " in option.title) == (peak > 1) == bool(told)
        named += len(told)
    assert named


def test_the_mix_is_that_of_the_bill() -> None:
    for batchable in (0.0, 0.5, 1.0):
        found = rented(answer(batchable))
        assert found
        for option in found:
            mix, cost = option.contract, option.cost
            assert mix is not None and cost is not None
            assert mix.spot + mix.on_demand + mix.one_year + mix.three_year == pytest.approx(1.0)
            paid = {line.key for line in cost.lines}
            assert (mix.spot > 0) == ("cloud_spot" in paid)
            assert (mix.on_demand > 0) == bool({"cloud_on_demand", "cloud_queued"} & paid)
            assert (mix.one_year + mix.three_year > 0) == ("cloud_committed" in paid)
            assert ("spot" in option.title.rsplit(")", 1)[-1]) == (mix.spot > 0.005)
            assert mix.words in option.notes[0]


def test_spot_is_told_with_what_it_risks() -> None:
    assert not any("taken back" in note for o in rented(answer(0.0)) for note in o.notes)
    spot = [o for o in rented(answer(1.0)) if o.contract and o.contract.is_all_spot]
    assert spot
    for option in spot:
        assert option.fleet.availability is None  # nobody promises it
        gate = next(g for g in option.gates if g.key == "availability")
        assert gate.status == "unknown" and "spot" in gate.message
        assert any("may wait" in condition for condition in option.conditions)
        assert any("taken back" in note for note in option.notes)


def test_where_most_of_the_cost_is_people_it_is_told() -> None:
    seen = 0
    for option in rented(answer(1.0)):
        assert option.cost is not None
        people = sum(x.present_value_usd for x in option.cost.lines if x.key == "staff")
        told = any("people" in note for note in option.notes)
        assert told == (people > 0.5 * option.cost.npv_usd)
        seen += told
    assert seen


def test_every_year_of_commitments_follows_from_the_formula() -> None:
    """Counts by year x hours x price, at the trend of the year in which each term begins."""
    trend = 0.9
    found = run(
        workload__users=20_000,
        economics__gpu_hour_trend=trend - 1.0,
        economics__horizon_years=4,
        site__venues=("public_cloud", "gpu_cloud"),
    )
    seen, changing = 0, 0
    for option in rented(found):
        assert option.cost is not None
        line = next((x for x in option.cost.lines if x.key == "cloud_committed"), None)
        if line is None:
            continue
        sums = [0.0] * 4
        for part in line.formula.split("; ")[0].split(" + "):
            told = re.fullmatch(
                r"\(?([\d./ ]+?)(?: in years 1 to 4\))? for (one year|three years) x 8,760 h x "
                r"([\d.,]+) USD",
                part,
            )
            assert told, part
            counts = [float(n) for n in told[1].split(" / ")]
            counts = counts * 4 if len(counts) == 1 else counts
            changing += len(set(counts)) > 1
            price = float(told[3].replace(",", ""))
            length = 3 if told[2] == "three years" else 1
            begun: list[float] = []  # what is not yet running begins, at that year's price
            for year, count in enumerate(counts):
                running = range(max(year - length + 1, 0), year)
                begun.append(count - sum(begun[y] for y in running))
                for start in (*running, year):
                    sums[year] += begun[start] * 8760 * price * trend**start
        assert line.yearly_usd[1:] == pytest.approx(sums, rel=1e-4), line.formula
        seen += 1
    assert seen and changing
