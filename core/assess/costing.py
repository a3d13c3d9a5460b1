"""Every option with its bill: sized, put under load and costed, not yet gated or scored."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable
from datetime import date

from core.assessment import Assessment
from core.candidates import Candidates
from core.catalog.load import Catalog
from core.decision.gates import gates_for
from core.decision.ranking import score_and_rank
from core.decision.verdicts import failures
from core.recommendation import Option
from core.venues import hybrid
from core.venues.demand import demands_of
from core.venues.drafts import Drafts
from core.venues.every_venue import pure_options, size_all
from core.venues.service import ServiceBook, open_book
from core.venues.study import Study, near_rtt_ms, open_study
from core.words import _

Progress = Callable[[float, str], None]
SIZE_GATES = frozenset(("total_power", "feeds", "racks", "capex", "opex", "lead_time"))
"""Limits that a smaller owned base, or a venue the user did not name, may escape."""


@dataclasses.dataclass(frozen=True)
class Costed:
    """Every option with its bill, and what the bills were made from."""

    study: Study
    drafts: Drafts
    book: ServiceBook
    options: list[Option]


def cost_options(
    assessment: Assessment,
    catalog: Catalog,
    as_of: date,
    tell: Progress,
    *,
    bare: bool = False,
    known: Study | None = None,
    solved: dict[Hashable, Candidates] | None = None,
) -> Costed:
    """Size and cost every option of a valid assessment; nothing is gated or scored yet.

    ``known`` is an earlier study on the same catalog of the same workloads, horizon and network:
    its evaluated candidates are used again; so are those in ``solved``. ``bare`` leaves out what
    cannot change who wins: venues that are not to be considered (a hybrid may be made of them),
    latency curves, published runs nearby.
    """
    venues, distances = None, None
    if bare and "hybrid" not in assessment.site.venues:
        venues = assessment.site.venues
        if set(venues) <= {"on_premises", "edge"}:
            distances = (near_rtt_ms(catalog),)
    if known is None:
        tell(0.0, _("Demand"))
        demands = demands_of(assessment, catalog.models, catalog.traffic_shapes)
        tell(0.05, _("Candidates"))
        study = open_study(assessment, catalog, as_of, demands, distances=distances, solved=solved)
    else:
        study = dataclasses.replace(known, assessment=assessment)

    tell(0.4, _("Sizing"))
    drafts = size_all(study, venues)

    tell(0.5, _("Performance under load"))
    book = open_book(study, drafts.pools(), detailed=not bare)

    tell(0.7, _("Cost"))
    pure = pure_options(study, book, drafts)
    today = as_of.isoformat()
    admits = breaks_only(SIZE_GATES, assessment, catalog, today)
    stands = breaks_only(frozenset(), assessment, catalog, today)
    options = [*pure, *hybrid.options(study, book, drafts, pure, admits, stands)]
    return Costed(study, drafts, book, options)


def ranked_options(
    assessment: Assessment,
    catalog: Catalog,
    as_of: date,
    known: Study | None = None,
    solved: dict[Hashable, Candidates] | None = None,
) -> tuple[Study, tuple[Option, ...], tuple[Option, ...]]:
    """The study, and (feasible, rejected) as ``assess`` ranks them, without words: for re-runs."""
    run = cost_options(
        assessment,
        catalog,
        as_of,
        lambda share, text: None,
        bare=True,
        known=known,
        solved=solved,
    )
    options, rejected = score_and_rank(run.options, assessment, catalog, as_of.isoformat())
    return run.study, options, rejected


def candidate_count(study: Study) -> int:
    """Serving configurations evaluated, each at every network distance."""
    return sum(len(c.table) * len(c.capacities) for c in study.candidates)


def breaks_only(
    allowed: frozenset[str], assessment: Assessment, catalog: Catalog, as_of: str
) -> Callable[[Option], bool]:
    """Whether a pure option breaks no limits but some.

    But those of size (``SIZE_GATES``): it may be a part of a hybrid. But none: a hybrid that costs
    more than such a part is refused.
    """
    return lambda option: allowed.issuperset(_failed(option, assessment, catalog, as_of))


def _failed(option: Option, assessment: Assessment, catalog: Catalog, as_of: str) -> list[str]:
    """Keys of the limits that an option breaks."""
    return [gate.key for gate in failures(gates_for(option, assessment, catalog, as_of))]
