"""Performance per workload: targets, latency under load, memory, roofline, evidence."""

from __future__ import annotations

from collections.abc import Iterator

from core.recommendation import LatencyPoint, Option, Serving, TargetCheck
from core.report.brief import DASH, Brief, count, ms, num, share, years
from core.report.content import Blocks, Callout, Column, Heading, Para, Picture, Table
from core.report.sections.evidence import evidence
from core.venues.wait_plan import wait_at_ends
from core.words import N_, _

METRICS = {
    "ttft": N_("TTFT"),
    "tpot": N_("TPOT"),
    "e2e": N_("Whole answer"),
    "answer_ttft": N_("First answer"),
}
BINDING = {
    **METRICS,
    "throughput": N_("throughput"),
    "memory": N_("memory"),
}


def blocks(brief: Brief) -> Blocks:
    """Every workload of the subject, then the charts."""
    yield from brief.about_subject()
    option = brief.subject
    if option is None:
        yield Callout(_("No option was examined, so no performance is predicted."))
        return
    if option.venue != "token_api":  # of which nothing is predicted
        yield _predictions()
    yield from _network(option)
    for serving in option.servings:
        yield Heading(
            _("“{name}” on {model}").format(name=serving.workload, model=serving.model_name), 2
        )
        yield from _serving(option, serving)
    yield Picture("latency_load")
    yield Picture("roofline")
    yield Picture("step_shares")
    yield Heading(_("Evidence: published measurements beside predictions"), 2)
    for serving in option.servings:
        yield from evidence(serving)


def _predictions() -> Para:
    return Para(
        _(
            "Latencies are predictions for the busiest hour of the largest year, at the percentile "
            "of the targets, network included. Low and high bound the interval that holds 80 % of "
            "published runs at the same grade of evidence."
        )
    )


def _network(option: Option) -> Iterator[Para]:
    if option.place.network:
        place = _("It serves from {place}. Network to the users and back: {network}.").format(
            place=option.place.label, network=option.place.network
        )
        beside = _("Users who are not at the site add the way of their own line.")
        yield Para(f"{place} {beside}" if option.venue in ("on_premises", "edge") else place)


def _serving(option: Option, serving: Serving) -> Blocks:
    yield Para(serving.configuration)
    if serving.targets:
        yield _targets(serving.targets)
        yield from _plan(serving)
    if serving.accelerator_name is None:
        yield Callout(
            _(
                "{provider} publishes no latency or capacity that could be checked here: the "
                "targets are conditions to confirm by the test in the action plan."
            ).format(provider=option.hosted_by)
        )
        return
    if serving.at_peak is not None:
        yield _latencies(serving.at_peak)
    yield _replica(serving)


def _targets(targets: tuple[TargetCheck, ...]) -> Table:
    return Table(
        (
            Column(_("Target")),
            Column(_("Limit"), "", "decimal"),
            Column(_("Predicted"), "", "decimal"),
            Column(_("Low"), "", "decimal"),
            Column(_("High"), "", "decimal"),
            Column(_("Status")),
        ),
        tuple(row for check in targets for row in _target(check)),
        caption=_("Targets and predictions"),
    )


VERDICTS = {"pass": N_("kept"), "fail": N_("missed"), "unknown": N_("to be confirmed")}
"""Of targets; limits have their own words, which other languages bend differently."""


def _target(check: TargetCheck) -> Iterator[tuple[str, ...]]:
    """One line; where a wait is planned, what it adds to the prediction stands below."""
    got, served = check.predicted_ms, check.served_ms
    limits = (
        (DASH, DASH)
        if served is None
        else (ms(served.low, served.base), ms(served.high, served.base))
    )
    status = _(VERDICTS[check.status])
    head = check.label, ms(check.limit_ms), DASH if got is None else ms(got.base)
    if not check.waiting_ms or served is None:
        yield *head, *limits, status
        return
    yield *head, DASH, DASH, status
    yield _("– waiting for its turn, planned"), "", ms(check.waiting_ms), DASH, DASH, ""
    yield _("– from then on, predicted"), "", ms(served.base), *limits, ""


def _plan(serving: Serving) -> Iterator[Para]:
    """That a wait is planned, and what happens to it where the throughput is another."""
    if not any(check.waiting_ms for check in serving.targets):
        return
    text = _(
        "The wait is planned, not predicted: it is that of the schedule, which holds as long as a "
        "replica does what is predicted."
    )
    spread, waiting = serving.throughput_interval, serving.waiting
    at_ends = wait_at_ends(waiting) if waiting is not None else ""
    if at_ends:
        text += at_ends
    elif spread is not None and spread.low > 0:
        text += " " + _(
            "At the low end of the throughput's 80 % interval, {low} times the prediction, the "
            "same work takes {more} times the instance-hours or replicas, or it waits longer."
        ).format(low=num(spread.low, 2), more=num(1.0 / spread.low, 2))
    yield Para(text)


def _latencies(point: LatencyPoint) -> Table:
    keys = ("mean", "p50", "p90", "p95", "p99")
    series = (
        (_("Time to first token"), point.ttft_ms),
        (_("Time per output token"), point.tpot_ms),
        (_("Whole answer"), point.e2e_ms),
    )
    titles = (_("Mean"), "P50", "P90", "P95", "P99")
    return Table(
        (Column(_("Latency")), *(Column(title, "", "decimal") for title in titles)),
        tuple(
            (label, *(ms(values.get(key), max(values.values(), default=None)) for key in keys))
            for label, values in series
        ),
        caption=_("One replica at its peak load of {n} requests per second").format(
            n=num(point.req_s)
        ),
    )


def _replica(serving: Serving) -> Table:
    interval = serving.throughput_interval
    pairs: list[tuple[str, str, str]] = [
        (_("Largest load within every target"), num(serving.capacity_req_s), _("requests/s")),
        (_("Saturation"), num(serving.saturation_req_s), _("requests/s")),
        (_("What limits the load"), _(BINDING.get(serving.binding_target or "", DASH)), ""),
        (_("Replicas in service per year"), years(serving.replicas_by_year), ""),
        (_("Accelerators per replica"), num(serving.accelerators_per_replica), ""),
        (_("Weights per accelerator"), num(serving.weights_gib_per_accelerator), "GiB"),
        (_("Room for the KV cache per accelerator"), num(serving.kv_gib_per_accelerator), "GiB"),
        (_("Usable memory per accelerator"), num(serving.usable_gib_per_accelerator), "GiB"),
        (_("Concurrent requests that memory admits"), count(serving.max_concurrency), ""),
        (_("Bandwidth needed per accelerator"), num(serving.bandwidth_needed_gb_s), "GB/s"),
        (_("Bandwidth sustained per accelerator"), num(serving.bandwidth_sustained_gb_s), "GB/s"),
        (_("Share of time spent on prompts"), share(serving.prefill_share), ""),
    ]
    if interval is not None:
        text = _("{low} to {high}").format(low=num(interval.low, 2), high=num(interval.high, 2))
        pairs.append((_("80 % interval of the throughput"), text, _("times the prediction")))
    return Table(
        (Column(_("One replica")), Column(_("Value"), "", "decimal"), Column(_("Unit"))),
        tuple(pairs),
        caption=_("Capacity and memory of one replica ({accelerator})").format(
            accelerator=serving.accelerator_name
        ),
    )
