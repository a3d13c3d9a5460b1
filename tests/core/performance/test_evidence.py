"""Published runs beside a prediction: of every metric, and what no run has in common with it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from core.catalog.load import load_catalog
from core.performance import evidence
from core.performance.published_library import FAMILIES, METRICS, library
from core.performance.types import RequestProfile, ServingTable

CATALOG = load_catalog()
PROFILE = RequestProfile(1000, 2000, 1000, 2000)


def one(model: str, accelerator: str, tp: int, precision: str = "fp8") -> ServingTable:
    """One configuration by vLLM."""
    ones = np.ones(1, dtype=np.int64)
    return ServingTable(
        model=CATALOG.resolve_model(model),
        accelerators=(CATALOG.resolve_accelerator(accelerator),),
        accelerator_index=ones * 0,
        tp=ones * tp,
        pp=ones,
        ep=ones,
        dp_attention=ones,
        weight_precision=np.array([precision], dtype=object),
        kv_precision=np.array(["bf16"], dtype=object),
        engine=np.array(["vllm"], dtype=object),
        concurrency_limit=ones * 0,
        prefix_caching=np.ones(1, dtype=bool),
        chunked_prefill=np.ones(1, dtype=bool),
        spec_accept=np.zeros(1),
    )


def by_family(runs: Any) -> dict[str, list[Any]]:
    return {f: [r for r in runs if r.metric in metrics] for f, metrics in FAMILIES.items()}


def test_nearest_measurements_are_near_and_have_sources() -> None:
    found = evidence.nearest(one("Llama-3.3-70B", "H100-SXM-80GB", 4), 0, PROFILE)
    assert found[0].accelerator == "h100-sxm"
    assert all(f.source and f.measured > 0 and f.predicted > 0 for f in found)
    for runs in by_family(found).values():
        assert len(runs) == evidence.PER_FAMILY
        assert [f.distance for f in runs] == sorted(f.distance for f in runs)


def test_every_metric_has_runs_of_its_own_and_the_accelerator_and_model_are_among_them() -> None:
    """Counted over the whole library: what is missing in the answer was never published."""
    every = library().runs
    for model, accelerator in (
        ("Llama-3.3-70B", "H200-NVL"), ("Llama-3.3-70B", "MI300X"), ("gpt-oss-120b", "L40S"),
        ("Qwen3-Coder-480B-A35B-Instruct", "B200-SXM"),
    ):  # fmt: skip  # pairs in rows
        table = one(model, accelerator, 4)
        wanted = {"model": table.model.id, "accelerator": table.accelerators[0].id}
        for family, runs in by_family(evidence.nearest(table, 0, PROFILE)).items():
            published = [r for r in every if r.metric in FAMILIES[family]]
            akin = [r for r in published if any(getattr(r, k) == v for k, v in wanted.items())]
            assert len(runs) == min(evidence.PER_FAMILY, len(akin))
            for key, name in wanted.items():
                exists = any(getattr(r, key) == name for r in published)
                assert exists == any(key not in r.differs for r in runs), (model, family, key)
    assert set(METRICS) == {r.metric for r in every}


def test_of_like_runs_those_at_a_like_load_are_nearer() -> None:
    table = one("Llama-3.3-70B", "H100-SXM-80GB", 2)
    for running in (4.0, 64.0):
        first = evidence.nearest(table, 0, RequestProfile(922, 922, 922, 922), running)[0]
        assert abs(math.log2(float(first.concurrency) / running)) <= 0.5


def test_a_run_of_a_model_that_is_built_the_other_way_is_farther_and_says_so() -> None:
    """Qwen3 30B A3B uses 3 of 30 billion weights a token; a dense model of 70 all of them."""
    table = one("Qwen/Qwen3-30B-A3B-Instruct-2507", "B200-SXM", 1)
    profile = RequestProfile(2100, 6000, 300, 800)
    near = by_family(evidence.nearest(table, 0, profile))["throughput"]
    assert all(run.other_build is None and run.model == "Qwen3-30B-A3B" for run in near)
    every = evidence.nearest(table, 0, profile, limit=2000)
    assert {r.other_build for r in every if r.model.startswith("Llama-3.3-70B")} == {"dense"}
    assert {r.other_build for r in every if r.model == "gpt-oss-120b"} == {None}
    dense = min(r.distance for r in every if r.other_build == "dense")
    assert dense >= 0.9  # another model, and built the other way
