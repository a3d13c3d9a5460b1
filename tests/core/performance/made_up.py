"""Rows of a check whose errors are known by hand."""

from __future__ import annotations

from typing import Any

from core.performance.validate import Prediction


def prediction(metric: str, value: float, predicted: float | None, **changes: Any) -> Prediction:
    """A row of model M on accelerator A; without a prediction, with a reason."""
    known = predicted is not None
    values: dict[str, Any] = {
        "line": 1,
        "point_id": "p",
        "metric": metric,
        "value": value,
        "predicted": predicted,
        "low": 0.8 * predicted if known else None,
        "high": 1.25 * predicted if known else None,
        "evidence": "measured" if known else "",
        "reason": "" if known else "no idea",
        "model": "M",
        "accelerator": "A",
        "engine": "vllm",
        "scenario": "closed_loop",
        "saturated": False,
    }
    return Prediction(**(values | changes))
