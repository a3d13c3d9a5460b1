"""A made-up site: rows that it would measure if its factors were these."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from core.catalog.load import load_catalog
from core.performance import parameters as par
from core.performance.measurement_format import COLUMNS, Row
from core.performance.own_measurements import FamilyErrors, OwnMeasurements, SiteTerm
from core.performance.validate import validate

CATALOG = load_catalog()
NOISE = 0.04
MODELS = (
    ("Llama-3.1-8B", "fp8", "1"),
    ("Llama-3.3-70B", "fp8", "4"),
    ("Qwen3-32B", "bf16", "2"),
    ("gpt-oss-120b", "mxfp4", "2"),
)
METRICS = ("tpot_ms_mean", "ttft_ms_mean", "output_tok_s")


def own(**factors: float) -> OwnMeasurements:
    """Factors of vLLM on Hopper, as a refit would give them."""
    terms = tuple(SiteTerm(key, "vllm", "hopper", factor, 1) for key, factor in factors.items())
    return OwnMeasurements("", "2026-11-24", "", "", 1, 1, terms, (), ())


def whole_refit(decode: float, **changes: Any) -> OwnMeasurements:
    """Own measurements with every part filled, as a refit of the shipped parameters writes them."""
    whole = OwnMeasurements(
        file="own.csv",
        date="2026-11-24",
        data_sha256="a" * 64,
        base_sha256=par.shipped().digest,
        values=24,
        configurations=3,
        terms=(SiteTerm("decode", "vllm", "hopper", decode, 24),),
        errors=(FamilyErrors("tpot", 12, 0.25, 0.03, 0.05),),
        seen=(("measured", ("meta-llama/Llama-3.3-70B-Instruct|h100-sxm|vllm|fp8",)),),
    )
    return dataclasses.replace(whole, **changes)


def measured(truth: OwnMeasurements, models=MODELS, levels=("1", "8", "32", "96"), seed=7):
    """Rows that a site with these factors would measure, with noise."""
    rows = []
    for model, precision, tp in models:
        for level in levels:
            for metric in METRICS:
                cells = dict.fromkeys(COLUMNS, "") | {
                    "point_id": f"{model}/{level}",
                    "source_id": "own",
                    "version_date": "2026-11-01",
                    "model": model,
                    "weight_precision": precision,
                    "accelerator": "H100-SXM-80GB",
                    "n_accel": tp,
                    "tp": tp,
                    "engine": "vLLM 0.12",
                    "isl": "1000",
                    "osl": "300",
                    "concurrency": level,
                    "scenario": "closed_loop",
                    "metric": metric,
                }
                rows.append(Row(len(rows) + 2, cells["point_id"], metric, 1.0, cells))
    noise = np.exp(np.random.default_rng(seed).normal(0.0, NOISE, len(rows)))
    with par.use(par.extended(par.shipped(), truth)):
        found = validate(rows, CATALOG, own=True).predictions
    return [
        dataclasses.replace(row, value=float(p.predicted * factor))
        for row, p, factor in zip(rows, found, noise, strict=True)
    ]
