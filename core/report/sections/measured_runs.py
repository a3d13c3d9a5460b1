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
BUILDS = {"dense": N_("dense"), "experts": N_("mixture of experts")}
"""How a run's model is built, told where the predicted one is built the other way."""


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
                _model(n),
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
    """What the runs say of this prediction, and the load that it is of.

    That is whether their models are built like this one, and where the predictions lie to one side
    of those that are: the others say nothing of how this model does.
    """
    yield from _other_builds(serving)
    alike = _alike(serving)
    ratios = [ratio for run in alike if (ratio := _ratio(run))]
    faster = [_was_slower(run) for run in alike if _ratio(run)]
    low, high = (num(end(ratios), 2) for end in (min, max)) if ratios else ("", "")
    every = len(alike) == len(serving.nearest)
    if ratios and all(faster) and len(ratios) > 1:
        text = (
            _(
                "All of these runs were slower than predicted (predicted over measured: {low} to "
                "{high}): expect this replica to be slower than predicted too, and test it."
            )
            if every
            else _(
                "All of the other runs were slower than predicted (predicted over measured: {low} "
                "to {high}): expect this replica to be slower than predicted too, and test it."
            )
        )
        yield text.format(low=low, high=high)
    elif ratios and not any(faster) and len(ratios) > 1:
        text = (
            _(
                "All of these runs were faster than predicted (predicted over measured: {low} to "
                "{high})."
            )
            if every
            else _(
                "All of the other runs were faster than predicted (predicted over measured: {low} "
                "to {high})."
            )
        )
        yield text.format(low=low, high=high)
    running = concurrent_requests(serving)
    if running is not None and serving.at_peak is not None:
        yield _(
            "The replica of this prediction has about {n} requests at once at its peak of "
            "{rate} requests per second."
        ).format(n=num(running, 2), rate=num(serving.at_peak.req_s))


def slower_than_predicted(serving: Serving, target: str) -> bool:
    """Whether several runs of models built like this one all missed their prediction.

    ``target`` is a key of a target: of the first token its own runs speak, of the others the rest.
    """
    runs = [n for n in _alike(serving) if _ratio(n)]
    about = [n for n in runs if (n.metric == "ttft_ms_mean") == (target == "ttft")]
    return len(about) > 1 and all(_was_slower(run) for run in about)


def _alike(serving: Serving) -> list[NearestMeasurement]:
    return [run for run in serving.nearest if run.other_build is None]


def _was_slower(run: NearestMeasurement) -> bool:
    """Whether a run took longer, or did less, than is predicted for it."""
    return ((_ratio(run) or 1.0) < 1.0) == (run.metric in LATENCIES)


def _model(run: NearestMeasurement) -> str:
    """Its name, and how it is built where the predicted one is built the other way."""
    build = run.other_build
    return run.model if build is None else f"{run.model} ({_(BUILDS[build])})"


def _other_builds(serving: Serving) -> Iterator[str]:
    """That some runs, or all, are of models built the other way, and how little that proves."""
    other = [n for n in serving.nearest if n.other_build is not None]
    if not other:
        return
    whole = len(other) == len(serving.nearest)
    if other[0].other_build == "dense":
        yield (
            _(
                "This model is a mixture of experts, which uses a few of its experts for each "
                "token; all of these runs are of a dense model, which uses all of its weights. "
                "They show how well the accelerator and the engine are predicted, not this model."
            )
            if whole
            else _(
                "This model is a mixture of experts, which uses a few of its experts for each "
                "token; the runs marked “dense” are of a model that uses all of its weights. They "
                "show how well the accelerator and the engine are predicted, not this model."
            )
        )
    else:
        yield (
            _(
                "This model is dense, it uses all of its weights for each token; all of these runs "
                "are of a mixture of experts, which uses a few of its experts. They show how well "
                "the accelerator and the engine are predicted, not this model."
            )
            if whole
            else _(
                "This model is dense, it uses all of its weights for each token; the runs marked "
                "“mixture of experts” are of a model that uses a few of its experts. They show how "
                "well the accelerator and the engine are predicted, not this model."
            )
        )


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
