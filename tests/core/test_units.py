"""Units as a person reads and types them; what is stored stays metric."""

from __future__ import annotations

from contextvars import copy_context
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Assessment, problems, with_value
from core.assessment.fields import check, fields_of, readable, shown
from core.assessment.numbers import parse, stepped
from core.assessment.numbers import shown as typed
from core.decision.wording import measured
from core.language import speaking
from core.units import SYSTEMS, converted, measuring, name_of, units, use_units


def floor(system: str = "us"):  # type: ignore[no-untyped-def]  # a specification
    with measuring(system):
        return dict(fields_of(Assessment().site))["floor_load_kg_m2"]


@pytest.mark.parametrize(
    ("value", "unit", "read", "name"),
    [
        # NIST SP 811, appendix B: 1 lb = 0.453 592 37 kg, 1 lb/ft2 = 4.882 428 kg/m2,
        # 1 US gal = 3.785 412 L.
        (0.45359237, "kg", 1.0, "lb"),
        (4.882428, "kg/m²", 1.0, "lb/ft²"),
        (3.785412, "L", 1.0, "gal"),
        (3.785412, "L/kWh", 1.0, "gal/kWh"),
        (1.0, "m³", 264.1721, "gal"),
        (7.0, "kW", 7.0, "kW"),
        (2.0, "U", 2.0, "U"),
    ],
)
def test_conversions_are_the_published_ones(
    value: float, unit: str, read: float, name: str
) -> None:
    with measuring("us"):
        assert converted(value, unit) == pytest.approx(read, rel=1e-6)
        assert name_of(unit) == name
    assert converted(value, unit) == value and name_of(unit) == unit


def test_unknown_stays_unknown_and_systems_are_checked() -> None:
    with measuring("us"):
        assert converted(None, "kg") is None
    with pytest.raises(ValueError, match="must be one of metric, us"):
        use_units("furlongs")
    assert set(SYSTEMS) == {"metric", "us"}


def test_the_setting_belongs_to_its_context() -> None:
    other = copy_context()
    other.run(use_units, "us")
    assert units() == "metric" and other.run(units) == "us"


def test_a_figure_carries_the_unit_that_it_is_read_in() -> None:
    assert measured(40.0, "kg") == "40 kg"
    with measuring("us"):
        assert measured(40.0, "kg") == "88.2 lb"
        with speaking("de"):
            assert measured(40.0, "kg") == "88,2 lb"


def test_a_floor_load_is_typed_shown_and_limited_in_the_units_in_use() -> None:
    field = floor()
    assert field.unit == "lb/ft²"
    stored = parse("250", field)
    assert stored == pytest.approx(250 * 4.882428, rel=1e-6)
    assert typed(stored, field) == shown(field, stored) == "250"
    # 20,000 kg/m² is the most that is allowed.
    assert check(field, 20_001.0).startswith("must be above 0 to 4,096.32 lb/ft²; got 4,096.53")
    assert check(floor("metric"), 20_001.0).startswith("must be above 0 to 20,000 kg/m²")
    assert problems(with_value(Assessment(), "site.floor_load_kg_m2", stored)) == []


@given(st.integers(1, 4000))
def test_what_is_typed_is_what_is_shown_again(amount: int) -> None:
    field = floor()
    assert typed(parse(str(amount), field), field) == f"{amount:,}"


def test_a_step_is_round_in_the_unit_that_is_read() -> None:
    field = floor()
    once = stepped(parse("200", field), field, 1)
    assert typed(once, field) == "220"  # 100 kg/m² are 20.5 lb/ft²


def test_money_says_its_currency_with_its_unit() -> None:
    fields = dict(fields_of(Assessment().economics))
    assert fields["electricity_price_kwh"].unit_in("EUR") == "EUR per kWh"
    assert fields["capex_limit"].unit_in("EUR") == "EUR"
    assert fields["staff_cost_usd_year"].unit_in("EUR") == "USD/year"
    assert replace(fields["capex_limit"], money="").unit_in("EUR") == ""


def test_what_was_entered_in_metric_units_is_read_without_digits_of_the_conversion() -> None:
    """A report told 204.816 lb/ft² of a floor for which somebody had entered 1,000 kg/m²."""
    field = floor()
    assert readable(field, 1000.0) == "204.8" and shown(field, 1000.0) == "204.816"
    assert readable(field, parse("250", field)) == "250"
    assert readable(field, parse("1,234.5", field)) == "1,234.5"
    assert readable(floor("metric"), 1234.567) == shown(floor("metric"), 1234.567)
    assert readable(field, None) == shown(field, None)
