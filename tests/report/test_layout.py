from __future__ import annotations

import functools

import pytest

from core.report.boxes import Box, SectionBox
from core.report.brief import Brief
from core.report.content import Bullets, Callout, Heading, Para, Table
from core.report.layout import Page, Paginator, Setter
from core.report.pictures import picture
from core.report.sections import PLANS
from core.report.style import SHEETS, Paper
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
