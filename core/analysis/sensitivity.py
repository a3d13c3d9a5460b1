"""Tornado: what each uncertain input alone does to the winner's lead over the runner-up."""

from __future__ import annotations

from core.analysis.bills import Bills
from core.analysis.draws import Z80
from core.analysis.future_cost import one_at_a_time
from core.analysis.uncertain_inputs import INPUTS
from core.notation import local
from core.recommendation import TornadoBar
from core.words import _

SMALLEST_SHARE = 0.001
"""Inputs that move the gap by less than this share of the winner's cost are left out."""


def tornado(bills: Bills) -> tuple[tuple[TornadoBar, ...], float | None]:
    """Bars, widest first, and the gap at base (runner-up minus winner, USD per million tokens).

    Empty, with no gap, where there is no runner-up.
    """
    if len(bills.bills) < 2:
        return (), None
    ends = one_at_a_time(bills, [item.key for item in INPUTS], [-Z80, Z80], 2)
    base = one_at_a_time(bills, [INPUTS[0].key], [0.0], 2)[0, 0]
    gap = float(base[1] - base[0])
    bars = []
    for item, costs in zip(INPUTS, ends, strict=True):
        low, high = (float(row[1] - row[0]) for row in costs)
        if max(abs(low - gap), abs(high - gap)) > SMALLEST_SHARE * float(base[0]):
            bars.append(
                TornadoBar(
                    item.key, _(item.label), local(_(item.low)), local(_(item.high)), low, high
                )
            )
    bars.sort(key=lambda b: -abs(b.gap_at_high - b.gap_at_low))
    return tuple(bars), gap
