"""Switch points that lie within what the futures draw: no share may speak over them."""

from __future__ import annotations

from collections.abc import Iterable

from core.analysis.uncertain_inputs import (
    GROWTH_POINTS,
    LOAD_HIGH,
    LOAD_LOW,
    OUTPUT_HIGH,
    OUTPUT_LOW,
    TREND_POINTS,
)
from core.assessment import Assessment
from core.recommendation import SwitchPoint


def bands(assessment: Assessment) -> dict[str, tuple[float, float]]:
    """P10 and P90 of the inputs that are both turned and drawn, by the path of a switch point."""
    growth, economics = assessment.workloads[0].growth_per_year, assessment.economics
    around = {
        "workloads.growth_per_year": (growth, GROWTH_POINTS),
        "economics.token_price_trend": (economics.token_price_trend, TREND_POINTS["token_trend"]),
        "economics.gpu_hour_trend": (economics.gpu_hour_trend, TREND_POINTS["cloud_trend"]),
    }
    return {
        "load": (LOAD_LOW, LOAD_HIGH),
        "answer_length": (OUTPUT_LOW, OUTPUT_HIGH),
        **{path: (now - points, now + points) for path, (now, points) in around.items()},
    }


def within_draws(points: Iterable[SwitchPoint], assessment: Assessment) -> tuple[SwitchPoint, ...]:
    """Verified switch points between P10 and P90 of what is drawn."""
    drawn = bands(assessment)
    found = []
    for point in points:
        low, high = drawn.get(point.path, (1.0, 0.0))
        if point.verified and point.value is not None and low <= point.value <= high:
            found.append(point)
    return tuple(found)
