"""From re-runs to how each option's work, cost, points and limits follow what is drawn."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.analysis.bills import LOADS, Bill, Bills, bills_alone, runs_at_loads
from core.analysis.effects import effects_of, fleets_of
from core.analysis.engine_runs import (
    PLACES,
    CarryingRun,
    Run,
    at_loads,
    carrying_runs,
    joint_runs,
    places,
    work_per_request,
)
from core.analysis.fleets import Runs
from core.analysis.future_cost import bill_in, needed
from core.analysis.narrow import Narrow
from core.analysis.response import SMOOTH, Response
from core.analysis.uncertain_inputs import INDEX
from core.performance.types import Floats
from core.recommendation import Option

LOADS_SHARE, JOINT_SHARE = 0.15, 0.55
"""Of the time that all re-runs take."""


def bills_of(narrow: Narrow, tell: Callable[[float], None]) -> Bills:
    """Re-run the pipeline at every load and in futures, and fit each option through the runs."""
    at_load = runs_at_loads(narrow, lambda share: tell(LOADS_SHARE * share))
    others = {factor: ranked for factor, ranked in at_load.items() if factor != 1.0}
    study = next((ranked.study for ranked in others.values()), None)
    joint = joint_runs(narrow, study, lambda share: tell(LOADS_SHARE + JOINT_SHARE * share))
    further = carrying_runs(
        narrow,
        joint,
        lambda share: tell(LOADS_SHARE + JOINT_SHARE + (1.0 - LOADS_SHARE - JOINT_SHARE) * share),
    )
    return fitted(bills_alone(narrow, at_load), [*joint, *at_loads(others)], further)


def fitted(bills: Bills, runs: Sequence[Run], further: Sequence[CarryingRun] = ()) -> Bills:
    """Bills that follow the engine: fitted through runs of everything, the stated case first."""
    per_unit = {
        o.fleet.platform_id: o.fleet.accelerators // max(*o.fleet.units_by_year, 1)
        for o in runs[0].options.values()
        if o.fleet.platform_id and o.fleet.units_by_year
    }
    return dataclasses.replace(
        bills, bills=tuple(_fitted(bills, b, runs, further, per_unit) for b in bills.bills)
    )


def _fitted(
    bills: Bills,
    bill: Bill,
    runs: Sequence[Run],
    further: Sequence[CarryingRun],
    per_unit: Mapping[str, int],
) -> Bill:
    there = [i for i, run in enumerate(runs) if bill.option.id in run.options]
    options = [runs[i].options[bill.option.id] for i in there]
    z = np.stack([runs[i].z for i in there])
    here, load = _places(bills, bill, z), bills.asked(z).load
    known = Runs(
        [s for i in there if (s := runs[i].study) is not None],
        here,
        load,
        further,
        _places(bills, bill, np.array([run.z for run in further]).reshape(-1, z.shape[1])),
    )
    fleets = [] if bill.hosted else fleets_of(options, known, per_unit)
    held, work = None, np.ones(len(z))
    if fleets:
        own = fleets[0][0]
        loads = np.tile(np.array(LOADS)[:, None], (1, load.shape[1]))
        at_loads = own.in_futures(np.zeros((len(LOADS), PLACES)), loads)
        bill, held = dataclasses.replace(bill, held=at_loads), own.in_futures(here, load)
    elif not bill.hosted:
        response, work = _work(bill, options, here)
        bill = dataclasses.replace(bill, work=response)
    beside = bills.parts_of(bill)
    if beside:
        part_id = bills.bills[beside[0]].option.id
        bill = dataclasses.replace(bill, part_id=part_id)
        told = np.array([_paid(runs[i].options.get(part_id)) for i in there])
    else:
        told = bill_in(bills, bill, z, needed(bill, load, work, held)).usd_per_mtok
    left_over = _left_over(told, np.array([_paid(o) for o in options]))
    if not beside:
        left_over[0] = 0.0  # the bill is exact as stated, but for the last digits of a sum
    effects = effects_of(options, left_over, here, fleets, beside=bool(beside))
    slips = np.zeros(len(runs))
    slips[there] = effects.slips
    return dataclasses.replace(bill, effects=dataclasses.replace(effects, slips=slips))


def _work(bill: Bill, options: Sequence[Option], places: Floats) -> tuple[Response, Floats]:
    """How an option's work per request follows what is drawn, and what it is in the runs."""
    weights = [sum(s.peak_req_s_by_year) for s in bill.option.servings]
    works = [work_per_request(option, weights) for option in options]
    known = [i for i, work in enumerate(works) if work]
    if 0 not in known:
        return bill.work, np.ones(len(options))
    at_stated_load = places * np.append(0.0, np.ones(PLACES - 1))
    log_work = np.log([works[i] or 1.0 for i in known]) - math.log(works[0] or 1.0)
    response = Response.through(at_stated_load[known], log_work[:, None], SMOOTH)
    found = response.at(at_stated_load)[:, 0]
    found[known] = log_work
    return response, np.exp(found)


def _left_over(told: Floats, paid: Floats) -> Floats:
    """Logarithm of what is paid over what is told; the mean of the others where one is nothing."""
    known = (told > 0.0) & (paid > 0.0)
    found = np.log(np.where(known, paid, 1.0) / np.where(known, told, 1.0))
    found[~known] = found[known].mean() if known.any() else 0.0
    return found


def _paid(option: Option | None) -> float:
    """Cost per million tokens; 0 where there is none."""
    return 0.0 if option is None or option.cost is None else option.cost.usd_per_mtok.base


def _places(bills: Bills, bill: Bill, z: Floats) -> Floats:
    """Places of runs for an option, where all hardware errs alike."""
    error = np.zeros(len(z)) if bill.hosted else z[:, INDEX["engine"]]
    return places(bills.asked(z), error, bill.grade, bills.cached)
