"""Published runs beside what the engine predicts for them, and for this replica."""

from __future__ import annotations

from collections.abc import Iterator

from core.decision.constraints import concurrent_requests
from core.decision.wording import significant
from core.performance.engine_names import engine_name
from core.performance.run_words import MEASURED, hardware
from core.performance.types import NearestMeasurement
from core.recommendation import Serving
from core.report.brief import count, num
from core.report.content import Column, Table
from core.words import N_, _

LATENCIES = frozenset(("tpot_ms_mean", "ttft_ms_mean"))
"""Metrics of which less is better; of the others, rates, more is."""


LOADS = {"max": N_("as many as fit"), "poisson": N_("random arrivals")}
"""Loads that were published in a word."""


def measured_runs(serving: Serving) -> Table:
    """A row a run: what was run, the load, the value measured and the one predicted for it."""
    return Table(
        (
            Column(_("Model")),
            Column(_("Accelerator")),
            Column(_("Configuration")),
            Column(_("Tokens"), _("in / out")),
            Column(_("Load")),
            Column(_("Metric")),
            Column(_("Measured"), "", "decimal"),
            Column(_("Predicted"), "", "decimal"),
            Column(_("Ratio"), "", "decimal"),
        ),
        tuple(
            (
                n.model,
                hardware(n.accelerator),
                f"{engine_name(n.engine)}, {n.precision.upper()}, {n.layout}",
                f"{num(n.input_tokens)} / {num(n.output_tokens)}",
                _figure(n.concurrency),
                _(MEASURED.get(n.metric, n.metric)),
                num(n.measured),
                num(n.predicted),
                num(_ratio(n), 2),
            )
            for n in serving.nearest
        ),
        caption=_(
            "Nearest published runs, nearest first (load: requests at once; ratio: predicted over "
            "measured)"
        ),
    )


def beside(serving: Serving) -> Iterator[str]:
    """Where the predictions lie to one side of the runs, and the load of this prediction."""
    known = [(n.metric in LATENCIES, ratio) for n in serving.nearest if (ratio := _ratio(n))]
    ratios = [ratio for _latency, ratio in known]
    faster = [(ratio < 1.0) == latency for latency, ratio in known]
    low, high = (num(end(ratios), 2) for end in (min, max)) if ratios else ("", "")
    if ratios and all(faster) and len(ratios) > 1:
        yield _(
            "All of these runs were slower than predicted (predicted over measured: {low} to "
            "{high}): expect this replica to be slower than predicted too, and test it."
        ).format(low=low, high=high)
    elif ratios and not any(faster) and len(ratios) > 1:
        yield _(
            "All of these runs were faster than predicted (predicted over measured: {low} to "
            "{high})."
        ).format(low=low, high=high)
    running = concurrent_requests(serving)
    if running is not None and serving.at_peak is not None:
        yield _(
            "The replica of this prediction has about {n} requests at once at its peak of "
            "{rate} requests per second."
        ).format(n=num(running, 2), rate=num(serving.at_peak.req_s))


def _ratio(run: NearestMeasurement) -> float | None:
    """Predicted over measured, to the two figures that are printed."""
    return significant(run.predicted / run.measured, 2) if run.measured > 0 else None


def _figure(text: str) -> str:
    """A load as it was published, to three figures where it is a number: it is a mean then."""
    try:
        load = float(text)
    except ValueError:
        return _(LOADS[text]) if text in LOADS else text
    return count(round(load)) if load >= 1000 else num(load)
