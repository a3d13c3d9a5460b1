"""Project years in fiscal years, by hand."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics.fiscal_years import by_fiscal_year, start_of_service
from tests.core.assess.cases import run


def test_nine_twelve_and_three_months() -> None:
    found = by_fiscal_year([120.0, 120.0], date(2027, 4, 15))
    assert found == ((2027, pytest.approx(90.0)), (2028, pytest.approx(120.0)), (2029, 30.0))


def test_a_fiscal_year_from_october_is_named_after_its_end() -> None:
    """April 2027 lies in the year October 2026 to September 2027: six months, then twelve."""
    found = by_fiscal_year([120.0, 120.0], date(2027, 4, 15), 10)
    assert found == ((2027, pytest.approx(60.0)), (2028, pytest.approx(120.0)), (2029, 60.0))


def test_a_fiscal_year_from_april_may_start_with_the_service() -> None:
    assert by_fiscal_year([10.0, 20.0], date(2027, 4, 1), 4) == (
        (2028, pytest.approx(10.0)),
        (2029, pytest.approx(20.0)),
    )


def test_what_falls_on_the_last_day_of_a_project_year_lies_in_its_twelfth_month() -> None:
    """From April 2027: the first project year ends in March 2028, the second in March 2029."""
    assert by_fiscal_year([0.0, 50.0], date(2027, 4, 15), at_end=True) == (
        (2028, 0.0),
        (2029, 50.0),
    )
    assert by_fiscal_year([7.0, 0.0], date(2027, 4, 15), 4, at_end=True) == ((2028, 7.0),)


def test_january_keeps_the_years_apart() -> None:
    found = by_fiscal_year([10.0, 20.0, 0.0], date(2027, 1, 31))
    assert [(y, round(usd, 9)) for y, usd in found] == [(2027, 10.0), (2028, 20.0)]


@given(st.lists(st.floats(0, 1e9), max_size=10), st.dates(date(2026, 1, 1), date(2040, 12, 31)))
def test_nothing_is_lost(yearly: list[float], start: date) -> None:
    found = by_fiscal_year(yearly, start)
    assert math.fsum(usd for _, usd in found) == pytest.approx(math.fsum(yearly))
    years = [year for year, _ in found]
    assert years == list(range(start.year, start.year + len(years)))


def test_the_start() -> None:
    day = date(2026, 11, 24)
    assert start_of_service(day, "2027-03-01", 10.0) == date(2027, 3, 1)
    assert start_of_service(day, None, 6.0) == date(2027, 1, 5)
    assert start_of_service(day, None, None) == day
    last = (date.max - day).days / 7
    assert start_of_service(day, None, last) == date(9999, 12, 31)
    for beyond in (last + 1, 1e9, 1e300):
        assert start_of_service(day, None, beyond) is None


def test_options_depreciate_in_calendar_years() -> None:
    own = run(
        site__venues=("on_premises",), site__date_needed="2027-07-01", economics__horizon_years=3
    )
    assert own.options
    april = run(
        site__venues=("on_premises",),
        site__date_needed="2027-07-01",
        economics__horizon_years=3,
        economics__fiscal_year_start_month=4,
    )
    for option, shifted in zip(own.options, april.options, strict=True):
        assert option.cost is not None and shifted.cost is not None
        moved = dict(shifted.cost.depreciation_by_fiscal_year_usd)
        assert moved[2028] == pytest.approx(option.cost.depreciation_by_year_usd[0] * 0.75)
        found = dict(option.cost.depreciation_by_fiscal_year_usd)
        first = option.cost.depreciation_by_year_usd[0]
        assert found[2027] == pytest.approx(first / 2)  # July to December
        assert math.fsum(found.values()) == pytest.approx(
            math.fsum(option.cost.depreciation_by_year_usd)
        )
