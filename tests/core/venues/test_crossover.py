"""From which volume on owning is cheaper: confirmed by assessing at that volume."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from importlib.resources import files
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.narrow import at_load
from core.assess import assess
from core.assess.costing import cost_options
from core.assessment import with_value
from core.interchange.document import load
from core.notation import rounded
from core.recommendation import Recommendation
from core.venues.crossover import (
    FINEST,
    cheaper_between,
    cheaper_for_good,
    owned_usd,
    sizing_at,
)
from tests.core.assess.cases import AS_OF, every, run, small_catalog


def at(load: float) -> Recommendation:
    return run(
        workload__traffic_entry="requests",
        workload__peak_requests_per_s=20.0 * load,
        site__total_power_kw=5000.0,
        site__racks=500,
        site__venues=("on_premises", "token_api"),
        economics__token_price_trend=0.9,
    )


def gap(result: Recommendation, option_id: str) -> float:
    """Owned minus the cheapest API, present US dollars."""
    own = result.option(option_id).cost
    api = min(o.cost.npv_usd for o in every(result) if o.venue == "token_api" and o.cost)
    assert own is not None
    return own.npv_usd - api


def test_from_the_crossover_on_owning_costs_less_wherever_it_is_tried() -> None:
    answer = at(1.0)
    found = answer.crossover
    assert found is not None and found.load_factor is not None
    assert found.owning_is_cheaper == (gap(answer, found.option_id) <= 0)
    assert found.base_case == answer.base_case
    mtok = answer.demand[0].tokens_per_year[0] / 1e6
    assert found.mtok_first_year == pytest.approx(mtok * found.load_factor)
    # assessed anew at the very load that is told, and beyond
    for more in (1.0, 1.3):
        result = at(found.load_factor * more)
        own = result.option(found.option_id).cost
        assert own is not None
        assert gap(result, found.option_id) <= 1e-6 * own.npv_usd, more
    # well below the first load at which it may cost less the API is cheaper
    below = at(0.9 * (found.first_factor or found.load_factor))
    assert gap(below, found.option_id) > 0
    # and no other option of one's own is cheaper for good from a clearly lower load on
    for option in answer.options:
        if option.venue == "on_premises":
            assert gap(below, option.id) > 0


def test_owning_at_another_load_costs_what_a_whole_run_at_that_load_says() -> None:
    """Also where two workloads are configured in another way there (12.8 % apart, as stated)."""
    two = load(str(files("resources") / "examples" / "hospital_group.json"))
    stated = with_value(two, "site.venues", ("on_premises",))
    run_ = cost_options(stated, small_catalog(), AS_OF, lambda share, text: None)
    own = {o.id: o for o in run_.options}
    again = assess(at_load(stated, 20.0), small_catalog(), as_of=AS_OF)
    anew = 0
    for option in every(again):
        draft = run_.drafts.owned_draft(option)
        if draft is None or option.cost is None or draft.platform.price_usd is None:
            continue
        sizing = sizing_at(run_.study, run_.book, draft, 20.0)
        usd = owned_usd(run_.study, run_.book, option.venue, draft, sizing)
        # power is read off the curve of another number of replicas: next to nothing
        assert usd == pytest.approx(option.cost.npv_usd, rel=0.002), option.id
        here, there = (
            [serving.configuration for serving in o.servings] for o in (own[option.id], option)
        )
        anew += here != there
    assert anew


def steps(size: float, usd: float) -> Callable[[float], float]:
    """The cost of servers that carry ``size`` times the stated demand each."""
    return lambda load: usd * ceil(load / size - 1e-12)


def test_the_last_tooth_of_whole_servers_counts_not_the_first() -> None:
    # servers carry 0.5 and cost 0.6. Against 0.9 + 1.6 L: the n-th, bought at L = 0.5 (n - 1), is
    # dearer there where 0.6 n > 0.9 + 0.8 (n - 1), that is for n < -0.5: never
    loads = (1 / 64, 64.0)
    own = steps(0.5, 0.6)
    assert cheaper_for_good(own, lambda load: 0.9 + 1.6 * load, loads) == 1 / 64
    # against 1.31 L: where 0.6 n > 0.655 (n - 1), n < 11.9; so for good once eleven are paid for,
    # 6.6 = 1.31 L, and for the first time where one is, 0.6 = 1.31 L
    found = cheaper_for_good(own, lambda load: 1.31 * load, loads)
    assert found == pytest.approx(6.6 / 1.31, rel=3e-4)
    between = cheaper_between(own, lambda load: 1.31 * load, loads)
    assert between == (pytest.approx(0.6 / 1.31, rel=3e-4), 64.0)
    # 1.1 L: every full server costs 0.6 and replaces 0.55
    assert cheaper_for_good(own, lambda load: 1.1 * load, loads) is None
    assert cheaper_between(own, lambda load: 1.1 * load, loads) is None


@given(st.floats(0.02, 3.0), st.floats(0.05, 3.0), st.floats(0.0, 3.0), st.floats(0.3, 3.0))
def test_no_load_above_is_dearer_and_none_outside_is_cheaper(
    size: float, usd: float, fixed: float, price: float
) -> None:
    own, loads = steps(size, usd), (1 / 64, 64.0)

    def base(load: float) -> float:
        return fixed + price * load

    tried = np.geomspace(1 / 64, 64.0, 400).tolist()
    good = cheaper_for_good(own, base, loads)
    dearer = [load for load in tried if own(load) > base(load)]
    if good is not None:
        assert all(load < good * FINEST for load in dearer)
    between = cheaper_between(own, base, loads)
    cheap = [load for load in tried if own(load) <= base(load)]
    if cheap and not (between is None and good is None):
        assert between is not None
        assert between[0] <= cheap[0] * FINEST and cheap[-1] <= between[1] * FINEST


def test_what_is_told_is_rounded_towards_where_it_holds() -> None:
    assert (
        rounded(1.3101, up=True),
        rounded(1.31, up=True),
        rounded(15.228, up=False),
    ) == (1.32, 1.31, 15.2)
    assert rounded(0.04567, up=True) == pytest.approx(0.0457)


def test_what_is_paid_today_grows_with_the_work() -> None:
    answer = run(economics__current_cost_per_year=3e6, economics__currency="USD")
    winner = next(o for o in every(answer) if o.venue == "on_premises" and o.cost)
    cost = winner.cost
    assert cost is not None
    growth = 1.0 + answer.assessment.workloads[0].growth_per_year
    assert growth > 1.0
    # month by month: the same work at the same price, more of it every year
    paid = sum(
        3e6 / 12 * growth ** ((month - 1) // 12) / 1.08 ** (month / 12) for month in range(1, 49)
    )
    assert cost.savings_npv_usd == pytest.approx(paid - cost.npv_usd)
    assert cost.roi == pytest.approx((paid - cost.npv_usd) / cost.capex_usd)
    assert answer.crossover is not None
    assert answer.crossover.owning_is_cheaper
    assert answer.crossover.load_factor is None or answer.crossover.load_factor < 1
    total = answer.paid_today_usd
    assert total[0] == 0.0 and total[12] == pytest.approx(3e6)
    assert total[48] == pytest.approx(3e6 * (growth**4 - 1) / (growth - 1))  # a geometric series
    assert "growing with its tokens" in answer.base_case


def test_without_a_base_case_nothing_is_compared() -> None:
    answer = run(workload__model="Qwen/Qwen2.5-32B-Instruct")
    assert not any(o.venue == "token_api" for o in every(answer))
    assert answer.base_case == ""
    assert answer.crossover is None
    assert all(o.cost is None or o.cost.roi is None for o in every(answer))


class _Rising:
    """A cost in proportion to the load."""

    def usd(self, load: float) -> float:
        return load


def test_what_was_looked_at_needs_no_search_for_garbage() -> None:
    """Circles of a study's size would hold up the window when they are collected."""
    own = _Rising()
    kept = weakref.ref(own)
    gc.disable()
    try:
        assert cheaper_for_good(own.usd, lambda _load: 1.0, (0.1, 10.0)) is None
        assert cheaper_between(own.usd, lambda _load: 1.0, (0.1, 10.0)) is not None
        del own
        assert kept() is None
    finally:
        gc.enable()
