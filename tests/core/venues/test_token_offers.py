"""Which of a provider's offers a workload takes."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

from core.assessment import Workload
from core.catalog.types import TokenOffer
from core.venues import token_api
from core.venues.demand import demand_of
from tests.core.assess.cases import small_catalog


def chosen(batchable_share: float) -> float:
    """Input price of the offer taken: 1.00 at list price, or 1.20 and half of it for batches."""
    catalog = small_catalog()
    work = dataclasses.replace(Workload(), batchable_share=batchable_share)
    shape = catalog.traffic_shapes[work.traffic_shape]
    demand = demand_of(work, catalog.models[work.model], shape, 2)
    known = catalog.token_offers_for(work.model, 100.0, 100.0)[0]
    prices = {"cached_input_usd_mtok": None, "output_usd_mtok": 2.0, "batch_discount": None}
    plain: TokenOffer = dataclasses.replace(known, input_usd_mtok=1.0, **prices)
    batch = dataclasses.replace(plain, input_usd_mtok=1.2, output_usd_mtok=2.4, batch_discount=0.5)
    study = SimpleNamespace(
        demands=(demand,),
        catalog=SimpleNamespace(token_offers_for=lambda *_: (plain, batch)),
    )
    (offers,) = token_api.offers_by_provider(study).values()  # type: ignore[arg-type]  # what is read of a study
    return offers[0].input_usd_mtok


def test_the_batch_price_counts_as_far_as_work_can_wait() -> None:
    """1.2 x (1 - 0.5 share) is below 1 from a share of a third on."""
    assert chosen(0.0) == chosen(0.3) == 1.0
    assert chosen(0.4) == chosen(1.0) == 1.2
