"""Latency targets held against predictions, and what bounds both."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.performance.types import (
    Metric,
    Operating,
    Shares,
    Targets,
    Uncertainty,
)
from core.recommendation import LatencyPoint, Spread, StepShares
from core.recommendation import TargetCheck as Check
from core.words import N_, _

_TARGETS: tuple[tuple[str, str, Metric], ...] = (
    ("ttft", N_("Time to first token (TTFT)"), "ttft"),
    ("tpot", N_("Time per output token (TPOT)"), "tpot"),
    ("e2e", N_("Whole answer"), "e2e"),
    ("answer_ttft", N_("Time to first answer token"), "ttft"),
)


def step_shares(shares: Shares, row: int) -> StepShares:
    """One row of the engine's shares."""
    return StepShares(
        *(
            float(getattr(shares, f)[row])
            for f in ("weights_bandwidth", "kv_bandwidth", "compute", "communication", "overhead")
        )
    )


def floors_ms(operating: Operating, row: int, rtt_ms: float) -> dict[str, float]:
    """What one row's ``ttft`` (with the network) and ``tpot`` cannot fall below."""
    return {
        "ttft": float(operating.floor_ms["ttft"][row]) + rtt_ms,
        "tpot": float(operating.floor_ms["tpot"][row]),
    }


def tightest(targets: Targets, point: LatencyPoint) -> str | None:
    """The target of which a point takes the largest share; ``None`` where there is none."""
    taken = {
        key: getattr(point, f"{key}_ms")[targets.percentile] / limit
        for key, _label, _metric in _TARGETS
        if (limit := getattr(targets, f"{key}_ms"))
    }
    return max(taken, key=lambda key: taken[key]) if taken else None


def target_checks(
    targets: Targets,
    point: LatencyPoint | None,
    interval: tuple[Uncertainty, int] | None,
    floors: Mapping[str, float] = MappingProxyType({}),
    wait_ms: float = 0.0,
    network_ms: float = 0.0,
) -> tuple[Check, ...]:
    """Each latency target against the prediction at its percentile.

    Before the whole answer passes ``wait_ms`` at that percentile until work that can wait has its
    turn; to add percentiles is on the safe side.

    An interval ends at the metric's floor: faster than its data sheet no hardware is. Where
    nothing is predicted, what begins with the way there and back misses a limit below it.
    """
    checks = []
    for key, english, metric in _TARGETS:
        label = _(english)
        limit = getattr(targets, f"{key}_ms")
        if limit is None:
            continue
        if point is None or interval is None:
            status = "fail" if key != "tpot" and limit < network_ms else "unknown"
            checks.append(Check(key, label, limit, None, status))  # type: ignore[arg-type]  # keys of the literals
            continue
        served = getattr(point, f"{key}_ms")[targets.percentile]
        waits = wait_ms if key == "e2e" else 0.0
        base = served + waits
        spread, row = interval
        low, high = (float(spread.low[metric][row]), float(spread.high[metric][row]))
        checks.append(
            Check(
                key,  # type: ignore[arg-type]  # keys of the literal
                label,
                limit,
                Spread(
                    waits + max(served * low, min(floors.get(metric, 0.0), served)),
                    base,
                    waits + served * high,
                ),
                "pass" if base <= limit * (1 + 1e-6) else "fail",
                waits,
            )
        )
    return tuple(checks)
