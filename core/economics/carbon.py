"""Carbon that making the hardware caused, and where the grid's intensity comes from."""

from __future__ import annotations

from core.catalog.types import Platform, Region
from core.economics.assumptions import Assumptions
from core.notation import local
from core.words import _

ACCELERATORS_PER_REFERENCE_SERVER = 8.0


SMALL_BOX_KG = 10.0
"""A box for the edge lighter than this is a small computer and not a part of a server."""


def is_small_box(platform: Platform | None) -> bool:
    """Whether a platform is a small computer, like a kiosk PC or a desktop box."""
    if platform is None or platform.kind != "edge":
        return False
    return platform.weight_kg is None or platform.weight_kg < SMALL_BOX_KG


def embodied_kg(
    assume: Assumptions, accelerators: float, units: float, platform: Platform | None = None
) -> float:
    """kgCO2e of a fleet: per accelerator, plus the server around them.

    The server's share scales with its accelerators (the reference server holds eight), so a
    two-accelerator edge server counts a quarter. Small boxes count by their weight, as far as
    makers of small computers publish it; those of unknown weight as a typical one.
    """
    if units <= 0:
        return 0.0
    if platform is not None and is_small_box(platform):
        weight = platform.weight_kg or assume.base("small_box_kg")
        return units * weight * assume.base("embodied_kg_per_kg_small_box")
    boxes = accelerators / ACCELERATORS_PER_REFERENCE_SERVER
    return accelerators * assume.base("embodied_kg_accelerator") + boxes * assume.base(
        "embodied_kg_server"
    )


def embodied_source(assume: Assumptions, platform: Platform | None) -> str:
    """What the embodied carbon of a platform rests on."""
    if platform is None or not is_small_box(platform):
        return _("embodied carbon: EcoLogits 0.11.3")
    per_kg = assume["embodied_kg_per_kg_small_box"]
    weight = platform.weight_kg or assume.base("small_box_kg")
    return _("embodied carbon: {weight} kg{guess} x {base} kgCO2e per kg ({low} to {high})").format(
        weight=local(f"{weight:g}"),
        guess="" if platform.weight_kg else _(" (assumed)"),
        base=local(f"{per_kg.base:g}"),
        low=local(f"{per_kg.low:g}"),
        high=local(f"{per_kg.high:g}"),
    )


def grid_source(region: Region) -> str:
    """Citation of a region's grid intensity."""
    if region.carbon_kg_kwh is None:
        return _("Grid intensity of {name} is not known").format(name=_(region.name))
    return _("{name}: {carbon_kg_kwh} kgCO2e/kWh in {carbon_year} ({carbon_source})").format(
        name=_(region.name),
        carbon_kg_kwh=local(f"{region.carbon_kg_kwh:.3f}"),
        carbon_year=region.carbon_year,
        carbon_source=region.carbon_source,
    )
