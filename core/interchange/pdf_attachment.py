"""The assessment inside a PDF report, without trusting the PDF."""

from __future__ import annotations

import io
import zlib

from core.interchange.errors import DocumentError
from core.interchange.strict_json import MAX_BYTES

MARK = b'"inference-advisor-assessment"'


def _inflated(raw: bytes, file: str) -> bytes:
    """Decompress, but never more than an assessment may have."""
    machine = zlib.decompressobj()
    try:
        data = machine.decompress(raw, MAX_BYTES + 1)
    except zlib.error as error:
        raise DocumentError("its attached assessment is damaged", file=file) from error
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"its attached assessment is too large; at most {MAX_BYTES:,} bytes are read", file=file
        )
    return data


def assessment_json_of(pdf: bytes, file: str) -> bytes:
    """The bytes of the assessment attached to a report. Raises DocumentError."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            names = sorted(document.attachments, key=lambda name: "assessment" not in name.lower())
            found: list[tuple[str, bytes]] = []
            for name in names:
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
                    found.append((name, data))
    except pikepdf.PasswordError as error:
        raise DocumentError("is protected by a password; remove it to open", file=file) from error
    except pikepdf.PdfError as error:
        raise DocumentError("is damaged: it cannot be read as a PDF", file=file) from error
    several = [data for name, data in found if name.lower().startswith("assessment-")]
    if len(several) > 1:
        raise DocumentError(
            f"compares {len(several)} assessments; save the one you want from its attachments and "
            "open that file",
            file=file,
        )
    if found:
        return found[0][1]
    raise DocumentError(
        "is a PDF without an assessment inside; only reports made by this program carry one",
        file=file,
    )
