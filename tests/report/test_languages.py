"""The report in German and French, and English unharmed by them."""

from __future__ import annotations

import dataclasses
import functools
import re

import pytest

from core.assessment import entries, with_value
from core.assessment.fields import shown
from core.interchange.document import to_json
from core.language import speaking
from core.report import SECTION_KEYS, report_bytes
from core.report.sections import PLANS
from core.words import _
from tests.core.decision.builders import assessment
from tests.report import cases
from tests.report.pdf_reading import all_text, opened, reader, report


@functools.cache
def spoken(code: str) -> bytes:
    with speaking(code):
        answer = dataclasses.replace(cases.rich(), language=code)
    return report_bytes(answer, analysis=cases.analysis())


@pytest.mark.parametrize("code", ["de", "fr"])
def test_every_heading_is_in_the_language(code: str) -> None:
    text = all_text(spoken(code))
    with speaking(code):
        titles = [_(title) for _key, title, _blocks in PLANS]
    assert len(set(titles)) == len(SECTION_KEYS)
    for number, title in enumerate(titles, start=1):
        assert f"{number} {title}" in text.replace("\u00a0", " "), title


@pytest.mark.parametrize("code", ["de", "fr"])
def test_the_file_says_its_language(code: str) -> None:
    assert str(opened(spoken(code)).Root.Lang) == code
    assert str(opened(report("rich")).Root.Lang) == "en"


@pytest.mark.parametrize("code", ["de", "fr"])
def test_no_fixed_sentence_of_the_english_report_remains(code: str) -> None:
    english, other = all_text(report("rich")), all_text(spoken(code))
    sentences = (
        "What each line rests on", "Pass criteria", "Present value",
        "Levelised cost", "Bill of materials", "What would admit them",
        "Targets and predictions", "Contents", "Page 1 of", "Used for",
    )  # fmt: skip  # one list
    assert [s for s in sentences if s not in english] == []
    assert [s for s in sentences if s in other] == []


def test_numbers_are_written_as_the_language_writes_them() -> None:
    text = all_text(spoken("de"))
    assert re.search(r"\b1\.234\b", text)  # the candidates examined
    assert "1,234" not in text


def test_another_language_changes_nothing_of_the_english_report() -> None:
    """The same bytes before and after, and while another language is spoken around it."""
    before = report("rich")
    spoken("de")
    answer = cases.rich()
    with speaking("fr"):
        during = report_bytes(answer, analysis=cases.analysis())
    assert before == report_bytes(cases.rich(), analysis=cases.analysis())
    assert during == before


def test_the_attached_assessment_does_not_depend_on_it() -> None:
    attached = {
        code: opened(spoken(code)).attachments["assessment.json"].get_file().read_bytes()
        for code in ("de", "fr")
    }
    assert attached["de"] == attached["fr"] == to_json(cases.rich().assessment).encode()


@pytest.mark.parametrize("code", ["de", "fr"])
@pytest.mark.parametrize("name", cases.CASES)
def test_every_case_prints(code: str, name: str) -> None:
    answer = dataclasses.replace(cases.CASES[name](), language=code)
    assert len(reader(report_bytes(answer)).pages) >= 2


def test_dates_are_written_as_the_language_writes_them() -> None:
    what = with_value(assessment(), "site.date_needed", "2027-07-01")
    field = next(e.field for e in entries(what) if e.path == "site.date_needed")
    found = {}
    for language in ("en", "de", "fr"):
        with speaking(language):
            found[language] = shown(field, "2027-07-01")
    assert found == {"en": "2027-07-01", "de": "01.07.2027", "fr": "01/07/2027"}
