"""From the requests asked for to the load that runs, step by step, where work can wait."""

from __future__ import annotations

from collections.abc import Iterator

from core.notation import local
from core.recommendation import Serving, WaitingDemand, WorkloadDemand
from core.report.brief import Brief, num, share
from core.report.content import Blocks, Column, Table
from core.words import _

Row = tuple[str, str, str]


def blocks(brief: Brief, demand: WorkloadDemand) -> Blocks:
    """A table of every load that the report names for a workload, each from the one above."""
    if demand.waiting is None or not demand.peak_req_s_by_year:
        return
    yield Table(
        (
            Column(_("Load")),
            Column(_("Requests"), _("per second"), "decimal"),
            Column(_("How it follows")),
        ),
        (*_planned(demand, demand.waiting), *_run(brief, demand)),
        caption=_("“{workload}”: from the requests that come in to the load that runs").format(
            workload=demand.workload
        ),
    )


def _planned(demand: WorkloadDemand, found: WaitingDemand) -> Iterator[Row]:
    """What holds for every option."""
    peaks, asked = demand.peak_req_s_by_year, found.asked_hourly_req_s
    yield (
        _("Busiest hour as requests come in, first year"),
        num(max(asked)),
        _("the traffic entered, in the busiest hour of its week"),
    )
    yield (
        _("Mean of the week"),
        num(demand.mean_req_s),
        _("the same week, all 168 hours; {share} of it can wait, up to {hours} h").format(
            share=share(found.share), hours=num(found.deadline_h)
        ),
    )
    yield (
        _("Busiest hour as planned"),
        num(peaks[0]),
        _(
            "what can wait moves to emptier hours, at most {window} h later (the rest of the "
            "deadline is kept for serving and restarts): the least that keeps every deadline"
        ).format(window=num(found.window_h)),
    )
    if peaks[-1] != peaks[0]:
        yield (
            _("The same in the last year"),
            num(peaks[-1]),
            _("{times} times the first year, by the growth of demand").format(
                times=num(peaks[-1] / peaks[0])
            ),
        )


def _run(brief: Brief, demand: WorkloadDemand) -> Iterator[Row]:
    """What the option that the report describes makes of it."""
    serving = _serving(brief, demand.workload)
    if serving is None or serving.waiting is None:
        return
    found = serving.waiting
    most = max(found.hourly_req_s)
    how = (
        _(
            "instances start for an hour's full work and stop after it, not to run all week: even "
            "in year {year}, the busiest, they run {hours} of its 168 hours"
        ).format(hours=local(f"{found.running_h_per_week:.0f}"), year=found.busiest_year)
        if found.own_instances
        else _("it runs as it comes in, as far as the rest leaves room on what stands there")
    )
    yield _("Busiest hour as the option runs it, first year"), num(most), how
    if found.own_instances and found.share >= 1.0 and found.repeated:
        yield (
            _("with what is repeated"),
            num(most * (1.0 + found.repeated)),
            _("{share} is done again after interruptions; one replica carries {each}").format(
                share=share(found.repeated), each=num(serving.capacity_req_s)
            ),
        )


def _serving(brief: Brief, workload: str) -> Serving | None:
    """How the described option serves it; a hybrid's parts serve the plan between them."""
    option = brief.subject
    if option is None or option.venue == "hybrid":
        return None
    return next((s for s in option.servings if s.workload == workload), None)
