"""The nearest published measurements to a prediction, from the stored calibration data."""

from __future__ import annotations

from core.performance.types import NearestMeasurement, RequestProfile, ServingTable


def nearest(
    table: ServingTable, row: int, profile: RequestProfile, limit: int = 5
) -> tuple[NearestMeasurement, ...]:
    """Published runs near a row's prediction; empty until measurements are stored."""
    del table, row, profile, limit
    return ()
