"""The power of an hour, read off a few loads, against the engine at the hour's own load."""

from __future__ import annotations

import numpy as np

from core.assess.costing import cost_options
from core.assessment import Assessment, with_value
from core.performance import engine
from tests.core.assess.cases import AS_OF, small_catalog


def test_the_power_of_a_week_is_that_of_its_hours() -> None:
    """Lightly used replicas too: a straight line up to 10 % of capacity was 27 % too low."""
    for users in (40, 4_000):
        asked = with_value(Assessment(), "workloads[0].users", users)
        asked = with_value(asked, "workloads[0].targets.ttft_ms", 2000.0)
        run = cost_options(asked, small_catalog(), AS_OF, lambda share, text: None, bare=True)
        pools = {id(p): p for p in run.drafts.pools() if p.fits}
        shares = []
        for pool in pools.values():
            candidates = run.study.candidates[pool.workload]
            load = pool.demand.hours_by_year[0] / max(int(pool.replicas[0]), 1)
            alone = candidates.table.take(np.array([pool.row]))
            there = (
                engine.ready(alone, candidates.demand.profile)
                .at_loads(
                    np.zeros(len(load), dtype=np.int64),
                    load,
                    np.full(len(load), pool.arrival_cv),
                )
                .power_w.mean()
            )
            if np.isfinite(there):
                shares.append(float(run.book.power_w(pool, load).mean() / there))
        assert len(shares) > 10
        assert min(shares) > 0.96 and max(shares) < 1.04, (users, min(shares), max(shares))
