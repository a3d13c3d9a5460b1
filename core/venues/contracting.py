"""How rented instances are contracted: the cheapest mix of commitments, on demand and spot."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.catalog.types import CloudOffer
from core.economics.commitments import Contract, InstancePrices, cheapest_contract
from core.economics.ledger import Ledger
from core.financing import ContractMix
from core.hours import HOURS_PER_YEAR
from core.notation import as_priced, local
from core.performance.types import Floats
from core.products import dot
from core.venues.elastic import Elastic
from core.venues.line_words import told_by_year, with_trend
from core.venues.study import Study, range_factors
from core.words import _

ON_DEMAND_RANGE, SPOT_RANGE = (0.8, 1.2), (0.7, 2.0)
"""Low and high of prices that no contract holds (assumption)."""
BY_THE_HOUR = ("optimise", "on_demand")
"""Policies under which instances may be paid by the hour."""
LEAST_TOLD = 0.005
"""Shares of a mix below this are not told."""


def prices_of(study: Study, offer: CloudOffer) -> InstancePrices:
    """Prices by year with the trend."""
    trend = study.money.gpu_hour
    one, three = offer.committed_1y_usd_h, offer.committed_3y_usd_h
    return InstancePrices(
        offer.on_demand_usd_h * trend,
        None if one is None else one.base * trend,
        None if three is None else three.base * trend,
    )


def add_instances(
    ledger: Ledger, study: Study, offer: CloudOffer, fleets: Iterable[Elastic]
) -> Contracted:
    """Instance-hours by the cheapest way to run and to pay; returns it."""
    policy = study.assessment.economics.commitment if study.policy.optimised else "on_demand"
    prices = prices_of(study, offer)
    found = contracted(study, offer, fleets, prices, policy)
    ledger.add(
        "cloud_spot",
        _("Cloud instances, spot"),
        "metered",
        found.spot_usd,
        found.spot_words,
        offer.provenance,
        SPOT_RANGE,
    )
    ledger.add(
        "cloud_queued",
        _("Cloud instances, on demand, for work that can wait"),
        "metered",
        found.queued_hours * prices.on_demand,
        lambda: hourly_words(study, offer, float(found.queued_hours[0])),
        offer.provenance,
        ON_DEMAND_RANGE,
    )
    add_contract(ledger, study, offer, found.standing)
    return found


def mix_of(contract: Contract, spot_hours: Floats | float = 0.0) -> ContractMix:
    """Shares of all paid instance-hours over the horizon, in numbers and in words."""
    hours = (
        float(np.sum(spot_hours)),
        float(contract.on_demand_hours.sum()),
        float(contract.committed_1y.sum()) * HOURS_PER_YEAR,
        float(contract.committed_3y.sum()) * HOURS_PER_YEAR,
    )
    whole = max(sum(hours), 1e-30)
    spot, on_demand, one, three = (part / whole for part in hours)
    told = sorted(
        (
            (three, _("committed for three years")),
            (one, _("committed for one year")),
            (on_demand, _("on demand")),
            (spot, _("spot")),
        ),
        reverse=True,
    )
    words = ", ".join(
        _("{share} {contract}").format(share=local(f"{100 * share:.0f} %"), contract=name)
        for share, name in told
        if share >= LEAST_TOLD
    )
    return ContractMix(spot, on_demand, one, three, words)


@dataclass(frozen=True, slots=True)
class Contracted:
    """How a load is contracted, and the fleet that this is for. Yearly figures: (years,)."""

    fleet: Elastic
    standing: Contract
    """Of what does not wait for an hour's full work."""
    contract: Contract
    """The same with ``queued_hours`` on demand."""
    queued_hours: Floats
    """Of work that can wait, where it runs on demand."""
    spot_hours: Floats
    spot_usd: Floats
    spot_words: str

    @property
    def usd(self) -> Floats:
        """All payments by year, nominal."""
        return self.contract.on_demand_usd + self.contract.committed_usd + self.spot_usd

    @property
    def mix(self) -> ContractMix:
        """Shares of all paid instance-hours."""
        return mix_of(self.contract, self.spot_hours)


def contracted(
    study: Study,
    offer: CloudOffer,
    fleets: Iterable[Elastic],
    prices: InstancePrices,
    policy: str,
) -> Contracted:
    """The cheapest way to run and to pay under a policy."""
    discount = study.money.running
    ways = (_contracted(study, offer, fleet, prices, policy) for fleet in fleets)
    return min(filter(None, ways), key=lambda way: dot(way.usd, discount))


def pays_queues_by_the_hour(study: Study, offer: CloudOffer) -> bool:
    """Whether work that can wait may have instances of its own: on spot, or on demand."""
    return offer.spot_usd_h is not None or study.assessment.economics.commitment in BY_THE_HOUR


def _contracted(
    study: Study, offer: CloudOffer, fleet: Elastic, prices: InstancePrices, policy: str
) -> Contracted | None:
    """One fleet; ``None`` where its work that can wait cannot be paid by the hour."""
    none = np.zeros(study.years)
    contract = cheapest_contract(fleet.instances, prices, study.money.running, policy, fleet.slots)
    work = fleet.queued
    if work is None:
        return Contracted(fleet, contract, contract, none, none, none, "")
    hours = work.hours_by_year
    if offer.spot_usd_h is None:
        if work.repeated or policy not in BY_THE_HOUR:
            return None
        usd = hours * prices.on_demand
        with_queue = dataclasses.replace(
            contract,
            on_demand_usd=contract.on_demand_usd + usd,
            on_demand_hours=contract.on_demand_hours + hours,
            following_usd=contract.following_usd + usd,
        )
        return Contracted(fleet, contract, with_queue, hours, none, none, "")
    words = _(
        "{hours} instance-hours (work that can wait, {overhead} repeated after "
        "interruptions) x {spot_usd_h} USD in year 1"
    ).format(
        hours=local(f"{hours[0]:,.0f}"),
        overhead=local(f"{work.repeated:.0%}"),
        spot_usd_h=as_priced(offer.spot_usd_h),
    )
    words = with_trend(words, study.assessment.economics.gpu_hour_trend)
    usd = hours * offer.spot_usd_h * study.money.gpu_hour
    return Contracted(fleet, contract, contract, none, hours, usd, words)


def add_contract(ledger: Ledger, study: Study, offer: CloudOffer, contract: Contract) -> None:
    """The lines of an instance contract."""
    ledger.add(
        "cloud_committed",
        _("Cloud instances, committed"),
        "opex",
        contract.committed_usd,
        lambda: _committed_words(offer, contract, _trend(study)),
        offer.provenance,
        _committed_factors(offer),
    )
    ledger.add(
        "cloud_on_demand",
        _("Cloud instances, on demand"),
        "metered",
        contract.on_demand_usd,
        lambda: hourly_words(study, offer, float(contract.on_demand_hours[0])),
        offer.provenance,
        ON_DEMAND_RANGE,
        short_run_usd=contract.following_usd,
    )


def hourly_words(study: Study, offer: CloudOffer, hours: float) -> str:
    """Instance-hours of the first year at the price on demand, and the price's trend."""
    text = _("{hours} instance-hours x {on_demand_usd_h} USD in year 1").format(
        hours=local(f"{hours:,.0f}"), on_demand_usd_h=as_priced(offer.on_demand_usd_h)
    )
    return with_trend(text, study.assessment.economics.gpu_hour_trend)


def _trend(study: Study) -> str:
    return _("{gpu_hour_trend} a year").format(
        gpu_hour_trend=local(f"{study.assessment.economics.gpu_hour_trend:+.1%}")
    )


def _committed_words(offer: CloudOffer, contract: Contract, trend: str) -> str:
    """Instances held in every year at their prices, so that each year's sum can be followed."""
    parts = []
    for counts, term, price in (
        (contract.committed_3y, _("three years"), offer.committed_3y_usd_h),
        (contract.committed_1y, _("one year"), offer.committed_1y_usd_h),
    ):
        if counts.any() and price is not None:
            parts.append(
                _("{counts} for {term} x {hours} h x {base} USD").format(
                    counts=told_by_year(counts),
                    term=term,
                    hours=local(f"{HOURS_PER_YEAR:,.0f}"),
                    base=as_priced(price.base),
                )
            )
    if not parts:
        return _("none")
    return " + ".join(parts) + _("; {trend}, and a term keeps the price of its first year").format(
        trend=trend
    )


def _committed_factors(offer: CloudOffer) -> tuple[float, float]:
    value = offer.committed_3y_usd_h or offer.committed_1y_usd_h
    return (1.0, 1.0) if value is None else range_factors(value)
