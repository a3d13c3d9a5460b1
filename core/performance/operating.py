"""What a table of replicas does at given loads: latencies, power, memory traffic."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import load as loads
from core.performance import percentiles, step_time
from core.performance.batching import verified_tokens
from core.performance.blocks import in_blocks
from core.performance.load import State
from core.performance.percentiles import Latency
from core.performance.physics import Setting, StepParts, decode_step, prefill_step
from core.performance.power import power_of_steps
from core.performance.replicas import Replicas
from core.performance.replicas import replicas as queues_of
from core.performance.types import (
    Bools,
    Distribution,
    Floats,
    Ints,
    Operating,
    RequestProfile,
    ServingTable,
    Shares,
)

LONE_SHARE = 1e-6
"""Share of saturation that counts as a lone request."""
TOP_SHARE = 0.9999
"""Loads above this share of saturation are called unstable: waits grow without bound."""


def shown(latency: Latency, stable: Bools) -> Distribution:
    """A latency's mean and percentiles, infinite where not ``stable`` (n,)."""
    found = percentiles.distribution(latency)
    columns = (found.mean, found.p50, found.p90, found.p95, found.p99)
    return Distribution(*(np.where(stable, c, np.inf) for c in columns))


def describe(
    table: ServingTable,
    profile: RequestProfile,
    setting: Setting,
    queues: Replicas,
    req_s: Floats,
    state: State | None = None,
    arrival_cv: Floats | None = None,
) -> Operating:
    """Operating points of queues made from ``table``; ``state`` if already solved.

    ``arrival_cv`` (n,) replaces the profile's, replica by replica.
    """
    n = len(table)
    top = queues.saturation_per_ms
    asked = np.broadcast_to(np.asarray(req_s, dtype=np.float64), (n,))
    stable = (asked / 1000.0 < TOP_SHARE * top) & (queues.holds > 0)
    per_ms = np.clip(asked / 1000.0, LONE_SHARE * top, TOP_SHARE * top)
    if state is None:
        state = loads.state(queues, loads.requests(profile, arrival_cv), per_ms)
    e2e, ttft = shown(state.e2e, stable), shown(state.ttft, stable)
    inside = np.full(n, np.inf)
    np.multiply(asked, e2e.mean / 1000.0, out=inside, where=stable)
    busy = np.where(asked > 0, state.busy, 0.0)
    filling = np.where(asked > 0, state.prefill_time, 0.0)
    decoding = np.maximum(busy - filling, 0.0)
    decode, prefill = _steps(table, profile, setting, state.decoding)
    steps_per_s = decoding * 1000.0 / _step_ms(queues, state.decoding)
    # parts are of all pipeline stages together, and an accelerator is in one of them
    stages = step_time.working_stages(table, state.decoding)
    traffic = steps_per_s * decode.bytes_read[:, 0] * stages
    traffic += asked * prefill.bytes_read[:, 0] / table.pp
    return Operating(
        req_s=asked.copy(),
        stable=stable,
        concurrency_mean=inside,
        utilisation=asked / 1000.0 / top,
        ttft_ms=ttft,
        answer_ttft_ms=ttft if state.answer is state.ttft else shown(state.answer, stable),
        tpot_ms=shown(state.tpot, stable),
        e2e_ms=e2e,
        power_w=power_of_steps(table, setting, decode, prefill, filling, decoding),
        prefill_share=np.where(busy > 0, filling / np.maximum(busy, 1e-12), 0.0),
        decode_shares=_shares(decode),
        prefill_shares=_shares(prefill),
        bandwidth_needed_gb_s=traffic / 1e9,
        floor_ms={
            "ttft": _at_peak_ms(setting, prefill),
            "tpot": _least_token_ms(table, profile, setting, state.decoding, decode),
        },
    )


def _at_peak_ms(setting: Setting, parts: StepParts) -> Floats:
    """Least time of a step: the slower of its two roofs at the data sheet's peaks.

    Source: Williams, Waterman and Patterson, "Roofline", Communications of the ACM, 2009.
    """
    reading = parts.bytes_read / np.asarray(setting.bandwidth)
    computing = parts.flops_done / np.asarray(setting.flops)
    return np.asarray(np.maximum(reading, computing)[:, 0] * 1000.0)


def _least_token_ms(
    table: ServingTable, profile: RequestProfile, setting: Setting, inside: Floats, step: StepParts
) -> Floats:
    """The same per output token; ``step`` is a decode step with ``inside`` (n,) requests.

    With speculation only the tokens that are kept must be computed, however many are drafted.
    """
    kept = 1.0 + table.spec_accept
    if np.any(table.spec_accept > 0):
        context = profile.input_tokens_mean + profile.output_tokens_mean / 2.0
        step = decode_step(setting, inside[:, None], context, kept[:, None])
    return _at_peak_ms(setting, step) / kept


def _steps(
    table: ServingTable, profile: RequestProfile, setting: Setting, inside: Floats
) -> tuple[StepParts, StepParts]:
    """A decode step with ``inside`` (n,) requests and a lone prompt's prefill, by cause."""
    tokens = profile.input_tokens_mean
    cached: Floats = tokens * profile.prefix_cache_share * table.prefix_caching.astype(np.float64)
    cached = cached[:, None]
    context = tokens + profile.output_tokens_mean / 2.0
    computed = verified_tokens(table.spec_accept)[:, None]
    return (
        decode_step(setting, inside[:, None], context, computed),
        prefill_step(setting, np.maximum(tokens - cached, 1.0), cached),
    )


def _shares(parts: StepParts) -> Shares:
    if not len(parts.total):
        return Shares(*(np.empty(0) for _cause in dataclasses.fields(Shares)))
    return step_time.shares_of(parts)


def _step_ms(queues: Replicas, inside: Floats) -> Floats:
    """Decode step with ``inside`` requests (n,), interpolated between the states."""
    levels = queues.chain.levels
    right = np.clip((levels < inside[:, None]).sum(axis=1), 1, levels.shape[1] - 1)
    row = np.arange(len(inside))
    x0, x1 = levels[row, right - 1], levels[row, right]
    share = np.clip((inside - x0) / np.maximum(x1 - x0, 1e-9), 0.0, 1.0)
    steps = queues.step_ms
    return np.asarray(steps[row, right - 1] * (1.0 - share) + steps[row, right] * share)


def operate(
    table: ServingTable, profile: RequestProfile, req_s: Floats, arrival_cv: Floats | None = None
) -> Operating:
    """Latencies, power and traffic of every replica at its load (n,), requests per second.

    ``arrival_cv`` (n,) replaces the profile's, replica by replica.
    """
    setting = step_time.setting(table)
    queues = queues_of(table, profile, setting)
    return describe(table, profile, setting, queues, req_s, arrival_cv=arrival_cv)


@dataclass(frozen=True, slots=True)
class Ready:
    """Replicas ready to be put under load: what of them does not depend on it."""

    table: ServingTable
    profile: RequestProfile
    setting: Setting
    queues: Replicas

    def at_loads(self, rows: Ints, req_s: Floats, arrival_cv: Floats | None = None) -> Operating:
        """Chosen replicas at loads (k,): ``rows`` (k,) tells which of them each load is of.

        ``arrival_cv`` (k,) replaces the profile's, load by load.
        """

        def part(some: slice) -> Operating:
            mine = rows[some]
            return describe(
                self.table.take(mine),
                self.profile,
                _rows_of_setting(self.setting, mine, len(self.table)),
                self.queues.take(mine),
                req_s[some],
                arrival_cv=None if arrival_cv is None else arrival_cv[some],
            )

        return in_blocks(len(rows), part)


def ready(table: ServingTable, profile: RequestProfile, places: Ints | None = None) -> Ready:
    """The queues of a table's replicas, made once however many loads are asked about.

    ``places`` (n,) is what the memory of each replica admits at once, where the caller knows it.
    """
    setting = step_time.setting(table)
    return Ready(table, profile, setting, queues_of(table, profile, setting, places))


def curves(table: ServingTable, profile: RequestProfile, req_s: Floats) -> Operating:
    """Every replica at several loads (n, k): operating points of n * k rows, row by row."""
    n, k = req_s.shape
    return ready(table, profile).at_loads(np.repeat(np.arange(n), k), req_s.ravel())


def _rows_of_setting(setting: Setting, rows: Ints, n: int) -> Setting:
    """A setting's rows, repeats allowed; numbers common to all rows stay as they are."""

    def chosen(value: Any) -> Any:
        return value[rows] if isinstance(value, np.ndarray) and value.shape[:1] == (n,) else value

    columns = {
        f.name: chosen(getattr(setting, f.name))
        for f in dataclasses.fields(setting)
        if f.name not in ("shape", "q")
    }
    q = {name: chosen(value) for name, value in setting.q.items()}
    return dataclasses.replace(setting, q=q, **columns)
