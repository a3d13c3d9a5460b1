"""The user's workload on general-purpose hardware, beside the published "2x"."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.decision.cost_factors import cost_factors
from core.decision.facts import US_DOLLAR
from core.decision.market import PUBLISHED_RATIO, SPONSORED
from core.decision.wording import lower_first, number
from core.notation import after_label
from core.recommendation import (
    Cost,
    CostFactor,
    Currency,
    GeneralPurpose,
    Option,
    WorkloadDemand,
)
from core.words import N_, _

TRAINING, CPU = "training", "cpu"
STAFF_MATTERS = 1.25
"""Factor by which the ratio is another without staff, from which that is told."""
DEFINITIONS = {
    TRAINING: (
        N_(
            "Training-class servers at 16-bit weights, one whole server per replica, engine "
            "defaults, no prefix cache, a fixed fleet; same workload and targets, at the best "
            "option's venue and, of rented capacity, at its provider where that has such servers "
            "(a central site instead of edge sites, a public cloud instead of a hosted API). The "
            "site's power and space limits are not applied to it."
        )
    ),
    CPU: (
        N_(
            "CPU-only servers with the same workload and targets, at the best option's venue "
            "(on-premises instead of rented capacity). The site's power and space limits are not "
            "applied to them."
        )
    ),
}
TITLES = {TRAINING: N_("General-purpose GPU servers"), CPU: N_("CPU-only servers")}


def compare(
    best: Option | None,
    references: Sequence[tuple[str, Option | None]],
    demand: Sequence[WorkloadDemand] = (),
    currency: Currency = US_DOLLAR,
) -> tuple[GeneralPurpose, ...]:
    """One row per reference, ``(kind, costed option or None where it cannot serve)``.

    ``ratio`` is the reference's levelised cost over the best option's. It may come out below 1
    or far above the published figure; the note says which. With the ``demand`` of each of the
    best option's workloads the ratio is taken apart by constraint.
    """
    rows = []
    for kind, reference in references:
        cost = (
            None
            if reference is None or reference.cost is None
            else reference.cost.usd_per_mtok.base
        )
        best_cost = None if best is None or best.cost is None else best.cost.usd_per_mtok.base
        ratio = cost / best_cost if cost is not None and best_cost else None
        known = ratio is not None and best is not None and reference is not None and demand
        factors = cost_factors(best, reference, demand, currency) if known else ()  # type: ignore[arg-type]  # as checked
        alone = _without_staff(best, reference)
        rows.append(
            GeneralPurpose(
                reference=_(TITLES[kind])
                if reference is None
                else after_label(_(TITLES[kind]), reference.title),
                definition=_(DEFINITIONS[kind]),
                usd_per_mtok=cost,
                ratio=ratio,
                note=_note(kind, reference, ratio, best) + _staff(alone) + _mainly(factors, ratio),
                factors=factors,
                ratio_without_staff=alone,
            )
        )
    return tuple(rows)


def _note(kind: str, reference: Option | None, ratio: float | None, best: Option | None) -> str:
    if reference is None:
        return (
            _("No CPU-only server meets the targets with this model.")
            if kind == CPU
            else _("No general-purpose server can serve this model within the targets.")
        )
    if best is None:
        return _("There is no feasible option to compare it with.")
    if ratio is None:
        return _("No price is known for it.")
    against = _(
        "Computed for this workload: {ratio} times the cost of {title}. Published: "
        "“can” be {published} times (sponsored research, 2026-06-17; "
        "{source}; method and definition not stated)."
    ).format(
        ratio=number(ratio),
        title=best.title,
        published=number(PUBLISHED_RATIO),
        source=SPONSORED,
    )
    if ratio < 1:
        return _("{against} Here the general-purpose reference is cheaper.").format(against=against)
    return against


def _without_staff(best: Option | None, reference: Option | None) -> float | None:
    """The ratio of the costs without people, where these move it by a quarter or more."""
    if best is None or reference is None or best.cost is None or reference.cost is None:
        return None
    one, other = best.cost, reference.cost
    rest_one, rest_other = _rest_per_mtok(one), _rest_per_mtok(other)
    if rest_one <= 0 or rest_other <= 0 or one.usd_per_mtok.base <= 0:
        return None
    ratio, alone = other.usd_per_mtok.base / one.usd_per_mtok.base, rest_other / rest_one
    return alone if max(alone / ratio, ratio / alone) >= STAFF_MATTERS else None


def _rest_per_mtok(cost: Cost) -> float:
    """US dollars per million tokens without the people who run the service."""
    staff = math.fsum(x.present_value_usd for x in cost.lines if x.key == "staff")
    return cost.usd_per_mtok.base * (1.0 - staff / cost.npv_usd) if cost.npv_usd else 0.0


def _staff(alone: float | None) -> str:
    if alone is None:
        return ""
    return _(
        " It rests on how many people run the service, a planning value: without staff on either "
        "side it would be {ratio} times."
    ).format(ratio=number(alone))


def _mainly(factors: Sequence[CostFactor], ratio: float | None) -> str:
    """The factor that explains most of the ratio, in whichever direction it goes."""
    if not factors or ratio is None:
        return ""
    first = factors[0] if ratio >= 1 else factors[-1]
    text = _(" Mainly through {label}, {factor}×: {reason}.").format(
        label=lower_first(first.label), factor=number(first.factor), reason=first.reason
    )
    against = factors[-1] if ratio >= 1 else factors[0]
    if (against.factor < 0.99) if ratio >= 1 else (against.factor > 1.01):
        text += _(" Against it works {label}, {factor}×: {reason}.").format(
            label=lower_first(against.label), factor=number(against.factor), reason=against.reason
        )
    return text
