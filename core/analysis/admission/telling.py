"""A smallest change in words."""

from __future__ import annotations

from core.analysis.admission.remedies import Step
from core.analysis.narrow import Narrow
from core.decision.wording import listed, lower_first, number, price_per_mtok
from core.recommendation import InputChange, Option
from core.words import _


def change_of(step: Step) -> InputChange:
    """A change as the reader sees it."""
    remedy = step.remedy
    return InputChange(
        remedy.path,
        remedy.field.label,
        remedy.show(remedy.values[0]),
        remedy.show(step.value),
        remedy.raw(step.value),
    )


def sentence(
    narrow: Narrow,
    option: Option,
    steps: list[Step],
    obstacle: str,
    rank: int | None,
    load: float | None,
    instead: Option | None,
) -> str:
    """What would admit an option, which comes as it would be admitted, else as it stands."""
    if steps and option.cost is not None:
        changes = [
            _("{label} {needed} instead of {current}").format(
                label=lower_first(c.label), needed=c.needed, current=c.current
            )
            for c in map(change_of, steps)
        ]
        price = price_per_mtok(option.cost.usd_per_mtok.base, narrow.recommendation.currency)
        text = _("{option} would be admitted by {changes}: at {price}").format(
            option=option.title, changes=listed(changes), price=price
        )
        text += _(", in place {rank} of the ranking.").format(rank=rank) if rank else "."
    else:
        text = _("No change within reason admits {option}: {obstacle}").format(
            option=option.title, obstacle=obstacle
        )
    if load is not None:
        text += _(" Without any change it takes {share} % of the demand.").format(
            share=number(100.0 * load)
        )
    if instead is not None:
        text += _(" In the same venue, {option} meets every limit.").format(option=instead.title)
    return text
