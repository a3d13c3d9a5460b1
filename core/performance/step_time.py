"""Times of one step for a table of candidates: the columnar face of ``physics``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from core.catalog.types import Accelerator, Model
from core.performance import batching, physics
from core.performance import parameters as par
from core.performance.links import link_class, link_gb_s
from core.performance.precision import (
    KV_BYTES,
    expert_weight_bytes,
    peak_flops,
    power_share,
    published,
    rest_weight_bytes,
)
from core.performance.quantities import QUANTITIES
from core.performance.shapes import model_shape, model_type
from core.performance.types import Floats, Ints, ServingTable, Shares


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Milliseconds; every array broadcasts to (n, m): n rows, m concurrency levels."""

    decode_ms: Floats
    """One pure decode step of the whole replica (mean context: input + output / 2)."""
    tpot_ms: Floats
    """Time per output token in steady closed loop: prefill interference and speculation in."""
    ttft_alone_ms: Floats
    """TTFT of a lone prompt, overheads included."""
    ttft_ms: Floats
    """Mean TTFT in closed loop at that concurrency."""
    prefill_ms: Floats
    """Replica time one prompt's prefill takes."""


def codes(texts: np.ndarray[Any, Any]) -> tuple[Ints, list[str]]:
    """Small integers for a column of texts, and the distinct texts."""
    column = texts.tolist()
    known = {text: i for i, text in enumerate(dict.fromkeys(column))}
    return np.array([known[text] for text in column], dtype=np.int64), list(known)


Key: TypeAlias = tuple[int, int, str, str, str]
"""Accelerator index, group size, weight precision, engine, KV precision."""


@dataclass(frozen=True, slots=True)
class Combinations:
    """Distinct (accelerator, group size, precision, engine, KV) of a table and who has which."""

    of_row: Ints
    keys: tuple[Key, ...]

    def gather(self, value: Callable[[Key], float]) -> Floats:
        """A value per combination, spread over the rows: shape (n, 1)."""
        each = np.array([value(k) for k in self.keys], dtype=np.float64)
        return each[self.of_row][:, None]


def combinations(table: ServingTable) -> Combinations:
    """Rows that share hardware, group size, precision and engine share fitted quantities."""
    weight, weights = codes(table.weight_precision)
    engine, engines = codes(table.engine)
    kv, kvs = codes(table.kv_precision)
    group = table.tp * table.dp_attention
    combined = (((table.accelerator_index * 4096 + group) * 16 + weight) * 64 + engine) * 16 + kv
    _distinct, first, of_row = np.unique(combined, return_index=True, return_inverse=True)
    keys = tuple(
        (
            int(table.accelerator_index[i]),
            int(group[i]),
            weights[int(weight[i])],
            engines[int(engine[i])],
            kvs[int(kv[i])],
        )
        for i in first
    )
    return Combinations(of_row.reshape(-1), keys)


_CACHE: dict[tuple[str, str, int, str, str, str], tuple[Any, Any, Any, Floats]] = {}
"""Fitted quantities by what they depend on, with the objects they were computed for."""


def _quantities(table: ServingTable, both: Combinations, parameters: par.Parameters) -> Floats:
    """Fitted quantities of each combination, one column per quantity; remembered."""
    found = np.empty((len(both.keys), len(QUANTITIES)))
    model = table.model
    if len(_CACHE) > 50_000:
        _CACHE.clear()
    for i, (a, group, precision, engine, kv) in enumerate(both.keys):
        accelerator = table.accelerators[a]
        key = (model.id, accelerator.id, group, precision, engine, kv)
        kept = _CACHE.get(key)
        if kept is None or not (
            kept[0] is model and kept[1] is accelerator and kept[2] is parameters
        ):
            labels = row_labels(model, accelerator, group, precision, engine, kv)
            kept = (model, accelerator, parameters, parameters.vector(labels))
            _CACHE[key] = kept
        found[i] = kept[3]
    return found


def setting(table: ServingTable) -> physics.Setting:
    """The table's rows as a physical setting, arrays of shape (n, 1)."""
    both = combinations(table)
    acc, shape = table.accelerators, model_shape(table.model)
    words = table.model.native_precision
    native = published(words)

    values = _quantities(table, both, par.active())[both.of_row]
    q: dict[str, Any] = {name: values[:, k : k + 1] for k, name in enumerate(QUANTITIES)}
    # Each distinct pair once.
    peaks = {
        (a, w): peak_flops(acc[a], w, native) or acc[a].tflops_bf16 * 1e12
        for a, w in {(k[0], k[2]) for k in both.keys}
    }
    links = {(a, g): link_gb_s(acc[a], g) * 1e9 for a, g in {(k[0], k[1]) for k in both.keys}}
    return physics.Setting(
        shape=shape,
        bandwidth=_of_accelerator(table, [a.bandwidth_gb_s * 1e9 for a in acc]),
        flops=both.gather(lambda k: peaks[k[0], k[2]]),
        flops_16=_of_accelerator(table, [a.tflops_bf16 * 1e12 for a in acc]),
        link=both.gather(lambda k: links[k[0], k[1]]),
        tp=_column(table.tp),
        pp=_column(table.pp),
        dp=_column(table.dp_attention),
        weight_bytes=both.gather(lambda k: expert_weight_bytes(words, k[2])),
        rest_bytes=both.gather(lambda k: rest_weight_bytes(words, k[2])),
        head_bytes=2.0,
        kv_bytes=_kv_bytes(table),
        q=q,
        power_share=_of_accelerator(table, [power_share(a) for a in acc]),
    )


def _of_accelerator(table: ServingTable, values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64)[table.accelerator_index][:, None]


def _column(values: Ints) -> Floats:
    return np.maximum(values, 1).astype(np.float64)[:, None]


def _kv_bytes(table: ServingTable) -> Floats:
    found, texts = codes(table.kv_precision)
    return np.array([KV_BYTES.get(t, 2.0) for t in texts])[found][:, None]


def row_labels(
    model: Model,
    accelerator: Accelerator,
    group: int,
    precision: str,
    engine: str,
    kv: str = "bf16",
) -> dict[str, str]:
    """Features by which a row finds its fitted quantities."""
    name, native = par.engine_of(engine), published(model.native_precision)
    harness = par.harness_of(name)
    grouped = "grouped" if model.kv_heads < model.heads else "full"
    return {
        "age": "new",
        "era": f"{name}/new",
        "harness": harness,
        "tuning": par.tuning_of(harness),
        "attention": "latent" if model.is_mla else grouped,
        "kv": "kv16" if kv == "bf16" else "kv8",
        "family": par.family_of(accelerator),
        "generation": accelerator.generation,
        "engine": name,
        "precision": (native if native == "mxfp4" else "nvfp4")
        if precision == "fp4"
        else precision,
        "model_type": model_type(model),
        "link": link_class(accelerator, group),
        "driver": "native",
    }


def _rows(value: Any, n: int) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (n,))[:, None]


def step_times(
    table: ServingTable,
    input_tokens: Any,
    output_tokens: Any,
    cached_share: Any,
    concurrency: Any,
) -> StepTimes:
    """Step times of every row at every concurrency.

    ``input_tokens``, ``output_tokens``, ``cached_share``: scalars or (n,); ``concurrency``: (m,)
    or (n, m). A row without prefix caching ignores ``cached_share``.
    """
    n = len(table)
    share = _rows(cached_share, n) * table.prefix_caching[:, None]
    levels = np.atleast_2d(np.asarray(concurrency, dtype=np.float64))
    loop = batching.closed_loop(
        setting(table),
        _rows(input_tokens, n),
        _rows(output_tokens, n),
        share,
        levels,
        table.spec_accept[:, None],
    )
    return StepTimes(
        loop.decode * 1e3,
        loop.tpot * 1e3,
        loop.ttft_alone * 1e3,
        loop.ttft * 1e3,
        loop.prefill * 1e3,
    )


def shares_of(parts: physics.StepParts) -> Shares:
    """Where a step's time goes; a cause hidden behind the other roof still shows its time."""
    causes = [parts.weights, parts.kv, parts.compute, parts.communication, parts.overhead]
    flat = [np.asarray(c).reshape(len(parts.total), -1)[:, 0] for c in causes]
    total = np.sum(flat, axis=0)
    return Shares(*(c / total for c in flat))


def decode_parts(
    table: ServingTable,
    input_tokens: Any,
    output_tokens: Any,
    concurrency: Any,
    known: physics.Setting | None = None,
) -> physics.StepParts:
    """One decode step of each row at its concurrency (n,), by cause; arrays (n, 1).

    Drafted tokens that are verified count. ``known`` is the table's ``setting`` where the caller
    has it.
    """
    n = len(table)
    context = _rows(input_tokens, n) + _rows(output_tokens, n) / 2.0
    computed = batching.verified_tokens(table.spec_accept)[:, None]
    return physics.decode_step(known or setting(table), _rows(concurrency, n), context, computed)


def prefill_parts(
    table: ServingTable,
    input_tokens: Any,
    cached_share: Any,
    known: physics.Setting | None = None,
) -> physics.StepParts:
    """One lone prompt's prefill of each row, by cause; arrays (n, 1)."""
    n = len(table)
    tokens = _rows(input_tokens, n)
    cached = tokens * _rows(cached_share, n) * table.prefix_caching[:, None]
    fresh = np.maximum(tokens - cached, 1.0)
    return physics.prefill_step(known or setting(table), fresh, cached)


def working_stages(table: ServingTable, inside: Any) -> Floats:
    """Share of the pipeline stages that work at once with ``inside`` (n,) requests, 1 if full."""
    return np.asarray(np.minimum(np.maximum(inside, 1.0) / np.maximum(table.pp, 1), 1.0))


def decode_shares(
    table: ServingTable, input_tokens: Any, output_tokens: Any, concurrency: Any
) -> Shares:
    """Shares of decode time at a concurrency per row (n,)."""
    return shares_of(decode_parts(table, input_tokens, output_tokens, concurrency))


def prefill_shares(table: ServingTable, input_tokens: Any, cached_share: Any) -> Shares:
    """Shares of prefill time of a lone prompt."""
    return shares_of(prefill_parts(table, input_tokens, cached_share))


def memory_traffic_bytes(
    table: ServingTable,
    input_tokens: Any,
    output_tokens: Any,
    cached_share: Any,
    concurrency: Any,
) -> tuple[Floats, Floats]:
    """(bytes per decode step, bytes per prompt) of one accelerator, each of shape (n,)."""
    decode = decode_parts(table, input_tokens, output_tokens, concurrency).bytes_read[:, 0]
    prompt = prefill_parts(table, input_tokens, cached_share).bytes_read[:, 0]
    return decode, prompt
