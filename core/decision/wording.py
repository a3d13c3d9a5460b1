"""Numbers as a reader wants them in a sentence."""

from __future__ import annotations

import math
from functools import lru_cache

from core.hours import MS_PER_HOUR
from core.language import in_use, language
from core.notation import local, marks, with_currency
from core.recommendation import Currency
from core.units import read_as
from core.words import _, ngettext

MINUS = "−"
"""As wide as a plus sign; a hyphen would be read as a dash or part a word."""


def number(value: float, digits: int = 3) -> str:
    """A number with ``digits`` significant figures and thousands separators."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else _("unlimited")
    return _figures(value, digits, in_use.get())


@lru_cache(maxsize=16384)
def _figures(value: float, digits: int, code: str) -> str:
    """The number in the notation of the language in use, whose ``code`` only tells calls apart."""
    text = _all_figures(value, digits)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return local(text.replace("-", MINUS))


def _all_figures(value: float, digits: int) -> str:
    rounded = significant(value, digits)  # 0.9996 is 1.00, which has a place less
    return f"{rounded:,.{max(_places(rounded, digits), 0)}f}"


def in_column(value: float, digits: int = 3) -> str:
    """A number above and below others of its kind: noughts at its end are told (0.430, 32.0)."""
    if value == 0 or not math.isfinite(value):
        return number(value)
    return local(_all_figures(value, digits).replace("-", MINUS))


def significant(value: float, digits: int = 3) -> float:
    """The number with so many significant figures, as ``number`` shows it."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, _places(value, digits))


def _places(value: float, digits: int) -> int:
    """Decimal places that show so many figures of a number; below zero, figures before them."""
    return digits - 1 - math.floor(math.log10(abs(value)))


def measured(value: float, unit: str, digits: int = 3) -> str:
    """A figure of a metric unit in the units in use: ``40 kg``, ``88.2 lb``."""
    read, name = read_as(value, unit)
    return f"{number(read, digits)} {name}"


def percent(share: float) -> str:
    """A share as a percentage with at most three figures."""
    value = round(share * 100.0, 9)  # 87.4999999999 is 87.5 with the last digits of a sum
    if abs(value) < 10 and value != 0:
        return f"{number(value, 2)} %"
    return local(f"{value:,.0f} %").replace("-", MINUS)


def signed_percent(share: float) -> str:
    """A relative change with its sign; a fall of nearly all is not told as one of all."""
    if 0 < abs(share) < 0.001:  # less than the engine's own error by far
        return "≈ 0 %"
    if -1.0 < share <= -0.9995:
        return f"< {MINUS}{local('99.9')} %"
    nearly_all = share <= -0.995 and share > -1.0
    text = f"{number(-100.0 * share)} %" if nearly_all else percent(abs(share))
    return text if text == "0 %" else f"{'+' if share > 0 else MINUS}{text}"


def chance(share: float) -> str:
    """A sampled frequency; nearer to nothing or all than a tenth of a percent it says no more."""
    if 0 < share < 0.001:
        return f"< {local('0.1')} %"
    if 0.995 <= share <= 0.999:  # not all: the rest of them stands beside it
        return local(f"{100.0 * share:.1f} %")
    return f"> {local('99.9')} %" if 0.999 < share < 1 else percent(share)


def fine_percent(share: float) -> str:
    """A share near one, such as an availability: nines enough to tell values apart, at most five.

    Beyond five nines a figure would claim more than failure rates of parts can tell.
    """
    if share > 0.99999:
        return _("more than {share}").format(share=local("99.999 %")) if share < 1.0 else "100 %"
    gap = max((1.0 - share) * 100.0, 1e-9)
    # rounded first: 1 - 0.999 is 0.0010000000000000009, one place too many otherwise
    places = min(max(1, 1 - math.floor(math.log10(gap) + 1e-6)), 3)
    text = f"{share * 100.0:.{places}f}"
    return local(f"{text.removesuffix('0') if text.endswith('0') and places > 1 else text} %")


def money(usd: float, currency: Currency) -> str:
    """An amount of US dollars, in the user's currency: three figures, or cents below 100."""
    value = usd * currency.per_usd
    return with_currency(currency.code, figure(value))


def figure(value: float) -> str:
    """An amount already in its currency, without its code: three figures, or cents below 100."""
    if 0.01 <= abs(value) < 0.1:  # three figures here too: 0.0500 beside 0.0471
        return local(f"{value:.4f}").replace("-", MINUS)
    return local(f"{value:.2f}").replace("-", MINUS) if _in_cents(value) else number(value)


def alike(*values: float) -> tuple[str, ...]:
    """Amounts of one sentence, in their currency: with as many decimals as the largest.

    Where that would tell the smallest as nothing, each with its own.
    """
    places = len(figure(max(values)).partition(marks()[1])[2])
    least = min((abs(v) for v in values if v), default=0.0)
    if least and round(least, places) == 0.0:
        places = 0
    return tuple(
        local(f"{value:,.{places}f}").replace("-", MINUS) if places else figure(value)
        for value in values
    )


def _in_cents(value: float) -> bool:
    return 0.1 <= abs(value) < 100


def as_printed(value: float) -> float:
    """The number that ``figure`` shows for an amount."""
    return round(value, 2) if _in_cents(value) else significant(value)


def printed_difference(more_usd: float, less_usd: float, currency: Currency) -> float:
    """What one amount is above another that both stand beside it: a reader may subtract them.

    So it is that of the two as printed, in the user's currency; of the exact ones only where
    these look alike.
    """
    one, other = (as_printed(usd * currency.per_usd) for usd in (more_usd, less_usd))
    return (more_usd - less_usd) * currency.per_usd if one == other else one - other


def difference(more_usd: float, less_usd: float, currency: Currency) -> str:
    """The difference of two amounts that are told beside it (``printed_difference``)."""
    return with_currency(currency.code, difference_figure(more_usd, less_usd, currency))


def difference_figure(more_usd: float, less_usd: float, currency: Currency) -> str:
    """The same without the currency's code, with the decimals of the two beside it."""
    amount = printed_difference(more_usd, less_usd, currency)
    mark = marks()[1]
    beside = (figure(usd * currency.per_usd) for usd in (more_usd, less_usd))
    places = max(len(text.partition(mark)[2]) for text in beside)
    if places and math.isclose(round(amount, places), amount, abs_tol=1e-9):
        return local(f"{amount:,.{places}f}").replace("-", MINUS)  # 0.08 of 0.19 and 0.11
    return figure(amount)


def price_span(low_usd: float, high_usd: float, currency: Currency) -> tuple[str, str]:
    """The ends of a range of levelised costs, with like decimals; the second has the unit."""
    low, high = alike(low_usd * currency.per_usd, high_usd * currency.per_usd)
    amount = with_currency(currency.code, high)
    return with_currency(currency.code, low), _("{amount} per million tokens").format(amount=amount)


def price_per_mtok(usd: float, currency: Currency) -> str:
    """A levelised cost, in the user's currency per million tokens."""
    return _("{amount} per million tokens").format(amount=money(usd, currency))


def milliseconds(value: float, like: float | None = None) -> str:
    """A latency: ms below ten seconds, seconds below ten minutes, minutes below an hour, hours.

    The one rule for tables, sentences and charts, on screen and paper. ``like`` is the figure
    whose unit it takes, where both stand in one range or row.
    """
    size = value if like is None or not math.isfinite(like) else like
    if size >= MS_PER_HOUR:
        return f"{number(value / MS_PER_HOUR)} h"
    if size >= MS_PER_HOUR / 6.0:
        return f"{number(value / (MS_PER_HOUR / 60.0))} min"
    return f"{number(value)} ms" if size < 10_000 else f"{number(value / 1000.0)} s"


def lower_first(text: str) -> str:
    """A label inside a sentence: its first letter small, but for abbreviations (``API tokens``)."""
    # German nouns keep their capital wherever they stand.
    keeps = text[1:2].isupper() or language() == "de"
    return text if keeps else text[:1].lower() + text[1:]


def counted(count: float, one: str, many: str | None = None) -> str:
    """``1 week``, ``2 weeks``, ``1.5 weeks``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def plural(shown: float) -> int:
    """A whole number that has the grammatical form of a printed one: ``1.9`` is one in French."""
    one = abs(shown) < 2.0 if language() == "fr" else shown == 1.0
    return 1 if one else 2


def points(count: float) -> str:
    """A difference of scores to two digits: ``1 point``, ``0.2 points``."""
    return ngettext("{n} point", "{n} points", plural(significant(count, 2))).format(
        n=number(count, 2)
    )


def tenths(value: float) -> str:
    """Points as the tables of scores tell them."""
    return local(f"{value:.1f}")


def tenths_apart(one: float, other: float) -> float:
    """The difference of two scores as anybody finds it who subtracts what ``tenths`` tells."""
    return round(round(one, 1) - round(other, 1), 1)


def points_apart(one: float, other: float) -> str:
    """That difference in words: ``1 point``, ``12.1 points``."""
    apart = tenths_apart(one, other)
    return ngettext("{n} point", "{n} points", plural(apart)).format(n=number(apart))


def years_in_words(count: int) -> str:
    """``1 year``, ``4 years``."""
    return ngettext("{n} year", "{n} years", count).format(n=count)


def weeks_in_words(count: float) -> str:
    """``1 week``, ``1.5 weeks``, ``31 weeks``: no plan is known to parts of a day."""
    shown = significant(count, 2) if count < 100.0 else round(count)
    return ngettext("{n} week", "{n} weeks", plural(shown)).format(n=number(shown))


def tokens(count: float) -> str:
    """An amount of tokens: ``86.4 billion tokens``."""
    for size, text in (
        (1e12, _("{n} trillion tokens")),
        (1e9, _("{n} billion tokens")),
        (1e6, _("{n} million tokens")),
    ):
        if count >= size * 0.9995:
            return text.format(n=number(count / size))
    return _("{n} tokens").format(n=number(count))


def listed(items: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) == 1:
        return items[0]
    return _("{items} and {last}").format(items=", ".join(items[:-1]), last=items[-1])
