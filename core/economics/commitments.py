"""How much of a cloud fleet to commit to, for how long: the cheapest mix, exactly.

Think of the instances stacked: slot 1 runs whenever at least one instance is needed, slot ``k``
whenever at least ``k`` are. Slots do not influence each other, so the cheapest way to pay for
each slot over the years (three-year and one-year commitments that follow each other, on-demand
otherwise) is a small dynamic programme, and the sum over slots is the optimum of the fleet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.hours import HOURS_PER_YEAR, WEEKS_PER_YEAR
from core.performance.types import Floats, Ints
from core.products import dots

MOST_SLOTS = 512
ROUNDING = 1e-9
"""Relative difference below which hours are those of a whole year."""


@dataclass(frozen=True, slots=True)
class InstancePrices:
    """US dollars per instance-hour in each year, shape (years,); ``None``: not offered.

    A three-year commitment keeps the price of the year it starts in.
    """

    on_demand: Floats
    one_year: Floats | None
    three_year: Floats | None


@dataclass(frozen=True, slots=True)
class Slots:
    """A fleet as slots that behave alike (see the module)."""

    hours: Floats
    """Hours per year in which each slot runs, shape (years, slots)."""
    width: Floats
    """Instances in each slot, shape (slots,)."""


@dataclass(frozen=True, slots=True)
class Contract:
    """The cheapest mix. Yearly figures of shape (years,)."""

    on_demand_usd: Floats
    committed_usd: Floats
    on_demand_hours: Floats
    committed_1y: Floats
    """Instances under a one-year commitment in each year."""
    committed_3y: Floats
    following_usd: Floats
    """Of ``on_demand_usd``, what is paid for instances that do not run around the clock: their
    hours follow the load."""


def slots_of(instances: Ints) -> Slots:
    """Slots of a fleet from its instances per hour of the week, shape (years, 168).

    Slots that behave alike are joined.
    """
    top = int(instances.max(initial=0))
    if top <= MOST_SLOTS:  # counted, which is quicker than sorted
        seen = np.bincount(instances.ravel(), minlength=top + 1)
        levels = np.flatnonzero(seen)
    else:
        levels = np.unique(instances)
    levels = levels[levels > 0]
    if len(levels) > MOST_SLOTS:
        levels = levels[np.linspace(0, len(levels) - 1, MOST_SLOTS).round().astype(int)]
    width = levels.astype(float)
    width[1:] -= levels[:-1]
    hours = np.empty((instances.shape[0], len(levels)))
    for year, row in enumerate(instances):
        ordered = np.sort(row)
        # instances above the slot's lower edge, averaged over the slot's width
        above = len(row) - np.searchsorted(ordered, levels, side="left")
        hours[year] = above * WEEKS_PER_YEAR
    if len(levels) == MOST_SLOTS:
        hours *= (
            instances.sum(axis=1)[:, None]
            * WEEKS_PER_YEAR
            / np.maximum((hours * width).sum(axis=1)[:, None], 1e-30)
        )
        hours = np.minimum(hours, HOURS_PER_YEAR)
    return Slots(hours, width)


def cheapest_contract(
    instances: Ints,
    prices: InstancePrices,
    discount: Floats,
    policy: str = "optimise",
    slots: Slots | None = None,
) -> Contract:
    """The cheapest payment for a fleet of ``instances`` per hour, shape (years, 168).

    ``discount`` is of payments by month, shape (years,). ``policy`` is ``optimise``,
    ``on_demand``, ``1y`` or ``3y`` (the last two commit everything that the year's peak needs,
    where the term is offered and fits the horizon; shorter terms fill the end). Commitments never
    outlast the horizon.
    ``slots`` are the fleet's ``slots_of`` where the caller has them.
    """
    if policy == "on_demand" or (prices.one_year is None and prices.three_year is None):
        free = instances.sum(axis=1) * WEEKS_PER_YEAR
        none = np.zeros(len(free))
        following = free - instances.min(axis=1) * float(HOURS_PER_YEAR)
        usd = prices.on_demand
        return Contract(free * usd, none, free, none, none, following * usd)
    slots = slots or slots_of(instances)
    choice = _cheapest_terms(slots.hours, prices, discount, policy)
    return _paid(slots, prices, choice)


def _cheapest_terms(
    hours: Floats, prices: InstancePrices, discount: Floats, policy: str
) -> npt.NDArray[np.int8]:
    """What each slot does at the start of each year, shape of ``hours`` (years, slots).

    0 stays on demand, 1 and 3 commit for so many years. Worked out from the last year back.
    """
    years, slots = hours.shape
    pay_od = hours * prices.on_demand[:, None] * discount[:years, None]
    best = np.zeros((years + 1, slots))
    choice = np.zeros((years, slots), dtype=np.int8)
    forced = policy in ("1y", "3y")
    for year in range(years - 1, -1, -1):
        cost = pay_od[year] + best[year + 1]
        if policy != "on_demand" and prices.one_year is not None:
            c1 = HOURS_PER_YEAR * prices.one_year[year] * discount[year] + best[year + 1]
            better = (c1 < cost) | (hours[year] > 0) if forced else c1 < cost
            cost = np.where(better, c1, cost)
            choice[year, better] = 1
        if policy in ("optimise", "3y") and prices.three_year is not None and year + 3 <= years:
            c3 = (
                HOURS_PER_YEAR * prices.three_year[year] * float(discount[year : year + 3].sum())
                + best[year + 3]
            )
            better = (c3 < cost) | (hours[year] > 0) if policy == "3y" else c3 < cost
            cost = np.where(better, c3, cost)
            choice[year, better] = 3
        best[year] = cost
    return choice


def _paid(slots: Slots, prices: InstancePrices, choice: npt.NDArray[np.int8]) -> Contract:
    """What the chosen terms cost year by year: three-year terms run on over later choices."""
    hours, width = slots.hours, slots.width
    in3, usd_h3 = _three_year_terms(prices, choice)
    in1 = (choice == 1) & ~in3
    on_demand = hours * ~(in1 | in3)
    part_time = on_demand * (hours < HOURS_PER_YEAR * (1.0 - ROUNDING))
    n1, n3, od_hours = dots(in1, width), dots(in3, width), dots(on_demand, width)
    committed = HOURS_PER_YEAR * dots(usd_h3 * in3, width)
    if prices.one_year is not None:
        committed += HOURS_PER_YEAR * prices.one_year * n1
    following = dots(part_time, width) * prices.on_demand
    return Contract(od_hours * prices.on_demand, committed, od_hours, n1, n3, following)


def _three_year_terms(
    prices: InstancePrices, choice: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """(whether a slot is in a three-year term, its price per hour), each (years, slots)."""
    inside, usd_h = np.zeros(choice.shape, dtype=bool), np.zeros(choice.shape)
    if prices.three_year is not None and bool((choice == 3).any()):
        for year, chosen in enumerate(choice):
            starts = (chosen == 3) & ~inside[year]
            inside[year : year + 3] |= starts
            usd_h[year : year + 3, starts] = prices.three_year[year]
    return inside, usd_h
