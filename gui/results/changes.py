"""From a limit that binds to the input that would lift it: changes offered as buttons."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.assessment import Assessment, entries, get_value, with_value
from core.assessment.fields import check, shown
from core.decision.money_gates import leasing_keeps
from core.notation import quoted, rounded
from core.recommendation import Gate, Option, SmallestChange
from core.words import _
from gui.results import texts

CAPEX_LIMIT, FINANCE = "economics.capex_limit", "economics.finance"
_LIMITS = {
    "rack_power": "site.rack_power_kw",
    "total_power": "site.total_power_kw",
    "feeds": "site.feed_kva",
    "racks": "site.racks",
    "height": "site.rack_height_u",
    "floor_load": "site.floor_load_kg_m2",
    "edge_power": "site.edge_site_power_kw",
    "skills": "site.team_skill",
    "capex": CAPEX_LIMIT,
    "opex": "economics.opex_limit_per_year",
}
_TARGETS = {"ttft": "ttft_ms", "tpot": "tpot_ms", "e2e": "e2e_ms", "answer_ttft": "answer_ttft_ms"}


@dataclass(frozen=True, slots=True)
class Change:
    """One input set to the value that a limit needs."""

    path: str
    value: Any
    text: str
    """For example ``Power per rack: 12 → 21 kW``."""


def change_for(gate: Gate, option: Option, assessment: Assessment) -> Change | None:
    """The edit of one input that lifts a failing limit; ``None`` where no single input does."""
    path, value = _target_of(gate, option, assessment)
    if path is None:
        return None
    entry = next((e for e in entries(assessment) if e.path == path), None)
    if entry is None or check(entry.field, value) or get_value(assessment, path) == value:
        return None
    before, after = shown(entry.field, entry.value), shown(entry.field, value)
    if entry.field.kind == "flags":
        text = _("{field}: add {value}").format(field=entry.field.label, value=option.venue_label)
    else:
        unit = entry.field.unit_in(assessment.economics.currency, value)
        text = f"{entry.field.label}: {before} → {after} {unit}".rstrip()
    return Change(path, value, text)


def changes_for(option: Option, assessment: Assessment) -> tuple[Change, ...]:
    """The edits for every limit an option breaks, where an input can lift it."""
    found = (change_for(gate, option, assessment) for gate in texts.failed_gates(option))
    return tuple(dict.fromkeys(change for change in found if change is not None))


def leased(option: Option, assessment: Assessment) -> Change | None:
    """Leasing, where that keeps the limit on up-front spending; ``None`` where it does not."""
    if assessment.economics.finance == "lease" or not any(
        gate.key == "capex" and leasing_keeps(gate, option) for gate in texts.failed_gates(option)
    ):
        return None
    entry = next(e for e in entries(assessment) if e.path == FINANCE)
    before, after = (quoted(shown(entry.field, value)) for value in (entry.value, "lease"))
    return Change(FINANCE, "lease", f"{entry.field.label}: {before} → {after}")


def limit_ways(option: Option, assessment: Assessment) -> Iterator[tuple[Change, ...]]:
    """What each limit takes by itself: all of it together, where that is known, then one by one.

    With leasing before a higher limit on up-front spending.
    """
    changes, instead = changes_for(option, assessment), leased(option, assessment)
    others = tuple(c for c in changes if c.path != CAPEX_LIMIT)
    if others and all(change_for(g, option, assessment) for g in texts.failed_gates(option)):
        if instead is not None:
            yield (*others, instead)
        if len(changes) > 1:
            yield changes
    if instead is not None:
        yield (instead,)
    yield from ((change,) for change in changes)


def searched_ways(found: SmallestChange) -> tuple[tuple[Change, ...], ...]:
    """The ways to admit an option that the analysis searched; the edits of each go together."""
    return tuple(
        tuple(Change(c.path, c.value, f"{c.label}: {c.current} → {c.needed}") for c in way)
        for way in (found.changes, *found.other_ways)
        if way
    )


def applied(changes: tuple[Change, ...], assessment: Assessment) -> Assessment:
    """The assessment with all the changes."""
    for change in changes:
        assessment = with_value(assessment, change.path, change.value)
    return assessment


def _target_of(gate: Gate, option: Option, assessment: Assessment) -> tuple[str | None, Any]:
    if gate.key == "venue":
        return "site.venues", (*assessment.site.venues, option.venue)
    if gate.key == "air_gap":
        return "site.air_gapped", False
    if gate.needed is None or not math.isfinite(gate.needed):
        return None, None
    if gate.key == "availability":
        # The limit is a lowest value here: what the option reaches, rounded down.
        return "site.availability", math.floor(gate.needed * 1e5) / 1e5
    if gate.key in _TARGETS:
        path = _workload_path(gate, option, assessment)
    elif gate.key == "rack_power" and option.venue == "colocation":
        path = "site.colocation_rack_kw"
    else:
        path = _LIMITS.get(gate.key)
    if path is None:
        return None, None
    field = next(e.field for e in entries(assessment) if e.path == path)
    if field.kind == "int":
        return path, math.ceil(gate.needed - 1e-9)
    return path, rounded(gate.needed, up=True)


def _workload_path(gate: Gate, option: Option, assessment: Assessment) -> str | None:
    """Which workload's target it is: the one with this prediction against this limit."""
    names = [workload.name for workload in assessment.workloads]
    for serving in option.servings:
        for item in serving.targets:
            same = item.key == gate.key and item.limit_ms == gate.limit
            got = item.predicted_ms
            if same and got is not None and got.base == gate.needed and serving.workload in names:
                number = names.index(serving.workload)
                return f"workloads[{number}].targets.{_TARGETS[gate.key]}"
    return None
