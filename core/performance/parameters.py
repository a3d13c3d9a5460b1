"""The fitted parameters and how a row finds the value of each quantity.

Each quantity has a common value and multiplicative offsets for groups (accelerator generation,
engine, precision ...). A row multiplies the common value by the offsets of the groups it is in;
a group never seen has offset 1, so unseen hardware inherits what is known about its like.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from core.catalog.types import Accelerator
from core.performance.own_measurements import SIZES, TERMS, OwnMeasurements
from core.performance.quantities import QUANTITIES
from core.performance.types import Floats

Labels = Mapping[str, str]
"""Feature name -> value of one row, for example ``{"generation": "hopper", ...}``."""


def join_label(feature: str, labels: Labels) -> str:
    """Key of a group, for example ``engine=vllm*generation=hopper``."""
    return "*".join(f"{part}={labels[part]}" for part in feature.split("*"))


_LOW = np.array([q.low for q in QUANTITIES.values()])
_BOUNDED = np.array([math.isfinite(q.high) for q in QUANTITIES.values()])
_HIGH = np.array([q.high for q in QUANTITIES.values()])
_SCALE = np.where(_BOUNDED, _HIGH, 1.0)


@dataclass(frozen=True)
class Parameters:
    """Common values, and offsets by quantity and group (logarithms; logits for shares)."""

    common: dict[str, float] = field(
        default_factory=lambda: {name: q.default for name, q in QUANTITIES.items()}
    )
    offsets: dict[str, dict[str, float]] = field(default_factory=dict)
    power: dict[str, float] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    own: OwnMeasurements | None = None
    """A site's own factors on top; ``None`` where only published runs count."""

    def value(self, quantity: str, labels: Labels) -> float:
        """The quantity for a row with these features."""
        return self.values(labels)[quantity]

    def values(self, labels: Labels) -> dict[str, float]:
        """All quantities for a row with these features."""
        return dict(zip(QUANTITIES, self.vector(labels).tolist(), strict=True))

    @cached_property
    def _positions(self) -> Floats:
        return np.array([q.position(self.common.get(n, q.default)) for n, q in QUANTITIES.items()])

    @cached_property
    def _by_feature(self) -> dict[tuple[str, ...], dict[tuple[str, ...], Floats]]:
        """Feature -> label values -> offsets of all quantities (zero where it has none)."""
        found: dict[tuple[str, ...], dict[tuple[str, ...], Floats]] = {
            tuple(feature.split("*")): {} for q in QUANTITIES.values() for feature, _w in q.groups
        }
        for k, (name, q) in enumerate(QUANTITIES.items()):
            allowed = {feature for feature, _width in q.groups}
            for key, value in self.offsets.get(name, {}).items():
                parts = [part.partition("=") for part in key.split("*")]
                feature = tuple(p[0] for p in parts)
                if "*".join(feature) in allowed:
                    table = found[feature]
                    values = tuple(p[2] for p in parts)
                    if values not in table:
                        table[values] = np.zeros(len(QUANTITIES))
                    table[values][k] += value
        return found

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the numbers that predictions depend on, own factors apart."""
        numbers = [self.common, self.offsets, self.power]
        return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _own(self) -> dict[tuple[str, str], Floats]:
        """(engine, generation) -> factors of all quantities from own measurements."""
        names = list(QUANTITIES)
        found: dict[tuple[str, str], Floats] = {}
        for term in self.own.terms if self.own else ():
            factors = found.setdefault((term.engine, term.generation), np.ones(len(names)))
            for name in TERMS[term.term].quantities:
                factors[names.index(name)] *= term.factor
        return found

    @cached_property
    def _vectors(self) -> dict[tuple[tuple[str, str], ...], Floats]:
        """What ``_shipped_vector`` answered, by the labels."""
        return {}

    def _shipped_vector(self, labels: Labels) -> Floats:
        """All quantities without own factors."""
        key = tuple(labels.items())
        value = self._vectors.get(key)
        if value is None:
            position = self._positions.copy()
            for feature, table in self._by_feature.items():
                found = table.get(tuple([labels[part] for part in feature]))
                if found is not None:
                    position += found
            value = np.where(_BOUNDED, _SCALE / (1.0 + np.exp(-position)), _LOW + np.exp(position))
            self._vectors[key] = value
        return value

    def vector(self, labels: Labels) -> Floats:
        """All quantities in the order of ``QUANTITIES``."""
        value = self._shipped_vector(labels)
        own = self._own.get((labels["engine"], labels["generation"])) if self._own else None
        return np.asarray(value if own is None else np.clip(value * own, _LOW, _HIGH))


def from_json(text: str) -> Parameters:
    """Parameters from the stored file's text."""
    data = json.loads(text)
    return Parameters(
        common={k: float(v) for k, v in data.get("common", {}).items()},
        offsets={
            k: {g: float(x) for g, x in v.items()} for k, v in data.get("offsets", {}).items()
        },
        power={k: float(v) for k, v in data.get("power", {}).items()},
        tables=data.get("tables", {}),
    )


@lru_cache(maxsize=1)
def shipped() -> Parameters:
    """The parameters that come with the program (defaults where none are stored)."""
    try:
        place = files("resources").joinpath("measured", "parameters.json")
        return from_json(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Parameters()


_ACTIVE: ContextVar[Parameters | None] = ContextVar("parameters", default=None)
"""Of this thread: a calculation in the background never sees another's parameters."""


def active() -> Parameters:
    """The parameters in force: the shipped ones, or what ``use`` set inside its block."""
    return _ACTIVE.get() or shipped()


@contextmanager
def use(parameters: Parameters) -> Iterator[Parameters]:
    """``with use(parameters):`` evaluates with other parameters."""
    token = _ACTIVE.set(parameters)
    try:
        yield parameters
    finally:
        _ACTIVE.reset(token)


@lru_cache(maxsize=4)
def with_own(own: OwnMeasurements | None) -> Parameters:
    """The shipped parameters with a site's own factors; the shipped ones for ``None``.

    What the site measured counts as seen: its evidence grades are those of published runs.
    """
    base = shipped()
    return base if own is None else extended(base, own)


def extended(base: Parameters, own: OwnMeasurements) -> Parameters:
    """``base`` with a site's own factors, and what the site measured counted as seen."""
    seen = {key: [*values] for key, values in base.tables.get("seen", {}).items()}
    for key, values in own.seen:
        if key == SIZES:
            continue
        seen[key] = sorted({*seen.get(key, ()), *values})
    found = replace(base, tables={**base.tables, "seen": seen}, own=own)
    for same in ("_positions", "_by_feature", "_vectors"):  # own factors come on top of these
        vars(found)[same] = getattr(base, same)
    return found


def family_of(accelerator: Accelerator) -> str:
    """Broad kind of hardware, from which an unseen generation inherits."""
    vendor, kind = accelerator.vendor.lower(), accelerator.kind
    if kind == "cpu":
        return "cpu"
    if vendor == "apple" or kind == "apu":
        return "unified"
    if vendor == "nvidia":
        return (
            "nvidia_hbm"
            if accelerator.bandwidth_gb_s >= 1200 and _is_hbm(accelerator)
            else ("nvidia_gddr")
        )
    if vendor == "amd":
        return "amd_hbm" if accelerator.bandwidth_gb_s >= 1500 else "consumer"
    if kind == "gpu":
        return "intel_gpu"
    return f"{kind}_{vendor}"


def _is_hbm(accelerator: Accelerator) -> bool:
    return accelerator.generation in ("ampere", "hopper", "blackwell", "volta", "rubin")


def engine_of(text: str) -> str:
    """Group of serving software from a free text such as ``vLLM 0.11.x``.

    ``vendor`` are the hardware makers' own stacks; ``other`` has no fitted offsets, so that an
    engine never measured gets the common values.
    """
    low = text.lower()
    for key, name in (
        ("llama.cpp", "llama.cpp"),  # before "CUDA", which builds of it name
        ("llamacpp", "llama.cpp"),
        ("llama_cpp", "llama.cpp"),
        ("llama cpp", "llama.cpp"),
        ("llama-bench", "llama.cpp"),
        ("llama-server", "llama.cpp"),
        ("llama-cli", "llama.cpp"),
        ("llamafile", "llama.cpp"),
        ("koboldcpp", "llama.cpp"),
        ("ollama", "llama.cpp"),
        ("sgl", "sglang"),
        ("ascend", "vendor"),
        ("llmboost", "vllm"),
        ("vllm", "vllm"),
        ("tensorrt", "tensorrt-llm"),
        ("trt", "tensorrt-llm"),
        ("cuda", "tensorrt-llm"),
        ("lm studio", "llama.cpp"),
        ("gguf", "llama.cpp"),
        ("mlx", "llama.cpp"),
        ("deepspeed", "deepspeed"),
        ("tgi", "tgi"),
        ("text-generation-inference", "tgi"),
        ("text generation inference", "tgi"),
        ("neuron", "neuron"),
        ("habana", "habana"),
        ("jetstream", "jetstream"),
        ("pytorch", "vendor"),
        ("sambaflow", "vendor"),
        ("openvino", "vendor"),
    ):
        if key in low:
            return name
    return "other"


def harness_of(engine: str) -> str:
    """How the options that are compared are driven: requests of varied lengths, one by one."""
    return "cli" if engine == "llama.cpp" else "serving"


def tuning_of(harness: str) -> str:
    """Whether those who drive a benchmark so tune the engine for it, as operators do."""
    return "tuned" if harness in ("serving", "mlperf") else "default"


def known_features() -> Iterable[str]:
    """Features that labels carry: all that a quantity is grouped by."""
    groups = (feature for q in QUANTITIES.values() for feature, _width in q.groups)
    return dict.fromkeys(part for feature in groups for part in feature.split("*"))
