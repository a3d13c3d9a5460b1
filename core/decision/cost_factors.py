"""Why one option costs so many times another: the ratio as a product over the five constraints.

For the same demand, the present cost of an option is

    cost = price x (1 + staff / price) x (1 + energy / rest)
           x W / bandwidth x (saturated / within targets) / utilisation

with the accelerator-years ``W / bandwidth x ... / utilisation`` written out: ``W`` is the memory
traffic that the demand takes at saturation (GB/s, what precision, caching and batching decide),
``bandwidth`` what an accelerator sustains, ``saturated / within targets`` how much of a replica's
throughput the latency targets leave, ``utilisation`` how much of the capacity that stands there
is used. The quotient of two such products is exact; no term is fitted or estimated.

Where the load decides the size of a fleet. Where one server does for it, a fleet is the smallest
there is and what its hardware could do changes nothing: then the last four are one factor, the
accelerators that stand there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.decision.facts import US_DOLLAR
from core.decision.wording import money, number, percent
from core.fleet import Fleet
from core.recommendation import CostFactor, Currency, Option, WorkloadDemand
from core.words import _


@dataclass(frozen=True)
class _Terms:
    """The terms of one option's cost."""

    price_usd: float
    """Per accelerator-year, staff and energy left out."""
    staff_share: float
    """Staff over what the price counts."""
    energy_share: float
    """Energy over the rest of the bill."""
    traffic_gb_s: float
    bandwidth_gb_s: float
    within_targets: float
    """Throughput within the targets over saturated throughput."""
    utilisation: float
    accelerators: float
    """That stand there, summed over the years."""
    years: int
    smallest: bool
    """One server (at each site) does for the load of every year."""
    sites: int

    @property
    def per_year(self) -> float:
        """Accelerators that stand there, on average."""
        return self.accelerators / self.years


def cost_factors(
    best: Option,
    other: Option,
    demand: Sequence[WorkloadDemand],
    currency: Currency = US_DOLLAR,
) -> tuple[CostFactor, ...]:
    """What the cost of ``other`` over that of ``best`` is made of, largest first.

    Empty where a part is not known (hosted APIs, hybrids).
    """
    one, two = _terms(best, demand), _terms(other, demand)
    if one is None or two is None:
        return ()
    found = (
        CostFactor(
            "price",
            _("Price of a chip"),
            two.price_usd / one.price_usd,
            _("{other} against {best} per chip and year, without staff and energy").format(
                other=money(two.price_usd, currency), best=money(one.price_usd, currency)
            ),
        ),
        CostFactor(
            "staff",
            _("Staff"),
            (1.0 + two.staff_share) / (1.0 + one.staff_share),
            _("for every 100 of the rest of the bill, staff costs {other} against {best}").format(
                other=number(100.0 * two.staff_share, 2), best=number(100.0 * one.staff_share, 2)
            ),
        ),
        CostFactor(
            "power_density",
            _("Power"),
            (1.0 + two.energy_share) / (1.0 + one.energy_share),
            _("energy adds {other} against {best} to the rest of the bill").format(
                other=percent(two.energy_share), best=percent(one.energy_share)
            )
            if one.energy_share or two.energy_share
            else _("energy is in the price of both"),
        ),
        *(_smallest(one, two) if one.smallest or two.smallest else _by_load(one, two)),
    )
    return tuple(sorted(found, key=lambda f: -f.factor))


def _smallest(one: _Terms, two: _Terms) -> tuple[CostFactor, ...]:
    """The fleets' sizes, where the load does not decide one of them."""
    if one.smallest and two.smallest and one.sites == two.sites > 1:
        why = _(
            "the reference has {other} chips on average over the years, the best option {best}: "
            "one server is enough for the load of a place, at {best_places} places on either side"
        )
    elif one.smallest and two.smallest and max(one.sites, two.sites) > 1:
        why = _(
            "the reference has {other} chips on average over the years, the best option {best}: "
            "one server is enough for the load of a place, at {other_places} and {best_places} "
            "places"
        )
    elif one.smallest and two.smallest:
        why = _(
            "the reference has {other} chips on average over the years, the best option {best}: "
            "on either side one server is enough for the load, whatever more it could do"
        )
    elif two.smallest:
        why = _(
            "the reference has {other} chips on average over the years, the best option {best}: "
            "one server of the reference is enough for the load"
        )
    else:
        why = _(
            "the reference has {other} chips on average over the years, the best option {best}: "
            "one server of the best option is enough for the load"
        )
    reason = why.format(
        other=number(two.per_year, 2),  # from rates and shares, so no better known
        best=number(one.per_year, 2),
        other_places=number(two.sites),
        best_places=number(one.sites),
    )
    factor = two.accelerators / one.accelerators
    return (CostFactor("utilization", _("Smallest fleet"), factor, reason),)


def _by_load(one: _Terms, two: _Terms) -> tuple[CostFactor, ...]:
    """What the fleets' sizes follow from."""
    return (
        CostFactor(
            "memory_bandwidth",
            _("Memory bandwidth"),
            one.bandwidth_gb_s / two.bandwidth_gb_s,
            _("{other} against {best} GB/s that a chip's memory keeps up").format(
                other=number(two.bandwidth_gb_s), best=number(one.bandwidth_gb_s)
            ),
        ),
        CostFactor(
            "tuning",
            _("Precision, caching and batching"),
            two.traffic_gb_s / one.traffic_gb_s,
            _("the demand takes {other} against {best} GB/s of bandwidth at saturation").format(
                other=number(two.traffic_gb_s), best=number(one.traffic_gb_s)
            ),
        ),
        CostFactor(
            "latency",
            _("Latency targets"),
            one.within_targets / two.within_targets,
            _("the targets leave {other} against {best} of the saturated throughput").format(
                other=percent(two.within_targets), best=percent(one.within_targets)
            ),
        ),
        CostFactor(
            "utilization",
            _("Utilisation"),
            one.utilisation / two.utilisation,
            _("{other} against {best} of the capacity is used over the years").format(
                other=percent(two.utilisation), best=percent(one.utilisation)
            ),
        ),
    )


def _terms(option: Option, demand: Sequence[WorkloadDemand]) -> _Terms | None:
    cost, used = option.cost, option.fleet.utilisation_by_year
    if cost is None or option.venue == "hybrid" or len(option.servings) != len(demand):
        return None
    years = range(len(used))
    if not used or len(used) != len(demand[0].peak_req_s_by_year):
        return None
    busy = [0.0 for _year in years]  # accelerators at work within the targets, by year
    saturated = traffic = 0.0
    for serving, asked in zip(option.servings, demand, strict=True):
        within, most = serving.capacity_req_s, serving.saturation_req_s
        bandwidth = serving.bandwidth_sustained_gb_s
        if not within or not most or not bandwidth:
            return None
        for year in years:
            mean = asked.peak_req_s_by_year[year] / asked.peak_to_mean
            busy[year] += mean / within * serving.accelerators_per_replica
            at_most = mean / most * serving.accelerators_per_replica
            saturated += at_most
            traffic += at_most * bandwidth
    if not all(used[y] > 0 for y in years if busy[y] > 0) or not sum(busy):
        return None
    accelerators = math.fsum(b / u for b, u in zip(busy, used, strict=True) if b > 0)
    energy = math.fsum(x.present_value_usd for x in cost.lines if x.kind == "energy")
    rest = cost.npv_usd - energy
    staff = math.fsum(x.present_value_usd for x in cost.lines if x.key == "staff")
    if rest - staff <= 0:
        return None
    return _Terms(
        price_usd=(rest - staff) / accelerators,
        staff_share=staff / (rest - staff),
        energy_share=energy / rest,
        traffic_gb_s=traffic / len(used),
        bandwidth_gb_s=traffic / saturated,
        within_targets=saturated / math.fsum(busy),
        utilisation=math.fsum(busy) / accelerators,
        accelerators=accelerators,
        years=sum(b > 0 for b in busy),
        smallest=_is_smallest(option.fleet),
        sites=max(option.fleet.sites, 1),
    )


def _is_smallest(fleet: Fleet) -> bool:
    """Whether one unit at each site, spares apart, does for every year's load."""
    spares = fleet.spares_by_year
    if not fleet.units_by_year or len(spares) != len(fleet.units_by_year):
        return False
    needed = (units - spare for units, spare in zip(fleet.units_by_year, spares, strict=True))
    return all(units <= max(fleet.sites, 1) for units in needed)
