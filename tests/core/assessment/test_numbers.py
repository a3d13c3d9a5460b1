from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Assessment, problems, with_value
from core.assessment.fields import Field, check
from core.assessment.numbers import parse, shown, stepped

NUMBER = Field("Tokens", "number", unit="tokens", minimum=1, maximum=1e6, step=50, decimals=0)
WHOLE = Field("Users", "int", unit="users", minimum=1, maximum=5_000_000_000, step=100)
SHARE = Field("Share", "share", unit="%", minimum=0.0, maximum=1.0, decimals=0)
MONEY = Field("Limit", "number", minimum=0.0, maximum=1e12, money="user")
POWER = Field("Power", "number", unit="kW", minimum=0.0, above_minimum=True, step=0.1, decimals=1)


@pytest.mark.parametrize(
    ("text", "point", "value"),
    [
        ("1155", ".", 1155.0),
        ("1,155", ".", 1155.0),
        ("1.155", ",", 1155.0),
        ("1.155", ".", 1.155),
        ("1,155", ",", 1.155),
        ("0,5", ".", 0.5),
        ("12,5", ".", 12.5),
        ("1.234.567,5", ".", 1234567.5),
        ("1,234,567.5", ",", 1234567.5),
        ("1 234\u00a0567", ".", 1234567.0),
        ("1'234", ".", 1234.0),
        (" 250 tokens ", ".", 250.0),
        ("1.5k", ".", 1500.0),
        ("2M", ".", 2e6),
        ("1e3", ".", 1000.0),
        ("−5", ".", -5.0),
        (".5", ".", 0.5),
        ("about 1,000.5 tokens", ".", 1000.5),
        ("ca. 1.000,5", ",", 1000.5),
        ("1.000,5", ".", 1000.5),
        ("environ 250 token", ",", 250.0),
        ("~40", ".", 40.0),
        ("٤٠", ".", 40.0),
        ("١٬٢٣٤٫٥", ".", 1234.5),
        ("４０", ".", 40.0),
        ("-0", ".", 0.0),
    ],
)
def test_numbers_as_people_write_them(text: str, point: str, value: float) -> None:
    assert parse(text, NUMBER, point) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "ninety",
        "about",
        "about ninety",
        "10-20",
        "<40",
        "12 %",
        "40 kW",
        "4 m²",
        "$40k",
        "40 €",
        "NaN",
        "1e400",
        "-1e400",
        "5½",
        "²",
        "1.2.3",
        "1,2,3",
        "--5",
        "1e999999",
        "nan",
        "inf",
        "5 %x",
        "12,34,567",
        "1\t2",
        "1\n2",
        "10 20",
        "1 2345",
        "9" * 100,
    ],
)
def test_what_is_no_number_stays_text(text: str) -> None:
    assert parse(text, NUMBER) == text


def test_shares_are_typed_in_percent() -> None:
    assert parse("7", SHARE) == 0.07
    assert parse("99,5 %", SHARE) == 0.995
    assert shown(0.07, SHARE) == "7"
    assert shown(0.995, SHARE, (".", ",")) == "99,5"


def test_whole_numbers_stay_whole_and_others_are_kept_to_be_told() -> None:
    assert parse("2,000", WHOLE) == 2000 and isinstance(parse("2,000", WHOLE), int)
    # a whole number has no thousandths, whichever mark the language takes for decimals
    assert parse("2.000", WHOLE) == 2000 and parse("2,000", WHOLE, ",") == 2000
    assert parse("2.5", WHOLE) == 2.5 and parse("0.500", WHOLE) == 0.5
    assert parse("2.5", WHOLE) == 2.5


@given(st.floats(min_value=-1e12, max_value=1e12).map(lambda x: float(f"{x:.8g}")))
def test_what_is_shown_is_read_back(value: float) -> None:
    for group, point in ((",", "."), (".", ",")):
        assert parse(shown(value, NUMBER, (group, point)), NUMBER, point) == pytest.approx(
            value, rel=1e-9, abs=1e-10
        )


@given(st.text(max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    assert isinstance(parse(text, NUMBER), int | float | str)


def test_steps_stay_within_the_range() -> None:
    assert stepped(1155.0, NUMBER, 1) == 1205.0
    assert stepped(20.0, NUMBER, -1) == 1.0
    assert stepped(0.1, POWER, -1) == 0.1
    assert stepped(0.2, POWER, 1) == 0.3
    assert stepped(0.99, SHARE, 10) == 1.0
    assert stepped(2000, WHOLE, 1) == 2100


def test_minus_zero_is_zero() -> None:
    assert str(parse("-0", NUMBER)) == "0.0" and str(parse("-0.00", WHOLE)) == "0"


@pytest.mark.parametrize("text", ["about 40 kW", "40kw", "≈ 40.0 kW", "0.04e3", "0,04 k"])
def test_the_unit_behind_is_read_and_no_other(text: str) -> None:
    assert parse(text, POWER) == 40.0
    for other in ("40 kVA", "40 MW", "40 W"):
        assert parse(other, POWER) == other


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("$40k", "USD", 40_000.0),
        ("US$ 1.5M", "USD", 1_500_000.0),
        ("40k EUR", "EUR", 40_000.0),
        ("€ 1.000,50", "EUR", 1000.5),
        ("-$5", "USD", -5.0),
        ("¥ 2,000", "JPY", 2000.0),
        ("CHF 1'000", "CHF", 1000.0),
        ("$40k", "EUR", "$40k"),
        ("40 €", "USD", "40 €"),
        ("$", "USD", "$"),
    ],
)
def test_money_is_read_in_its_own_currency_only(
    text: str, currency: str, value: float | str
) -> None:
    assert parse(text, MONEY, currency=currency) == value


def test_a_long_text_is_told_by_its_beginning() -> None:
    assert check(NUMBER, "9" * 400).endswith("; got '" + "9" * 29 + "…")
    assert check(NUMBER, "ninety").endswith("; got 'ninety'")


def test_a_mean_of_a_million_is_told_in_digits() -> None:
    found = problems(with_value(Assessment(), "workloads[0].input_tokens_mean", 1e6))
    assert [p.message for p in found] == ["must be at least the mean (1,000,000); got 4,083"]
