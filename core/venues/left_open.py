"""What inputs that are left open amount to: the values of the region that stand in for them."""

from __future__ import annotations

from datetime import date

from core.assessment import Assessment
from core.candidates import Policy
from core.catalog.errors import UnknownNameError
from core.catalog.load import Catalog
from core.catalog.types import Provenance
from core.venues.on_premises import room_pue
from core.venues.study import Study


def left_open(assessment: Assessment, catalog: Catalog) -> dict[str, tuple[float, Provenance]]:
    """Path of each input left open: the value used for it, in the input's unit, and its source.

    Electricity in the user's currency per kWh, an engineer in USD a year, the PUE of the own room
    (facility power over IT power). Empty where region or currency are none of the catalog's.
    """
    economics, site = assessment.economics, assessment.site
    try:
        per_usd = catalog.per_usd(economics.currency)
    except UnknownNameError:
        return {}
    if site.region not in catalog.regions:
        return {}
    study = Study(assessment, catalog, date.min, (), (), Policy())
    found: dict[str, tuple[float, Provenance]] = {}
    if economics.electricity_price_kwh is None:
        price = study.tariff.base * per_usd
        found["economics.electricity_price_kwh"] = price, study.tariff.provenance
    if economics.staff_cost_usd_year is None:
        staff = study.staff_usd_year
        found["economics.staff_cost_usd_year"] = staff.base, staff.provenance
    if site.pue is None:
        found["site.pue"] = room_pue(study)
    return found
