"""When to order and begin each part, counted back from the day of need, and the timetable."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from core.catalog.types import WITH_OWN_SERVERS
from core.decision.facts import may_rent, weeks_between
from core.decision.ordering import PREPARATION_WEEKS, milestones, order_by, preparation
from core.notation import day
from core.recommendation import LeadKey, Option
from core.report.brief import Brief, num, weeks
from core.report.content import (
    Block,
    Blocks,
    Callout,
    Column,
    Para,
    Table,
    Words,
    without_empty,
)
from core.report.quoting import quoted
from core.words import N_, _


def blocks(brief: Brief, option: Option) -> Blocks:
    """The days to order by, the parts of the lead time, and the timetable from now on.

    Dates only where a day of need is given.
    """
    yield from _dates(brief, option)
    yield from _parts(brief, option)
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


STEPS: dict[LeadKey, tuple[str, str]] = {
    "servers": (N_("Servers delivered"), N_("Procurement")),
    "power": (N_("More power at the site"), N_("Facilities")),
    "cooling": (N_("Liquid cooling"), N_("Facilities")),
    "colocation": (N_("Contract for colocation"), N_("Procurement")),
    "installation": (N_("Installation"), N_("Operations")),
    "roll_out": (N_("Roll-out to the sites"), N_("Operations")),
    "instances": (N_("Quota or contract of the instances"), N_("Procurement")),
    "api": (N_("Contract and key of the API"), N_("Procurement")),
}
"""What a part of the lead time is called, and who owns it."""


def _parts(brief: Brief, option: Option) -> Iterator[Block]:
    """A line for every part of the lead time, where it has several."""
    steps, when = option.lead_steps, brief.recommendation.assessment.site.date_needed
    if len(steps) < 2:
        return
    dated = preparation(brief.recommendation.as_of, when, steps) if when else ()
    rows: list[tuple[Words, ...]] = []
    for step, dates in itertools.zip_longest(steps, dated):
        label, owner = STEPS[step.key]
        spread = step.weeks
        around = "" if spread.low == spread.high else f"{num(spread.low, 2)}–{num(spread.high, 2)}"
        rows.append(
            (
                _(label),
                _(owner),
                num(spread.base, 2),
                around,
                day(dates.safe) if dates else "",
                day(dates.expected) if dates else "",
                day(dates.ready) if dates else "",
                _(LATE[dates.late]) if dates else "",
                quoted(step.source.source),
            )
        )
    yield without_empty(
        Table(
            (
                Column(_("Part of the lead time")),
                Column(_("Owner")),
                Column(_("Expected"), _("weeks"), "decimal"),
                Column(_("Range"), _("weeks")),
                Column(_("Begin by"), _("to be safe")),
                Column(_("Begin by"), _("expected")),
                Column(_("Ready by")),
                Column(_("Today")),
                Column(_("Source")),
            ),
            tuple(rows),
            caption=_("What is prepared when, counted back from the day of need")
            if dated
            else _("What the lead time is made of"),
        )
    )


LATE = {
    "no": N_("in time"),
    "safe_day": N_("safe day past"),
    "expected_day": N_("late"),
}


CAPTIONS = {
    "safe": N_("Timetable with the expected lead time"),
    "soon": N_(
        "Timetable with the expected lead time: ordered as soon as test and quotations are done "
        "({weeks} weeks, an assumption)"
    ),
    "last": N_("Timetable with the expected lead time: the latest days; each day earlier is safer"),
}
"""By the day to order that it starts from."""


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
    served = max(when, found.ready)
    parts = [
        (prepare, today, found.order),
        (install, found.order, found.ready),
        *([(_("Acceptance and reserve"), found.ready, served)] if found.ready < served else []),
        (_("In service until the review"), served, found.review),
    ]
    yield Table(
        (Column(_("Step")), Column(_("From")), Column(_("To")), Column(_("Weeks"), "", "decimal")),
        tuple(
            (label, day(start), day(end), num(max(weeks_between(start, end), 0.0), 2))
            for label, start, end in parts
        ),
        caption=_(CAPTIONS[found.when]).format(weeks=num(PREPARATION_WEEKS, 2)),
    )
