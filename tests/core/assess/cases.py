"""A small catalog and assessments that run in a few tens of milliseconds."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from core.assess import assess
from core.assessment import Assessment, with_value
from core.catalog.load import Catalog, load_catalog
from core.recommendation import Option, Recommendation

AS_OF = date(2026, 11, 24)
ACCELERATORS = ("h100-sxm", "h200-nvl", "l40s", "mi300x")


@lru_cache(maxsize=1)
def small_catalog() -> Catalog:
    """Four accelerators with every platform and offer that carries them."""
    return load_catalog().subset(accelerators=ACCELERATORS)


def run(assessment: Assessment | None = None, **values: Any) -> Recommendation:
    """Assess the default assessment with changes, paths written with ``__`` for dots."""
    changed = assessment or Assessment()
    for path, value in values.items():
        section, key = path.split("__", 1)
        prefix = "workloads[0]" if section == "workload" else section
        changed = with_value(changed, f"{prefix}.{key.replace('__', '.')}", value)
    return assess(changed, small_catalog(), as_of=AS_OF)


def every(recommendation: Recommendation) -> tuple[Option, ...]:
    """Feasible and rejected options."""
    return (*recommendation.options, *recommendation.rejected)


def not_finite(value: Any, path: str = "") -> Iterator[str]:
    """Paths of every NaN or infinity in a result."""
    if isinstance(value, float):
        if not math.isfinite(value):
            yield path
    elif dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from not_finite(getattr(value, item.name), f"{path}.{item.name}")
    elif isinstance(value, tuple | list):
        for i, item in enumerate(value):
            yield from not_finite(item, f"{path}[{i}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from not_finite(item, f"{path}[{key}]")
