"""English sources in a German report: named as English, in tags and in the text."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re

import pytest

from core.catalog.citations import source_texts, texts_of_sources
from core.catalog.source_words import source_parts
from core.language import speaking
from core.report import report_bytes
from core.report.brief import Brief
from core.report.content import Bullets, Run, Table, plain
from core.report.quoting import filled, in_english, quoted
from core.report.sections import tuning
from core.report.sections.cost import _line as cost_line
from core.report.text import language_of, runs_of, wrap
from core.words import _
from tests.core.decision.builders import SOURCE
from tests.report import cases
from tests.report.pdf_reading import elements, opened

SPAN = re.compile(rb"/Span\s*<<\s*/Lang\s*\(en\)\s*>>\s*BDC")
KNOWN = "IDC US51911924; low: AWS 2024"
"""The source of a row of the catalog's assumptions."""


def test_a_source_of_the_catalog_is_english_in_every_report() -> None:
    assert KNOWN in source_texts()
    assert quoted(KNOWN) == KNOWN
    with speaking("de"):
        named, _low = KNOWN.split("; ")  # the second is a remark, not a name, and translated
        told = (Run(named, lang="en"), Run("; "), Run("niedrig: AWS 2024"))
        assert quoted(KNOWN) == told
        # put together in the report's language, around a source
        assert quoted(f"Annahme, aus: {KNOWN} (alt)") == (
            Run("Annahme, aus: "),
            *told,
            Run(" (alt)"),
        )
        assert quoted("Eigene Eingabe") == "Eigene Eingabe"
        assert quoted("Assumption") == "Annahme"  # translated, so not English


def test_places_are_filled_with_texts_of_other_languages() -> None:
    with speaking("fr"):
        assert filled("Source : {s} ; fin", s=in_english("Ours")) == (
            Run("Source : "),
            Run("Ours", lang="en"),
            Run(" ; fin"),
        )
    assert filled("Of {a} and {b}", a="x", b=in_english("y")) == "Of x and y"
    assert plain(filled("{a}", a=(Run("z", lang="en"),))) == "z"


def test_lines_keep_the_language_of_each_stretch() -> None:
    words = (Run("Quelle: "), Run("a page that is long enough to wrap", lang="en"))
    lines = wrap(runs_of(words), 10.0, 90.0)
    assert len(lines) > 2
    told = {"": "", "en": ""}
    for piece in (piece for line in lines for piece in line):
        told[piece.lang] += f" {piece.text}"
    assert told[""].split() == ["Quelle:"]
    assert told["en"].split() == ["a", "page", "that", "is", "long", "enough", "to", "wrap"]
    assert language_of(lines) == "" and language_of(lines[1:]) == "en"


@functools.cache
def sourced(code: str) -> bytes:
    """The last sections of a report whose first option rests on a source of the catalog."""
    with speaking(code):
        answer = dataclasses.replace(cases.rich(), language=code)
    first, *rest = answer.options
    sources = tuple(dataclasses.replace(SOURCE, source=text) for text in (KNOWN, "DCCI 2025"))
    first = dataclasses.replace(first, sources=sources)  # the title of the second is its own name
    answer = dataclasses.replace(answer, options=(first, *rest))
    return report_bytes(answer, sections=("performance", "sources"))


def languages(data: bytes) -> dict[str, list[str]]:
    """Roles of the elements in each other language, and texts shown in marked spans."""
    found: dict[str, list[str]] = {}
    for element, _above in elements(data):
        if "/Lang" in element:
            found.setdefault(str(element.Lang), []).append(str(element.S))
    return found


def test_a_german_report_names_its_english_sources() -> None:
    data = sourced("de")
    assert str(opened(data).Root.Lang) == "de"
    found = languages(data)
    assert set(found) == {"en"} and "/TD" in found["en"]
    spans = [
        code for page in opened(data).pages for code in re.findall(SPAN, page.Contents.read_bytes())
    ]
    assert spans  # inside a sentence: "Gemessen von: ..."


def test_an_english_report_names_no_other_language() -> None:
    assert languages(sourced("en")) == {}


@pytest.mark.parametrize("code", ["en", "de", "fr"])
def test_an_assumption_is_called_so_once(code: str) -> None:
    with speaking(code):
        word = _("Assumption")
        line = cases.rich().options[0].cost.lines[0]
        for source, times in ((f"{word}: 5", 1), (KNOWN, 1), ("Assumption", 1)):
            told = dataclasses.replace(
                line,
                is_assumption=True,
                provenance=dataclasses.replace(SOURCE, source=source),
            )
            cell = plain(cost_line(told)[4])
            assert cell.count(word) == times, cell


def test_remarks_on_levers_stand_below_their_effects_over_the_whole_width() -> None:
    blocks = list(tuning.blocks(Brief(cases.rich(), cases.analysis())))
    effects, remarks = next(
        (table, after)
        for table, after in itertools.pairwise(blocks)
        if isinstance(table, Table) and isinstance(after, Bullets)
    )
    assert [row[0] for row in effects.rows] == ["FP8 weights"]
    assert all(len(column.title) < 12 for column in effects.columns)  # no text among numbers
    assert [plain(item) for item in remarks.items] == ["FP8 weights. computed Published: 1.87x."]


def test_the_source_of_a_single_figure_is_translated_or_said_to_be_english() -> None:
    """Sources of powers stood in English, without saying so, among translated ones."""
    with speaking("fr"):
        assert plain(quoted("Derived: 600 W per card; host assumed")).startswith("Dérivé")
        english = [
            text
            for text in texts_of_sources() - source_texts()
            if all(is_english for _part, is_english in source_parts(text))
        ]
        assert english
        for text in english:
            assert quoted(text) == (Run(text, lang="en"),)
