"""What the best options are set beside: leasing, and general-purpose hardware."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from core.catalog.load import Catalog
from core.catalog.types import OWNED_VENUES
from core.decision.facts import currency_of
from core.decision.general_purpose import CPU, TRAINING, compare
from core.economics.lease_or_buy import lease_or_buy
from core.recommendation import GeneralPurpose, LeaseOrBuy, Option
from core.venues.reference import cpu_reference, training_reference
from core.venues.study import Study

MOST_FINANCED = 3
"""Options for which leasing is set beside buying."""


def owned_options(options: Sequence[Option], rejected: Sequence[Option]) -> tuple[Option, ...]:
    """Priced options with nothing but own servers; where none is feasible, the nearest one."""
    feasible, others = (
        tuple(o for o in found if o.venue in OWNED_VENUES and o.cost is not None)
        for found in (options, rejected)
    )
    return feasible or others[:1]


def best_with_hardware(options: Iterable[Option]) -> Option | None:
    """The best option whose hardware is visible, else the best: an API's cannot be compared."""
    ranked = tuple(options)
    return next((o for o in ranked if o.venue != "token_api"), ranked[0] if ranked else None)


def financing(
    options: Sequence[Option], rejected: Sequence[Option], study: Study, catalog: Catalog
) -> Iterator[LeaseOrBuy]:
    """Leasing beside buying for the best options that own servers.

    Where none is feasible, for the nearest: a limit on spending before the start may be what is
    in the way, and leasing what clears it.
    """
    owning = [o for o in options or rejected if o.cost and o.fleet.platform_id in catalog.platforms]
    for option in owning[:MOST_FINANCED]:
        price = catalog.platforms[option.fleet.platform_id or ""].price_usd
        if price is not None:
            fleet = option.fleet
            stored = fleet.cold_spares_by_year or 0  # boxes in store are bought and leased as well
            units = np.array(fleet.units_by_year, dtype=np.int64) + np.array(stored, dtype=np.int64)
            rates = study.assume["lease_rate_year"]
            yield lease_or_buy(option.id, option.title, units, price.base, study.money, rates)


def general_purpose(
    study: Study, winner: Option | None, costed: Iterable[Option]
) -> tuple[GeneralPurpose, ...]:
    """The workload on general-purpose hardware beside the best option with hardware."""
    if winner is None:
        return ()
    references = [
        (TRAINING, training_reference(study, winner)),
        (CPU, cpu_reference(study, winner, costed)),
    ]
    return compare(
        winner,
        references,
        [demand.summary() for demand in study.demands],
        currency_of(study.assessment, study.catalog),
    )
