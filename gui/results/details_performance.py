"""How fast an option is, in full: configuration, latencies, where time goes, evidence."""

from __future__ import annotations

from collections.abc import Iterator

from core.decision.wording import milliseconds, number
from core.performance.engine_names import engine_name
from core.performance.run_words import MEASURED, hardware
from core.recommendation import LatencyPoint, Option, Serving, StepShares
from core.words import _
from gui.results import texts
from gui.results.document import Block, CellContent, Facts, Grid, Link, Paragraph, Section

PERCENTILES = ("mean", "p50", "p90", "p95", "p99")


def performance_section(serving: Serving, option: Option, sources: tuple[Block, ...]) -> Section:
    """What a workload's configuration does, and its latencies against their targets."""
    blocks: list[Block] = [Facts(tuple(_serving_facts(serving, option)))]
    if serving.targets:
        rows = tuple(
            (
                check.label,
                milliseconds(check.limit_ms),
                texts.predicted_text(check),
                texts.status_word(check.status),
            )
            for check in serving.targets
        )
        heads = (_("Latency target"), _("Limit"), _("Predicted (80 % interval)"), _("Verdict"))
        blocks.append(Grid(heads, rows, frozenset((1, 2))))
    if serving.at_peak is not None:
        blocks.append(_latencies(serving.at_peak))
    shares = [
        (name, share)
        for name, share in (
            (_("Prefill"), serving.prefill_shares),
            (_("Decode"), serving.decode_shares),
        )
        if share is not None
    ]
    if shares:
        blocks.append(_step_shares(shares))
    if serving.curve:
        blocks.append(Paragraph(Link(_("Chart: latency against load"), "chart:latency_load")))
    title = _("Performance: {workload}").format(workload=serving.workload)
    return Section(title, "performance", (*blocks, *sources))


def _serving_facts(serving: Serving, option: Option) -> Iterator[tuple[str, CellContent]]:
    yield _("Model"), serving.model_name
    if serving.accelerator_name is None:
        provider = option.hosted_by or option.venue_label
        yield _("Hardware"), _("The provider's: {name}").format(name=provider)
    else:
        yield _("Accelerator"), serving.accelerator_name
    yield _("Configuration"), serving.configuration or texts.DASH
    yield _("Peak load"), texts.by_year(serving.peak_req_s_by_year, _("requests/s"))
    if serving.accelerator_name is None:
        return
    yield _("Replicas at the peak"), texts.by_year(serving.replicas_by_year)
    yield _("Accelerators per replica"), str(serving.accelerators_per_replica)
    binding = serving.binding_target
    capacity = texts.value_text(serving.capacity_req_s, _("requests/s"))
    if binding:
        capacity += " · " + _("bound by {what}").format(what=texts.target_name(binding))
    yield _("Capacity of a replica"), capacity
    yield _("Saturation of a replica"), texts.value_text(serving.saturation_req_s, _("requests/s"))
    yield (
        _("Memory per accelerator"),
        _("{weights} weights, {kv} KV cache, of {usable} usable").format(
            weights=texts.value_text(serving.weights_gib_per_accelerator, "GiB"),
            kv=texts.value_text(serving.kv_gib_per_accelerator, "GiB"),
            usable=texts.value_text(serving.usable_gib_per_accelerator, "GiB"),
        ),
    )
    yield _("Concurrent requests per replica"), texts.value_text(serving.max_concurrency, "", 4)
    yield (
        _("Memory bandwidth"),
        _("{needed} needed of {sustained} sustained").format(
            needed=texts.value_text(serving.bandwidth_needed_gb_s, "GB/s"),
            sustained=texts.value_text(serving.bandwidth_sustained_gb_s, "GB/s", 4),
        ),
    )
    yield _("Busy time spent on prefill"), texts.share_text(serving.prefill_share)


def _latencies(point: LatencyPoint) -> Grid:
    rows = tuple(
        (
            label,
            *(
                milliseconds(values[key], max(values.values())) if key in values else texts.DASH
                for key in PERCENTILES
            ),
        )
        for label, values in (
            (_("Time to first token"), point.ttft_ms),
            (_("Time per output token"), point.tpot_ms),
            (_("Whole answer"), point.e2e_ms),
            (_("First answer token"), point.answer_ttft_ms),
        )
    )
    heads = (
        _("In the busiest hour, {load} requests/s per replica").format(load=number(point.req_s)),
        _("Mean"), "P50", "P90", "P95", "P99",
    )  # fmt: skip  # the percentiles stand in one line as they do on screen
    return Grid(heads, rows, frozenset(range(1, 6)))


def _step_shares(shares: list[tuple[str, StepShares]]) -> Grid:
    heads = (
        _("Where time goes"), _("Weights from memory"), _("KV cache from memory"),
        _("Arithmetic"), _("Communication"), _("Overhead"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows = tuple(
        (
            name,
            texts.share_text(share.weights_bandwidth),
            texts.share_text(share.kv_bandwidth),
            texts.share_text(share.compute),
            texts.share_text(share.communication),
            texts.share_text(share.overhead),
        )
        for name, share in shares
    )
    return Grid(heads, rows, frozenset(range(1, 6)))


def evidence_sections(option: Option) -> Iterator[Section]:
    """What each prediction rests on, with the nearest published runs."""
    for serving in option.servings:
        blocks: list[Block] = []
        if serving.evidence is None:
            blocks.append(
                Paragraph(_("The provider serves it; its performance is not computed here."))
            )
        else:
            word = texts.evidence_word(serving.evidence)
            blocks.append(Paragraph(word, strong=True))
            if serving.evidence_note:
                blocks.append(Paragraph(serving.evidence_note))
            blocks.extend(_nearest(serving))
        title = _("Evidence: {workload}").format(workload=serving.workload)
        yield Section(title, "evidence", tuple(blocks))


def _nearest(serving: Serving) -> tuple[Block, ...]:
    if not serving.nearest:
        return (Paragraph(_("No published measurement is near this configuration.")),)
    heads = (
        _("Nearest published run"), _("Engine"), _("Tokens in / out"), _("Load"), _("Metric"),
        _("Measured"), _("Predicted"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows = tuple(
        (
            f"{run.model}, {run.accelerators} × {hardware(run.accelerator)}",
            f"{engine_name(run.engine)}, {run.precision.upper()}",
            f"{number(run.input_tokens)} / {number(run.output_tokens)}",
            run.concurrency,
            _(MEASURED.get(run.metric, run.metric)),
            number(run.measured),
            number(run.predicted),
        )
        for run in serving.nearest
    )
    sources = "; ".join(dict.fromkeys(run.source for run in serving.nearest))
    return (
        Grid(heads, rows, frozenset((5, 6))),
        Paragraph(_("Measured by: {sources}.").format(sources=sources)),
    )
