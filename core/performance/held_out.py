"""Leaving whole groups out of the fit: the engine's own measure of its accuracy.

Models, accelerators and sources are left out in turn; never random rows, because one
configuration appears in several releases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import fit
from core.performance.measurements import Run
from core.performance.parameters import join_label
from core.performance.published_runs import length_of, pair_of
from core.performance.targets import FitSet
from core.performance.types import Bools, Floats

COVERAGE = 0.84
"""Nominal coverage of the stored intervals; held-out groups scatter around it."""
ENOUGH = 40
"""Left-out values from which a metric family, scenario and grade get an interval of their own."""
REFIT_STEPS = 40
"""Most steps of a refit without a group, from the fit to all rows; all stand still before.

Such a loss may have more than one minimum where half of a metric's values are left out. Without
the H100 the fit from the defaults ends at the same one (2,563.0 against 2,562.9; that card's TPOT
is 14.0 and 13.6 % off, median)."""
_SEEN = ("generation*engine", "model_type*engine", "precision")


def group_keys(runs: Sequence[Run], by: str) -> list[str]:
    """Group of each target's run: ``model``, ``accelerator`` or ``source``.

    One collection holds two kinds of runs, which are two sources here.
    """
    if by == "model":
        return [r.model.id for r in runs]
    if by == "accelerator":
        return [r.accelerator.id for r in runs]
    return [r.source + ("/varied" if "InferenceX" in r.notes else "") for r in runs]


@dataclass(frozen=True)
class Held:
    """What leaving out each group of a kind gives."""

    residual: Floats
    """log(predicted / measured) of each target without its group."""
    grades: list[str]
    theta: dict[str, Floats]
    """The parameter vector fitted without each group."""


_SHARED: dict[str, tuple[fit.Layout, FitSet, fit.Solution]] = {}
"""What a worker process refits from."""


def _share(lay: fit.Layout, data: FitSet, full: fit.Solution) -> None:
    _SHARED["full"] = (lay, data, full)


def _refit_without(out: Bools) -> tuple[Floats, Floats]:
    """(parameter vector, log predictions of the left-out targets) without the targets in ``out``.

    Starts from the fit to all and takes steps until the loss stands still.
    """
    lay, data, full = _SHARED["full"]
    refit = fit.fit(lay, data.targets, data.predict, use=~out, start=full, iterations=REFIT_STEPS)
    return refit.theta, refit.log_predicted[out]


def leave_out(lay: fit.Layout, data: FitSet, full: fit.Solution, by: str, workers: int = 1) -> Held:
    """Every target predicted with its own group left out of the fit.

    ``workers`` processes refit at once; with 1, this one does.
    """
    runs = data.runs()
    keys = np.array(group_keys(runs, by), dtype=object)
    labels = [data.cases.labels[i] for i in data.targets.case.tolist()]
    joined = {f: np.array([join_label(f, x) for x in labels], dtype=object) for f in _SEEN}
    names = sorted(set(keys.tolist()))
    outs: list[Bools] = [keys == name for name in names]
    if workers > 1:
        with ProcessPoolExecutor(workers, initializer=_share, initargs=(lay, data, full)) as pool:
            refits = list(pool.map(_refit_without, outs))
    else:
        _share(lay, data, full)
        refits = [_refit_without(out) for out in outs]
    residual = np.full(len(keys), np.nan)
    grades = np.full(len(keys), "calibrated", dtype=object)
    for out, (_theta, log_predicted) in zip(outs, refits, strict=True):
        residual[out] = log_predicted - data.targets.log_value[out]
        known = {f: set(joined[f][~out].tolist()) for f in _SEEN}
        for i in np.flatnonzero(out).tolist():
            if any(joined[f][i] not in known[f] for f in _SEEN):
                grades[i] = "extrapolated"
    theta = {name: found for name, (found, _logs) in zip(names, refits, strict=True)}
    return Held(residual, [str(g) for g in grades], theta)


def errors(residual: Floats) -> dict[str, float]:
    """Median, mean and P90 absolute percentage error and the median ratio."""
    good = residual[np.isfinite(residual)]
    if not len(good):
        return {"n": 0}
    ape = np.abs(np.expm1(good))
    return {
        "n": len(good),
        "median": round(float(np.median(ape)), 4),
        "mean": round(float(np.mean(ape)), 4),
        "p90": round(float(np.quantile(ape, 0.9)), 4),
        "ratio": round(float(np.exp(np.median(good))), 4),
    }


def by_family(data: FitSet, residual: Floats) -> dict[str, dict[str, float]]:
    """Errors per metric family, and of TPOT and TTFT in closed loop alone."""
    table = {
        family: errors(residual[data.family == family])
        for family in sorted(set(data.family.tolist()))
    }
    closed = np.array([r.scenario == "closed_loop" for r in data.runs()])
    for family in ("tpot", "ttft"):
        table[f"{family}, closed loop"] = errors(residual[(data.family == family) & closed])
    return table


def by_field(data: FitSet, residual: Floats, field: str) -> dict[str, dict[str, dict[str, float]]]:
    """Errors per metric family and accelerator, model, engine, scenario or source."""
    runs = data.runs()
    names = {
        "accelerator": [r.accelerator.name for r in runs],
        "model": [r.model.name for r in runs],
        "engine": [r.engine for r in runs],
        "scenario": [r.scenario for r in runs],
        "source": group_keys(runs, "source"),
    }[field]
    column = np.array(names, dtype=object)
    return {
        family: {
            name: errors(residual[(data.family == family) & (column == name)])
            for name in sorted(set(column[data.family == family].tolist()))
        }
        for family in sorted(set(data.family.tolist()))
    }


def quantile_factors(residual: Floats, coverage: float = COVERAGE) -> list[float]:
    """(low, high) factors on a prediction that hold the measured value so often."""
    tail = (1.0 - coverage) / 2.0
    low, high = np.quantile(-residual, [tail, 1.0 - tail])
    return [round(float(np.exp(min(low, -0.02))), 4), round(float(np.exp(max(high, 0.02))), 4)]


def interval_table(
    data: FitSet, fitted: Floats, held: Mapping[str, tuple[Floats, Sequence[str]]]
) -> dict[str, dict[str, list[float]]]:
    """80 % interval factors by metric family and evidence grade.

    ``measured`` comes from the fit's own residuals, ``calibrated`` and ``extrapolated`` from
    left-out models and accelerators whose neighbours were, or were not, seen.
    """
    table: dict[str, dict[str, list[float]]] = {}
    scenario = np.array([r.scenario for r in data.runs()], dtype=object)
    everywhere = np.ones(len(scenario), dtype=bool)
    for family in sorted(set(data.family.tolist())):
        mine = data.family == family
        places = {family: everywhere} | {
            f"{family}|{name}": scenario == name for name in sorted(set(scenario[mine].tolist()))
        }
        for key, place in places.items():
            here = mine & place & np.isfinite(fitted)
            if here.sum() < ENOUGH:
                continue
            table[key] = {"measured": quantile_factors(fitted[here])}
            for grade in ("calibrated", "extrapolated"):
                parts = [
                    residual[here & np.isfinite(residual) & (np.array(grades) == grade)]
                    for residual, grades in held.values()
                ]
                together = np.concatenate(parts) if parts else np.array([])
                if len(together) >= ENOUGH:
                    table[key][grade] = quantile_factors(together)
    if "tpot|closed_loop" in table:
        table["e2e"] = dict(table["tpot|closed_loop"])
    return table


def coverage(
    data: FitSet,
    table: Mapping[str, Mapping[str, Sequence[float]]],
    residual: Floats,
    grades: Sequence[str],
) -> dict[str, float]:
    """Share of left-out values inside their interval, per family."""
    found = {}
    runs = data.runs()
    for family in sorted(set(data.family.tolist())):
        inside = []
        for r, g, f, run in zip(residual, grades, data.family, runs, strict=True):
            if f != family or not np.isfinite(r):
                continue
            entry = table.get(f"{family}|{run.scenario}", {})
            bounds = entry.get(g) or table[family].get(g)
            if bounds:
                inside.append(bounds[0] <= np.exp(-r) <= bounds[1])
        found[family] = round(float(np.mean(inside)), 4) if inside else float("nan")
    return found


def seen_sizes(data: FitSet) -> dict[str, list[float]]:
    """Least and most accelerators of a replica, and longest request, of each measured pair.

    Keys as in ``seen_groups``'s ``measured``.
    """
    found: dict[str, list[float]] = {}
    for i in set(data.targets.case.tolist()):
        run = data.cases.runs[i]
        size, tokens = float(run.tp * run.dp), length_of(run)
        low, high, longest = found.get(pair_of(run), [size, size, tokens])
        found[pair_of(run)] = [min(low, size), max(high, size), max(longest, tokens)]
    return dict(sorted(found.items()))


def seen_groups(data: FitSet) -> dict[str, list[str]]:
    """What the measurements cover, for evidence grades."""
    labels = [data.cases.labels[i] for i in set(data.targets.case.tolist())]
    seen: dict[str, Any] = {f: sorted({join_label(f, x) for x in labels}) for f in _SEEN[:2]}
    seen["precision"] = sorted({x["precision"] for x in labels})
    seen["measured"] = sorted({pair_of(data.cases.runs[i]) for i in data.targets.case.tolist()})
    return seen
