"""Rows of runs that nobody measured, for what the engine answers to a file."""

from __future__ import annotations

from core.performance.measurement_format import COLUMNS, Row

LLAMA_70B = {
    "source_id": "made-up",
    "version_date": "2026-01",
    "model": "Llama-3.3-70B",
    "weight_precision": "fp8",
    "accelerator": "H100",
    "n_accel": "4",
    "tp": "4",
    "engine": "vLLM 0.11",
    "isl": "1000",
    "osl": "500",
    "spec_decode": "off",
}


def row_of(run: dict[str, str], metric: str, value: float = 1.0, point: str = "p") -> Row:
    """One value of a run; columns that the run does not name are blank."""
    cells = dict.fromkeys(COLUMNS, "") | run | {"point_id": point, "metric": metric}
    return Row(2, point, metric, value, cells)
