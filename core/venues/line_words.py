"""Words that several cost lines' formulas share: figures by year, and trends of prices."""

from __future__ import annotations

from core.notation import local
from core.performance.types import Floats, Ints
from core.words import _


def with_trend(formula: str, rate: float) -> str:
    """A line's formula, and by how much its price changes a year."""
    return _("{formula}, {rate} a year").format(formula=formula, rate=local(f"{rate:+.1%}"))


def told_by_year(values: Floats | Ints, decimals: int = 0) -> str:
    """A figure of each year: one where it is always the same."""
    told = [local(f"{value:,.{decimals}f}") for value in values.tolist()]
    if len(set(told)) == 1:
        return told[0]
    return _("({counts} in years 1 to {last})").format(counts=" / ".join(told), last=len(told))
