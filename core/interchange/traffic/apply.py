"""Imported traffic as the inputs of a workload."""

from __future__ import annotations

import dataclasses
from typing import Any

from core.assessment import Assessment, Workload
from core.assessment.fields import fields_of
from core.interchange.traffic.profile import Tokens, TrafficProfile

_LIMITS = {key: (spec.minimum, spec.maximum) for key, spec in fields_of(Workload)}


def with_traffic(assessment: Assessment, workload: int, traffic: TrafficProfile) -> Assessment:
    """A new assessment whose workload (numbered from 0) has the imported traffic.

    What the file does not tell keeps its value. Raises IndexError for a workload that is not
    there.
    """
    workloads = list(assessment.workloads)
    changes: dict[str, Any] = {
        "traffic_entry": "requests",
        "peak_requests_per_s": _within("peak_requests_per_s", traffic.peak_requests_per_s),
        "custom_hours": traffic.weights,
        **_tokens("input_tokens", traffic.input_tokens),
        **_tokens("output_tokens", traffic.output_tokens),
    }
    if traffic.arrival_cv is not None:
        changes["arrival_cv"] = _within("arrival_cv", traffic.arrival_cv)
    workloads[workload] = dataclasses.replace(workloads[workload], **changes)
    return dataclasses.replace(assessment, workloads=tuple(workloads))


def _tokens(stem: str, tokens: Tokens | None) -> dict[str, float]:
    if tokens is None:
        return {}
    mean = _within(f"{stem}_mean", tokens.mean)
    # A few giant requests can lift the mean above the 95th percentile, which the form refuses.
    return {f"{stem}_mean": mean, f"{stem}_p95": _within(f"{stem}_p95", max(tokens.p95, mean))}


FIGURES = 4
"""Figures of an imported number: a log tells no more, and people have to read it."""


def _within(key: str, value: float) -> float:
    """The value as a person would note it, or the nearest that the field allows."""
    value = float(f"{value:.{FIGURES}g}")
    low, high = _LIMITS[key]
    if low is not None and value < low:
        return low
    return value if high is None else min(value, high)
