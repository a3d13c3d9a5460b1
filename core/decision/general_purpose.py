"""The user's workload on general-purpose hardware, beside the published "2x"."""

from __future__ import annotations

from collections.abc import Sequence

from core.decision.market import PUBLISHED_RATIO, SPONSORED
from core.decision.wording import number
from core.recommendation import GeneralPurpose, Option

TRAINING, CPU = "training", "cpu"
DEFINITIONS = {
    TRAINING: (
        "Training-class servers at 16-bit weights, one whole server per replica, engine "
        "defaults, no prefix cache, a fixed fleet; same workload and targets, at the best option's "
        "venue (a central site instead of edge sites, a public cloud instead of other rented "
        "capacity). The site's power and space limits are not applied to it."
    ),
    CPU: (
        "CPU-only servers with the same workload and targets, at the best option's venue "
        "(on-premises instead of rented capacity). The site's power and space limits are not "
        "applied to them."
    ),
}
TITLES = {TRAINING: "General-purpose GPU servers", CPU: "CPU-only servers"}


def compare(
    best: Option | None, references: Sequence[tuple[str, Option | None]]
) -> tuple[GeneralPurpose, ...]:
    """One row per reference, ``(kind, costed option or None where it cannot serve)``.

    ``ratio`` is the reference's levelised cost over the best option's. It may come out below 1
    or far above the published figure; the note says which.
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
        rows.append(
            GeneralPurpose(
                reference=TITLES[kind]
                if reference is None
                else f"{TITLES[kind]}: {reference.title}",
                definition=DEFINITIONS[kind],
                usd_per_mtok=cost,
                ratio=ratio,
                note=_note(kind, reference, ratio, best),
            )
        )
    return tuple(rows)


def _note(kind: str, reference: Option | None, ratio: float | None, best: Option | None) -> str:
    if reference is None:
        return (
            "No CPU-only server meets the targets with this model."
            if kind == CPU
            else "No general-purpose server can serve this model within the targets."
        )
    if best is None:
        return "There is no feasible option to compare it with."
    if ratio is None:
        return "No price is known for it."
    against = (
        f"Computed for this workload: {number(ratio)} times the cost of {best.title}. "
        f'Published: "can" be {number(PUBLISHED_RATIO)} times (sponsored research, '
        f"2026-06-17; {SPONSORED}; method and definition not stated)."
    )
    if ratio < 1:
        return f"{against} Here the general-purpose reference is cheaper."
    return against
