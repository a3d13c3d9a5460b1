"""The public record of how a pool serves its workload."""

from __future__ import annotations

from core.candidates import Candidates
from core.hours import MS_PER_HOUR
from core.notation import local
from core.performance.engine_names import engine_name
from core.performance.types import Floats, ServingTable
from core.recommendation import Serving, Waiting
from core.serving import LATENCY_KEYS
from core.venues.defaults import at_defaults
from core.venues.pools import Pool
from core.venues.service import ServiceBook
from core.venues.target_checks import floors_ms, step_shares, target_checks, tightest
from core.venues.wait_plan import throughput_spread, wait_of
from core.venues.waiting import counts_the_wait
from core.words import N_, _

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
            book,
            pool,
            name,
            sites,
            detailed,
            wait_of(book, pool, served, sites, repeated, detailed=detailed),
        )
    return book.served[key]


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
    drawn = book.latency_curve(pool) if detailed else ()
    limits = near.binding[row]
    if drawn and pool.meets_targets and limits in LATENCY_KEYS:
        # of the calmer arrivals that one of several replicas sees, another target may be tightest
        limits = tightest(candidates.demand.targets, drawn[-1]) or limits
    limit_ms = candidates.demand.targets.e2e_ms or 0.0
    wait_ms = MS_PER_HOUR * waits.wait_h if waits and counts_the_wait(limit_ms) else 0.0
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
        binding_target=limits,
        peak_req_s_by_year=tuple((pool.peak_req_s * sites).tolist()),
        targets=target_checks(
            candidates.demand.targets,
            at_peak,
            interval,
            floors_ms(operating, at, pool.rtt_ms),
            wait_ms,
        ),
        at_peak=at_peak,
        curve=drawn,
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
        throughput_interval=throughput_spread(book, pool),
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
