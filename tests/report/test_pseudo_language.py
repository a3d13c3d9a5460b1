"""Long texts in the report: nothing leaves the paper, and every fixed text is marked."""

from __future__ import annotations

import functools
import re

import pytest

from core.language import speaking
from core.report import report_bytes
from core.report.sections import PLANS
from core.report.style import SHEETS
from tests.locale.pseudo import pseudo, pseudo_language
from tests.report import cases
from tests.report.pdf_reading import all_text, compact, reader, text_places


@functools.cache
def spoken(name: str) -> bytes:
    import dataclasses

    with pseudo_language() as code:
        with speaking(code):
            answer = dataclasses.replace(cases.CASES[name](), language=code)
        return report_bytes(answer, analysis=cases.analysis() if name == "rich" else None)


@pytest.mark.parametrize("name", ["rich", "hosted_only"])
def test_long_texts_stay_on_the_paper(name: str) -> None:
    sheet = SHEETS["A4"]
    for page in reader(spoken(name)).pages:
        places = text_places(page)
        for x, y, text in places:
            assert sheet.left - 1 <= x <= sheet.width - sheet.right, text
            assert 20 <= y <= sheet.height - 20, text


def test_every_heading_is_marked_for_translation() -> None:
    text = compact(all_text(spoken("rich")))
    for _key, title, _blocks in PLANS:
        assert compact(pseudo(title)) in text, title


def test_no_column_heading_is_left_in_english() -> None:
    """Words of tables that every report has, whole and without the marks of the language."""
    text = all_text(spoken("rich"))
    for word in ("Bottleneck", "Levelised cost", "Owner", "Workload", "Criterion"):
        assert not re.search(rf"(?<!\w){word}(?!\w)", text), word
