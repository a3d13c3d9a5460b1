"""What the workloads ask for: a week of 168 hours, grown over the years of the horizon."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from core.assessment import Assessment, Workload
from core.catalog.types import Model, TrafficShape
from core.hours import SECONDS_PER_YEAR
from core.lazy import lazy
from core.performance.types import Floats, Ints, RequestProfile, Targets
from core.recommendation import WaitingDemand, WorkloadDemand
from core.records import changed
from core.venues import waiting


@dataclass(frozen=True)
class Demand:
    """One workload's requests over time.

    Requests per second in each hour of a week of the first year, shape (168,), are
    ``asked_hours`` as they come in, ``fixed_hours`` those of them that cannot wait, and ``hours``
    as they are planned to be served: what can wait fills idle hours as evenly as its deadline
    allows (``waiting.level``). ``growth`` multiplies all, shape (years,).
    """

    workload: Workload
    model: Model
    profile: RequestProfile
    targets: Targets
    asked_hours: Floats
    fixed_hours: Floats
    hours: Floats
    growth: Floats
    arrival_cv: float
    served_hours: Floats | None = None
    """Requests per second as a certain fleet serves them, shape (years, 168); ``None``: as
    planned."""

    @lazy
    def peak(self) -> float:
        """Requests per second in the busiest hour of the first year."""
        return float(self.hours.max())

    @lazy
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

    @lazy
    def peak_req_s(self) -> Floats:
        """Requests per second in the busiest hour of each year, shape (years,)."""
        if self.served_hours is not None:
            return np.asarray(self.served_hours.max(axis=1))
        return self.peak * self.growth

    @lazy
    def mean_req_s(self) -> float:
        """Average requests per second of the first year."""
        return float(self.hours.mean())

    @lazy
    def hours_by_year(self) -> Floats:
        """Requests per second, shape (years, 168)."""
        if self.served_hours is not None:
            return self.served_hours
        return self.growth[:, None] * self.hours[None, :]

    @lazy
    def waiting_hours(self) -> Floats:
        """Requests per second that can wait, as they come in, first year, shape (168,)."""
        return self.asked_hours - self.fixed_hours

    @lazy
    def waiting_share(self) -> float:
        """Part of all requests that can wait, 0..1."""
        asked = float(self.asked_hours.sum())
        return float(self.waiting_hours.sum()) / asked if asked > 0 else 0.0

    @lazy
    def queue_level(self) -> float:
        """Lowest rate at which work that can wait, alone, keeps ``queue_window_h``, first year."""
        nothing = np.zeros(len(self.hours))
        return waiting.level(nothing, self.waiting_hours, self.queue_window_h)

    @property
    def window_h(self) -> int:
        """Hours that work which can wait is planned to wait at most."""
        return waiting.window_h(self.targets.e2e_ms)

    @property
    def queue_window_h(self) -> int:
        """The same on instances of its own that run by the hour."""
        return waiting.window_h(self.targets.e2e_ms, waiting.KEPT_FOR_SPOT)

    @property
    def planned(self) -> Demand:
        """Served as planned, whatever the fleet."""
        # An object that kept itself would be a circle: never freed while ``garbage.put_off`` holds.
        return self if self.served_hours is None else self._as_planned

    @lazy
    def _as_planned(self) -> Demand:
        return dataclasses.replace(self, served_hours=None)

    def on_fleet(self, carried_req_s: Floats) -> Demand:
        """Served by a fleet that stands there and carries so much in all, shape (years,).

        Work that can wait runs as it arrives, as far as the rest leaves room. Where the fleet
        carries less than the planned peak, it is served as planned.
        """
        if not self.waiting_share:
            return self
        rows = np.zeros((len(self.growth), len(self.hours)))
        for year, (growth, most) in enumerate(zip(self.growth, carried_req_s, strict=True)):
            if growth > 0:
                height = max(float(most / growth), self.peak)
                served = waiting.up_to(self.fixed_hours, self.waiting_hours, height)
                rows[year] = growth * (self.fixed_hours + served)
        return dataclasses.replace(self, served_hours=rows)

    @lazy
    def waiting_served(self) -> Floats:
        """Of ``hours_by_year``, work that could wait, shape (years, 168)."""
        fixed = self.growth[:, None] * self.fixed_hours[None, :]
        return np.asarray(np.maximum(self.hours_by_year - fixed, 0.0))

    def waits_h(self, quantile: float, served: Floats) -> tuple[float, float]:
        """Hours that requests wait for their turn: at a quantile (0..1) of all, and the longest.

        Of the year with the longest. ``served`` is work that can wait, by hour, shape (years,
        168).
        """
        level = 1.0 - (1.0 - quantile) / self.waiting_share  # of those that can wait
        usual = longest = 0.0
        for growth, row in zip(self.growth, served, strict=True):
            if growth > 0:
                waits = waiting.waits_h(growth * self.waiting_hours, row)
                at = math.floor(level * len(waits))  # below zero: fewer than that wait at all
                usual = max(usual, float(waits[min(at, len(waits) - 1)]) if at >= 0 else 0.0)
                longest = max(longest, float(waits[-1]))
        return usual, longest

    def waits_on_h(self, quantile: float, carried_req_s: Floats) -> float | None:
        """Hours that requests wait at a quantile on a fleet that carries so much, (years,).

        However late that is, and whatever becomes of the rest where it alone is more than the
        fleet carries; ``None`` where what can wait never has its turn.
        """
        rows = np.zeros((len(self.growth), len(self.hours)))
        for year, (growth, most) in enumerate(zip(self.growth, carried_req_s, strict=True)):
            if growth <= 0:
                continue
            height = float(most / growth)
            if np.maximum(height - self.fixed_hours, 0.0).mean() < self.waiting_hours.mean():
                return None
            rows[year] = growth * waiting.up_to(self.fixed_hours, self.waiting_hours, height)
        return self.waits_h(quantile, rows)[0]

    @lazy
    def distinct_hours(self) -> tuple[Floats, Ints, Ints]:
        """Loads that occur in the hours of the years: (each once, how often, hour -> which).

        The last has the shape of ``hours_by_year``. Days are alike, so these are far fewer.
        """
        loads, index, times = np.unique(self.hours_by_year, return_inverse=True, return_counts=True)
        return loads, times, index.reshape(self.hours_by_year.shape)

    @lazy
    def input_tokens(self) -> Floats:
        """Prompt tokens of each year, cached ones included, shape (years,)."""
        requests = self.mean_req_s * SECONDS_PER_YEAR * self.growth
        return np.asarray(requests * self.profile.input_tokens_mean)

    @lazy
    def output_tokens(self) -> Floats:
        """Generated tokens of each year, shape (years,)."""
        requests = self.mean_req_s * SECONDS_PER_YEAR * self.growth
        return np.asarray(requests * self.profile.output_tokens_mean)

    @lazy
    def tokens(self) -> Floats:
        """All tokens of each year, shape (years,)."""
        return self.input_tokens + self.output_tokens

    def times(self, factor: float) -> Demand:
        """So many times the requests, served as planned."""
        return changed(
            self,
            asked_hours=self.asked_hours * factor,
            fixed_hours=self.fixed_hours * factor,
            hours=self.hours * factor,
            served_hours=None,
        )

    def per_site(self, sites: int) -> Demand:
        """The demand of one of ``sites`` equal sites."""
        return self.times(1.0 / sites)

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
            waiting=self._waiting() if self.waiting_share else None,
        )

    def _waiting(self) -> WaitingDemand:
        return WaitingDemand(
            share=self.waiting_share,
            deadline_h=waiting.deadline_h(self.targets.e2e_ms),
            window_h=float(self.window_h),
            asked_hourly_req_s=tuple(map(float, self.asked_hours)),
        )


def peak_rate(workload: Workload) -> float:
    """Requests per second in the busiest hour of the first year."""
    if workload.traffic_entry == "requests":
        return workload.peak_requests_per_s
    return workload.users * workload.active_user_fraction * workload.requests_per_user_hour / 3600.0


def planned_hours(asked: Floats, fixed: Floats, window: int) -> Floats:
    """Requests per second with the lowest peak at which no work waits beyond its window."""
    movable = asked - fixed
    if not movable.any():
        return asked
    return fixed + waiting.up_to(fixed, movable, waiting.level(fixed, movable, window))


def demand_of(workload: Workload, model: Model, shape: TrafficShape, years: int) -> Demand:
    """The demand of a workload whose model and week are known."""
    weights = np.asarray(workload.custom_hours or shape.hours, dtype=float)
    asked = weights / weights.max() * peak_rate(workload)
    fixed = asked * (1.0 - workload.batchable_share)
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
        fixed_hours=fixed,
        hours=planned_hours(asked, fixed, waiting.window_h(targets.e2e_ms)),
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
