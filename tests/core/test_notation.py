"""Numbers, money and dates against what each language prints (Duden, Imprimerie nationale)."""

from __future__ import annotations

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from core.decision.wording import fine_percent, money, number, percent, tokens
from core.language import LANGUAGES, speaking
from core.notation import (
    as_priced,
    day,
    days_in,
    english,
    local,
    marks,
    typed_day,
    with_currency,
)
from core.recommendation import Currency
from tests.core.decision.builders import SOURCE

EURO = Currency("EUR", 1.0, SOURCE)


@pytest.mark.parametrize(
    ("code", "written"), [("en", "1,234.5"), ("de", "1.234,5"), ("fr", "1\u00a0234,5")]
)
def test_a_number(code: str, written: str) -> None:
    with speaking(code):
        assert number(1234.5, 5) == written
        assert english(written) == "1,234.5"


@given(st.floats(0.01, 1e9), st.sampled_from(sorted(LANGUAGES)))
def test_numbers_are_those_of_the_unicode_locale_data(value: float, code: str) -> None:
    """CLDR is the second source; French there has a narrow space, which few typefaces draw."""
    with speaking(code):
        ours = local(f"{value:,.2f}")
    assert ours == format_decimal(f"{value:.2f}", "#,##0.00", locale=code).replace(
        "\u202f", "\u00a0"
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ("EUR 12.50", "12 %", "99.95 %", "86.4 billion tokens", "2026-11-24")),
        ("de", ("12,50\u00a0EUR", "12 %", "99,95 %", "86,4 Mrd. Token", "24.11.2026")),
        ("fr", ("12,50\u00a0EUR", "12 %", "99,95 %", "86,4 milliards de tokens", "24/11/2026")),
    ],
)
def test_money_shares_amounts_and_dates(code: str, expected: tuple[str, ...]) -> None:
    with speaking(code):
        found = (
            money(12.5, EURO), percent(0.12), fine_percent(0.9995), tokens(86.4e9),
            day("2026-11-24"),
        )  # fmt: skip  # one row
    assert found == expected


@given(st.text(alphabet="0123456789,. EUR-"), st.sampled_from(sorted(LANGUAGES)))
def test_there_and_back(text: str, code: str) -> None:
    with speaking(code):
        assert english(local(text)) == text


def test_what_is_no_date_stays() -> None:
    with speaking("de"):
        assert day("2026-11") == "2026-11" and day("") == ""
        assert marks() == (".", ",")
        assert with_currency("CHF", local("1,000")) == "1.000\u00a0CHF"


def test_dates_within_a_text() -> None:
    """In German and French notation; what is no date, and English, stay."""
    text = "MLPerf v5.1, 2025-09-09; run 2025-13-40 of 2025"
    assert days_in(text) == text
    with speaking("de"):
        assert days_in(text) == "MLPerf v5.1, 09.09.2025; run 2025-13-40 of 2025"
    with speaking("fr"):
        assert days_in(text) == "MLPerf v5.1, 09/09/2025; run 2025-13-40 of 2025"


def test_prices_have_cents_and_no_noughts_behind_them() -> None:
    told = [as_priced(usd) for usd in (28.8, 44.0, 0.2529, 0.05, 1234.125)]
    assert told == ["28.80", "44.00", "0.2529", "0.05", "1,234.125"]
    with speaking("de"):
        assert as_priced(1234.5) == "1.234,50"


@pytest.mark.parametrize(
    ("code", "typed", "meant"),
    [("en", "1.3.2027", "2027-03-01"), ("de", "01.03.2027", "2027-03-01"),
     ("fr", "01/03/2027", "2027-03-01"), ("en", "31/03/2027", "2027-03-31"),
     ("en", "03/31/2027", "2027-03-31"), ("en", "03/03/2027", "2027-03-03"),
     ("en", "01/03/2027", ""), ("en", "2027-03-31", ""), ("de", "31.02.2027", ""),
     ("en", "1.3.27", ""), ("en", "1.3/2027", "")],
)  # fmt: skip  # a table
def test_days_are_read_as_they_are_typed_where_they_are_certain(
    code: str, typed: str, meant: str
) -> None:
    with speaking(code):
        assert typed_day(typed) == (meant or typed)
