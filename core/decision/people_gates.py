"""Hard limits of money, dates, availability and people."""

from __future__ import annotations

import math
from functools import partial

from core.assessment import Assessment
from core.decision.anchors import (
    SKILL_EXPERT_PARALLEL,
    SKILL_GAP_REFUSED,
    SKILL_NEEDED,
    SKILL_PIPELINE,
)
from core.decision.facts import weeks_between
from core.decision.once import Once
from core.decision.ordering import order_by
from core.decision.verdicts import gate
from core.decision.wording import (
    fine_percent,
    number,
    weeks_in_words,
    years_in_words,
)
from core.hours import WEEKS_PER_YEAR
from core.notation import day
from core.recommendation import Gate, GateStatus, Option, Spread
from core.words import N_, _

BEYOND_A_HALL = 0.9998
"""Availability from which what is not counted decides: halls of tier III are held to 99.982 %
(Uptime Institute's classification, from general knowledge of the field)."""

# -- money -----------------------------------------------------------------------------------


OPERATED = {
    "token_api": N_("a hosted API"),
    "public_cloud": N_("rented instances"),
    "gpu_cloud": N_("rented instances at a specialised provider"),
    "colocation": N_("own servers in a leased hall"),
    "on_premises": N_("own servers on premises"),
    "edge": N_("servers at edge sites"),
    "hybrid": N_("own servers and rented capacity together"),
}


# -- dates and people ------------------------------------------------------------------------


def lead_time(option: Option, assessment: Assessment, as_of: str) -> Gate:
    """Delivery and set-up in weeks against the date needed: late deliveries are a condition.

    Where no date is set, against the years that are compared.
    """
    label, when, weeks = _("Ready in time"), assessment.site.date_needed, option.weeks_to_deploy
    if when is None:
        return _within_horizon(label, weeks, assessment.economics.horizon_years)
    left = weeks_between(as_of, when)
    if weeks is None:
        return gate(
            "lead_time",
            label,
            "unknown",
            _("Needed by {when}, in {left}; the lead time is not known.").format(
                when=day(when), left=weeks_in_words(max(left, 0.0))
            ),
            _("Ask for a delivery date."),
            limit=left,
            unit="weeks",
        )
    status: GateStatus = (
        "pass" if weeks.high <= left else "unknown" if weeks.base <= left else "fail"
    )
    message = _("Takes {base} ({low} to {high}); needed by {when}, in {left}.").format(
        base=weeks_in_words(weeks.base),
        low=number(weeks.low),
        high=number(weeks.high),
        when=day(when),
        left=weeks_in_words(max(left, 0.0)),
    )
    if status == "fail":
        later = weeks_in_words(math.ceil(weeks.base - left))
        change = _("A date {later} later.").format(later=later)
    else:
        late = weeks_in_words(weeks.high)
        change = _(
            "Get a delivery date in writing: late deliveries take {late}, and the day to order "
            "for those, {day}, is past."
        ).format(late=late, day=day(order_by(as_of, when, weeks).safe))
    return gate(
        "lead_time", label, status, message, change, needed=weeks.base, limit=left, unit="weeks"
    )


def _within_horizon(label: str, weeks: Spread | None, years: int) -> Gate:
    """Whoever sets no date does not mean to wait longer than the years that are compared."""
    limit = years * WEEKS_PER_YEAR
    if weeks is None or weeks.base <= limit:
        return gate("lead_time", label, "pass", _("No date is set."))
    message = _("Takes {base} ({low} to {high}), longer than the {years} compared.").format(
        base=weeks_in_words(weeks.base),
        low=number(weeks.low),
        high=number(weeks.high),
        years=years_in_words(years),
    )
    return gate(
        "lead_time",
        label,
        "unknown" if weeks.low <= limit else "fail",
        message,
        _("Start with less load, or get a delivery date in writing."),
        needed=weeks.base,
        limit=limit,
        unit="weeks",
    )


def availability(option: Option, assessment: Assessment) -> Gate:
    """Share of the time in which the peak is served, against what is asked for."""
    label, wanted, got = _("Availability"), assessment.site.availability, option.fleet.availability
    if got is None and option.contract is not None and option.contract.is_all_spot:
        return gate(
            "availability",
            label,
            "unknown",
            _(
                "{wanted} is asked for; everything runs on spot instances, which can be taken back "
                "at any time: nobody promises an availability."
            ).format(wanted=fine_percent(wanted)),
            _("Confirm that the work may wait for hours while no spot instances are free."),
            limit=wanted,
            unit="share",
        )
    if got is None:
        return gate(
            "availability",
            label,
            "unknown",
            _("{wanted} is asked for; none is published or computed.").format(
                wanted=fine_percent(wanted)
            ),
            _("Get {wanted} in the contract.").format(wanted=fine_percent(wanted)),
            limit=wanted,
            unit="share",
        )
    if got >= wanted - 1e-9 and wanted > BEYOND_A_HALL:
        return gate(
            "availability",
            label,
            "unknown",
            _(
                "The peak is served {got} of the time as far as servers fail; {wanted} is asked "
                "for, which leaves less than outages of power, cooling, network and software may "
                "take. Those are not counted."
            ).format(got=fine_percent(got), wanted=fine_percent(wanted)),
            _("Get {wanted} in the contract, or plan a second place.").format(
                wanted=fine_percent(wanted)
            ),
            needed=got,
            limit=wanted,
            unit="share",
        )
    return gate(
        "availability",
        label,
        "pass" if got >= wanted - 1e-9 else "fail",
        _(
            "The peak is served {got} of the time as far as servers fail; {wanted} is asked for. "
            "Outages of power, cooling, network and software are not counted."
        ).format(got=fine_percent(got), wanted=fine_percent(wanted)),
        _("Accept {got}.").format(got=fine_percent(got)),
        needed=got,
        limit=wanted,
        unit="share",
    )


def skill_needed(option: Option, once: Once | None = None) -> tuple[int, str]:
    """Level 1 to 5 that operating an option takes, and why."""
    if once is not None:
        question = ("skill", option.venue, *((s.pp, s.ep) for s in option.servings))
        return once(question, partial(skill_needed, option))
    level, reason = (
        SKILL_NEEDED[option.venue],
        _("operating {what}").format(what=_(OPERATED[option.venue])),
    )
    for serving in option.servings:
        if serving.pp > 1 and level < SKILL_PIPELINE:
            level, reason = SKILL_PIPELINE, _("replicas that span servers")
        if serving.ep > 1 and level < SKILL_EXPERT_PARALLEL:
            level, reason = SKILL_EXPERT_PARALLEL, _("expert parallelism")
    return level, reason


def skills(option: Option, assessment: Assessment, once: Once) -> Gate:
    """Level that operating the option takes, against the team's."""
    need, reason = skill_needed(option, once)
    return once(("skills", need, reason), partial(_skills, need, reason, assessment))


def _skills(need: int, reason: str, assessment: Assessment) -> Gate:
    label, team = _("Skills"), assessment.site.team_skill
    gap = need - team
    status: GateStatus = "pass" if gap <= 0 else "fail" if gap >= SKILL_GAP_REFUSED else "unknown"
    return gate(
        "skills",
        label,
        status,
        _("Level {need} of 5 is needed for {reason}; the team has level {team}.").format(
            need=need, reason=reason, team=team
        ),
        _("Hire or contract people of that level.")
        if status == "fail"
        else _("Train the team or contract support before the start."),
        needed=float(need),
        limit=float(team),
        unit="of 5",
    )
