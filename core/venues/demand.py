"""What the workloads ask for: a week of 168 hours, grown over the years of the horizon."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.assessment import Assessment, Workload
from core.catalog.types import Model, TrafficShape
from core.hours import SECONDS_PER_YEAR
from core.performance.types import Floats, Ints, RequestProfile, Targets
from core.recommendation import WorkloadDemand


@dataclass(frozen=True)
class Demand:
    """One workload's requests over time.

    ``hours`` are requests per second in each hour of a week of the first year, shape (168,),
    after movable work went into idle hours; ``growth`` multiplies them, shape (years,).
    """

    workload: Workload
    model: Model
    profile: RequestProfile
    targets: Targets
    asked_hours: Floats
    hours: Floats
    growth: Floats
    arrival_cv: float

    @cached_property
    def peak(self) -> float:
        """Requests per second in the busiest hour of the first year."""
        return float(self.hours.max())

    @cached_property
    def least_replicas(self) -> Ints:
        """One in each year with any demand, none in a year in which another model serves."""
        return np.asarray(self.growth > 0, dtype=np.int64)

    @property
    def question(self) -> Hashable:
        """What the candidates of a workload depend on; equal for workloads served alike."""
        asked = self.workload
        return (
            self.model.id,
            self.profile,
            self.targets,
            asked.lowest_precision,
            asked.engine,
            asked.speculative_tokens,
        )

    @cached_property
    def peak_req_s(self) -> Floats:
        """Requests per second in the busiest hour of each year, shape (years,)."""
        return self.peak * self.growth

    @cached_property
    def mean_req_s(self) -> float:
        """Average requests per second of the first year."""
        return float(self.hours.mean())

    @cached_property
    def hours_by_year(self) -> Floats:
        """Requests per second, shape (years, 168)."""
        return self.growth[:, None] * self.hours[None, :]

    @cached_property
    def distinct_hours(self) -> tuple[Floats, Ints, Ints]:
        """Loads that occur in the hours of the years: (each once, how often, hour -> which).

        The last has the shape of ``hours_by_year``. Days are alike, so these are far fewer.
        """
        loads, index, times = np.unique(self.hours_by_year, return_inverse=True, return_counts=True)
        return loads, times, index.reshape(self.hours_by_year.shape)

    @cached_property
    def input_tokens(self) -> Floats:
        """Prompt tokens of each year, cached ones included, shape (years,)."""
        requests = self.mean_req_s * SECONDS_PER_YEAR * self.growth
        return np.asarray(requests * self.profile.input_tokens_mean)

    @cached_property
    def output_tokens(self) -> Floats:
        """Generated tokens of each year, shape (years,)."""
        requests = self.mean_req_s * SECONDS_PER_YEAR * self.growth
        return np.asarray(requests * self.profile.output_tokens_mean)

    @cached_property
    def tokens(self) -> Floats:
        """All tokens of each year, shape (years,)."""
        return self.input_tokens + self.output_tokens

    def per_site(self, sites: int) -> Demand:
        """The demand of one of ``sites`` equal sites."""
        return Demand(
            self.workload,
            self.model,
            self.profile,
            self.targets,
            self.asked_hours / sites,
            self.hours / sites,
            self.growth,
            self.arrival_cv,
        )

    def summary(self) -> WorkloadDemand:
        """The plain numbers for screen and report."""
        mean = self.mean_req_s
        return WorkloadDemand(
            workload=self.workload.name,
            model_name=self.model.name,
            peak_req_s_by_year=tuple(map(float, self.peak_req_s)),
            mean_req_s=mean,
            tokens_per_year=tuple(map(float, self.tokens)),
            input_tokens_per_year=tuple(map(float, self.input_tokens)),
            output_tokens_per_year=tuple(map(float, self.output_tokens)),
            hourly_req_s=tuple(map(float, self.hours)),
            arrival_cv=self.arrival_cv,
            peak_to_mean=float(self.hours.max()) / mean,
        )


def peak_rate(workload: Workload) -> float:
    """Requests per second in the busiest hour of the first year."""
    if workload.traffic_entry == "requests":
        return workload.peak_requests_per_s
    return workload.users * workload.active_user_fraction * workload.requests_per_user_hour / 3600.0


def fill_valleys(fixed: Floats, amount: float) -> Floats:
    """Spread ``amount`` over hours of load ``fixed`` so that the highest hour is lowest.

    Water-filling: the movable work raises the emptiest hours to one common level. Returns the
    total load, shape of ``fixed``; its sum is ``fixed.sum() + amount``.
    """
    if amount <= 0:
        return fixed
    ordered = np.sort(fixed)
    count = np.arange(1, len(ordered) + 1)
    levels = (np.cumsum(ordered) + amount) / count
    upper = np.append(ordered[1:], np.inf)
    chosen = int(np.argmax(levels <= upper))
    return np.asarray(np.maximum(fixed, levels[chosen]))


def shift_batchable(hours: Floats, share: float) -> Floats:
    """Move the share of each day's work that can wait into that day's idle hours."""
    if share <= 0:
        return hours
    days = hours.reshape(7, 24)
    moved = [fill_valleys(day * (1.0 - share), float(day.sum()) * share) for day in days]
    return np.concatenate(moved)


def demand_of(workload: Workload, model: Model, shape: TrafficShape, years: int) -> Demand:
    """The demand of a workload whose model and week are known."""
    weights = np.asarray(workload.custom_hours or shape.hours, dtype=float)
    asked = weights / weights.max() * peak_rate(workload)
    cv = shape.arrival_cv if workload.arrival_cv is None else workload.arrival_cv
    targets = workload.targets
    return Demand(
        workload=workload,
        model=model,
        profile=RequestProfile(
            input_tokens_mean=workload.input_tokens_mean,
            input_tokens_p95=workload.input_tokens_p95,
            output_tokens_mean=workload.output_tokens_mean,
            output_tokens_p95=workload.output_tokens_p95,
            prefix_cache_share=workload.prefix_cache_share,
            reasoning_token_share=workload.reasoning_token_share,
            arrival_cv=cv,
        ),
        targets=Targets(
            ttft_ms=targets.ttft_ms,
            tpot_ms=targets.tpot_ms,
            e2e_ms=targets.e2e_ms,
            answer_ttft_ms=targets.answer_ttft_ms,
            percentile=targets.percentile,  # type: ignore[arg-type]  # checked by the field table
        ),
        asked_hours=asked,
        hours=shift_batchable(asked, workload.batchable_share),
        growth=np.asarray((1.0 + workload.growth_per_year) ** np.arange(float(years))),
        arrival_cv=cv,
    )


def demands_of(
    assessment: Assessment, models: Mapping[str, Model], shapes: Mapping[str, TrafficShape]
) -> tuple[Demand, ...]:
    """The demand of every workload of an assessment."""
    years = assessment.economics.horizon_years
    found = []
    for workload in assessment.workloads:
        shape = shapes[workload.traffic_shape]
        demand = demand_of(workload, models[workload.model], shape, years)
        found.extend(_phases(demand, models))
    return tuple(found)


def _phases(demand: Demand, models: Mapping[str, Model]) -> list[Demand]:
    """The demand before and after another model takes over; itself where none does."""
    workload = demand.workload
    later, start = workload.replaced_by, workload.replaced_from_year
    replaced = later is not None and start is not None and start <= len(demand.growth)
    if not replaced or later is None or start is None or later == workload.model:
        return [demand]
    before = np.arange(1, len(demand.growth) + 1) < start
    return [
        dataclasses.replace(demand, growth=demand.growth * before),
        dataclasses.replace(demand, model=models[later], growth=demand.growth * ~before),
    ]
