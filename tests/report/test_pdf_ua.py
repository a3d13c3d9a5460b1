"""Every rule of PDF/UA-1 that a program can check, on reports of every kind; and that it bites."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest

from core.language import speaking
from core.report import comparison_bytes, report_bytes
from tests.report import cases
from tests.report.pdf_reading import report
from tests.report.pdf_ua import RULES, annotations, elements, fonts, role

NAMES = ("rich", "hostile", "nothing_feasible", "hosted_only", "compared", "French")


def data_of(name: str) -> bytes:
    if name == "compared":
        return comparison_bytes([cases.rich(), cases.hosted_only()])
    if name == "French":  # with sources that are in English
        with speaking("fr"):
            return report_bytes(cases.rich(), analysis=cases.analysis())
    return report(name)


@pytest.fixture(scope="module", params=NAMES)
def pdf(request: pytest.FixtureRequest) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data_of(request.param)))


@pytest.mark.parametrize("number", RULES)
def test_no_report_breaks_a_rule(number: str, pdf: pikepdf.Pdf) -> None:
    assert list(RULES[number](pdf)) == []


def first(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    return next(e for e, _ in elements(pdf) if role(e) == name)


def in_content(before: bytes, after: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[2]
        page.contents_coalesce()
        content = page.Contents.read_bytes()
        assert before in content
        page.Contents = pdf.make_stream(content.replace(before, after, 1))

    return change


def without_identifier(pdf: pikepdf.Pdf) -> None:
    xmp = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(xmp.replace(b"http://www.aiim.org/pdfua/ns/id/", b"http://example/"))


def set_on(
    find: Callable[[pikepdf.Pdf], pikepdf.Object], key: str, value: object
) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        thing = find(pdf)
        if value is None:
            del thing[key]
        else:
            thing[key] = value

    return change


BROKEN: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "01-003": in_content(b"EMC", b"/Artifact BMC EMC EMC"),
    "01-005": in_content(b"EMC", b"EMC 0 0 9 9 re f"),
    "01-007": set_on(lambda p: p.Root.MarkInfo, "/Suspects", True),
    "02-001": set_on(lambda p: first(p, "P"), "/S", pikepdf.Name("/Paragraph")),
    "06-002": without_identifier,
    "07-001": set_on(lambda p: p.Root.ViewerPreferences, "/DisplayDocTitle", False),
    "11-001": set_on(lambda p: p.Root, "/Lang", None),
    "09-004": set_on(lambda p: first(p, "TR"), "/S", pikepdf.Name("/Sect")),
    "13-004": set_on(lambda p: first(p, "Figure"), "/Alt", pikepdf.String(" ")),
    "14-003": set_on(lambda p: first(p, "H1"), "/S", pikepdf.Name("/H3")),
    "15-003": set_on(lambda p: first(p, "TH"), "/A", None),
    "17-002": set_on(lambda p: first(p, "Figure"), "/S", pikepdf.Name("/Formula")),
    "21-001": lambda p: p.attachments["options.csv"].obj.__delitem__("/UF"),
    "25-001": set_on(lambda p: p.Root, "/AcroForm", pikepdf.Dictionary()),
    "28-002": set_on(
        lambda p: next(a for _, a in annotations(p)), "/Subtype", pikepdf.Name("/Text")
    ),
    "28-008": set_on(lambda p: p.pages[1].obj, "/Tabs", None),
    "28-011": set_on(lambda p: first(p, "Link"), "/S", pikepdf.Name("/Span")),
    "28-012": set_on(lambda p: next(a for _, a in annotations(p)), "/Contents", None),
    "31-009": set_on(lambda p: next(fonts(p)).FontDescriptor, "/FontFile2", None),
    "31-001": set_on(lambda p: next(fonts(p)), "/Subtype", pikepdf.Name("/Type1")),
    "31-016": set_on(
        lambda p: next(fonts(p)), "/Widths", pikepdf.Array([1] * 256)
    ),
    "31-018": set_on(lambda p: next(fonts(p)), "/Encoding", pikepdf.Name("/WinAnsiEncoding")),
    "31-027": set_on(lambda p: next(fonts(p)), "/ToUnicode", None),
}  # fmt: skip  # a table


def owners_swapped(pdf: pikepdf.Pdf) -> None:
    marks = pdf.Root.StructTreeRoot.ParentTree.Nums[5]  # of the third page
    assert marks[0].objgen != marks[-1].objgen
    marks[0], marks[len(marks) - 1] = marks[len(marks) - 1], marks[0]


def cell_lost(pdf: pikepdf.Pdf) -> None:
    rows = [e for e, _ in elements(pdf) if role(e) == "TR"]
    del rows[1].K[0]


ALSO_BROKEN: list[tuple[str, Callable[[pikepdf.Pdf], None]]] = [
    ("06-003", set_on(lambda p: p.docinfo, "/Title", pikepdf.String("Another title"))),
    ("11-001", set_on(lambda p: first(p, "P"), "/Lang", pikepdf.String("english"))),
    ("21-001", lambda p: p.attachments["options.csv"].obj.__delitem__("/Desc")),
    ("21-001", lambda p: p.attachments["results.json"].obj.__delitem__("/AFRelationship")),
    ("28-011", set_on(lambda p: next(a for _, a in annotations(p)), "/StructParent", 9999)),
    ("28-011", set_on(lambda p: next(a for _, a in annotations(p)), "/F", 6)),
    ("ISO 14289-1, 7.1", lambda p: p.Root.__delitem__("/StructTreeRoot")),
    ("ISO 14289-1, 7.1", set_on(lambda p: p.pages[3].obj, "/StructParents", None)),
    ("ISO 14289-1, 7.2", set_on(lambda p: first(p, "TR"), "/S", pikepdf.Name("/THead"))),
    ("ISO 14289-1, 7.5", cell_lost),
    ("ISO 32000-1, 14.7.4.4", owners_swapped),
    ("ISO 32000-1, 14.7.4.4", set_on(lambda p: first(p, "TR"), "/P", pikepdf.Dictionary())),
]
"""Second ways to break a rule."""


@pytest.mark.parametrize(("number", "change"), [*BROKEN.items(), *ALSO_BROKEN])
def test_a_broken_file_is_noticed(number: str, change: Callable[[pikepdf.Pdf], None]) -> None:
    with pikepdf.open(io.BytesIO(report("rich"))) as pdf:
        change(pdf)
        assert list(RULES[number](pdf))
