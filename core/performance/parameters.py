"""The engine's fitted quantities and how a row finds its value.

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
from core.performance.own_measurements import TERMS, OwnMeasurements
from core.performance.types import Floats

Labels = Mapping[str, str]
"""Feature name -> value of one row, for example ``{"generation": "hopper", ...}``."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One fitted physical quantity: default, prior width (log space) and its grouping."""

    default: float
    prior_sd: float
    groups: tuple[tuple[str, float], ...] = ()
    """(features joined by ``*``, shrinkage width in log space)."""
    unit: str = "1"
    meaning: str = ""
    low: float = 0.0
    high: float = math.inf
    """A share stays below its bound smoothly: offsets add up in logits there, in logarithms
    elsewhere."""

    def position(self, value: float) -> float:
        """Where a value lies on the line on which offsets add up."""
        if math.isinf(self.high):
            return math.log(value - self.low)
        return math.log(value / (self.high - value))

    def value(self, position: Floats) -> Floats:
        """The value at a position: never beyond the bounds."""
        if math.isinf(self.high):
            return np.asarray(self.low + np.exp(position))
        return np.asarray(self.high / (1.0 + np.exp(-position)))

    def slope(self, value: Floats) -> Floats:
        """d log value / d position."""
        if math.isinf(self.high):
            return np.asarray((value - self.low) / value)
        return np.asarray(1.0 - value / self.high)


_SILICON = (("family", 0.6), ("generation", 0.3))
_STACK = (
    ("engine", 0.25),
    ("age", 0.25),
    ("era", 0.25),
    ("engine*generation", 0.15),
    ("harness", 0.15),
)
_HOST = (("engine", 0.4), ("age", 0.5), ("era", 0.5), ("family", 0.6), ("harness", 0.5))

QUANTITIES: dict[str, Quantity] = {
    "weight_bandwidth": Quantity(
        0.75,
        0.2,
        (*_SILICON, *_STACK, ("precision", 0.15), ("engine*precision", 0.1), ("era*family", 0.2)),
        meaning="share of peak bandwidth reached when weights are read",
        high=1.0,
    ),
    "expert_bandwidth": Quantity(
        0.7,
        0.2,
        (("engine", 0.15), ("engine*generation", 0.1), ("precision", 0.2)),
        meaning="share of peak bandwidth reached when routed experts are read",
        high=1.0,
    ),
    "kv_bandwidth": Quantity(
        0.6,
        0.3,
        (
            *_SILICON,
            *_STACK,
            ("model_type", 0.2),
            ("kv", 0.2),
            ("era*family*attention", 0.35),
            ("era*family", 0.2),
        ),
        meaning="share of peak bandwidth reached when the KV cache is read",
        high=1.0,
    ),
    "prefill_compute": Quantity(
        0.55,
        0.3,
        (
            *_SILICON,
            *_STACK,
            ("precision", 0.3),
            ("model_type", 0.2),
            ("engine*precision", 0.15),
            ("era*family", 0.4),
        ),
        meaning="share of peak FLOP/s reached by linear layers in prefill",
        high=1.0,
    ),
    "decode_compute": Quantity(
        0.45,
        0.3,
        (*_SILICON, *_STACK, ("precision", 0.3), ("model_type", 0.2), ("era*family", 0.4)),
        meaning="share of peak FLOP/s reached by decode batches",
        high=1.0,
    ),
    "attention_compute": Quantity(
        0.3,
        0.4,
        (
            ("family", 0.6),
            ("generation", 0.45),
            ("engine", 0.3),
            ("age", 0.3),
            ("era", 0.3),
            ("model_type", 0.2),
        ),
        meaning="share of 16-bit peak FLOP/s reached by attention",
        high=1.0,
    ),
    "layer_us": Quantity(
        20.0,
        0.5,
        (
            *_SILICON,
            ("engine", 0.4),
            ("age", 0.5),
            ("era", 0.5),
            ("harness", 0.5),
            ("engine*generation", 0.15),
            ("model_type", 0.2),
            ("era*family", 0.3),
        ),
        unit="µs",
        meaning="overhead of one layer in one step",
    ),
    "reduce_us": Quantity(
        8.0,
        0.5,
        (("link", 0.5), ("engine", 0.3), ("age", 0.4), ("era", 0.4), ("family", 0.6)),
        unit="µs",
        meaning="latency of one all-reduce or all-to-all",
    ),
    "link_efficiency": Quantity(
        0.6,
        0.3,
        (("link", 0.3), ("family", 0.6), ("age", 0.3), ("era", 0.3)),
        meaning="share of link bandwidth reached by collectives",
        high=1.0,
    ),
    "expert_kernels": Quantity(
        0.5,
        0.3,
        (("engine", 0.15), ("generation", 0.225), ("precision", 0.15), ("model_type", 0.2)),
        unit="layers",
        meaning="routing and permutation overhead of one expert layer, over a plain layer's",
    ),
    "step_ms": Quantity(
        0.8,
        0.7,
        _HOST,
        unit="ms",
        meaning="scheduling overhead of one step",
    ),
    "sequence_us": Quantity(
        15.0,
        0.7,
        _HOST,
        unit="µs",
        meaning="sampling, detokenising and bookkeeping of one sequence in one step",
    ),
    "half_tokens": Quantity(
        150.0,
        0.6,
        (("family", 0.8), ("model_type", 0.3), ("engine", 0.3)),
        unit="tokens",
        meaning="prefill length at which half the compute efficiency is reached",
    ),
    "interference": Quantity(
        1.0,
        0.3,
        (("engine", 0.15), ("engine*generation", 0.1), ("harness", 0.15)),
        meaning="slow-down of decodes per unit of prefill work mixed into their steps",
    ),
    "prompt_ms": Quantity(
        25.0,
        0.6,
        (("engine", 0.5), ("engine*generation", 0.2), ("harness", 0.2), ("engine*harness", 0.15)),
        unit="ms",
        meaning="fixed part of TTFT: request handling, tokenising, first sampling",
    ),
    "queue_share": Quantity(
        0.15,
        0.6,
        (("engine", 0.4), ("engine*generation", 0.2), ("harness", 0.25), ("engine*harness", 0.2)),
        meaning="prompts of a wave ahead of a new one in closed loop, over the concurrency",
    ),
    "queue_flow": Quantity(
        0.3,
        0.6,
        (("engine", 0.4), ("harness", 0.25), ("engine*harness", 0.2)),
        meaning="the same per share of time that the replica spends on prefill",
    ),
    "queue_power": Quantity(
        0.85,
        0.1,
        (("harness", 0.05), ("engine", 0.07), ("engine*harness", 0.035)),
        meaning="power of the concurrency with which that wait grows",
        high=1.1,
    ),
    "routing_spread": Quantity(
        0.9,
        0.08,
        (("model_type", 0.05),),
        meaning="power of the tokens in a step that counts as independent draws of experts",
        high=1.0,
    ),
    "activation_traffic": Quantity(
        1.0,
        0.4,
        (("engine", 0.3), ("age", 0.3), ("era", 0.3), ("family", 0.4)),
        meaning="intermediate results moved, relative to the counted tensors, at peak bandwidth",
    ),
    "step_wait": Quantity(
        2.0,
        0.5,
        (("engine", 0.4), ("harness", 0.15), ("engine*harness", 0.15)),
        meaning="decode steps a new prompt waits for before it starts",
    ),
    "offline_fill": Quantity(
        0.8,
        0.2,
        (("engine", 0.2), ("age", 0.2), ("era", 0.2), ("harness", 0.2)),
        meaning="mean batch of an offline run as a share of what memory admits",
        high=1.0,
    ),
    "median_itl": Quantity(
        1.0,
        0.15,
        (("engine", 0.1),),
        meaning="median time between tokens over a pure decode step",
    ),
    "slow_step": Quantity(
        1.2,
        0.2,
        (("engine", 0.1), ("generation", 0.15)),
        meaning="99th percentile of a step without prefill over its mean",
    ),
    "slow_prefill": Quantity(
        1.0,
        0.5,
        (("engine", 0.2), ("generation", 0.3)),
        meaning="prefill in the slowest hundredth of steps over what Poisson arrivals bring",
    ),
    "burst_factor": Quantity(
        1.2,
        0.2,
        (("family", 0.3),),
        meaning="TPOT under Poisson arrivals near capacity over TPOT at the mean load",
    ),
    "power_limit": Quantity(
        0.4,
        0.4,
        (),
        meaning="power of a board's power share with which its arithmetic slows down",
        high=1.0,
    ),
    "overlap": Quantity(
        1.5,
        0.3,
        (),
        meaning="gain of pipelining one long prompt over layer-split accelerators",
        low=1.0,
    ),
}
"""The engine's fitted quantities; ``prior_sd`` and the shrinkage widths are in log space."""


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

    def vector(self, labels: Labels) -> Floats:
        """All quantities in the order of ``QUANTITIES``."""
        position = self._positions.copy()
        for feature, table in self._by_feature.items():
            found = table.get(tuple([labels[part] for part in feature]))
            if found is not None:
                position += found
        value = np.where(_BOUNDED, _SCALE / (1.0 + np.exp(-position)), _LOW + np.exp(position))
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
        seen[key] = sorted({*seen.get(key, ()), *values})
    return replace(base, tables={**base.tables, "seen": seen}, own=own)


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
    return accelerator.generation in ("ampere", "hopper", "blackwell", "volta")


def engine_of(text: str) -> str:
    """Group of serving software from a free text such as ``vLLM 0.11.x``.

    ``vendor`` are the hardware makers' own stacks; ``other`` has no fitted offsets, so that an
    engine never measured gets the common values.
    """
    low = text.lower()
    for key, name in (
        ("llama.cpp", "llama.cpp"),  # before "CUDA", which builds of it name
        ("llamacpp", "llama.cpp"),
        ("ollama", "llama.cpp"),
        ("sglang", "sglang"),
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


def known_features() -> Iterable[str]:
    """Features that labels carry: all that a quantity is grouped by."""
    groups = (feature for q in QUANTITIES.values() for feature, _width in q.groups)
    return dict.fromkeys(part for feature in groups for part in feature.split("*"))
