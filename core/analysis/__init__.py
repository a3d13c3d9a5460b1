"""What needs many re-runs: uncertainty, tornado, switch points, inverse questions, levers."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from core.analysis import (
    admission,
    futures,
    inverse,
    regret,
    sensitivity,
    stability,
    switch_points,
    told_futures,
    tuning,
    uncertain_inputs,
)
from core.analysis.drawn_switches import within_draws
from core.analysis.fitting import bills_of
from core.analysis.narrow import MOST_OPTIONS, Narrow
from core.analysis.second_process import aside
from core.assess.names import catalog_of
from core.catalog.load import Catalog
from core.decision.confidence import confidence
from core.decision.ranking import crossed, weights_of
from core.findings import FOLLOWED_OF_MANY, MOST_SEARCHED_WHOLE
from core.garbage import put_off
from core.language import speaking
from core.performance import parameters as par
from core.recommendation import Analysis, Answer, Recommendation, SmallestChange
from core.words import _

Progress = Callable[[float, str], None]
Cancelled = Callable[[], bool]
DEFAULT_SAMPLES = 4096


class AnalysisCancelledError(Exception):
    """The caller asked to stop."""


def analyse(
    recommendation: Recommendation,
    catalog: Catalog,
    *,
    seed: int = 0,
    samples: int = DEFAULT_SAMPLES,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Analysis:
    """Uncertainty, sensitivity and tuning of a recommendation. Deterministic for a seed.

    ``samples`` is rounded up to a power of two. Raises ``AnalysisCancelledError`` soon after
    ``cancelled`` answers true. Where nothing is feasible the analysis is empty. ``meanwhile`` is
    called once, at a time when a second process may still be at work.
    """
    tell = progress or (lambda share, text: None)
    own = par.with_own(recommendation.own_measurements)
    with speaking(recommendation.language), par.use(own), put_off():
        return _analyse(recommendation, catalog, seed, samples, tell, cancelled, meanwhile)


def _analyse(
    recommendation: Recommendation,
    catalog: Catalog,
    seed: int,
    samples: int,
    tell: Progress,
    cancelled: Cancelled | None,
    meanwhile: Callable[[], None] | None,
) -> Analysis:
    """The analysis under the performance parameters in force."""

    here = os.getpid()

    def step(share: float, text: str) -> None:
        if cancelled is not None and cancelled():
            raise AnalysisCancelledError
        if os.getpid() == here:  # a second process is further on: told, the bar would run back
            tell(share, text)

    catalog = catalog_of(recommendation.assessment, catalog)
    if not recommendation.options:
        return _nothing_feasible(Narrow(recommendation, catalog), seed, step)
    step(0.0, _("Demand at other loads"))
    most = FOLLOWED_OF_MANY if _many(recommendation) else MOST_OPTIONS
    narrow = Narrow(recommendation, catalog, most)
    asked = aside(partial(_asked, Narrow(recommendation, catalog), step))
    bills = bills_of(narrow, lambda share: step(0.3 * share, _("Demand at other loads")))
    step(0.3, _("Futures"))
    drawn = futures.draw(bills, samples, seed)
    step(0.4, _("Sensitivity"))
    bars, gap = sensitivity.tornado(bills, sensitivity.minimum_staff(narrow))
    step(0.45, _("Switch points"))
    switches = switch_points.find(
        narrow, lambda share: step(0.45 + 0.25 * share, _("Switch points"))
    )
    step(0.7, _("Tuning levers"))
    levers = tuning.levers(recommendation, catalog)
    if meanwhile is not None:
        meanwhile()
    step(0.8, _("Inverse questions"))
    answers, changes = asked()
    step(1.0, _("Done"))
    uncertainty = futures.summary(bills, drawn)
    best, second = recommendation.winner, recommendation.runner_up
    lead = futures.lead(bills, drawn, best.id, second.id) if best and second else None
    other = crossed(recommendation.options)
    turned = within_draws(switches, recommendation.assessment)
    held, why = confidence(best, second, lead, other=other, turned=turned) if best else (None, "")
    return Analysis(
        samples=drawn.samples,
        seed=seed,
        uncertainty=uncertainty,
        stability=stability.stability(
            recommendation.options, weights_of(recommendation.assessment), seed
        ),
        base_gap=gap,
        tornado=bars,
        switch_points=switches,
        levers=levers,
        input_ranges=uncertain_inputs.described(),
        answers=answers,
        smallest_changes=changes,
        regret=regret.told(recommendation, uncertainty),
        futures=told_futures.told(recommendation, bills, uncertainty, lead),
        lead=lead,
        confidence=held,
        confidence_reason=why,
    )


def _nothing_feasible(narrow: Narrow, seed: int, step: Progress) -> Analysis:
    """What still helps where no option meets every limit: what would, and how much would fit."""
    step(0.0, _("Smallest changes"))
    changes = admission.smallest_changes(
        narrow, lambda share: step(0.6 * share, _("Smallest changes"))
    )
    step(0.6, _("Inverse questions"))
    answers = () if _many(narrow.recommendation) else inverse.places(narrow)
    step(1.0, _("Done"))
    return Analysis(
        0, seed, (), (), None, (), (), (), uncertain_inputs.described(), answers, changes
    )


def _asked(narrow: Narrow, step: Progress) -> tuple[tuple[Answer, ...], tuple[SmallestChange, ...]]:
    """Inverse questions and smallest changes: many re-runs that nothing else here builds on."""
    answers: tuple[Answer, ...] = ()
    if not _many(narrow.recommendation):
        answers = inverse.standard(
            narrow, lambda share: step(0.8 + 0.1 * share, _("Inverse questions")), prices=False
        )
    changes = admission.smallest_changes(
        narrow, lambda share: step(0.9 + 0.1 * share, _("Smallest changes"))
    )
    return answers, changes


def _many(recommendation: Recommendation) -> bool:
    """Whether there are so many workloads that the analysis asks less, as a notice says."""
    return len(recommendation.assessment.workloads) > MOST_SEARCHED_WHOLE
