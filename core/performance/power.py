"""Electrical power of a replica's accelerators, and what the rest of the server draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.catalog.types import Accelerator
from core.performance import parameters as par
from core.performance import step_time
from core.performance.physics import Setting, StepParts
from core.performance.types import Floats, ServingTable

DEFAULTS = {
    "empty": 0.12,
    "loaded": 0.20,
    "active": 0.33,
    "bandwidth": 0.35,
    "compute": 0.45,
    "waiting": 0.20,
    "server_share": 0.16,
    "server_base_w": 300.0,
    "peak": 1.1,
}
"""Shares of TDP: empty card, model loaded and clocks up, busy, plus bandwidth and compute use, less
the share of a step in which it waits for launches, the host and messages.

The server's own draw is a base plus a share of its accelerators' TDP; ``peak`` is the highest wall
power over the average.
"""


POWER_LIMIT = 0.98
"""Share of TDP at which a card slows down: the limit is approached, not crossed."""


def coefficients() -> dict[str, float]:
    """The fitted coefficients over their documented defaults."""
    return {**DEFAULTS, **par.active().power}


def idle_power_w(accelerator: Accelerator) -> float:
    """Watts of one accelerator without a model; ``nan`` where its TDP is not published."""
    if accelerator.tdp_w is None:
        return float("nan")
    return coefficients()["empty"] * accelerator.tdp_w


def host_parts(accelerator: Accelerator, per_unit: int) -> tuple[float, float, float]:
    """(watts, factor of ``server_base_w``, watts of TDP that ``server_share`` multiplies).

    Machines with unified memory, and processors used as accelerators, have no separate host: 10 W
    (40 W) of board, memory and supply losses. A small machine has a small base.
    """
    if accelerator.kind == "apu":
        return 10.0, 0.0, 0.0
    if accelerator.kind == "cpu":
        return 40.0 * per_unit, 0.0, 0.0
    if accelerator.tdp_w is None:
        return float("nan"), 0.0, 0.0
    scale = per_unit * accelerator.tdp_w
    return 0.0, min(1.0, scale / 1000.0), scale


def server_overhead_w(accelerator: Accelerator, per_unit: int) -> float:
    """Average watts of processors, fans, switches and supply losses around ``per_unit`` cards.

    ``nan`` where the accelerator's TDP is not published.
    """
    fixed, base, tdp = host_parts(accelerator, per_unit)
    fitted = coefficients()
    return fixed + base * fitted["server_base_w"] + tdp * fitted["server_share"]


def busy_share(
    bandwidth_use: Floats,
    compute_use: Floats,
    fitted: Mapping[str, float],
    offset: Floats | float = 0.0,
    waiting: Floats | float = 0.0,
) -> Floats:
    """Share of TDP while a step runs, from achieved over peak bandwidth and FLOP/s (0..1).

    ``waiting`` is the share of the step in which neither memory nor arithmetic is busy.
    """
    raw = (
        fitted["active"]
        - fitted["waiting"] * waiting
        + fitted["bandwidth"] * bandwidth_use
        + fitted["compute"] * np.sqrt(np.clip(compute_use, 0.0, 1.0))
    ) * np.exp(offset)
    return np.asarray(np.minimum(raw, POWER_LIMIT))


def power_w(
    table: ServingTable,
    input_tokens: Any,
    output_tokens: Any,
    cached_share: Any,
    concurrency: Any,
    prefill_time_share: Any,
    decode_time_share: Any,
) -> Floats:
    """Average watts of the accelerators of each replica, shape (n,).

    ``prefill_time_share`` and ``decode_time_share`` are fractions of wall time (the rest is
    idle); ``concurrency`` is the batch while decoding. ``nan`` where the TDP is not published.
    """
    s = step_time.setting(table)
    decode = step_time.decode_parts(table, input_tokens, output_tokens, concurrency)
    prefill = step_time.prefill_parts(table, input_tokens, cached_share)
    return power_of_steps(table, s, decode, prefill, prefill_time_share, decode_time_share)


def power_of_steps(
    table: ServingTable,
    s: Setting,
    decode: StepParts,
    prefill: StepParts,
    prefill_time_share: Any,
    decode_time_share: Any,
) -> Floats:
    """``power_w`` from steps already computed for the table's setting ``s``."""
    n = len(table)
    acc = table.accelerators
    fitted = coefficients()
    offset = np.array([fitted.get(f"generation={a.generation}", 0.0) for a in acc])
    offset = offset[table.accelerator_index]
    busy = []
    for parts in (decode, prefill):
        rate = parts.bytes_moved / parts.total / s.pp / s.bandwidth
        flops = parts.flops_done / parts.total / s.pp / s.flops
        use = np.minimum(rate, 1.0)[:, 0], np.minimum(flops, 1.0)[:, 0]
        waiting = (parts.waiting / parts.total)[:, 0]
        busy.append(busy_share(*use, fitted, offset, waiting))
    decoding = np.broadcast_to(np.asarray(decode_time_share, dtype=np.float64), (n,))
    filling = np.broadcast_to(np.asarray(prefill_time_share, dtype=np.float64), (n,))
    idle = np.clip(1.0 - decoding - filling, 0.0, 1.0)
    share = busy[0] * decoding + busy[1] * filling + fitted["loaded"] * idle
    tdp = np.array([a.tdp_w if a.tdp_w is not None else np.nan for a in acc])
    cards = np.maximum(table.tp * table.dp_attention, table.ep) * table.pp
    return np.asarray(share * tdp[table.accelerator_index] * cards)
