"""From which volume on owning costs less than the base case.

The option's own hardware is configured, sized and costed again at other loads, by the same rules
and the same bill as at the stated one: whole servers, spares, energy by the hour. The base case
scales with what it charges per token.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from core.catalog.types import OWNED_VENUES
from core.economics.ledger import Ledger
from core.notation import rounded
from core.recommendation import Crossover, Option, Venue
from core.venues import colocation, edge, on_premises
from core.venues.drafts import Drafts, OwnedDraft
from core.venues.energy import Energy, fleet_draw
from core.venues.pools import Sizing, size_units
from core.venues.racking import with_switches
from core.venues.service import ServiceBook
from core.venues.study import Study

WIDEST = 64.0
"""The search goes from 1/64 to 64 times the stated demand."""
LOADS = (1.0 / WIDEST, WIDEST)
FINEST = 1.0002
"""Loads whose ratio is at most this are not told apart."""
NEARLY = 0.98
"""Loads whose ratio is above this are told as one."""
Usd = Callable[[float], float]
"""Present value at a multiple of the stated demand."""


def crossover(
    study: Study,
    book: ServiceBook,
    drafts: Drafts,
    options: Sequence[Option],
    base_usd: Usd,
    base_case: str,
) -> Crossover | None:
    """From which load on one of some owned options costs less than the base case for good.

    Of the ``options`` the one that does so at the lowest load; where none does, the first that
    costs less at some loads, else the first. ``base_usd`` gives the base case's present value at a
    multiple of the stated demand. ``None`` where no option is owned and has a price.
    """
    owned = [
        (option, fleet)
        for option in options
        if (fleet := _fleet_of(study, book, drafts, option)) is not None
    ]
    if not owned:
        return None
    # the cheapest as things are is likely to be it, and the others are left at a glance
    best, good = owned[0], None
    for one in sorted(owned, key=lambda pair: pair[0].cost.npv_usd if pair[0].cost else inf):
        if good is not None and one[1].usd(good / FINEST) > base_usd(good / FINEST):
            continue
        found = cheaper_for_good(one[1].usd, base_usd, LOADS)
        if found is not None and (good is None or found < good):
            best, good = one, found
    load = None if good is None or good <= 1.0 / WIDEST else rounded(good, up=True)
    first = last = None
    if good is None or load is not None:
        for one in owned if good is None else [best]:
            between = cheaper_between(one[1].usd, base_usd, LOADS)
            if between is not None:
                best, first, last = one, between[0], between[1] if load is None else None
                break
    if first is not None and good is not None and first > NEARLY * good:
        first = None
    option, fleet = best
    mtok = float(study.input_tokens[0] + study.output_tokens[0]) / 1e6
    return Crossover(
        option_id=option.id,
        option_title=option.title,
        base_case=base_case,
        owning_is_cheaper=fleet.usd(1.0) <= base_usd(1.0),
        load_factor=load,
        mtok_first_year=None if load is None else mtok * load,
        first_factor=None if first is None else rounded(first, up=False),
        last_factor=None if last is None else rounded(last, up=True),
    )


# Both call themselves, and so stand here: a function inside another that knew itself would be a
# circle, in which the whole study waits for the garbage collector.


def _dearest(own: Usd, base: Usd, low: float, high: float) -> float | None:
    """The highest load of an interval at which owning is dearer."""
    usd = own(high)
    if usd <= base(low):
        return None
    if usd > base(high) or high <= low * FINEST:
        return high
    middle = (low * high) ** 0.5
    return _dearest(own, base, middle, high) or _dearest(own, base, low, middle)


def _cheapest(own: Usd, base: Usd, loads: tuple[float, float], *, lowest: bool) -> float | None:
    """The lowest or highest load of an interval at which owning is no dearer."""
    low, high = loads
    if own(low) > base(high):
        return None
    end = low if lowest else high
    if own(end) <= base(end):
        return end
    if high <= low * FINEST:
        other = high if lowest else low
        return other if own(other) <= base(other) else None
    middle = (low * high) ** 0.5
    halves = [(low, middle), (middle, high)]
    for half in halves if lowest else reversed(halves):
        found = _cheapest(own, base, half, lowest=lowest)
        if found is not None:
            return found
    return None


def cheaper_for_good(own: Usd, base: Usd, loads: tuple[float, float]) -> float | None:
    """The load from which on ``own`` is no more than ``base`` to the end of the ``loads``.

    Both rise with the load, ``own`` by whole servers, so that it may cross the base many times.
    Where it is no more at the high end of an interval than the base at the low end, it is cheaper
    all over it; other intervals are halved, and the finest in doubt counts as dearer. ``None``
    where it is dearer at the very end.
    """
    found = _dearest(own, base, *loads)
    if found is None:
        return loads[0]
    return None if found == loads[1] else found


def cheaper_between(own: Usd, base: Usd, loads: tuple[float, float]) -> tuple[float, float] | None:
    """The lowest and the highest load at which ``own`` is no more than ``base``; else ``None``."""
    first = _cheapest(own, base, loads, lowest=True)
    last = None if first is None else _cheapest(own, base, loads, lowest=False)
    return None if first is None or last is None else (first, last)


@dataclass(frozen=True)
class OwnedAtLoads:
    """An owned option's platform at multiples of the stated demand."""

    study: Study
    book: ServiceBook
    venue: Venue
    draft: OwnedDraft
    known: dict[float, float]
    """Costs that were worked out, by load."""

    def usd(self, load: float) -> float:
        """Present value; infinite where it cannot be worked out."""
        if load not in self.known:
            sizing = sizing_at(self.study, self.book, self.draft, load)
            usd = owned_usd(self.study, self.book, self.venue, self.draft, sizing)
            self.known[load] = inf if usd is None else usd
        return self.known[load]


def _fleet_of(
    study: Study, book: ServiceBook, drafts: Drafts, option: Option
) -> OwnedAtLoads | None:
    """An owned option with a price at other loads; ``None`` for any other option."""
    if option.venue not in OWNED_VENUES or option.cost is None:
        return None
    draft = drafts.owned_draft(option)
    if draft is None or draft.platform.price_usd is None:
        return None
    return OwnedAtLoads(study, book, option.venue, draft, {1.0: option.cost.npv_usd})


def sizing_at(study: Study, book: ServiceBook, draft: OwnedDraft, load: float) -> Sizing | None:
    """Servers of a draft at a multiple of the stated demand, and of what is then best on them.

    Few servers leave room for latency, many are filled: a fleet of another size is configured in
    another way, by the rule of every sizing.
    """
    pools = draft.sizing.pools
    sizing = size_units(
        study,
        draft.platform.accelerator_id,
        draft.sizing.per_unit,
        pools[0].rtt_ms,
        [pool.demand.times(load) for pool in pools],
        failures_key="gpu_failure_rate_year",
        repair_hours=24.0 * study.assume.base("repair_days"),
    )
    if sizing is not None:
        book.add(p for p in sizing.pools if (p.family, p.row) not in book.longest)
    return sizing


def owned_usd(
    study: Study, book: ServiceBook, venue: Venue, draft: OwnedDraft, sizing: Sizing | None
) -> float | None:
    """Present value of owning a platform so sized; ``None`` where something of it is not known."""
    platform = draft.platform
    priced = platform.price_usd is not None
    if sizing is None or not priced or (venue == "colocation" and platform.nameplate_kw is None):
        return None
    units = sizing.units
    draw = fleet_draw(book, sizing, units, platform.accelerator_id)
    if venue != "edge":
        draw = with_switches(draw, study, platform, units, venue)
    return None if draw is None else _bill(study, venue, draft, sizing, draw.energy).usd


def _bill(study: Study, venue: str, draft: OwnedDraft, sizing: Sizing, energy: Energy) -> Ledger:
    platform, sites = draft.platform, draft.sites
    if venue == "on_premises":
        return on_premises.bill(study, platform, sizing.units, energy)
    if venue == "colocation":
        return colocation.bill(study, platform, sizing.units, energy)
    if platform.price_usd is None:
        raise ValueError(f"{platform.id} has no price")
    stocked = edge.stocked(study, platform, sizing, sites)
    return edge.bill(study, stocked, platform.price_usd, energy.times(sites))
