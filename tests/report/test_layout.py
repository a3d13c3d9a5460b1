from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable, Sequence

import pytest

from core.charts import Chart
from core.language import LANGUAGES, speaking
from core.report import document, report_bytes
from core.report.arrangement import LAYOUTS, TIGHT, Part, arranged, emptiness
from core.report.boxes import Box, SectionBox
from core.report.brief import Brief
from core.report.content import Bullets, Callout, Column, Columns, Heading, Para, Table
from core.report.layout import Page, Paginator, Setter
from core.report.pictures import PictureBox, picture
from core.report.sections import PLANS, references
from core.report.stacks import ColumnsBox
from core.report.style import SHEETS, Paper, Sheet
from core.report.table import TableBox
from tests.report import cases
from tests.report.pdf_reading import all_text, report


@functools.cache
def pages(name: str, paper: Paper) -> list[Page]:
    """All sections of a case on one paper, without drawing."""
    brief = Brief(cases.CASES[name](), cases.analysis() if name == "rich" else None)

    def charts(key: str, width: float) -> list[Box]:
        found = brief.chart(key)
        return [] if found is None else picture(found, width)

    sheet = SHEETS[paper]
    setter, paginator = Setter(charts, sheet), Paginator(sheet)
    for _key, title, blocks in PLANS:
        paginator.place(setter.boxes([Heading(title), *blocks(brief)], sheet.text_width))
    return paginator.pages


@pytest.mark.parametrize("paper", SHEETS)
@pytest.mark.parametrize("name", ["rich", "hostile"])
def test_boxes_stay_in_the_frame_and_never_overlap(name: str, paper: Paper) -> None:
    sheet = SHEETS[paper]
    for page in pages(name, paper):
        edge = sheet.height - sheet.top
        for top, box in page.items:
            assert top <= edge + 0.01
            edge = top - box.height
        assert edge >= sheet.bottom - 0.01


@pytest.mark.parametrize("paper", SHEETS)
@pytest.mark.parametrize("name", ["rich", "hostile"])
def test_no_heading_or_introduction_ends_a_page(name: str, paper: Paper) -> None:
    for page in pages(name, paper):
        assert not page.items[-1][1].keep


class Figure(Box):
    """Something that may wait for the next page."""

    def __init__(self, height: float) -> None:
        self.height, self.floats = height, True


def test_a_figure_that_waits_leaves_no_page_half_empty_and_the_section_keeps_it() -> None:
    sheet = SHEETS["A4"]
    setter = Setter(lambda _key, _width: [], sheet)

    def text(words: int) -> list[Box]:
        return setter.boxes([Para("word " * words)], sheet.text_width)

    figures = [Figure(0.5 * sheet.text_height), Figure(0.45 * sheet.text_height)]
    paginator = Paginator(sheet)
    paginator.place([*text(600), figures[0], *text(200), figures[1], *text(100)])
    paginator.place(setter.boxes([Heading("Next"), Para("x " * 900)], sheet.text_width))
    order = [box for page in paginator.pages for _top, box in page.items]
    first = [box for _top, box in paginator.pages[0].items]
    assert not any(isinstance(box, Figure) for box in first)
    used = sheet.height - sheet.top - (paginator.pages[0].items[-1][0] - first[-1].height)
    assert used > 0.8 * sheet.text_height  # the texts behind the figures fill the page
    placed = [order.index(figure) for figure in figures]
    heading = next(i for i, b in enumerate(order) if isinstance(b, SectionBox))
    assert placed == sorted(placed) and placed[-1] < heading


class Plot(Figure):
    """A figure that may be drawn down to four fifths of its height."""

    @property
    def first(self) -> float:
        return 0.8 * self.height

    def lower(self, room: float) -> Box | None:
        return Figure(room) if room >= self.first else None


@pytest.mark.parametrize(("room", "lowered"), [(0.9, True), (0.7, False)])
def test_a_plot_is_drawn_lower_rather_than_waiting(room: float, lowered: bool) -> None:
    """200 points beside 180 that are left become 180; beside 140 the plot waits for a page."""
    sheet = SHEETS["A4"]
    for allowed in (True, False):
        paginator = Paginator(sheet, lowering=allowed)
        paginator.place([Figure(sheet.text_height - room * 200.0), Plot(200.0)])
        heights = [[box.height for _top, box in page.items] for page in paginator.pages]
        if lowered and allowed:
            assert len(heights) == 1
            assert heights[0][1] == pytest.approx(180.0)
        else:
            assert [len(page) for page in heights] == [1, 1]
            assert heights[1] == [200.0]


def test_a_plot_is_drawn_at_the_height_that_is_left() -> None:
    found = Brief(cases.rich(), cases.analysis()).chart("cash_flow")
    assert isinstance(found, Chart)
    (box,) = picture(found, 480.0)
    assert isinstance(box, PictureBox)
    lower = box.lower(box.height - 20.0)
    assert isinstance(lower, PictureBox)
    assert lower.height == box.height - 20.0
    for each in (box, lower):  # each leaves the room that its drawing takes
        assert each.drawing(each.high_mm).height == pytest.approx(each.drawn)
    assert lower.drawn == pytest.approx(box.drawn - 20.0)
    assert box.lower(0.5 * box.height) is None  # too low to be read
    assert box.lower(box.height) is None  # it fits as it is
    (rows,) = picture(dataclasses.replace(found, least=1.0), 480.0)
    assert rows.lower(rows.height - 20.0) is None


def test_less_empty_layouts_are_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the layouts tried none leaves less empty, and a page of a few lines at the end counts."""
    sheet = SHEETS["A4"]

    def made(*shares: float) -> list[Page]:
        return [Page([(0.0, Box())], share * sheet.text_height) for share in shares]

    assert emptiness(made(1, 1, 1, 1), sheet) < emptiness(made(1, 0.6, 1, 1), sheet)
    assert emptiness(made(1, 0.8, 0.8, 1), sheet) < emptiness(made(1, 0.6, 1, 1), sheet)
    assert emptiness(made(1, 0.8, 0.8, 0.5), sheet) < emptiness(made(1, 1, 1, 0.1), sheet)

    kept: list[tuple[Sequence[Part], list[Page]]] = []

    def chosen(sheet: Sheet, parts: Sequence[Part], check: Callable[[], None]) -> list[Page]:
        kept.append((parts, arranged(sheet, parts, check)))
        return kept[-1][1]

    monkeypatch.setattr(document, "arranged", chosen)
    report_bytes(cases.rich(), analysis=cases.analysis())
    ((parts, pages),) = kept
    one_way = []
    for tight, (late, lowering, plots) in itertools.product(TIGHT, LAYOUTS):
        if plots < 1.0:
            continue  # plots are not drawn lower for a few lines, see ``LOWER_COST``
        paginator = Paginator(sheet, tight, late, lowering=lowering)
        for part in parts:
            if part.begins:
                paginator.new_page()
            paginator.place(part.boxes)
        one_way.append(emptiness(paginator.filled(), sheet))
    assert emptiness(pages, sheet) <= min(one_way)


def test_a_sentence_is_tied_to_a_table_without_a_caption_only() -> None:
    """A caption introduces its table, so what stands before it may end a page."""
    sheet = SHEETS["A4"]
    setter = Setter(lambda _key, _width: [], sheet)
    for caption, tied in (("", True), ("What it shows", False)):
        table = Table((Column("Name"),), (("a",),), caption=caption)
        sentence = setter.boxes([Para("A sentence."), table], sheet.text_width)[0]
        assert sentence.keep is tied


def test_plots_are_drawn_as_low_as_asked_but_no_lower_than_they_may_be() -> None:
    sheet = SHEETS["A4"]
    for share, high in ((1.0, 200.0), (0.9, 180.0), (0.0, 160.0)):
        paginator = Paginator(sheet, plots=share)
        paginator.place([Plot(200.0)])
        assert paginator.pages[0].used == pytest.approx(high)


def test_a_plot_that_fits_is_drawn_lower_where_what_follows_then_fits_too() -> None:
    """0.3 + 0.4 + 0.36 of a page is more than one; with the plot at 0.8 of its height it is not.

    Whatever stands above and below it cannot be broken, as a heading with a small table cannot.
    """
    sheet = SHEETS["A4"]

    def block(share: float) -> Box:
        made = Box()
        made.height = share * sheet.text_height
        return made

    section = [block(0.3), Plot(0.4 * sheet.text_height), block(0.36)]
    rest = Part([block(0.95)], begins=True)  # the last page counts in another way
    pages = arranged(sheet, [Part([block(0.9)]), Part(section, begins=True), rest], lambda: None)
    assert len(pages) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_is_in_the_order_of_its_language(language: str) -> None:
    """By the first letter: German was in the order of the English terms."""
    with speaking(language):
        (table,) = references.glossary(Brief(cases.rich(), None))
    assert isinstance(table, Table)
    firsts = [
        str(row[0])[0].upper().translate(str.maketrans("ÉÈÀÄÖÜ", "EEAAOU")) for row in table.rows
    ]
    assert firsts == sorted(firsts)


def test_a_figure_that_waits_stands_behind_a_split_table_never_amid_it() -> None:
    sheet = SHEETS["A4"]
    setter = Setter(lambda _key, _width: [], sheet)
    rows = tuple((f"line {n}", "1") for n in range(60))
    table = setter.boxes([Table((Column("Name"), Column("N")), rows)], sheet.text_width)
    text = setter.boxes([Para("word " * 400)], sheet.text_width)
    after = setter.boxes([Heading("Next"), Para("x " * 90)], sheet.text_width)
    paginator = Paginator(sheet)
    paginator.place([*text, Figure(0.7 * sheet.text_height), *table, *after])
    kinds = [type(box).__name__ for page in paginator.pages for _top, box in page.items]
    parts = [n for n, kind in enumerate(kinds) if kind == "TableBox"]
    assert len(parts) > 1 and parts == list(range(parts[0], parts[-1] + 1))
    assert kinds.count("Figure") == 1


def test_a_heading_stays_with_the_figure_below_it() -> None:
    sheet = SHEETS["A4"]
    setter = Setter(lambda _key, _width: [], sheet)
    for words in range(100, 700, 50):
        queue = [
            *setter.boxes([Para("word " * words)], sheet.text_width),
            Figure(0.6 * sheet.text_height),
            *setter.boxes([Heading("Under it", 2)], sheet.text_width),
            Figure(0.3 * sheet.text_height),
        ]
        paginator = Paginator(sheet)
        paginator.place(queue)
        for page in paginator.pages:
            boxes = [box for _top, box in page.items]
            if queue[-2] in boxes:
                assert boxes[boxes.index(queue[-2]) + 1] is queue[-1]


def test_a_long_paragraph_leaves_two_lines_on_either_page() -> None:
    sheet = SHEETS["A4"]
    setter = Setter(lambda _key, _width: [], sheet)
    for words in range(700, 1100, 25):
        paginator = Paginator(sheet)
        paginator.place(setter.boxes([Para("word " * words), Para("x " * 900)], sheet.text_width))
        heights = [box.height for page in paginator.pages for _top, box in page.items]
        assert min(heights) > 20.0  # two lines of 12.7 points


def test_every_kind_of_block_has_a_place() -> None:
    sheet = SHEETS["A4"]
    setter = Setter(lambda _key, _width: [], sheet)
    blocks = [Heading("A", 2), Para(""), Bullets(("a",)), Callout("b"), Table((), ())]
    for width in (60.0, sheet.text_width):
        assert all(box.height >= 0 for box in setter.boxes(blocks, width))


def test_bills_and_totals_are_those_of_the_answer() -> None:
    text, answer = all_text(report("rich")), cases.rich()
    winner = answer.winner
    assert winner is not None and winner.cost is not None
    for usd in (*winner.cost.yearly_usd, winner.cost.npv_usd):
        assert f"{usd * 0.8:,.0f}" in text  # one dollar is 0.8 euros
    for option in answer.options:
        assert option.cost is not None
        assert f"{option.cost.usd_per_mtok.base * 0.8:.2f}" in text
        assert option.title in text
    for option in answer.rejected:
        assert option.title in text


class Stack(Box):
    """Something that neither breaks nor may wait."""

    def __init__(self, height: float) -> None:
        self.height = height


def columns_of(*heights: float) -> ColumnsBox:
    return ColumnsBox([[Stack(height)] for height in heights], 400.0)


def test_two_columns_end_as_much_alike_as_their_order_allows() -> None:
    # 100 + 80 | 90 + 60 is 180 high; after the first it would be 230, after the third 270
    assert columns_of(100.0, 80.0, 90.0, 60.0).height == 180.0
    assert columns_of(100.0).height == 100.0


def test_columns_go_on_on_the_next_page_where_both_are_full() -> None:
    box = columns_of(100.0, 80.0, 90.0, 60.0, 50.0, 40.0)
    parts = box.split(175.0, 700.0)
    assert parts is not None
    first, rest = parts
    # of three the tallest side is 170; four would be 180
    assert first.height == 170.0 and rest.height == 90.0
    assert box.split(90.0, 700.0) is None  # not even one in each column
    assert box.first == 100.0


def small_table(rows: int) -> Table:
    return Table((Column("Input"), Column("Value")), tuple((f"{n}", "x") for n in range(rows)))


def boxes_in(columns: ColumnsBox) -> list[list[TableBox]]:
    return [
        [box for _offset, box in placed if isinstance(box, TableBox)]
        for placed, _height in columns.inside.stacks
    ]


def test_a_long_table_goes_on_in_the_second_column_and_nowhere_else() -> None:
    """A table of 15 rows was cut in two that stood below each other, with headings twice."""
    setter = Setter(lambda _key, _width: [], SHEETS["A4"])
    blocks = Columns(((small_table(20),), (small_table(4),)))
    (columns,) = setter.boxes([blocks], 400.0)
    assert isinstance(columns, ColumnsBox)
    left, right = boxes_in(columns)
    assert len(left) == 1 and [table.continued for table in right] == [True, False]
    assert len(left[0].rows) + len(right[0].rows) == 20
    heights = [height for _placed, height in columns.inside.stacks]
    assert max(heights) - min(heights) < 40.0
    # two tables that are nearly alike stay whole
    (columns,) = setter.boxes([Columns(((small_table(14),), (small_table(11),)))], 400.0)
    assert isinstance(columns, ColumnsBox)
    assert [[len(t.rows) for t in side] for side in boxes_in(columns)] == [[14], [11]]


def test_columns_that_do_not_fit_break_inside_a_table_and_lose_no_row() -> None:
    setter = Setter(lambda _key, _width: [], SHEETS["A4"])
    (columns,) = setter.boxes([Columns(((small_table(60),), (small_table(9),)))], 400.0)
    assert isinstance(columns, ColumnsBox)
    parts = columns.split(300.0, 700.0)
    assert parts is not None and parts[0].height <= 300.0
    told = [t for part in parts for side in boxes_in(part) for t in side]  # type: ignore[arg-type]  # both are columns
    assert sum(len(table.rows) for table in told) == 69


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("paper", SHEETS)
def test_the_glossary_takes_no_second_page(code: str, paper: Paper) -> None:
    """Its last three rows stood alone on the last page."""
    sheet = SHEETS[paper]
    setter, paginator = Setter(lambda _key, _width: [], sheet), Paginator(sheet)
    with speaking(code):
        blocks = [Heading("Glossary"), *references.glossary(Brief(cases.empty()))]
        paginator.place(setter.boxes(blocks, sheet.text_width))
    assert len(paginator.pages) == 1


def test_small_tables_of_inputs_fill_the_pages_before_the_options() -> None:
    """Pages of small tables were a third empty, and the options began with three rows."""
    sheet = SHEETS["A4"]
    setter = Setter(lambda _key, _width: [], sheet)
    table = Table((Column("Input"), Column("Value")), tuple((f"{n}", "x") for n in range(8)))
    parts = Columns(tuple((table,) for _ in range(9)))
    paginator = Paginator(sheet)
    paginator.place(setter.boxes([Heading("Inputs"), Para("word " * 700), parts], sheet.text_width))
    first, second = paginator.pages
    assert first.used > 0.75 * sheet.text_height
    assert len(second.items) == 1


@pytest.mark.parametrize("rows", [(47, 36), (47, 41), (48, 40), (60, 20)])
def test_columns_that_fit_a_page_only_with_a_broken_table_do(rows: tuple[int, int]) -> None:
    """Two columns of whole tables a little higher than the page ended the report with an error."""
    sheet = SHEETS["A4"]
    tables = tuple((small_table(n),) for n in rows)
    boxes = Setter(lambda _key, _width: [], sheet).boxes([Columns(tables)], sheet.text_width)
    paginator = Paginator(sheet)
    paginator.place(boxes)
    assert all(page.used <= sheet.text_height + 0.01 for page in paginator.pages)
    shown = [box for page in paginator.filled() for _, box in page.items]
    columns = [box for box in shown if isinstance(box, ColumnsBox)]
    held = [table for box in columns for side in boxes_in(box) for table in side]
    assert sum(len(table.rows) for table in held) == sum(rows)
