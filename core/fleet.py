"""A fleet as results tell it: its servers, racks and supply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.records import quickly_made
from core.words import N_

NAMEPLATE_POWER = N_("IT power, nameplate")
PEAK_POWER = N_("IT power, peak")
AVERAGE_POWER = N_("IT power, average of the first year")
POWER_WITH_COOLING = N_("Nameplate power with cooling")
"""What the powers of a fleet are called, wherever one stands alone."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Rack:
    """One rack of the site plan."""

    number: int
    servers: tuple[tuple[str, float, float], ...]
    """(name, height in U, nameplate kW) from the bottom up."""
    power_kw: float
    limit_kw: float | None
    height_u: float
    limit_u: float
    weight_kg: float | None


@quickly_made
@dataclass(frozen=True, slots=True)
class Supply:
    """The electrical supply that currents are told for."""

    volts: float
    """Between phases of a three-phase feed, or of the one phase."""
    phases: Literal[1, 3]
    standard: Literal["IEC", "NEC"]
    """Whose rated currents its breakers have."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Fleet:
    """The hardware (or instances) of an option, all sites together, at its largest year."""

    unit: str
    """``servers``, ``instances``, ``racks`` or ``""`` for an API."""
    platform_id: str | None
    platform_name: str
    units_by_year: tuple[int, ...]
    """Units needed at the peak of each year with spares."""
    spares: int
    accelerators: int
    sites: int
    nameplate_kw: float | None
    average_kw: float | None
    """Predicted IT power averaged over the first year."""
    peak_kw: float | None
    facility_kw: float | None
    """The nameplate's, with cooling and losses."""
    heat_kw: float | None
    racks: tuple[Rack, ...]
    rack_count: int
    kw_per_rack: float | None
    weight_kg: float | None
    height_u: float | None
    """Of all servers, with the switches of their racks."""
    feed_kva: float | None
    utilisation: float | None
    """Demand tokens over capacity tokens, average of the first year, 0..1. Capacity is of what is
    paid, hours that run only while work queues for them included."""
    utilisation_by_year: tuple[float, ...]
    network_ports: int
    availability: float | None
    spares_by_year: tuple[int, ...] = ()
    """Units of each year beyond what its peak needs; empty where they are not known."""
    rack_reason: str = ""
    """The limit that the number of racks follows from, as a sentence; empty without a rack plan."""
    cooling: str = ""
    """What cools the servers: ``air`` or ``liquid``; empty where the provider plans it."""
    supply: Supply | None = None
    """Of its racks, or of one box at an edge site; ``None`` where the provider plans it."""
    switches: int = 0
    """Network switches in all racks; those inside a rack that is sold whole are not counted."""
    cold_spares: int = 0
    """Further boxes kept in store for all edge sites, unpowered, at the largest year."""
    standing_utilisation_by_year: tuple[float, ...] = ()
    """``utilisation_by_year`` of the units alone that are paid whether they are full or not; zeros
    where none are, empty where the use is not known or an option has several places."""
    cold_spares_by_year: tuple[int, ...] = ()
    """The same by year; empty where none are kept. Bought and leased beside ``units_by_year``."""
    racks_not_listed: int = 0
    """Further racks of a large fleet that ``racks`` leaves out, none fuller than the last there."""
