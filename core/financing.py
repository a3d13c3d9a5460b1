"""How capacity is paid for: the mix of cloud commitments, and leasing beside buying.

Plain results, read through ``core.recommendation`` like all others. US dollars.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.types import Range


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
class LeaseWay:
    """The same servers under one set of lease terms."""

    rate: float
    """Nominal yearly interest, a twelfth each month (share)."""
    in_advance: bool
    """Paid at the start of each month, else at its end (in arrears)."""
    returned: bool
    """The lessor takes the servers back and has priced in their resale; else they are the
    lessee's, who sells them."""
    monthly_usd: float
    """Payment for what is leased at the start."""
    present_usd: float
    """Present value of all payments less that of the resale which the lessee keeps."""


@dataclass(frozen=True, slots=True)
class LeaseOrBuy:
    """Servers bought against the same servers leased. Present values at the discount rate."""

    option_id: str
    option_title: str
    buy_usd: float
    """Price of the servers, before resale; so for the lease, whose lessee keeps the resale."""
    lease_usd: float
    up_front_usd: float
    """What buying takes before the start and leasing spreads over the years."""
    lease_by_year_usd: tuple[float, ...]
    """Nominal, shape (years,)."""
    break_even_rate: float | None
    """Lease rate at which both cost the same; ``None`` where none between 0 and 100 % does. It is
    the discount rate told as nominal monthly interest."""
    discount_rate: float
    """Effective yearly rate of the present values (share)."""
    months: int
    """Term of what is leased at the start."""
    least_months: int
    """Shortest term: of what is leased last, until the horizon ends."""
    resale_usd: float
    """Present value of the resale, positive."""
    rates: Range
    """Nominal yearly lease rates on the market (shares)."""
    ways: tuple[LeaseWay, ...]
    """The terms as stated, then each changed alone: low and high rate, payments in advance,
    servers returned."""
    sentence: str = ""
    terms: str = ""
    """The terms that the sentence counts with, and what its break-even rate means."""

    @property
    def buy_net_usd(self) -> float:
        """Price less resale, in present value: what ``LeaseWay.present_usd`` is held against."""
        return self.buy_usd - self.resale_usd
