"""What a reader's program finds in the file."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from core.assessment import entries
from core.interchange.document import load, to_json
from core.interchange.exports import options_csv
from core.recommendation import Analysis
from core.report import SECTION_KEYS, Branding, ReportCancelledError, report_bytes
from core.report.sections import PLANS
from core.report.style import SHEETS, Paper
from tests.report import cases
from tests.report.pdf_reading import (
    all_text,
    compact,
    elements,
    marks_on_pages,
    reader,
    report,
    squeezed,
    text_places,
)


@pytest.mark.parametrize("name", cases.CASES)
def test_every_case_is_a_whole_report(name: str) -> None:
    data = report(name)
    text = all_text(data)
    assert len(reader(data).pages) >= 10 or name == "empty"
    for number, (_key, title, _blocks) in enumerate(PLANS, start=1):
        assert f"{number} {title}" in text
    assert len(data) < 1_000_000


@pytest.mark.parametrize("name", cases.CASES)
def test_no_text_begins_outside_the_margins(name: str) -> None:
    sheet = SHEETS["A4"]
    for page in reader(report(name)).pages:
        places = text_places(page)
        assert places
        for x, y, text in places:
            assert sheet.left - 1 <= x <= sheet.width - sheet.right, text
            assert 20 <= y <= sheet.height - 20, text


def test_the_first_page_is_enough_to_decide() -> None:
    first = squeezed(reader(report("rich")).pages[0].extract_text())
    answer = cases.rich()
    assert compact(answer.headline) in compact(first)
    winner = answer.winner
    assert winner is not None and winner.cost is not None
    for wanted in (
        f"EUR {winner.cost.usd_per_mtok.base * 0.8:.2f}",
        "in 80 % of sampled futures",
        "60 %",  # probability from the analysis
        "20.4 kW",
        "10 weeks",
        "Why",
        "Risks",
        "Still to be confirmed",
        "Hosted API becomes best at named users 812 (now 2,000).",
    ):
        assert wanted in first, wanted


def test_the_first_page_stays_one_page_with_hostile_text() -> None:
    pages = reader(report("hostile")).pages
    assert "Contents" not in pages[0].extract_text()
    assert pages[1].extract_text().count("Contents") == 1


def test_every_input_is_printed_with_label_and_value() -> None:
    text = compact(all_text(report("rich")))
    for entry in entries(cases.rich().assessment):
        if entry.field.visible_when is None:
            assert compact(entry.field.label) in text, entry.path
    for changed in ("In-row or contained air", "1,000"):
        assert compact(changed) in text


def test_leading_and_changed_inputs_come_before_the_whole_list() -> None:
    pages = [compact(page.extract_text()) for page in reader(report("rich")).pages]
    whole = next(i for i, text in enumerate(pages) if text.count("Everyinput") and i > 2)
    early = "".join(pages[2:5])
    for entry in entries(cases.rich().assessment):
        if entry.value != entry.default and not entry.path.startswith("project."):
            assert compact(entry.field.label) in early, entry.path
    assert whole > 10  # the sources of defaults do not stand before the decision's grounds


def test_many_workloads_share_one_table() -> None:
    what = cases.assessment()
    first = what.workloads[0]
    many = tuple(dataclasses.replace(first, name=f"Workload {n}") for n in range(1, 9))
    answer = cases.answer([cases.api()], dataclasses.replace(what, workloads=many))
    text = all_text(report_bytes(answer, sections=["inputs"]))
    assert "Workloads and their latency targets" in text
    for workload in many:
        assert workload.name in text
        assert f"Latency targets of “{workload.name}”" not in text


def test_user_text_prints_literally() -> None:
    text = compact(all_text(report("hostile")))
    assert compact("<b>bold</b> & &amp; <script>alert(1)</script>") in text
    assert "{curly}%s$x^2$\\n" in text
    assert text.count("W") > 18_000  # the notes, whole


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nothing_feasible", "No option meets every limit, so nothing is recommended."),
        ("nothing_feasible", "describes the nearest rejected one"),
        ("nothing_feasible", "Nothing can be ordered yet."),
        ("hosted_only", "publishes no latency or capacity that could be checked here"),
        ("hosted_only", "No hardware stands on an own site"),
        ("hosted_only", "No hybrid of owned base load"),
        ("unpriced", "No price is known, so there is no bill"),
        ("empty", "No option was examined"),
        ("rich", "Proof-of-concept test"),
        ("rich", "at least 1,000 completed requests"),
        ("rich", "Named users"),
        ("rich", "Asked the other way round"),
        ("rich", "Besides those above, these would cost less than the recommended option"),
        ("rich", "Others, nearest to the limits first"),
        (
            "rich",
            "Power per rack 200 kW (now 20 kW); without any change it takes 25 % of the demand",
        ),
        (
            "rich",
            "Option tall would be admitted by power per rack 200 kW (now 20 kW), then costs EUR "
            "0.88 per million tokens and ranks first.",
        ),
        ("nothing_feasible", "Nearest first"),
        ("rich", "What tariff makes the cloud win? None up to USD 5 per kWh. –"),
        ("rich", "How many users fit 60 kW? 236,000 users. yes"),
        ("rich", "from 2.5 times the stated demand on (2.5 trillion tokens in the first year)"),
    ],
)
def test_what_cannot_be_shown_is_replaced_by_a_sentence(name: str, sentence: str) -> None:
    assert compact(sentence) in compact(all_text(report(name)))


def test_where_nothing_is_feasible_the_searched_changes_are_told() -> None:
    """Also on the first page: it is what can be done next."""
    empty = Analysis(0, 0, (), (), None, (), (), (), ())
    known = dataclasses.replace(
        empty,
        smallest_changes=cases.analysis().smallest_changes,
        answers=cases.analysis().answers,
    )
    data = report_bytes(cases.nothing_feasible(), analysis=known)
    first = squeezed(reader(data).pages[0].extract_text())
    assert "Option tall would be admitted by power per rack 200 kW (now 20 kW)" in first
    assert "How many users fit 60 kW? 236,000 users. yes" in all_text(data)


def test_without_an_analysis_no_probability_is_invented() -> None:
    text = all_text(report("hosted_only"))
    assert "The uncertainty analysis was not run." in text
    assert "no probabilities, tornado or switch points are shown" in text


def test_bookmarks_and_contents_lead_to_the_sections() -> None:
    document = reader(report("rich"))
    tops = [item for item in document.outline if not isinstance(item, list)]
    titles = [str(item.title) for item in tops]
    assert titles == ["Decision", *(f"{n} {p[1]}" for n, p in enumerate(PLANS, start=1))]
    contents = squeezed(document.pages[1].extract_text())
    for item in tops[1:]:
        page = document.get_destination_page_number(item)
        assert page is not None
        assert str(item.title) in squeezed(document.pages[page].extract_text())
        assert f"{item.title} {page + 1}" in contents
    assert len(document.pages[1]["/Annots"]) >= len(PLANS)


def test_pages_are_numbered() -> None:
    pages = reader(report("rich")).pages
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page.extract_text()


def test_only_our_typeface_is_used_and_embedded() -> None:
    with pikepdf.open(io.BytesIO(report("rich"))) as pdf:
        fonts = {
            font.objgen: font
            for page in pdf.pages
            for font in page.Resources.get("/Font", {}).values()
        }
        assert fonts
        for font in fonts.values():
            assert "AdvisorSans" in str(font.BaseFont)
            assert "+" in str(font.BaseFont)  # a subset
            assert "/FontFile2" in font.FontDescriptor
            assert "/ToUnicode" in font


def test_charts_are_vectors_not_images() -> None:
    with pikepdf.open(io.BytesIO(report("rich"))) as pdf:
        for page in pdf.pages:
            assert not list(page.Resources.get("/XObject", {}).keys())


def test_metadata_says_what_it_is() -> None:
    data = report("rich")
    info = reader(data).metadata
    assert info is not None
    assert info.title == "Untitled assessment"
    assert info.producer == "Inference Advisor 1.2.3"
    assert info.subject == cases.rich().headline
    assert str(info["/CreationDate"]).startswith("D:20261123")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


@pytest.mark.parametrize("name", ["rich", "hostile", "empty"])
def test_the_assessment_travels_inside(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(report(name))
    assert load(path) == cases.CASES[name]().assessment
    attached = reader(report(name)).attachments
    assert sorted(attached) == ["assessment.json", "options.csv", "results.json"]
    json.loads(attached["results.json"][0])
    answer = cases.CASES[name]()
    assert attached["assessment.json"][0] == to_json(answer.assessment).encode()
    assert attached["options.csv"][0] == options_csv(answer).encode()
    with pikepdf.open(path) as pdf:
        for key, spec in pdf.attachments.items():  # whole, as a viewer that saves them checks
            file, data = spec.get_file(), attached[key][0]
            assert file.size == len(data) and file.md5 == hashlib.md5(data).digest()
        assert {str(spec.AFRelationship) for spec in pdf.Root.AF} == {"/Source", "/Data"}


def test_the_same_answer_gives_the_same_bytes() -> None:
    again = report_bytes(cases.hosted_only())
    assert again == report_bytes(cases.hosted_only())


@pytest.mark.parametrize("paper", SHEETS)
def test_paper(paper: Paper) -> None:
    data = report_bytes(cases.hosted_only(), paper=paper, sections=["glossary"])
    box = reader(data).pages[0].mediabox
    sheet = SHEETS[paper]
    assert (float(box.width), float(box.height)) == pytest.approx(
        (sheet.width, sheet.height), abs=0.01
    )


def test_sections_can_be_chosen() -> None:
    text = all_text(report_bytes(cases.hosted_only(), sections=["glossary", "risks"]))
    assert "1 Risks" in text and "2 Glossary" in text and "Site plan" not in text
    with pytest.raises(ValueError, match="unknown section 'prices'"):
        report_bytes(cases.hosted_only(), sections=["prices"])
    assert "glossary" in SECTION_KEYS


def test_branding_is_printed_and_its_colour_must_be_readable() -> None:
    brand = Branding(company="Example & Co", confidentiality="Confidential", accent="#7a1f3d")
    text = all_text(report_bytes(cases.hosted_only(), sections=["risks"], branding=brand))
    assert "Example & Co · Confidential" in text
    with pytest.raises(ValueError, match="too light"):
        report_bytes(cases.hosted_only(), branding=Branding(accent="#ffee88"))


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#336699").save(out, "PNG")
    return out.getvalue()


def test_a_logo_is_printed_once_on_the_first_page() -> None:
    data = report_bytes(cases.empty(), sections=["risks"], branding=Branding(logo=png(400, 100)))
    pages = reader(data).pages
    assert [len(page.images) for page in pages] == [1] + [0] * (len(pages) - 1)


def test_an_svg_logo_is_drawn_as_vectors_outside_the_reading_order() -> None:
    logo = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 20"><defs><linearGradient id="g">'
        b'<stop stop-color="#024"/><stop offset="1" stop-color="#08c"/></linearGradient></defs>'
        b'<rect width="20" height="20" fill="url(#g)"/>'
        b'<path d="M30 4h40v12H30z" fill="#024" opacity=".5"/></svg>'
    )
    plain = report_bytes(cases.empty(), sections=["risks"])
    data = report_bytes(cases.empty(), sections=["risks"], branding=Branding(logo=logo))
    again = report_bytes(cases.empty(), sections=["risks"], branding=Branding(logo=logo))
    assert data == again
    pages = reader(data).pages
    assert not any(page.images for page in pages)
    first, before = (r.pages[0].get_contents() for r in (reader(data), reader(plain)))
    assert first is not None and before is not None
    assert re.search(rb"\bsh\b", first.get_data())  # a gradient
    assert not re.search(rb"\bsh\b", before.get_data())
    _found, loose = marks_on_pages(data)
    assert not loose
    shapes = [len(list(elements(file))) for file in (data, plain)]
    assert shapes[0] == shapes[1]  # decoration: the same elements are read out


def claimed_png(width: int, height: int) -> bytes:
    """A small file that claims to unpack to so many pixels."""
    chunks = (
        b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0),
        b"IDAT" + zlib.compress(bytes(100)),
        b"IEND",
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks
    )


@pytest.mark.parametrize(
    ("logo", "reason"),
    [
        (b"GIF89a", "neither a PNG nor an SVG"),
        (b'<?xml version="1.0"?><SVG xmlns="http://www.w3.org/2000/svg"/>', "first element"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text/></svg>', "'text'"),
        (png(40, 40)[:60], "damaged"),
        (png(5000, 10), "pixels"),
        (claimed_png(60_000, 60_000), "pixels"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2_000_001), "more than 2 MB"),
    ],
)
def test_a_bad_logo_is_refused_with_the_reason(logo: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        report_bytes(cases.empty(), branding=Branding(logo=logo))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
@pytest.mark.parametrize("name", cases.CASES)
def test_every_word_ends_inside_the_margins(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(report(name))
    done = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True, timeout=60
    )
    sheet = SHEETS["A4"]
    words = re.findall(rb'xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)"', done.stdout)
    assert len(words) > 100
    for left, right in words:
        assert float(left) >= sheet.left - 1.0
        assert float(right) <= sheet.width - sheet.right + 3.5


def test_a_reader_is_told_what_the_sign_for_a_lacking_character_means() -> None:
    note = "[U+ and a number] stands for a character that this typeface lacks"
    assert note in squeezed(reader(report("hostile")).pages[0].extract_text())
    assert note not in all_text(report("rich"))


def test_progress_rises_and_cancelling_stops() -> None:
    told: list[float] = []
    report_bytes(cases.empty(), progress=lambda share, _text: told.append(share))
    assert told == sorted(told) and told[-1] == 1.0
    with pytest.raises(ReportCancelledError):
        report_bytes(cases.rich(), cancelled=lambda: True)
