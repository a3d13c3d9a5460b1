"""Assessments as files: JSON out, JSON (or a report that carries it) in, checked on the way.

Reading checks form and types, so that what comes in is an ``Assessment`` and nothing else.
Whether its values make sense (``core.assessment.problems``) is asked later: a document saved
with a value still to be corrected must open again.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, TypeVar

from core.assessment import (
    MAX_WORKLOADS,
    SCHEMA_VERSION,
    Assessment,
    Economics,
    LatencyTargets,
    Priorities,
    Project,
    Site,
    Workload,
)
from core.assessment.fields import Field, check, fields_of
from core.interchange import site_parameters
from core.interchange.errors import DocumentError, UnwritableFileError, shown
from core.interchange.files import read_bounded, write_atomic
from core.interchange.migrations import up_to_date
from core.interchange.model_record import as_record, from_records
from core.interchange.schema import schema
from core.interchange.strict_json import MAX_BYTES, decode, parse
from core.notation import local
from core.words import _

FORMAT = "inference-advisor-assessment"
MAX_PDF_BYTES = 200 * 1024 * 1024
MAX_TEXT = 100_000
"""Characters of one text that are read at all; the fields' own limits are far lower."""
MAX_FLAGS = 1000
MODELS = "custom_models"
"""Key of the models brought along; left out where there are none."""
MEASUREMENTS = "own_measurements"
"""Key of the site's own refit; left out where there is none."""

__all__ = [
    "FORMAT",
    "DocumentError",
    "UnwritableFileError",
    "as_document",
    "from_json",
    "from_value",
    "load",
    "save",
    "schema",
    "stored",
    "to_json",
]

_SECTIONS = {"project": Project, "site": Site, "economics": Economics, "priorities": Priorities}
S = TypeVar("S")


# ------------------------------------------------------------------------------ writing


def stored(spec: Field, value: Any, path: str) -> Any:
    """A value as JSON holds it. Raises DocumentError where no reader could take it back."""
    typed = _typed(spec, list(value) if isinstance(value, tuple) else value, path, "")
    return list(typed) if isinstance(typed, tuple) else typed


def _section_out(section: Any, prefix: str) -> dict[str, Any]:
    return {
        key: stored(spec, getattr(section, key), f"{prefix}.{key}")
        for key, spec in fields_of(section)
    }


def as_document(assessment: Assessment) -> dict[str, Any]:
    """The assessment as plain JSON values, every input included, in the wizard's order."""
    workloads = []
    for number, workload in enumerate(assessment.workloads):
        prefix = f"workloads[{number}]"
        targets = _section_out(workload.targets, f"{prefix}.targets")
        workloads.append({**_section_out(workload, prefix), "targets": targets})
    document = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "project": _section_out(assessment.project, "project"),
        "workloads": workloads,
        "site": _section_out(assessment.site, "site"),
        "economics": _section_out(assessment.economics, "economics"),
        "priorities": _section_out(assessment.priorities, "priorities"),
    }
    if assessment.custom_models:
        document[MODELS] = [as_record(model) for model in assessment.custom_models]
    if assessment.own_measurements is not None:
        document[MEASUREMENTS] = site_parameters.as_record(assessment.own_measurements)
    return document


def to_json(assessment: Assessment) -> str:
    """The assessment as a JSON text that ``from_json`` turns back into an equal one.

    Every input is written, defaults too: a later version may have other defaults, and this
    file must still say the same. Raises DocumentError where a value is of a wrong type.
    """
    text = json.dumps(as_document(assessment), ensure_ascii=False, indent=2, allow_nan=False)
    return text + "\n"


def save(assessment: Assessment, path: str | Path) -> None:
    """Write the assessment as JSON, whole or not at all.

    Raises UnwritableFileError (the file is then as it was) or DocumentError.
    """
    write_atomic(Path(path), to_json(assessment))


# ------------------------------------------------------------------------------ reading


def _allowed(spec: Field) -> str:
    """What a field may hold, in the words of the field table's own check."""
    # A value that fits no field; what the check says first is what it allows.
    sentence = check(spec, "\x00" if spec.kind == "choice" else ...)
    # in every language the value stands behind the last semicolon
    return sentence.rpartition(";")[0].rstrip() or _("must be a name")


def _number(spec: Field, value: Any, path: str, file: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DocumentError(
            _("{allowed}; got {shown}").format(allowed=_allowed(spec), shown=shown(value)),
            file=file,
            path=path,
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise DocumentError(
            _("{allowed}, and finite; got {shown}").format(
                allowed=_allowed(spec), shown=shown(value)
            ),
            file=file,
            path=path,
        )
    if spec.kind != "int":
        return number
    if number != math.floor(number):
        raise DocumentError(
            _("must be a whole number; got {shown}").format(shown=shown(value)),
            file=file,
            path=path,
        )
    return int(value)


def _text(spec: Field, value: Any, path: str, file: str) -> str:
    if not isinstance(value, str):
        raise DocumentError(
            _("{allowed}; got {shown}").format(allowed=_allowed(spec), shown=shown(value)),
            file=file,
            path=path,
        )
    if len(value) > MAX_TEXT:
        raise DocumentError(
            _("has {len} characters; at most {max_text} are read").format(
                len=local(f"{len(value):,}"), max_text=local(f"{MAX_TEXT:,}")
            ),
            file=file,
            path=path,
        )
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DocumentError(
            _("holds half a character (an unpaired surrogate), which no file can store"),
            file=file,
            path=path,
        ) from error
    return value


def _typed(spec: Field, value: Any, path: str, file: str) -> Any:
    """A JSON value as the field's own type. Raises DocumentError."""
    if value is None:
        if spec.optional:
            return None
        raise DocumentError(
            _("{allowed}; got null").format(allowed=_allowed(spec)), file=file, path=path
        )
    if spec.kind in ("int", "number", "share"):
        return _number(spec, value, path, file)
    if spec.kind == "bool":
        if isinstance(value, bool):
            return value
        raise DocumentError(
            _("{allowed}; got {shown}").format(allowed=_allowed(spec), shown=shown(value)),
            file=file,
            path=path,
        )
    if spec.kind in ("flags", "hours"):
        if not isinstance(value, list) or len(value) > MAX_FLAGS:
            raise DocumentError(
                _("{allowed}; got {shown}").format(allowed=_allowed(spec), shown=shown(value)),
                file=file,
                path=path,
            )
        if spec.kind == "flags":
            return tuple(_text(spec, item, f"{path}[{n}]", file) for n, item in enumerate(value))
        return tuple(_number(spec, item, f"{path}[{n}]", file) for n, item in enumerate(value))
    return _text(spec, value, path, file)


def _object(value: Any, path: str, file: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DocumentError(
            _("must be an object; got {shown}").format(shown=shown(value)), file=file, path=path
        )
    return value


def _only_known(value: dict[str, Any], known: list[str], path: str, file: str) -> None:
    for key in value:
        if key not in known:
            import difflib

            near = difflib.get_close_matches(key[:100], known, n=2, cutoff=0.6)
            hint = (
                _("; did you mean {names}?").format(names=_(" or ").join(near))
                if near
                else _("; known are {names}").format(names=", ".join(known))
            )
            where = _(" in {path}").format(path=path) if path else ""
            raise DocumentError(
                _("unknown key {shown}{where}{hint}").format(
                    shown=shown(key), where=where, hint=hint
                ),
                file=file,
                path=path,
            )


def _section_in(kind: type[S], value: Any, prefix: str, file: str, extra: str = "") -> S:
    content = _object(value, prefix, file)
    specs = dict(fields_of(kind))
    _only_known(content, [*specs, *([extra] if extra else [])], prefix, file)
    values = {
        key: _typed(specs[key], item, f"{prefix}.{key}", file)
        for key, item in content.items()
        if key in specs
    }
    if extra and extra in content:
        values[extra] = _section_in(LatencyTargets, content[extra], f"{prefix}.{extra}", file)
    return kind(**values)


def _workloads_in(value: Any, file: str) -> tuple[Workload, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_WORKLOADS:
        raise DocumentError(
            _("must be a list of 1 to {max_workloads} workloads; got {shown}").format(
                max_workloads=MAX_WORKLOADS, shown=shown(value)
            ),
            file=file,
            path="workloads",
        )
    return tuple(
        _section_in(Workload, item, f"workloads[{number}]", file, extra="targets")
        for number, item in enumerate(value)
    )


def from_json(text: str, *, file: str = "") -> Assessment:
    """The assessment a JSON text holds; what it leaves out keeps its default.

    The text is not trusted. Raises DocumentError naming ``file``, the field's path, the value
    and what is allowed: for text that is no strict JSON, too large or truncated, repeated or
    unknown keys, wrong types, NaN or infinity, and schemas newer than this program.
    """
    return from_value(parse(text, file), file=file)


def from_value(value: Any, *, file: str = "") -> Assessment:
    """The assessment that parsed JSON holds; errors as ``from_json``."""
    document = _object(value, "", file)
    declared = document.get("format", FORMAT)
    if declared != FORMAT:
        several = declared == "inference-advisor-comparison"
        what = (
            _("these are several assessments, to be compared")
            if several
            else _("this is not an assessment")
        )
        raise DocumentError(
            _("must be '{format}'; got {value}: {what}").format(
                format=FORMAT, value=shown(declared), what=what
            ),
            file=file,
            path="format",
        )
    known = ["format", "schema_version", "workloads", *_SECTIONS, MODELS, MEASUREMENTS]
    if document and not any(key in known for key in document):
        raise DocumentError(_("is JSON, but no assessment"), file=file)
    document = up_to_date(document, file=file)
    _only_known(document, known, "", file)
    parts: dict[str, Any] = {
        name: _section_in(kind, document[name], name, file)
        for name, kind in _SECTIONS.items()
        if name in document
    }
    if "workloads" in document:
        parts["workloads"] = _workloads_in(document["workloads"], file)
    if MODELS in document:
        parts[MODELS] = from_records(document[MODELS], file)
    if document.get(MEASUREMENTS) is not None:
        own = document[MEASUREMENTS]
        parts[MEASUREMENTS] = site_parameters.from_record(own, file, MEASUREMENTS)
    return Assessment(**parts)


def load(path: str | Path) -> Assessment:
    """Read an assessment from a JSON file, or from a PDF report that carries it.

    Raises DocumentError for anything that is not one, and for files that cannot be read.
    """
    place = Path(path)
    data = read_bounded(place, MAX_PDF_BYTES)
    if b"%PDF-" in data[:1024]:
        from core.interchange.pdf_attachment import assessment_json_of

        data = assessment_json_of(data, str(place))
    if len(data) > MAX_BYTES:
        raise DocumentError(
            _("is too large: {len} bytes; at most {max_bytes} are read").format(
                len=local(f"{len(data):,}"), max_bytes=local(f"{MAX_BYTES:,}")
            ),
            file=str(place),
        )
    return from_json(decode(data, str(place)), file=str(place))
