"""The pipeline: an assessment and a catalog in, a recommendation out."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date

import numpy as np

import core
from core.assessment import AS_OF, PARAMETERS, Assessment, Problem, problems
from core.assessment.doubts import doubts
from core.candidates import Candidates
from core.catalog.load import Catalog
from core.catalog.types import OWNED_VENUES
from core.decision.explanation import Explanation, explain
from core.decision.facts import currency_of
from core.decision.financing_words import told_lease, told_plan
from core.decision.gates import gates_for
from core.decision.general_purpose import CPU, TRAINING, compare
from core.decision.ranking import score_and_rank
from core.decision.verdicts import failures
from core.economics.fiscal_years import by_fiscal_year, start_of_service
from core.economics.lease_or_buy import lease_or_buy
from core.garbage import put_off
from core.language import language
from core.memory import Memory
from core.notation import day, local
from core.performance import parameters as par
from core.recommendation import GeneralPurpose, LeaseOrBuy, Notice, Option, Recommendation
from core.records import changed
from core.venues import hybrid
from core.venues.base_case import base_case_of, compared
from core.venues.commitment_plan import commitment_plans
from core.venues.crossover import crossover
from core.venues.demand import demands_of
from core.venues.drafts import Drafts
from core.venues.every_venue import pure_options, size_all
from core.venues.reference import cpu_reference, training_reference
from core.venues.service import ServiceBook, open_book
from core.venues.study import Study, near_rtt_ms, open_study
from core.venues.utilisation_curve import cost_against_utilisation
from core.words import _

Progress = Callable[[float, str], None]
MOST_FINANCED = 3
"""Options for which leasing is set beside buying."""
SIZE_GATES = frozenset(("total_power", "feeds", "racks", "capex", "opex", "lead_time"))
"""Limits that a smaller owned base, or a venue the user did not name, may escape."""


class InvalidAssessmentError(ValueError):
    """The assessment cannot be assessed; ``problems`` names each field and what it allows."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in found))
        self.problems = tuple(found)


def catalog_of(assessment: Assessment, catalog: Catalog) -> Catalog:
    """The catalog with the models that the assessment brings along."""
    return catalog.with_models(assessment.custom_models)


def known_names(
    catalog: Catalog, assessment: Assessment | None = None, as_of: date | None = None
) -> dict[str, frozenset[str]]:
    """Ids allowed in fields that choose from the catalog, by the field's ``choices_from``.

    With an assessment, the models that it brings along are allowed too. Under ``PARAMETERS``: what
    own measurements may stand on; under ``AS_OF``: the day of the answer.
    """
    own = () if assessment is None else assessment.custom_models
    return {
        "models": frozenset(catalog.models).union(model.id for model in own),
        "regions": frozenset(catalog.regions),
        "use_cases": frozenset(catalog.use_cases),
        "traffic_shapes": frozenset(catalog.traffic_shapes),
        "links": frozenset(catalog.links),
        PARAMETERS: frozenset({par.shipped().digest}),
        AS_OF: frozenset(() if as_of is None else (as_of.isoformat(),)),
    }


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
    words = explain(assessment, options, rejected, summaries, catalog, today)
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
            *words.notices,
            *(
                Notice("warning", f"{item.label}: {item.question}")
                for item in doubts(assessment, currency.per_usd)
            ),
            *([] if own is None else [Notice("info", own.summary)]),
            *notices(study),
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
            told_lease(found, currency) for found in financing(options, study, catalog)
        ),
        trade_offs=words.trade_offs,
        limit_prices=words.limit_prices,
    )
    tell(1.0, _("Done"))
    return recommendation


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


def chosen_names(assessment: Assessment, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """(id, name) of the catalog rows that an assessment refers to, once each."""
    site, found = assessment.site, {}
    for workload in assessment.workloads:
        for model in (workload.model, workload.replaced_by):
            if model is not None:
                found[model] = catalog.models[model].name
        found[workload.use_case] = _(catalog.use_cases[workload.use_case].title)
        found[workload.traffic_shape] = _(catalog.traffic_shapes[workload.traffic_shape].title)
    found[site.region] = _(catalog.regions[site.region].name)
    found[site.wan_link] = _(catalog.links[site.wan_link].title)
    return tuple(found.items())


def region_names(
    regions: Iterable[str], assessment: Assessment, catalog: Catalog
) -> Iterator[tuple[str, str]]:
    """(id, name) of the regions that options are in, but for the assessment's own."""
    for key in sorted(set(regions) - {assessment.site.region}):
        if key in catalog.regions:
            yield key, _(catalog.regions[key].name)


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


def owned_options(options: Sequence[Option], rejected: Sequence[Option]) -> tuple[Option, ...]:
    """Priced options with nothing but own servers; where none is feasible, the nearest one."""
    feasible, others = (
        tuple(o for o in found if o.venue in OWNED_VENUES and o.cost is not None)
        for found in (options, rejected)
    )
    return feasible or others[:1]


def best_with_hardware(options: Iterable[Option]) -> Option | None:
    """The best option whose hardware is visible, else the best: an API's cannot be compared."""
    ranked = tuple(options)
    return next((o for o in ranked if o.venue != "token_api"), ranked[0] if ranked else None)


def financing(options: Iterable[Option], study: Study, catalog: Catalog) -> Iterator[LeaseOrBuy]:
    """Leasing beside buying for the best options that own servers."""
    owning = (o for o in options if o.cost and o.fleet.platform_id in catalog.platforms)
    for option in itertools.islice(owning, MOST_FINANCED):
        price = catalog.platforms[option.fleet.platform_id or ""].price_usd
        if price is not None:
            fleet = option.fleet
            stored = fleet.cold_spares_by_year or 0  # boxes in store are bought and leased as well
            units = np.array(fleet.units_by_year, dtype=np.int64) + np.array(stored, dtype=np.int64)
            rates = study.assume["lease_rate_year"]
            yield lease_or_buy(option.id, option.title, units, price.base, study.money, rates)


def general_purpose(
    study: Study, winner: Option | None, costed: Iterable[Option]
) -> tuple[GeneralPurpose, ...]:
    """The workload on general-purpose hardware beside the best option with hardware."""
    if winner is None:
        return ()
    references = [
        (TRAINING, training_reference(study, winner)),
        (CPU, cpu_reference(study, winner, costed)),
    ]
    return compare(winner, references, [demand.summary() for demand in study.demands])


def notices(study: Study) -> tuple[Notice, ...]:
    """Stale facts, the exchange rate in force, and what is left out."""
    found = list(_old_facts(study))
    currency = currency_of(study.assessment, study.catalog)
    if currency.code != "USD":
        found.append(
            Notice(
                "info",
                _(
                    "Money is shown in {code} at {per_usd} per US dollar ({source}, {as_of})."
                ).format(
                    code=currency.code,
                    per_usd=local(f"{currency.per_usd:g}"),
                    source=currency.provenance.source,
                    as_of=currency.provenance.as_of or _("undated"),
                ),
            )
        )
    found.extend(_missing_parts(study.assessment.site.venues))
    found.append(
        Notice(
            "info",
            _(
                "Taxes, the cost of changing your applications and data preparation are left "
                "out. Prices are nominal list prices unless a line says otherwise."
            ),
        )
    )
    return tuple(found)


def _old_facts(study: Study) -> Iterator[Notice]:
    """One warning that lists every table with facts past their age."""
    by_limit: dict[int, list[str]] = {}
    for table in study.catalog.stale(study.as_of):
        text = _("{table} ({count}, the oldest of {oldest})") if table.oldest else _(
            "{table} ({count})"
        )  # fmt: skip  # one form or the other
        told = text.format(table=_(table.table), count=table.count, oldest=table.oldest)
        by_limit.setdefault(table.limit_days, []).append(told)
    if by_limit:
        groups = [
            _("Undated or older than {limit_days} days: {tables}.").format(
                limit_days=limit, tables=", ".join(tables)
            )
            for limit, tables in sorted(by_limit.items())
        ]
        lead = _("Some figures are old on {date}: check them before you order.")
        yield Notice("warning", " ".join((lead.format(date=day(study.as_of.isoformat())), *groups)))


def _missing_parts(venues: Iterable[str]) -> Iterator[Notice]:
    """Says so where a hybrid is to be considered, but no venue for one of its parts is."""
    asked = set(venues)
    if "hybrid" not in asked:
        return
    for part, named in (
        ({"on_premises", "colocation", "edge"}, _("own part (on-premises, colocation or edge)")),
        ({"public_cloud", "gpu_cloud", "token_api"}, _("hosted part (a cloud or a token API)")),
    ):
        if not asked & part:
            yield Notice(
                "info",
                _(
                    "No hybrid was built: a hybrid is made of venues to consider, and none is "
                    "for its {named}."
                ).format(named=named),
            )


def _dated(option: Option, assessment: Assessment, as_of: date) -> Option:
    """An option whose depreciation is told in fiscal years too."""
    cost, weeks = option.cost, option.weeks_to_deploy
    if cost is None or not any(cost.depreciation_by_year_usd):
        return option
    ready = None if weeks is None else weeks.base
    start = start_of_service(as_of, assessment.site.date_needed, ready)
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
