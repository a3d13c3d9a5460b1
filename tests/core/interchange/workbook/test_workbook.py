"""The spreadsheet computes what the engine computed, and what it would if an input changed."""

from __future__ import annotations

import dataclasses
import io
import math
import zipfile
from xml.etree import ElementTree

import pytest

from core.assessment import with_value
from core.interchange.exports import option_columns
from core.interchange.workbook import workbook_bytes
from core.interchange.workbook.cost_model import level_growth
from core.language import speaking
from core.recommendation import Option, Recommendation
from tests.core.assess import cases
from tests.core.charts import examples
from tests.core.interchange.workbook.spreadsheet import Spreadsheet

MODEL = "Cost model"
RATE = (MODEL, "B4")
SHEETS = ["Summary", "Options", MODEL, "Assumptions", "Gates", "Performance", "Sources"]


@pytest.fixture(scope="module")
def recommendation() -> Recommendation:
    return cases.run(economics__horizon_years=3, economics__currency="EUR")


@pytest.fixture(scope="module")
def book(recommendation: Recommendation) -> Spreadsheet:
    return Spreadsheet.of(workbook_bytes(recommendation))


def result(book: Spreadsheet, option: Option, label: str) -> float:
    top = book.find(MODEL, f"{option.rank}. {option.title}")
    return book.value(MODEL, f"B{book.find(MODEL, label, top)}")


NPV = "Present value of all costs"
BASE, LOW, HIGH = (
    "Levelised cost, USD per million tokens",
    "Low: every line at its low factor",
    "High: every line at its high factor",
)


def test_the_sheets_are_all_there(book: Spreadsheet) -> None:
    assert list(book.sheets) == SHEETS


def test_every_formula_gives_its_stored_value(book: Spreadsheet) -> None:
    formulas = 0
    for sheet, cells in book.sheets.items():
        for address, cell in cells.items():
            if cell.formula is not None:
                formulas += 1
                assert cell.number is not None
                assert book.value(sheet, address) == pytest.approx(cell.number, rel=1e-9, abs=1e-9)
    assert formulas > 100


def test_the_results_are_those_of_the_engine(
    book: Spreadsheet, recommendation: Recommendation
) -> None:
    assert len(recommendation.options) > 3
    for option in recommendation.options:
        assert option.cost is not None
        cost = option.cost
        assert result(book, option, NPV) == pytest.approx(cost.npv_usd, rel=1e-9)
        assert result(book, option, BASE) == pytest.approx(cost.usd_per_mtok.base, rel=1e-9)
        assert result(book, option, LOW) == pytest.approx(cost.usd_per_mtok.low, rel=1e-9)
        assert result(book, option, HIGH) == pytest.approx(cost.usd_per_mtok.high, rel=1e-9)
        own = result(book, option, "Levelised cost, EUR per million tokens")
        assert own == pytest.approx(recommendation.money(cost.usd_per_mtok.base), rel=1e-9)


def test_savings_and_return_follow_the_base_case(
    book: Spreadsheet, recommendation: Recommendation
) -> None:
    saved = "Saved against the base case, present value"
    gain = "The same over the present value of what is invested"
    cheaper = book.with_inputs({(MODEL, "B6"): 0.0})
    owned = 0
    for option in recommendation.options:
        assert option.cost is not None
        assert option.cost.savings_npv_usd is not None
        amount = result(book, option, saved)
        assert amount == pytest.approx(option.cost.savings_npv_usd, rel=1e-9, abs=1e-3)
        assert result(cheaper, option, saved) == pytest.approx(-option.cost.npv_usd, rel=1e-9)
        if option.cost.roi is not None:
            owned += 1
            assert result(book, option, gain) == pytest.approx(option.cost.roi, rel=1e-9)
    assert owned


def test_another_discount_rate_gives_what_the_engine_gives_for_it(
    book: Spreadsheet, recommendation: Recommendation
) -> None:
    other = cases.run(with_value(recommendation.assessment, "economics.discount_rate", 0.21))
    changed = book.with_inputs({RATE: 0.21})
    both = {o.id for o in recommendation.options} & {o.id for o in other.options}
    assert len(both) > 3
    same = 0
    for option in recommendation.options:
        if option.id in both:
            again = other.option(option.id)
            assert option.cost is not None
            assert again.cost is not None
            if again.cost.yearly_usd == option.cost.yearly_usd:  # not led to other equipment
                same += 1
                assert result(changed, option, NPV) == pytest.approx(again.cost.npv_usd, rel=1e-9)
    assert same > 2


def test_without_discounting_the_present_value_is_the_sum(
    book: Spreadsheet, recommendation: Recommendation
) -> None:
    free = book.with_inputs({RATE: 0.0})
    for option in recommendation.options:
        assert option.cost is not None
        total = math.fsum(option.cost.yearly_usd)
        assert result(free, option, NPV) == pytest.approx(total, rel=1e-9)
        mtok = sum(option.cost.tokens_by_year) / 1e6
        assert result(free, option, BASE) == pytest.approx(total / mtok, rel=1e-9)


def test_a_line_can_be_scaled(book: Spreadsheet, recommendation: Recommendation) -> None:
    option = recommendation.options[0]
    assert option.cost is not None
    top = book.find(MODEL, f"1. {option.title}")
    for n, line in enumerate(option.cost.lines, 1):
        halved = book.with_inputs({(MODEL, f"C{top + n}"): 0.5})
        expected = option.cost.npv_usd - line.present_value_usd / 2
        assert result(halved, option, NPV) == pytest.approx(expected, rel=1e-9)


def test_growth_is_an_input_where_it_is_level(
    book: Spreadsheet, recommendation: Recommendation
) -> None:
    found = 0
    for option in recommendation.options:
        assert option.cost is not None
        top = book.find(MODEL, f"{option.rank}. {option.title}")
        for n, line in enumerate(option.cost.lines, 1):
            address = f"F{top + n}"
            if address not in book.sheets[MODEL]:
                continue
            found += 1
            level = book.with_inputs({(MODEL, address): 0.0})
            for column in "IJ":  # the second and third year
                value = level.value(MODEL, f"{column}{top + n}")
                assert value == pytest.approx(line.yearly_usd[1], rel=1e-12)
    assert found > 3
    assert level_growth([100.0, 103.0, 106.09]) == pytest.approx(0.03)
    assert level_growth([100.0, 103.0, 206.0]) is None
    assert level_growth([0.0, 1.0]) is None
    assert level_growth([5.0]) is None


def test_summary_and_options_follow_the_model(
    book: Spreadsheet, recommendation: Recommendation
) -> None:
    winner = recommendation.options[0]
    assert winner.cost is not None
    row = book.find("Summary", BASE)
    assert book.value("Summary", f"B{row}") == pytest.approx(winner.cost.usd_per_mtok.base)
    free = book.with_inputs({RATE: 0.0})
    total = math.fsum(winner.cost.yearly_usd)
    present = free.find("Summary", "Present value of all costs, USD")
    assert free.value("Summary", f"B{present}") == pytest.approx(total)
    names = [cell.text for cell in list(book.sheets["Options"].values())
             if cell.text is not None][: len(option_columns(recommendation)[0])]  # fmt: skip
    assert names == list(option_columns(recommendation)[0])


def test_every_option_gate_and_serving_has_its_row(
    book: Spreadsheet, recommendation: Recommendation
) -> None:
    every = cases.every(recommendation)

    def rows(sheet: str) -> int:
        return sum(a.startswith("A") and a[1:].isdigit() for a in book.sheets[sheet]) - 1

    assert rows("Options") == len(every)
    assert rows("Gates") == sum(len(option.gates) for option in every)
    assert rows("Performance") == sum(len(option.servings) for option in every)
    provenances = {p for o in every for p in o.sources}
    provenances |= {x.provenance for o in every if o.cost for x in o.cost.lines}
    assert rows("Sources") == len(provenances | {recommendation.currency.provenance})


# ------------------------------------------------------------------------ what is typed


@pytest.mark.parametrize(
    "title",
    ["=1+1", "=HYPERLINK(\"http://x\",\"y\")", "+cmd|' /C calc'!A0", "@SUM(1)", "{=1}",
     "a<b>&c \x00\x07\ud800 é 漢", "http://example.org", "x" * 60_000, "12"],
)  # fmt: skip
def test_what_the_user_types_stays_text(title: str) -> None:
    base = examples.recommendation()
    project = dataclasses.replace(base.assessment.project, title=title, author=title)
    assessment = dataclasses.replace(base.assessment, project=project)
    content = workbook_bytes(dataclasses.replace(base, assessment=assessment))
    cell = Spreadsheet.of(content).sheets["Summary"]["A1"]
    assert cell.formula is None
    assert cell.text is not None
    assert len(cell.text) <= 32_767
    if title.isprintable() and len(title) < 1000:
        assert cell.text == title
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        for name in file.namelist():
            ElementTree.fromstring(file.read(name))
        assert not any("hyperlink" in file.read(name).decode().lower() for name in file.namelist()
                       if name.endswith(".rels"))  # fmt: skip  # one condition


def test_the_same_recommendation_gives_the_same_bytes() -> None:
    base = examples.recommendation()
    analysis = examples.analysis(base)
    assert workbook_bytes(base, analysis) == workbook_bytes(base, analysis)


def test_nothing_feasible_and_nothing_at_all_are_complete_too() -> None:
    base = examples.recommendation()
    none = dataclasses.replace(base, options=(), rejected=(*base.options, *base.rejected))
    book = Spreadsheet.of(workbook_bytes(none))
    assert list(book.sheets) == SHEETS
    assert book.find(MODEL, "No feasible option has a known price.")
    empty = dataclasses.replace(base, options=(), rejected=(), reasons=(), risks=())
    assert list(Spreadsheet.of(workbook_bytes(empty)).sheets) == SHEETS


@pytest.mark.parametrize("code", ["de", "fr"])
def test_in_another_language_the_formulas_still_find_their_cells(code: str) -> None:
    base = examples.recommendation()
    with speaking(code):
        book = Spreadsheet.of(workbook_bytes(base))
    names = list(book.sheets)
    assert len(set(names)) == len(SHEETS)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    formulas = [
        (sheet, address, cell.number)
        for sheet, cells in book.sheets.items()
        for address, cell in cells.items()
        if cell.formula is not None
    ]
    assert len({sheet for sheet, _, _ in formulas}) == 3
    for sheet, address, stored in formulas:
        assert stored is not None
        assert math.isfinite(book.value(sheet, address))
