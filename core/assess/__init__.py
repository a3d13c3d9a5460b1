"""The pipeline: an assessment and a catalog in, a recommendation out.

What it does is read here, top to bottom; how, in the order of use: ``names`` (what an assessment
may choose from), ``costing`` (every option with its bill), ``comparisons`` (what the best ones are
set beside), ``notices`` (what is to be known of the answer as a whole).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date

import core
from core.assess.comparisons import best_with_hardware, financing, general_purpose, owned_options
from core.assess.costing import Progress, candidate_count, cost_options
from core.assess.names import catalog_of, chosen_names, known_names, region_names
from core.assess.notices import overall_notices
from core.assessment import Assessment, Problem, problems
from core.assessment.doubts import doubts
from core.candidates import Candidates
from core.catalog.load import Catalog
from core.decision import trial
from core.decision.explanation import Explanation, explain
from core.decision.facts import currency_of
from core.decision.financing_words import told_lease, told_plan
from core.decision.ranking import score_and_rank
from core.economics.fiscal_years import by_fiscal_year, start_of_service
from core.garbage import put_off
from core.language import language
from core.memory import Memory
from core.performance import parameters as par
from core.recommendation import Notice, Option, Recommendation, notices_of, notices_of_words
from core.records import changed
from core.venues.base_case import base_case_of, compared
from core.venues.commitment_plan import commitment_plans
from core.venues.crossover import crossover
from core.venues.utilisation_curve import cost_against_utilisation
from core.words import _


class InvalidAssessmentError(ValueError):
    """The assessment cannot be assessed; ``problems`` names each field and what it allows."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in found))
        self.problems = tuple(found)


def assess(
    assessment: Assessment,
    catalog: Catalog,
    *,
    as_of: date,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> Recommendation:
    """Recommend where and on what to run the workloads. Deterministic.

    Own measurements of the assessment refit the performance terms. ``memory`` lets run after run
    on one catalog take over what an edit does not change; the answer is the same.
    Raises ``InvalidAssessmentError`` where a field holds something it must not.
    """
    found = problems(assessment, known_names(catalog, assessment, as_of))
    if found:
        raise InvalidAssessmentError(found)
    tell = progress or (lambda share, text: None)
    solved = None if memory is None else memory.solved(assessment, catalog)
    with put_off(), par.use(par.with_own(assessment.own_measurements)):
        return _recommend(assessment, catalog_of(assessment, catalog), as_of, tell, solved)


def _recommend(
    assessment: Assessment,
    catalog: Catalog,
    as_of: date,
    tell: Progress,
    solved: dict[Hashable, Candidates] | None,
) -> Recommendation:
    """The recommendation for a valid assessment under the performance parameters in force."""
    today, currency = as_of.isoformat(), currency_of(assessment, catalog)
    own = assessment.own_measurements
    run = cost_options(assessment, catalog, as_of, tell, solved=solved)
    study, base = run.study, base_case_of(run.study, run.options)
    costed = [compared(option, base) for option in run.options]

    tell(0.85, _("Decision"))
    options, rejected = score_and_rank(costed, assessment, catalog, today)
    summaries = tuple(demand.summary() for demand in study.demands)
    words = explain(assessment, options, rejected, summaries, catalog)
    options, rejected = _with_reasons(options, words), _with_reasons(rejected, words)
    options = tuple(_dated(option, assessment, as_of) for option in options)
    winner = options[0] if options else None

    tell(0.95, _("Comparison"))
    recommendation = Recommendation(
        assessment=assessment,
        as_of=today,
        version=core.__version__,
        currency=currency,
        demand=summaries,
        options=options,
        rejected=rejected,
        candidates_evaluated=candidate_count(study),
        headline=words.headline,
        confidence=words.confidence,
        confidence_reason=words.confidence_reason,
        reasons=words.reasons,
        risks=words.risks,
        conditions=words.conditions,
        general_purpose=general_purpose(study, best_with_hardware(options), costed),
        base_case="" if base is None else base.words,
        crossover=None
        if base is None
        else crossover(
            study,
            run.book,
            run.drafts,
            owned_options(options, rejected),
            base.usd_at,
            base.words,
        ),
        cost_against_utilisation=cost_against_utilisation(study, run.book, run.drafts, winner),
        notices=(
            *notices_of_words(assessment.project),
            *words.notices,
            *notices_of(doubts(assessment, currency.per_usd)),
            *([] if own is None else [Notice("info", own.summary)]),
            *overall_notices(study),
        ),
        names=(
            *chosen_names(assessment, catalog),
            *region_names({o.region for o in (*options, *rejected)}, assessment, catalog),
        ),
        language=language(),
        commitment_plans=tuple(
            told_plan(plan, currency)
            for plan in commitment_plans(study, run.book, run.drafts, options)
        ),
        lease_or_buy=tuple(
            told_lease(found, currency) for found in financing(options, rejected, study, catalog)
        ),
        trade_offs=words.trade_offs,
        limit_prices=words.limit_prices,
        paid_today_usd=base.cumulative_usd if base is not None and base.hosted is None else (),
        trial_rents=() if winner is None else trial.rents(winner, assessment, catalog),
    )
    tell(1.0, _("Done"))
    return recommendation


def _dated(option: Option, assessment: Assessment, as_of: date) -> Option:
    """An option whose depreciation is told in fiscal years too."""
    cost, weeks = option.cost, option.weeks_to_deploy
    if cost is None or not any(cost.depreciation_by_year_usd):
        return option
    ready = None if weeks is None else weeks.base
    start = start_of_service(as_of, assessment.site.date_needed, ready)
    if start is None:
        return option
    first_month = assessment.economics.fiscal_year_start_month
    yearly = by_fiscal_year(cost.depreciation_by_year_usd, start, first_month)
    lost = by_fiscal_year(cost.disposal_by_year_usd, start, first_month, at_end=True)
    cost = changed(
        cost,
        depreciation_by_fiscal_year_usd=yearly,
        disposal_by_fiscal_year_usd=tuple((year, usd) for year, usd in lost if usd),
    )
    return changed(option, cost=cost)


def _with_reasons(options: Iterable[Option], words: Explanation) -> tuple[Option, ...]:
    return tuple(changed(o, why=words.whys.get(o.id, "")) for o in options)
