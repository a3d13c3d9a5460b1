"""Refitted site parameters as JSON: alone, as ``calibrate`` writes them, or in an assessment.

Checked on the way in like every document from outside: a wrong factor would silently change
every prediction.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.interchange.errors import DocumentError, shown
from core.interchange.files import read_bounded, write_atomic
from core.interchange.strict_json import MAX_BYTES, decode, parse
from core.performance.own_measurements import TERMS, FamilyErrors, OwnMeasurements, SiteTerm
from core.words import _

if TYPE_CHECKING:
    from core.performance import parameters as par  # heavy: an assessment is read without it

FORMAT = "inference-advisor-site-parameters"
VERSION = 1
FACTORS = (0.02, 50.0)
"""No refit of the shrunk terms leaves this range; what does was written by something else."""
MOST_ENTRIES = 5000
"""Of one list; the published runs, more than any site has, name 341 configurations."""
MOST_TEXT = 400
MOST_KINDS = 50


def as_record(own: OwnMeasurements) -> dict[str, Any]:
    """The refit as plain JSON values."""
    record = dataclasses.asdict(own) | {"seen": {k: list(v) for k, v in own.seen}}
    return {"format": FORMAT, "version": VERSION, **record}


def to_json(own: OwnMeasurements) -> str:
    """The file's text."""
    return json.dumps(as_record(own), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def from_json(text: str, file: str = "") -> OwnMeasurements:
    """Own measurements from the file's text. Raises DocumentError naming field and value."""
    return from_record(parse(text, file), file)


def from_record(value: Any, file: str = "", path: str = "") -> OwnMeasurements:
    """Own measurements from the JSON value at ``path`` of a document. Raises DocumentError."""
    read = _Reader(file, path)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        found = value.get("format") if isinstance(value, dict) else value
        raise DocumentError(
            _("holds no site parameters: format must be '{format}'; got {shown}").format(
                format=FORMAT, shown=shown(found)
            ),
            file=file,
            path=path,
        )
    if value.get("version") != VERSION:
        raise read.failure(
            "",
            "version",
            _("must be {version}; got {shown}").format(
                version=VERSION, shown=shown(value.get("version"))
            ),
        )
    terms = tuple(
        SiteTerm(
            read.choice(item, f"terms[{n}]", "term", TERMS),
            read.text(item, f"terms[{n}]", "engine"),
            read.text(item, f"terms[{n}]", "generation"),
            read.number(item, f"terms[{n}]", "factor", *FACTORS),
            read.count(item, f"terms[{n}]", "values"),
        )
        for n, item in enumerate(read.items(value, "terms"))
    )
    errors = tuple(
        FamilyErrors(
            read.text(item, f"errors[{n}]", "family"),
            read.count(item, f"errors[{n}]", "values"),
            *(
                read.number(item, f"errors[{n}]", key, 0.0, math.inf)
                for key in ("before", "after", "held_out")
            ),
        )
        for n, item in enumerate(read.items(value, "errors"))
    )
    seen = value.get("seen")
    if not isinstance(seen, dict):
        raise read.failure(
            "", "seen", _("must be an object; got {shown}").format(shown=shown(seen))
        )
    if len(seen) > MOST_KINDS:
        raise read.failure(
            "",
            "seen",
            _("must have at most {most_kinds} lists; got {shown}").format(
                most_kinds=MOST_KINDS, shown=shown(seen)
            ),
        )
    return OwnMeasurements(
        file=read.text(value, "", "file"),
        date=read.text(value, "", "date", r"\d{4}-\d\d-\d\d", "a date like 2026-11-24"),
        data_sha256=read.text(value, "", "data_sha256", "[0-9a-f]{64}", "64 hex digits"),
        base_sha256=read.text(value, "", "base_sha256", "[0-9a-f]{64}", "64 hex digits"),
        values=read.count(value, "", "values"),
        configurations=read.count(value, "", "configurations"),
        terms=terms,
        errors=errors,
        seen=tuple((str(key), read.names(seen, "seen", str(key))) for key in sorted(seen)),
    )


def record_schema() -> dict[str, Any]:
    """JSON Schema of a refit."""
    text = {"type": "string", "maxLength": MOST_TEXT}
    count = {"type": "integer", "minimum": 0}
    share = {"type": "number", "minimum": 0}
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    low, high = FACTORS
    return _object_of(
        {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "file": text,
            "date": {"type": "string", "format": "date"},
            "data_sha256": digest,
            "base_sha256": digest,
            "values": count,
            "configurations": count,
            "terms": _list_of(
                _object_of(
                    {
                        "term": {"type": "string", "enum": [*TERMS]},
                        "engine": text,
                        "generation": text,
                        "factor": {"type": "number", "minimum": low, "maximum": high},
                        "values": count,
                    }
                )
            ),
            "errors": _list_of(
                _object_of(
                    {
                        "family": text,
                        "values": count,
                        "before": share,
                        "after": share,
                        "held_out": share,
                    }
                )
            ),
            "seen": {
                "type": "object",
                "maxProperties": MOST_KINDS,
                "additionalProperties": _list_of(text),
            },
        }
    ) | {
        "title": "Own measurements",
        "description": "The site's refit of the performance engine, as `calibrate` writes it.",
    }


def _object_of(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "maxItems": MOST_ENTRIES, "items": items}


def save(own: OwnMeasurements, path: Path) -> None:
    """Write the file whole or not at all. Raises UnwritableFileError."""
    write_atomic(path, to_json(own))


def load(path: Path, base: par.Parameters | None = None) -> OwnMeasurements:
    """Read a file for use on top of ``base`` (the shipped parameters).

    Raises DocumentError, also where the file was made for other parameters: its factors say how
    the site differs from those, and mean nothing on top of these.
    """
    file = str(path)
    from core.performance import parameters as par

    own = from_json(decode(read_bounded(path, MAX_BYTES), file), file)
    digest = (base or par.shipped()).digest
    if own.base_sha256 != digest:
        raise DocumentError(
            _(
                "was made on {date} for other shipped parameters ({own}; this version has "
                "{digest}); run `inference-assess calibrate` on {shown} again"
            ).format(
                date=own.date, own=own.base_sha256[:12], digest=digest[:12], shown=shown(own.file)
            ),
            file=file,
            path="base_sha256",
        )
    return own


@dataclasses.dataclass(frozen=True)
class _Reader:
    """Checked values of a document; every error names the file and the field."""

    file: str
    prefix: str = ""

    def failure(self, place: str, key: str, reason: str) -> DocumentError:
        """What is wrong with the value of ``key`` in ``place``."""
        path = ".".join(part for part in (self.prefix, place, key) if part)
        return DocumentError(reason, file=self.file, path=path)

    def items(self, holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = holder.get(key)
        if not isinstance(value, list) or len(value) > MOST_ENTRIES:
            raise self.failure("", key, _("must be a list; got {shown}").format(shown=shown(value)))
        for n, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.failure(
                    "", f"{key}[{n}]", _("must be an object; got {shown}").format(shown=shown(item))
                )
        return value

    def text(
        self, holder: dict[str, Any], place: str, key: str, form: str = ".*", words: str = "a text"
    ) -> str:
        value = holder.get(key)
        if not isinstance(value, str) or len(value) > MOST_TEXT or not re.fullmatch(form, value):
            raise self.failure(
                place,
                key,
                _("must be {words}; got {shown}").format(words=words, shown=shown(value)),
            )
        return value

    def choice(self, holder: dict[str, Any], place: str, key: str, allowed: Any) -> str:
        value = self.text(holder, place, key)
        if value not in allowed:
            known = ", ".join(allowed)
            raise self.failure(
                place,
                key,
                _("must be one of {known}; got {shown}").format(known=known, shown=shown(value)),
            )
        return value

    def number(
        self, holder: dict[str, Any], place: str, key: str, low: float, high: float
    ) -> float:
        value = holder.get(key)
        found = math.nan
        if isinstance(value, int | float) and not isinstance(value, bool):
            with suppress(OverflowError):  # a whole number of hundreds of digits
                found = float(value)
        if not low <= found <= high or math.isinf(found):
            most = "" if math.isinf(high) else _(" and at most {high:g}").format(high=high)
            raise self.failure(
                place,
                key,
                _("must be a number of at least {low:g}{most}; got {shown}").format(
                    low=low, most=most, shown=shown(value)
                ),
            )
        return found

    def count(self, holder: dict[str, Any], place: str, key: str) -> int:
        value = holder.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.failure(
                place,
                key,
                _("must be a whole number from 0; got {shown}").format(shown=shown(value)),
            )
        return value

    def names(self, holder: dict[str, Any], place: str, key: str) -> tuple[str, ...]:
        value = holder.get(key)
        if (
            not isinstance(value, list)
            or len(value) > MOST_ENTRIES
            or not all(isinstance(item, str) and len(item) <= MOST_TEXT for item in value)
        ):
            raise self.failure(
                place, key, _("must be a list of texts; got {shown}").format(shown=shown(value))
            )
        return tuple(value)
