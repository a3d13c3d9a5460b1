"""The yardstick of cost and carbon: what a plain rented deployment of the workloads would cost.

It depends on the workloads and on constants of ``anchors``, never on an option.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.assessment import Assessment, Workload
from core.decision.anchors import (
    YARDSTICK_ACCELERATOR_GB,
    YARDSTICK_EDGE_KW,
    YARDSTICK_EDGE_USD_PER_HOUR,
    YARDSTICK_FILL,
    YARDSTICK_FLOPS,
    YARDSTICK_KG_KWH,
    YARDSTICK_KW,
    YARDSTICK_TOKEN_PEOPLE_USD,
    YARDSTICK_TOKEN_POWER,
    YARDSTICK_TOKEN_USD,
    YARDSTICK_USD_PER_HOUR,
)
from core.decision.facts import DecisionCatalog
from core.hours import HOURS_PER_YEAR
from core.performance.types import Floats


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A plain rented deployment of the workloads: what 50 points mean for cost and carbon.

    Where edge sites are the only venue to consider, one plain box at each site instead. Where
    hosted APIs may be used and plain prices per token come cheaper, those for the cost.
    """

    accelerators: int
    usd_per_hour: float
    usd_per_mtok: float
    g_per_mtok: float
    hosted_usd: float | None = None
    """Plain price of a million tokens, where the cost is held against it."""


def peak_req_s(workload: Workload) -> float:
    """Requests per second of the busiest hour of the first year, as the user states it."""
    if workload.traffic_entry == "requests":
        return workload.peak_requests_per_s
    return workload.users * workload.active_user_fraction * workload.requests_per_user_hour / 3600


def yardstick(
    assessment: Assessment, catalog: DecisionCatalog, tokens_first_year: float
) -> Yardstick:
    """The yardstick of an assessment, from inputs and constants.

    Where hosted APIs may be used and are cheaper by plain prices per token (``_hosted``), those.
    Else, per workload, the larger of (a) two replicas of 80 GB accelerators that hold 8-bit
    weights in 80 % of their memory and (b) accelerators for the peak's arithmetic, 2 x active
    parameters x tokens at 30 % of 1e15 FLOP/s; always on at 3 USD and 1 kW per hour. Where only
    edge sites may be used, one box per site at 0.15 USD and 0.06 kW per hour.
    """
    mtok = max(tokens_first_year / 1e6, 1e-12)
    if set(assessment.site.venues) == {"edge"}:
        return _stick(max(assessment.site.edge_sites, 1), YARDSTICK_EDGE_USD_PER_HOUR,
                      YARDSTICK_EDGE_KW, mtok)  # fmt: skip
    accelerators = int(_accelerators(assessment, catalog, AS_STATED))
    stick = _stick(accelerators, YARDSTICK_USD_PER_HOUR, YARDSTICK_KW, mtok)
    if "token_api" in assessment.site.venues:
        price, people = (float(part) for part in _hosted(assessment, catalog, AS_STATED))
        if price + people / mtok < stick.usd_per_mtok:
            return replace(stick, usd_per_mtok=price + people / mtok, hosted_usd=price)
    return stick


@dataclass(frozen=True, slots=True)
class Moved:
    """Requests, prompts and answers as multiples of the stated ones, arrays of one shape."""

    load: Floats
    prompts: Floats
    answers: Floats
    cached: Callable[[Workload], Floats]
    """Share of a workload's prompts found in the cache."""


AS_STATED = Moved(
    np.ones(()), np.ones(()), np.ones(()), lambda workload: np.array(workload.prefix_cache_share)
)


def yardsticks_usd_per_mtok(
    assessment: Assessment, catalog: DecisionCatalog, tokens_first_year: Floats, moved: Moved
) -> Floats:
    """``Yardstick.usd_per_mtok`` were more or less asked for, shape of ``moved``."""
    mtok = np.maximum(tokens_first_year / 1e6, 1e-12)
    if set(assessment.site.venues) == {"edge"}:
        sites = max(assessment.site.edge_sites, 1)
        return np.asarray(sites * HOURS_PER_YEAR * YARDSTICK_EDGE_USD_PER_HOUR / mtok)
    accelerators = _accelerators(assessment, catalog, moved)
    usd = accelerators * HOURS_PER_YEAR * YARDSTICK_USD_PER_HOUR / mtok
    if "token_api" in assessment.site.venues:
        price, people = _hosted(assessment, catalog, moved)
        usd = np.minimum(usd, price + people / mtok)
    return np.asarray(usd)


def _accelerators(assessment: Assessment, catalog: DecisionCatalog, moved: Moved) -> Floats:
    """Of the plain rented deployment: to hold the models, or for the peak's arithmetic."""
    accelerators: Floats = np.zeros(())
    for workload in assessment.workloads:
        model = catalog.models.get(workload.model)
        total = model.total_params_b if model else 70.0
        active = model.active_params_b if model else 70.0
        hold = math.ceil(total / (YARDSTICK_ACCELERATOR_GB * YARDSTICK_FILL))
        fresh = workload.input_tokens_mean * moved.prompts * (1.0 - moved.cached(workload))
        tokens = fresh + workload.output_tokens_mean * moved.answers
        flops = 2e9 * active * (peak_req_s(workload) * moved.load) * tokens
        accelerators = accelerators + np.maximum(2 * hold, np.ceil(flops / YARDSTICK_FLOPS))
    return accelerators


def _hosted(
    assessment: Assessment, catalog: DecisionCatalog, moved: Moved
) -> tuple[Floats, Floats]:
    """Plain price of a million tokens of the workloads' mix, and people by year, US dollars.

    Prices follow the geometric mean of active and total parameters (``anchors``), without
    discounts for cached prompts or batches.
    """
    usd, tokens = np.zeros(()), np.zeros(())
    for workload in assessment.workloads:
        model = catalog.models.get(workload.model)
        size = 70.0 if model is None else math.sqrt(model.total_params_b * model.active_params_b)
        prompts = workload.input_tokens_mean * moved.prompts
        answers = workload.output_tokens_mean * moved.answers
        rate = peak_req_s(workload)
        per_prompt, per_answer = YARDSTICK_TOKEN_USD
        usd = usd + rate * size**YARDSTICK_TOKEN_POWER * (
            per_prompt * prompts + per_answer * answers
        )
        tokens = tokens + rate * (prompts + answers)
    people = np.array(YARDSTICK_TOKEN_PEOPLE_USD * len(assessment.workloads))
    return np.where(tokens > 0, usd / np.maximum(tokens, 1e-300), 0.0), people


def _stick(accelerators: int, usd_per_hour: float, kw: float, mtok: float) -> Yardstick:
    hours = accelerators * HOURS_PER_YEAR
    return Yardstick(
        accelerators,
        usd_per_hour,
        hours * usd_per_hour / mtok,
        hours * kw * YARDSTICK_KG_KWH * 1000.0 / mtok,
    )
