"""Evidence: for each metric that has a target, published runs beside predictions, or that none is.

What was never published of the accelerator, the model or the engine is told before what was.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.analysis.tuning import NAMES
from core.decision.wording import listed
from core.notation import days_in, semicolons
from core.performance.engine_names import engine_name
from core.performance.published_library import FAMILIES
from core.performance.types import NearestMeasurement
from core.recommendation import Serving
from core.report.content import Block, Callout, Para
from core.report.quoting import filled, in_english
from core.report.sections.measured_runs import beside, measured_runs
from core.words import N_, _

GRADES = {
    "measured": N_("Measured: a published run lies near this configuration."),
    "calibrated": N_(
        "Calibrated: this accelerator family, engine and type of model were measured."
    ),
    "extrapolated": N_("Extrapolated: something about this configuration was never measured."),
}
NEEDED = {
    "ttft": ("ttft",),
    "answer_ttft": ("ttft", "tpot"),
    "tpot": ("tpot",),
    "e2e": ("ttft", "tpot"),
}
"""Families of published values that a target rests on, by its key; throughput always counts, for
the number of replicas."""
NONE_HAS = {
    "accelerator": N_("Of {metrics}, no published run is on this accelerator ({name})."),
    "model": N_("Of {metrics}, no published run is of this model ({name})."),
    "engine": N_("Of {metrics}, none of the runs shown is by this engine ({name})."),
}
"""What the runs of a metric may not have in common with the prediction."""


def evidence(serving: Serving) -> Iterator[Block]:
    """The grade of a workload's prediction, what no run shows, and the runs there are."""
    name = _("“{name}”. ").format(name=serving.workload)
    if serving.evidence is None:
        yield Callout(name + _("The provider's performance is not computed here."))
        return
    text = f"{name}{_(GRADES[serving.evidence])} {serving.evidence_note}"
    yield Para(text, keep=True)
    if not serving.nearest:
        yield Callout(
            _(
                "No published run is of this model or on this accelerator, so none is shown "
                "beside the prediction."
            )
        )
        return
    shown = of_targets(serving)
    missing = " ".join(not_published(serving))
    if missing:
        yield Callout(missing)
    if not shown:
        return
    yield measured_runs(shown)
    yield Para(" ".join(beside(serving, shown)), "small")
    sources = in_english(semicolons(dict.fromkeys(days_in(run.source) for run in shown)))
    yield Para(filled(_("Measured by: {sources}."), sources=sources), "small")


def of_targets(serving: Serving) -> tuple[NearestMeasurement, ...]:
    """The runs of all metrics that the targets rest on."""
    wanted = {metric for family in _families(serving) for metric in FAMILIES[family]}
    return tuple(run for run in serving.nearest if run.metric in wanted)


def not_published(serving: Serving) -> Iterator[str]:
    """What no published run has in common with the prediction, metrics of a kind in one sentence.

    Runs of the accelerator and of the model are among ``nearest`` wherever any was published; of
    the engine it can only be said that none of those shown has it.
    """
    said: dict[tuple[str, ...], list[str]] = {}
    for family in _families(serving):
        runs = [run for run in serving.nearest if run.metric in FAMILIES[family]]
        shared = tuple(key for key in NONE_HAS if all(key in run.differs for run in runs))
        if shared:
            said.setdefault(shared if runs else (), []).append(_(NAMES[family]))
    names = {
        "accelerator": serving.accelerator_name or "",
        "model": serving.model_name,
        "engine": engine_name(serving.engine or ""),
    }
    for shared, metrics in said.items():
        if not shared:
            text = _("Of {metrics}, no published run is of this model or on this accelerator.")
            yield text.format(metrics=listed(metrics))
        for key in shared:
            yield _(NONE_HAS[key]).format(metrics=listed(metrics), name=names[key])


def _families(serving: Serving) -> list[str]:
    """What the targets rest on; everything where there is none."""
    wanted = {family for check in serving.targets for family in NEEDED[check.key]}
    return [f for f in FAMILIES if not wanted or f in wanted or f == "throughput"]
