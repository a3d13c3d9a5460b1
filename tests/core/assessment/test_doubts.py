"""Slips of a unit or of three digits are asked about; what is usual, and every example, is not."""

from __future__ import annotations

from importlib import resources

import pytest

from core.assessment import Assessment, entries, problems, with_value
from core.assessment.doubts import USUAL, doubts, doubts_of_words
from core.interchange.document import from_json
from core.report.text import printable
from core.typeface import lacking

SITE = "site.total_power_kw"


@pytest.mark.parametrize(
    ("path", "value", "asked"),
    [
        (SITE, 100.0, False),
        (SITE, 40_000.0, False),
        (SITE, 400_000.0, True),
        (SITE, 0.001, True),
        ("workloads[0].users", 20_000_000, False),
        ("workloads[0].users", 2_000_000_000, True),
        ("workloads[0].targets.ttft_ms", 36_000_000.0, True),
        ("economics.capex_limit", 0.0, False),
        ("economics.capex_limit", 5.0, True),
        ("economics.capex_limit", 500_000.0, False),
        ("economics.capex_limit", None, False),
        ("economics.electricity_price_kwh", 0.0001, True),
        ("site.edge_line_month", 60.0, False),
        ("site.edge_line_month", 10_000_000.0, True),
    ],
)
def test_what_is_hardly_meant_is_asked(path: str, value: object, asked: bool) -> None:
    changed = with_value(Assessment(), path, value)
    assert problems(changed) == []
    assert [d.path for d in doubts(changed)] == ([path] if asked else [])


def test_what_is_usual_is_the_same_worth_in_every_currency() -> None:
    """38 yen per kWh are 0.24 dollars at 157.25; 38 dollars are doubted, and 0.1 yen."""
    tariff = "economics.electricity_price_kwh"
    yen = with_value(Assessment(), "economics.currency", "JPY")
    assert not list(doubts(with_value(yen, tariff, 38.0), 157.25))
    [found] = doubts(with_value(Assessment(), tariff, 38.0))
    assert found.path == tariff
    [found] = doubts(with_value(yen, tariff, 38.0 * 157.25), 157.25)
    assert "the usual 6.3 to 79 JPY per kWh" in found.question
    assert list(doubts(with_value(yen, tariff, 0.1), 157.25))
    # an amount of US dollars stays one
    staff = with_value(yen, "economics.staff_cost_usd_year", 120_000.0)
    assert not list(doubts(staff, 157.25))


def test_a_data_line_may_cost_its_worth_in_yen() -> None:
    """10,000 US dollars are 1.57 million yen at 157.25: allowed, and nothing to ask about."""
    yen = with_value(Assessment(), "economics.currency", "JPY")
    line = with_value(yen, "site.edge_line_month", 1.57e6)
    assert problems(line) == [] and not list(doubts(line, 157.25))
    [found] = doubts(with_value(yen, "site.edge_line_month", 9.5e9), 157.25)
    assert found.path == "site.edge_line_month"


def test_the_question_names_value_unit_and_what_is_usual() -> None:
    [found] = doubts(with_value(Assessment(), SITE, 400_000.0))
    assert found.question == "400,000 kW is far from the usual 5 to 5,000 kW. Is it meant?"


def test_what_is_forbidden_is_told_once_as_a_problem() -> None:
    changed = with_value(Assessment(), SITE, 1e9)
    assert problems(changed) and not list(doubts(changed))


def test_no_default_and_no_example_is_doubted() -> None:
    examples = [
        from_json(file.read_text(encoding="utf-8"))
        for file in (resources.files("resources") / "examples").iterdir()
        if file.name.endswith(".json")
    ]
    assert examples
    for assessment in (Assessment(), *examples):
        found = [*doubts(assessment), *doubts_of_words(assessment.project)]
        assert not found, assessment.project.title


def test_every_range_is_of_an_input_and_can_be_left() -> None:
    known = {e.path.rpartition(".")[2]: e.field for e in entries(Assessment())}
    for key, (low, high, times) in USUAL.items():
        field = known[key]
        assert low < high and times >= 5
        most, least = field.maximum, field.minimum
        assert most is not None and least is not None
        assert high * times < most or low / times > least, key


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("site.edge_line_month", "10,000,000,000"),
        ("economics.capex_limit", "10,000,000,000,000,000"),
        ("economics.electricity_price_kwh", "100,000"),
    ],
)
def test_the_most_an_amount_may_be_is_told_in_digits(path: str, most: str) -> None:
    """No "1e+10": a person reads the limit as it would be typed."""
    [found] = problems(with_value(Assessment(), path, 1e17))
    assert f"to {most}" in found.message and "e+" not in found.message.partition(";")[0]


def test_what_is_usual_is_told_in_digits_in_every_currency() -> None:
    """100 million US dollars are 15.7 billion yen at 157.25, told as 16 billion."""
    [found] = doubts(with_value(Assessment(), "economics.capex_limit", 9e15), 157.25)
    assert "to 16,000,000,000" in found.question and "e+" not in found.question


def test_letters_that_the_report_cannot_print_are_told_at_their_field() -> None:
    typed = with_value(Assessment(), "project.title", "本社 chat, Zürich – Łódź, Ω")
    assert problems(typed) == []  # allowed: the assessment keeps it
    [found] = doubts_of_words(typed.project)
    assert found.path == "project.title"
    assert found.question == (
        "The report's typeface lacks 本 社: it prints the number of each instead, such as [U+672C]."
    )
    named = with_value(Assessment(), "workloads[0].name", "고객 상담 문의 접수 처리 분류")
    [found] = doubts(named)
    assert found.path == "workloads[0].name" and "고 객 상 담 문 의 접 수 …" in found.question
    joined = with_value(Assessment(), "project.notes", "two\nlines\tand a\u00a0space")
    assert not list(doubts_of_words(joined.project))


def test_what_is_warned_of_is_what_is_printed_by_its_number_marks_too() -> None:
    """U+20D0, a combining harpoon that the typeface lacks; U+FE0F only chooses a shape."""
    for text in ("a\u20d0", "e\u0301", "日本", "©\ufe0f", "a b", "é"):
        assert bool(lacking(text)) == ("[U+" in printable(text)), text
    assert lacking("a\u20d0") == ("\u20d0",)
