"""The engine's fitted quantities: what each means, its default, and by what it is grouped.

Each has a common value and multiplicative offsets for groups. The widths say how far an offset
may go without evidence. They are those with which sources, models and accelerators that are left
out are predicted best: wide for the family of silicon and for the host's work, which every
benchmark drives in its own way, so that a slow host is not taken for slow accelerators; narrow
where a generation's share of its own peaks differs from its family's, and for what else a new
source does not share. ``tuned`` are runs of those who tune what they run, in the open or for a
round of submissions: left out, one of these sources is told by the other. Only that, not the
single benchmark, tells a layer's overhead: free by benchmark, what one laboratory's few models
need was taken for what every accelerator needs. The power of the hidden
size hardly leaves its prior: free, it grows until large mixtures of experts, which few runs show,
are predicted several times too slow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.performance.types import Floats


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


_SILICON = (("family", 0.6), ("generation", 0.08))
_STACK = (
    ("engine", 0.25),
    ("age", 0.25),
    ("era", 0.25),
    ("engine*generation", 0.08),
    ("harness", 0.1),
)
_DRIVER = (("driver", 0.5), ("driver*precision", 0.5))
_HOST = (("engine", 0.4), ("age", 0.5), ("era", 0.5), ("family", 0.6), ("harness", 1.3))

QUANTITIES: dict[str, Quantity] = {
    "weight_bandwidth": Quantity(
        0.75,
        0.2,
        (
            *_SILICON,
            *_STACK,
            ("precision", 0.15),
            ("engine*precision", 0.1),
            ("era*family", 0.2),
            *_DRIVER,
        ),
        meaning="share of peak bandwidth reached when weights are read",
        high=1.0,
    ),
    "expert_bandwidth": Quantity(
        0.7,
        0.2,
        (("engine", 0.15), ("engine*generation", 0.05), ("precision", 0.2)),
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
            ("driver", 0.3),
        ),
        meaning="share of peak bandwidth reached when the KV cache is read",
        high=1.0,
    ),
    "prefill_compute": Quantity(
        0.55,
        0.3,
        (
            ("family", 0.6),
            ("generation", 0.3),
            ("engine", 0.25),
            ("age", 0.25),
            ("era", 0.25),
            ("engine*generation", 0.15),
            ("harness", 0.15),
            ("precision", 0.3),
            ("model_type", 0.2),
            ("engine*precision", 0.15),
            ("era*family", 0.4),
            *_DRIVER,
        ),
        meaning="share of peak FLOP/s reached by linear layers in prefill",
        high=1.0,
    ),
    "decode_compute": Quantity(
        0.45,
        0.3,
        (
            *_SILICON,
            *_STACK,
            ("precision", 0.3),
            ("model_type", 0.2),
            ("era*family", 0.4),
            ("driver", 0.3),
        ),
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
            *_DRIVER,
        ),
        meaning="share of 16-bit peak FLOP/s reached by attention",
        high=1.0,
    ),
    "decode_attention": Quantity(
        0.1,
        0.5,
        (
            ("family", 0.5),
            ("generation", 0.25),
            ("engine", 0.2),
            ("age", 0.4),
            ("era", 0.4),
            ("era*family", 0.4),
            ("driver", 0.5),
        ),
        meaning="share of 16-bit peak FLOP/s reached by attention in decodes",
        high=1.0,
    ),
    "layer_us": Quantity(
        20.0,
        0.5,
        (
            *_SILICON,
            ("engine", 0.25),
            ("age", 0.5),
            ("era", 0.5),
            ("tuning", 0.25),
            ("engine*generation", 0.05),
            ("model_type", 0.2),
            ("era*family", 0.3),
        ),
        unit="µs",
        meaning="overhead of one layer in one step",
    ),
    "layer_width": Quantity(
        0.5,
        0.1,
        (("engine", 0.1),),
        meaning="power of the hidden size with which a layer's overhead grows",
        high=2.0,
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
        (("engine", 1.0), ("engine*generation", 0.3), ("harness", 0.2), ("engine*harness", 0.15)),
        unit="ms",
        meaning="fixed part of TTFT: request handling, tokenising, first sampling",
    ),
    "queue_share": Quantity(
        0.15,
        0.6,
        (("engine", 1.0), ("engine*generation", 0.4), ("harness", 0.25), ("engine*harness", 0.2)),
        meaning="prompts of a wave ahead of a new one in closed loop, over the concurrency",
    ),
    "queue_flow": Quantity(
        0.3,
        0.6,
        (("engine", 0.8), ("harness", 0.25), ("engine*harness", 0.2)),
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
        (("engine", 0.8), ("harness", 0.15), ("engine*harness", 0.15)),
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
    "slow_launch": Quantity(
        2.0,
        0.4,
        (("engine", 0.2), ("generation", 0.3)),
        meaning="launches added to a step by a prompt in it, over those of a decode step",
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
