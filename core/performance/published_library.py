"""All published runs as the calibration stored them, with the columns that distances need."""

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
from core.performance.types import Bools, Build, Floats, Texts

FAMILIES = {
    "ttft": ("ttft_ms_mean",),
    "tpot": ("tpot_ms_mean",),
    "throughput": ("output_tok_s", "total_tok_s", "decode_tok_s"),
}
"""What a published value tells of, and its metrics, most wanted first."""
METRICS = tuple(metric for metrics in FAMILIES.values() for metric in metrics)
_OTHER = {
    "model": 0.5,
    "build": 0.4,
    "accelerator": 0.25,
    "generation": 0.35,
    "engine": 0.4,
    "precision": 0.3,
    "attention": 0.25,
}
_PER_OCTAVE = {"accelerators": 0.3, "input_tokens": 0.1, "output_tokens": 0.1, "running": 0.05}
_PER_RANK = 0.02
_WORDED_LOAD = 0.15
"""Distance of a load such as "max", whose number of requests is not known: three octaves."""
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
        return attention_of(self.dp)


def attention_of(data_parallel: int) -> str:
    """How attention is laid out over that many groups of accelerators, as runs name it."""
    return "data parallel" if data_parallel > 1 else "tensor parallel"


@dataclass(frozen=True)
class Library:
    """All stored runs, with the columns that distances need."""

    runs: tuple[StoredRun, ...]
    accelerators: Floats
    """Accelerators of the replica."""
    input_tokens: Floats
    output_tokens: Floats
    running: Floats
    """Requests at once; 1 where a load was published in a word."""
    worded: Bools
    """Where it was."""
    wanted: Floats
    """Distance by the metric: 0 for the most wanted of its family."""
    family: Texts
    """Key of ``FAMILIES``."""

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

    def other_load(self, running: float) -> Floats:
        """Distance of every run by its requests at once, shape (runs,)."""
        return np.where(self.worded, _WORDED_LOAD, self.octaves("running", running))

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
    loads = [_load(run.concurrency) for run in runs]
    found = [(_family(run.metric), run) for run in runs]
    return Library(
        tuple(runs),
        np.array([r.tp * r.dp for r in runs], dtype=np.float64),
        np.array([r.input_tokens for r in runs]),
        np.array([r.output_tokens for r in runs]),
        np.array([1.0 if load is None else load for load in loads]),
        np.array([load is None for load in loads], dtype=bool),
        _PER_RANK * np.array([float(FAMILIES[f].index(r.metric)) for f, r in found]),
        np.array([f for f, _run in found], dtype=object),
    )


def _family(metric: str) -> str:
    return next(family for family, metrics in FAMILIES.items() if metric in metrics)


def _load(text: str) -> float | None:
    """Requests at once, ``None`` where the load is a word such as ``max``."""
    try:
        return float(text)
    except ValueError:
        return None


def _titles() -> dict[str, str]:
    try:
        place = files("resources").joinpath("measured", "sources.csv")
        rows = csv.DictReader(io.StringIO(place.read_text(encoding="utf-8")))
        return {r["source_id"]: r["title"] for r in rows}
    except FileNotFoundError:
        return {}
