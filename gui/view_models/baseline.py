"""What an input is compared with: its default, or what the chosen preset prefilled."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from core.assessment import PRIORITY_PRESETS, WEIGHTS, Assessment, Entry, entries, get_value
from core.assessment.fields import Field, default_of, fields_of
from core.assessment.names import default_name
from core.notation import day, quoted
from core.words import _
from gui.view_models.choices import readable

REGIONAL = ("economics", "site")
"""Sections with inputs that the region fills where they are left open."""


def _dated(origin: Any) -> str:
    """A source with its date."""
    from core.catalog.source_words import source_words  # comes with the catalog

    return ", ".join(part for part in (source_words(origin.source), day(origin.as_of)) if part)


def _workload_baseline(workload: Any, catalog: Any) -> tuple[Any, dict[str, str]]:
    """A default workload with the chosen use case applied, and the sources of what it fills."""
    blank = type(workload)()
    use_case = None if catalog is None else catalog.use_cases.get(workload.use_case)
    if use_case is None or not hasattr(use_case, "provenance"):
        return blank, {}
    from core.presets import apply_use_case, filled_by  # comes with the catalog

    origin = use_case.provenance
    source = _("From the use case {name}; its sources: {source}").format(
        name=quoted(_(use_case.title)),
        source=_dated(origin),
    )
    return apply_use_case(blank, use_case), dict.fromkeys(filled_by(use_case), source)


def other_use_case(workload: Any) -> bool:
    """Whether another than the default use case is chosen."""
    return bool(workload.use_case != default_of(type(workload), "use_case"))


def baseline_of(
    assessment: Assessment, prefix: str, catalog: Any
) -> tuple[dict[str, Any], dict[str, str]]:
    """(default by key, source by key of what a preset fills) of the section at ``prefix``.

    What a source says first, up to the first semicolon, is enough beside the field.
    """
    section = get_value(assessment, prefix)
    plain = {key: default_of(section, key) for key, _field in fields_of(section)}
    if "name" in plain:
        plain["name"] = default_name(section.name)
    if prefix.startswith("workloads"):
        number = int(re.findall(r"\d+", prefix)[0])
        filled, sources = _workload_baseline(assessment.workloads[number], catalog)
        filled = filled.targets if prefix.endswith(".targets") else filled
        section_default = not other_use_case(assessment.workloads[number])
        for key in plain:
            # With the default use case the field table's own defaults count as well.
            untouched = section_default and getattr(section, key) == plain[key]
            if key != "name" and not untouched:
                plain[key] = getattr(filled, key)
        return plain, {} if section_default else sources
    if prefix == "priorities":
        weights = PRIORITY_PRESETS.get(assessment.priorities.preset)
        if weights is not None:
            plain.update(zip(WEIGHTS, weights, strict=True))
    return plain, {}


def stand_ins(assessment: Assessment, catalog: Any) -> dict[str, str]:
    """Path of each input left open that the region fills: the value used, and its source.

    As of a preset's, the first part is enough beside the field.
    """
    if catalog is None or not hasattr(catalog, "per_usd"):
        return {}
    from core.venues.left_open import left_open  # comes with the catalog

    currency = str(assessment.economics.currency)
    at_home = catalog.regions.get(assessment.site.region)
    region = "" if at_home is None else _(at_home.name)
    fields = {
        f"{prefix}.{key}": field
        for prefix in REGIONAL
        for key, field in fields_of(get_value(assessment, prefix))
    }
    found = {}
    for path, (value, origin) in left_open(assessment, catalog).items():
        source = _dated(origin)
        field = fields[path]
        text = readable(field, round(value, field.decimals), catalog, currency)
        found[path] = _(
            "Left blank: {value} is used, the estimate for the region ({region}); {source}"
        ).format(value=text, region=region, source=source)
    return found


def differs(value: Any, default: Any) -> bool:
    """Whether a value is another than its default (unknown is not zero)."""
    return bool(value != default or (value is None) != (default is None))


def marked(field: Field, value: Any, default: Any) -> bool:
    """Whether to mark a value as changed: a name where there was none is what is asked for."""
    blank = field.kind in ("text", "long_text") and default == ""
    return differs(value, default) and not blank


def entries_with_baseline(assessment: Assessment, catalog: Any) -> list[tuple[Entry, str]]:
    """Every input with what it is compared with as its default, and that default's source."""
    known: dict[str, tuple[dict[str, Any], dict[str, str]]] = {}
    filled = stand_ins(assessment, catalog)
    found = []
    for item in entries(assessment):
        prefix, _dot, key = item.path.rpartition(".")
        if prefix not in known:
            known[prefix] = baseline_of(assessment, prefix, catalog)
        defaults, sources = known[prefix]
        source = sources.get(key) or filled.get(item.path, item.field.default_source)
        found.append((dataclasses.replace(item, default=defaults[key]), source))
    return found


def weights_preset(assessment: Assessment) -> str:
    """The preset whose weights these are, or ``own``."""
    weights = tuple(getattr(assessment.priorities, key) for key in WEIGHTS)
    return next((name for name, these in PRIORITY_PRESETS.items() if these == weights), "own")
