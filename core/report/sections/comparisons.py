"""The hybrid split, and inference-optimised against general-purpose hardware."""

from __future__ import annotations

from core.recommendation import GeneralPurpose
from core.report.brief import DASH, Brief, chance, num, num_in_column
from core.report.content import Blocks, Bullets, Callout, Column, Para, Picture, Run, Table, Words
from core.report.quoting import filled, quoted
from core.words import _


def hybrid(brief: Brief) -> Blocks:
    """Cost against the owned share, and its table."""
    option = brief.recommendation.split_shown()
    if option is None:
        yield Callout(
            _(
                "No hybrid of owned base load and rented bursts was possible with the venues and "
                "prices at hand, so no split is shown."
            )
        )
        return
    yield Para(
        _(
            "Owned capacity serves the load up to its size, the rest goes by the hour to a rented "
            "venue. The curve shows the present value over the horizon from nothing owned to "
            "everything owned; the cheapest split is marked. Shown is the recommended hybrid, or "
            "else the cheapest: {title}."
        ).format(title=option.title)
    )
    points = option.hybrid_curve
    best = min(range(len(points)), key=lambda i: points[i].total_usd)
    if points[best].owned_units == 0:
        text = _("Here no split costs less than owning nothing, which costs {total}.")
        yield Para(text.format(total=brief.money(points[best].total_usd)))
    yield Picture("hybrid_split")
    yield Table(
        (
            Column(_("Owned units"), "", "decimal"),
            Column(_("Tokens served on them"), "", "decimal"),
            Column(_("Owned"), brief.code, "decimal"),
            Column(_("Burst"), brief.code, "decimal"),
            Column(_("Total"), brief.code, "decimal"),
        ),
        tuple(
            (
                str(point.owned_units),
                chance(point.owned_share),
                brief.whole(point.owned_usd),
                brief.whole(point.burst_usd),
                brief.whole(point.total_usd),
            )
            for point in points
        ),
        caption=_("Present value over the horizon"),
        strong=frozenset((best,)),
    )


def _defined(row: GeneralPurpose) -> Words:
    """What a reference is and what came out, over the whole width."""
    definition = row.definition.rstrip(".")
    return filled(
        "{reference} {definition}. {note}",
        reference=(Run(f"{row.reference}.", bold=True),),
        definition=definition,
        note=quoted(row.note),
    )


def _factors(row: GeneralPurpose) -> Table:
    """What a ratio is made of."""
    return Table(
        (
            Column(_("Difference")),
            Column(_("Factor"), "", "decimal"),
            Column(_("Because")),
        ),
        tuple((f.label, f"{num_in_column(f.factor)}×", f.reason) for f in row.factors),
        caption=_("{reference}: the factors of the ratio, which multiply to it").format(
            reference=row.reference
        ),
    )


def general_purpose(brief: Brief) -> Blocks:
    """The user's workload on general-purpose hardware beside the published figure."""
    rows = brief.recommendation.general_purpose
    if not rows:
        yield Callout(_("No general-purpose reference was computed."))
        return
    yield Para(
        _(
            "Published comparisons rarely say what they compare. Here both sides are defined and "
            "computed for this workload; the ratio may come out on either side of the published "
            "one."
        )
    )
    yield Picture("general_purpose")
    yield Table(
        (
            Column(_("Reference")),
            Column(_("Cost"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Ratio"), "", "decimal"),
        ),
        tuple(
            (
                row.reference,
                brief.amount(row.usd_per_mtok),
                DASH if row.ratio is None else f"{num(row.ratio)}×",
            )
            for row in rows
        ),
    )
    yield Bullets(tuple(_defined(row) for row in rows), small=True)
    for row in rows:
        if row.factors:
            yield _factors(row)
