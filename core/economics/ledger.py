"""Cost lines over the years.

Convention: column 0 is paid before the start; column ``y`` holds what is paid during year ``y``.
Running costs are paid in twelve equal parts at the ends of its months, and tokens are counted
with them; purchases and resale fall on its last day, when the servers that year ``y + 1`` needs
are bought. Everything is discounted by month (``discounting``). Nominal US dollars.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.catalog.types import Provenance
from core.economics.line_kinds import LASTING
from core.economics.rates import Money
from core.performance.types import Floats
from core.products import dot
from core.recommendation import CostLine, Depreciation
from core.words import Told, told


@dataclass
class Ledger:
    """Collects the lines of one option.

    What they come to is known at once; they are worded where somebody reads them, since of most
    bills (other sizes of a hybrid's base, other loads) only the sum is wanted.
    """

    money: Money
    place: str = ""
    """Put behind the label of every further line where an option has two places."""
    _present_usd: list[float] = field(default_factory=list)
    _lines: list[Callable[[], CostLine]] = field(default_factory=list)
    _depreciation: list[Callable[[], Depreciation]] = field(default_factory=list)

    @property
    def usd(self) -> float:
        """Present value of all lines."""
        return sum(self._present_usd)

    @property
    def lines(self) -> tuple[CostLine, ...]:
        """All lines in words."""
        return tuple(line() for line in self._lines)

    @property
    def depreciation(self) -> tuple[Depreciation, ...]:
        """What is written off."""
        return tuple(part() for part in self._depreciation)

    def with_lines_of(self, other: Ledger) -> Ledger:
        """The bill of two parts of an option, this one's lines first."""
        return Ledger(
            self.money,
            "",
            self._present_usd + other._present_usd,
            self._lines + other._lines,
            self._depreciation + other._depreciation,
        )

    def add(
        self,
        key: str,
        label: str,
        kind: str,
        yearly: Floats,
        formula: Told,
        provenance: Provenance,
        factors: tuple[float, float] = (1.0, 1.0),
        *,
        assumption: bool = False,
        life_years: float | None = None,
        short_run_usd: Floats | None = None,
        even_free: bool = False,
    ) -> None:
        """Add a line of ``years + 1`` columns (or ``years``, then nothing before the start).

        Lines that are zero throughout are left out unless ``even_free``. What is bought with a
        useful life is depreciated over it. ``short_run_usd`` of each year, shape (years,), is what
        grows in proportion to the tokens on the fleet as it stands; by default nothing does, of
        metered lines everything.
        """
        # a handful of plain numbers each, some two thousand lines in an assessment
        values: list[float] = yearly.tolist()
        if len(values) == self.money.years:
            values.insert(0, 0.0)
        if not (any(values) or even_free):
            return
        present = sum(map(operator.mul, values, self.money.factors_of(kind)))
        share = 1.0 if kind == "metered" else 0.0
        if short_run_usd is not None:
            share = dot(short_run_usd, self.money.running) / present if present else 0.0
        place = self.place

        def line() -> CostLine:
            return CostLine(
                key=key,
                label=f"{label}, {place}" if place else label,
                kind=kind,  # type: ignore[arg-type]  # callers pass the literals
                yearly_usd=tuple(values),
                present_value_usd=present,
                low_factor=factors[0],
                high_factor=factors[1],
                formula=told(formula),
                provenance=provenance,
                is_assumption=assumption,
                short_run_share=share,
            )

        self._present_usd.append(present)
        self._lines.append(line)
        if life_years is not None:
            self.depreciate(label, values, life_years, stays=key in LASTING)

    def depreciate(
        self, label: str, paid_usd: Sequence[float], life_years: float, *, stays: bool = False
    ) -> None:
        """Write off what each column buys in equal parts over a life that starts with it."""
        years = self.money.years

        def part() -> Depreciation:
            usd = straight_line(paid_usd, life_years, years)
            bought = math.fsum(paid_usd[:years])
            return Depreciation(label, life_years, usd, bought, stays)

        self._depreciation.append(part)


def straight_line(paid_usd: Sequence[float], life_years: float, years: int) -> tuple[float, ...]:
    """Depreciation in each year, shape (years,), of purchases by column (``years`` or one more).

    What column ``c`` buys serves from year ``c + 1`` on. A life that ends within a year counts
    with the part of the year that it lasts.
    """
    found = [0.0] * years
    for column, usd in enumerate(paid_usd[:years]):
        if usd:
            for year in range(column, years):
                left = life_years - (year - column)
                if left > 0.0:
                    found[year] += usd * (left if left < 1.0 else 1.0) / life_years
    return tuple(found)
