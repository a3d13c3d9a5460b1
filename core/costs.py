"""What an option costs and emits, as results tell it: line by line, year by year."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

from core.catalog.types import Provenance
from core.records import quickly_made
from core.serving import Spread


@quickly_made
@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the bill. Yearly nominal US dollars; year 0 is paid before the start."""

    key: str
    label: str
    kind: Literal["capex", "opex", "energy", "metered", "residual"]
    yearly_usd: tuple[float, ...]
    """``horizon_years + 1`` values."""
    present_value_usd: float
    low_factor: float
    high_factor: float
    """Low and high case as factors on this line."""
    formula: str
    """The arithmetic in words with its numbers."""
    provenance: Provenance
    is_assumption: bool
    short_run_share: float = 0.0
    """What the line grows by, relative to itself, where tokens grow and the fleet stays, per unit
    of that growth: 1 where it is in proportion, 0 where it stays as it is."""

    @property
    def basis(self) -> Literal["sourced", "weak", "assumption"]:
        """What its price rests on: a source, one of low confidence, or an assumption."""
        if self.is_assumption:
            return "assumption"
        return "weak" if self.provenance.confidence == "low" else "sourced"


@quickly_made
@dataclass(frozen=True, slots=True)
class Depreciation:
    """One class of what is bought, written off in equal parts over its useful life."""

    label: str
    life_years: float
    yearly_usd: tuple[float, ...]
    """Of each project year, nominal US dollars."""
    bought_usd: float = 0.0
    stays: bool = False
    """A longer life goes on after the horizon (racks, building works); else what is then left is
    given up with the servers."""

    @property
    def left_usd(self) -> float:
        """Book value when the horizon ends."""
        return self.bought_usd - math.fsum(self.yearly_usd)


@quickly_made
@dataclass(frozen=True, slots=True)
class Cost:
    """What an option costs over the horizon, nominal US dollars unless said."""

    lines: tuple[CostLine, ...]
    capex_usd: float
    """Paid before or at the start."""
    yearly_usd: tuple[float, ...]
    opex_first_year_usd: float
    npv_usd: float
    """Present value of all costs (positive)."""
    usd_per_mtok: Spread
    """Levelised: present value of cost over present value of tokens; low/high of all lines."""
    usd_per_mtok_input: float | None
    usd_per_mtok_output: float | None
    usd_per_mtok_short_run: float | None
    """Short-run: what the next tokens add on the fleet as it stands (electricity above what it
    draws anyway, metered charges); every line times its ``short_run_share``, per token."""
    usd_per_mtok_next_server: float | None
    """Long-run: of what grows with servers, were those that stand always full; what runs only
    while it is full costs the same for each token. ``None`` where the use is unknown."""
    depreciation_by_year_usd: tuple[float, ...]
    cumulative_usd: tuple[float, ...]
    """Undiscounted cumulative cost by month, ``12 * horizon_years + 1`` values."""
    payback_months: float | None
    """Against the base case, without the resale at the end of the horizon; ``None`` where it
    never pays back, it is the base case itself or there is none."""
    savings_npv_usd: float | None
    tokens_by_year: tuple[float, ...]
    roi: float | None = None
    """Savings against the base case over what is invested (purchases of all years), both present
    values; ``None`` where nothing is bought, servers are leased, or there is no base case."""
    depreciation_by_fiscal_year_usd: tuple[tuple[int, float], ...] = ()
    """(fiscal year, straight-line depreciation), from the start of service; filled for feasible
    options. A fiscal year is named after the calendar year in which it ends."""
    depreciation: tuple[Depreciation, ...] = ()
    """By class; ``depreciation_by_year_usd`` is their sum."""
    disposal_by_year_usd: tuple[float, ...] = ()
    """Loss when servers are sold or given up at the end of each project year: book value less
    resale; negative where it is a gain. Not a payment. Empty where nothing is written off."""
    disposal_by_fiscal_year_usd: tuple[tuple[int, float], ...] = ()
    """The same as (fiscal year, loss), years of none left out; filled with the depreciation's."""
    is_base_case: bool = False
    """The others are compared with this one: it saves nothing and pays nothing back."""

    @property
    def bought_usd(self) -> float:
        """What is written off, nominal: depreciation + loss on disposal + resale + what stays."""
        return math.fsum(part.bought_usd for part in self.depreciation)

    @property
    def resale_usd(self) -> float:
        """What resale returns over the horizon, nominal, positive."""
        return -math.fsum(math.fsum(x.yearly_usd) for x in self.lines if x.kind == "residual")

    @property
    def book_value_left_usd(self) -> float:
        """Book value at the end of the horizon of what stays."""
        return math.fsum(part.left_usd for part in self.depreciation if part.stays)

    @property
    def monthly_usd(self) -> tuple[float, ...]:
        """Cash flow of each month, nominal; the first is paid before the start."""
        flows = self.cumulative_usd
        return (*flows[:1], *(b - a for a, b in itertools.pairwise(flows)))


@quickly_made
@dataclass(frozen=True, slots=True)
class Carbon:
    """Energy and emissions of an option, averages over the horizon.

    Figures are of the whole option; where a part's is not known so is the whole's, and ``source``
    tells what is known of the other part.
    """

    kwh_per_year: float | None
    kwh_per_mtok: float | None
    operational_g_per_mtok: float | None
    embodied_g_per_mtok: float | None
    total_t_per_year: float | None
    source: str
    water_l_per_mtok: float | None = None
    """Water that the site takes for cooling, litres; ``None`` where no use is known."""
    water_m3_per_year: float | None = None
    water_source: str = ""
