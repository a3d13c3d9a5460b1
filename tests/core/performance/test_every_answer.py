"""Any model on any accelerator, engine and scenario: sane answers, or a reason."""

from __future__ import annotations

import random

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.performance.measurement_format import COLUMNS, METRICS, SCENARIOS, Row
from core.performance.measurements import runs_of
from core.performance.validate import Predicted, predict_runs, validate

CATALOG = load_catalog()
ENGINES = ("vLLM 0.11", "SGLang 0.5", "TensorRT-LLM 1.1", "llama.cpp", "neuron", "some new engine")
PRECISIONS = ("bf16", "fp8", "int8", "int4", "nvfp4", "mxfp4", "Q4_K_M", "")
LEVELS = ("1", "2", "4", "8", "16", "32", "64", "128", "256")


def row(line: int, metric: str = "tpot_ms_mean", **cells: str) -> Row:
    blank = dict.fromkeys(COLUMNS, "")
    return Row(line, cells["point_id"], metric, 1.0, {**blank, **cells, "metric": metric})


def drawn(seed: int) -> dict[str, str]:
    """A run drawn from the whole catalog, with lengths and load that someone might publish."""
    draw = random.Random(seed)
    cards = draw.choice(("1", "2", "4", "8"))
    return {
        "point_id": str(seed),
        "model": draw.choice(list(CATALOG.models)),
        "accelerator": draw.choice(list(CATALOG.accelerators)),
        "n_accel": cards,
        "tp": draw.choice((cards, "", "1")),
        "engine": draw.choice(ENGINES),
        "weight_precision": draw.choice(PRECISIONS),
        "isl": draw.choice(("32", "1024", "8192", "32768")),
        "osl": draw.choice(("32", "256", "2048")),
        "concurrency": draw.choice(LEVELS),
        "scenario": draw.choice(sorted(SCENARIOS)),
    }


def test_every_metric_of_every_scenario_is_finite_or_refused_with_a_reason() -> None:
    rows = [
        row(100 * seed + i, metric, **drawn(seed))
        for seed in range(150)
        for i, metric in enumerate(sorted(METRICS))
    ]
    found = validate(rows, CATALOG).predictions
    assert len(found) == len(rows)
    for p in found:
        if p.predicted is None:
            assert p.reason
        else:
            assert p.low is not None
            assert p.high is not None
            assert 0.0 < p.low < p.predicted < p.high < np.inf, p
    assert sum(p.predicted is not None for p in found) > 0.5 * len(found)


def closed_loops() -> Predicted:
    """Configurations that can be run, each at rising concurrency, one after the other."""
    cells = [
        drawn(seed)
        | {"scenario": "closed_loop", "concurrency": level, "point_id": f"{seed}/{level}"}
        for seed in range(1000, 1100)
        for level in LEVELS
    ]
    runs, reasons = runs_of([row(i, **c) for i, c in enumerate(cells)], CATALOG)
    assert len(runs) > len(reasons), "most draws can be run"
    return predict_runs(list(runs.values()))


CLOSED = closed_loops()


@pytest.mark.parametrize("metric", ["tpot_ms_mean", "ttft_ms_mean", "output_tok_s"])
def test_more_requests_inside_never_make_a_token_faster_or_the_replica_slower(metric: str) -> None:
    values = CLOSED.outcome.values[metric].reshape(-1, len(LEVELS))
    held = CLOSED.cases.n.reshape(values.shape) >= CLOSED.cases.asked.reshape(values.shape)
    rising = values[:, 1:] >= 0.98 * values[:, :-1]
    assert rising[held[:, 1:]].all()


def test_no_token_is_faster_than_reading_the_weights_it_needs() -> None:
    for i, run in enumerate(CLOSED.cases.runs):
        m = run.model
        read = m.active_params_b * 1e9 * run.weight_bytes * 0.7  # embeddings are looked up
        fastest = read / (run.accelerators * run.accelerator.bandwidth_gb_s * 1e9) * 1e3
        assert CLOSED.outcome.values["tpot_ms_mean"][i] > fastest, run


def test_power_lies_between_a_fraction_of_the_limit_and_the_limit() -> None:
    for run, watts in zip(CLOSED.cases.runs, CLOSED.per_accelerator_w.tolist(), strict=True):
        if run.accelerator.tdp_w:
            assert 0.1 * run.accelerator.tdp_w < watts <= run.accelerator.tdp_w
        else:
            assert np.isnan(watts)


def test_an_unknown_engine_gets_the_common_values_and_a_wider_interval() -> None:
    cells = drawn(7) | {
        "model": "Llama-3.3-70B",
        "accelerator": "H100-SXM-80GB",
        "n_accel": "4",
        "tp": "4",
        "weight_precision": "fp8",
        "scenario": "closed_loop",
    }
    known, new = (
        validate([row(1, **(cells | {"engine": engine}))], CATALOG).predictions[0]
        for engine in ("vLLM 0.11", "some new engine")
    )
    assert known.evidence == "measured"
    assert new.evidence == "extrapolated"
    assert known.low and known.high and known.predicted
    assert new.low and new.high and new.predicted
    assert new.high / new.low > known.high / known.low
    assert 0.5 < new.predicted / known.predicted < 2.0
