"""From re-runs to how each option's work, cost, points and limits follow what is drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from core.analysis.bills import Bill, Bills, bills_alone, runs_at_loads
from core.analysis.effects import effects_of
from core.analysis.engine_runs import Run, at_loads, joint_runs, places, work_per_request
from core.analysis.future_cost import bill_in
from core.analysis.narrow import Narrow
from core.analysis.response import Response
from core.analysis.uncertain_inputs import INDEX
from core.performance.types import Floats

LOADS_SHARE = 0.15
"""Of the time that all re-runs take."""


def bills_of(narrow: Narrow, tell: Callable[[float], None]) -> Bills:
    """Re-run the pipeline at every load and in futures, and fit each option through the runs."""
    at_load = runs_at_loads(narrow, lambda share: tell(LOADS_SHARE * share))
    others = {factor: ranked for factor, ranked in at_load.items() if factor != 1.0}
    study = next((ranked.study for ranked in others.values()), None)
    joint = joint_runs(narrow, study, lambda share: tell(LOADS_SHARE + (1.0 - LOADS_SHARE) * share))
    return fitted(bills_alone(narrow, at_load), [*joint, *at_loads(others)])


def fitted(bills: Bills, runs: Sequence[Run]) -> Bills:
    """Bills that follow the engine: fitted through runs of everything, the stated case first."""
    z = np.stack([run.z for run in runs])
    return dataclasses.replace(bills, bills=tuple(_fitted(bills, b, runs, z) for b in bills.bills))


def _fitted(bills: Bills, bill: Bill, runs: Sequence[Run], z: Floats) -> Bill:
    there = [i for i, run in enumerate(runs) if bill.option.id in run.options]
    options, z = [runs[i].options[bill.option.id] for i in there], z[there]
    error = np.zeros(len(z)) if bill.hosted else z[:, INDEX["engine"]]
    here = places(bills.asked(z), z, error)
    weights = [sum(s.peak_req_s_by_year) for s in bill.option.servings]
    works = [None if bill.hosted else work_per_request(o, weights) for o in options]
    known = [i for i, work in enumerate(works) if work]
    log_work = np.zeros(len(z))
    work = bill.work
    if 0 in known:
        log_work[known] = np.log([works[i] or 1.0 for i in known]) - np.log(works[0] or 1.0)
        at_stated_load = here[known].copy()
        at_stated_load[:, 0] = 0.0
        work = Response.through(at_stated_load, log_work[known][:, None])
        unknown = [i for i, value in enumerate(works) if not value]
        log_work[unknown] = work.at(here[unknown] * np.array([0.0, 1.0, 1.0, 1.0, 1.0]))[:, 0]
    alone = bill_in(bills, bill, z, np.exp(log_work)).usd_per_mtok
    paid = np.array([o.cost.usd_per_mtok.base if o.cost else 0.0 for o in options])
    free = (alone <= 0.0) | (paid <= 0.0)
    left_over = np.log(np.where(free, 1.0, paid) / np.where(free, 1.0, alone))
    left_over[0] = 0.0  # the bill is exact as stated, but for the last digits of a sum
    studies = [runs[i].study for i in there]
    effects = effects_of(options, left_over, here, [s for s in studies if s is not None])
    slips = np.zeros(len(runs))
    slips[there] = effects.slips
    return dataclasses.replace(bill, work=work, effects=dataclasses.replace(effects, slips=slips))
