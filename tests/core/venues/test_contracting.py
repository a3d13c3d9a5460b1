"""How a rented option is contracted is said on the option."""

from __future__ import annotations

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
