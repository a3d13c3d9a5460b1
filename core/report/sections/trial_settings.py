"""How the proof-of-concept test is set up: load, lengths, duration, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator

from core.assessment import Workload
from core.assessment.fields import fields_of, shown
from core.decision import trial
from core.decision.wording import percent
from core.notation import day, local
from core.recommendation import Serving
from core.report.brief import Brief, count, num, years
from core.report.content import Column, Table, Words
from core.report.quoting import filled, quoted
from core.words import _

LOAD_DIGITS = 4
"""Figures of the load to run, so that a step of a tenth of a percent is not lost."""


def from_a_queue(serving: Serving) -> bool:
    """Whether what decides is the work done: the plan lets some of it wait for its turn.

    Random arrivals at just the rate that has to be done would miss it every other time, however
    fast the replica is; from a queue that is never empty its rate is its own.
    """
    return bool(serving.capacity_req_s) and any(check.waiting_ms for check in serving.targets)


def settings(brief: Brief, serving: Serving, workload: Workload | None) -> Table:
    """What is run, at which load, for how long, and what is recorded."""
    rows: list[tuple[str, Words]] = [(_("Model"), serving.model_name)]
    rows.append((_("Configuration"), serving.configuration))
    if serving.accelerator_name is not None:
        rows.append(
            (
                _("One replica"),
                f"{serving.accelerators_per_replica} × {serving.accelerator_name}",
            )
        )
    if from_a_queue(serving):
        load = _("{n} requests at once; as one ends, the next begins").format(
            n=count(serving.max_concurrency)
        )
    elif serving.at_peak is not None:
        load = _("{n} requests per second (the peak of the largest year, per replica)").format(
            n=num(serving.at_peak.req_s, LOAD_DIGITS)
        )
    elif serving.accelerator_name is None and serving.peak_req_s_by_year:
        load = _("{n} requests per second (the busiest hour of the largest year)").format(
            n=num(max(serving.peak_req_s_by_year), LOAD_DIGITS)
        )
    else:
        load = _("{n} requests per second per year, all replicas").format(
            n=years(serving.peak_req_s_by_year)
        )
    rows.append((_("Load"), load))
    demand = next((d for d in brief.recommendation.demand if d.workload == serving.workload), None)
    if demand is not None and not from_a_queue(serving):
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
            )
            if serving.accelerator_name is not None
            else _(
                "TTFT, TPOT and whole answer of every request (mean, P50, P90, P95, P99), requests "
                "and tokens per second, failed and refused requests, tokens billed, the version of "
                "the model that the provider names"
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
