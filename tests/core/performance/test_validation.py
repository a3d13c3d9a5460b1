"""Measurement files: bad input, answers, and the gate on the stored accuracy."""

import csv
import gzip
import io
import itertools
import json
from importlib.resources import files

import pytest

from core.catalog.load import load_catalog
from core.performance import intervals, validate
from core.performance import parameters as par
from core.performance.intervals import GRADES, factors
from core.performance.measurement_format import COLUMNS, read_rows
from core.performance.measurements import runs_of

CATALOG = load_catalog()
GOOD = {
    "point_id": "p1",
    "source_id": "test",
    "model": "Llama-3.3-70B",
    "weight_precision": "fp8",
    "accelerator": "H100-SXM-80GB",
    "n_accel": "4",
    "tp": "4",
    "engine": "vLLM 0.12",
    "isl": "1000",
    "osl": "500",
    "concurrency": "16",
    "scenario": "closed_loop",
    "metric": "tpot_ms_mean",
    "value": "15",
}


def text(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def check(*rows):
    found, problems = read_rows(text(*rows))
    return validate.validate(found, CATALOG, problems)


def test_every_metric_of_a_closed_loop_run_is_answered_within_its_interval_order():
    metrics = ["tpot_ms_mean", "tpot_ms_p99", "itl_ms_p50", "ttft_ms_mean", "ttft_ms_p99"]
    metrics += ["e2e_ms_mean", "output_tok_s", "output_tok_s_per_gpu", "total_tok_s", "req_s"]
    metrics += ["power_w_accel_total", "power_w_per_accel", "power_w_system"]
    metrics += ["energy_j_per_output_token", "prefill_tok_s", "decode_tok_s"]
    found = check(*[GOOD | {"metric": m} for m in metrics])
    assert all(p.predicted and p.low < p.predicted < p.high for p in found.predictions)
    by = {p.metric: p.predicted for p in found.predictions}
    assert by["e2e_ms_mean"] == pytest.approx(by["ttft_ms_mean"] + 499 * by["tpot_ms_mean"])
    assert by["output_tok_s"] == pytest.approx(16 * 500 / by["e2e_ms_mean"] * 1e3)
    assert by["total_tok_s"] == pytest.approx(3 * by["output_tok_s"])
    assert by["power_w_accel_total"] == pytest.approx(4 * by["power_w_per_accel"])
    assert by["ttft_ms_p99"] > by["ttft_ms_mean"]


def test_unknown_names_metrics_and_missing_lengths_have_reasons():
    found = check(
        GOOD | {"model": "Lama-3.3-70B"},
        GOOD | {"point_id": "p2", "accelerator": "H100-SXN"},
        GOOD | {"point_id": "p3", "metric": "vibes"},
        GOOD | {"point_id": "p4", "isl": "", "metric": "ttft_ms_mean"},
        GOOD | {"point_id": "p5", "scenario": "offline_max", "metric": "ttft_ms_mean"},
        GOOD | {"point_id": "p6", "scenario": "no_such"},
    )
    reasons = [p.reason for p in found.predictions]
    assert all(reasons)
    assert not any(p.predicted for p in found.predictions)
    assert "Did you mean" in reasons[0]
    assert "prompt length" in reasons[3]


def test_malformed_lines_are_reported_and_skipped():
    bad = [GOOD | {"value": "fast"}, GOOD | {"value": "-1"}, GOOD | {"model": ""}]
    whole = text(GOOD, *bad, GOOD)
    rows, problems = read_rows(whole + "a,b,c\n")
    assert len(rows) == 2
    assert [p.line for p in problems] == [3, 4, 5, 7]
    assert "line 3" in problems[0].message


def test_a_file_without_the_columns_is_refused():
    with pytest.raises(ValueError, match="lacks the columns point_id"):
        read_rows("a,b\n1,2\n")


def test_an_open_loop_uses_its_offered_load_but_never_predicts_it_from_itself():
    poisson = GOOD | {"scenario": "open_loop_poisson", "concurrency": "poisson"}
    slow = check(
        poisson | {"metric": "req_s", "value": "0.5"}, poisson | {"metric": "tpot_ms_mean"}
    )
    fast = check(poisson | {"metric": "req_s", "value": "3"}, poisson | {"metric": "tpot_ms_mean"})
    assert slow.predictions[0].predicted == pytest.approx(fast.predictions[0].predicted)
    assert slow.predictions[1].predicted < fast.predictions[1].predicted


def test_outputs_have_the_documented_form():
    found = check(GOOD, GOOD | {"metric": "vibes"})
    rows = list(csv.DictReader(io.StringIO(found.predictions_csv())))
    assert list(rows[0]) == [
        "point_id",
        "metric",
        "value",
        "predicted",
        "low",
        "high",
        "evidence",
        "reason",
    ]
    assert rows[1]["predicted"] == "" and rows[1]["reason"]
    summary = found.summary()
    assert summary["rows"] == 2 and summary["answered"] == 1
    assert summary["families"]["tpot"]["by_accelerator"]["H100 SXM"]["n"] == 1
    json.dumps(summary)


def test_almost_every_stored_row_resolves():
    data = files("resources").joinpath("measured/calibration.csv.gz").read_bytes()
    rows, _problems = read_rows(gzip.decompress(data).decode())
    runs, reasons = runs_of(rows, CATALOG)
    assert len(runs) / (len(runs) + len(reasons)) > 0.95
    assert all(reasons.values())


def test_less_evidence_never_narrows_an_interval() -> None:
    for metric in ("ttft", "tpot", "e2e", "throughput", "power", "tpot_tail"):
        for scenario in ("closed_loop", "offline_max", ""):
            bounds = [factors(metric, g, scenario) for g in GRADES]
            for (low, high), (weaker_low, weaker_high) in itertools.pairwise(bounds):
                assert weaker_low <= low < high <= weaker_high, (metric, scenario)


def test_a_combination_whose_published_runs_disagree_is_not_called_measured() -> None:
    apart = par.shipped().tables["apart"]
    seen = par.shipped().tables["seen"]["measured"]
    assert 0 < len(apart) < 0.2 * len(seen)
    for pair, (metric, ratio) in apart.items():
        assert pair in seen
        low, high = factors(metric, "measured", "closed_loop")
        assert not low <= ratio <= high
        model, accelerator, engine, precision = pair.split("|")
        labels = {"engine": engine, "precision": precision}
        grade, note = intervals.grade(labels, accelerator, model)
        assert grade == "calibrated" and f"{ratio:.2g} times" in note
