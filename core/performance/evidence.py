"""The nearest published measurements to a candidate, with their distance."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import numpy as np

from core.catalog.load import load_catalog
from core.performance.shapes import build_of
from core.performance.step_time import row_labels
from core.performance.types import (
    Bools,
    Build,
    Floats,
    NearestMeasurement,
    RequestProfile,
    ServingTable,
    Texts,
)

METRICS = ("tpot_ms_mean", "ttft_ms_mean", "output_tok_s", "total_tok_s", "decode_tok_s")
"""Metrics shown, most wanted first."""
_OTHER = {
    "model": 0.5,
    "build": 0.4,
    "accelerator": 0.25,
    "generation": 0.35,
    "engine": 0.4,
    "precision": 0.3,
    "attention": 0.25,
}
_PER_OCTAVE = {"accelerators": 0.3, "input_tokens": 0.1, "output_tokens": 0.1}
_PER_RANK = 0.02
_REMEMBERED = 64
"""Numbers whose distances are kept for the next question."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One published value with what the engine predicts for it."""

    model: str
    accelerator: str
    engine: str
    precision: str
    tp: int
    ep: int
    dp: int
    generation: str
    input_tokens: float
    output_tokens: float
    concurrency: str
    metric: str
    measured: float
    predicted: float
    source: str
    build: Build
    """Of its model."""

    @property
    def attention(self) -> str:
        """Whether every accelerator holds all attention heads for requests of its own."""
        return _attention(self.dp)


def _attention(data_parallel: int) -> str:
    return "data parallel" if data_parallel > 1 else "tensor parallel"


@dataclass(frozen=True)
class Library:
    """All stored runs, with the columns that distances need."""

    runs: tuple[StoredRun, ...]
    accelerators: Floats
    """Accelerators of the replica."""
    input_tokens: Floats
    output_tokens: Floats
    wanted: Floats
    """Distance by the metric: 0 for the most wanted."""

    @cached_property
    def columns(self) -> dict[str, Texts]:
        """Names of every run as arrays, for comparison in one step."""
        names = tuple(_OTHER)
        return {n: np.array([getattr(r, n) for r in self.runs], dtype=object) for n in names}

    def is_same(self, name: str, value: str) -> Bools:
        """Which runs have this model, accelerator, engine or precision, shape (runs,)."""
        key = (name, value)
        if key not in self._same:
            self._same[key] = np.asarray(self.columns[name] == value, dtype=bool)
        return self._same[key]

    def otherness(self, name: str, value: str) -> Floats:
        """Distance of every run by one of its names, shape (runs,)."""
        key = (name, value)
        if key not in self._otherness:
            self._otherness[key] = np.where(self.is_same(name, value), 0.0, _OTHER[name])
        return self._otherness[key]

    def octaves(self, name: str, wanted: float) -> Floats:
        """Distance of every run by one of its numbers, in doublings, shape (runs,)."""
        key = (name, wanted)
        if key not in self._octaves:
            if len(self._octaves) > _REMEMBERED:
                self._octaves.clear()
            values = np.maximum(getattr(self, name), 1.0)
            self._octaves[key] = _PER_OCTAVE[name] * np.abs(np.log2(values / max(wanted, 1.0)))
        return self._octaves[key]

    @cached_property
    def _same(self) -> dict[tuple[str, str], Bools]:
        return {}

    @cached_property
    def _otherness(self) -> dict[tuple[str, str], Floats]:
        return {}

    @cached_property
    def _octaves(self) -> dict[tuple[str, float], Floats]:
        return {}


@lru_cache(maxsize=1)
def library() -> Library:
    """The runs stored by the calibration; empty where none are."""
    try:
        data = files("resources").joinpath("measured", "runs.csv.gz").read_bytes()
    except FileNotFoundError:
        data = gzip.compress(b"model\n")
    titles, models = _titles(), load_catalog().models  # of which the calibration took its runs
    runs = []
    for cells in csv.DictReader(io.StringIO(gzip.decompress(data).decode())):
        source = titles.get(cells["source"], cells["source"])
        runs.append(
            StoredRun(
                cells["model"],
                cells["accelerator"],
                cells["engine"],
                cells["precision"],
                int(cells["tp"]),
                int(cells["ep"]),
                int(cells["dp"]),
                cells["generation"],
                float(cells["isl"]),
                float(cells["osl"]),
                cells["concurrency"],
                cells["metric"],
                float(cells["value"]),
                float(cells["predicted"]),
                f"{source}, {cells['source_date']}" if cells["source_date"] else source,
                build_of(models[cells["model"]]),
            )
        )
    return Library(
        tuple(runs),
        np.array([r.tp * r.dp for r in runs], dtype=np.float64),
        np.array([r.input_tokens for r in runs]),
        np.array([r.output_tokens for r in runs]),
        _PER_RANK * np.array([float(METRICS.index(r.metric)) for r in runs]),
    )


def _titles() -> dict[str, str]:
    try:
        place = files("resources").joinpath("measured", "sources.csv")
        rows = csv.DictReader(io.StringIO(place.read_text(encoding="utf-8")))
        return {r["source_id"]: r["title"] for r in rows}
    except FileNotFoundError:
        return {}


def nearest(
    table: ServingTable, row: int, profile: RequestProfile, limit: int = 5
) -> tuple[NearestMeasurement, ...]:
    """Published runs of the same model or accelerator, nearest first.

    Distance: 0 for the same configuration; plus 0.5 for another model and 0.4 more if one of both
    is a mixture of experts and the other dense, 0.25 another accelerator and 0.35 more if of
    another generation, 0.4 another engine, 0.25 where only one of both has data-parallel
    attention, 0.3 another precision, 0.3 per octave of accelerators and 0.1 per octave of input or
    output length. Runs that share neither model nor accelerator are no evidence.
    """
    stored = library()
    if not stored.runs or limit <= 0:
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
        _attention(int(table.dp_attention[row])),
        (labels["generation"], labels["engine"], labels["precision"]),
        (profile.input_tokens_mean, profile.output_tokens_mean),
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
    )
    distance = np.zeros(len(akin))
    for part in parts:
        distance += part[akin]
    if len(akin) > limit:  # the nearest and all that are as near, then in order
        near = distance <= np.partition(distance, limit - 1)[limit - 1]
        akin, distance = akin[near], distance[near]
    chosen: list[NearestMeasurement] = []
    for k in np.argsort(distance, kind="stable")[:limit].tolist():
        r = stored.runs[akin[k]]
        chosen.append(
            NearestMeasurement(
                model=r.model.rsplit("/", 1)[-1],
                accelerator=r.accelerator,
                engine=r.engine,
                precision=r.precision,
                tp=r.tp,
                input_tokens=r.input_tokens,
                output_tokens=r.output_tokens,
                concurrency=r.concurrency,
                metric=r.metric,
                measured=r.measured,
                predicted=r.predicted,
                distance=round(float(distance[k]), 3),
                source=r.source,
                ep=r.ep,
                dp=r.dp,
                other_build=r.build if r.build != build else None,
            )
        )
    return tuple(chosen)
