"""The proof-of-concept test: what to run, how long, and its pass criteria."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.assessment import Workload
from core.assessment.fields import fields_of, shown
from core.catalog.types import CLOUD_VENUES
from core.decision import trial
from core.decision.wording import fine_percent, percent
from core.hours import MS_PER_HOUR
from core.notation import day, local
from core.notation import quoted as in_quotes
from core.recommendation import Option, Serving, TargetCheck
from core.report.brief import DASH, Brief, ms, num, years
from core.report.content import Blocks, Column, Heading, Para, Table, Words
from core.report.quoting import filled, quoted
from core.words import _

STEP_MINUTES = 10
LEAST_STEP = 1.05
USUAL_STEP = 1.1
FEWEST_STEPS, MOST_STEPS = 2, 6
"""Further loads: steps of a tenth, but so few that they fit a working day, however far it is."""
"""Largest load over the test's own from which going on to it in steps tells something."""
LOAD_DIGITS = 4
"""Figures of the load to run, so that a step of a tenth of a percent is not lost."""


def blocks(brief: Brief, option: Option) -> Blocks:
    """The test with its load, duration, metrics and pass criteria."""
    yield Heading(_("Proof-of-concept test"), 2)
    if option.venue == "token_api":
        yield Para(
            _(
                "Run the test against the provider's endpoint, from where the users are, before "
                "anything is signed. The load is open: requests arrive by the clock, whether or "
                "not earlier ones have finished. Ask the provider for the rate limit beforehand."
            )
        )
    elif option.venue in CLOUD_VENUES:
        yield Para(
            _(
                "Run the test on one replica exactly as configured below, on the instance type and "
                "in the region of this option, before anything is committed. The load is open: "
                "requests arrive by the clock, whether or not earlier ones have finished."
            )
        )
    else:
        yield Para(
            _(
                "Run the test on one replica exactly as configured below, before anything is "
                "ordered in quantity. A rented machine with the same accelerators will do. The "
                "load is open: requests arrive by the clock, whether or not earlier ones have "
                "finished."
            )
        )
    for serving in option.servings:
        if len(option.servings) > 1:
            yield Heading(in_quotes(serving.workload), 3)
        workload = trial.workload_of(brief.recommendation.assessment, serving)
        yield _load(brief, serving, workload)
        yield from _criteria(brief, serving, workload)
    second = brief.recommendation.runner_up
    if second is not None:
        yield Para(
            _(
                "If a criterion fails and tuning does not mend it, enter the measured value and "
                "run the assessment again; the next option today is {title}."
            ).format(title=second.title)
        )


def _load(brief: Brief, serving: Serving, workload: Workload | None) -> Table:
    rows: list[tuple[str, Words]] = [(_("Model"), serving.model_name)]
    rows.append((_("Configuration"), serving.configuration))
    if serving.accelerator_name is not None:
        rows.append(
            (
                _("One replica"),
                f"{serving.accelerators_per_replica} × {serving.accelerator_name}",
            )
        )
    if serving.at_peak is not None:
        load = _("{n} requests per second (the peak of the largest year, per replica)").format(
            n=num(serving.at_peak.req_s, LOAD_DIGITS)
        )
    else:
        load = _("{n} requests per second per year, all replicas").format(
            n=years(serving.peak_req_s_by_year)
        )
    rows.append((_("Load"), load))
    demand = next((d for d in brief.recommendation.demand if d.workload == serving.workload), None)
    if demand is not None:
        rows.append(
            (
                _("Arrivals"),
                _("random with a coefficient of variation of {cv} between arrivals").format(
                    cv=num(demand.arrival_cv)
                ),
            )
        )
    percentile = "p95"
    if workload is not None:
        percentile = workload.targets.percentile
        rows += [
            (
                _("Input tokens"),
                _(
                    "mean {mean}, 95th percentile {p95}; {cached} % repeat an earlier beginning"
                ).format(
                    mean=as_entered(workload, "input_tokens_mean"),
                    p95=as_entered(workload, "input_tokens_p95"),
                    cached=as_entered(workload, "prefix_cache_share"),
                ),
            ),
            (
                _("Output tokens"),
                _("mean {mean}, 95th percentile {p95}").format(
                    mean=as_entered(workload, "output_tokens_mean"),
                    p95=as_entered(workload, "output_tokens_p95"),
                ),
            ),
        ]
    rows += [
        (
            _("Duration"),
            _duration(serving, percentile),
        ),
        *_effort(brief, serving, percentile),
        (
            _("Record"),
            _(
                "TTFT, TPOT and whole answer of every request (mean, P50, P90, P95, P99), requests "
                "and tokens per second, failed requests, electrical power, versions of engine and "
                "driver"
            ),
        ),
    ]
    return Table((Column(_("Test")), Column(_("Setting"))), tuple(rows))


def as_entered(workload: Workload, key: str) -> str:
    """An input of the workload, to the last figure that was entered."""
    return shown(dict(fields_of(workload))[key], getattr(workload, key))


def _duration(serving: Serving, percentile: str) -> str:
    """How long the test runs: at a low load the requests take longer than the half hour."""
    requests = trial.requests_for(serving, percentile)
    text = _(
        "{warm} minutes to warm up, then at least {minutes} minutes and at least {n} completed "
        "requests, so that {percentile} is known within {share}"
    ).format(
        warm=trial.WARM_UP_MINUTES,
        minutes=trial.LEAST_MINUTES,
        n=local(f"{requests:,}"),
        percentile=percentile.upper(),
        share=percent(trial.WITHIN),
    )
    needed = trial.minutes_needed(serving, percentile)
    if needed <= trial.LEAST_MINUTES:
        return text
    hours = _("{n} hours").format(n=num(needed / 60.0, 2))
    minutes = _("{n} minutes").format(n=num(needed, 2))
    return _("{text}: about {time} at this load").format(
        text=text, time=hours if needed >= 120 else minutes
    )


def _effort(brief: Brief, serving: Serving, percentile: str) -> Iterator[tuple[str, Words]]:
    """What has to be rented or set aside for the test, where one replica is known, and its rent."""
    hours = trial.hours_of(serving, percentile)
    if hours is None:
        return
    count = serving.accelerators_per_replica
    text = _("{hours} h on {accelerators}, {total} accelerator-hours in all; further loads extra")
    yield (
        _("Effort"),
        text.format(
            hours=num(hours, 2),
            accelerators=f"{count} × {serving.accelerator_name}",
            total=num(hours * count, 2),
        ),
    )
    yield _("Rent"), _rent(brief, serving)


def _rent(brief: Brief, serving: Serving) -> Words:
    """The test's price at list price, or that none is known."""
    rents = brief.recommendation.trial_rents
    found = next((r for r in rents if r.workload == serving.workload), None)
    if found is None:
        return _("no rental price of a machine with this accelerator is known")
    if found.own:
        text = _(
            "{price}: {instance} at {rate} per hour on demand ({source}, {date}); setting up extra"
        )
    else:
        text = _(
            "{price} on the cheapest machine of the catalog with this accelerator: {instance} at "
            "{rate} per hour on demand ({source}, {date}); setting up extra, made-up prompts only"
        )
    return filled(
        text,
        price=brief.money(found.usd),
        instance=found.instance,
        rate=brief.money(found.usd_per_h),
        source=quoted(found.source.source),
        date=day(found.source.as_of) or _("undated"),
    )


def _criteria(brief: Brief, serving: Serving, workload: Workload | None) -> Blocks:
    percentile = workload.targets.percentile if workload is not None else "p95"
    # no test of minutes shows a planned wait of hours: there the work done decides
    rows = [_criterion(check) for check in serving.targets if not check.waiting_ms]
    waiting = max((check.waiting_ms for check in serving.targets), default=0.0)
    if waiting > 0.0 and serving.capacity_req_s:
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
    if waiting > 0.0 and serving.capacity_req_s:
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


def _criterion(check: TargetCheck) -> tuple[str, ...]:
    got, limit = check.predicted_ms, check.limit_ms
    passes = f"≤ {ms(limit)}"
    if got is None:
        return check.label, passes, DASH, DASH, _("no prediction: the test decides")
    if got.high <= limit:
        beyond = _("a sign of a fault in the set-up: look there first")
    elif got.base <= limit:
        beyond = _("may well happen: the test decides")
    else:
        beyond = _("expected to fail")
    between = _("{low} and {high}").format(low=ms(got.low), high=ms(got.high))
    return check.label, passes, ms(got.base), between, beyond
