"""Published runs beside what the engine predicts for them, and for this replica."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median

from core.analysis.tuning import NAMES
from core.decision.constraints import concurrent_requests
from core.decision.wording import listed
from core.notation import local
from core.performance.engine_names import engine_name
from core.performance.published_library import FAMILIES
from core.performance.run_words import MEASURED, hardware
from core.performance.types import NearestMeasurement
from core.recommendation import Serving
from core.report.brief import DASH, count, num
from core.report.content import Column, Table
from core.words import N_, _

LATENCIES = frozenset(("tpot_ms_mean", "ttft_ms_mean"))
"""Metrics of which less is better; of the others, rates, more is."""

CLEARLY = 1.1
"""How far a run is from its prediction to tell of a side; nearer, it confirms the prediction."""
LOADS = {"max": N_("as many as fit"), "poisson": N_("random arrivals")}
"""Loads that were published in a word."""
BUILDS = {"dense": N_("dense"), "experts": N_("mixture of experts")}
"""How a run's model is built, told where the predicted one is built the other way."""


def measured_runs(runs: Sequence[NearestMeasurement]) -> Table:
    """What was run, the load, the value measured and the one predicted for it, by metric."""
    lines: list[tuple[str, ...]] = []
    groups = []
    for metric, members in itertools.groupby(runs, key=lambda run: run.metric):
        groups.append(len(lines))
        lines.append((_(MEASURED.get(metric, metric)),))
        lines += map(_line, members)
    return Table(
        (
            Column(_("Model")),
            Column(_("Accelerator")),
            Column(_("Configuration")),
            Column(_("Tokens"), _("in / out")),
            Column(_("Load")),
            Column(_("Measured"), "", "decimal"),
            Column(_("Predicted"), "", "decimal"),
            Column(_("Ratio"), "", "decimal"),
        ),
        tuple(lines),
        caption=_(
            "Published runs, of each metric the nearest first (load: requests at once; ratio: "
            "predicted over measured)"
        ),
        groups=frozenset(groups),
    )


def _line(run: NearestMeasurement) -> tuple[str, ...]:
    return (
        _model(run),
        hardware(run.accelerator),
        f"{engine_name(run.engine)}, {run.precision.upper()}, {run.layout}",
        f"{num(run.input_tokens)} / {num(run.output_tokens)}",
        _figure(run.concurrency),
        num(run.measured),
        num(run.predicted),
        _told(_ratio(run)),
    )


def beside(serving: Serving, runs: Sequence[NearestMeasurement]) -> Iterator[str]:
    """What the runs say of this prediction, and the load that it is of.

    That is whether their models are built like this one, and of which metrics the predictions lie
    to one side of those that are: the others say nothing of how this model does.
    """
    yield from _other_builds(runs)
    alike = _alike(runs)
    whole = len(alike) == len(runs)
    slower = [told for told in map(_one_sided(alike, slower=True), FAMILIES) if told]
    faster = [told for told in map(_one_sided(alike, slower=False), FAMILIES) if told]
    if slower:
        text = (
            _(
                "All of these runs were slower than predicted in {metrics}: expect this replica "
                "to be slower than predicted too, and test it."
            )
            if whole
            else _(
                "All of the other runs were slower than predicted in {metrics}: expect this "
                "replica to be slower than predicted too, and test it."
            )
        )
        yield text.format(metrics=listed(slower))
    if faster:
        text = (
            _("All of these runs were faster than predicted in {metrics}.")
            if whole
            else _("All of the other runs were faster than predicted in {metrics}.")
        )
        yield text.format(metrics=listed(faster))
    running = concurrent_requests(serving)
    if running is not None and serving.at_peak is not None:
        yield _(
            "The replica of this prediction has about {n} requests at once at its peak of "
            "{rate} requests per second."
        ).format(n=num(running, 2), rate=num(serving.at_peak.req_s))


def _one_sided(runs: Sequence[NearestMeasurement], *, slower: bool) -> Callable[[str], str | None]:
    """Of a family: its name and the span of its ratios, where several runs all lie on one side."""

    def told(family: str) -> str | None:
        found = [run for run in runs if run.metric in FAMILIES[family] and _ratio(run)]
        if not _all_on_one_side(found, slower=slower):
            return None
        ratios = [ratio for run in found if (ratio := _ratio(run))]
        return _("{metric} (predicted over measured: {low} to {high})").format(
            metric=_(NAMES[family]), low=_told(min(ratios)), high=_told(max(ratios))
        )

    return told


def slower_than_predicted(serving: Serving, target: str) -> bool:
    """Whether several runs of models built like this one all missed their prediction.

    ``target`` is a key of a target: of the first token its own runs speak, of the others the rest.
    """
    runs = [n for n in _alike(serving.nearest) if _ratio(n)]
    about = [n for n in runs if (n.metric == "ttft_ms_mean") == (target == "ttft")]
    return _all_on_one_side(about, slower=True)


def _all_on_one_side(runs: Sequence[NearestMeasurement], *, slower: bool) -> bool:
    """Whether several runs all missed their prediction to one side, as a rule clearly."""
    missed = [max(ratio, 1.0 / ratio) for run in runs if (ratio := _ratio(run))]
    clearly = len(missed) > 1 and median(missed) >= CLEARLY
    return clearly and all(_was_slower(run) == slower for run in runs)


def _alike(runs: Iterable[NearestMeasurement]) -> list[NearestMeasurement]:
    return [run for run in runs if run.other_build is None]


def _was_slower(run: NearestMeasurement) -> bool:
    """Whether a run took longer, or did less, than is predicted for it."""
    return ((_ratio(run) or 1.0) < 1.0) == (run.metric in LATENCIES)


def _model(run: NearestMeasurement) -> str:
    """Its name, and how it is built where the predicted one is built the other way."""
    build = run.other_build
    return run.model if build is None else f"{run.model} ({_(BUILDS[build])})"


def _other_builds(runs: Sequence[NearestMeasurement]) -> Iterator[str]:
    """That some runs, or all, are of models built the other way, and how little that proves."""
    other = [n for n in runs if n.other_build is not None]
    if not other:
        return
    whole = len(other) == len(runs)
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
    """Predicted over measured, to the hundredths that are printed."""
    return round(run.predicted / run.measured, 2) if run.measured > 0 else None


def _told(ratio: float | None) -> str:
    """A ratio with two decimals like all others, as in the validation."""
    return DASH if ratio is None else local(f"{ratio:.2f}")


def _figure(text: str) -> str:
    """A load as it was published, to three figures where it is a number: it is a mean then."""
    try:
        load = float(text)
    except ValueError:
        return _(LOADS[text]) if text in LOADS else text
    return count(round(load)) if load >= 1000 else num(load)
