"""Power of published runs: prediction and fit of the few shares of TDP it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.performance import power, scenarios
from core.performance.measurements import Row
from core.performance.types import Floats

_SHARES = ("active", "bandwidth", "compute", "waiting")
_HOST = ("server_base_w", "server_share")


def uses(outcome: scenarios.Outcome) -> dict[str, Floats]:
    """Bandwidth and compute use and time shares of each run."""
    names = (
        "decode_bandwidth_use",
        "decode_compute_use",
        "prefill_bandwidth_use",
        "prefill_compute_use",
        "decode_waiting",
        "prefill_waiting",
        "busy_prefill",
        "busy_decode",
    )
    return {n: outcome.values[n] for n in names}


def accelerator_watts(
    cases: scenarios.Cases, use: Mapping[str, Floats], coefficients: Mapping[str, float]
) -> Floats:
    """Average watts of one accelerator of each run; ``nan`` where the TDP is not published."""
    tdp = np.array([r.accelerator.tdp_w or np.nan for r in cases.runs])
    offset = np.array(
        [coefficients.get(f"generation={r.accelerator.generation}", 0.0) for r in cases.runs]
    )

    def share(kind: str) -> Floats:
        return power.busy_share(
            use[f"{kind}_bandwidth_use"],
            use[f"{kind}_compute_use"],
            coefficients,
            offset,
            use[f"{kind}_waiting"],
        )

    decode, prefill = use["busy_decode"], use["busy_prefill"]
    idle = np.clip(1.0 - decode - prefill, 0.0, 1.0)
    mixed = share("decode") * decode + share("prefill") * prefill
    return np.asarray(tdp * (mixed + coefficients["loaded"] * idle))


def system_watts(
    cases: scenarios.Cases, per_accelerator: Floats, coefficients: Mapping[str, float]
) -> Floats:
    """Average wall watts of the whole system of each run."""
    total = np.empty(len(cases.runs))
    for i, run in enumerate(cases.runs):
        boxes = max(1.0, np.ceil(run.accelerators / 8))
        each = run.accelerators / boxes
        host = power.host_watts(run.accelerator, int(each), coefficients)
        total[i] = per_accelerator[i] * run.accelerators + host * boxes
    return total


def fit_power(
    rows: Sequence[Row],
    cases: scenarios.Cases,
    outcome: scenarios.Outcome,
    use_rows: Any | None = None,
) -> dict[str, float]:
    """Shares of TDP (robust least squares in log space, offsets by generation shrunk)."""
    from scipy.optimize import least_squares

    index = {run.point_id: i for i, run in enumerate(cases.runs)}
    chosen: list[tuple[int, str, float]] = []
    for row in rows:
        i = index.get(row.point_id)
        if i is not None and row.metric in (
            "power_w_accel_total",
            "power_w_per_accel",
            "power_w_system",
        ):
            chosen.append((i, row.metric, row.value))
    if use_rows is not None:
        chosen = [c for c in chosen if use_rows[c[0]]]
    if not chosen:
        return dict(power.DEFAULTS)
    case = np.array([c[0] for c in chosen])
    part = cases.take(case)
    use = {k: v[case] for k, v in uses(outcome).items()}
    system = np.array([c[1] == "power_w_system" for c in chosen])
    cards = np.array(
        [
            1 if c[1] == "power_w_per_accel" else part.runs[k].accelerators
            for k, c in enumerate(chosen)
        ]
    )
    value = np.log([c[2] for c in chosen])
    generations = sorted({r.accelerator.generation for r in part.runs})
    names = [*_SHARES, *_HOST]

    def unpack(x: Floats) -> dict[str, float]:
        found = dict(power.DEFAULTS)
        for name, step in zip(names, x[: len(names)], strict=True):
            found[name] = power.DEFAULTS[name] * float(np.exp(step))
        for name, step in zip(generations, x[len(names) :], strict=True):
            found[f"generation={name}"] = float(step)
        return found

    def residuals(x: Floats) -> Floats:
        found = unpack(x)
        each = accelerator_watts(part, use, found)
        whole = np.where(system, system_watts(part, each, found), each * cards)
        data = (np.log(np.maximum(whole, 1e-6)) - value) / 0.1
        data = np.where(np.isfinite(data), data, 0.0)
        prior = np.concatenate([x[: len(names)] / 0.4, x[len(names) :] / 0.1])
        return np.asarray(np.concatenate([data, prior]))

    start = np.zeros(len(names) + len(generations))
    solved = least_squares(residuals, start, loss="soft_l1", max_nfev=60)
    return {k: round(v, 5) for k, v in unpack(solved.x).items()}
