"""Real answers on every paper, in every language, for every kind of case: whole and in its frame.

`make test` takes each pair of paper, language and kind of case once, the presets in turn; the full
tests take every preset on every paper in every language.
"""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import itertools
import re
import shutil
import subprocess
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.assess import assess
from core.assessment import Assessment, with_value
from core.catalog.load import Catalog, load_catalog
from core.fleet import NAMEPLATE_POWER
from core.language import LANGUAGES, speaking
from core.presets import new_assessment, site_presets, use_case_presets
from core.report import report_bytes
from core.report.sections import PLANS
from core.report.style import SHEETS, Paper
from core.words import _
from tests.report.pdf_reading import all_text, compact, elements, marks_on_pages, reader

AS_OF = date(2026, 11, 24)
SLACK = 3.5
"""Points by which a glyph's box may stand out of the column."""


@cache
def catalog() -> Catalog:
    return load_catalog()


def presets() -> list[str]:
    """Use cases and sites, mixed so that neighbours differ."""
    uses = [p.id for p in use_case_presets(catalog())]
    sites = [p.id for p in site_presets()]
    return [p for pair in itertools.zip_longest(uses, sites) for p in pair if p is not None]


def changed(what: Assessment, kind: str) -> Assessment:
    """The preset as it is, or one of the cases in which parts of the report fall away."""
    if kind == "nothing feasible":
        alone = with_value(what, "site.venues", ("on_premises",))
        return with_value(alone, "site.total_power_kw", 0.1)
    if kind == "hosted only":
        return with_value(what, "site.venues", ("token_api",))
    if kind == "one year":
        return with_value(what, "economics.horizon_years", 1)
    return what


KINDS = ("as it is", "nothing feasible", "hosted only", "one year")


def made(preset: str, paper: Paper, language: str, kind: str) -> bytes:
    what = changed(new_assessment(preset, catalog()), kind)
    with speaking(language):
        answer = assess(what, catalog(), as_of=AS_OF)
    return report_bytes(dataclasses.replace(answer, language=language), paper=paper)


def check(data: bytes, paper: Paper, language: str, path: Path) -> None:
    """Every section, every mark in a tag, every word inside the margins, figures with words."""
    assert marks_on_pages(data)[1] == []
    assert all(str(e.Alt) for e, _ in elements(data) if str(e.S) == "/Figure")
    assert len(data) < 1_000_000
    opened = reader(data)
    whole_first_page(opened, language)
    sheet = SHEETS[paper]
    box = opened.pages[0].mediabox
    assert float(box.width) == pytest.approx(sheet.width, abs=0.01)
    if shutil.which("pdftotext") is None:
        whole_text(all_text(data), language)
        return
    path.write_bytes(data)
    done = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True, timeout=60
    )
    words = re.findall(
        'xMin="([\\d.-]+)" yMin="([\\d.-]+)" xMax="([\\d.-]+)" yMax="([\\d.-]+)">(.*?)</word>',
        done.stdout.decode(),
    )
    assert len(words) > 500
    whole_text(html.unescape("".join(word[-1] for word in words)), language)
    for left, top, right, bottom, _word in words:
        assert float(left) >= sheet.left - 1.0
        assert float(right) <= sheet.width - sheet.right + SLACK
        assert float(top) >= 0.0 and float(bottom) <= sheet.height


def whole_text(text: str, language: str) -> None:
    """Every section is there, by its number and title."""
    told = compact(text)
    with speaking(language):
        titles = [_(title) for _key, title, _blocks in PLANS]
    for number, title in enumerate(titles, start=1):
        assert compact(f"{number}{title}") in told, title


def whole_first_page(opened: PdfReader, language: str) -> None:
    """The first page alone is enough to decide: nothing of it is left out or runs over."""
    first, second = (page.extract_text() for page in opened.pages[:2])
    told, options = compact(first), options_of(opened)
    found = [row for row in options if row["rank"]]
    with speaking(language):
        needed = [_("Still to be confirmed"), _("What would change the answer")]
        needed.append(str(opened.metadata.subject))  # the decision, uncut
        if found:
            needed += [
                _("Why"),
                _("Risks"),
                _("Cost per million tokens"),
                _("Best in sampled futures"),
            ]
            needed += [_("Up-front spending"), _(NAMEPLATE_POWER), _("Time to deploy")]
            needed += [_("Running cost, first year")]
        if len(found) > 1:
            needed += [_("Leading options"), *(row["title"][:100] for row in found[:2])]
        assert compact(second).startswith(compact(_("Contents"))) or _("Contents") in second
    for text in needed:
        assert compact(text) in told, text


def options_of(opened: PdfReader) -> list[dict[str, str]]:
    """The rows of the attached table of options, the best first."""
    attached = opened.attachments["options.csv"][0]
    return list(csv.DictReader(io.StringIO(attached.decode("utf-8-sig"))))


def pairwise() -> list[tuple[str, Paper, str, str]]:
    """Twelve rows that hold every pair of paper, language and kind, with presets in turn."""
    found: list[tuple[str, Paper, str, str]] = []
    papers, languages, names = tuple(SHEETS), tuple(LANGUAGES), presets()
    for n, (language, kind) in enumerate(itertools.product(languages, KINDS)):
        # the paper alternates along both factors, so that each value meets each paper
        paper = papers[(languages.index(language) + KINDS.index(kind)) % 2]
        found.append((names[2 * n % len(names)], paper, language, kind))
    return found


def test_the_rows_hold_every_pair() -> None:
    rows = pairwise()
    for first, second in ((1, 2), (1, 3), (2, 3)):
        known = {(row[first], row[second]) for row in rows}
        values = [{row[i] for row in rows} for i in (first, second)]
        assert known == set(itertools.product(*values))


@pytest.mark.parametrize(("preset", "paper", "language", "kind"), pairwise())
def test_a_report_of_every_kind(
    preset: str, paper: Paper, language: str, kind: str, tmp_path: Path
) -> None:
    check(made(preset, paper, language, kind), paper, language, tmp_path / "report.pdf")


@pytest.mark.full
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", SHEETS)
@pytest.mark.parametrize("preset", presets())
def test_every_preset_on_every_paper_in_every_language(
    preset: str, paper: Paper, language: str, tmp_path: Path
) -> None:
    check(made(preset, paper, language, "as it is"), paper, language, tmp_path / "report.pdf")
