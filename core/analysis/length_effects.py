"""How much more accelerator work longer requests take, option by option, from engine re-runs.

Longer prompts take more prefill, but also memory and attention in every decode step, and leave
less of a latency target: so work is not in proportion to lengths, and differs by hardware. Each
option is sized again at the high end of each length's band; between, and beyond, its work follows
the power of the length that this gives (an elasticity: 1 where it is in proportion).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.analysis.narrow import Narrow
from core.analysis.uncertain_inputs import INPUT_HIGH, OUTPUT_HIGH, PREFIX_MOST, PREFIX_POINTS
from core.assessment import Assessment, Workload
from core.recommendation import Option

STEEPEST = 4.0
"""No elasticity above this: next to a target that only just holds, a re-run may leap."""


@dataclass(frozen=True, slots=True)
class Work:
    """Elasticities of an option's accelerator work per request."""

    prompts: float
    """Against the mean length of prompts, at the same share found in the cache."""
    answers: float
    fresh: float
    """Against the share of prompts that is not found in the cache."""

    @classmethod
    def by_time(cls, input_share: float) -> Work:
        """Where an option cannot be sized at other lengths: by the time that each part takes."""
        return cls(input_share, 1.0 - input_share, input_share)


def work_per_request(option: Option, weights: Sequence[float]) -> float | None:
    """Accelerators kept busy by requests per second of each workload (``weights``), at capacity.

    ``None`` where a capacity is not known.
    """
    parts = [
        weight * s.accelerators_per_replica / s.capacity_req_s
        for weight, s in zip(weights, option.servings, strict=False)
        if s.capacity_req_s
    ]
    return math.fsum(parts) if len(parts) == len(weights) else None


def elasticity(before: Option, after: Option | None, factor: float) -> float | None:
    """Of the work from one option to the same at ``factor`` times a length."""
    weights = [sum(s.peak_req_s_by_year) for s in before.servings]
    one = work_per_request(before, weights)
    two = None if after is None else work_per_request(after, weights)
    if not one or not two or factor <= 0 or factor == 1.0:
        return None
    return min(max(math.log(two / one) / math.log(factor), 0.0), STEEPEST)


def work_of(narrow: Narrow, shares: Mapping[str, float]) -> dict[str, Work]:
    """Elasticities of options by id; ``shares`` are those of prompts in their accelerator time."""
    stated = narrow.recommendation.assessment
    options = {o.id: o for o in narrow.options if o.id in shares}
    runs = [
        (narrow.run(assessment).by_id(), factor)
        for assessment, factor in (
            (_longer(stated, "input", INPUT_HIGH), INPUT_HIGH),
            (_longer(stated, "output", OUTPUT_HIGH), OUTPUT_HIGH),
            _fresh(stated, {d.workload: d.mean_req_s for d in narrow.recommendation.demand}),
        )
    ]
    found = {}
    for key, option in options.items():
        usual = Work.by_time(shares[key])
        parts = (elasticity(option, after.get(key), factor) for after, factor in runs)
        known = zip(parts, (usual.prompts, usual.answers, usual.fresh), strict=True)
        found[key] = Work(*(usual_part if part is None else part for part, usual_part in known))
    return found


def _longer(stated: Assessment, part: Literal["input", "output"], factor: float) -> Assessment:
    """All prompts or all answers that many times as long."""
    mean, p95 = f"{part}_tokens_mean", f"{part}_tokens_p95"
    return _with(
        stated,
        [
            dataclasses.replace(
                w, **{mean: getattr(w, mean) * factor, p95: getattr(w, p95) * factor}
            )
            for w in stated.workloads
        ],
    )


def _fresh(stated: Assessment, req_s: Mapping[str, float]) -> tuple[Assessment, float]:
    """Fewer prompts found in the cache; more where none is; and how much is computed then.

    By the workload with the most prompt tokens a second: all move by the same points. ``req_s``
    are the mean requests per second of each, by name.
    """
    shares = [w.prefix_cache_share for w in stated.workloads]
    step = -PREFIX_POINTS if min(shares) >= PREFIX_POINTS else PREFIX_POINTS
    moved = [min(max(share + step, 0.0), max(PREFIX_MOST, share)) for share in shares]
    workloads = [
        dataclasses.replace(w, prefix_cache_share=share)
        for w, share in zip(stated.workloads, moved, strict=True)
    ]
    prompts = [w.input_tokens_mean * req_s.get(w.name, 0.0) for w in stated.workloads]
    most = prompts.index(max(prompts))
    factor = (1.0 - moved[most]) / max(1.0 - shares[most], 1.0 - PREFIX_MOST)
    return _with(stated, workloads), factor


def _with(stated: Assessment, workloads: Sequence[Workload]) -> Assessment:
    return dataclasses.replace(stated, workloads=tuple(workloads))
