"""An assessment comes back out of a report, and no other PDF does harm."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from core.assessment import Assessment, with_value
from core.interchange.document import DocumentError, load, to_json
from core.interchange.strict_json import MAX_BYTES

ASSESSMENT = with_value(Assessment(), "project.title", "From the report: Zürich")


def report(path: Path, attached: dict[str, bytes], **saving: object) -> Path:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for name, data in attached.items():
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)
    pdf.save(path, **saving)  # type: ignore[arg-type]  # options of pikepdf's own
    return path


@pytest.mark.parametrize("compress", [True, False])
def test_the_assessment_is_found_among_attachments(compress: bool, tmp_path: Path) -> None:
    files = {
        "options.csv": b"rank",
        "a-results.json": b'{"format": "inference-advisor-results"}',
        "assessment.json": to_json(ASSESSMENT).encode(),
    }
    path = report(tmp_path / "r.pdf", files, compress_streams=compress, recompress_flate=compress)
    assert load(path) == ASSESSMENT


@pytest.mark.parametrize("files", [{}, {"x.txt": b"hello"}, {"x.json": b'{"format": "other"}'}])
def test_a_pdf_without_one_says_so(files: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="PDF without an assessment"):
        load(report(tmp_path / "r.pdf", files))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = to_json(ASSESSMENT).encode() + b" " * (MAX_BYTES * 3)
    path = report(tmp_path / "r.pdf", {"assessment.json": bomb}, compress_streams=True)
    assert path.stat().st_size < 100_000
    with pytest.raises(DocumentError, match="too large"):
        load(path)


def test_protected_and_damaged_pdfs_are_refused(tmp_path: Path) -> None:
    files = {"assessment.json": to_json(ASSESSMENT).encode()}
    locked = report(
        tmp_path / "l.pdf", files, encryption=pikepdf.Encryption(owner="o", user="u", R=6)
    )
    with pytest.raises(DocumentError, match="password"):
        load(locked)
    cut = tmp_path / "c.pdf"
    cut.write_bytes(b"%PDF-1.7\n1 0 obj\n<</Type /Catalog")
    with pytest.raises(DocumentError, match=r"damaged|without an assessment"):
        load(cut)
