"""What the building provides for a fleet: power, heat, air or liquid, floor; and its limits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from core import facility
from core.charts.site import LIMITS
from core.decision.wording import number
from core.economics.assumptions import DEFAULTS
from core.fleet import NAMEPLATE_POWER, POWER_WITH_COOLING
from core.notation import local
from core.recommendation import Fleet, Option, Supply
from core.report.brief import Brief, num
from core.report.content import Blocks, Bullets, Column, Para, Table, Words
from core.report.quoting import filled, quoted
from core.report.sections.constraints import STATUS
from core.units import METRIC, celsius, converted, kelvin, name_of, read_as, units
from core.venues.racks import BREAKER_SHARE, POWER_FACTOR
from core.words import _, ngettext


def provisions(brief: Brief, option: Option) -> Blocks:
    """The needs of one rack (or site) and of all, what they rest on, and the site's limits."""
    fleet, site = option.fleet, brief.recommendation.assessment.site
    yield Para(
        _(
            "Feeds, cooling and racks are sized at nameplate power; energy is billed at the "
            "predicted average."
        )
    )
    yield _needs(fleet, facility.floor_kg_m2(fleet, site))
    yield Bullets(tuple(_bases(brief, option)), small=True)
    limits = [g for g in option.gates if g.key in LIMITS]
    if limits:
        yield Table(
            (
                Column(_("Limit of the site")),
                Column(_("Needed"), "", "decimal"),
                Column(_("Available"), "", "decimal"),
                Column(_("Unit")),
                Column(_("Status")),
            ),
            tuple(
                (
                    g.label,
                    num(converted(g.needed, g.unit)),
                    num(converted(g.limit, g.unit)),
                    name_of(g.unit),
                    _(STATUS[g.status]),
                )
                for g in limits
            ),
            caption=_("Against the limits of the site"),
        )


def _needs(fleet: Fleet, floor_kg_m2: float | None) -> Table:
    """A row each: what, for the fullest rack or one site, for all, unit."""
    one, every = facility.of_one(fleet), facility.of_all(fleet)
    rack = fleet.racks[0] if fleet.racks else None
    each = partial(facility.per_site, fleet)
    rows: list[tuple[str, float | None, float | None, str]] = [
        (_(NAMEPLATE_POWER), one.heat_kw, every.heat_kw, "kW"),
        (_("IT power, peak (predicted)"), each(fleet.peak_kw), fleet.peak_kw, "kW"),
        (
            _("IT power, average of the first year (predicted)"),
            each(fleet.average_kw),
            fleet.average_kw,
            "kW",
        ),
        (
            _(POWER_WITH_COOLING),
            each(fleet.facility_kw),
            fleet.facility_kw,
            "kW",
        ),
        (_("Heat to reject"), one.heat_kw, every.heat_kw, "kW"),
        (_("Supply air"), one.air_m3_h, every.air_m3_h, "m³/h"),
        (_("Flow of liquid, at most"), one.liquid_l_min, every.liquid_l_min, "L/min"),
        (_("Capacity of each feed"), one.feed_kva, every.feed_kva, "kVA"),
        (_("Current on each feed"), one.current_a, None, "A"),
        (_("Breaker of each feed"), one.breaker_a, None, "A"),
        (_("Height"), rack.height_u if rack else None, None if rack else fleet.height_u, _("U")),
        (
            _("Weight with racks and switches") if rack else _("Weight"),
            rack.weight_kg if rack else each(fleet.weight_kg),
            fleet.weight_kg,
            "kg",
        ),
        (_("Load of the floor"), floor_kg_m2, None, "kg/m²"),
    ]
    if units() != METRIC:
        at = next(i for i, row in enumerate(rows) if row[0] == _("Heat to reject"))
        heat = (_scaled(one.heat_kw), _scaled(every.heat_kw))
        rows.insert(at + 1, (_("Heat to reject"), *heat, "BTU/h"))
    shown = [row for row in rows if row[1] is not None or row[2] is not None]
    label, unit = Column(_("What facilities provide")), Column(_("Unit"))
    if max(fleet.rack_count, fleet.sites) <= 1:  # one place: the part is the whole
        return Table(
            (label, Column(_("Value"), "", "decimal"), unit),
            tuple(
                (name, num(converted(part if total is None else total, of)), name_of(of))
                for name, part, total, of in shown
            ),
            caption=_("At the largest year"),
        )
    racks = fleet.rack_count > 1
    count = number(fleet.rack_count if racks else fleet.sites)
    return Table(
        (
            label,
            Column(_("Fullest rack") if racks else _("Each site"), "", "decimal"),
            Column(
                (_("All {n} racks") if racks else _("All {n} sites")).format(n=count), "", "decimal"
            ),
            unit,
        ),
        tuple(
            (name, num(converted(part, of)), num(converted(total, of)), name_of(of))
            for name, part, total, of in shown
        ),
        caption=_("At the largest year"),
    )


def _scaled(kw: float | None) -> float | None:
    return None if kw is None else kw * facility.BTU_H_PER_KW


def _bases(brief: Brief, option: Option) -> Iterator[Words]:
    """What the figures of the table rest on, a sentence or two each."""
    fleet, site = option.fleet, brief.recommendation.assessment.site
    if fleet.rack_count:
        racks = ngettext("{n} rack.", "{n} racks.", fleet.rack_count)
        yield f"{racks.format(n=number(fleet.rack_count))} {fleet.rack_reason}"
    if fleet.cooling == "liquid":
        yield _liquid()
    elif fleet.cooling and fleet.rack_count:
        yield _air()
    elif fleet.cooling:
        yield _(
            "The boxes give their heat to the room. Which temperatures they stand is not in the "
            "catalog, ask the vendor."
        )
    if fleet.supply is not None:
        yield _feeds(fleet.supply, fleet.rack_count > 0 and site.redundant_feeds)
    if fleet.racks:
        area, unit = read_as(site.rack_footprint_m2, "m²")
        yield _(
            "Load of the floor: the weight of the heaviest rack over {area} {unit} (input)."
        ).format(area=number(area), unit=unit)


def _degrees(low: float, high: float) -> str:
    unit = celsius(low)[1]
    return _("{low} to {high} {unit}").format(
        low=number(celsius(low)[0]), high=number(celsius(high)[0]), unit=unit
    )


def _rise(key: str) -> str:
    value, unit = kelvin(DEFAULTS[key].base)
    return f"{number(value)} {unit}"


def _air() -> Words:
    template = _(
        "Air of {wide} at the inlets is recommended for servers of the classes A1 to A4, of "
        "{dense} for dense ones of class H1 ({source}); the class of this server is not in the "
        "catalog, ask the vendor. Supply air: heat / (density x specific heat x rise), air of "
        "{at} at sea level, rise of {rise} ({why})."
    )
    return filled(
        template,
        wide=_degrees(*facility.RECOMMENDED_AIR_C),
        dense=_degrees(*facility.DENSE_AIR_C),
        source=facility.AIR_SOURCE,
        at="{:g} {}".format(*celsius(20.0)),
        rise=_rise("air_rise_k"),
        why=quoted(DEFAULTS["air_rise_k"].provenance.source),
    )


def _liquid() -> Words:
    template = _(
        "Liquid: the classes {first} to {last} of ASHRAE are named after the warmest supply in "
        "°C. The class of this system and the share of its heat that stays in the air are not in "
        "the catalog, ask the vendor. Flow: all heat / (density x specific heat x rise), water, "
        "rise of {rise} ({why})."
    )
    return filled(
        template,
        first=facility.LIQUID_CLASSES[0],
        last=facility.LIQUID_CLASSES[-1],
        rise=_rise("liquid_rise_k"),
        why=quoted(DEFAULTS["liquid_rise_k"].provenance.source),
    )


def _feeds(supply: Supply, redundant: bool) -> str:
    phases = _("three phases") if supply.phases == 3 else _("one phase")
    told = _(
        "Feeds: {volts} V, {phases}, power factor {factor}, load of at most {most} % of the "
        "breaker, whose size is the next one of {standard}."
    ).format(
        volts=number(supply.volts),
        phases=phases,
        factor=local(f"{POWER_FACTOR:g}"),
        most=number(100.0 * BREAKER_SHARE),
        standard=supply.standard,
    )
    return f"{told} {_('Feed A and feed B each carry everything.')}" if redundant else told
