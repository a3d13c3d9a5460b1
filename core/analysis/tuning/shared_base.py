"""Several fine-tuned models on one base: workloads of the same base in one pool of replicas."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from core.analysis.tuning.case import Case, Found, compared, not_applicable
from core.candidates import Policy
from core.decision.wording import listed, number
from core.performance.types import Floats, RequestProfile, Targets
from core.products import dot
from core.recommendation import Option
from core.venues.demand import Demand
from core.words import _


def effect(case: Case, base: Option) -> Found:
    """What one pool for the workloads of a base saves against a pool for each."""
    demands = case.plain.demands
    by_model: dict[str, list[Demand]] = {}
    for demand in demands:
        by_model.setdefault(demand.model.id, []).append(demand)
    shared = [group for group in by_model.values() if len(group) > 1]
    if not shared:
        return not_applicable(_("no two workloads use the same base model."))
    merged = tuple(merge(group) if len(group) > 1 else group[0] for group in by_model.values())
    after = case.costed(case.study(case.assessment, Policy(), merged))
    saved = sum(
        s.weights_gib_per_accelerator * s.accelerators_per_replica
        for group in shared
        for s in base.servings
        if s.weights_gib_per_accelerator and s.workload in {d.workload.name for d in group[1:]}
    )
    text = _(
        "{workloads} share {model}: with adapters on one base a pool serves them together, by the "
        "tightest of their targets. {saved} GiB of weights are held once less. What the adapters "
        "themselves cost is not counted."
    ).format(
        workloads=listed([f"“{d.workload.name}”" for d in shared[0]]),
        model=shared[0][0].model.name,
        saved=number(saved),
    )
    return compared(base, after, in_use=False, more=(text,))


def merge(group: Sequence[Demand]) -> Demand:
    """One demand for several on one model: hours added, lengths by requests, tightest targets."""
    first = group[0]
    hours = np.sum([d.hours for d in group], axis=0)
    weights = np.array([d.mean_req_s for d in group]) / max(float(hours.mean()), 1e-30)
    yearly = np.sum([w * d.growth for w, d in zip(weights, group, strict=True)], axis=0)
    return dataclasses.replace(
        first,
        profile=_profile(group, weights),
        targets=_tightest([d.targets for d in group]),
        asked_hours=np.sum([d.asked_hours for d in group], axis=0),
        fixed_hours=np.sum([d.fixed_hours for d in group], axis=0),
        hours=hours,
        growth=np.asarray(yearly, dtype=np.float64),
        arrival_cv=max(d.arrival_cv for d in group),
    )


def _profile(group: Sequence[Demand], weights: Floats) -> RequestProfile:
    def mean(name: str) -> float:
        return dot(weights, np.array([getattr(d.profile, name) for d in group]))

    prompts = np.array([d.profile.input_tokens_mean for d in group])
    cached = np.array([d.profile.prefix_cache_share for d in group])
    tokens = dot(weights, prompts)
    return RequestProfile(
        input_tokens_mean=tokens,
        input_tokens_p95=max(d.profile.input_tokens_p95 for d in group),
        output_tokens_mean=mean("output_tokens_mean"),
        output_tokens_p95=max(d.profile.output_tokens_p95 for d in group),
        prefix_cache_share=dot(weights, prompts * cached) / max(tokens, 1e-30),
        reasoning_token_share=mean("reasoning_token_share"),
        arrival_cv=max(d.profile.arrival_cv for d in group),
    )


def _tightest(targets: Sequence[Targets]) -> Targets:
    def least(name: str) -> float | None:
        given = [getattr(t, name) for t in targets if getattr(t, name) is not None]
        return min(given, default=None)

    order = ("p50", "p90", "p95", "p99")
    return Targets(
        ttft_ms=least("ttft_ms"),
        tpot_ms=least("tpot_ms"),
        e2e_ms=least("e2e_ms"),
        answer_ttft_ms=least("answer_ttft_ms"),
        percentile=max((t.percentile for t in targets), key=order.index),
    )
