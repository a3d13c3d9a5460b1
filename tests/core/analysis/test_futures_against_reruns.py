"""Sampled futures against the second way: each future entered as inputs and ranked anew.

Nothing is interpolated there: lengths, load, growth, cached share and the engine's error go into
the assessment, and the whole computation runs again.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis import sobol
from core.analysis.draws import applied
from core.analysis.engine_error import at_error
from core.analysis.engine_runs import KEYS
from core.analysis.fitting import bills_of
from core.analysis.future_cost import SHARED_ERROR
from core.analysis.futures import Drawn, drawn_at
from core.analysis.narrow import Narrow, Ranked
from core.analysis.uncertain_inputs import INDEX, INPUTS
from core.recommendation import Recommendation
from tests.core.assess.cases import run, small_catalog

FUTURES = 40


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    """Own servers against rented ones, with targets that bind."""
    return run(
        site__venues=("on_premises", "public_cloud"),
        workload__targets__ttft_ms=1500.0,
        workload__prefix_cache_share=0.3,
        priorities__weight_cost=40,
        economics__horizon_years=3,
    )


@pytest.fixture(scope="module")
def both(answer: Recommendation) -> tuple[list[str], Drawn, list[Ranked]]:
    """Ids of the options, what is sampled of them in some futures, and the same run again."""
    narrow = Narrow(answer, small_catalog())
    bills = bills_of(narrow, lambda share: None)
    z = np.zeros((FUTURES, len(INPUTS)))
    z[:, [INDEX[key] for key in KEYS]] = sobol.normal_draws(len(KEYS), 6, 99)[:FUTURES]
    # the whole error of every option is that of the future: what is its own makes up the rest
    engine = z[:, [INDEX["engine"]]]
    own = engine * (1.0 - math.sqrt(SHARED_ERROR)) / math.sqrt(1.0 - SHARED_ERROR)
    again = []
    for row in z:
        inputs = applied(answer.assessment, {key: float(row[INDEX[key]]) for key in KEYS})
        error = float(row[INDEX["engine"]])
        again.append(narrow.run(at_error(inputs, narrow.options, small_catalog(), error)))
    sampled = drawn_at(bills, z, np.repeat(own, len(bills.bills), axis=1))
    return [b.option.id for b in bills.bills], sampled, again


def test_the_same_option_is_best_where_it_is_ahead(
    both: tuple[list[str], Drawn, list[Ranked]],
) -> None:
    ids, drawn, again = both
    clear = agreed = 0
    for leader, ranked in zip(drawn.leaders.tolist(), again, strict=True):
        first, second = ranked.options[:2]
        if abs((first.total_score or 0.0) - (second.total_score or 0.0)) > 1.0:
            clear += 1
            agreed += ids[leader] == first.id
    assert clear >= FUTURES // 4
    assert agreed >= 0.9 * clear


def test_scores_and_costs_are_near_those_of_the_runs(
    both: tuple[list[str], Drawn, list[Ranked]],
) -> None:
    ids, drawn, again = both
    points, ratios, limits = [], [], []
    for row, ranked in enumerate(again):
        kept = {o.id: o for o in ranked.options}
        for column, key in enumerate(ids):
            sampled = drawn.scores[row, column]
            if key not in ranked.by_id():
                continue
            limits.append((key in kept) == (sampled >= 0.0))
            if key in kept and sampled >= 0.0:
                points.append(abs(sampled - (kept[key].total_score or 0.0)))
                cost = kept[key].cost
                assert cost is not None
                ratios.append(
                    abs(math.log(drawn.usd_per_mtok[row, column] / cost.usd_per_mtok.base))
                )
    assert np.median(points) < 0.7
    assert np.median(ratios) < 0.005
    assert np.mean(limits) > 0.95
