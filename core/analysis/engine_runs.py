"""Re-runs of the engine at futures drawn together: what every option turns into there.

Load, growth, lengths, cached share and the engine's error at once, since what one does depends on
the others: a plan takes whole servers, the configuration that carries most, and no more load than
the tightest target leaves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis import sobol
from core.analysis.draws import Asked, applied, load_of
from core.analysis.engine_error import at_error
from core.analysis.narrow import Narrow, Ranked
from core.analysis.uncertain_inputs import INDEX, INPUTS
from core.performance.types import Floats
from core.recommendation import Option
from core.venues.study import Study

KEYS = ("load", "growth", "input_tokens", "output_tokens", "prefix_share", "engine")
"""Inputs that the engine and the sizing answer to; all others are prices."""
RUNS = 16
"""Futures in which everything is run again: what fits into a second beside the other loads."""
PLACES = 5
"""Dimensions of the places of a ``Response`` (``places``)."""
LOAD_SCALE = 1.5
"""Of the logarithm of the load beside standard normal values."""


@dataclass(frozen=True)
class Run:
    """Every followed option in one future."""

    z: Floats
    """Standard normal values of ``INPUTS``, shape (inputs,); zero for prices."""
    options: dict[str, Option]
    study: Study | None
    """What they were worked out from."""


def joint_runs(narrow: Narrow, study: Study | None, tell: Callable[[float], None]) -> list[Run]:
    """The stated case first, then ``RUNS`` futures spread evenly over what ``KEYS`` may do.

    ``study`` is one of the stated lengths, at any load: what configurations carry is the same.
    """
    stated = narrow.recommendation
    options = (*stated.options, *stated.rejected)
    found = [
        Run(
            np.zeros(len(INPUTS)),
            {o.id: o for o in options if o.cost is not None},
            study,
        )
    ]
    drawn = sobol.normal_draws(len(KEYS), math.ceil(math.log2(RUNS)), 0)[:RUNS]
    for number, values in enumerate(drawn):
        tell(number / RUNS)
        z = np.zeros(len(INPUTS))
        z[[INDEX[key] for key in KEYS]] = values
        asked_for = applied(stated.assessment, dict(zip(KEYS, values.tolist(), strict=True)))
        error = float(z[INDEX["engine"]])
        changed = at_error(asked_for, narrow.options, narrow.full_catalog, error)
        ranked = narrow.run(changed)
        found.append(Run(z, ranked.by_id(), ranked.study))
    return found


def at_loads(runs: dict[float, Ranked]) -> list[Run]:
    """Runs at other loads (multiples of the stated one) as futures."""
    found = []
    for factor, ranked in runs.items():
        z = np.zeros(len(INPUTS))
        one = np.array([-1.0, 1.0])
        low, high = np.log(load_of(one))
        z[INDEX["load"]] = math.log(factor) / (high if factor > 1.0 else -low)
        found.append(Run(z, ranked.by_id(), ranked.study))
    return found


def places(wanted: Asked, z: Floats, error: Floats) -> Floats:
    """Where futures lie for a ``Response``, shape (futures, 5).

    ``z`` are standard normal values (futures, inputs), ``error`` the option's own (futures,).
    """
    lengths = [z[:, INDEX[key]] for key in ("input_tokens", "output_tokens", "prefix_share")]
    return np.stack([LOAD_SCALE * np.log(wanted.load[:, -1]), *lengths, error], axis=1)


def work_per_request(option: Option, weights: Sequence[float]) -> float | None:
    """Accelerators kept busy by requests per second of each workload (``weights``), at capacity.

    ``None`` where a capacity is not known.
    """
    parts = [
        weight * s.accelerators_per_replica / s.capacity_req_s
        for weight, s in zip(weights, option.servings, strict=False)
        if s.capacity_req_s
    ]
    return math.fsum(parts) if parts and len(parts) == len(weights) else None
