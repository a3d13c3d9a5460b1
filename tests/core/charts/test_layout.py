"""Every chart at several sizes: nothing outside the figure, nothing on top of anything else."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import _ImageBase
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from core.charts import DARK, HIGH_CONTRAST, KEYS, LIGHT, PRINT, Chart, Theme, chart, figure
from core.charts.rows import bar, row_plot
from core.charts.scales import Axis, crossing
from core.charts.sheet import Sheet
from core.charts.text import safe, wrap
from core.charts.theme import contrast
from tests.core.charts import examples

WIDTHS = (80.0, 120.0, 180.0)
HOSTILE = (
    "$\\frac{1}{2}$ <b>&amp; \x00\x07 line\nbreak\ttab",
    "W" * 10_000,
    "価格 🚀 שלום مرحبا",
    "",
)


@pytest.fixture(scope="module")
def answer() -> Any:
    return examples.recommendation()


@pytest.fixture(scope="module")
def everything(answer: Any) -> dict[str, Chart]:
    found = {key: chart(key, answer, None, examples.analysis(answer)) for key in KEYS}
    return {key: item for key, item in found.items() if isinstance(item, Chart)}


def drawn(item: Chart, theme: Theme, width: float) -> Figure:
    made = figure(item, theme, width, item.height_mm(width))
    FigureCanvasAgg(made)
    made.canvas.draw()
    return made


def texts(made: Figure) -> Iterator[tuple[str, Bbox]]:
    renderer = made.canvas.get_renderer()  # type: ignore[attr-defined]  # the Agg canvas has one
    for artist in made.findobj(Text):
        if artist.get_visible() and artist.get_text().strip():
            yield artist.get_text(), artist.get_window_extent(renderer)


def outside(made: Figure) -> list[str]:
    box = made.bbox
    return [
        text
        for text, b in texts(made)
        if b.x0 < box.x0 - 0.5 or b.y0 < box.y0 - 1.5 or b.x1 > box.x1 + 0.5 or b.y1 > box.y1 + 1.5
    ]


def collisions(made: Figure) -> list[tuple[str, str]]:
    """Pairs of words that overlap by more than the air around letters."""
    found = []
    for (first, a), (second, b) in itertools.combinations(list(texts(made)), 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > 1.0 and high > 0.28 * min(a.height, b.height):
            found.append((first, second))
    return found


def test_the_collision_check_sees_a_collision() -> None:
    made = Figure(figsize=(2, 2))
    FigureCanvasAgg(made)
    made.text(0.5, 0.5, "first")
    made.text(0.52, 0.5, "second")
    made.text(0.9, 0.1, "beyond the edge")
    made.canvas.draw()
    assert collisions(made) == [("first", "second")]
    assert outside(made) == ["beyond the edge"]


def test_the_example_has_every_chart(everything: dict[str, Chart]) -> None:
    assert set(everything) == set(KEYS)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("key", KEYS)
def test_words_stay_inside_and_apart(key: str, width: float, everything: dict[str, Chart]) -> None:
    made = drawn(everything[key], PRINT, width)
    assert outside(made) == []
    assert collisions(made) == []


@pytest.mark.parametrize("key", KEYS)
def test_larger_text_still_fits(key: str, everything: dict[str, Chart]) -> None:
    item = everything[key]
    theme = dataclasses.replace(LIGHT, text_pt=13.0)
    made = figure(item, theme, 250.0, item.height_mm(170.0) * 1.55)
    FigureCanvasAgg(made)
    made.canvas.draw()
    assert outside(made) == []


@pytest.mark.parametrize("theme", [DARK, HIGH_CONTRAST], ids=lambda t: t.name)
def test_themes_paint_their_background(theme: Theme, everything: dict[str, Chart]) -> None:
    for item in everything.values():
        made = drawn(item, theme, 120.0)
        assert made.get_facecolor()[:3] == pytest.approx(
            [int(theme.background[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        )


def test_the_vector_renderer_meets_nothing_it_refuses(everything: dict[str, Chart]) -> None:
    for item in everything.values():
        made = drawn(item, PRINT, 80.0)
        assert not made.findobj(_ImageBase)
        assert not any(axes.images for axes in made.axes)
        assert not any(t.get_parse_math() for t in made.findobj(Text) if "$" in t.get_text())


def test_drawing_again_replaces_what_was_there(everything: dict[str, Chart]) -> None:
    item = everything["cost_per_mtok"]
    made = drawn(item, PRINT, 120.0)
    before = sorted(text for text, _box in texts(made))
    item.draw(made, PRINT)
    assert sorted(text for text, _box in texts(made)) == before


@pytest.mark.parametrize("words", HOSTILE, ids=["markup", "endless", "scripts", "empty"])
def test_any_text_is_drawn_literally_or_marked(words: str) -> None:
    options = [dataclasses.replace(o, title=words) for o in examples.options()]
    answer = examples.recommendation(options, demand=(examples.demand(words),), base_case=words)
    for key in KEYS:
        item = chart(key, answer, None, examples.analysis(answer))
        if isinstance(item, Chart):
            assert outside(drawn(item, PRINT, 80.0)) == [], key


def test_unknown_signs_are_told_by_their_numbers() -> None:
    assert safe("価格 a\x00b\u200b\n") == "[U+4FA1 U+683C] a b"
    assert safe("50 % – Größe “é” €") == "50 % – Größe “é” €"


@pytest.mark.parametrize("theme", [PRINT, HIGH_CONTRAST], ids=lambda t: t.name)
def test_words_on_a_hatched_bar_stand_on_a_plain_patch_of_the_page(theme: Theme) -> None:
    """Black on a patch of the bar's colour amid its stripes was hardly read."""
    assert theme.hatched
    figure = Figure(figsize=(4.0, 1.0))
    sheet = Sheet(figure, theme)
    rows = row_plot(sheet, sheet.box, ["Row"], (), Axis(0.0, 100.0, ""))
    for n in range(4):
        bar(sheet, rows, 0, 25.0 * n, 25.0 * (n + 1), sheet.style(n), row=0, text="19 %")
    patches = [p for p in figure.artists if isinstance(p, Rectangle)]
    words = [t for t in figure.texts if t.get_text() == "19 %"]
    assert len(words) == 4
    for number, text in enumerate(words):
        if not sheet.style(number).hatch:
            continue
        assert text.get_color() == theme.text
        x = text.get_position()[0]
        under = [p for p in patches if p.get_x() < x < p.get_x() + p.get_width()]
        top = under[-1]  # drawn last
        assert to_hex(top.get_facecolor()) == to_hex(theme.background) and not top.get_hatch()
        assert contrast(theme.text, theme.background) >= 4.5


def test_a_hatched_bar_too_short_to_be_seen_beside_its_words_has_none() -> None:
    """Two slivers beside a figure were read as two bars, and as the row's sum."""
    figure = Figure(figsize=(4.0, 1.0))
    sheet = Sheet(figure, PRINT)
    rows = row_plot(sheet, sheet.box, ["Row"], (), Axis(0.0, 100.0, ""))
    hatched = next(s for n in range(8) if (s := sheet.style(n)).hatch)
    words = sheet.measure("4.25")
    for share, told in ((words + 3.0, False), (words + 9.0, True)):
        before = len(figure.texts)
        bar(sheet, rows, 0, 0.0, 100.0 * share / rows.frame.width, hatched, row=0, text="4.25")
        assert (len(figure.texts) > before) is told


def test_names_that_would_wrap_stand_above_their_bars() -> None:
    """Of two lines each, beside rows this close, the names of one ran into those of the next."""
    figure = Figure(figsize=(6.7, 3.3))
    sheet = Sheet(figure, PRINT)
    name = "On-premises: 6 to 8 x Edge server, 2x RTX PRO 6000 Blackwell"
    assert 0.42 * sheet.box.width < sheet.measure(name) < 0.5 * sheet.box.width
    row_plot(sheet, sheet.box, [name] * 9, (), Axis(0.0, 100.0, ""))
    assert sum(t.get_text() == name for t in figure.texts) == 9


def test_words_above_a_bar_leave_an_upright_line_whole() -> None:
    """The line at no lead, near the left edge, was cut at every row."""
    figure = Figure(figsize=(6.7, 2.0))
    sheet = Sheet(figure, PRINT)
    names = ["Demand (requests and tokens)", "A name " * 20]
    rows = row_plot(
        sheet, sheet.box, names, (), Axis(-0.3, 9.7, ""), words_above=True, uprights=(0.0,)
    )
    short, long = (t for t in figure.texts if t.get_text().startswith(("Demand", "A name")))
    assert sheet.box.left < rows.at(0.0) < sheet.box.left + 10.0
    assert rows.at(0.0) < short.get_position()[0] < rows.at(0.0) + 3.0
    assert long.get_position()[0] == sheet.box.left  # no room for it behind the line


@pytest.mark.parametrize("limit_mm", [20.0, 25.0, 30.0, 35.0, 40.0])
def test_a_count_stays_with_what_it_counts(limit_mm: float) -> None:
    lines = wrap("On-premises: 2 x PCIe server, 4x H200 NVL", limit_mm, 7.6, 4)
    assert len(lines) > 1
    assert not any(line.endswith(("2", "2 x")) for line in lines)


def test_the_height_of_a_line_between_its_points() -> None:
    line = [(0.0, 2.8), (1.0, 2.4), (2.0, 2.0)]
    assert crossing(line, 1.5) == pytest.approx(2.2)
    assert crossing(line, 1.0) == pytest.approx(2.4)
    assert crossing(line, -0.1) is None and crossing(line, 2.1) is None
