"""Numbers as they stand in sentences."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decision.facts import US_DOLLAR
from core.decision.wording import (
    alike,
    chance,
    counted,
    difference,
    difference_figure,
    figure,
    fine_percent,
    in_column,
    listed,
    lower_first,
    milliseconds,
    money,
    number,
    percent,
    points,
    price_span,
    signed_percent,
    tokens,
)
from core.language import speaking
from core.notation import rounded
from core.recommendation import Currency
from tests.core.decision.builders import SOURCE, SmallCatalog


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1234567.0, "1,230,000"), (0.123456, "0.123"), (42.0, "42"), (9.996, "10"),
     (-3.14159, "−3.14"), (float("inf"), "unlimited")],
)  # fmt: skip  # a table
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.99, "99.0 %"), (0.995, "99.5 %"), (0.999, "99.9 %"), (0.9995, "99.95 %"),
     (0.99982, "99.982 %"), (0.999997, "more than 99.999 %"), (1.0, "100 %")],
)  # fmt: skip  # a table
def test_availabilities_claim_no_more_than_five_nines(share: float, text: str) -> None:
    assert fine_percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.0005, "< 0.1 %"), (0.0024, "0.24 %"), (0.73, "73 %"), (0.994, "99 %"),
     (0.9961, "99.6 %"), (0.9994, "> 99.9 %"), (1.0, "100 %")],
)  # fmt: skip  # a table
def test_only_all_futures_are_told_as_all(share: float, text: str) -> None:
    """100 % stood above options that were best in 0.24 % and 0.15 %."""
    assert chance(share) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [(36.24, "36.2 ms"), (9999.0, "10,000 ms"), (49_600.0, "49.6 s"), (599_000.0, "599 s"),
     (600_000.0, "10 min"), (3_540_000.0, "59 min"), (3_600_000.0, "1 h"), (36_000_000.0, "10 h")],
)  # fmt: skip  # a table
def test_latencies(ms: float, text: str) -> None:
    assert milliseconds(ms) == text


def test_changes_have_a_sign_and_the_thousands_of_the_language() -> None:
    told = [signed_percent(share) for share in (11.67, 0.053, -0.2, 0.0, 0.0004, -0.998)]
    assert told == ["+1,167 %", "+5.3 %", "−20 %", "0 %", "≈ 0 %", "−99.8 %"]
    with speaking("de"):
        assert signed_percent(11.67) == "+1.167 %"
    with speaking("fr"):
        assert signed_percent(11.67) == "+1\N{NO-BREAK SPACE}167 %"


def test_amounts() -> None:
    euro = SmallCatalog().currency("EUR")
    assert money(2.0, euro) == "EUR 1.60"
    assert money(1e6, euro) == "EUR 800,000"
    assert tokens(8.64e10) == "86.4 billion tokens"
    assert tokens(2.45e12) == "2.45 trillion tokens"
    assert tokens(5e6) == "5 million tokens"
    assert tokens(999.0) == "999 tokens"
    assert counted(1, "week") == "1 week"
    assert counted(0.2, "week") == "0.2 weeks"
    assert percent(0.082) == "8.2 %"
    assert percent(0.824) == "82 %"


def test_small_amounts_keep_three_figures() -> None:
    """0.05 beside 0.0471 would hide by how much one is dearer."""
    assert [figure(v) for v in (0.04997, 0.0471, 0.5, 0.00512, 0.0)] == [
        "0.0500", "0.0471", "0.50", "0.00512", "0",
    ]  # fmt: skip  # one list


def test_words() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert lower_first("API tokens") == "API tokens"
    assert lower_first("Staff share") == "staff share"


@pytest.mark.parametrize(("value", "up"), [(612.0, 620.0), (0.0, 0.0), (100.0, 100.0), (1.01, 1.1)])
def test_rounding_up_never_falls_short(value: float, up: float) -> None:
    assert rounded(value, up=True, digits=2) == pytest.approx(up)
    assert rounded(value, up=True, digits=2) >= value


@pytest.mark.parametrize(
    ("value", "up", "told"),
    [(1234.0, True, 1240.0), (1234.0, False, 1230.0), (0.0123, True, 0.0123), (0.0, True, 0.0)],
)
def test_rounding_away(value: float, up: bool, told: float) -> None:
    assert rounded(value, up=up) == pytest.approx(told)


@given(
    more=st.floats(1e-3, 1e9), less=st.floats(1e-3, 1e9), rate=st.sampled_from([1.0, 0.895, 157.25])
)
def test_a_difference_is_that_of_what_is_printed_beside_it(
    more: float, less: float, rate: float
) -> None:
    """Read back from the text, as a reader with a pencil does."""
    currency = dataclasses.replace(US_DOLLAR, code="XXX", per_usd=rate)

    def read(text: str) -> float:
        return float(text.removeprefix("XXX ").replace(",", "").replace("\u2212", "-"))

    one, other = read(money(more, currency)), read(money(less, currency))
    told = read(difference(more, less, currency))
    if one != other:
        assert told == pytest.approx(
            one - other, rel=5.1e-3, abs=5e-3 if abs(one - other) >= 0.1 else 0
        )


def test_one_and_a_quarter_less_seventeen_cents() -> None:
    """1.2549 and 0.1651 print as 1.25 and 0.17: 1.08 between them, though 1.0898 is exact."""
    assert difference(1.2549, 0.1651, US_DOLLAR) == "USD 1.08"
    assert difference(1.2549, 1.2511, US_DOLLAR) == "USD 0.0038"  # alike as printed
    assert difference(543_188, 338_212, US_DOLLAR) == "USD 205,000"


def test_a_range_and_a_row_keep_to_one_unit() -> None:
    assert milliseconds(8080.0) == "8,080 ms" and milliseconds(8080.0, 12_900.0) == "8.08 s"
    assert milliseconds(11_700.0, 438.0) == "11,700 ms"
    assert milliseconds(16_600.0, math.inf) == "16.6 s"


def test_french_has_the_singular_below_two_and_the_others_for_one_alone() -> None:
    with speaking("fr"):
        assert points(1.9).endswith(" point") and points(0.2).endswith(" point")
        assert points(2.0).endswith(" points")
    with speaking("de"):
        assert points(1.9).endswith(" Punkten") and points(1.0).endswith(" Punkt")
    assert points(1.9) == "1.9 points" and points(1.0) == "1 point"


def test_a_fall_of_nearly_all_is_never_told_as_one_of_all() -> None:
    assert signed_percent(-0.9996) == "< −99.9 %"
    assert (signed_percent(-0.997), signed_percent(-1.0)) == ("−99.7 %", "−100 %")


def test_a_share_is_rounded_the_same_whichever_way_it_was_computed() -> None:
    """0.15 / 0.08 - 1 is seven eighths; through logarithms it comes out a last digit lower."""
    assert signed_percent(0.15 / 0.08 - 1.0) == "+88 %"
    assert signed_percent(0.8749999999999998) == "+88 %"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.43, "0.430"), (0.646, "0.646"), (32.0, "32.0"), (2.0, "2.00"), (134.2, "134"), (0.0, "0")],
)
def test_figures_of_a_column_keep_their_noughts(value: float, text: str) -> None:
    assert in_column(value) == text


def test_a_figure_that_rounds_up_to_a_power_of_ten_keeps_three_figures() -> None:
    assert in_column(0.9999) == "1.00"


def test_a_difference_has_the_decimals_of_what_it_is_of() -> None:
    """0.19 less 0.11 is 0.08, not 0.0800; 0.10 less 0.0471 needs four."""
    dollar = Currency("USD", 1.0, SOURCE)
    assert difference_figure(0.19, 0.11, dollar) == "0.08"
    assert difference_figure(0.103, 0.0471, dollar) == "0.0529"
    assert difference_figure(1200.0, 700.0, dollar) == "500"


def test_the_ends_of_a_range_of_costs_have_like_decimals() -> None:
    """Page 1 said 0.07 to 0.14 and its risks 0.0681 to 0.14."""
    dollar = Currency("USD", 1.0, SOURCE)
    assert price_span(0.0681, 0.144, dollar) == ("USD 0.07", "USD 0.14 per million tokens")
    assert price_span(0.0245, 0.0893, dollar)[0] == "USD 0.0245"
    assert price_span(0.5, 1234.0, dollar) == ("USD 0.50", "USD 1,230 per million tokens")


def test_a_fall_that_rounds_to_all_is_not_told_as_all() -> None:
    assert "100" not in signed_percent(-0.995)


def test_the_smaller_of_two_amounts_is_never_told_as_nothing() -> None:
    low, high = alike(0.004, 0.5)
    assert float(low) == 0.004 and float(high) == 0.5
    assert alike(0.2, 0.5) == ("0.20", "0.50")
