"""Published runs as columns: what the physics of a step needs of each, without fitted quantities.

Arrays have shape (n, 1), one row per run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from core.performance import parameters as par
from core.performance import physics
from core.performance.links import link_class, link_gb_s
from core.performance.measurements import Run
from core.performance.precision import (
    WEIGHT_BYTES,
    power_share,
    rest_weight_bytes,
    storage_of,
)
from core.performance.published_lengths import SERVED
from core.performance.published_split import ranks_of
from core.performance.quantities import QUANTITIES
from core.performance.shapes import model_type, stack_shapes
from core.performance.types import Bools, Floats

GIB = float(2**30)
OFFLINE_BATCH = 2048.0
"""Largest batch of offline runs: TensorRT-LLM's default and the usual MLPerf setting."""

STEPS = ("prefill_only", "decode_only", "static_batch")
"""Scenarios that time the steps of an engine without a server."""
_NATURAL = ("natural", "mlperf")
PROMPT_SPREAD = 1.2
"""Sigma of the lognormal of prompt lengths of data sets, whose own are not published: with it the
slowest steps of ML.ENERGY's runs carry the prefill that they should (fitted factor near 1)."""


def labels_of(run: Run) -> dict[str, str]:
    """Features by which a run finds its fitted quantities."""
    age = "old" if run.old_software else "new"
    if run.own and run.scenario in (*SERVED, *STEPS):
        harness = par.harness_of(run.engine)
    elif run.scenario in STEPS:
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
        "tuning": par.tuning_of(harness),
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
        "driver": run.driver,
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
    stated: Bools
    """The offered rate is stated, not that of what was served."""
    requests: Floats
    """Offered in all, per replica; ``inf`` where the load goes on."""
    replicas: Floats
    accelerators: Floats
    beams: Floats
    ttft_limit: Floats
    tpot_limit: Floats
    """Seconds; the benchmark's own P99 limits, ``inf`` where none."""
    scenario: np.ndarray[Any, Any]
    prompt_spread: Floats
    """Sigma of the lognormal of prompt lengths: 0 where they are all about alike."""
    reader: physics.Setting
    """A prefill worker where pools are stated, else the replica itself; with empty ``q``."""
    readers: Floats
    """Prefill workers per decode worker; ``nan`` where pools are not stated."""

    def setting(self, q: Mapping[str, Any]) -> physics.Setting:
        """The physical setting with fitted quantities, arrays of shape (n, 1)."""
        return replace(self.base, q=dict(q))

    def reading(self, q: Mapping[str, Any]) -> physics.Setting:
        """The setting of what reads the prompts, with fitted quantities."""
        return replace(self.reader, q=dict(q))

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

        def chosen(setting: physics.Setting) -> physics.Setting:
            columns = {
                f.name: np.asarray(getattr(setting, f.name))[kept]
                for f in fields(setting)
                if f.name not in ("shape", "q")
            }
            return replace(setting, shape=shape, **columns)

        arrays = {
            f.name: getattr(self, f.name)[kept]
            for f in fields(self)
            if f.name not in ("runs", "labels", "base", "reader")
        }
        index = np.arange(len(self.runs))[kept]
        return Cases(
            runs=tuple(self.runs[i] for i in index),
            labels=tuple(self.labels[i] for i in index),
            base=chosen(base),
            reader=chosen(self.reader),
            **arrays,
        )

    def part(self, q: Mapping[str, Any], rows: Any) -> tuple[Cases, physics.Setting]:
        """Some of the runs, and their physical setting; ``q`` of all runs."""
        part, whole = self.take(rows), (len(self.runs), 1)
        return part, part.setting({k: np.broadcast_to(v, whole)[rows] for k, v in q.items()})


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
    labels = tuple(labels_of(r) for r in runs)
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
        labels=labels,
        base=base,
        n=np.minimum(asked, np.where(offline, np.minimum(most, OFFLINE_BATCH * base.dp), most)),
        asked=asked,
        most=most,
        input_tokens=given,
        cached=_column([r.cached_tokens for r in runs]),
        output_tokens=out,
        offered=_column([r.offered_req_s for r in runs]),
        stated=np.array([[r.rate_stated] for r in runs], dtype=bool),
        requests=_column([r.requests for r in runs]),
        replicas=_column([r.replicas for r in runs]),
        accelerators=_column([r.accelerators for r in runs]),
        beams=_column([r.beams for r in runs]),
        ttft_limit=_column([r.ttft_limit_ms / 1e3 for r in runs]),
        tpot_limit=_column([r.tpot_limit_ms / 1e3 for r in runs]),
        scenario=np.array([r.scenario for r in runs], dtype=object),
        prompt_spread=_column(
            [PROMPT_SPREAD if of["harness"] in _NATURAL else 0.0 for of in labels]
        ),
        reader=_reader(base, runs),
        readers=_column(
            [r.pools.prefill_workers / r.pools.decode_workers if r.pools else np.nan for r in runs]
        ),
    )


def _reader(base: physics.Setting, runs: Sequence[Run]) -> physics.Setting:
    """The prefill workers of runs that state their pools; of the others, ``base``."""
    ranks = [ranks_of(r.pools.prefill_size, r.model) if r.pools else (r.tp, r.dp) for r in runs]
    return replace(
        base,
        tp=_column([tp for tp, _dp in ranks]),
        pp=_column([1 if r.pools else r.pp for r in runs]),
        dp=_column([dp for _tp, dp in ranks]),
        link=_column(
            [
                link_gb_s(r.accelerator, tp * dp) * 1e9
                for r, (tp, dp) in zip(runs, ranks, strict=True)
            ]
        ),
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
