"""The assessment inside a PDF report, without trusting the PDF."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.interchange.errors import DocumentError
from core.interchange.strict_json import MAX_BYTES
from core.notation import local
from core.words import _

if TYPE_CHECKING:
    import pikepdf  # needed for reports only

MARK = b'"inference-advisor-assessment"'
MOST_ATTACHMENTS = 200
"""Looked at in one report."""


def _inflated(raw: bytes, file: str) -> bytes:
    """Decompress, but never more than an assessment may have."""
    machine = zlib.decompressobj()
    try:
        data = machine.decompress(raw, MAX_BYTES + 1)
    except zlib.error as error:
        raise DocumentError(_("its attached assessment is damaged"), file=file) from error
    if len(data) > MAX_BYTES:
        raise DocumentError(
            _("its attached assessment is too large; at most {max_bytes} bytes are read").format(
                max_bytes=local(f"{MAX_BYTES:,}")
            ),
            file=file,
        )
    return data


def assessment_json_of(pdf: bytes, file: str) -> bytes:
    """The bytes of the one assessment attached to a report. Raises DocumentError."""
    found = assessments_of(pdf, file)
    if len(found) > 1:
        raise DocumentError(
            _(
                "compares {len} assessments; save the one you want from its attachments and "
                "open that file, or open the report to compare them"
            ).format(len=len(found)),
            file=file,
        )
    return found[0]


def assessments_of(pdf: bytes, file: str) -> list[bytes]:
    """The bytes of every assessment attached to a report, in its order.

    A report of one has one; a comparison has those it compares. Raises DocumentError where there
    is none.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            found = sorted(_attached(document, file), key=lambda item: _order(item[0]))
    except pikepdf.PasswordError as error:
        raise DocumentError(
            _("is protected by a password; remove it to open"), file=file
        ) from error
    except pikepdf.PdfError as error:
        raise DocumentError(_("is damaged: it cannot be read as a PDF"), file=file) from error
    several = [data for name, data in found if name.lower().startswith("assessment-")]
    if len(several) > 1:
        return several
    if found:
        return [found[0][1]]
    raise DocumentError(
        _("is a PDF without an assessment inside; only reports made by this program carry one"),
        file=file,
    )


def _attached(document: pikepdf.Pdf, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of every attachment that is an assessment."""
    for name in list(document.attachments)[:MOST_ATTACHMENTS]:
        stream = document.attachments[name].get_file().obj
        if not name.lower().endswith(".json"):
            continue
        coding = stream.get("/Filter")
        raw = stream.read_raw_bytes()
        if coding is None:
            data = raw
        elif str(coding) == "/FlateDecode" and "/DecodeParms" not in stream:
            data = _inflated(raw, file)
        else:
            continue
        if MARK in data[:1000]:
            yield name, data


def _order(name: str) -> tuple[bool, int, str]:
    """Assessments by name first, numbered ones by number."""
    number = re.search(r"\d{1,9}", name)
    return "assessment" not in name.lower(), int(number[0]) if number else 0, name
