from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment.fields import Field
from gui.widgets.numbers import parse, shown, stepped

NUMBER = Field("Tokens", "number", unit="tokens", minimum=1, maximum=1e6, step=50, decimals=0)
WHOLE = Field("Users", "int", unit="users", minimum=1, maximum=5_000_000_000, step=100)
SHARE = Field("Share", "share", unit="%", minimum=0.0, maximum=1.0, decimals=0)
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
    ],
)
def test_numbers_as_people_write_them(text: str, point: str, value: float) -> None:
    assert parse(text, NUMBER, point) == value


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1.2.3", "1,2,3", "--5", "1e999999", "nan", "inf", "5 %x", "12,34,567", "9" * 100],
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
