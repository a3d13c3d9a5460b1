"""When to order, counted back from the day of need, and the timetable from now to the review."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog.types import WITH_OWN_SERVERS
from core.decision.facts import may_rent, weeks_between
from core.decision.ordering import milestones, order_by
from core.notation import day
from core.recommendation import Option
from core.report.brief import Brief, num, weeks
from core.report.content import Block, Blocks, Callout, Column, Para, Table
from core.words import _


def blocks(brief: Brief, option: Option) -> Blocks:
    """The days to order by, and the timetable where a day of need is given."""
    yield from _dates(brief, option)
    yield from _timetable(brief, option)


def _dates(brief: Brief, option: Option) -> Iterator[Block]:
    """When to order, counted back from the day of need."""
    when, weeks_needed = brief.recommendation.assessment.site.date_needed, option.weeks_to_deploy
    if not when or weeks_needed is None:
        yield Para(
            _(
                "No day is given by which the service is needed, so no last day to order follows. "
                "From order to service it takes {weeks}."
            ).format(weeks=weeks(weeks_needed))
        )
        return
    found = order_by(brief.recommendation.as_of, when, weeks_needed)
    yield Table(
        (
            Column(_("Needed by {date}").format(date=day(when))),
            Column(_("Lead time"), _("weeks"), "decimal"),
            Column(_("Order by")),
        ),
        (
            (_("To be safe (longest lead time)"), num(weeks_needed.high, 2), day(found.safe)),
            (_("Expected"), num(weeks_needed.base, 2), day(found.expected)),
            (_("Last chance (shortest lead time)"), num(weeks_needed.low, 2), day(found.latest)),
        ),
        caption=_("When to order; owner: procurement"),
        strong=frozenset((0,)),
    )
    if found.weeks_left < 0:
        late = (
            _(
                "The safe day to order is already past: agree on the delivery with the supplier "
                "now, or plan to rent until the hardware serves."
            )
            if option.venue in WITH_OWN_SERVERS and may_rent(brief.recommendation.assessment)
            else _(
                "The safe day to order is already past: agree on the delivery with the supplier "
                "now, and on what happens if it is late."
            )
        )
        yield Callout(late, "warning")


def _timetable(brief: Brief, option: Option) -> Iterator[Block]:
    """From when to when each part of the work takes, where a day of need is given."""
    when, spread = brief.recommendation.assessment.site.date_needed, option.weeks_to_deploy
    if not when or spread is None:
        return
    today = brief.recommendation.as_of
    found = milestones(today, when, spread)
    prepare = (
        _("Open points, test, quotations, site")
        if option.venue in WITH_OWN_SERVERS
        else _("Open points, test, quotations")
    )
    install = (
        _("Order, delivery, installation")
        if option.venue in WITH_OWN_SERVERS
        else _("Contract and set-up")
    )
    parts = [
        (prepare, today, found.order),
        (install, found.order, found.ready),
        (_("Acceptance and reserve"), found.ready, max(when, found.ready)),
        (_("In service until the review"), max(when, found.ready), found.review),
    ]
    yield Table(
        (Column(_("Step")), Column(_("From")), Column(_("To")), Column(_("Weeks"), "", "decimal")),
        tuple(
            (label, day(start), day(end), num(max(weeks_between(start, end), 0.0), 2))
            for label, start, end in parts
        ),
        caption=_("Timetable with the expected lead time")
        if found.safe
        else _("Timetable with the expected lead time: the latest days; each day earlier is safer"),
    )
