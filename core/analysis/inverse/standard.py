"""The inverse questions that every reader has, asked for the case at hand."""

from __future__ import annotations

from collections.abc import Callable

from core.analysis.inverse.demand import most_demand
from core.analysis.inverse.price import buys
from core.analysis.inverse.telling import OWN, cheapest
from core.analysis.inverse.win import TARIFF, makes_win
from core.analysis.narrow import Narrow
from core.catalog.types import CLOUD_VENUES
from core.notation import rounded
from core.recommendation import Answer

PLACES = (("site.total_power_kw", "on_premises"), ("site.edge_site_power_kw", "edge"))
"""Limits whose places the user has, and the venue that stands there."""


def standard(
    narrow: Narrow, tell: Callable[[float], None], *, prices: bool = True
) -> tuple[Answer, ...]:
    """How much fits the place, what tariff turns the costs, what the winner's price buys.

    The last takes longest and is left out without ``prices``. Questions that do not arise (no own
    room, nothing but hosted APIs) are left out.
    """
    recommendation = narrow.recommendation
    winner, site = recommendation.winner, recommendation.assessment.site
    if winner is None or winner.cost is None:
        return ()
    found = [*places(narrow)]
    tell(0.5)
    least = cheapest(narrow.recommendation.options)
    others = OWN if least is None or least.venue not in OWN else CLOUD_VENUES
    # venues that are not to be considered are asked about where no other is: the answer says so
    rivals = [v for v in others if v in site.venues] or (
        CLOUD_VENUES if others == CLOUD_VENUES else []
    )
    if rivals:
        found.append(makes_win(narrow, TARIFF, rivals, by_cost=True))
    if not prices:
        return tuple(found)
    tell(0.7)
    # Never below: at a hundredth less the winner itself would be too dear.
    price = rounded(narrow.recommendation.money(winner.cost.usd_per_mtok.base), up=True)
    found.extend(a for a in buys(narrow, price) if a.key.startswith("tightest"))
    return tuple(found)


def places(narrow: Narrow) -> tuple[Answer, ...]:
    """How much demand fits the power of the places that may be used, as they are.

    Edge sites are asked about where they are recommended or nothing is.
    """
    recommendation = narrow.recommendation
    winner, site = recommendation.winner, recommendation.assessment.site
    found = []
    for path, venue in PLACES:
        limit = getattr(site, path.removeprefix("site."))
        asked = venue != "edge" or winner is None or winner.venue == "edge"
        if asked and venue in site.venues and limit is not None:
            found.append(most_demand(narrow, path, limit))
    return tuple(found)
