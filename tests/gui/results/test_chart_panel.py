"""Charts on the screen: drawn when seen, with table, copy, save, and values under the pointer."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QImage, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from core.charts.records import Absent, Chart
from core.charts.sheet import mark_row
from core.charts.theme import DARK, HIGH_CONTRAST, LIGHT
from gui.results import hover
from gui.results.chart_area import Wanted, theme_of
from gui.results.chart_area import draw as draw_picture
from gui.results.chart_panel import ChartPanel
from gui.results.charts_view import ChartsView, make_charts
from tests.gui.results import samples

drawn: list[tuple[str, tuple[float, ...]]] = []


def draw(figure: Any, theme: Any) -> None:
    figure.clear()
    figure.set_facecolor(theme.background)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.plot([1.0, 2.0, 3.0], [1.0, 4.0, 9.0], label="Squares")
    mark_row(axes.bar([2.0], [2.0], width=0.5).patches[0], 1)
    axes.set_xlim(0.0, 4.0)
    axes.set_ylim(0.0, 10.0)
    drawn.append((theme.name, tuple(figure.get_size_inches())))


CHART = Chart(
    "squares", "Squares", "Rises from 1 to 9.", ("Name", "Value (kW)"),
    (("one", 1.0), ("=cmd|' /C calc'!A0", 4.25), ("none", None)), draw, note="A note.",
)  # fmt: skip  # one chart
ABSENT = Absent("gone", "Gone", "No price is known.")


@pytest.fixture
def panel(qtbot: Any) -> ChartPanel:
    drawn.clear()
    made = ChartPanel()
    qtbot.addWidget(made)
    made.resize(600, 420)
    return made


def seen(panel: ChartPanel, qtbot: Any) -> None:
    panel.show()
    qtbot.waitUntil(lambda: panel.area.drawn is not None, timeout=20_000)


def test_draws_only_once_it_is_visible_and_not_twice(panel: ChartPanel, qtbot: Any) -> None:
    panel.show_item(CHART)
    panel.area.draw_now()
    assert drawn == []
    assert panel.area.drawn is None
    seen(panel, qtbot)
    qtbot.waitUntil(lambda: not panel.area._timer.isActive())
    count = len(drawn)
    panel.area.draw_now()
    assert not panel.area._worker.running
    assert len(drawn) == count


def test_says_it_in_words_for_those_who_cannot_see_it(panel: ChartPanel, qtbot: Any) -> None:
    panel.show_item(CHART)
    seen(panel, qtbot)
    assert panel.area.picture.accessibleName() == "Squares"
    assert panel.area.picture.accessibleDescription() == "Rises from 1 to 9."
    assert panel.area.caption.text() == "Rises from 1 to 9. A note."


def test_redraws_for_a_new_size_and_new_colours(panel: ChartPanel, qtbot: Any) -> None:
    panel.show_item(CHART)
    seen(panel, qtbot)
    before = drawn[-1]
    panel.resize(900, 420)
    qtbot.waitUntil(lambda: drawn[-1][1][0] > before[1][0], timeout=20_000)
    dark = QPalette(panel.palette())
    dark.setColor(QPalette.ColorRole.Base, QColor("#14181c"))
    panel.setPalette(dark)
    qtbot.waitUntil(lambda: drawn[-1][0] == "dark", timeout=20_000)


@pytest.mark.parametrize(
    ("base", "theme"), [("#ffffff", LIGHT), ("#12171c", DARK), ("#000000", HIGH_CONTRAST)]
)
def test_theme_goes_with_the_palette(base: str, theme: Any) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    assert theme_of(palette) is theme


def test_table_view_holds_the_charts_numbers(panel: ChartPanel) -> None:
    panel.show_item(CHART)
    panel.show()
    panel.table_button.click()
    assert panel.stack.currentWidget() is panel.table
    model = panel.table.model()
    shown = [[model.index(r, c).data() for c in range(2)] for r in range(3)]
    assert shown == [["one", "1"], ["=cmd|' /C calc'!A0", "4.25"], ["none", "–"]]
    panel.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [model.index(r, 1).data() for r in range(3)] == ["4.25", "1", "–"]


def test_an_absent_chart_says_why_and_offers_nothing_to_save(panel: ChartPanel) -> None:
    panel.show_item(ABSENT)
    panel.show()
    assert panel.stack.currentWidget() is panel.absent
    assert panel.absent.text() == "No price is known."
    assert not panel.save_button.isEnabled()
    assert panel.save("png") is False


def test_copies_picture_and_numbers(panel: ChartPanel, qtbot: Any) -> None:
    panel.show_item(CHART)
    seen(panel, qtbot)
    panel.copy_button.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text().splitlines()[0] == "Name\tValue (kW)"
    image = clipboard.image()
    assert isinstance(image, QImage) and image.width() > 300


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_saves_in_every_format(panel: ChartPanel, kind: str, tmp_path: Path, qtbot: Any) -> None:
    said: list[str] = []
    panel.saved.connect(said.append)
    panel.show_item(CHART)
    panel.ask_path = lambda name, wanted: str(tmp_path / Path(name).stem)
    with qtbot.waitSignal(panel.saved, timeout=20_000):
        assert panel.save(kind)
    file = tmp_path / f"Squares.{kind}"
    assert said == [f"Saved: {file}"]
    data = file.read_bytes()
    if kind == "png":
        # 170 mm at 300 dots per inch.
        assert QImage.fromData(data).width() == pytest.approx(170 / 25.4 * 300, abs=2)
    elif kind == "svg":
        assert ET.fromstring(data).tag.endswith("svg")
    else:
        rows = list(csv.reader(io.StringIO(data.decode())))
        assert rows[0] == ["Name", "Value (kW)"]
        assert rows[1] == ["one", "1.0"]
        assert rows[2] == ["'=cmd|' /C calc'!A0", "4.25"]
        assert rows[3] == ["none", ""]


def test_says_why_a_file_cannot_be_written(panel: ChartPanel, tmp_path: Path, qtbot: Any) -> None:
    said: list[str] = []
    panel.refused.connect(said.append)
    panel.show_item(CHART)
    panel.ask_path = lambda name, kind: str(tmp_path / "no such folder" / name)
    with qtbot.waitSignal(panel.refused):
        panel.save("csv")
    assert "does not exist" in said[0] and "Squares.csv" in said[0]
    panel.ask_path = lambda name, kind: ""
    assert panel.save("csv") is False
    assert len(said) == 1


def test_shows_the_row_under_the_pointer(
    panel: ChartPanel, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda point, text, widget: shown.append(text))
    panel.show_item(CHART)
    seen(panel, qtbot)
    found = panel.area.drawn
    assert found is not None
    # The middle of the bar (x 2, y 1), from the figure's pixels to the widget's.
    x, y = found.figure.axes[0].transData.transform((2.0, 1.0))
    picture = panel.area.picture
    place = QPointF(x / found.wanted.ratio, found.wanted.height - y / found.wanted.ratio)
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, QPointF(picture.mapToGlobal(QPoint(0, 0))) + place,
        Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip  # one event
    QApplication.sendEvent(picture, event)
    assert shown == ["Name: =cmd|' /C calc'!A0\nValue (kW): 4.25"]


def test_shows_a_point_of_a_line_near_the_pointer() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4))
    FigureCanvasAgg(figure)
    draw(figure, LIGHT)
    x, y = figure.axes[0].transData.transform((3.0, 9.0))
    assert hover.text_at(CHART, figure, x + 5, y - 5) == "Squares\n3 · 9"
    assert hover.text_at(CHART, figure, x + 40, y - 40) == ""


def test_a_drawing_that_fails_says_so(panel: ChartPanel, qtbot: Any) -> None:
    def broken(figure: Any, theme: Any) -> None:
        raise ValueError("the reason")

    panel.show_item(Chart("x", "X", "", ("a",), (), broken))
    panel.show()
    qtbot.waitUntil(lambda: "the reason" in panel.area.picture.text(), timeout=20_000)


def test_pixels_are_as_fine_as_the_screen() -> None:
    chart = Chart("x", "X", "", ("a",), (), draw)
    image = draw_picture(Wanted(chart, LIGHT, 400, 300, 96.0, 2.0)).image
    assert (image.width(), image.height(), image.devicePixelRatio()) == (800, 600, 2.0)
    assert image.pixelColor(2, 2).name() == LIGHT.background


# -- the list ----------------------------------------------------------------------------------


@pytest.fixture
def view(qtbot: Any) -> Any:
    made: list[ChartsView] = []

    def make(source: Any) -> ChartsView:
        drawn.clear()
        found = ChartsView(source)
        qtbot.addWidget(found)
        found.resize(800, 460)
        made.append(found)
        return found

    yield make
    for one in made:
        one.close_down()


def test_asks_for_charts_only_when_seen_and_once(view: Any, qtbot: Any) -> None:
    asked: list[Any] = []
    answer = samples.recommendation()

    def source(*given: Any) -> Any:
        asked.append(given)
        return (CHART, ABSENT)

    charts = view(source)
    charts.show_results(answer, answer.winner, None)
    assert asked == []
    charts.show()
    qtbot.waitUntil(lambda: charts.list.count() == 2)
    charts.hide()
    charts.show()
    charts.show_results(answer, answer.winner, None)
    assert len(asked) == 1
    assert charts.panel.item is CHART
    assert charts.list.item(1).text() == "Gone (not available)"


def test_the_chosen_chart_stays_for_another_option(view: Any, qtbot: Any) -> None:
    answer = samples.recommendation()
    charts = view(lambda *given: (CHART, Absent("gone", f"Gone {given[1].id}", "No price.")))
    charts.show_results(answer, answer.options[0], None)
    charts.show()
    qtbot.waitUntil(lambda: charts.list.count() == 2)
    charts.show_key("gone")
    charts.show_results(answer, answer.options[1], None)
    wanted = f"Gone {answer.options[1].id}"
    qtbot.waitUntil(lambda: charts.panel.title.text() == wanted)


def test_a_failure_is_told(view: Any, qtbot: Any) -> None:
    def broken(*given: Any) -> Any:
        raise ValueError("the reason")

    answer = samples.recommendation()
    charts = view(broken)
    charts.show_results(answer, None, None)
    charts.show()
    qtbot.waitUntil(lambda: "the reason" in charts.about.text())


def test_the_engines_own_charts_are_shown_and_drawn(view: Any, qtbot: Any) -> None:
    answer = samples.recommendation()
    charts = view(make_charts)
    charts.show_results(answer, answer.option("own"), samples.analysis(answer))
    charts.show()
    qtbot.waitUntil(lambda: charts.list.count() > 3, timeout=60_000)
    for row in range(charts.list.count()):
        charts.list.setCurrentRow(row)
        item = charts.panel.item
        assert item is not None
        if isinstance(item, Chart):
            qtbot.waitUntil(lambda item=item: shown(charts) is item, timeout=60_000)
            assert charts.panel.model.rowCount() == len(item.rows)
            assert item.alt_text in charts.panel.area.caption.text()


def shown(charts: ChartsView) -> Chart | None:
    found = charts.panel.area.drawn
    return None if found is None else found.wanted.chart


def test_no_title_is_cut_at_any_width_of_the_list(view: Any, qtbot: Any) -> None:
    answer = samples.recommendation()
    titles = ("Cost against utilisation", "How much to own: base and burst", "Where it goes")
    charts = view(lambda *_given: [Absent(str(i), t, "No price.") for i, t in enumerate(titles)])
    charts.show_results(answer, None, None)
    charts.show()
    qtbot.waitUntil(lambda: charts.list.count() == len(titles))
    for width in range(200, 280):
        charts.list.setFixedWidth(width)
        charts.list.doItemsLayout()
        for row in range(len(titles)):
            entry = charts.list.item(row)
            place = charts.list.visualItemRect(entry)
            room = place.adjusted(4, 0, -4, 400)  # the margins that Qt draws with
            wrap = int(Qt.TextFlag.TextWordWrap)
            needed = QFontMetrics(entry.font()).boundingRect(room, wrap, entry.text())
            assert place.height() >= needed.height(), (width, entry.text())
