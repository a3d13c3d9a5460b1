"""Numbers as people type and paste them, and as they are shown again. No window in here."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation

from core.assessment.fields import CONVERTED_DIGITS, Field

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’_]")
_SEPARATE = re.compile(r"\d[\t\r\n\v\f]+\d|\d\s+\d{1,2}(?!\d)|\d\s+\d{4}")
"""Several numbers, as pasted from cells side by side: spaces group digits by threes."""
_ALIKE = str.maketrans({"−": "-", "–": "-", "٫": ".", "٬": ",", "，": ",", "．": "."})
"""Signs of other scripts that mean a plain one."""
_ABOUT = re.compile(
    r"^(?:[~≈]|(?:about|approximately|approx\.?|around|roughly|circa|ca\.?|etwa|rund|ungefähr|"
    r"environ|env\.?)(?=[\d.,+$€£¥a-z-]))",
    re.IGNORECASE,
)
"""Words in front that leave the number as it is, in the languages of the program."""
_SIGNS = {
    "US$": ("USD",),
    "$": ("USD", "CAD", "AUD", "SGD"),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY",),
    "Fr.": ("CHF",),
}
MOST_CHARACTERS, MOST_DIGITS = 80, 60
_SUFFIXES = {"k": 3, "m": 6, "mio": 6, "bn": 9, "g": 9}
_FORM = re.compile(r"([+-]?)([\d.,]*\d[\d.,]*)(?:e([+-]?\d{1,4}))?(k|mio|m|bn|g)?", re.IGNORECASE)


def _digits(text: str, point: str, integral: bool = False) -> str | None:
    """Digits with a plain decimal point, or None where the separators make no sense.

    Of an ``integral`` number three digits behind one separator are thousands in any language.
    """
    comma, dot = text.count(","), text.count(".")
    if comma and dot:
        last = max(text.rfind(","), text.rfind("."))
        decimal = text[last]
        group = "," if decimal == "." else "."
        if text.count(decimal) > 1:
            return None
        whole, _, fraction = text.partition(decimal)
        if not re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+", whole):
            return None
        return f"{whole.replace(group, '')}.{fraction}"
    mark = "," if comma else "."
    if comma + dot == 0:
        return text
    if comma + dot > 1:
        grouped = re.fullmatch(rf"\d{{1,3}}(?:\{mark}\d{{3}})+", text)
        return text.replace(mark, "") if grouped else None
    # One separator: the other language's decimal mark, unless it groups thousands as ours does.
    if (integral or mark != point) and re.fullmatch(rf"[1-9]\d{{0,2}}\{mark}\d{{3}}", text):
        return text.replace(mark, "")
    return text.replace(",", ".")


def amount(
    text: str, unit: str = "", point: str = ".", currency: str = "", integral: bool = False
) -> tuple[Decimal, bool] | None:
    """The number that a text means for certain and whether it is in percent; None where unsure.

    Takes thousands separators, spaces, a decimal comma or point, any script's digits, exponents,
    the shorthands k, M and bn, "about" in front, the ``unit`` behind (a percent sign only where
    it is the unit) and the sign or code of the ``currency``. ``point`` is the locale's decimal
    mark, which decides how ``1,500`` is read where the number need not be ``integral``.
    """
    if len(text) > MOST_CHARACTERS or _SEPARATE.search(text.strip()):
        return None
    plain = _SPACES.sub("", text.translate(_ALIKE))
    plain = _ABOUT.sub("", plain)
    signs = sorted({currency, *(s for s, codes in _SIGNS.items() if currency in codes)} - {""})
    for sign in signs:
        low = plain.lower()
        if low.startswith(sign.lower()):
            plain = plain[len(sign) :]
        elif low.endswith(sign.lower()):
            plain = plain[: -len(sign)]
        elif low.startswith(f"-{sign.lower()}"):
            plain = "-" + plain[len(sign) + 1 :]
    bare = _SPACES.sub("", unit)
    percent = bare == "%" and plain.endswith("%")
    for ending in (bare, bare.removesuffix("s")):
        if ending and plain.lower().endswith(ending.lower()):
            plain = plain[: -len(ending)]
            break
    match = _FORM.fullmatch(plain)
    digits = _digits(match[2], point, integral) if match else None
    if match is None or digits is None or len(plain) > MOST_DIGITS:
        return None
    try:
        number = Decimal(f"{match[1]}{digits}e{match[3] or 0}")
    except InvalidOperation:
        return None
    number = number.scaleb(_SUFFIXES.get((match[4] or "").lower(), 0))
    if not math.isfinite(float(number)) or abs(number) > Decimal("1e300"):
        return None
    return number if number else Decimal(0), percent


def parse(text: str, field: Field, point: str = ".", currency: str = "") -> int | float | str:
    """The number a text means for a field, in the field's own unit; the text where it is none.

    As ``amount`` reads it; a share is typed in percent and returned as 0..1. ``currency`` is given
    for amounts of money.
    """
    found = amount(text, field.unit, point, currency, integral=field.kind == "int")
    if found is None:
        return text
    number = found[0]
    if field.kind == "share":
        number = number.scaleb(-2)
    elif field.per_stored != 1.0:
        return float(number) / field.per_stored
    if field.kind == "int":
        whole = number == number.to_integral_value() and abs(number) < Decimal("1e30")
        return int(number) if whole else float(number)
    return float(number)


def shown(value: object, field: Field, marks: tuple[str, str] = (",", ".")) -> str:
    """A value for its text box: grouped digits and as many decimals as it has (at most ten).

    ``marks`` are the thousands separator and the decimal mark.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    amount = Decimal(repr(value)) * (100 if field.kind == "share" else 1)
    if field.per_stored != 1.0:
        amount = Decimal(f"{value * field.per_stored:.{CONVERTED_DIGITS}g}")
    if abs(amount) >= Decimal("1e15") or (amount and abs(amount) < Decimal("1e-9")):
        text = f"{float(amount):.10g}"
    else:
        text = f"{amount.quantize(Decimal('1e-10')).normalize():,f}"
    return text.translate({ord(","): marks[0], ord("."): marks[1]})


def stepped(value: float, field: Field, steps: int) -> float:
    """The value some steps up or down, kept within the field's range and free of float dust."""
    step = Decimal(str(field.step or 10.0**-field.decimals))
    factor = Decimal(100) if field.kind == "share" else Decimal(repr(field.per_stored))
    if field.per_stored != 1.0:
        step = Decimal(f"{float(step * factor):.1g}")  # a round step in the unit that is read
    amount = Decimal(repr(value)) * factor + step * steps
    result = amount / factor
    if field.minimum is not None:
        low = Decimal(str(field.minimum))
        low = low + step / factor if field.above_minimum else low
        result = max(result, low)
    if field.maximum is not None:
        result = min(result, Decimal(str(field.maximum)))
    return int(result) if field.kind == "int" else float(result)
