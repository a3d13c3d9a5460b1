"""The report that the documentation shows is the one that the program makes."""

from __future__ import annotations

from datetime import date

import pytest

from tests.report.pdf_reading import reader, squeezed
from tests.report.sample import SAMPLE, fresh


@pytest.mark.full
def test_the_sample_is_what_the_program_makes_for_its_day() -> None:
    stored = reader(SAMPLE.read_bytes())
    info = stored.metadata
    assert info is not None and info.creation_date is not None
    as_of: date = info.creation_date.date()
    made = reader(fresh(as_of))
    remedy = "resources/docs/sample-report.pdf is not up to date: run `make sample-report`"
    assert len(stored.pages) == len(made.pages), remedy
    for number, (old, new) in enumerate(zip(stored.pages, made.pages, strict=True), start=1):
        texts = [squeezed(page.extract_text()) for page in (old, new)]
        assert texts[0] == texts[1], f"page {number}: {remedy}"
