"""What options beyond the defaults bring: the same accelerators without them, by the engine.

Defaults are what a server of models starts with: the weights as they were published, the KV cache
in 16 bits, no draft tokens. The search has evaluated them beside all others; only where the
workload states draft tokens are they evaluated once more without.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from core.candidates import Candidates, evaluate
from core.performance.precision import published, storage_of
from core.venues.pools import Pool
from core.venues.service import Plain, ServiceBook

PLAIN_KV = "bf16"


def plain_of(candidates: Candidates, rtt_ms: float) -> Plain:
    """What the accelerators carry at defaults at one network distance."""
    table, model = candidates.table, candidates.demand.model
    native = storage_of(published(model.native_precision))
    rows = np.flatnonzero((table.weight_precision == native) & (table.kv_precision == PLAIN_KV))
    if len(rows) and np.any(table.spec_accept[rows] > 0):
        without = dataclasses.replace(table.take(rows), spec_accept=np.zeros(len(rows)))
        candidates, rows = evaluate(candidates.demand, without, (rtt_ms,)), np.arange(len(rows))
    near = candidates.capacities[rtt_ms]
    found: Plain = {}
    for index, size, within, saturation in zip(
        candidates.table.accelerator_index[rows].tolist(),
        candidates.size[rows].tolist(),
        (near.shared.further[rows] / candidates.size[rows]).tolist(),
        (near.saturation_req_s[rows] / candidates.size[rows]).tolist(),
        strict=True,
    ):
        of_size = found.setdefault(index, {})
        before = of_size.get(size, (0.0, 0.0))
        of_size[size] = max(before[0], within), max(before[1], saturation)
    return found


def at_defaults(book: ServiceBook, pool: Pool) -> tuple[tuple[int, float], ...]:
    """(accelerators per replica, throughput per accelerator at defaults over the pool's own).

    Of each size of a replica its best split. Throughput is what each of many replicas carries
    within the targets; where the pool misses its targets, what it carries at all. Empty where the
    search tried no defaults.
    """
    candidates = book.study.candidates[pool.workload]
    key = (pool.family, pool.rtt_ms)
    if key not in book.plain:
        book.plain[key] = plain_of(candidates, pool.rtt_ms)
    near, which = candidates.capacities[pool.rtt_ms], 0 if pool.meets_targets else 1
    own = (near.shared.further, near.saturation_req_s)[which][pool.row] / pool.size
    if own <= 0.0:
        return ()
    by_size = book.plain[key].get(int(candidates.table.accelerator_index[pool.row]), {})
    return tuple((size, each[which] / float(own)) for size, each in by_size.items())
