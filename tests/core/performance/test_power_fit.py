"""Power of published runs: fitted shares come back, and a group left out is not seen."""

from __future__ import annotations

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.performance import parameters as par
from core.performance import power, power_fit, published_runs, scenarios
from core.performance.measurement_format import COLUMNS, Row
from core.performance.measurements import runs_of

CATALOG = load_catalog()
MODELS = ("Llama-3.1-8B", "Llama-3.3-70B", "Qwen3-32B")


def rows_of(metric: str = "power_w_accel_total") -> list[Row]:
    """Closed loops of three models on two accelerators at rising load, values to be filled in."""
    found = []
    for model in MODELS:
        for accelerator in ("H100-SXM-80GB", "B200-SXM-180GB"):
            for level in ("1", "8", "64", "256"):
                cells = dict.fromkeys(COLUMNS, "") | {
                    "point_id": f"{model} {accelerator} {level}",
                    "model": model,
                    "accelerator": accelerator,
                    "n_accel": "4",
                    "tp": "4",
                    "engine": "vLLM 0.11",
                    "weight_precision": "fp8",
                    "isl": "1000",
                    "osl": "500",
                    "concurrency": level,
                    "scenario": "closed_loop",
                    "metric": metric,
                }
                found.append(Row(len(found) + 2, cells["point_id"], metric, 1.0, cells))
    return found


RUNS, REASONS = runs_of(rows_of(), CATALOG)
CASES = published_runs.stack(list(RUNS.values()))
QUANTITIES = CASES.quantities(par.shipped())
USE = power_fit.use_of(scenarios.predict(CASES, QUANTITIES))
MACHINES = power_fit.machines(CASES)
TRUTH = {**power.DEFAULTS, "active": 0.42, "bandwidth": 0.25, "waiting": 0.3}


def published(coefficients: dict[str, float]) -> power_fit.PowerRows:
    blank = power_fit.power_rows(rows_of(), CASES)
    value = power_fit.predicted(blank.metric, MACHINES, USE, coefficients)
    return power_fit.PowerRows(blank.case, blank.metric, value)


def test_power_made_with_other_shares_of_the_limit_is_found_again() -> None:
    assert not REASONS
    measured = published(TRUTH)
    found = power_fit.fit_power(measured, MACHINES, USE)
    again = power_fit.predicted(measured.metric, MACHINES, USE, found)
    assert again == pytest.approx(measured.value, rel=0.03)


def test_a_model_left_out_does_not_help_its_own_prediction() -> None:
    measured = published(TRUTH)
    odd = np.array([CASES.runs[i].model.id.endswith("Qwen3-32B") for i in measured.case.tolist()])
    value = np.where(odd, 1.5 * measured.value, measured.value)
    spoiled = power_fit.PowerRows(measured.case, measured.metric, value)
    keys = [CASES.runs[i].model.id for i in measured.case.tolist()]
    residual = power_fit.leave_out(spoiled, CASES, keys, {}, QUANTITIES)
    assert np.abs(residual[odd] + np.log(1.5)).max() < 0.05


def test_energy_per_token_is_power_over_throughput_and_the_wall_adds_the_host() -> None:
    n = len(CASES.runs)

    def metric(name: str) -> np.ndarray:
        return power_fit.predicted(np.full(n, name, dtype=object), MACHINES, USE, TRUTH)

    cards, each = metric("power_w_accel_total"), metric("power_w_per_accel")
    assert cards == pytest.approx(4 * each)
    assert metric("energy_j_per_output_token") == pytest.approx(cards / USE.output_tok_s)
    host = metric("power_w_system") - cards
    for run, watts in zip(CASES.runs, host.tolist(), strict=True):
        assert run.accelerator.tdp_w is not None
        assert watts == pytest.approx(300.0 + 0.16 * 4 * run.accelerator.tdp_w)
    assert (metric("power_w_system_peak") >= metric("power_w_system")).all()


def test_waiting_for_messages_and_launches_lowers_power() -> None:
    busy = power.busy_share(np.array(0.4), np.array(0.1), TRUTH, waiting=np.array([0.0, 0.3, 0.6]))
    assert (np.diff(busy) < 0).all()
