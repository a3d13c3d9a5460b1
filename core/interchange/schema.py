"""The document's JSON Schema, generated from the field table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.assessment import (
    MAX_WORKLOADS,
    SCHEMA_VERSION,
    Economics,
    LatencyTargets,
    Priorities,
    Project,
    Site,
    Workload,
)
from core.assessment.fields import Field, default_of, fields_of
from core.hours import HOURS_PER_WEEK
from core.interchange import site_parameters
from core.interchange.model_record import record_schema
from core.language import ENGLISH, speaking


def _described(spec: Field) -> str:
    parts = [spec.help]
    if spec.unit and spec.kind != "share":
        parts.append(f"Unit: {spec.unit}.")
    if spec.kind == "share":
        parts.append("A share: 0.25 means 25 %.")
    if spec.default_source:
        parts.append(f"Default from: {spec.default_source}.")
    if spec.choices_from:
        parts.append(f"An id of the catalog's {spec.choices_from.replace('_', ' ')}.")
    return " ".join(part for part in parts if part)


def _bounds(spec: Field) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    if spec.minimum is not None:
        bounds["exclusiveMinimum" if spec.above_minimum else "minimum"] = spec.minimum
    if spec.maximum is not None:
        bounds["maximum"] = spec.maximum
    return bounds


def _shape(spec: Field, names: frozenset[str]) -> dict[str, Any]:
    ids = sorted(names) or [key for key, _ in spec.choices]
    if spec.kind == "int":
        return {"type": "integer", **_bounds(spec)}
    if spec.kind in ("number", "share"):
        return {"type": "number", **_bounds(spec)}
    if spec.kind == "bool":
        return {"type": "boolean"}
    if spec.kind == "choice":
        return {"type": "string", **({"enum": ids} if ids else {})}
    if spec.kind == "flags":
        return {"type": "array", "items": {"type": "string", "enum": ids}, "minItems": 1}
    if spec.kind == "hours":
        weight = {"type": "number", "minimum": 0}
        exactly = {"minItems": HOURS_PER_WEEK, "maxItems": HOURS_PER_WEEK}
        return {"type": "array", "items": weight, **exactly}
    if spec.kind == "date":
        return {"type": "string", "format": "date"}
    return {"type": "string", "maxLength": 20_000 if spec.kind == "long_text" else 500}


def _property(section: type, key: str, spec: Field, names: frozenset[str]) -> dict[str, Any]:
    shape = _shape(spec, names)
    if spec.optional:
        shape["type"] = [shape["type"], "null"]
        if "enum" in shape:
            shape["enum"] = [*shape["enum"], None]
    default = default_of(section, key)
    return {
        "title": spec.label,
        "description": _described(spec),
        **shape,
        "default": list(default) if isinstance(default, tuple) else default,
    }


def _section(section: type, names: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key: _property(section, key, spec, names.get(spec.choices_from, frozenset()))
            for key, spec in fields_of(section)
        },
    }


def schema(names: Mapping[str, frozenset[str]] | None = None) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of an assessment file.

    ``names`` lists the allowed ids of choices that come from the catalog, by table name;
    without it such a choice is any text. Its descriptions are English in every language.
    """
    with speaking(ENGLISH):
        return _schema(names or {})


def _schema(known: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    workload = _section(Workload, known)
    workload["properties"]["targets"] = _section(LatencyTargets, known)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Inference Advisor assessment",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema_version"],
        "properties": {
            "format": {"const": "inference-advisor-assessment"},
            "schema_version": {"const": SCHEMA_VERSION},
            "project": _section(Project, known),
            "workloads": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_WORKLOADS,
                "items": workload,
            },
            "site": _section(Site, known),
            "economics": _section(Economics, known),
            "priorities": _section(Priorities, known),
            "custom_models": record_schema(),
            "own_measurements": site_parameters.record_schema(),
        },
    }
