"""Power of published runs: prediction, fit of the few shares of TDP it depends on, leave-outs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from core.performance import power, published_runs, scenarios
from core.performance.measurement_format import Row
from core.performance.targets import FAMILY
from core.performance.types import Bools, Floats, Ints, Texts

_SHARES = ("active", "bandwidth", "compute", "waiting")
_HOST = ("server_base_w", "server_share", "peak")
_FITTED = ("power_w_accel_total", "power_w_per_accel", "power_w_system", "power_w_system_peak")
_SCALE, _WIDTH, _GENERATION_WIDTH = 0.1, 0.5, 0.1
"""Outlier threshold, and shrinkage of the shares and of the generations' offsets, in logs."""
SERVER_CARDS = 8
"""Accelerators of the largest server: more are several servers."""


@dataclass(frozen=True, slots=True)
class Use:
    """What each run does with its accelerators, arrays of shape (n,)."""

    decode_bandwidth: Floats
    decode_compute: Floats
    decode_waiting: Floats
    prefill_bandwidth: Floats
    prefill_compute: Floats
    prefill_waiting: Floats
    busy_decode: Floats
    busy_prefill: Floats
    output_tok_s: Floats

    def take(self, rows: Ints) -> Use:
        """The chosen runs, repeats allowed."""
        return Use(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Machines:
    """The hardware of each run, arrays of shape (n,)."""

    tdp_w: Floats
    """``nan`` where not published."""
    generation: Texts
    accelerators: Floats
    boxes: Floats
    host_fixed_w: Floats
    host_base: Floats
    """What multiplies ``server_base_w`` and ``server_share``, all boxes together."""
    host_tdp_w: Floats

    def take(self, rows: Ints) -> Machines:
        """The chosen runs, repeats allowed."""
        return Machines(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class PowerRows:
    """Published power and energy values: run, metric and value of each."""

    case: Ints
    metric: Texts
    value: Floats


def use_of(outcome: scenarios.Outcome) -> Use:
    """Bandwidth and compute use and time shares of each run."""
    v = outcome.values
    return Use(
        v["decode_bandwidth_use"],
        v["decode_compute_use"],
        v["decode_waiting"],
        v["prefill_bandwidth_use"],
        v["prefill_compute_use"],
        v["prefill_waiting"],
        v["busy_decode"],
        v["busy_prefill"],
        v["output_tok_s"],
    )


def machines(cases: published_runs.Cases) -> Machines:
    """The hardware of each run; the host's draw is linear in its two fitted coefficients."""
    count = np.array([float(r.accelerators) for r in cases.runs])
    boxes = np.maximum(np.ceil(count / SERVER_CARDS), 1.0)
    parts = np.array(
        [
            power.host_parts(r.accelerator, int(n / b))
            for r, n, b in zip(cases.runs, count.tolist(), boxes.tolist(), strict=True)
        ]
    ).reshape(-1, 3)
    return Machines(
        tdp_w=np.array([r.accelerator.tdp_w or np.nan for r in cases.runs]),
        generation=np.array([r.accelerator.generation for r in cases.runs], dtype=object),
        accelerators=count,
        boxes=boxes,
        host_fixed_w=parts[:, 0] * boxes,
        host_base=parts[:, 1] * boxes,
        host_tdp_w=parts[:, 2] * boxes,
    )


def accelerator_watts(m: Machines, use: Use, coefficients: Mapping[str, float]) -> Floats:
    """Average watts of one accelerator of each run; ``nan`` where the TDP is not published.

    Above its power limit where a run served more than the engine thinks possible: so much work
    went through the system, but ``limited`` is what the card itself can have drawn.
    """
    known = {g: coefficients.get(f"generation={g}", 0.0) for g in set(m.generation.tolist())}
    offset = np.array([known[g] for g in m.generation.tolist()])
    decode = power.busy_share(
        use.decode_bandwidth, use.decode_compute, coefficients, offset, use.decode_waiting
    )
    prefill = power.busy_share(
        use.prefill_bandwidth, use.prefill_compute, coefficients, offset, use.prefill_waiting
    )
    idle = np.clip(1.0 - use.busy_decode - use.busy_prefill, 0.0, 1.0)
    share = decode * use.busy_decode + prefill * use.busy_prefill + coefficients["loaded"] * idle
    return np.asarray(m.tdp_w * share)


def limited(m: Machines, each: Floats) -> Floats:
    """``accelerator_watts`` up to the power limit that a card keeps."""
    return np.asarray(np.minimum(each, power.POWER_LIMIT * m.tdp_w))


def system_watts(m: Machines, each: Floats, coefficients: Mapping[str, float]) -> Floats:
    """Average wall watts of the whole system of each run."""
    host = (
        m.host_fixed_w
        + m.host_base * coefficients["server_base_w"]
        + m.host_tdp_w * coefficients["server_share"]
    )
    return np.asarray(each * m.accelerators + host)


def power_rows(rows: Sequence[Row], cases: published_runs.Cases) -> PowerRows:
    """All power and energy values of runs whose accelerator has a published TDP."""
    index = {run.point_id: i for i, run in enumerate(cases.runs)}
    chosen = [
        (index[row.point_id], row.metric, row.value)
        for row in rows
        if FAMILY.get(row.metric) == "power"
        and row.point_id in index
        and cases.runs[index[row.point_id]].accelerator.tdp_w
    ]
    return PowerRows(
        np.array([c[0] for c in chosen], dtype=np.int64),
        np.array([c[1] for c in chosen], dtype=object),
        np.array([c[2] for c in chosen], dtype=np.float64),
    )


def predicted(metric: Texts, m: Machines, use: Use, coefficients: Mapping[str, float]) -> Floats:
    """The power or energy metric of each run, watts or joules per output token."""
    each = accelerator_watts(m, use, coefficients)
    cards, wall = each * m.accelerators, system_watts(m, each, coefficients)
    found = np.where(metric == "power_w_per_accel", each, cards)
    found = np.where(metric == "power_w_system", wall, found)
    found = np.where(metric == "power_w_system_peak", wall * coefficients["peak"], found)
    return np.where(metric == "energy_j_per_output_token", cards / use.output_tok_s, found)


def fit_power(
    published: PowerRows, m: Machines, use: Use, keep: Bools | None = None
) -> dict[str, float]:
    """Shares of TDP by robust least squares in log space, offsets by generation shrunk.

    ``m`` and ``use`` are of all runs; ``keep`` chooses among the published values. Energy is power
    over throughput and adds nothing to the fit.
    """
    from scipy.optimize import least_squares

    chosen = np.isin(published.metric, _FITTED)
    if keep is not None:
        chosen &= keep
    if not chosen.any():
        return dict(power.DEFAULTS)
    case, metric = published.case[chosen], published.metric[chosen]
    part, used, value = m.take(case), use.take(case), np.log(published.value[chosen])
    generations = sorted(set(part.generation.tolist()))
    names = [*_SHARES, *_HOST]
    widths = np.array([_WIDTH] * len(names) + [_GENERATION_WIDTH] * len(generations))

    def unpack(x: Floats) -> dict[str, float]:
        found = dict(power.DEFAULTS)
        for name, step in zip(names, x[: len(names)], strict=True):
            found[name] = power.DEFAULTS[name] * float(np.exp(step))
        for name, step in zip(generations, x[len(names) :], strict=True):
            found[f"generation={name}"] = float(step)
        return found

    def residuals(x: Floats) -> Floats:
        whole = predicted(metric, part, used, unpack(x))
        return np.concatenate([(np.log(np.maximum(whole, 1e-6)) - value) / _SCALE, x / widths])

    solved = least_squares(residuals, np.zeros(len(widths)), loss="soft_l1", max_nfev=40)
    return {k: round(v, 5) for k, v in unpack(solved.x).items()}


def leave_out(
    published: PowerRows,
    cases: published_runs.Cases,
    keys: Sequence[str],
    quantities: Mapping[str, Mapping[str, Floats]],
    otherwise: Mapping[str, Floats],
) -> Floats:
    """Residuals log(predicted / published) of each value with its own group left out.

    ``keys`` names the group of each published value; ``quantities`` the fitted quantities without
    a group, by its key (``otherwise`` where the group has no times). The shares of TDP are fitted
    without the group too.
    """
    m = machines(cases)
    group = np.array(keys, dtype=object)
    residual = np.full(len(group), np.nan)
    for key in sorted(set(keys)):
        out = group == key
        use = use_of(scenarios.predict(cases, quantities.get(key, otherwise)))
        coefficients = fit_power(published, m, use, ~out)
        case = published.case[out]
        found = predicted(published.metric[out], m.take(case), use.take(case), coefficients)
        residual[out] = np.log(found / published.value[out])
    return residual
