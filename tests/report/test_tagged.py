"""Machine-checkable rules of an accessible PDF (after PDF/UA-1 and the Matterhorn protocol)."""

from __future__ import annotations

import io
import itertools

import pikepdf
import pytest

from tests.report.pdf_reading import elements, marks_on_pages, report

NAMES = ("rich", "hostile", "nothing_feasible")
ROLES = {
    "Document", "Sect", "H1", "H2", "H3", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD",
    "Figure", "TOC", "TOCI", "Reference", "Link",
}  # fmt: skip  # standard roles of ISO 32000-1, 14.8.4


@pytest.fixture(params=NAMES)
def data(request: pytest.FixtureRequest) -> bytes:
    return report(request.param)


def test_it_says_that_it_is_tagged(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        for number, page in enumerate(pdf.pages):
            assert int(page.StructParents) == number
            assert str(page.Tabs) == "/S"


def test_everything_painted_is_content_or_artifact(data: bytes) -> None:
    assert marks_on_pages(data)[1] == []


def test_marks_and_the_parent_tree_agree(data: bytes) -> None:
    marks, _loose = marks_on_pages(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tree = pdf.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(tree[i]): tree[i + 1] for i in range(0, len(tree), 2)}
        for number, here in enumerate(marks):
            assert here == set(range(len(here)))
            assert len(owners[number]) == len(here)
        for number in range(len(marks), len(owners)):
            assert str(owners[number].S) == "/Link"


def test_roles_are_standard_and_nest_rightly(data: bytes) -> None:
    inside = {"TR": "Table", "TH": "TR", "TD": "TR", "LI": "L", "LBody": "LI", "Lbl": "LI",
              "TOCI": "TOC", "Sect": "Document"}  # fmt: skip  # a table
    for element, above in elements(data):
        role = str(element.S)[1:]
        assert role in ROLES
        if role in inside:
            assert above[-1] == f"/{inside[role]}"


def test_headings_never_skip_a_level(data: bytes) -> None:
    levels = [int(str(e.S)[2]) for e, _ in elements(data) if str(e.S)[1:] in ("H1", "H2", "H3")]
    assert levels[0] == 1
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1


def test_every_figure_has_words_and_a_place(data: bytes) -> None:
    figures = [e for e, _ in elements(data) if str(e.S) == "/Figure"]
    assert len(figures) >= 5
    for figure in figures:
        assert len(str(figure.Alt)) > 20
        assert len(figure.A.BBox) == 4


def test_tables_are_regular_and_have_headings(data: bytes) -> None:
    tables = [e for e, _ in elements(data) if str(e.S) == "/Table"]
    assert tables
    for table in tables:
        rows = list(table.K)
        widths = {sum(int(c.get("/A", {}).get("/ColSpan", 1)) for c in row.K) for row in rows}
        assert len(widths) == 1
        for cell in rows[0].K:
            assert (str(cell.S), str(cell.A.Scope)) == ("/TH", "/Column")


def test_reading_order_never_goes_back(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = {page.obj.objgen: i for i, page in enumerate(pdf.pages)}
        places = [
            number[e.Pg.objgen] for e, _ in elements(data) if "/Pg" in e and str(e.S) != "/LBody"
        ]
        assert places == sorted(places)


def test_what_a_glyph_replaces_is_kept_as_actual_text() -> None:
    found = [str(e.ActualText) for e, _ in elements(report("hostile")) if "/ActualText" in e]
    assert any("日本語" in text and "👩" in text for text in found)
