"""The pipeline: an assessment and a catalog in, a recommendation out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import core
from core.assessment import Assessment, Problem, problems
from core.catalog.load import Catalog
from core.decision.explanation import explain
from core.decision.facts import currency_of
from core.decision.ranking import score_and_rank
from core.economics.utilisation_curve import cost_against_utilisation
from core.recommendation import Recommendation
from core.venues import all_options, size_all
from core.venues.demand import demands_of
from core.venues.service import open_book

Progress = Callable[[float, str], None]


class InvalidAssessmentError(ValueError):
    """The assessment cannot be assessed; ``problems`` names each field and what it allows."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in found))
        self.problems = tuple(found)


def known_names(catalog: Catalog) -> dict[str, frozenset[str]]:
    """Ids allowed in fields that choose from the catalog, by the field's ``choices_from``."""
    return {
        "models": frozenset(catalog.models),
        "regions": frozenset(catalog.regions),
        "use_cases": frozenset(catalog.use_cases),
        "traffic_shapes": frozenset(catalog.traffic_shapes),
        "links": frozenset(catalog.links),
    }


def assess(
    assessment: Assessment, catalog: Catalog, *, as_of: date, progress: Progress | None = None
) -> Recommendation:
    """Recommend where and on what to run the workloads. Deterministic.

    Raises ``InvalidAssessmentError`` where a field holds something it must not.
    """
    found = problems(assessment, known_names(catalog))
    if found:
        raise InvalidAssessmentError(found)
    tell = progress or (lambda share, text: None)

    tell(0.0, "Demand")
    demands = demands_of(assessment, catalog.models, catalog.traffic_shapes)

    tell(0.05, "Candidates")
    study = study_of(assessment, catalog, as_of, demands)

    tell(0.4, "Sizing")
    drafts = size_all(study)

    tell(0.5, "Performance under load")
    book = open_book(study, drafts.pools())

    tell(0.7, "Cost")
    costed = all_options(study, book, drafts)
    costed, base_case = against_base_case(study, costed)

    tell(0.85, "Decision")
    options, rejected = score_and_rank(costed, assessment, catalog, as_of.isoformat())
    summaries = tuple(demand.summary() for demand in demands)
    words = explain(assessment, options, rejected, summaries, catalog, as_of.isoformat())
    options, rejected = _with_reasons(options, words), _with_reasons(rejected, words)
    winner = options[0] if options else None

    tell(0.95, "Comparison")
    recommendation = Recommendation(
        assessment=assessment,
        as_of=as_of.isoformat(),
        version=core.__version__,
        currency=currency_of(assessment, catalog),
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
        general_purpose=general_purpose(study, winner),
        base_case=base_case,
        cost_against_utilisation=cost_against_utilisation(study, book, drafts, winner),
        notices=(*words.notices, *notices(study)),
    )
    tell(1.0, "Done")
    return recommendation
