"""The nearest published measurements to a candidate, for each of what they tell of."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from core.performance.published_library import FAMILIES, StoredRun, attention_of, library
from core.performance.shapes import build_of
from core.performance.step_time import row_labels
from core.performance.types import (
    Bools,
    Build,
    Floats,
    NearestMeasurement,
    RequestProfile,
    ServingTable,
)

PER_FAMILY = 3
"""Runs shown of each of ``FAMILIES``."""
SHARED = ("model", "accelerator")
"""Whatever lies nearest, a run that has this in common is among those shown if there is one."""


def nearest(
    table: ServingTable,
    row: int,
    profile: RequestProfile,
    running: float | None = None,
    limit: int = PER_FAMILY,
) -> tuple[NearestMeasurement, ...]:
    """Published runs of the same model or accelerator, ``limit`` of each of ``FAMILIES``.

    Each family's nearest first; where any run of a family has the model, or the accelerator, one
    that has it is among them, so that none among them means that none was published.

    Distance: 0 for the same configuration; plus 0.5 for another model and 0.4 more if one of both
    is a mixture of experts and the other dense, 0.25 another accelerator and 0.35 more if of
    another generation, 0.4 another engine, 0.25 where only one of both has data-parallel
    attention, 0.3 another precision, 0.3 per octave of accelerators, 0.1 per octave of input or
    output length and 0.05 per octave of requests at once, ``running`` where it is known (0.15
    where the load was published in a word). Runs that share neither model nor accelerator are no
    evidence.
    """
    if not library().runs or limit <= 0:
        return ()
    accelerator = table.accelerators[int(table.accelerator_index[row])]
    group = int(table.tp[row] * table.dp_attention[row])
    labels = row_labels(
        table.model,
        accelerator,
        group,
        str(table.weight_precision[row]),
        str(table.engine[row]),
        str(table.kv_precision[row]),
    )
    return _nearest(
        table.model.id,
        build_of(table.model),
        accelerator.id,
        group,
        attention_of(int(table.dp_attention[row])),
        (labels["generation"], labels["engine"], labels["precision"]),
        (profile.input_tokens_mean, profile.output_tokens_mean),
        # in octaves, so that most edits ask for what is known already
        None if not running else 2.0 ** round(math.log2(running)),
        limit,
    )


@lru_cache(maxsize=512)
def _nearest(
    model: str,
    build: Build,
    accelerator: str,
    group: int,
    attention: str,
    names: tuple[str, str, str],
    tokens: tuple[float, float],
    running: float | None,
    limit: int,
) -> tuple[NearestMeasurement, ...]:
    """``nearest`` by all that it depends on: thousands of runs, the same ones after most edits.

    ``names`` are generation, engine and precision; ``tokens`` mean input and output.
    """
    stored = library()
    akin = np.flatnonzero(
        stored.is_same("model", model) | stored.is_same("accelerator", accelerator)
    )
    parts = (
        stored.otherness("model", model),
        stored.otherness("build", build),
        stored.otherness("accelerator", accelerator),
        stored.otherness("generation", names[0]),
        stored.otherness("attention", attention),
        stored.otherness("engine", names[1]),
        stored.otherness("precision", names[2]),
        stored.octaves("accelerators", float(group)),
        stored.octaves("input_tokens", tokens[0]),
        stored.octaves("output_tokens", tokens[1]),
        stored.wanted,
        *(() if running is None else (stored.other_load(running),)),
    )
    distance = np.zeros(len(akin))
    for part in parts:
        distance += part[akin]
    wanted = {
        "model": model,
        "accelerator": accelerator,
        "engine": names[1],
        "precision": names[2],
    }
    shared = [stored.is_same(name, wanted[name])[akin] for name in SHARED]
    return tuple(
        _measurement(stored.runs[akin[k]], float(distance[k]), build, wanted)
        for family in FAMILIES
        for k in _chosen(distance, stored.family[akin] == family, shared, limit)
    )


def _chosen(distance: Floats, member: Bools, shared: list[Bools], limit: int) -> Iterator[int]:
    """The nearest ``limit`` members, one that shares each thing among them where there is one."""
    order = np.flatnonzero(member)[np.argsort(distance[member], kind="stable")].tolist()
    firsts = (next((k for k in order if same[k]), None) for same in shared)
    must = dict.fromkeys([*order[:1], *(k for k in firsts if k is not None)])
    chosen = [*must, *(k for k in order if k not in must)][:limit]
    yield from sorted(chosen, key=order.index)


def _measurement(
    run: StoredRun, distance: float, build: Build, wanted: dict[str, str]
) -> NearestMeasurement:
    return NearestMeasurement(
        model=run.model.rsplit("/", 1)[-1],
        accelerator=run.accelerator,
        engine=run.engine,
        precision=run.precision,
        tp=run.tp,
        input_tokens=run.input_tokens,
        output_tokens=run.output_tokens,
        concurrency=run.concurrency,
        metric=run.metric,
        measured=run.measured,
        predicted=run.predicted,
        distance=round(distance, 3),
        source=run.source,
        ep=run.ep,
        dp=run.dp,
        other_build=run.build if run.build != build else None,
        differs=tuple(name for name, value in wanted.items() if getattr(run, name) != value),
    )
