"""The score for power density: rack, room, cooling and floor against their limits."""

from __future__ import annotations

from core.assessment import Assessment
from core.decision.anchors import POWER_FULL_SHARE
from core.decision.facts import DecisionCatalog, at_edge_sites, platform_of
from core.decision.rating import (
    LABELS,
    Rating,
    headroom_score,
    not_applicable,
    not_known,
)
from core.decision.site_gates import rack_kw, room_of
from core.decision.wording import measured, number, percent
from core.facility import floor_kg_m2
from core.recommendation import Option
from core.units import read_as
from core.venues import cooling
from core.words import N_, _

_POWER_FORMULA = N_(
    "100 × (1 − r) / (1 − 0.5), between 0 and 100; r is the largest of power of the fullest "
    "rack (in as few racks as hold the servers), total power, heat per rack over what the cooling "
    "class carries, and floor load, each over the site's limit"
)


def power_density(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Rating:
    """The worst of the limits of power and weight; for edge sites, the power of a site."""
    used: list[tuple[float, str]] = []
    site, fleet = assessment.site, option.fleet
    if at_edge_sites(option):
        if fleet.nameplate_kw is not None and site.edge_site_power_kw:
            kw = fleet.nameplate_kw / max(fleet.sites, 1)
            used.append(
                (
                    kw / site.edge_site_power_kw,
                    _("{kw} of {edge_site_power_kw} kW per site").format(
                        kw=number(kw), edge_site_power_kw=number(site.edge_site_power_kw)
                    ),
                )
            )
        return _worst_power(used)
    room = room_of(option, assessment)
    if room is None:
        return not_applicable(
            "power_density", _("Not applicable: the provider powers and cools it."), _POWER_FORMULA
        )
    platform = platform_of(option, catalog)
    per_rack = rack_kw(option, platform)
    if per_rack is not None:
        if room.rack_kw:
            used.append(
                (
                    per_rack / room.rack_kw,
                    _("{per_rack} of {rack_kw} kW per rack").format(
                        per_rack=number(per_rack), rack_kw=number(room.rack_kw)
                    ),
                )
            )
        _least, most = cooling.KW_PER_RACK.get(room.cooling, (0.0, 0.0))
        if most:
            text = _("{per_rack} kW of heat per rack of the {most} that {cooling} carries").format(
                per_rack=number(per_rack),
                most=number(most),
                cooling=_(cooling.NAMES[room.cooling]),
            )
            used.append((per_rack / most, text))
    if room.total_kw and fleet.nameplate_kw is not None:
        used.append(
            (
                fleet.nameplate_kw / room.total_kw,
                _("{nameplate_kw} of {total_kw} kW in total").format(
                    nameplate_kw=number(fleet.nameplate_kw), total_kw=number(room.total_kw)
                ),
            )
        )
    load = floor_kg_m2(fleet, site)
    if room.floor_load_kg_m2 and load is not None:
        used.append(
            (
                load / room.floor_load_kg_m2,
                _("{load} of {limit} on the floor").format(
                    load=number(read_as(load, "kg/m²")[0]),
                    limit=measured(room.floor_load_kg_m2, "kg/m²"),
                ),
            )
        )
    return _worst_power(used)


def _worst_power(used: list[tuple[float, str]]) -> Rating:
    if not used:
        return not_known(
            "power_density",
            _("Not known: the site's limits or the hardware's power are missing."),
            _POWER_FORMULA,
        )
    ratio, text = max(used)
    return Rating(
        "power_density",
        _(LABELS["power_density"]),
        headroom_score(ratio, POWER_FULL_SHARE),
        f"{text} ({percent(ratio)}).",
        _(_POWER_FORMULA),
    )
