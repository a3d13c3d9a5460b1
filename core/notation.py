"""How numbers, money and dates are written in the language in use. Files never use it.

English is the form that everything is first written in: ``1,234.5``, ``USD 12.50``,
``2026-11-24``; German has ``1.234,5``, ``12,50 USD``, ``24.11.2026``, French ``1 234,5`` with
spaces that do not break, ``12,50 USD``, ``24/11/2026``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date

from core.language import in_use, language

NO_BREAK = "\u00a0"
MINUS = "\u2212"
"""A hyphen is too short for a sign and breaks lines."""
_MARKS = {"de": (".", ","), "fr": (NO_BREAK, ",")}
"""(thousands separator, decimal mark) where they differ from English."""
_TABLES = {code: str.maketrans({",": group, ".": point}) for code, (group, point) in _MARKS.items()}
_BACK = {code: str.maketrans({group: ",", point: "."}) for code, (group, point) in _MARKS.items()}
_QUOTES = {"en": "“”", "de": "„“", "fr": ("«" + NO_BREAK, NO_BREAK + "»")}
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_DAYS = {"de": "%d.%m.%Y", "fr": "%d/%m/%Y"}


def local(figure: str) -> str:
    """A figure written the English way (``f"{value:,.1f}"``), as the language writes it."""
    table = _TABLES.get(in_use.get())  # asked ten thousand times for one answer
    written = figure.translate(table) if table else figure
    return f"{MINUS}{written[1:]}" if written[:1] == "-" else written


_TYPED_DAY = re.compile(r"(\d{1,2})([./])\s?(\d{1,2})\2\s?(\d{4})")


def typed_day(text: str) -> str:
    """A day as people type it, as ``2027-03-31``; the text as it is where it is none for certain.

    With points the day comes first, as in German; with slashes too in French, elsewhere only
    where the other order gives no day or the same one.
    """
    match = _TYPED_DAY.fullmatch(text.strip())
    if match is None:
        return text
    first, mark, second, year = match.groups()
    orders = [(second, first)]
    if mark == "/" and in_use.get() != "fr":
        orders.append((first, second))
    found = set()
    for month, number in orders:
        try:
            found.add(date(int(year), int(month), int(number)).isoformat())
        except ValueError:
            continue
    return found.pop() if len(found) == 1 else text


def as_priced(usd: float) -> str:
    """A price as it was published: cents, and up to two figures more where it has them."""
    text = f"{usd:,.4f}"
    whole, _point, digits = text.partition(".")
    return local(f"{whole}.{digits[:2]}{digits[2:].rstrip('0')}")


def marks() -> tuple[str, str]:
    """The thousands separator and the decimal mark."""
    return _MARKS.get(language(), (",", "."))


def with_currency(code: str, figure: str) -> str:
    """An amount that is already ``local``, with its currency (ISO 4217) before or after it."""
    return f"{code} {figure}" if language() == "en" else f"{figure}{NO_BREAK}{code}"


def without_currency(code: str, amount: str) -> str:
    """The amount alone, of what ``with_currency`` wrote, for columns that name the currency."""
    return amount.removeprefix(f"{code} ").removesuffix(f"{NO_BREAK}{code}")


def quoted(text: str) -> str:
    """A name in the quotation marks of the language."""
    before, after = _QUOTES.get(language(), _QUOTES["en"])
    return f"{before}{text}{after}"


def after_label(label: str, text: str) -> str:
    """``label: text``, with the space that French puts before a colon."""
    return f"{label}{NO_BREAK if language() == 'fr' else ''}: {text}"


def semicolons(items: Iterable[str]) -> str:
    """Items in a row, with the space that French puts before a semicolon."""
    return f"{NO_BREAK if language() == 'fr' else ''}; ".join(items)


def day(iso: str) -> str:
    """A date like ``2026-11-24`` as the language writes it; any other text unchanged."""
    form = _DAYS.get(language())
    if form is None:
        return iso
    try:
        return date.fromisoformat(iso).strftime(form)
    except ValueError:
        return iso


def days_in(text: str) -> str:
    """A text with every date in it, like ``2026-11-24``, as the language writes it."""
    return _ISO_DAY.sub(lambda found: day(found[0]), text)


def english(text: str) -> str:
    """A text with its figures back in the English notation, sign for sign of the same length."""
    table = _BACK.get(language())
    return (text.translate(table) if table else text).replace(MINUS, "-")


def rounded(value: float, *, up: bool, digits: int = 3) -> float:
    """The next number of ``digits`` significant figures, not below (not above) ``value``."""
    if value == 0 or not math.isfinite(value):
        return value
    step = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    steps = value / step
    return round((math.ceil(steps - 1e-9) if up else math.floor(steps + 1e-9)) * step, 12)
