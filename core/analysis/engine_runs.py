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
from core.analysis.draws import Asked, applied, cached_of, load_of
from core.analysis.engine_error import at_error, spread
from core.analysis.narrow import Narrow, Ranked
from core.analysis.uncertain_inputs import INDEX, INPUTS
from core.assessment import Assessment
from core.candidates import Candidates, evaluate, key_of
from core.performance import parameters as par
from core.performance.types import Floats
from core.recommendation import Option
from core.venues.demand import demands_of
from core.venues.study import Study

KEYS = ("load", "growth", "input_tokens", "output_tokens", "prefix_share", "engine")
"""Inputs that the engine and the sizing answer to; all others are prices."""
RUNS = 10
"""Futures in which everything is run again: what fits into a second beside the other loads."""
ASKED = 30
"""Futures in which at least the configurations that these runs take are computed again: what they
carry decides most, and alone takes a fifth of the time."""
PLACES = 6
"""Dimensions of the places of a ``Response`` (``places``)."""
LOAD_SCALE, LENGTH_SCALE, CACHE_SCALE = 1.5, 4.5, 8.5
"""Of logarithms of load and lengths, and of a share of prompts, so that what is drawn of each
spreads about as far: a standard deviation is about one."""


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
    for number, z in enumerate(_drawn()[:RUNS]):
        tell(number / RUNS)
        ranked = narrow.run(_changed(narrow, z))
        found.append(Run(z, ranked.by_id(), ranked.study))
    return found


def _drawn() -> list[Floats]:
    """Futures spread evenly over what ``KEYS`` may do, standard normal values of ``INPUTS``."""
    values = sobol.normal_draws(len(KEYS), math.ceil(math.log2(ASKED)), 0)[:ASKED]
    z = np.zeros((ASKED, len(INPUTS)))
    z[:, [INDEX[key] for key in KEYS]] = values
    return list(z)


def _changed(narrow: Narrow, z: Floats) -> Assessment:
    values = {key: float(z[INDEX[key]]) for key in KEYS}
    asked_for = applied(narrow.recommendation.assessment, values)
    return at_error(asked_for, narrow.options, narrow.full_catalog, values["engine"])


@dataclass(frozen=True)
class CarryingRun:
    """What some configurations carry in one future."""

    z: Floats
    candidates: tuple[Candidates, ...]
    """Of each workload, those configurations alone."""


def carrying_runs(
    narrow: Narrow, runs: Sequence[Run], tell: Callable[[float], None]
) -> list[CarryingRun]:
    """The configurations that any of ``runs`` takes, in further futures."""
    study = runs[0].study
    if study is None:
        return []
    rows: list[set[int]] = [set() for _candidates in study.candidates]
    distances: set[float] = set()
    for run in runs:
        for option in (o for key in narrow.options if (o := run.options.get(key.id))):
            for number, serving in enumerate(option.servings):
                workload = number % len(rows)
                candidates = study.candidates[workload]
                row = candidates.row_of(serving.accelerator_id, key_of(serving))
                if row is not None:
                    rows[workload].add(row)
                    distances.add(candidates.near(distance_ms(option, study)).rtt_ms)
    if not all(rows):
        return []
    found = []
    drawn = _drawn()[RUNS:]
    for number, z in enumerate(drawn):
        tell(number / len(drawn))
        assessment = _changed(narrow, z)
        catalog = narrow.full_catalog
        with par.use(par.with_own(assessment.own_measurements)):
            demands = demands_of(assessment, catalog.models, catalog.traffic_shapes)
            carried = tuple(
                evaluate(demand, known.table.take(np.array(sorted(wanted))), sorted(distances))
                for demand, known, wanted in zip(demands, study.candidates, rows, strict=True)
            )
        found.append(CarryingRun(z, carried))
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


def distance_ms(option: Option, study: Study) -> float:
    """Network round trip to an option."""
    return option.place.rtt_ms or study.near_rtt_ms


def places(wanted: Asked, error: Floats, grade: str, cached: float) -> Floats:
    """Where futures lie for a ``Response``, shape (futures, ``PLACES``).

    By what is asked for and what the engine does, not by the standard normal values behind it: a
    split normal has a bend at its middle, and a share of prompts ends at none. ``error`` is the
    option's own, standard normal (futures,), by the evidence ``grade`` of its predictions;
    ``cached`` the stated share of prompts found in the cache.
    """
    what = [
        LOAD_SCALE * np.log(wanted.load[:, -1]),
        LENGTH_SCALE * np.log(wanted.input_tokens),
        LENGTH_SCALE * np.log(wanted.output_tokens),
        CACHE_SCALE * (cached_of(wanted.cache_z, cached) - cached),
    ]
    return np.stack([*what, *spread(grade, error)], axis=1)


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
