"""The base case: what is paid today, else the cheapest hosted API; what others save against it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from core.economics.cash_flow import payback_months, without_final_resale
from core.products import dot
from core.recommendation import Cost, Option
from core.records import changed
from core.venues.study import Study
from core.words import N_, _

PAID_TODAY = N_(
    "What is paid today for this work, as entered for the first year and growing with its tokens"
)


@dataclass(frozen=True)
class BaseCase:
    """What every option is compared with. US dollars."""

    words: str
    cumulative_usd: tuple[float, ...]
    """Running total by month, undiscounted, ``12 x years + 1`` values."""
    npv_usd: float
    hosted: Cost | None
    """The bill of the API; ``None`` where the base is what the user pays today."""

    def usd_at(self, load: float) -> float:
        """Present value at a multiple of the stated demand.

        Of an API only the tokens grow; what is paid today grows with the demand, as by year.
        """
        if self.hosted is None:
            return self.npv_usd * load
        return sum(
            line.present_value_usd * (load if line.key == "tokens" else 1.0)
            for line in self.hosted.lines
        )


def base_case_of(study: Study, options: Sequence[Option]) -> BaseCase | None:
    """The base case of an assessment; ``None`` where nothing is paid and no API hosts the models.

    What is paid today is taken to pay for the first year's demand and to grow with it, at the same
    price per token: every option serves the grown demand too. An API counts as the base where it
    is the cheapest with a price, allowed or not: it is what the work costs without a project.
    """
    years, economics = study.years, study.assessment.economics
    given = economics.current_cost_per_year
    if given is not None:
        usd = given / study.catalog.per_usd(economics.currency)
        tokens = study.input_tokens + study.output_tokens
        yearly = usd * tokens / tokens[0] if tokens[0] > 0 else np.full(years, usd)
        months = accumulate(np.repeat(yearly / 12.0, 12).tolist(), initial=0.0)
        npv = dot(yearly, study.money.running)
        return BaseCase(_(PAID_TODAY), tuple(months), npv, None)
    hosted = [o for o in options if o.venue == "token_api" and o.cost is not None]
    cheapest = min(hosted, key=lambda o: o.cost.npv_usd if o.cost else 0.0, default=None)
    if cheapest is None or cheapest.cost is None:
        return None
    cost = cheapest.cost
    return BaseCase(cheapest.title, cost.cumulative_usd, cost.npv_usd, cost)


def compared(option: Option, base: BaseCase | None) -> Option:
    """An option with payback, savings and return against the base case; it has none itself."""
    if option.cost is None or base is None:
        return option
    if option.cost is base.hosted:
        return changed(option, cost=changed(option.cost, savings_npv_usd=0.0, is_base_case=True))
    savings = base.npv_usd - option.cost.npv_usd
    invested = math.fsum(x.present_value_usd for x in option.cost.lines if x.kind == "capex")
    leased = any(x.key == "lease" for x in option.cost.lines)
    cost = changed(
        option.cost,
        payback_months=payback_months(without_final_resale(option.cost), base.cumulative_usd),
        savings_npv_usd=savings,
        roi=savings / invested if invested > 0 and not leased else None,
    )
    return changed(option, cost=cost)
