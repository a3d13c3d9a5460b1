"""Refits to own measurements: what was changed is found again, and nothing else is claimed."""

from __future__ import annotations

import dataclasses
import functools
from unittest.mock import patch

import numpy as np
import pytest

from core.performance import fit, intervals, site_fit, site_rows
from core.performance import parameters as par
from core.performance.measurement_format import COLUMNS, Row
from core.performance.own_measurements import TERMS
from core.performance.step_time import step_times
from core.performance.types import ServingTable
from core.performance.validate import validate
from tests.core.performance.own_site import CATALOG, MODELS, NOISE, measured, own


@functools.cache
def of_site(**factors: float):
    """The refit to a whole table of a site with these factors; several tests read the same."""
    return refit(measured(own(**factors)))


def refit(rows):
    return site_fit.refit(rows, CATALOG, file="own.csv", date="2026-11-24", data_sha256="0" * 64)


def refit_quickly(rows):
    """The same with two refits that leave half out, for tests that ask what all rows give."""
    with patch.object(site_fit, "MOST_REFITS", 2):
        return refit(rows)


@functools.cache
def slow_site():
    """A site three quarters as fast, as several tests read it."""
    return refit_quickly(measured(own(decode=0.75)))


def test_a_slower_site_is_found_and_holds_for_configurations_left_out():
    fitted = of_site(decode=0.75, overhead=1.6)
    assert fitted.helps
    errors = {e.family: e for e in fitted.own.errors}
    assert errors["tpot"].before > 0.15
    assert errors["tpot"].after < 2 * NOISE
    assert errors["tpot"].held_out < 2 * NOISE
    assert errors["tpot"].held_out < errors["tpot"].before / 2
    terms = {t.term: t.factor for t in fitted.own.terms}
    assert terms["decode"] < 0.93
    assert terms["overhead"] > 1.15


def test_a_site_like_the_published_ones_keeps_the_shipped_parameters():
    fitted = of_site()
    assert not fitted.helps
    assert all(0.85 < t.factor < 1.15 for t in fitted.own.terms)


def test_little_data_moves_a_term_only_part_of_the_way():
    truth = own(decode=0.5)
    few = refit_quickly(measured(truth, MODELS[:3], ("8",)))
    many = refit_quickly(measured(truth))
    factor = [
        next(t.factor for t in fitted.own.terms if t.term == "decode") for fitted in (few, many)
    ]
    assert 0.5 < factor[1] < factor[0] < 0.9


def test_one_wild_value_does_not_carry_the_refit_away():
    rows = measured(own())
    spoiled = [dataclasses.replace(rows[0], value=50 * rows[0].value), *rows[1:]]
    for before, after in zip(of_site().own.terms, refit_quickly(spoiled).own.terms, strict=True):
        assert after.factor == pytest.approx(before.factor, rel=0.12)


def test_other_hardware_keeps_its_shipped_values():
    fitted = of_site(decode=0.75, overhead=1.6)
    hopper = {"engine": "vllm", "generation": "hopper"}
    rest = dict.fromkeys(set(par.known_features()) - set(hopper), "x")
    for labels, same in (
        (rest | hopper, False),
        (rest | hopper | {"engine": "sglang"}, True),
        (rest | hopper | {"generation": "blackwell"}, True),
    ):
        shipped, mine = par.shipped().vector(labels), fitted.parameters.vector(labels)
        assert np.array_equal(shipped, mine) is same


def test_bandwidth_never_exceeds_what_the_hardware_has():
    fast = par.extended(par.shipped(), own(decode=40.0, prefill=40.0))
    labels = dict.fromkeys(par.known_features(), "x") | {"engine": "vllm", "generation": "hopper"}
    values = fast.values(labels)
    assert values["weight_bandwidth"] == values["prefill_compute"] == 1.0


def test_own_measurements_count_as_evidence():
    rows = measured(own(decode=0.75), models=[("Qwen3-32B", "bf16", "2"), MODELS[1]])
    strange = [
        dataclasses.replace(r, cells=r.cells | {"engine": "LMDeploy-nobody-knows"}) for r in rows
    ]
    fitted = refit(strange)
    assert {p.evidence for p in fitted.after.predictions} == {"measured"}
    assert "measured" not in {p.evidence for p in fitted.before.predictions}
    # A configuration left out was not measured, though its engine was.
    assert {p.evidence for p in fitted.held_out.predictions} <= {"calibrated", "extrapolated"}


@pytest.mark.parametrize(
    ("models", "levels", "words"),
    [
        (MODELS[:1], ("1", "2"), "6 values can be used"),
        (MODELS[:1], ("1", "2", "4", "8"), "one configuration"),
    ],
)
def test_too_little_is_refused_with_what_is_missing(models, levels, words):
    with pytest.raises(site_fit.TooFewMeasurementsError, match=words):
        refit(measured(own(), models, levels))
    with pytest.raises(site_fit.TooFewMeasurementsError, match="0 values"):
        refit([])


def test_rows_that_cannot_be_used_keep_their_line_and_reason():
    rows = measured(own(decode=0.75))
    unknown = dataclasses.replace(rows[0], line=90, point_id="u")
    unknown = dataclasses.replace(unknown, cells=unknown.cells | {"model": "Lama-3.3-70B"})
    drafted = dataclasses.replace(rows[1], line=91, point_id="d")
    drafted = dataclasses.replace(drafted, cells=drafted.cells | {"spec_decode": "eagle"})
    fitted = refit_quickly([*rows, unknown, drafted])
    assert [p.line for p in fitted.unused] == [90, 91]
    # names that people know, not ids
    assert "Did you mean Llama 3.3 70B" in fitted.unused[0].message
    assert "meta-llama/" not in fitted.unused[0].message
    assert "eagle" in fitted.unused[1].message
    assert fitted.own == slow_site().own


LEVELS = (1, 4, 16, 64)


def as_option(model_name, precision, tp, engine="vLLM 0.12"):
    """Rows of closed loops that are what the engine answers for the same server as an option."""
    model = CATALOG.resolve_model(model_name)
    one = np.ones(1, dtype=np.int64)
    option = ServingTable(
        model=model,
        accelerators=(CATALOG.resolve_accelerator("H100-SXM-80GB"),),
        accelerator_index=0 * one,
        tp=int(tp) * one,
        pp=one,
        ep=one,
        dp_attention=one,
        weight_precision=np.array([precision], dtype=object),
        kv_precision=np.array(["bf16"], dtype=object),
        engine=np.array([par.engine_of(engine)], dtype=object),
        concurrency_limit=0 * one,
        prefix_caching=one > 0,
        chunked_prefill=one > 0,
        spec_accept=np.zeros(1),
    )
    times = step_times(option, 1000.0, 300.0, 0.0, LEVELS)
    cells = dict.fromkeys(COLUMNS, "") | {
        "source_id": "own", "model": model_name, "weight_precision": precision,
        "accelerator": "H100-SXM-80GB", "n_accel": tp, "tp": tp, "engine": engine,
        "isl": "1000", "osl": "300", "scenario": "closed_loop", "spec_decode": "off",
    }  # fmt: skip
    found = []
    for k, level in enumerate(LEVELS):
        answers = {"tpot_ms_mean": times.tpot_ms, "ttft_ms_mean": times.ttft_ms}
        for metric, values in answers.items():
            point = f"{model_name}/{level}"
            mine = cells | {"point_id": point, "concurrency": str(level), "metric": metric}
            found.append(Row(len(found) + 2, point, metric, float(values[0, k]), mine))
    return found


SERVERS = (("Llama-3.1-8B", "fp8", "1"), ("Llama-3.3-70B", "fp8", "4"), ("Qwen3-32B", "bf16", "2"))


def test_a_site_that_measures_what_its_options_are_told_changes_nothing():
    rows = [row for server in SERVERS for row in as_option(*server)]
    fitted = refit_quickly(rows)
    for term in fitted.own.terms:
        assert term.factor == pytest.approx(1.0, abs=0.005), term.term
    assert all(e.before < 0.005 for e in fitted.own.errors)


def test_what_a_refit_promises_holds_for_the_options():
    """Rows of a slower site, as options would be there: refitted options come out the same."""
    truth = par.extended(par.shipped(), own(decode=0.8, overhead=1.3))
    with par.use(truth):
        rows = [row for server in SERVERS for row in as_option(*server)]
    with par.use(refit_quickly(rows).parameters):
        told = [row for server in SERVERS for row in as_option(*server)]
    ratios = [mine.value / theirs.value for mine, theirs in zip(told, rows, strict=True)]
    assert np.median(np.abs(np.log(ratios))) < 0.03


def test_many_configurations_take_few_refits(monkeypatch):
    rows = [
        dataclasses.replace(row, point_id=f"{row.point_id}/{k}", line=100 * k + row.line,
                            cells=row.cells | {"point_id": f"{row.point_id}/{k}", "tp": "",
                                               "n_accel": str(k), "accelerator": "H100-SXM-80GB"})
        for k in range(1, 41)
        for row in as_option(*SERVERS[0])[:1]
    ]  # fmt: skip
    monkeypatch.setattr(site_fit, "MOST_REFITS", 3)
    solved = []
    solve = site_fit._Problem.solve
    monkeypatch.setattr(
        site_fit._Problem, "solve", lambda *a, **k: solved.append(1) or solve(*a, **k)
    )
    fitted = refit(rows)
    assert fitted.own.configurations == 40
    assert len(solved) == 1 + site_fit.MOST_REFITS
    assert len(fitted.held_out.predictions) == len(rows)


def test_a_derivative_costs_one_prediction_for_each_term(monkeypatch):
    """Not one for each of the quantities that a term moves together."""
    derivatives, asked = fit.sensitivities, []

    def counted(lay, predict, *rest):
        asked.append(0)

        def once_more(values):
            asked[-1] += 1
            return predict(values)

        return derivatives(lay, once_more, *rest)

    monkeypatch.setattr(fit, "sensitivities", counted)
    refit_quickly(measured(own(decode=0.9), MODELS[:2], ("1", "8")))
    assert asked and set(asked) == {len(TERMS)}


def test_a_file_is_checked_with_own_parameters_as_it_was_fitted():
    rows = measured(own(decode=0.75))
    fitted = slow_site()
    with par.use(fitted.parameters):
        again = validate(rows, CATALOG, own=True)
    assert [p.predicted for p in again.predictions] == [
        p.predicted for p in fitted.after.predictions
    ]


def test_values_in_a_wrong_unit_are_told_by_line_and_decide_nothing():
    rows = measured(own(decode=0.75, overhead=1.6))
    wrong = [
        dataclasses.replace(rows[0], value=rows[0].value / 1000.0),
        dataclasses.replace(rows[1], value=1e12),
        *rows[2:],
    ]
    fitted = refit(wrong)
    assert fitted.helps
    assert [p.line for p in fitted.unused] == [rows[0].line, rows[1].line]
    assert all("is its unit that of its name?" in p.message for p in fitted.unused)
    for before, after in zip(
        of_site(decode=0.75, overhead=1.6).own.terms, fitted.own.terms, strict=True
    ):
        assert after.factor == pytest.approx(before.factor, rel=0.1)


def test_a_file_in_seconds_is_refused_with_the_reason_or_fitted_to_what_is_right():
    rows = measured(own(decode=0.75, overhead=1.6))
    seconds = [
        dataclasses.replace(r, value=r.value / 1000.0) if "_ms_" in r.metric else r for r in rows
    ]
    fitted = refit(seconds)
    assert {e.family for e in fitted.own.errors} == {"throughput"}
    assert len(fitted.unused) == sum("_ms_" in r.metric for r in rows)
    with pytest.raises(site_fit.TooFewMeasurementsError, match="is its unit that of its name"):
        refit([r for r in seconds if "_ms_" in r.metric])


def test_times_that_beat_the_peak_are_told():
    """512 prompts of 8,000 tokens in 26 s: nearly three times the peak of four H100."""
    cells = measured(own(), MODELS[1:2], ("1",))[0].cells
    cells = cells | {"point_id": "fast", "isl": "8000", "osl": "500", "concurrency": "512"}
    fast = [
        Row(900 + k, "fast", metric, value, cells | {"metric": metric})
        for k, (metric, value) in enumerate({"ttft_ms_mean": 2e4, "tpot_ms_mean": 12.0}.items())
    ]
    told = site_rows.waited(fast, site_rows.usable(fast, CATALOG)[0])
    assert [p.line for p in told] == [900, 901]
    assert all("peak is too slow" in p.message for p in told)


def test_own_measurements_are_evidence_only_near_what_was_run():
    rows = measured(own(decode=0.75), models=[("Qwen3-32B", "bf16", "2"), MODELS[1]])
    strange = [dataclasses.replace(r, cells=r.cells | {"engine": "nobody's"}) for r in rows]
    fitted = refit(strange)
    pair = next(p for p in fitted.own.measured if "Qwen3-32B" in p)
    assert fitted.own.sizes[pair] == (2.0, 2.0, 1300.0)
    labels = {"engine": pair.split("|")[2], "precision": "bf16", "generation": "hopper"}
    labels |= {"model_type": "dense"}
    model, accelerator = pair.split("|")[:2]
    with par.use(fitted.parameters):
        near, far, long = (
            intervals.grade(labels, accelerator, model, size=size, tokens=tokens)
            for size, tokens in ((4, 5000), (8, 1300), (2, 6000))
        )
    assert near[0] == "measured" and "Own measurements" in near[1]
    assert far[0] == long[0] == "calibrated"
    assert "with 2 to 2 accelerators in a replica, not 8" in far[1]
    assert "at most 1,300 tokens" in long[1]
