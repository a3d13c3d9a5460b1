"""What is to be known of an answer as a whole: old facts, the exchange rate, what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.catalog.types import OWNED_VENUES
from core.decision.facts import HOSTED, currency_of
from core.findings import FOLLOWED_OF_MANY, MOST_SEARCHED_WHOLE
from core.notation import day, local
from core.recommendation import Notice
from core.venues.study import Study
from core.words import _


def overall_notices(study: Study) -> tuple[Notice, ...]:
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
                    as_of=day(currency.provenance.as_of) or _("undated"),
                ),
            )
        )
    found.extend(_missing_parts(study.assessment.site.venues))
    workloads = len(study.assessment.workloads)
    if workloads > MOST_SEARCHED_WHOLE:
        text = _(
            "With {n} workloads the analysis searches less by itself: the futures of {options} "
            "options, what would admit only the nearest rejected ones, and no questions of how "
            "much fits or what makes a venue win. Up to {most} workloads are searched in full; "
            "choose an option in the window, or ask on the command line, for the rest."
        )
        found.append(
            Notice(
                "info", text.format(n=workloads, options=FOLLOWED_OF_MANY, most=MOST_SEARCHED_WHOLE)
            )
        )
    found.append(
        Notice(
            "info",
            _(
                "Taxes, the cost of changing your applications, data preparation and the floor "
                "space of your own rooms are left out. Prices are nominal list prices unless a "
                "line says otherwise."
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
        (OWNED_VENUES, _("own part (on-premises, colocation or edge)")),
        (HOSTED, _("hosted part (a cloud or a token API)")),
    ):
        if not asked & part:
            yield Notice(
                "info",
                _(
                    "No hybrid was built: a hybrid is made of venues to consider, and none is "
                    "for its {named}."
                ).format(named=named),
            )
