"""The public record of how a pool serves its workload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from core.candidates import Candidates
from core.hours import MS_PER_HOUR
from core.notation import local
from core.performance.engine_names import engine_name
from core.performance.percentiles import LEVELS
from core.performance.types import Floats, ServingTable
from core.recommendation import Serving, Spread, Waiting
from core.venues.defaults import at_defaults
from core.venues.pools import Pool
from core.venues.service import ServiceBook, floors_ms, step_shares, target_checks
from core.venues.waiting import counts_the_wait, deadline_h
from core.words import N_, _

LEAST_WAIT_H = 0.05
"""A wait below this is told as none: it would be shown as 0.0 h."""
_PRECISION = {"bf16": N_("16-bit"), "fp8": "FP8", "int8": "INT8", "int4": "INT4", "fp4": "FP4"}


def configuration_text(table: ServingTable, row: int, asked_engine: str = "auto") -> str:
    """For example ``FP8 weights, FP8 KV cache, tensor parallel 4, vLLM``.

    Where the engine asked for does not run on the hardware, what serves in its place is said.
    """
    tp, pp, ep = int(table.tp[row]), int(table.pp[row]), int(table.ep[row])
    split = (
        _("expert parallel {ep} with data-parallel attention").format(ep=ep)
        if ep > 1
        else _("tensor parallel {tp}").format(tp=tp)
        if tp > 1
        else _("one accelerator")
    )
    parts = [
        _("{precision} weights").format(precision=_(_PRECISION[table.weight_precision[row]])),
        _("{precision} KV cache").format(precision=_(_PRECISION[table.kv_precision[row]])),
        split,
    ]
    if pp > 1:
        parts.append(_("pipeline parallel {pp}").format(pp=pp))
    engine = str(table.engine[row])
    parts.append(engine_name(engine))
    if asked_engine not in ("auto", engine):
        other = engine_name(asked_engine)
        parts[-1] = _("{engine} ({other} does not run here)").format(engine=parts[-1], other=other)
    if table.spec_accept[row] > 0:
        accepted = local(f"{table.spec_accept[row]:g}")
        parts.append(_("{accepted} draft tokens accepted per step").format(accepted=accepted))
    if not table.prefix_caching[row]:
        parts.append(_("no prefix cache"))
    return ", ".join(parts)


def serving_of(
    book: ServiceBook,
    pool: Pool,
    venue: str,
    name: str | None = None,
    sites: int = 1,
    served: Floats | None = None,
    repeated: float | None = None,
) -> Serving:
    """Everything known about how a pool serves its workload, all sites together.

    ``served`` is work that can wait by hour, shape (years, 168), where not as its demand says;
    ``repeated`` the share of it that is done again, where it has rented instances of its own.

    Latency curves and published runs nearby only for venues that are to be considered.
    """
    detailed = book.detailed and book.study.shows(venue)
    key = (id(pool), name, sites, detailed, None if served is None else id(served))
    if key not in book.served:  # venues at the same distance share their pools
        book.served[key] = _record(
            book, pool, name, sites, detailed, _waiting(book, pool, served, sites, repeated)
        )
    return book.served[key]


def _waiting(
    book: ServiceBook, pool: Pool, served: Floats | None, sites: int, repeated: float | None
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
    )


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
    if found.longest_h < LEAST_WAIT_H:
        return _(
            "{workload}: {share} of the work can wait, at most {deadline} h, but need not: there "
            "is room for it as it comes in."
        ).format(
            workload=workload,
            share=local(f"{100 * found.share:.0f} %"),
            deadline=local(f"{found.deadline_h:g}"),
        )
    return _(
        "{workload}: {share} of the work can wait, at most {deadline} h. In year {year}, the "
        "busiest, it runs in {hours} hours of a week, {how}. It is planned to wait {usual} h for "
        "its turn at the targets' percentile, {longest} h at most, in the year with the longest "
        "waits."
    ).format(
        workload=workload,
        share=local(f"{100 * found.share:.0f} %"),
        deadline=local(f"{found.deadline_h:g}"),
        year=found.busiest_year,
        hours=local(f"{found.running_h_per_week:.0f}"),
        how=how,
        usual=local(f"{found.wait_h:.1f}"),
        longest=local(f"{found.longest_h:.1f}"),
    )


def _record(
    book: ServiceBook,
    pool: Pool,
    name: str | None,
    sites: int,
    detailed: bool,
    waits: Waiting | None,
) -> Serving:
    candidates = book.study.candidates[pool.workload]
    if not pool.fits:
        return _unfit(candidates, pool, name, sites)
    table, row, memory = candidates.table, pool.row, candidates.memory
    curve, state = book.curve(pool), book.peak(pool)
    at_peak = None if state is None else state.latencies.point(state.row, pool.rtt_ms)
    interval = book.uncertainty.get((pool.family, row))
    # step shares and bandwidth of the busiest hour; of full capacity where it cannot be reached
    operating, at = (
        (state.operating, state.row)
        if state is not None and at_peak is not None
        else (curve.operating, curve.first + len(curve.loads_req_s) - 1)
    )
    accelerator = table.accelerators[int(table.accelerator_index[row])]
    near = candidates.capacities[pool.rtt_ms]
    limit_ms = candidates.demand.targets.e2e_ms or 0.0
    wait_ms = MS_PER_HOUR * waits.wait_h if waits and counts_the_wait(limit_ms) else 0.0
    throughput = None
    if interval is not None and "throughput" in interval[0].low:
        spread, i = interval
        throughput = Spread(
            float(spread.low["throughput"][i]), 1.0, float(spread.high["throughput"][i])
        )
    return Serving(
        workload=name or pool.demand.workload.name,
        model_id=candidates.demand.model.id,
        model_name=candidates.demand.model.name,
        accelerator_id=accelerator.id,
        accelerator_name=accelerator.name,
        configuration=configuration_text(table, row, candidates.demand.workload.engine),
        weight_precision=str(table.weight_precision[row]),
        kv_precision=str(table.kv_precision[row]),
        tp=int(table.tp[row]),
        accelerators_per_replica=pool.size,
        engine=str(table.engine[row]),
        replicas_by_year=tuple((pool.replicas * sites).tolist()),
        capacity_req_s=pool.capacity_req_s if pool.meets_targets else 0.0,
        replica_arrival_cv=pool.arrival_cv,
        saturation_req_s=float(near.saturation_req_s[row]),
        binding_target=near.binding[row],
        peak_req_s_by_year=tuple((pool.peak_req_s * sites).tolist()),
        targets=target_checks(
            candidates.demand.targets,
            at_peak,
            interval,
            floors_ms(operating, at, pool.rtt_ms),
            wait_ms,
        ),
        at_peak=at_peak,
        curve=book.latency_curve(pool) if detailed else (),
        evidence=None if interval is None else interval[0].evidence[interval[1]],
        evidence_note="" if interval is None else str(interval[0].evidence_note[interval[1]]),
        nearest=book.nearest(pool) if detailed else (),
        decode_shares=step_shares(operating.decode_shares, at),
        prefill_shares=step_shares(operating.prefill_shares, at),
        roofline=book.roofline(pool),
        roof_peak_tflops=book.peak_tflops(pool),
        roof_bandwidth_gb_s=accelerator.bandwidth_gb_s,
        weights_gib_per_accelerator=float(memory.weights_gib[row]),
        kv_gib_per_accelerator=float(memory.kv_budget_gib[row]),
        usable_gib_per_accelerator=float(memory.usable_gib[row]),
        max_concurrency=int(memory.max_concurrency[row]),
        bandwidth_needed_gb_s=float(operating.bandwidth_needed_gb_s[at]),
        bandwidth_sustained_gb_s=book.sustained_bandwidth_gb_s(pool),
        prefill_share=float(operating.prefill_share[at]),
        throughput_interval=throughput,
        waiting=waits,
        pp=int(table.pp[row]),
        ep=int(table.ep[row]),
        draft_tokens=float(table.spec_accept[row]),
        at_defaults=at_defaults(book, pool),
    )


def _unfit(candidates: Candidates, pool: Pool, name: str | None, sites: int) -> Serving:
    """A configuration that does not fit: only memory is known, with the reason."""
    table, row, memory = candidates.table, pool.row, candidates.memory
    accelerator = table.accelerators[int(table.accelerator_index[row])]
    return Serving(
        workload=name or pool.demand.workload.name,
        model_id=candidates.demand.model.id,
        model_name=candidates.demand.model.name,
        accelerator_id=accelerator.id,
        accelerator_name=accelerator.name,
        configuration=configuration_text(table, row, candidates.demand.workload.engine),
        weight_precision=str(table.weight_precision[row]),
        kv_precision=str(table.kv_precision[row]),
        tp=int(table.tp[row]),
        accelerators_per_replica=pool.size,
        engine=str(table.engine[row]),
        replicas_by_year=(),
        capacity_req_s=0.0,
        saturation_req_s=None,
        binding_target="memory",
        peak_req_s_by_year=tuple((pool.demand.peak_req_s * sites).tolist()),
        targets=(),
        at_peak=None,
        curve=(),
        evidence=None,
        evidence_note=str(memory.reason[row]),
        nearest=(),
        decode_shares=None,
        prefill_shares=None,
        roofline=(),
        roof_peak_tflops=None,
        roof_bandwidth_gb_s=accelerator.bandwidth_gb_s,
        weights_gib_per_accelerator=_finite(float(memory.weights_gib[row])),
        kv_gib_per_accelerator=None,
        usable_gib_per_accelerator=_finite(float(memory.usable_gib[row])),
        max_concurrency=0,
        bandwidth_needed_gb_s=None,
        bandwidth_sustained_gb_s=None,
        prefill_share=None,
        throughput_interval=None,
    )


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None
