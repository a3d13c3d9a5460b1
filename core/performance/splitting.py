"""A stream of requests split over replicas: each sees it thinned, so less bursty.

A router that sends each request to one of k replicas at random thins the stream. Between two
requests to one replica lie a geometric number of gaps of the whole stream, so the time between
them has

    CV_k^2 = 1 + (CV^2 - 1) / k,

exact for independent gaps [1]: bursts smooth out as the fleet grows, towards Poisson. Routers that
look at the load (least outstanding requests) do better still; nothing is counted for that.

What one replica carries within its targets falls nearly in a straight line with the squared CV it
sees, so with 1 / k; and k times a + b / k is a k + b: what k replicas carry *together* is a
straight line in k between the few counts at which it is computed.

[1] Whitt, "The queueing network analyzer", Bell System Technical Journal 62 (1983), splitting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.performance.types import Floats, Ints

_STRAIGHT = 4.0
"""Capacity is taken as a straight line over the last so much of the squared CV (measured on the
five examples: 0.3 % off at most)."""
MOST_COUNTS = 12


def split_cv(arrival_cv: float, replicas: Floats) -> Floats:
    """CV of the arrivals at one of ``replicas`` (at least 1) that share a stream at random.

    A stream more regular than Poisson keeps its CV: it is taken to be dealt out in turn.
    """
    excess = max(arrival_cv**2 - 1.0, 0.0)
    thinned = np.sqrt(1.0 + excess / np.maximum(replicas, 1.0))
    return thinned if excess > 0 else np.full_like(thinned, arrival_cv)


def computed_counts(arrival_cv: float) -> tuple[float, ...]:
    """Replica counts at which capacity is worth computing: 1, 2, 4 ... and infinitely many.

    One alone where splitting changes nothing (no bursts).
    """
    excess = arrival_cv**2 - 1.0
    if excess < 1e-9:
        return (1.0,)
    counts = [1.0]
    while excess / counts[-1] > _STRAIGHT and len(counts) < MOST_COUNTS:
        counts.append(2.0 * counts[-1])
    return (*counts, math.inf)


@dataclass(frozen=True, slots=True)
class SplitCapacity:
    """What replicas carry together, requests per second: a broken line through known counts."""

    counts: tuple[float, ...]
    """Finite and rising, the first is 1."""
    totals: Floats
    """Carried by so many replicas together, shape (..., m), rising."""
    further: Floats
    """Carried by each replica beyond the last count, shape (...)."""

    @classmethod
    def of(cls, counts: tuple[float, ...], each: Floats) -> SplitCapacity:
        """From what *each* of so many replicas carries, shape (..., m); more never carry less.

        ``counts`` are ``computed_counts``: the last may be infinite.
        """
        risen = np.maximum.accumulate(each, axis=-1)
        finite = tuple(c for c in counts if c < math.inf)
        return cls(finite, risen[..., : len(finite)] * np.array(finite), risen[..., -1])

    @classmethod
    def alike(cls, req_s: float) -> SplitCapacity:
        """Every replica carries the same, however many share the load."""
        return cls((1.0,), np.array([req_s]), np.array(req_s))

    def row(self, index: int) -> SplitCapacity:
        """One row's."""
        return SplitCapacity(self.counts, self.totals[index], self.further[index])

    def rows(self, index: Ints) -> SplitCapacity:
        """Some rows'."""
        return SplitCapacity(self.counts, self.totals[index], self.further[index])

    def replicas(self, load_req_s: Floats) -> Floats:
        """Replicas (not rounded) that carry a load; loads of shape (h,) for rows (n,): (n, h)."""
        load = np.asarray(load_req_s, dtype=np.float64)
        lift = (...,) + (None,) * load.ndim if self.further.ndim else (...,)
        first = self.totals[..., 0][lift]
        found = load / np.maximum(first, 1e-300)
        found = np.where((load > 0) & (first <= 0), np.inf, found)
        for i, count in enumerate(self.counts):
            below = self.totals[..., i][lift]
            if i + 1 < len(self.counts):
                slope = (self.totals[..., i + 1][lift] - below) / (self.counts[i + 1] - count)
            else:
                slope = self.further[lift]
            beyond = count + (load - below) / np.maximum(slope, 1e-300)
            found = np.where(load > below, beyond, found)
        return found

    def together(self, replicas: Floats) -> Floats:
        """What so many replicas of one row carry together, shape of ``replicas``."""
        counts, totals = np.array((0.0, *self.counts)), np.append(0.0, self.totals)
        beyond = np.maximum(replicas - counts[-1], 0.0) * self.further
        return np.asarray(np.interp(replicas, counts, totals) + beyond)

    def each(self, replicas: Floats) -> Floats:
        """What each of so many replicas (at least 1) of one row carries."""
        count = np.maximum(replicas, 1.0)
        return np.asarray(self.together(count) / count)
