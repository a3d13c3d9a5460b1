"""What each benchmark scenario measures, in terms of the physics of a step.

Arrays have shape (n, 1), one row per run; times in seconds inside, milliseconds in results.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import batching, physics, published_pools
from core.performance.backlog import backlog
from core.performance.published_runs import OFFLINE_BATCH, Cases
from core.performance.types import Floats, Ints

OFFLINE = ("offline_max", "mlperf_offline")
"""Scenarios whose requests are all queued at once."""
OPEN_LOOP = ("open_loop_poisson", "mlperf_server", "mlperf_interactive")
"""Scenarios whose requests arrive by the clock."""
SERVER_LEVELS = 24
TPOT_MARGIN = 0.85
"""Mean TPOT over its P99 limit in submissions that run at the limit."""
UNKNOWN_LOAD = 0.9
"""Share of capacity at which an open loop runs that does not tell its load."""
OVERLOAD = 1.2
"""Offered load over predicted capacity, which is known to about a fifth, from which requests pile
up: in a run without a known end the first token then has no mean."""
_BURST_ROUNDS = 40
"""Rounds, each halfway, in which the number inside settles."""
_OFTEN = 0.3
"""Prompts per step from which a slow step brings several rather than a long one."""
SERVER_LOAD = 0.97
"""A published open-loop run is stable: its load is taken as at most this share of capacity."""


@dataclass(frozen=True)
class Outcome:
    """Predicted quantities of every run, each (n,); milliseconds, tokens/s, watts."""

    values: dict[str, Floats]
    saturated: np.ndarray[Any, Any]
    """Closed-loop runs that exceed memory, or offered loads beyond capacity."""
    endless: np.ndarray[Any, Any]
    """Offered loads far beyond capacity whose number of requests is not known: no wait is right."""


def _flat(x: Any, n: int) -> Floats:
    return np.broadcast_to(np.asarray(x, dtype=np.float64), (n, 1))[:, 0]


def slowest_prompts(prompts_per_step: Floats, spread: Floats) -> Floats:
    """99th percentile of the prefill that a step brings, in mean prompts.

    Poisson arrivals of prompts with lognormal lengths of sigma ``spread``. Where few steps bring
    one, the tail is that of one long prompt, r P(length > x) = 0.01, and nothing where fewer than
    a hundredth do; where many do, the mean and 2.33 standard deviations of their sum.
    """
    from scipy.special import ndtri

    r = np.asarray(prompts_per_step, dtype=np.float64)
    some = r > 0.01
    z = ndtri(np.where(some, 1.0 - 0.01 / np.maximum(r, 0.01), 0.5))
    one = np.where(some, np.exp(spread * z - spread**2 / 2.0), 0.0)
    many = r + 2.33 * np.sqrt(r * np.exp(spread**2))
    return np.asarray(np.where(r < _OFTEN, one, np.maximum(one, many)))


def slowest_step(
    q: Mapping[str, Any],
    decode: Floats,
    work: Floats,
    launch: Floats,
    prompts_per_step: Floats,
    spread: Floats,
) -> Floats:
    """99th percentile of the time between tokens, seconds.

    Engines replay decode steps as captured graphs; a step with a prompt in it launches its kernels
    one by one, which takes longer than ``launch``.
    """
    prompts = slowest_prompts(prompts_per_step, spread)
    slow = q["slow_step"] * decode + q["slow_prefill"] * prompts * work
    return np.asarray(slow + np.where(prompts > 0, q["slow_launch"] * launch, 0.0))


def predict(cases: Cases, q: Mapping[str, Any]) -> Outcome:
    """All metrics of all runs; ``nan`` where a metric has no meaning in a scenario."""
    count = len(cases.runs)
    s = cases.setting(q)
    scenario = cases.scenario
    closed = np.isin(scenario, ["closed_loop", "closed_loop_disagg"])[:, None]
    static = (scenario == "static_batch")[:, None]
    offline = np.isin(scenario, OFFLINE)[:, None]
    prefill_only = (scenario == "prefill_only")[:, None]
    open_loop = np.isin(scenario, OPEN_LOOP)[:, None]
    given, out = cases.input_tokens, np.maximum(cases.output_tokens, 1.0)
    new = np.maximum(given - cases.cached, 1.0)
    # Beams share the prompt's KV and have their own output's.
    context = given / cases.beams + out / 2.0
    fill = np.where(offline, np.minimum(s.q["offline_fill"], 1.0), 1.0)
    n = np.where(np.isfinite(cases.n), np.maximum(cases.n * fill, 1.0), 1.0)
    capacity, load = np.full((count, 1), np.inf), cases.offered
    if open_loop.any():
        levels, rates, rows = _levels(cases, q)
        capacity[rows, 0] = rates.max(axis=1)
        n[rows, 0] = _open_loop_levels(cases.offered[rows, 0], levels, rates)
        short = np.flatnonzero(np.isfinite(cases.requests[rows, 0]))
        if len(short):
            part, load = rows[short], load.copy()
            n[part, 0], load[part, 0] = _burst(
                cases.requests[part, 0], cases.offered[part, 0], levels[short], rates[short]
            )
    disagg = (scenario == "closed_loop_disagg")[:, None]
    reader = cases.reading(q)
    apart = published_pools.apart(cases, q, np.flatnonzero(disagg))
    n = np.where(disagg, apart.decoding, n)
    # The prompt of a lone request, and prompts batched up to a chunk.
    step = physics.decode_step(s, n * cases.beams, context)
    alone_parts = physics.prefill_step(reader, new, cases.cached)
    alone = alone_parts.total
    whole = np.where(static | prefill_only, n, np.maximum(n, 1.0))
    decode = step.total
    work = np.where(
        static | prefill_only | offline,
        batching.prefill_work(s, new, cases.cached, whole, s.dp),
        batching.mixed_prefill_work(s, new, cases.cached, whole, decode, out),
    )
    work = np.where(disagg, apart.work, work)
    before, interference = batching.prompts_between_tokens(s.q, decode, work, n, out)
    mixed = closed | open_loop | (scenario == "saturated_batch")[:, None]
    tpot = np.where(mixed & ~disagg, decode + interference, decode)
    ahead = before * work
    served = alone + s.q["prompt_ms"] * 1e-3
    ttft = served + s.q["step_wait"] * decode * (1.0 - 1.0 / np.maximum(n, 1.0)) + ahead
    whole_prompt = n * work
    ttft = np.where(static, np.maximum(whole_prompt, alone), ttft)
    ttft = np.where(disagg, apart.ttft, ttft)
    ttft = np.where(
        prefill_only,
        np.where(n > 1, whole_prompt, alone / np.where(s.pp > 1, s.q["overlap"], 1.0)),
        ttft,
    )
    ends = open_loop & np.isfinite(cases.requests)
    span = np.where(ends, cases.requests - 1.0, 0.0) / np.where(ends, cases.offered, 1.0)
    places = np.minimum(cases.most, OFFLINE_BATCH * s.dp)
    served_most = np.where(open_loop, capacity, 1.0)
    queue = backlog(np.where(ends, cases.requests, np.inf), span, served_most, places, work)
    filling = np.clip(np.nan_to_num(cases.offered, posinf=1e9) * work, 0.0, 0.95)
    others = np.minimum(_prompts_waited_for(filling), (cases.requests - 1.0) / 2.0) * work
    # Chance makes prompts meet below capacity; beyond it they queue up whatever chance does.
    queued = queue.mean > others
    wait = s.q["step_wait"] * decode + np.where(queued, 0.0, others)
    ttft = np.where(open_loop, served + wait, ttft)
    told = np.where(np.isnan(load), UNKNOWN_LOAD * capacity, load)
    # A rate that was measured was served; one that was only offered is served up to capacity.
    bounded = cases.stated | (scenario == "open_loop_poisson")[:, None]
    offered = np.where(bounded, np.minimum(told, capacity), told)
    # Crowding vanishes with the load: a lone request has no company. The root fits best of the
    # powers 1/2 and 2 where whole sources are left out.
    use = np.where(open_loop, np.minimum(offered / served_most, 1.0), 0.0)
    # Nor are more inside than there are: where all requests of a run are, none crowd in.
    free = np.clip(1.0 - n / cases.requests, 0.0, 1.0)
    crowded = (1.0 + (s.q["burst_factor"] - 1.0) * np.sqrt(use) * free) * tpot
    crowded = batching.soft_limit(crowded, TPOT_MARGIN * cases.tpot_limit)
    crowding = np.where(open_loop, crowded / tpot, 1.0)
    tpot = np.where(open_loop, crowded, tpot)
    ttft = np.where(open_loop, batching.soft_limit(ttft, 0.5 * cases.ttft_limit), ttft)
    e2e = ttft + tpot * (out - 1.0)
    held = np.where(disagg, apart.places, np.maximum(n, 1.0))
    waves = np.where(np.isfinite(cases.asked), np.maximum(cases.asked / held, 1.0), 1.0)
    # In separate pools the wait for a place to decode is in the first token's time.
    ttft_wave = np.where(closed & ~disagg, ttft + (waves - 1.0) * e2e, ttft)
    ttft_wave = ttft_wave + np.where(queued, queue.mean, 0.0)
    req_s = np.where(disagg, apart.inside, n) / e2e
    req_s = np.where(offline, 1.0 / (work + out * decode / n), req_s)
    req_s = np.where((scenario == "saturated_batch")[:, None], n / (tpot * out), req_s)
    req_s = np.where(static, n / (whole_prompt + (out - 1.0) * decode), req_s)
    # Who comes last has nobody's prompt between its tokens.
    last = np.where(queued, queue.last + ttft + decode * (out - 1.0), e2e)
    whole_run = np.where(ends, cases.requests, 0.0) / (span + last)
    served_load = np.where(ends, np.minimum(whole_run, capacity), offered)
    served_load = np.where(open_loop, served_load, req_s)
    total_req = served_load * cases.replicas
    output = total_req * out
    between = np.where(disagg, 0.0, n / out)  # no prompt stops a pool that only decodes
    launch = physics.launch_seconds(s)
    slowest = slowest_step(s.q, decode, work, launch, between, cases.prompt_spread)
    usual = np.where(mixed, decode * s.q["median_itl"], decode)
    values: dict[str, Any] = {
        "tpot_ms_mean": tpot * 1e3,
        "itl_ms_p99": np.maximum(slowest, usual) * crowding * 1e3,
        "itl_ms_p50": usual * crowding * 1e3,
        "ttft_ms_mean": ttft_wave * 1e3,
        "e2e_ms_mean": (ttft_wave + tpot * (out - 1.0)) * 1e3,
        "output_tok_s": output,
        "output_tok_s_per_gpu": output / cases.accelerators,
        "total_tok_s": total_req * (out + given),
        "total_tok_s_per_gpu": total_req * (out + given) / cases.accelerators,
        "prefill_tok_s": np.where(
            prefill_only | static, new * n * cases.replicas / ttft, total_req * new
        ),
        "decode_tok_s": n / decode * np.where(disagg, apart.decoders, 1.0) * cases.replicas,
        # What a run served is not told by itself: the most that it could have.
        "req_s": np.where(open_loop & ~cases.stated, capacity, served_load) * cases.replicas,
    }
    busy_prefill = np.where(
        prefill_only, 1.0, np.where((scenario == "decode_only")[:, None], 0.0, served_load * work)
    )
    busy_prefill = np.clip(np.where(disagg, apart.reading, busy_prefill), 0.0, 1.0)
    busy_decode = np.where(
        prefill_only,
        0.0,
        np.clip(
            np.where(
                open_loop, served_load * out * decode / np.maximum(n, 1.0), 1.0 - busy_prefill
            ),
            0.0,
            1.0,
        ),
    )
    busy_decode = np.where(disagg, apart.writing, busy_decode)
    pre = physics.prefill_step(
        reader,
        new,
        cases.cached,
        np.clip(4096 * reader.dp / new, np.minimum(reader.dp, whole), whole),
        np.minimum(reader.dp, whole),
    )
    for name, at, parts in (("decode", s, step), ("prefill", reader, pre)):
        values[f"{name}_bandwidth_use"] = np.minimum(
            parts.bytes_moved / at.pp / parts.total / at.bandwidth, 1.0
        )
        values[f"{name}_waiting"] = parts.waiting / parts.total
        values[f"{name}_compute_use"] = np.minimum(
            parts.flops_done / at.pp / parts.total / at.flops, 1.0
        )
    values["busy_prefill"], values["busy_decode"] = busy_prefill, busy_decode
    for level, waited in {"mean": queue.mean, **queue.levels}.items():
        values[f"backlog_ms_{level}"] = np.where(queued, waited, 0.0) * 1e3
    values["n"] = n
    values["decode_ms"] = decode * 1e3
    values["work_ms"] = work * 1e3
    values["alone_ms"] = alone * 1e3
    beyond = open_loop & (queued | (load > capacity * 1.02))
    saturated = (closed & (waves > 1.02)) | beyond
    endless = open_loop & cases.stated & ~ends & (cases.offered > OVERLOAD * capacity)
    flat = {k: _flat(v, count) for k, v in values.items()}
    return Outcome(flat, saturated[:, 0], endless[:, 0])


def _levels(cases: Cases, q: Mapping[str, Any]) -> tuple[Floats, Floats, Ints]:
    """(levels, requests/s of each, rows) of the open-loop runs."""
    rows = np.flatnonzero(np.isin(cases.scenario, OPEN_LOOP))
    part, s = cases.part(q, rows)
    top = np.minimum(part.most, OFFLINE_BATCH * s.dp)
    levels = np.exp(np.linspace(0.0, 1.0, SERVER_LEVELS)[None, :] * np.log(np.maximum(top, 2.0)))
    out = np.maximum(part.output_tokens, 1.0)
    context = part.input_tokens / part.beams + out / 2.0
    step = physics.decode_step(s, levels * part.beams, context).total
    work = batching.mixed_prefill_work(s, part.input_tokens, 0.0, levels, step, out)
    ahead, between = batching.prompts_between_tokens(s.q, step, work, levels, out)
    per_token = step + between
    # A request's own prompt and those ahead of it take their time before its first token.
    rates = levels / (out * per_token + (1.0 + ahead) * work)
    # A valid submission keeps its limits: levels far beyond them add nothing.
    beyond = per_token / (TPOT_MARGIN * part.tpot_limit)
    rates = rates / (1.0 + beyond**12) ** 0.5
    return levels, rates, rows


def _burst(
    requests: Floats, offered: Floats, levels: Floats, rates: Floats
) -> tuple[Floats, Floats]:
    """(mean requests inside, requests/s served) of runs that end, arrays (n,).

    From the first arrival to the last answer a run takes (requests - 1) / offered + one request's
    time, which grows with the number inside; by Little's law that number is requests x time of
    one / time of the run. ``levels`` and ``rates`` as of ``_levels``.
    """
    inside, served = [], []
    arriving = (requests - 1.0) / offered
    for total, span, level, rate in zip(
        requests.tolist(), arriving.tolist(), levels, rates, strict=True
    ):
        found = min(total, float(level[-1]))
        for _round in range(_BURST_ROUNDS):
            each = max(found, 1.0) / float(
                np.exp(np.interp(np.log(max(found, 1.0)), np.log(level), np.log(rate)))
            )
            found = math.sqrt(found * min(total * each / (span + each), float(level[-1])))
        inside.append(max(found, 1e-3))
        served.append(total / (span + each))
    return np.array(inside), np.array(served)


def _open_loop_levels(offered: Floats, levels: Floats, rates: Floats) -> Floats:
    """Mean requests inside at offered loads (n,), by Little's law; a usual one where none is told.

    ``levels`` and ``rates`` as of ``_levels``.
    """
    inside = []
    for load, level, rate in zip(offered.tolist(), levels, rates, strict=True):
        rising = np.maximum.accumulate(rate)
        load = min(UNKNOWN_LOAD if np.isnan(load) else load / rising[-1], SERVER_LOAD) * rising[-1]
        if load <= rising[0]:
            inside.append(max(load / rising[0], 0.05))
        else:
            inside.append(np.exp(np.interp(np.log(load), np.log(rising), np.log(level))))
    return np.array(inside)


def _prompts_waited_for(use: Floats | float) -> Floats:
    """Mean wait of a prompt behind others, in prompts' work, where prefill is used so (M/D/1)."""
    return np.asarray(use / (2.0 * (1.0 - use)))
