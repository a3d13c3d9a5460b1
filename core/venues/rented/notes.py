"""What is told of rented instances, and what is to be confirmed before they are counted on."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog.types import CloudOffer
from core.notation import local
from core.performance.types import Ints
from core.recommendation import ContractMix, Cost
from core.venues import contracting
from core.venues.elastic import Elastic
from core.venues.pools import Sizing
from core.venues.study import Study
from core.words import _, ngettext

MUCH_STAFF = 0.5
"""Share of the cost from which it is told that most of it is people."""


def by_contract(mix: ContractMix | None) -> str:
    """Spot in a title: whoever reads it must know that the instances can be taken back."""
    if mix is None or mix.spot < contracting.LEAST_TOLD:
        return ""
    return _(", spot") if mix.is_all_spot else _(", partly spot")


def count_note(sizing: Sizing, fleet: Elastic) -> Iterator[str]:
    """What the number in a title is: that of one hour, not of all."""
    peak, year = int(sizing.units.max()), int(sizing.units.argmax())
    if peak > 1:
        yield _(
            "Up to {peak} x: as many instances run at once in the busiest hour of year {year}; "
            "over the first year {mean} run on average."
        ).format(
            peak=local(f"{peak:,}"),
            year=year + 1,
            mean=local(f"{fleet.mean_instances[0]:,.2f}"),
        )


def cost_notes(study: Study, cost: Cost, mix: ContractMix) -> Iterator[str]:
    """How they are paid for, what spot means, and where people are most of the cost."""
    yield _("Contracts, by instance-hours: {mix}.").format(mix=mix.words)
    if mix.spot >= contracting.LEAST_TOLD:
        repeated = study.assume["spot_overhead"]
        yield _(
            "Spot instances are taken back at short notice: {base} of their work is counted as "
            "repeated ({low} to {high}), and it waits while none are free. The availability told "
            "is not theirs."
        ).format(
            base=local(f"{100 * repeated.base:.0f} %"),
            low=local(f"{100 * repeated.low:.0f} %"),
            high=local(f"{100 * repeated.high:.0f} %"),
        )
    people = sum(line.present_value_usd for line in cost.lines if line.key == "staff")
    if cost.npv_usd > 0 and people > MUCH_STAFF * cost.npv_usd:
        fte = study.assume["self_hosted_service_fte"]
        yield _(
            "{share} of the cost is people: {base} of a position per workload ({low} to {high}; "
            "{source}), however small the fleet. Where they run other services anyway, less."
        ).format(
            share=local(f"{100 * people / cost.npv_usd:.0f} %"),
            base=local(f"{fte.base:g}"),
            low=local(f"{fte.low:g}"),
            high=local(f"{fte.high:g}"),
            source=fte.provenance.source,
        )


def place_condition(offer: CloudOffer) -> tuple[str, ...]:
    """What to confirm about an offer whose region is not known."""
    if offer.country_iso3:
        return ()
    text = _(
        "Confirm where {provider} runs {instance}: its region is not in the catalog, and the "
        "network to the nearest one is counted."
    )
    return (text.format(provider=offer.provider, instance=offer.instance),)


def quota_condition(offer: CloudOffer, instances: Ints) -> str:
    """The quota to confirm: no provider's are in the catalog. ``instances`` (years, 168)."""
    peak = instances.max(axis=1)
    year = int(peak.argmax())
    most = int(peak[year])
    count = most * offer.accelerator_count
    return _(
        "Confirm that {provider} grants and keeps free {n} x {instance} ({accelerators}) in the "
        "busiest hour of year {year}: its quotas are not in the catalog."
    ).format(
        provider=offer.provider,
        n=local(f"{most:,}"),
        instance=offer.instance,
        accelerators=ngettext("{n} accelerator", "{n} accelerators", count).format(
            n=local(f"{count:,}")
        ),
        year=year + 1,
    )
