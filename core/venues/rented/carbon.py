"""Energy, emissions and water of rented instances, where they stand."""

from __future__ import annotations

from core.catalog.types import CloudOffer
from core.economics.carbon import grid_source
from core.notation import local
from core.performance.types import Floats
from core.recommendation import Carbon
from core.venues.cloud_region import region_of
from core.venues.drafts import RentedDraft
from core.venues.emissions import carbon_of
from core.venues.energy import Draw
from core.venues.study import Study
from core.words import _


def carbon_of_instances(
    study: Study, draft: RentedDraft, draw: Draw, mean_instances: Floats
) -> Carbon:
    """Energy and emissions of rented instances, on the grid of their region."""
    offer = draft.offer
    region = study.region if draft.elsewhere else region_of(study.catalog, offer.country_iso3)
    pue = study.assume.base("public_cloud_pue")
    intensity = None if region is None else region.carbon_kg_kwh
    source = (
        _("The grid of the cloud region is not known")
        if region is None
        else _("{grid}; PUE {pue}; predicted power of the instances").format(
            grid=grid_source(region), pue=local(f"{pue:.2f}")
        )
    )
    accelerators = mean_instances * offer.accelerator_count
    return carbon_of(
        study,
        draw.kwh_by_year,
        pue,
        intensity,
        source,
        accelerators,  # type: ignore[arg-type]  # averages, not counts
        mean_instances,  # type: ignore[arg-type]  # averages, not counts
        water=_water(study, offer),
    )


def _water(study: Study, offer: CloudOffer) -> tuple[float | None, str]:
    """What the large clouds publish; the specialised ones publish none."""
    if offer.venue != "public_cloud":
        return None, ""
    published = study.assume["public_cloud_wue_l_kwh"]
    return published.base, (
        _("{base} L per kWh ({low} to {high}): {source}").format(
            base=local(f"{published.base:g}"),
            low=local(f"{published.low:g}"),
            high=local(f"{published.high:g}"),
            source=published.provenance.source,
        )
    )
