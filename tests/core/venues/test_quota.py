"""Rented capacity carries its quota as a condition to confirm, with the numbers to ask for."""

from __future__ import annotations

from core.recommendation import Option, Recommendation
from tests.core.assess.cases import every, run, small_catalog


def quotas(option: Option) -> list[str]:
    return [text for text in option.conditions if "its quotas are not in the catalog" in text]


def test_the_busiest_hours_instances_are_to_be_confirmed() -> None:
    answer: Recommendation = run(site__venues=("gpu_cloud", "public_cloud"), workload__users=40_000)
    rented = [o for o in every(answer) if o.venue in ("gpu_cloud", "public_cloud") and o.cost]
    assert rented
    for option in rented:
        offer = small_catalog().cloud_offers[option.fleet.platform_id or ""]
        most = max(option.fleet.units_by_year)
        (text,) = quotas(option)
        assert f"{offer.provider} grants and keeps free {most:,} x {offer.instance} " in text
        assert f"({most * offer.accelerator_count:,} accelerators)" in text
        year = option.fleet.units_by_year.index(most) + 1
        assert f"busiest hour of year {year}:" in text


def test_what_is_owned_or_paid_by_the_token_has_none() -> None:
    answer = run()
    for option in every(answer):
        if option.venue in ("on_premises", "colocation", "edge", "token_api"):
            assert quotas(option) == []
        if (
            option.venue == "hybrid"
            and option.id.rsplit(":", 1)[-1] in small_catalog().cloud_offers
        ):
            assert len(quotas(option)) == 1
