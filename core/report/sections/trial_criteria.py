"""When the proof-of-concept test is passed, and how its load is raised then."""

from __future__ import annotations

import math

from core.assessment import Workload
from core.decision.wording import fine_percent, percent
from core.hours import MS_PER_HOUR
from core.notation import local
from core.recommendation import Serving, TargetCheck
from core.report.brief import DASH, Brief, ms, num
from core.report.content import Blocks, Column, Para, Table
from core.report.sections.measured_runs import slower_than_predicted
from core.report.sections.trial_settings import from_a_queue
from core.words import _

STEP_MINUTES = 10
LEAST_STEP = 1.05
"""Largest load over the test's own from which going on to it in steps tells something."""
USUAL_STEP = 1.1
FEWEST_STEPS, MOST_STEPS = 2, 6
"""Further loads: steps of a tenth, but so few that they fit a working day, however far it is."""


def criteria(brief: Brief, serving: Serving, workload: Workload | None) -> Blocks:
    """What every run has to reach, and the loads that tell the reserve."""
    percentile = workload.targets.percentile if workload is not None else "p95"
    # no test of minutes shows a planned wait of hours: there the work done decides
    rows = [_criterion(serving, check) for check in serving.targets if not check.waiting_ms]
    waiting = max((check.waiting_ms for check in serving.targets), default=0.0)
    queued = from_a_queue(serving)
    if queued:
        rows.append(_work_done(serving))
    rows.append((_("Failed requests"), *_failures(brief)))
    yield Table(
        (
            Column(_("Criterion")),
            Column(_("Pass if"), "", "decimal"),
            Column(_("Expected"), "", "decimal"),
            Column(_("Prediction holds between"), "", "centre"),
            Column(_("Beyond that")),
        ),
        tuple(rows),
        caption=_("Pass criteria, each at the {percentile} of all requests of the run").format(
            percentile=percentile.upper()
        ),
    )
    if queued:
        yield Para(
            _(
                "The plan lets this work wait {hours} h for its turn, which no such test shows, so "
                "the whole answer is no criterion. What decides is how much is done."
            ).format(hours=local(f"{waiting / MS_PER_HOUR:.1f}"))
        )
    if (
        serving.capacity_req_s
        and serving.at_peak is not None
        and serving.capacity_req_s > serving.at_peak.req_s * LEAST_STEP
    ):
        ratio = serving.capacity_req_s / serving.at_peak.req_s
        usual = math.ceil(math.log(ratio) / math.log(USUAL_STEP))
        steps = min(max(usual, FEWEST_STEPS), MOST_STEPS)
        yield Para(
            _(
                "Then raise the load in {steps} steps, each {times} times the one before, to {n} "
                "requests per second, the largest that is predicted to meet every target; hold "
                "each step for {minutes} minutes. The step at which the first target breaks tells "
                "the real reserve."
            ).format(
                steps=steps,
                times=num(ratio ** (1.0 / steps)),
                n=num(serving.capacity_req_s),
                minutes=STEP_MINUTES,
            )
        )


def _work_done(serving: Serving) -> tuple[str, ...]:
    """Completed requests per second that the plan of waiting work needs of a replica."""
    needed = serving.capacity_req_s or 0.0
    spread = serving.throughput_interval
    between = (
        DASH
        if spread is None
        else _("{low} and {high}").format(
            low=num(needed * spread.low), high=num(needed * spread.high)
        )
    )
    return (
        _("Completed requests per second, one replica"),
        f"≥ {num(needed)}",
        num(needed),
        between,
        _("the work needs more hours or more replicas"),
    )


def _failures(brief: Brief) -> tuple[str, str, str, str]:
    """Requests that may fail: what the availability asked for leaves, and that it is so."""
    asked = brief.recommendation.assessment.site.availability
    reason = _("of all requests; asked for: {availability} available")
    return (
        f"≤ {percent(1.0 - asked)}",
        DASH,
        DASH,
        reason.format(availability=fine_percent(asked)),
    )


def _criterion(serving: Serving, check: TargetCheck) -> tuple[str, ...]:
    got, limit = check.predicted_ms, check.limit_ms
    passes = f"≤ {ms(limit)}"
    if got is None:
        return check.label, passes, DASH, DASH, _("no prediction: the test decides")
    if got.high <= limit and slower_than_predicted(serving, check.key):
        beyond = _("no fault by itself: the nearest published runs were slower than predicted too")
    elif got.high <= limit:
        beyond = _("a sign of a fault in the set-up: look there first")
    elif got.base <= limit:
        beyond = _("may well happen: the test decides")
    else:
        beyond = _("expected to fail")
    between = _("{low} and {high}").format(low=ms(got.low), high=ms(got.high))
    return check.label, passes, ms(got.base), between, beyond
