"""The whole cost curve of a hybrid over the size of its owned base, and the cheapest split on it.

For an owned base of ``b`` units, cost(b) = own(b) + burst(load above b, hour by hour). The ends
of the curve are the two pure venues; the interior minimum is the hybrid.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.catalog.types import Platform
from core.economics.ledger import Ledger
from core.performance.types import Ints
from core.recommendation import HybridPoint, Option, Venue
from core.venues import colocation, on_premises
from core.venues.burst import Burst, BurstUse, add_burst, ways_to_split
from core.venues.drafts import OwnedDraft
from core.venues.energy import Draw, Energy, fleet_draw
from core.venues.load_split import Split, split_load
from core.venues.racking import fewest_racks, fittings_of, with_switches
from core.venues.service import ServiceBook
from core.venues.study import Study

LEAST_PART = 0.005
"""A place that serves less of the tokens than this is no part of a hybrid."""
MOST_POINTS = 24
"""The curve is evaluated at no more than so many sizes of the base."""


@dataclass(frozen=True)
class Base:
    """An owned platform at one place, from which any number of units may be bought."""

    venue: Venue
    draft: OwnedDraft
    """Sized for all of the load, in configurations that carry most on a server: what the base does
    not carry is paid for elsewhere."""
    pure: Option

    @property
    def platform(self) -> Platform:
        """The server."""
        return self.draft.platform

    @property
    def most(self) -> int:
        """Servers that the whole load takes."""
        return max(self.pure.fleet.units_by_year)


@dataclass(frozen=True)
class Costed:
    """One point of the curve with what it is made of."""

    point: HybridPoint
    ledger: Ledger
    split: Split
    use: BurstUse
    draw: Draw


@dataclass(frozen=True)
class Curve:
    """The cheapest split, and the curve from nothing owned to everything owned."""

    best: Costed
    points: tuple[HybridPoint, ...]


def curve(study: Study, book: ServiceBook, base: Base, burst: Burst) -> Curve | None:
    """The curve of a base with a burst; ``None`` where no split serves from both places."""
    if base.pure.cost is None or burst.pure.cost is None:
        return None
    peak = base.most
    allowed = _most_units(study, base)
    states = {size: cost_at(study, book, base, burst, size) for size in curve_sizes(peak)}
    inside = [
        size
        for size, state in states.items()
        if size <= allowed and LEAST_PART <= state.point.owned_share <= 1.0 - LEAST_PART
    ]
    if not inside:
        return None
    best = min(inside, key=lambda size: (states[size].point.total_usd, size))
    for size in _neighbours(best, inside, allowed, peak):  # between the sampled sizes
        states[size] = cost_at(study, book, base, burst, size)
        if states[size].point.total_usd < states[best].point.total_usd:
            best = size
    ends = (
        HybridPoint(0, 0.0, 0.0, burst.pure.cost.npv_usd, burst.pure.cost.npv_usd),
        HybridPoint(peak, 1.0, base.pure.cost.npv_usd, 0.0, base.pure.cost.npv_usd),
    )
    inner = (states[size].point for size in sorted(states))
    return Curve(states[best], (ends[0], *inner, ends[1]))


def _neighbours(best: int, sizes: Sequence[int], allowed: int, peak: int) -> list[int]:
    """Sizes between the best sampled one and its sampled neighbours (at most 8 each side)."""
    at = sizes.index(best)
    low = sizes[at - 1] if at else 0
    high = sizes[at + 1] if at + 1 < len(sizes) else min(allowed, peak - 1) + 1
    low, high = max(low, best - 9), min(high, best + 9)
    return [size for size in range(low + 1, high) if size != best and size <= allowed]


def _own_bill(study: Study, base: Base, units: Ints, energy: Energy) -> Ledger:
    if base.venue == "on_premises":
        return on_premises.bill(study, base.platform, units, energy)
    return colocation.bill(study, base.platform, units, energy)


def _base_draw(study: Study, book: ServiceBook, base: Base, split: Split) -> Draw | None:
    draw = fleet_draw(
        book,
        base.draft.sizing,
        split.units,
        base.platform.accelerator_id,
        split.replicas,
        loads=split.served,
    )
    return with_switches(draw, study, base.platform, split.units, base.venue)


def cost_at(study: Study, book: ServiceBook, base: Base, burst: Burst, units: int) -> Costed:
    """The cheapest way to split the load for a base of so many units."""
    ways = [_cost_of(study, book, base, burst, units, q) for q in ways_to_split(study, burst)]
    return min(ways, key=lambda way: way.point.total_usd)


def _cost_of(
    study: Study, book: ServiceBook, base: Base, burst: Burst, units: int, queue: bool
) -> Costed:
    split = split_load(study, base.draft.sizing, units, queue=queue)
    draw = _base_draw(study, book, base, split)
    if draw is None:  # a priced owned option has a known draw at every load
        raise ValueError(f"the power of {base.platform.id} is not known")
    ledger = _own_bill(study, base, split.units, draw.energy)
    own = ledger.usd
    use = add_burst(ledger, study, base.draft.sizing, burst, split)
    total = ledger.usd
    point = HybridPoint(units, split.owned_share, own, total - own, total)
    return Costed(point, ledger, split, use, draw)


def _most_units(study: Study, base: Base) -> int:
    """Units that the own room can hold; unlimited in a colocation hall."""
    site, platform = study.assessment.site, base.platform
    most = base.most
    if base.venue != "on_premises":
        return most

    def too_many(units: int) -> bool:
        racks = int(fewest_racks(study, platform, np.array([units]))[0])
        kw = units * (platform.nameplate_kw or 0.0) + racks * fittings_of(study, platform).kw
        return (site.racks is not None and racks > site.racks) or (
            platform.nameplate_kw is not None
            and site.total_power_kw is not None
            and kw > site.total_power_kw + 1e-9
        )

    # more servers never need less, and of a very large fleet not every number can be tried
    return bisect_left(range(1, most + 1), True, key=too_many)


def curve_sizes(most: int) -> list[int]:
    """Interior sizes of the base at which the curve is evaluated, 1 .. most - 1."""
    count = min(max(most - 1, 0), MOST_POINTS)
    sizes = np.linspace(1, most - 1, count).round().astype(int)
    return [int(size) for size in np.unique(sizes)]
