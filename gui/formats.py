"""Numbers of the answer in few, readable characters. Formats, never computes."""

from __future__ import annotations

from core.recommendation import Recommendation, Spread
from core.words import _

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
UNKNOWN = "–"


def digits(value: float, significant: int = 3) -> str:
    """A number with so many significant digits, thousands grouped, no exponent."""
    if value == 0:
        return "0"
    text = f"{value:.{significant}g}"
    number = float(text)
    if abs(number) >= 10 ** (significant - 1):
        return f"{number:,.0f}"
    mantissa = f"{number:.12f}".rstrip("0").rstrip(".")
    return mantissa


def money(recommendation: Recommendation, usd: float | None, significant: int = 3) -> str:
    """An amount of US dollars in the person's currency."""
    if usd is None:
        return UNKNOWN
    amount, code = recommendation.money(usd), recommendation.currency.code
    for limit, letter in ((1e9, " bn"), (1e6, " M")):
        if abs(amount) >= limit:
            return _signed(digits(amount / limit, significant) + letter, code)
    return _signed(digits(amount, significant), code)


def _signed(text: str, code: str) -> str:
    sign = _SIGNS.get(code)
    return f"{sign}{text}" if sign else f"{code} {text}"


def money_range(recommendation: Recommendation, spread: Spread) -> str:
    """Low to high of an amount of US dollars."""
    return _("{low} to {high}").format(
        low=money(recommendation, spread.low), high=money(recommendation, spread.high)
    )


def quantity(value: float | None, unit: str) -> str:
    """A number with its unit."""
    return UNKNOWN if value is None else f"{digits(value)} {unit}"


def percent(share: float | None) -> str:
    """A share 0..1 in percent."""
    return UNKNOWN if share is None else f"{share * 100:.0f} %"


def milliseconds(value: float | None) -> str:
    """A duration, in seconds from ten seconds on."""
    if value is None:
        return UNKNOWN
    return f"{digits(value / 1000)} s" if value >= 10_000 else f"{digits(value)} ms"


def change(before: float | None, after: float | None) -> str:
    """A relative change with its sign; "" where there is none worth telling."""
    if before is None or after is None or before <= 0:
        return ""
    share = after / before - 1
    return "" if abs(share) < 0.005 else f"{share * 100:+.0f} %".replace("-", "−")
