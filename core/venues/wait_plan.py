"""How long work that can wait is planned to wait in a pool, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from core.notation import local
from core.performance.percentiles import LEVELS
from core.performance.types import Floats
from core.recommendation import Serving, Spread, Waiting
from core.venues.pools import Pool
from core.venues.service import ServiceBook
from core.venues.waiting import deadline_h
from core.words import _

LEAST_WAIT_H = 0.05
"""A wait below this is told as none: it would be shown as 0.0 h."""


def wait_of(
    book: ServiceBook,
    pool: Pool,
    served: Floats | None,
    sites: int,
    repeated: float | None,
    *,
    detailed: bool,
) -> Waiting | None:
    """How a pool's work that can wait is served at all sites; ``None`` where there is none."""
    demand = pool.demand
    if not demand.waiting_share:
        return None
    by_hour = demand.waiting_served if served is None else served
    busiest = int(demand.growth.argmax())
    key = (pool.workload, demand.waiting_hours.tobytes(), by_hour.tobytes())
    if key not in book.waits:  # places that serve alike make it wait alike
        book.waits[key] = demand.waits_h(LEVELS[demand.targets.percentile], by_hour)
    usual, longest = book.waits[key]
    return Waiting(
        share=demand.waiting_share,
        deadline_h=deadline_h(demand.targets.e2e_ms),
        wait_h=usual,
        longest_h=longest,
        hourly_req_s=tuple((sites * (demand.growth[0] * demand.fixed_hours + by_hour[0])).tolist()),
        running_h_per_week=float(np.count_nonzero(by_hour[busiest] > 1e-12)),
        busiest_year=busiest + 1,
        own_instances=repeated is not None,
        repeated=repeated or 0.0,
        ends_h=_wait_ends_h(book, pool) if detailed and served is None else None,
    )


def _wait_ends_h(book: ServiceBook, pool: Pool) -> tuple[float, float | None] | None:
    """``Waiting.ends_h`` of a pool whose replicas stand there; ``None`` of any other."""
    spread = throughput_spread(book, pool)
    if pool.demand.served_hours is None or not pool.fits or spread is None:
        return None
    quantile = LEVELS[pool.demand.targets.percentile]
    carried = pool.capacity.together(pool.replicas.astype(np.float64)) / (1.0 + book.study.headroom)
    least = pool.demand.waits_on_h(quantile, carried * spread.high)
    most = pool.demand.waits_on_h(quantile, carried * spread.low)
    if least is None:
        return None
    return _or_zero(least), None if most is None else _or_zero(most)


def _or_zero(hours: float) -> float:
    """Sums of hours leave a trillionth of one where nothing waits."""
    return hours if hours > 1e-9 else 0.0


def throughput_spread(book: ServiceBook, pool: Pool) -> Spread | None:
    """80 % interval of what a replica does, as factors on what is predicted."""
    interval = book.uncertainty.get((pool.family, pool.row))
    if interval is None or "throughput" not in interval[0].low:
        return None
    spread, i = interval
    return Spread(float(spread.low["throughput"][i]), 1.0, float(spread.high["throughput"][i]))


def waiting_notes(servings: Iterable[Serving]) -> Iterator[str]:
    """When the work that can wait runs, and how long it waits, in sentences.

    One for each workload, also where two places share its plan; two where the rented part of a
    hybrid has a queue of its own.
    """
    told = ((s.workload, s.waiting) for s in servings if s.waiting is not None)
    yield from dict.fromkeys(_note(workload, found) for workload, found in told)


def _note(workload: str, found: Waiting) -> str:
    how = (
        _("on instances that start for it and stop after it")
        if found.own_instances
        else _("when servers or instances have room for it")
    )
    share, deadline = local(f"{100 * found.share:.0f} %"), local(f"{found.deadline_h:g}")
    if found.longest_h < LEAST_WAIT_H:
        at_once = _(
            "{workload}: {share} of the work can wait, at most {deadline} h, but need not: there "
            "is room for it as it comes in."
        ).format(workload=workload, share=share, deadline=deadline)
        _least, most = found.ends_h or (0.0, 0.0)
        return (
            at_once if most is not None and most < LEAST_WAIT_H else at_once + wait_at_ends(found)
        )
    return _(
        "{workload}: {share} of the work can wait, at most {deadline} h. In year {year}, the "
        "busiest, it runs in {hours} hours of a week, {how}. It is planned to wait {usual} h for "
        "its turn at the targets' percentile, {longest} h at most, in the year with the longest "
        "waits."
    ).format(
        workload=workload,
        share=share,
        deadline=deadline,
        year=found.busiest_year,
        hours=local(f"{found.running_h_per_week:.0f}"),
        how=how,
        usual=local(f"{found.wait_h:.1f}"),
        longest=local(f"{found.longest_h:.1f}"),
    ) + wait_at_ends(found)


def wait_at_ends(found: Waiting) -> str:
    """How the wait at the percentile moves with what the servers do; "" where it does not."""
    if found.ends_h is None:
        return ""
    least, most = found.ends_h
    if most is None:
        return " " + _(
            "At the low end of the throughput's 80 % interval the servers no longer keep up with "
            "it; at the high end it waits {least} h."
        ).format(least=local(f"{least:.1f}"))
    return " " + _(
        "At the ends of the throughput's 80 % interval it waits {least} to {most} h."
    ).format(least=local(f"{least:.1f}"), most=local(f"{most:.1f}"))
