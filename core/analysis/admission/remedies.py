"""Which input answers which hard limit, and the values of it that are worth trying."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from core.analysis.search import ladder
from core.assessment import Assessment, get_value, with_value
from core.assessment.fields import Field, fields_of, readable, shown
from core.facility import colocated
from core.notation import quoted, rounded, with_currency
from core.recommendation import Gate, Option
from core.serving import LATENCY_KEYS
from core.words import _

Raw = float | int | str | bool | tuple[str, ...]
WEEKS_TRIED = 520
NUMBERS = {
    "total_power": "site.total_power_kw",
    "feeds": "site.feed_kva",
    "racks": "site.racks",
    "height": "site.rack_height_u",
    "floor_load": "site.floor_load_kg_m2",
    "edge_power": "site.edge_site_power_kw",
    "capex": "economics.capex_limit",
    "opex": "economics.opex_limit_per_year",
    "skills": "site.team_skill",
}
"""Gate -> the input that is raised."""
STEPS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "residency": ("site.data_residency", ("own_premises", "country", "eu", "none")),
    "air_gap": ("site.air_gapped", (True, False)),
}
"""Gate -> the input that is loosened, strictest first."""
FINANCE = "economics.finance"
FACTS = frozenset(("hardware_grade", "licence"))
"""Gates of what the hardware or the model is: no input answers them, nor does another's change."""
COOLING = ("air", "in_row", "rear_door", "liquid")
PRECISIONS = ("bf16", "fp8", "fp4")


@dataclass(frozen=True)
class Remedy:
    """One input that can be moved to satisfy a limit.

    ``values`` start with where it stands; the limit may hold at a later one. Of a choice they
    are positions in the list of choices, of a date the weeks by which it moves.
    """

    path: str
    field: Field
    values: tuple[float, ...]
    raw: Callable[[float], Raw]
    """One of the values as the assessment holds it."""
    show: Callable[[float], str]
    whole: bool

    def apply(self, assessment: Assessment, value: float) -> Assessment:
        """The assessment with the input at one of the values."""
        return with_value(assessment, self.path, self.raw(value))

    def onward(self, moved: float | None) -> tuple[float, ...]:
        """The values worth trying after one that it was moved to before; all where it was not."""
        if moved is None:
            return self.values
        up = self.values[-1] >= self.values[0]
        return (moved, *(v for v in self.values if (v > moved if up else v < moved)))


@dataclass(frozen=True)
class Step:
    """A change that was found: what it is, its value, and the nearest value that does not do."""

    remedy: Remedy
    value: float
    short: float


def remedies_for(
    gate: Gate, option: Option, assessment: Assessment, currency: str
) -> Iterator[Remedy]:
    """The inputs that may answer a failing gate; none where none does (a licence)."""
    for path, choices in _paths(gate, option, assessment):
        yield _remedy(path, choices, gate, assessment, currency)


def _remedy(
    path: str, choices: tuple[Any, ...] | None, gate: Gate, assessment: Assessment, currency: str
) -> Remedy:
    owner, _dot, key = path.rpartition(".")
    spec = dict(fields_of(get_value(assessment, owner)))[key]
    if owner.startswith("workloads[") and len(assessment.workloads) > 1:
        name = get_value(assessment, owner.removesuffix(".targets")).name
        spec = replace(
            spec, label=_("{label} of {workload}").format(label=spec.label, workload=quoted(name))
        )
    if path == "site.date_needed":
        return _later(spec, assessment)
    if choices is not None:
        return _loosened(path, spec, choices)

    def raw(value: float) -> Raw:
        return round(value) if spec.kind == "int" else value

    now = float(get_value(assessment, path))

    def show(value: float) -> str:
        # what was found holds to its last figure; what was entered has none of a conversion
        told = (readable if value == now else shown)(spec, float(f"{value:.6g}"))
        if not spec.unit:
            return with_currency(currency, told)
        return f"{told} {spec.unit_in(currency, value)}"

    values = tuple(_raised(gate, spec, now))
    return Remedy(path, spec, values, raw, show, whole=spec.kind == "int")


def _loosened(path: str, spec: Field, choices: tuple[Any, ...]) -> Remedy:
    """A choice, from the present one to the loosest."""

    def raw(position: float) -> Raw:
        made: Raw = choices[round(position)]
        return made

    def show(position: float) -> str:
        return quoted(shown(spec, raw(position)))

    positions = tuple(float(n) for n in range(len(choices)))
    return Remedy(path, spec, positions, raw, show, whole=True)


def _paths(
    gate: Gate, option: Option, assessment: Assessment
) -> Iterator[tuple[str, tuple[Any, ...] | None]]:
    """(input, values to try or ``None`` for a number to be raised) for a gate, if any."""
    in_hall = colocated(option)
    if gate.key == "capex" and assessment.economics.finance != "lease":
        # first: it asks for no more money before the start
        yield FINANCE, (assessment.economics.finance, "lease")
    if gate.key == "rack_power":
        yield f"site.{'colocation_rack_kw' if in_hall else 'rack_power_kw'}", None
    elif gate.key in NUMBERS:
        yield NUMBERS[gate.key], None
    elif gate.key == "cooling":
        path = f"site.{'colocation_cooling' if in_hall else 'cooling'}"
        now = get_value(assessment, path)
        yield path, COOLING[COOLING.index(now) :]
    elif gate.key == "venue":
        allowed = assessment.site.venues
        yield "site.venues", (allowed, (*allowed, option.venue))
    elif gate.key in STEPS:
        path, values = STEPS[gate.key]
        yield path, values[values.index(get_value(assessment, path)) :]
    elif gate.key == "lead_time" and assessment.site.date_needed:
        yield "site.date_needed", None
    elif gate.key in LATENCY_KEYS:
        for number in _missing(gate.key, option, assessment):
            yield f"workloads[{number}].targets.{gate.key}_ms", None
    elif gate.key == "memory":
        for number, workload in enumerate(assessment.workloads):
            lowest = workload.lowest_precision
            if lowest != PRECISIONS[-1]:
                path = f"workloads[{number}].lowest_precision"
                yield path, PRECISIONS[PRECISIONS.index(lowest) :]


def _missing(key: str, option: Option, assessment: Assessment) -> Iterator[int]:
    """Workloads whose target of a kind the option misses."""
    missed = {
        s.workload
        for s in option.servings
        for c in s.targets
        if c.key == key and c.status == "fail"
    }
    for number, workload in enumerate(assessment.workloads):
        if workload.name in missed and getattr(workload.targets, f"{key}_ms") is not None:
            yield number


def _raised(gate: Gate, spec: Field, now: float) -> Iterator[float]:
    """The present value, what the gate says is needed, then ever more, up to what is allowed."""
    most = math.inf if spec.maximum is None else spec.maximum
    yield now
    start = now
    if gate.needed is not None and math.isfinite(gate.needed) and gate.needed > now:
        start = rounded(gate.needed, up=True)
        yield min(start, most)
    if now <= 0 and start <= 0:
        yield min(1.0, most)
        start = 1.0
    yield from ladder(start, min(most, start * 64.0))[1:]


def _later(spec: Field, assessment: Assessment) -> Remedy:
    """The date needed, moved by whole weeks."""
    day = date.fromisoformat(assessment.site.date_needed or "")
    most = (date.max - day).days // 7

    def at(weeks: float) -> str:
        return (day + timedelta(weeks=min(round(weeks), most))).isoformat()

    weeks = (0.0, *ladder(1.0, float(WEEKS_TRIED)))
    return Remedy("site.date_needed", spec, weeks, at, at, whole=True)
