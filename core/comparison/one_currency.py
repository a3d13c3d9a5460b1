"""Assessments made in different currencies, brought into one before they are compared."""

from __future__ import annotations

from collections.abc import Sequence

from core.assessment import Assessment, get_value, with_value
from core.catalog.load import Catalog
from core.catalog.types import Provenance
from core.notation import day, local, quoted
from core.words import _

MONEY = (
    "economics.capex_limit",
    "economics.opex_limit_per_year",
    "economics.current_cost_per_year",
    "economics.electricity_price_kwh",
)
"""Inputs that are amounts in the assessment's own currency."""


def in_one_currency(
    assessments: Sequence[Assessment], names: Sequence[str], catalog: Catalog
) -> tuple[list[Assessment], list[str]]:
    """The assessments in the first one's currency, and a sentence for each that was converted.

    Amounts that a user typed are converted at the catalog's rates; prices of the catalog are in
    US dollars and follow by themselves. Raises CatalogError for an unknown currency.
    """
    wanted = assessments[0].economics.currency
    found, notes = [], []
    for assessment, name in zip(assessments, names, strict=True):
        code = assessment.economics.currency
        if code != wanted:
            rate = catalog.per_usd(wanted) / catalog.per_usd(code)
            assessment = _converted(assessment, wanted, rate)
            source = _source(catalog, wanted if code == "USD" else code)
            notes.append(
                _("{name} was entered in {code}; it is told here in {wanted}, at {rate} {wanted} "
                  "per {code} ({source}, {date}).").format(
                    name=quoted(name), code=code, wanted=wanted, rate=local(f"{rate:.4g}"),
                    source=source.source, date=day(source.as_of) or _("undated"),
                )
            )  # fmt: skip  # one sentence
        found.append(assessment)
    return found, notes


def _converted(assessment: Assessment, code: str, rate: float) -> Assessment:
    changed = with_value(assessment, "economics.currency", code)
    for path in MONEY:
        value = get_value(assessment, path)
        if value is not None:
            changed = with_value(changed, path, value * rate)
    return changed


def _source(catalog: Catalog, code: str) -> Provenance:
    return catalog.currency(code).provenance
