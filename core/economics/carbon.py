"""Carbon that making the hardware caused, and where the grid's intensity comes from."""

from __future__ import annotations

from core.catalog.types import Region
from core.economics.assumptions import Assumptions
from core.notation import local
from core.words import _

ACCELERATORS_PER_REFERENCE_SERVER = 8.0


def embodied_kg(assume: Assumptions, accelerators: float, units: float) -> float:
    """kgCO2e of a fleet: per accelerator, plus the server around them.

    The server's share scales with its accelerators (the reference server holds eight), so a
    two-accelerator edge box counts a quarter.
    """
    if units <= 0:
        return 0.0
    boxes = accelerators / ACCELERATORS_PER_REFERENCE_SERVER
    return accelerators * assume.base("embodied_kg_accelerator") + boxes * assume.base(
        "embodied_kg_server"
    )


def grid_source(region: Region) -> str:
    """Citation of a region's grid intensity."""
    if region.carbon_kg_kwh is None:
        return _("Grid intensity of {name} is not known").format(name=region.name)
    return _(
        "{name}: {carbon_kg_kwh} kgCO2e/kWh in {carbon_year} ({carbon_source}); "
        "embodied carbon: ecologits 0.11.3"
    ).format(
        name=region.name,
        carbon_kg_kwh=local(f"{region.carbon_kg_kwh:.3f}"),
        carbon_year=region.carbon_year,
        carbon_source=region.carbon_source,
    )
