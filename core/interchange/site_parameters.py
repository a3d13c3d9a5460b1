"""Refitted site parameters as a file: what ``calibrate`` writes and ``run`` reads.

JSON, checked on the way in like every document from outside: a wrong factor would silently
change every prediction.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Any

from core.interchange.errors import DocumentError, shown
from core.interchange.files import read_bounded, write_atomic
from core.interchange.strict_json import MAX_BYTES, decode, parse
from core.performance import parameters as par
from core.performance.own_measurements import TERMS, FamilyErrors, OwnMeasurements, SiteTerm

FORMAT = "inference-advisor-site-parameters"
VERSION = 1
FACTORS = (0.02, 50.0)
"""No refit of the shrunk terms leaves this range; what does was written by something else."""
MOST_ENTRIES = 100_000


def to_json(own: OwnMeasurements) -> str:
    """The file's text."""
    record = dataclasses.asdict(own) | {"seen": {k: list(v) for k, v in own.seen}}
    content = {"format": FORMAT, "version": VERSION, **record}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def from_json(text: str, file: str = "") -> OwnMeasurements:
    """Own measurements from the file's text. Raises DocumentError naming field and value."""
    value = parse(text, file)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        found = value.get("format") if isinstance(value, dict) else value
        raise DocumentError(
            f"holds no site parameters: format must be '{FORMAT}'; got {shown(found)}", file=file
        )
    if value.get("version") != VERSION:
        raise DocumentError(
            f"must be {VERSION}; got {shown(value.get('version'))}", file=file, path="version"
        )
    read = _Reader(file)
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
        raise DocumentError(f"must be an object; got {shown(seen)}", file=file, path="seen")
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


def save(own: OwnMeasurements, path: Path) -> None:
    """Write the file whole or not at all. Raises UnwritableFileError."""
    write_atomic(path, to_json(own))


def load(path: Path, base: par.Parameters | None = None) -> OwnMeasurements:
    """Read a file for use on top of ``base`` (the shipped parameters).

    Raises DocumentError, also where the file was made for other parameters: its factors say how
    the site differs from those, and mean nothing on top of these.
    """
    file = str(path)
    own = from_json(decode(read_bounded(path, MAX_BYTES), file), file)
    digest = (base or par.shipped()).digest
    if own.base_sha256 != digest:
        raise DocumentError(
            f"was made on {own.date} for other shipped parameters ({own.base_sha256[:12]}; this "
            f"version has {digest[:12]}); run `inference-assess calibrate` on "
            f"{shown(own.file)} again",
            file=file,
            path="base_sha256",
        )
    return own


@dataclasses.dataclass(frozen=True)
class _Reader:
    """Checked values of a document; every error names the file and the field."""

    file: str

    def _fail(self, place: str, key: str, reason: str) -> DocumentError:
        return DocumentError(reason, file=self.file, path=f"{place}.{key}" if place else key)

    def items(self, holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = holder.get(key)
        if not isinstance(value, list) or len(value) > MOST_ENTRIES:
            raise self._fail("", key, f"must be a list; got {shown(value)}")
        for n, item in enumerate(value):
            if not isinstance(item, dict):
                raise self._fail("", f"{key}[{n}]", f"must be an object; got {shown(item)}")
        return value

    def text(
        self, holder: dict[str, Any], place: str, key: str, form: str = ".*", words: str = "a text"
    ) -> str:
        value = holder.get(key)
        if not isinstance(value, str) or len(value) > 400 or not re.fullmatch(form, value):
            raise self._fail(place, key, f"must be {words}; got {shown(value)}")
        return value

    def choice(self, holder: dict[str, Any], place: str, key: str, allowed: Any) -> str:
        value = self.text(holder, place, key)
        if value not in allowed:
            raise self._fail(place, key, f"must be one of {', '.join(allowed)}; got {shown(value)}")
        return value

    def number(
        self, holder: dict[str, Any], place: str, key: str, low: float, high: float
    ) -> float:
        value = holder.get(key)
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not low <= float(value or 0.0) <= high:
            most = "" if math.isinf(high) else f" and at most {high:g}"
            raise self._fail(
                place, key, f"must be a number of at least {low:g}{most}; got {shown(value)}"
            )
        return float(value or 0.0)

    def count(self, holder: dict[str, Any], place: str, key: str) -> int:
        value = holder.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._fail(place, key, f"must be a whole number from 0; got {shown(value)}")
        return value

    def names(self, holder: dict[str, Any], place: str, key: str) -> tuple[str, ...]:
        value = holder.get(key)
        if (
            not isinstance(value, list)
            or len(value) > MOST_ENTRIES
            or not all(isinstance(item, str) for item in value)
        ):
            raise self._fail(place, key, f"must be a list of texts; got {shown(value)}")
        return tuple(value)
