"""What tuning would save at most, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from core.decision.wording import lower_first, percent
from core.findings import LeverEffect
from core.words import _

LEAST_SAVING = 0.05
"""Share of the cost below which a lever is not worth a sentence: the engine's own error is more."""


def largest_saving(levers: Sequence[LeverEffect]) -> str:
    """The levers not in use that would lower the cost most, two at most; "" where none would.

    What the inputs rule out comes last, and says so. What is computed to gain more than published
    runs did stands with the tuning plan, which says that of it, and is no promise to begin with.
    """
    found = [
        (lever.cost_change, lever)
        for lever in levers
        if lever.applies and not lever.in_use and lever.cost_change is not None
        if lever.cost_change <= -LEAST_SAVING and not lever.beyond_published
    ]
    found.sort(key=lambda pair: (pair[1].against_inputs, pair[0], pair[1].key))
    if not found:
        return ""
    change, lever = found[0]
    text = _("Tuning to try: {lever} would lower the cost by {share}, as computed").format(
        lever=lower_first(lever.label), share=percent(-change)
    ) + _reserve(lever)
    if len(found) > 1:
        change, lever = found[1]
        text += _(" (next: {lever}, {share})").format(
            lever=lower_first(lever.label), share=percent(-change) + _reserve(lever)
        )
    return f"{text}."


def _reserve(lever: LeverEffect) -> str:
    if lever.against_inputs:
        return _(", which your inputs rule out")
    return ""
