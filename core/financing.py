"""How capacity is paid for: the mix of cloud commitments, and leasing beside buying.

Plain results, read through ``core.recommendation`` like all others. US dollars.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContractMix:
    """How the instance-hours paid over the horizon are contracted: shares that add up to 1."""

    spot: float
    on_demand: float
    one_year: float
    three_year: float
    words: str
    """The shares, largest first."""

    @property
    def is_all_spot(self) -> bool:
        """Nothing (but for rounding) is held by a contract or on demand."""
        return self.spot > 0.995


@dataclass(frozen=True, slots=True)
class CommitmentYear:
    """What is contracted in one year."""

    three_year: float
    """Instances under a three-year commitment."""
    one_year: float
    on_demand_hours: float
    """Instance-hours a year."""
    spot_hours: float
    usd: float
    """Nominal."""


@dataclass(frozen=True, slots=True)
class CommitmentPlan:
    """The cheapest way to contract a rented option for its load, beside the simple ways.

    Present values over the horizon. The mix is the exact optimum over the load-duration curve.
    """

    option_id: str
    option_title: str
    years: tuple[CommitmentYear, ...]
    committed_share: tuple[float, float, float]
    """Committed over all paid instance-hours, where committed prices come out low, as stated
    and high: whether the mix depends on the price agreed."""
    usd: tuple[float, float, float]
    """Its present value in the same three cases."""
    on_demand_usd: float
    """Everything on demand (with spot for waiting work, where that is cheaper)."""
    one_year_usd: float | None
    """The year's peak under one-year commitments; ``None`` where not offered."""
    three_year_usd: float | None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class LeaseOrBuy:
    """Servers bought against the same servers leased. Present values at the discount rate."""

    option_id: str
    option_title: str
    buy_usd: float
    lease_usd: float
    up_front_usd: float
    """What buying takes before the start and leasing spreads over the years."""
    lease_by_year_usd: tuple[float, ...]
    """Nominal, shape (years,)."""
    break_even_rate: float | None
    """Lease rate at which both cost the same; ``None`` where none between 0 and 100 % does."""
    sentence: str = ""
