"""The general-purpose reference stands where the best option stands."""

from __future__ import annotations

import pytest

from core.assess import assess
from core.assess.comparisons import best_with_hardware
from core.assessment import Assessment, with_value
from core.catalog.load import load_catalog
from tests.core.assess.cases import AS_OF

CATALOG = load_catalog().subset(accelerators=("h100-sxm", "l40s", "mi300x"))


@pytest.mark.parametrize("venue", ["gpu_cloud", "public_cloud", "on_premises"])
def test_it_stands_at_the_venue_and_the_provider_of_the_best_option(venue: str) -> None:
    asked = with_value(Assessment(), "site.venues", (venue,))
    answer = assess(asked, CATALOG, as_of=AS_OF)
    best = best_with_hardware(answer.options)
    assert best is not None and best.venue == venue
    reference = answer.general_purpose[0].reference
    sold = [
        offer
        for offer in CATALOG.cloud_offers.values()
        if offer.venue == venue
        and offer.accelerator_id == "h100-sxm"
        and offer.accelerator_count == 8
    ]
    assert f": {best.venue_label}: " in reference
    if venue != "on_premises":
        providers = {offer.provider for offer in sold}
        same = {best.provider} & providers
        assert any(name in reference for name in same or providers)
