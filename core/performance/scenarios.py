"""What each benchmark scenario measures, in terms of the physics of a step.

Arrays have shape (n, 1), one row per run; times in seconds inside, milliseconds in results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from core.performance import parameters as par
from core.performance import physics
from core.performance.links import PORT_GB_S, link_class, link_gb_s
from core.performance.measurements import Run
from core.performance.precision import (
    WEIGHT_BYTES,
    power_share,
    rest_weight_bytes,
    storage_of,
)
from core.performance.quantities import QUANTITIES
from core.performance.shapes import model_type, stack_shapes
from core.performance.types import Floats, Ints

GIB = float(2**30)
OPEN_LOOP = ("open_loop_poisson", "mlperf_server", "mlperf_interactive")
"""Scenarios whose requests arrive by the clock."""
OFFLINE_BATCH = 2048.0
"""Largest batch of offline runs: TensorRT-LLM's default and the usual MLPerf setting."""
SERVER_LEVELS = 24
TPOT_MARGIN = 0.85
"""Mean TPOT over its P99 limit in submissions that run at the limit."""
PREFILL_USE = 0.8
"""Use of a prefill pool with a pool of decodes beside it: what keeps its queue short."""
UNKNOWN_LOAD = 0.9
"""Share of capacity at which an open loop runs that does not tell its load."""
SERVER_LOAD = 0.97
"""A published open-loop run is stable: its load is taken as at most this share of capacity."""


def labels_of(run: Run) -> dict[str, str]:
    """Features by which a run finds its fitted quantities."""
    age = "old" if run.old_software else "new"
    if run.scenario in ("prefill_only", "decode_only", "static_batch"):
        harness = "cli"
    elif run.scenario.startswith("mlperf"):
        harness = "mlperf"
    elif run.scenario == "offline_max":
        harness = "offline"
    elif run.scenario == "saturated_batch":
        harness = "natural"
    else:
        harness = "serving" if run.varied_lengths else "fixed"
    return {
        "age": age,
        "era": f"{run.engine}/{age}",
        "harness": harness,
        "attention": "latent"
        if run.model.is_mla
        else ("grouped" if run.model.kv_heads < run.model.heads else "full"),
        "kv": "kv8" if run.kv_bytes < 1.5 else "kv16",
        "family": par.family_of(run.accelerator),
        "generation": run.accelerator.generation,
        "engine": run.engine,
        "precision": run.precision,
        "model_type": model_type(run.model),
        "link": link_class(run.accelerator, run.tp * run.dp),
    }


def pair_of(run: Run) -> str:
    """``model|accelerator|engine|precision`` of a run."""
    return f"{run.model.id}|{run.accelerator.id}|{run.engine}|{run.precision}"


def length_of(run: Run) -> float:
    """Tokens of one whole request: prompt and answer; what is not published counts as 0."""
    return float(np.nan_to_num(run.input_tokens) + np.nan_to_num(run.output_tokens))


@dataclass(frozen=True)
class Cases:
    """Runs as columns, without the fitted quantities."""

    runs: tuple[Run, ...]
    labels: tuple[dict[str, str], ...]
    base: physics.Setting
    """With empty ``q``."""
    n: Floats
    """Concurrency per replica after the memory limit."""
    asked: Floats
    most: Floats
    """What memory admits."""
    input_tokens: Floats
    cached: Floats
    output_tokens: Floats
    offered: Floats
    replicas: Floats
    accelerators: Floats
    beams: Floats
    ttft_limit: Floats
    tpot_limit: Floats
    """Seconds; the benchmark's own P99 limits, ``inf`` where none."""
    scenario: np.ndarray[Any, Any]

    def setting(self, q: Mapping[str, Any]) -> physics.Setting:
        """The physical setting with fitted quantities, arrays of shape (n, 1)."""
        return replace(self.base, q=dict(q))

    def quantities(self, parameters: par.Parameters) -> dict[str, Floats]:
        """The fitted quantities of every run."""
        cache: dict[tuple[str, ...], dict[str, float]] = {}
        found = []
        for labels in self.labels:
            key = tuple(labels.values())
            if key not in cache:
                cache[key] = parameters.values(labels)
            found.append(cache[key])
        return {name: np.array([[f[name]] for f in found]) for name in QUANTITIES}

    def take(self, rows: Any) -> Cases:
        """The chosen runs."""
        kept = np.asarray(rows)
        base = self.base
        shape = replace(
            base.shape,
            **{f.name: np.asarray(getattr(base.shape, f.name))[kept] for f in fields(base.shape)},
        )
        columns = {
            f.name: np.asarray(getattr(base, f.name))[kept]
            for f in fields(base)
            if f.name not in ("shape", "q")
        }
        arrays = {
            f.name: getattr(self, f.name)[kept]
            for f in fields(self)
            if f.name not in ("runs", "labels", "base")
        }
        index = np.arange(len(self.runs))[kept]
        return Cases(
            runs=tuple(self.runs[i] for i in index),
            labels=tuple(self.labels[i] for i in index),
            base=replace(base, shape=shape, **columns),
            **arrays,
        )


def _column(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)[:, None]


def _rest_bytes(run: Run) -> float:
    """Bytes per weight outside the routed experts."""
    stored = storage_of(run.precision)
    if stored not in WEIGHT_BYTES:  # GGUF mixes: one mean for all
        return run.weight_bytes
    rest = rest_weight_bytes(run.model.native_precision, stored)
    return max(rest, run.weight_bytes)


def stack(runs: Sequence[Run]) -> Cases:
    """Runs as columns."""
    shape = stack_shapes([r.model for r in runs])
    weight = _column([r.weight_bytes for r in runs])
    gguf = _column([float(r.precision.startswith("gguf")) for r in runs])
    base = physics.Setting(
        shape=shape,
        bandwidth=_column([r.accelerator.bandwidth_gb_s * 1e9 for r in runs]),
        flops=_column([r.flops for r in runs]),
        flops_16=_column([r.accelerator.tflops_bf16 * 1e12 for r in runs]),
        link=_column([link_gb_s(r.accelerator, r.tp * r.dp) * 1e9 for r in runs]),
        tp=_column([r.tp for r in runs]),
        pp=_column([r.pp for r in runs]),
        dp=_column([r.dp for r in runs]),
        weight_bytes=weight,
        rest_bytes=_column([_rest_bytes(r) for r in runs]),
        head_bytes=np.where(gguf > 0, np.maximum(weight, 0.82), 2.0),
        kv_bytes=_column([r.kv_bytes for r in runs]),
        q={},
        power_share=_column([power_share(r.accelerator) for r in runs]),
    )
    given = _column([r.input_tokens for r in runs])
    out = _column([r.output_tokens for r in runs])
    asked = _column([r.concurrency for r in runs])
    most = sequences_held(base, runs, given + np.nan_to_num(out) / 2.0)
    offline = np.array([[r.scenario in ("offline_max", "mlperf_offline")] for r in runs])
    return Cases(
        runs=tuple(runs),
        labels=tuple(labels_of(r) for r in runs),
        base=base,
        n=np.minimum(asked, np.where(offline, np.minimum(most, OFFLINE_BATCH * base.dp), most)),
        asked=asked,
        most=most,
        input_tokens=given,
        cached=_column([r.cached_tokens for r in runs]),
        output_tokens=out,
        offered=_column([r.offered_req_s for r in runs]),
        replicas=_column([r.replicas for r in runs]),
        accelerators=_column([r.accelerators for r in runs]),
        beams=_column([r.beams for r in runs]),
        ttft_limit=_column([r.ttft_limit_ms / 1e3 for r in runs]),
        tpot_limit=_column([r.tpot_limit_ms / 1e3 for r in runs]),
        scenario=np.array([r.scenario for r in runs], dtype=object),
    )


def sequences_held(base: physics.Setting, runs: Sequence[Run], tokens: Floats) -> Floats:
    """Sequences of a mean length that the KV memory of one replica holds, at least 1."""
    shape = base.shape
    weights = (
        physics.weight_bytes_always(base)
        + physics.expert_bytes(base)
        + shape.embedding_params * base.head_bytes / base.stage
    ) / base.pp
    usable = _column([r.accelerator.mem_gib_usable * GIB for r in runs])
    free = 0.92 * usable - weights - np.minimum(3.0 * GIB, 0.06 * usable)
    windowed = np.minimum(tokens, shape.window)
    split = np.where(np.asarray(shape.is_mla) > 0, 1.0, np.minimum(base.tp, shape.kv_heads))
    one = (shape.kv_full * tokens + shape.kv_window * windowed) * base.kv_bytes / split
    one = one + 2.0 * shape.state_elements / base.tp
    # A published run fitted somehow: where our estimate leaves nothing, a tenth is assumed.
    free = np.maximum(free, 0.05 * usable)
    return np.asarray(np.maximum(free / np.maximum(one, 1.0) * base.dp * base.pp, 1.0))


@dataclass(frozen=True)
class Outcome:
    """Predicted quantities of every run, each (n,); milliseconds, tokens/s, watts."""

    values: dict[str, Floats]
    saturated: np.ndarray[Any, Any]
    """Closed-loop runs that exceed memory, or offered loads beyond capacity."""


def _flat(x: Any, n: int) -> Floats:
    return np.broadcast_to(np.asarray(x, dtype=np.float64), (n, 1))[:, 0]


def slowest_step(
    q: Mapping[str, Any], decode: Floats, work: Floats, prompts_per_step: Floats
) -> Floats:
    """99th percentile of the time between tokens, seconds.

    A step brings a Poisson number of new prompts; its 99th percentile is near the mean plus 2.33
    standard deviations.
    """
    prompts = prompts_per_step + 2.33 * np.sqrt(prompts_per_step)
    return np.asarray(q["slow_step"] * decode + q["slow_prefill"] * prompts * work)


def predict(cases: Cases, q: Mapping[str, Any]) -> Outcome:
    """All metrics of all runs; ``nan`` where a metric has no meaning in a scenario."""
    count = len(cases.runs)
    s = cases.setting(q)
    scenario = cases.scenario
    closed = np.isin(scenario, ["closed_loop", "closed_loop_disagg"])[:, None]
    static = (scenario == "static_batch")[:, None]
    offline = np.isin(scenario, ["offline_max", "mlperf_offline"])[:, None]
    prefill_only = (scenario == "prefill_only")[:, None]
    open_loop = np.isin(scenario, OPEN_LOOP)[:, None]
    given, out = cases.input_tokens, np.maximum(cases.output_tokens, 1.0)
    new = np.maximum(given - cases.cached, 1.0)
    # Beams share the prompt's KV and have their own output's.
    context = given / cases.beams + out / 2.0
    fill = np.where(offline, np.minimum(s.q["offline_fill"], 1.0), 1.0)
    n = np.where(np.isfinite(cases.n), np.maximum(cases.n * fill, 1.0), 1.0)
    capacity = np.full((count, 1), np.inf)
    if open_loop.any():
        levels, rates, rows = _levels(cases, q)
        capacity[rows, 0] = rates.max(axis=1)
        n[rows, 0] = _open_loop_levels(cases.offered[rows, 0], levels, rates)
    disagg = (scenario == "closed_loop_disagg")[:, None]
    pool: Floats = np.zeros((count, 1))
    if disagg.any():
        rows = np.flatnonzero(disagg)
        pool[rows] = _prefill_share(*_part(cases, q, rows), context[rows], n[rows])
        n = np.minimum(n / (1.0 - pool), np.maximum(cases.most, 1.0))
    # The prompt of a lone request, and prompts batched up to a chunk.
    step = physics.decode_step(s, n * cases.beams, context)
    alone_parts = physics.prefill_step(s, new, cases.cached)
    alone = alone_parts.total
    whole = np.where(static | prefill_only, n, np.maximum(n, 1.0))
    decode = step.total
    work = np.where(
        static | prefill_only | offline | disagg,
        physics.prefill_work(s, new, cases.cached, whole, s.dp),
        physics.mixed_prefill_work(s, new, cases.cached, whole, decode, out),
    )
    before, interference = physics.prompts_between_tokens(s.q, decode, work, n, out)
    mixed = closed | open_loop | (scenario == "saturated_batch")[:, None]
    tpot = np.where(mixed & ~disagg, decode + interference, decode)
    ahead = before * work
    served = alone + s.q["prompt_ms"] * 1e-3
    ttft = served + s.q["step_wait"] * decode * (1.0 - 1.0 / np.maximum(n, 1.0)) + ahead
    whole_prompt = n * work
    ttft = np.where(static, np.maximum(whole_prompt, alone), ttft)
    hand_over = physics.kv_bytes_per_sequence(s, given) / (PORT_GB_S * 1e9)
    ttft = np.where(disagg, served + _prompts_waited_for(PREFILL_USE) * work + hand_over, ttft)
    ttft = np.where(
        prefill_only,
        np.where(n > 1, whole_prompt, alone / np.where(s.pp > 1, s.q["overlap"], 1.0)),
        ttft,
    )
    filling = np.clip(np.nan_to_num(cases.offered) * work, 0.0, 0.95)
    wait = s.q["step_wait"] * decode + _prompts_waited_for(filling) * work
    ttft = np.where(open_loop, served + wait, ttft)
    told = np.where(np.isfinite(cases.offered), cases.offered, UNKNOWN_LOAD * capacity)
    # A rate that was measured was served; one that was only offered is served up to capacity.
    poisson = (scenario == "open_loop_poisson")[:, None]
    offered = np.where(poisson, np.minimum(told, capacity), told)
    # Crowding vanishes with the load: a lone request has no company. The root fits best of the
    # powers 1/2 and 2 where whole sources are left out.
    use = np.where(open_loop, np.minimum(offered / np.where(open_loop, capacity, 1.0), 1.0), 0.0)
    crowded = (1.0 + (s.q["burst_factor"] - 1.0) * np.sqrt(use)) * tpot
    crowded = physics.soft_limit(crowded, TPOT_MARGIN * cases.tpot_limit)
    crowding = np.where(open_loop, crowded / tpot, 1.0)
    tpot = np.where(open_loop, crowded, tpot)
    ttft = np.where(open_loop, physics.soft_limit(ttft, 0.5 * cases.ttft_limit), ttft)
    e2e = ttft + tpot * (out - 1.0)
    waves = np.where(
        np.isfinite(cases.asked),
        np.maximum(cases.asked / np.maximum(n * (1.0 - pool), 1), 1.0),
        1.0,
    )
    ttft_wave = np.where(closed, ttft + (waves - 1.0) * e2e, ttft)
    req_s = n / e2e
    # Of the whole replica's accelerators a share decodes, and the rest prefills no faster.
    req_s = np.where(disagg, np.minimum(req_s * (1.0 - pool), pool / work), req_s)
    req_s = np.where(offline, 1.0 / (work + out * decode / n), req_s)
    req_s = np.where((scenario == "saturated_batch")[:, None], n / (tpot * out), req_s)
    req_s = np.where(static, n / (whole_prompt + (out - 1.0) * decode), req_s)
    served_load = np.where(open_loop, offered, req_s)
    total_req = served_load * cases.replicas
    output = total_req * out
    values: dict[str, Any] = {
        "tpot_ms_mean": tpot * 1e3,
        "itl_ms_p99": slowest_step(s.q, decode, work, n / out) * crowding * 1e3,
        "itl_ms_p50": np.where(mixed, decode * s.q["median_itl"], decode) * crowding * 1e3,
        "ttft_ms_mean": ttft_wave * 1e3,
        "e2e_ms_mean": (ttft_wave + tpot * (out - 1.0)) * 1e3,
        "output_tok_s": output,
        "output_tok_s_per_gpu": output / cases.accelerators,
        "total_tok_s": total_req * (out + given),
        "total_tok_s_per_gpu": total_req * (out + given) / cases.accelerators,
        "prefill_tok_s": np.where(
            prefill_only | static, new * n * cases.replicas / ttft, total_req * new
        ),
        "decode_tok_s": n / decode * cases.replicas,
        "req_s": req_s * cases.replicas,
    }
    values["req_s"] = np.where(open_loop, capacity * cases.replicas, values["req_s"])
    busy_prefill = np.where(
        prefill_only, 1.0, np.where((scenario == "decode_only")[:, None], 0.0, served_load * work)
    )
    busy_prefill = np.clip(busy_prefill, 0.0, 1.0)
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
    pre = physics.prefill_step(
        s,
        new,
        cases.cached,
        np.clip(4096 * s.dp / new, np.minimum(s.dp, whole), whole),
        np.minimum(s.dp, whole),
    )
    for name, parts in (("decode", step), ("prefill", pre)):
        values[f"{name}_bandwidth_use"] = np.minimum(
            parts.bytes_moved / s.pp / parts.total / s.bandwidth, 1.0
        )
        values[f"{name}_waiting"] = parts.waiting / parts.total
        values[f"{name}_compute_use"] = np.minimum(
            parts.flops_done / s.pp / parts.total / s.flops, 1.0
        )
    values["busy_prefill"], values["busy_decode"] = busy_prefill, busy_decode
    values["n"] = n
    values["decode_ms"] = decode * 1e3
    values["work_ms"] = work * 1e3
    values["alone_ms"] = alone * 1e3
    saturated = (closed & (waves > 1.02)) | (open_loop & (cases.offered > capacity * 1.02))
    return Outcome({k: _flat(v, count) for k, v in values.items()}, saturated[:, 0])


def _part(cases: Cases, q: Mapping[str, Any], rows: Ints) -> tuple[Cases, physics.Setting]:
    """Some of the runs, and their physical setting."""
    part = cases.take(rows)
    whole = (len(cases.runs), 1)
    return part, part.setting({k: np.broadcast_to(v, whole)[rows] for k, v in q.items()})


def _prefill_share(part: Cases, s: physics.Setting, context: Floats, n: Floats) -> Floats:
    """Share of the accelerators that prefill where the phases have pools of their own, 0 to 1.

    Rates are matched (Zhong et al., DistServe, OSDI 2024): a request costs its prefill here and
    its decode steps there; the prefill pool is kept at ``PREFILL_USE`` of what it could do.
    """
    new = np.maximum(part.input_tokens - part.cached, 1.0)
    out = np.maximum(part.output_tokens, 1.0)
    prefill = physics.prefill_work(s, new, part.cached, n, s.dp) / PREFILL_USE
    share = np.full(np.shape(n), 0.5)
    for _round in range(6):
        inside = np.minimum(n / (1.0 - share), np.maximum(part.most, 1.0))
        decode = out * physics.decode_step(s, inside, context).total / inside
        share = np.sqrt(share * prefill / (prefill + decode))  # halfway: settles in a few rounds
    return np.asarray(share)


def _levels(cases: Cases, q: Mapping[str, Any]) -> tuple[Floats, Floats, Ints]:
    """(levels, requests/s of each, rows) of the open-loop runs."""
    rows = np.flatnonzero(np.isin(cases.scenario, OPEN_LOOP))
    part, s = _part(cases, q, rows)
    top = np.minimum(part.most, OFFLINE_BATCH * s.dp)
    levels = np.exp(np.linspace(0.0, 1.0, SERVER_LEVELS)[None, :] * np.log(np.maximum(top, 2.0)))
    out = np.maximum(part.output_tokens, 1.0)
    context = part.input_tokens / part.beams + out / 2.0
    step = physics.decode_step(s, levels * part.beams, context).total
    work = physics.mixed_prefill_work(s, part.input_tokens, 0.0, levels, step, out)
    per_token = step + physics.prompts_between_tokens(s.q, step, work, levels, out)[1]
    rates = levels / (out * per_token)
    # A valid submission keeps its limits: levels far beyond them add nothing.
    beyond = per_token / (TPOT_MARGIN * part.tpot_limit)
    rates = rates / (1.0 + beyond**12) ** 0.5
    return levels, rates, rows


def _open_loop_levels(offered: Floats, levels: Floats, rates: Floats) -> Floats:
    """Mean requests inside at offered loads (n,), by Little's law; a usual one where none is told.

    ``levels`` and ``rates`` as of ``_levels``.
    """
    inside = []
    for load, level, rate in zip(offered.tolist(), levels, rates, strict=True):
        rising = np.maximum.accumulate(rate)
        load = (
            min(load, SERVER_LOAD * rising[-1]) if np.isfinite(load) else UNKNOWN_LOAD * rising[-1]
        )
        if load <= rising[0]:
            inside.append(max(load / rising[0], 0.05))
        else:
            inside.append(np.exp(np.interp(np.log(load), np.log(rising), np.log(level))))
    return np.array(inside)


def _prompts_waited_for(use: Floats | float) -> Floats:
    """Mean wait of a prompt behind others, in prompts' work, where prefill is used so (M/D/1)."""
    return np.asarray(use / (2.0 * (1.0 - use)))
