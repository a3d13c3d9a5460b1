"""Tornado: what each uncertain input alone does to the winner's lead over the runner-up."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis.bills import Bills
from core.analysis.draws import Z80
from core.analysis.future_cost import one_at_a_time
from core.analysis.narrow import Narrow
from core.analysis.uncertain_inputs import INPUTS
from core.assessment import with_value
from core.assessment.fields import fields_of
from core.decision.leading import cost_of
from core.decision.wording import number
from core.notation import local
from core.recommendation import TornadoBar
from core.words import _

SMALLEST_SHARE = 0.001
"""Inputs that move the gap by less than this share of the winner's cost are left out."""


STAFF_LOW, STAFF_HIGH = 0.5, 2.0
"""The least staff of own servers, of what was stated: a choice, so that no future draws it."""


def tornado(
    bills: Bills, chosen: Sequence[TornadoBar] = ()
) -> tuple[tuple[TornadoBar, ...], float | None]:
    """Bars, widest first, and the gap at base (runner-up minus winner, USD per million tokens).

    ``chosen`` are bars of what is decided rather than drawn. Empty, with no gap, where there is no
    runner-up.
    """
    if len(bills.bills) < 2:
        return (), None
    ends = one_at_a_time(bills, [item.key for item in INPUTS], [-Z80, Z80], 2)
    base = one_at_a_time(bills, [INPUTS[0].key], [0.0], 2)[0, 0]
    gap = float(base[1] - base[0])
    bars = []
    for item, costs in zip(INPUTS, ends, strict=True):
        low, high = (float(row[1] - row[0]) for row in costs)
        bars.append(
            TornadoBar(item.key, _(item.label), local(_(item.low)), local(_(item.high)), low, high)
        )
    least = SMALLEST_SHARE * float(base[0])
    bars = [b for b in (*bars, *chosen) if _moved(b, gap) > least]
    bars.sort(key=lambda b: -abs(b.gap_at_high - b.gap_at_low))
    return tuple(bars), gap


def _moved(bar: TornadoBar, gap: float) -> float:
    """By how much a bar reaches from the gap at base, on its longer side."""
    return max(abs(bar.gap_at_low - gap), abs(bar.gap_at_high - gap))


def minimum_staff(narrow: Narrow) -> tuple[TornadoBar, ...]:
    """What half and twice the least staff of own servers does to the lead, by running it again.

    None where no staff is asked for, or there is no runner-up.
    """
    stated = narrow.recommendation
    economics = stated.assessment.economics
    best, second, least = stated.winner, stated.runner_up, economics.minimum_staff_fte
    if best is None or second is None or not least:
        return ()
    most = dict(fields_of(economics))["minimum_staff_fte"]
    values = least * STAFF_LOW, min(least * STAFF_HIGH, float(most.maximum or least))
    gaps = []
    for value in values:
        changed = with_value(stated.assessment, "economics.minimum_staff_fte", value)
        there = narrow.run(changed).by_id()
        costs = [cost_of(there[key]) for key in (second.id, best.id) if key in there]
        if len(costs) < 2:
            return ()
        gaps.append(costs[0] - costs[1])
    low, high = (f"{number(value)} {_('FTE')}" for value in values)
    return (TornadoBar("minimum_staff", most.label, low, high, gaps[0], gaps[1]),)
