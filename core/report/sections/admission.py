"""What would admit rejected options, as the analysis searched it."""

from __future__ import annotations

from core.decision.wording import lower_first
from core.notation import local, semicolons
from core.recommendation import SmallestChange
from core.report.brief import DASH, Brief, share
from core.report.content import Blocks, Column, Para, Table
from core.words import _


def needed(change: SmallestChange) -> str:
    """The inputs that have to move together, each with its value now."""
    return semicolons(
        _("{label} {needed} (now {current})").format(
            label=lower_first(x.label), needed=x.needed, current=x.current
        )
        for x in change.changes
    )


def blocks(brief: Brief) -> Blocks:
    """The searched options: change, cost and place once admitted."""
    found = brief.smallest_changes
    if not found:
        return
    yield Para(
        _(
            "For the nearest rejected options, and for those that would cost less, the smallest "
            "change of the inputs that admits them was searched by running the whole engine again; "
            "verified means that it admits them at these values and refuses them just short of "
            "each."
        )
    )
    rejected = len(brief.recommendation.rejected)
    if len(found) < rejected:
        yield Para(
            _(
                "Searched: {n} of {all} rejected options. Any other that has a price is searched "
                "once its row is chosen in the program's window."
            ).format(n=len(found), all=local(f"{rejected:,}"))
        )
    yield Table(
        (
            Column(_("Option")),
            Column(_("Smallest change")),
            Column(_("Cost then"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Place then"), "", "decimal"),
            Column(_("Verified"), align="centre"),
        ),
        tuple(_row(brief, change) for change in found),
        caption=_("What would admit them"),
    )


def _row(brief: Brief, change: SmallestChange) -> tuple[str, ...]:
    text = needed(change) or _("no change within reason")
    text = f"{text[:1].upper()}{text[1:]}"
    if change.load is not None:
        part = _("without any change it takes {share} of the demand")
        text = semicolons((text, part.format(share=share(change.load))))
    return (
        change.option_title,
        text,
        brief.amount(change.usd_per_mtok),
        DASH if change.rank is None else str(change.rank),
        DASH if not change.changes else _("yes") if change.verified else _("no"),
    )
