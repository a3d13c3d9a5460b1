"""Several assessments kept together, to be compared again: JSON, or a report that compares them.

A file of its own format, so that no program takes one of its assessments for the whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.assessment import Assessment
from core.interchange import document
from core.interchange.errors import DocumentError, shown
from core.interchange.files import read_bounded, write_atomic
from core.interchange.strict_json import decode, parse
from core.words import N_, _

FORMAT = "inference-advisor-comparison"
VERSION = 1
MOST_SCENARIOS = 50
MOST_NAME = 500
MAX_BYTES = 32 * 1024 * 1024
SNIFFED = 400
"""Bytes at the start of a file in which its format is named."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One scenario of a comparison."""

    name: str
    """As it was called; the project's title may be another."""
    assessment: Assessment
    compared: bool = True
    """Whether it was chosen to be compared."""


# ------------------------------------------------------------------------------ writing


def to_json(scenarios: Sequence[Kept]) -> str:
    """The scenarios as a JSON text that ``from_json`` turns back into equal ones.

    Raises DocumentError where an assessment holds a value of a wrong type, or for more scenarios
    than are read.
    """
    if len(scenarios) > MOST_SCENARIOS:
        raise DocumentError(
            _("at most {most_scenarios} can be kept; got {len}").format(
                most_scenarios=MOST_SCENARIOS, len=len(scenarios)
            )
        )
    content = {
        "format": FORMAT,
        "version": VERSION,
        "scenarios": [
            {
                "name": kept.name[:MOST_NAME],
                "compared": kept.compared,
                "assessment": document.as_document(kept.assessment),
            }
            for kept in scenarios
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def save(scenarios: Sequence[Kept], path: str | Path) -> None:
    """Write the scenarios, whole or not at all. Raises UnwritableFileError or DocumentError."""
    write_atomic(Path(path), to_json(scenarios))


# ------------------------------------------------------------------------------ reading


def is_comparison(path: str | Path) -> bool:
    """Whether a file holds several assessments; False for what cannot be read."""
    place = Path(path)
    try:
        with place.open("rb") as file:
            start = file.read(SNIFFED)
        if b"%PDF-" in start:
            from core.interchange.pdf_attachment import assessments_of

            data = read_bounded(place, document.MAX_PDF_BYTES)
            return len(assessments_of(data, str(place))) > 1
    except (OSError, ValueError):
        return False
    return f'"{FORMAT}"'.encode() in start


def from_json(text: str, *, file: str = "") -> tuple[Kept, ...]:
    """The scenarios a JSON text holds.

    The text is not trusted. Raises DocumentError naming ``file``, the place in it, the value and
    what is allowed.
    """
    content = parse(text, file, expected=N_("a comparison as JSON"), limit=MAX_BYTES)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else content
        raise DocumentError(
            _("must be '{format}'; got {shown}: this is not a comparison").format(
                format=FORMAT, shown=shown(found)
            ),
            file=file,
            path="format",
        )
    version = content.get("version")
    if version != VERSION or isinstance(version, bool):
        newer = isinstance(version, int) and version > VERSION
        hint = _(": written by a newer version of this program; update it") if newer else ""
        raise DocumentError(
            _("must be {version}; got {shown}{hint}").format(
                version=VERSION, shown=shown(version), hint=hint
            ),
            file=file,
            path="version",
        )
    for key in content:
        if key not in ("format", "version", "scenarios"):
            raise DocumentError(_("unknown key {shown}").format(shown=shown(key)), file=file)
    items = content.get("scenarios")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_SCENARIOS:
        raise DocumentError(
            _("must be a list of 1 to {most_scenarios} scenarios; got {shown}").format(
                most_scenarios=MOST_SCENARIOS, shown=shown(items)
            ),
            file=file,
            path="scenarios",
        )
    return tuple(_kept(item, f"scenarios[{n}]", file) for n, item in enumerate(items))


def _kept(item: Any, place: str, file: str) -> Kept:
    if not isinstance(item, dict):
        raise DocumentError(
            _("must be an object; got {shown}").format(shown=shown(item)), file=file, path=place
        )
    for key in item:
        if key not in ("name", "compared", "assessment"):
            raise DocumentError(
                _("unknown key {shown} in {place}").format(shown=shown(key), place=place),
                file=file,
                path=place,
            )
    name, compared = item.get("name", ""), item.get("compared", True)
    if not isinstance(name, str) or len(name) > MOST_NAME:
        raise DocumentError(
            _("must be a text of at most {most_name} characters; got {shown}").format(
                most_name=MOST_NAME, shown=shown(name)
            ),
            file=file,
            path=f"{place}.name",
        )
    if not isinstance(compared, bool):
        raise DocumentError(
            _("must be true or false; got {shown}").format(shown=shown(compared)),
            file=file,
            path=f"{place}.compared",
        )
    try:
        assessment = document.from_value(item.get("assessment"), file=file)
    except DocumentError as error:
        inside = ".".join(part for part in (f"{place}.assessment", error.path) if part)
        raise DocumentError(error.reason, file=file, path=inside) from error
    return Kept(name, assessment, compared)


def load(path: str | Path) -> tuple[Kept, ...]:
    """Read the scenarios of a comparison's file, or of a report that compares several.

    Raises DocumentError for anything that is neither, and for files that cannot be read.
    """
    place = Path(path)
    file = str(place)
    data = read_bounded(place, document.MAX_PDF_BYTES)
    if b"%PDF-" not in data[:1024]:
        return from_json(decode(data, file, limit=MAX_BYTES), file=file)
    from core.interchange.pdf_attachment import assessments_of

    attached = assessments_of(data, file)
    if not 1 < len(attached) <= MOST_SCENARIOS:
        raise DocumentError(
            _("compares no assessments; a comparison holds 2 to {most_scenarios}").format(
                most_scenarios=MOST_SCENARIOS
            ),
            file=file,
        )
    found = (document.from_json(decode(item, file), file=file) for item in attached)
    return tuple(Kept(str(each.project.title), each) for each in found)
