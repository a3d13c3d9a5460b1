"""A stream of requests split over replicas: each sees it thinned, so less bursty.

A router that sends each request to one of k replicas at random thins the stream. Between two
requests to one replica lie a geometric number of gaps of the whole stream, so the time between
them has

    CV_k^2 = 1 + (CV^2 - 1) / k,

exact for independent gaps [1]: bursts smooth out as the fleet grows, towards Poisson. Routers that
look at the load (least outstanding requests) do better still; nothing is counted for that.

What one replica carries within its targets is computed for 1, 2, 4 ... replicas and for
infinitely many (Poisson), and taken as a straight line in the squared CV between them, so in
1 / k; and k times a + b / k is a k + b: what k replicas carry *together* is a broken line in k.
Where that line is steep, less is told (``_TRUST``).

[1] Whitt, "The queueing network analyzer", Bell System Technical Journal 62 (1983), splitting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.performance.types import Floats, Ints

_STRAIGHT = 1.0
"""Capacity is taken as a straight line over the last so much of the squared CV: next to a target
that only calm arrivals meet it bends more steeply further out."""
_TRUST = 1.1
"""A replica between two computed counts is told to carry at most so many times what it would at
the lower one: next to a target that bursts break, capacity is no straight line."""
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
    """What replicas carry together, requests per second: a broken line that begins at nothing."""

    at: Floats
    """Replicas where each part of the line begins, rising from 0, shape (m,)."""
    begin: Floats
    """Carried there together, shape (..., m), rising from 0."""
    slope: Floats
    """Carried more by each further replica of that part, shape (..., m); the last has no end."""

    @property
    def further(self) -> Floats:
        """Carried by each replica beyond the last known count, shape (...)."""
        return np.asarray(self.slope[..., -1])

    @classmethod
    def of(cls, counts: tuple[float, ...], each: Floats) -> SplitCapacity:
        """From what *each* of so many replicas carries, shape (..., m); more never carry less.

        ``counts`` are ``computed_counts``: the last may be infinite.
        """
        risen = np.maximum.accumulate(each, axis=-1)
        at, totals = [0.0, 1.0], [np.zeros_like(risen[..., 0]), risen[..., 0]]
        for i in range(1, len(counts)):
            here, last = counts[i], counts[i] - 1.0
            if here == math.inf:
                break
            if last > at[-1]:  # one fewer than the next: on the line, if that is not too steep
                before = at[-1]
                line = before * risen[..., i - 1] + (last - before) / (here - before) * (
                    here * risen[..., i] - before * risen[..., i - 1]
                )
                at.append(last)
                totals.append(np.minimum(line, _TRUST * last * risen[..., i - 1]))
            at.append(here)
            totals.append(here * risen[..., i])
        places, begin = np.array(at), np.stack(totals, axis=-1)
        slope = np.diff(begin, axis=-1) / np.diff(places)
        return cls(places, begin, np.concatenate([slope, risen[..., -1:]], axis=-1))

    @classmethod
    def alike(cls, req_s: float) -> SplitCapacity:
        """Every replica carries the same, however many share the load."""
        return cls.of((1.0,), np.array([req_s]))

    def rows(self, index: Ints | int) -> SplitCapacity:
        """Some rows', or one row's."""
        return SplitCapacity(self.at, self.begin[index], self.slope[index])

    def replicas(self, load_req_s: Floats) -> Floats:
        """Replicas (not rounded) that carry a load; loads of shape (h,) for rows (n,): (n, h)."""
        load = np.asarray(load_req_s, dtype=np.float64)
        at, begin, slope = self.at, self.begin, self.slope
        if begin.ndim == 1:
            part = np.searchsorted(begin[1:], load)
            return np.asarray(at[part] + (load - begin[part]) / np.maximum(slope[part], 1e-30))
        part = (load > begin[:, 1:, None]).sum(axis=1)
        row = np.arange(len(part))[:, None]
        return np.asarray(
            at[part] + (load - begin[row, part]) / np.maximum(slope[row, part], 1e-30)
        )

    def replicas_each(self, load_req_s: Floats) -> Floats:
        """Replicas (not rounded) of each row that carry loads of its own, (n, h): (n, h)."""
        part = (load_req_s[:, :, None] > self.begin[:, None, 1:]).sum(axis=2)
        row = np.arange(len(part))[:, None]
        more = (load_req_s - self.begin[row, part]) / np.maximum(self.slope[row, part], 1e-30)
        return np.asarray(self.at[part] + more)

    def together_each(self, replicas: Ints) -> Floats:
        """What ``replicas`` of each row, (n,) or (n, h), carry together, of their shape."""
        part, row = np.searchsorted(self.at[1:], replicas), np.arange(len(replicas))
        row = row.reshape(-1, *(1,) * (replicas.ndim - 1))
        more = (replicas - self.at[part]) * self.slope[row, part]
        return np.asarray(self.begin[row, part] + more)

    def together(self, replicas: Floats) -> Floats:
        """What so many replicas of one row carry together, shape of ``replicas``."""
        beyond = np.maximum(replicas - self.at[-1], 0.0) * self.slope[-1]
        return np.asarray(np.interp(replicas, self.at, self.begin) + beyond)

    def each(self, replicas: Floats) -> Floats:
        """What each of so many replicas (at least 1) of one row carries."""
        count = np.maximum(replicas, 1.0)
        return np.asarray(self.together(count) / count)
