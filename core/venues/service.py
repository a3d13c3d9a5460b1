"""How the chosen configurations perform: latency and power against load, in one engine call.

The venues choose configurations first (capacity only); then every chosen one is evaluated at
eight loads and at the busiest hour, all workloads' rows in whole-array steps.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np

from core.catalog.types import Accelerator
from core.lazy import lazy
from core.performance import engine
from core.performance.types import (
    Floats,
    NearestMeasurement,
    Operating,
    ServingTable,
    Uncertainty,
)
from core.recommendation import LatencyPoint, RooflinePoint, Serving
from core.venues.elastic import Elastic
from core.venues.latency_points import LatencyRows
from core.venues.pools import Pool
from core.venues.study import Study
from core.venues.under_load import Roof, chosen_rows

if TYPE_CHECKING:
    from core.venues.energy import Draw

T = TypeVar("T")
LOAD_LEVELS = np.array([0.002, 0.01, 0.04, 0.12, 0.3, 0.55, 0.8, 1.0])
"""Shares of capacity at which a configuration is evaluated: closest where power rises fastest.

An accelerator with one request draws most of what it draws with many, so that power read off a
straight line between 0.2 and 10 % of capacity would be up to a quarter too low there.
"""


@dataclass(frozen=True)
class LoadCurve:
    """One configuration's behaviour from idle to capacity."""

    loads_req_s: Floats
    power_w: Floats
    """Accelerators of one replica, shape of ``loads_req_s``."""
    operating: Operating
    latencies: LatencyRows
    first: int
    """Row of the first load in both."""

    def average_power_w(self, load_req_s: Floats) -> Floats:
        """Power of one replica at any loads: linear between the levels, and below the first."""
        return np.asarray(np.interp(load_req_s, *self._from_none))

    @lazy
    def _from_none(self) -> tuple[Floats, Floats]:
        """Loads and power with those of no load before them: asked hundreds of times."""
        (one, two), (low, more) = self.loads_req_s[:2], self.power_w[:2]
        at_none = low - (more - low) * one / (two - one)
        return np.concatenate([[0.0], self.loads_req_s]), np.concatenate([[at_none], self.power_w])


@dataclass(frozen=True, slots=True)
class PeakState:
    """One configuration at a busiest-hour load: a row of an ``Operating``."""

    operating: Operating
    latencies: LatencyRows
    row: int


Key = tuple[int, int, float, float]
"""Kind of workload, configuration, requests per second, CV of the arrivals."""


def _key(pool: Pool) -> Key:
    return pool.family, pool.row, pool.capacity_req_s, pool.arrival_cv


def _peak_key(pool: Pool) -> Key:
    return pool.family, pool.row, pool.peak_load_req_s, pool.arrival_cv


Plain: TypeAlias = dict[int, dict[int, tuple[float, float]]]
"""Number of an accelerator -> accelerators per replica -> requests per second of one accelerator at
defaults: within the targets, and at saturation."""


@dataclass(frozen=True)
class ServiceBook:
    """Load curves and busiest-hour states of all chosen pools."""

    study: Study
    curves: dict[Key, LoadCurve]
    peaks: dict[Key, PeakState]
    uncertainty: dict[tuple[int, int], tuple[Uncertainty, int]]
    points: dict[tuple[Key, float], tuple[LatencyPoint, ...]]
    """Latency curves already turned into points, by pool key and network distance."""
    near: dict[Key, tuple[NearestMeasurement, ...]] = field(default_factory=dict)
    roofs: dict[tuple[int, int], Roof] = field(default_factory=dict)
    served: dict[Hashable, Serving] = field(default_factory=dict)
    """Public records already made (``serving_detail``), by pool, name, number of sites, detail,
    and the array of queued work."""
    waits: dict[Hashable, tuple[float, float]] = field(default_factory=dict)
    """How long work that can wait does so (``Demand.waits_h``), by what comes in and is served."""
    longest: dict[tuple[int, int], LoadCurve] = field(default_factory=dict)
    """By kind of workload and configuration, the curve that reaches the largest load."""
    elastic: dict[tuple[int, ...], Elastic] = field(default_factory=dict)
    """Autoscaled fleets already worked out (``rented``), by pools, size of a unit, spares."""
    draws: dict[tuple[int, ...], Draw | None] = field(default_factory=dict)
    """What such a fleet draws, by the same."""
    standing: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)
    """Watts that do not depend on the load, by accelerator and accelerators per server."""
    plain: dict[tuple[int, float], Plain] = field(default_factory=dict)
    """What defaults carry (``defaults``), by kind of workload and network distance."""
    detailed: bool = True
    """False leaves out what only a reader needs: published runs nearby and latency curves."""

    def add(self, pools: Iterable[Pool]) -> None:
        """Evaluate further pools, as far as they are not known."""
        new = [p for p in pools if p.fits and not self._knows(p)]
        if not new:
            return
        more = open_book(self.study, new, detailed=self.detailed)
        self.curves.update(more.curves)
        self.peaks.update(more.peaks)
        self.uncertainty.update(more.uncertainty)
        for place, roof in more.roofs.items():
            _keep(self.roofs, place, roof, _busiest)
        for key, curve in more.longest.items():
            _keep(self.longest, key, curve, _longest)

    def _knows(self, pool: Pool) -> bool:
        return _key(pool) in self.curves and _peak_key(pool) in self.peaks

    def standing_power_w(self, accelerator: Accelerator, per_unit: int) -> tuple[float, float]:
        """Watts of an idle accelerator, and of the server around ``per_unit`` of them."""
        key = (accelerator.id, per_unit)
        if key not in self.standing:
            self.standing[key] = (
                engine.idle_power_w(accelerator),
                engine.server_overhead_w(accelerator, per_unit),
            )
        return self.standing[key]

    def curve(self, pool: Pool) -> LoadCurve:
        """Load curve of a pool's configuration."""
        return self.curves[_key(pool)]

    def power_w(self, pool: Pool, load_req_s: Floats) -> Floats:
        """Power of one replica's accelerators at any loads.

        Bursts do not change it: a pool of another size than any evaluated is read off the
        configuration's longest curve. One that was is read off its own: what else is in the run
        must not change it, and between other loads it would be up to 2 % apart.
        """
        own = self.curves.get(_key(pool))
        curve = self.longest[pool.family, pool.row] if own is None else own
        return curve.average_power_w(load_req_s)

    def peak(self, pool: Pool) -> PeakState | None:
        """The busiest hour of a pool's busiest year."""
        return self.peaks.get(_peak_key(pool))

    def _row(self, pool: Pool) -> ServingTable:
        """A pool's configuration as a table of one row."""
        return self.study.candidates[pool.workload].table.take(np.array([pool.row]))

    def nearest(self, pool: Pool) -> tuple[NearestMeasurement, ...]:
        """Published runs near a pool's configuration, at its load in the busiest hour."""
        key = _peak_key(pool)
        if key not in self.near:
            state = self.peak(pool)
            point = state and state.latencies.point(state.row, 0.0)
            self.near[key] = engine.nearest(
                self._row(pool),
                0,
                self.study.demands[pool.workload].profile,
                point.running if point else None,
            )
        return self.near[key]

    def sustained_bandwidth_gb_s(self, pool: Pool) -> float:
        """Memory bandwidth that one accelerator of a pool sustains."""
        return self._roof(pool).bandwidth_gb_s

    def peak_tflops(self, pool: Pool) -> float:
        """Dense peak of one accelerator in the precision the arithmetic runs in."""
        return self._roof(pool).peak_tflops

    def roofline(self, pool: Pool) -> tuple[RooflinePoint, ...]:
        """Prefill and decode of a pool in the busiest hour, against the roof."""
        return self._roof(pool).points

    def _roof(self, pool: Pool) -> Roof:
        return self.roofs[pool.family, pool.row]

    def latency_curve(self, pool: Pool) -> tuple[LatencyPoint, ...]:
        """Latency against load for one replica, network included."""
        key = (_key(pool), pool.rtt_ms)
        if key not in self.points:
            curve = self.curve(pool)
            found = (
                curve.latencies.point(curve.first + i, pool.rtt_ms)
                for i in range(len(curve.loads_req_s))
            )
            self.points[key] = tuple(p for p in found if p is not None)
        return self.points[key]


def _rows(pools: list[Pool]) -> tuple[list[Key], list[Key]]:
    return list(dict.fromkeys(map(_key, pools))), list(dict.fromkeys(map(_peak_key, pools)))


def open_book(study: Study, pools: Iterable[Pool], *, detailed: bool = True) -> ServiceBook:
    """Evaluate every chosen pool; one engine call per kind of workload."""
    chosen = list({id(pool): pool for pool in pools}.values())
    book = ServiceBook(study, {}, {}, {}, {}, detailed=detailed)
    for number, candidates in enumerate(study.candidates):
        if number != study.family[number]:
            continue
        mine = [p for p in chosen if p.family == number and p.fits]
        if not mine:
            continue
        curves, peaks = _rows(mine)
        levels = len(LOAD_LEVELS)
        unique = sorted({k[1] for k in curves})
        ready = chosen_rows(candidates, unique)
        place = {row: i for i, row in enumerate(unique)}
        rows = np.array([place[k[1]] for k in curves] + [place[k[1]] for k in peaks])
        times = np.array([levels] * len(curves) + [1] * len(peaks))
        loads = np.concatenate(
            [np.outer([k[2] for k in curves], LOAD_LEVELS).ravel(), [k[2] for k in peaks]]
        )
        cvs = np.array([k[3] for k in curves] + [k[3] for k in peaks])
        operating, latencies = ready.at_loads(rows.repeat(times), loads, cvs.repeat(times))
        for i, key in enumerate(curves):
            part = slice(i * levels, (i + 1) * levels)
            curve = LoadCurve(
                loads[part], operating.power_w[part], operating, latencies, i * levels
            )
            book.curves[key] = curve
            _keep(book.longest, key[:2], curve, _longest)
        for i, key in enumerate(peaks):
            book.peaks[key] = PeakState(operating, latencies, levels * len(curves) + i)
        busy = _busiest_concurrency(unique, peaks, operating, levels * len(curves))
        roofs = ready.roofs(busy)
        for i, row in enumerate(unique):
            book.uncertainty[number, row] = (ready.interval, i)
            book.roofs[number, row] = roofs[i]
    return book


def _keep(
    kept: dict[tuple[int, int], T], key: tuple[int, int], new: T, size: Callable[[T], float]
) -> None:
    """Of what is known of a configuration the largest, whoever of its pools was evaluated first."""
    if key not in kept or size(kept[key]) < size(new):
        kept[key] = new


def _longest(curve: LoadCurve) -> float:
    return float(curve.loads_req_s[-1])


def _busiest(roof: Roof) -> float:
    return sum(point.achieved_tflops for point in roof.points)


def _busiest_concurrency(
    rows: list[int], peaks: list[Key], operating: Operating, first: int
) -> Floats:
    """Mean requests inside a replica of each row in its busiest hour, at least one, (rows,)."""
    busy = dict.fromkeys(rows, 1.0)
    for i, (_pool, row, _peak, _cv) in enumerate(peaks):
        if operating.stable[first + i]:
            busy[row] = max(busy[row], float(operating.concurrency_mean[first + i]))
    return np.array([busy[row] for row in rows])
