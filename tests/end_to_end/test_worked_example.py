"""The bank's numbers on the page of the method are those of a fresh run."""

from __future__ import annotations

from tests.end_to_end.worked_example import PAGE, Bank, figures, written


def test_the_page_of_the_method_is_worked_through_with_todays_numbers() -> None:
    """Where it fails: ``python -m tests.end_to_end.worked_example``, and read what changed."""
    page = PAGE.read_text(encoding="utf-8")
    lines = Bank().lines()
    for line in lines:
        assert line in page
    assert written(page, lines) == page


def test_figures_are_significant_ones() -> None:
    assert figures(398_812.3, 4) == "398,800"
    assert figures(10.1998, 3) == "10.2"
    assert figures(0.067, 1) == "0.07"
