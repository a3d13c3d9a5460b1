"""The fit: normal equations against plain linear algebra, recovery of known values, leave-outs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from core.performance import fit
from core.performance import parameters as par
from core.performance.quantities import QUANTITIES
from core.performance.types import Floats


def labels(engine: str, generation: str, **other: str) -> dict[str, str]:
    rest = dict.fromkeys(par.known_features(), "x")
    return {**rest, "engine": engine, "generation": generation, **other}


CASES = [labels("vllm", g, precision=p) for g in ("hopper", "blackwell") for p in ("fp8", "bf16")]
CASES += [labels("sglang", "hopper", precision="fp8")]


def targets(log_value: Floats, case: Floats, weight: float = 1.0) -> fit.Targets:
    n = len(log_value)
    return fit.Targets(
        case.astype(np.int64), log_value, np.full(n, weight), np.full(n, 0.1), np.ones(n)
    )


def bytes_over_bandwidth(case: Floats) -> fit.Predict:
    """A prediction that is work / (bandwidth x share) + layers x overhead, in logs."""
    work = np.where(case % 2 == 0, 30.0, 6.0)

    def predict(q: Mapping[str, Floats]) -> Floats:
        share = q["weight_bandwidth"][case, 0]
        return np.log(work / share + 0.08 * q["layer_us"][case, 0])

    return predict


def test_normal_equations_are_those_of_the_full_jacobian() -> None:
    lay = fit.layout(CASES)
    case = np.array([0, 0, 1, 2, 3, 4, 4])
    random = np.random.default_rng(1)
    measured = targets(random.normal(size=7), case)
    slopes = random.normal(size=(7, len(lay.quantities)))
    weight, residual = random.uniform(0.5, 2.0, 7), random.normal(size=7)
    full = np.zeros((7, len(lay.keys)))
    for row in range(7):
        for k, name in enumerate(lay.quantities):
            for entry in lay.member[name][case[row]]:
                full[row, entry] += slopes[row, k]
    normal, gradient = fit.normal_equations(
        fit.patterns(lay, measured), slopes, weight, residual, len(lay.keys)
    )
    assert normal == pytest.approx(full.T @ np.diag(weight) @ full)
    assert gradient == pytest.approx(full.T @ (weight * residual))


def test_known_shares_are_found_again_and_one_wild_value_changes_little() -> None:
    case = np.tile(np.arange(5), 40)
    lay, predict = fit.layout(CASES), bytes_over_bandwidth(case)
    truth = np.zeros(len(lay.keys))
    truth[lay.keys.index(("weight_bandwidth", "generation=hopper"))] = 0.5
    truth[lay.keys.index(("layer_us", "engine=sglang"))] = 0.4
    values = predict(lay.values(truth))
    found = fit.fit(lay, targets(values, case, 50.0), predict, iterations=40)
    assert found.log_predicted == pytest.approx(values, abs=0.01)
    wild = values.copy()
    wild[0] += 3.0
    again = fit.fit(lay, targets(wild, case, 50.0), predict, iterations=40)
    assert again.log_predicted == pytest.approx(values, abs=0.05)


def test_a_refit_without_a_group_ends_where_a_fresh_one_does() -> None:
    case = np.tile(np.arange(5), 20)
    lay, predict = fit.layout(CASES), bytes_over_bandwidth(case)
    noise = np.random.default_rng(2).normal(0.0, 0.05, len(case))
    measured = targets(
        predict(lay.values(np.zeros(len(lay.keys)))) + 0.3 * (case == 4) + noise, case
    )
    whole = fit.fit(lay, measured, predict, iterations=40, tolerance=1e-9)
    keep = case != 4
    warm = fit.fit(lay, measured, predict, use=keep, start=whole, iterations=12, tolerance=1e-9)
    cold = fit.fit(lay, measured, predict, use=keep, iterations=60, tolerance=1e-9)
    assert warm.log_predicted == pytest.approx(cold.log_predicted, abs=0.003)


@pytest.mark.parametrize("name", list(QUANTITIES))
def test_a_quantity_stays_within_its_bounds_however_far_offsets_go(name: str) -> None:
    q = QUANTITIES[name]
    here = q.position(q.default)
    assert float(q.value(np.array(here))) == pytest.approx(q.default)
    far = q.value(np.array([here - 30.0, here + 30.0]))
    assert q.low <= far[0] < q.default < far[1]
    assert far[1] <= q.high
    step = 1e-6
    moved = np.log(q.value(np.array(here + step)) / q.value(np.array(here))) / step
    assert float(q.slope(np.array(q.default))) == pytest.approx(float(moved), rel=1e-3)


def test_parameters_give_a_row_the_value_that_the_fit_had() -> None:
    lay = fit.layout(CASES)
    theta = np.random.default_rng(3).normal(0.0, 0.5, len(lay.keys))
    stored = lay.parameters(theta)
    values = lay.values(theta)
    for i, row in enumerate(CASES):
        for name, value in stored.values(row).items():
            assert value == pytest.approx(values[name][i, 0], rel=2e-3), name
