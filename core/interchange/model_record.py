"""A model the user brought, as JSON inside an assessment: every field checked on the way in."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from core.assessment import MAX_CUSTOM_MODELS
from core.catalog.types import Licence, Model, Provenance
from core.interchange.errors import DocumentError, shown
from core.notation import local
from core.words import _

CUSTOM = "custom/"
"""How the id of every such model starts, so that it never stands for one of the catalog."""
MOST = 1e9
_TEXT = 2000
_RANGES: dict[str, tuple[float, float]] = {
    "total_params_b": (0.001, 1e5),
    "active_params_b": (0.001, 1e5),
    "layers": (1, 1000),
    "hidden": (1, 1e6),
    "heads": (1, 1e5),
    "kv_heads": (1, 1e5),
    "head_dim": (1, 1e5),
    "n_experts": (0, 1e5),
    "top_k": (0, 1e5),
    "dense_layers": (0, 1000),
    "vocab": (1, 1e8),
    "full_attn_layers": (0, 1000),
    "swa_layers": (0, 1000),
    "linear_layers": (0, 1000),
    "max_context": (128, 1e9),
}
"""What a count may be where it is not simply 0 to 1,000,000,000."""
_ENUMS = {
    "confidence": ("high", "medium", "low"),
    "commercial_use": ("yes", "conditional", "no"),
}
Origin = tuple[str, str]
"""(path, file) of what is being read."""


def as_record(model: Model) -> dict[str, Any]:
    """The model as plain JSON values, every field included. Raises DocumentError if unusable."""
    record = dataclasses.asdict(model)
    if _model(record, ("custom_models", "")) != model:
        raise DocumentError(
            _("holds values of a wrong type"), path=f"custom_models: {model.id[:60]}"
        )
    return record


def from_records(value: Any, file: str = "") -> tuple[Model, ...]:
    """The models a document brings along. Raises DocumentError naming field and value."""
    path = "custom_models"
    if not isinstance(value, list) or len(value) > MAX_CUSTOM_MODELS:
        raise DocumentError(
            _("must be a list of at most {max_custom_models} models; got {shown}").format(
                max_custom_models=MAX_CUSTOM_MODELS, shown=shown(value)
            ),
            file=file,
            path=path,
        )
    models = tuple(_model(item, (f"{path}[{n}]", file)) for n, item in enumerate(value))
    ids = [model.id for model in models]
    twice = next((key for n, key in enumerate(ids) if key in ids[:n]), None)
    if twice is not None:
        raise DocumentError(_("has {shown} twice").format(shown=shown(twice)), file=file, path=path)
    return models


def record_schema() -> dict[str, Any]:
    """JSON Schema of the list of models."""
    shapes: dict[str, Any] = {}
    for item in dataclasses.fields(Model):
        kind = str(item.type)
        if kind in ("int", "float"):
            low, high = _RANGES.get(item.name, (0, MOST))
            shapes[item.name] = {
                "type": "integer" if kind == "int" else "number",
                "minimum": low,
                "maximum": high,
            }
        elif kind == "int | None":
            shapes[item.name] = {"type": ["integer", "null"], "minimum": 0, "maximum": MOST}
        elif kind == "bool":
            shapes[item.name] = {"type": "boolean"}
        elif kind == "str":
            shapes[item.name] = {"type": "string", "maxLength": _TEXT}
        else:
            shapes[item.name] = {"type": ["object", "null"] if "None" in kind else "object"}
    shapes["id"]["pattern"] = f"^{CUSTOM}."
    required = [f.name for f in dataclasses.fields(Model) if f.default is dataclasses.MISSING]
    return {
        "title": "Own models",
        "description": "Models that the catalog does not have, with their shape.",
        "type": "array",
        "maxItems": MAX_CUSTOM_MODELS,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": required,
            "properties": shapes,
        },
    }


def _fail(origin: Origin, key: str, reason: str) -> DocumentError:
    path, file = origin
    return DocumentError(reason, file=file, path=f"{path}.{key}" if key else path)


def _model(value: Any, origin: Origin) -> Model:
    values = _fields(Model, value, origin)
    if not values["id"].startswith(CUSTOM) or len(values["id"]) == len(CUSTOM):
        raise _fail(
            origin,
            "id",
            _("must start with '{custom}'; got {shown}").format(
                custom=CUSTOM, shown=shown(values["id"])
            ),
        )
    model = Model(**values)
    for key in ("dense_layers", "full_attn_layers", "swa_layers", "linear_layers"):
        if getattr(model, key) > model.layers:
            raise _fail(
                origin, key, _("must be at most the {layers} layers").format(layers=model.layers)
            )
    if model.active_params_b > model.total_params_b:
        raise _fail(origin, "active_params_b", _("must be at most total_params_b"))
    if model.top_k > model.n_experts:
        raise _fail(origin, "top_k", _("must be at most n_experts"))
    if model.n_experts and not model.top_k > 0:
        raise _fail(origin, "top_k", _("must be above 0 where there are experts"))
    if model.kv_elems_per_token_full + model.kv_elems_per_token_window <= 0:
        raise _fail(origin, "kv_elems_per_token_full", _("must be above 0: no attention layer"))
    return model


def _fields(kind: type, value: Any, origin: Origin) -> dict[str, Any]:
    """The constructor's arguments of a record. Raises DocumentError."""
    path, file = origin
    if not isinstance(value, dict):
        raise DocumentError(
            _("must be an object; got {shown}").format(shown=shown(value)), file=file, path=path
        )
    known = {item.name: item for item in dataclasses.fields(kind)}
    for key in value:
        if key not in known:
            raise _fail(origin, "", _("unknown key {shown}").format(shown=shown(key)))
    found: dict[str, Any] = {}
    for name, item in known.items():
        if name in value:
            found[name] = _typed(name, str(item.type), value[name], origin)
        elif item.default is dataclasses.MISSING:
            raise _fail(origin, name, _("must be given"))
    return found


def _typed(name: str, kind: str, value: Any, origin: Origin) -> Any:
    path, file = origin
    if kind == "int | None":
        return None if value is None else _typed(name, "int", value, origin)
    if kind in ("int", "float"):
        low, high = _RANGES.get(name, (0, MOST))
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not math.isfinite(value) or not low <= value <= high:
            raise _fail(
                origin,
                name,
                _("must be a number from {low:g} to {high:g}; got {shown}").format(
                    low=low, high=high, shown=shown(value)
                ),
            )
        if kind == "float":
            return float(value)
        if value != int(value):
            raise _fail(
                origin, name, _("must be a whole number; got {shown}").format(shown=shown(value))
            )
        return int(value)
    if kind == "bool":
        if not isinstance(value, bool):
            raise _fail(
                origin, name, _("must be true or false; got {shown}").format(shown=shown(value))
            )
        return value
    if kind.startswith("Licence"):
        place = (f"{path}.{name}", file)
        return None if value is None else Licence(**_fields(Licence, value, place))
    if kind == "Provenance":
        return Provenance(**_fields(Provenance, value, (f"{path}.{name}", file)))
    if not isinstance(value, str) or len(value) > _TEXT:
        raise _fail(
            origin,
            name,
            _("must be text of at most {text} characters; got {shown}").format(
                text=local(f"{_TEXT:,}"), shown=shown(value)
            ),
        )
    if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        raise _fail(origin, name, _("holds half a character (an unpaired surrogate)"))
    if name in _ENUMS and value not in _ENUMS[name]:
        raise _fail(
            origin,
            name,
            _("must be one of {join}; got {shown}").format(
                join=", ".join(_ENUMS[name]), shown=shown(value)
            ),
        )
    return value
