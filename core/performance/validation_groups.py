"""Errors by accelerator, model or engine, fitted and left out: what page and pictures show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.performance.engine_names import NAMES
from core.performance.targets import family_of
from core.performance.validate import Prediction, statistics

FAMILIES = ("tpot", "ttft", "throughput", "power")
"""Metric families shown side by side."""
LEAST = 20
"""Values from which a group is told by name; the errors of fewer say little."""

ENGINES = {**NAMES, "other": "other engines", "vendor": "vendors' own"}
"""Engines and what the measurement files call the rest."""


@dataclass(frozen=True)
class Group:
    """One accelerator, model or engine."""

    name: str
    values: int
    """Answered rows of the families shown."""
    families: dict[str, dict[str, Any]]
    """Family -> ``validate.statistics`` of its answered rows."""

    @property
    def title(self) -> str:
        """The name for readers."""
        return ENGINES.get(self.name, self.name)


def groups_of(predictions: Sequence[Prediction], field: str) -> list[Group]:
    """Groups by ``accelerator``, ``model`` or ``engine``, in alphabetical order.

    Left out: saturated TTFT, which measures how long a test queued, and output that a run's own
    offered load gives.
    """
    members: dict[str, dict[str, list[Prediction]]] = {}
    for p in predictions:
        family = family_of(p.metric)
        if p.predicted is None or p.own_load or family not in FAMILIES:
            continue
        if family == "ttft" and p.saturated:
            continue
        members.setdefault(getattr(p, field), {}).setdefault(family, []).append(p)
    return [
        Group(
            name,
            sum(len(part) for part in found.values()),
            {family: statistics(found[family]) for family in FAMILIES if family in found},
        )
        for name, found in sorted(members.items(), key=lambda item: item[0].lower())
    ]


def left_out(tables: Mapping[str, Any], field: str, family: str, name: str) -> float | None:
    """Median error of a group predicted by fits without it; ``None`` where none was made.

    An engine's is that of its models left out in turn.
    """
    entry = tables.get(f"left_out_by_{field}", {}).get(family, {}).get(name, {})
    return float(entry["median"]) if entry.get("n") else None
