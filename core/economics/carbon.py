"""Carbon that making the hardware caused, and where the grid's intensity comes from."""

from __future__ import annotations

from core.catalog.types import Region
from core.economics.assumptions import Assumptions

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
        return f"Grid intensity of {region.name} is not known"
    return (
        f"{region.name}: {region.carbon_kg_kwh:.3f} kgCO2e/kWh in {region.carbon_year} "
        f"({region.carbon_source}); embodied carbon: ecologits 0.11.3"
    )
