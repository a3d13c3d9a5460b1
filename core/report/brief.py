"""What every section reads: the answer, the analysis where there is one, and how numbers look."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.charts import KEYS, Absent, Chart, chart
from core.decision.wording import (
    alike,
    figure,
    in_column,
    milliseconds,
    number,
    percent,
    signed_percent,
)
from core.decision.wording import chance as chance_text
from core.decision.wording import money as money_text
from core.language import ENGLISH, language
from core.notation import local, with_currency
from core.recommendation import (
    Analysis,
    Option,
    OptionUncertainty,
    Recommendation,
    SmallestChange,
    Spread,
)
from core.report.content import Block, Callout
from core.words import _

DASH = "–"


@dataclass(frozen=True)
class Brief:
    """A recommendation with its analysis, and the formatting of its numbers."""

    recommendation: Recommendation
    analysis: Analysis | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Number of every section that is printed, by its key."""

    def place(self, key: str) -> int:
        """Number of a section; 0 where it is not printed."""
        return self.numbers.get(key, 0)

    @property
    def winner(self) -> Option | None:
        """The recommended option."""
        return self.recommendation.winner

    @property
    def code(self) -> str:
        """The user's currency."""
        return self.recommendation.currency.code

    @property
    def horizon(self) -> int:
        """Years of the comparison."""
        return self.recommendation.assessment.economics.horizon_years

    def uncertainty(self, option: Option) -> OptionUncertainty | None:
        """An option's cost over the sampled futures, where they were sampled."""
        return self.analysis.uncertainty_of(option.id) if self.analysis else None

    @property
    def smallest_changes(self) -> tuple[SmallestChange, ...]:
        """What would admit rejected options, as far as it was searched."""
        return self.analysis.smallest_changes if self.analysis else ()

    @property
    def subject(self) -> Option | None:
        """The option that the detailed sections describe: the winner, else the nearest rejected."""
        rejected = self.recommendation.rejected
        return self.winner or (rejected[0] if rejected else None)

    def about_subject(self) -> Iterator[Block]:
        """Says so where the details are not about a recommended option."""
        if self.winner is None and self.subject is not None:
            text = _(
                "No option meets every limit. What follows describes the nearest rejected one, "
                "{title}."
            )
            yield Callout(text.format(title=self.subject.title), "warning")

    @functools.cached_property
    def _charts(self) -> dict[str, Chart | Absent]:
        return {}

    def chart(self, key: str) -> Chart | Absent | None:
        """A chart of the winner by key; ``None`` where no chart has this key."""
        if key not in KEYS:
            return None
        if key not in self._charts:
            self._charts[key] = chart(key, self.recommendation, self.subject, self.analysis)
        return self._charts[key]

    # -- numbers ---------------------------------------------------------------------------

    def money(self, usd: float | None) -> str:
        """An amount with its currency."""
        return DASH if usd is None else _signed(money_text(usd, self.recommendation.currency))

    def amount(self, usd: float | None) -> str:
        """An amount without its currency, for columns that name it."""
        return DASH if usd is None else _signed(figure(self.recommendation.money(usd)))

    def evenly(self, usd: Iterable[float]) -> Callable[[float], str]:
        """How the small differences of a table are told: all with the decimals of the largest.

        That one has three figures.
        """
        most = max((abs(self.recommendation.money(one)) for one in usd), default=0.0)
        places = max(2 - math.floor(math.log10(most)), 0) if most else 0
        return lambda one: _signed(local(f"{self.recommendation.money(one):,.{places}f}"))

    def column(self, usd: Iterable[float | None]) -> Callable[[float | None], str]:
        """How the amounts of a table are told: all below one to three figures, or all in cents."""
        told = [abs(self.recommendation.money(one)) for one in usd if one]
        small = any(0.0 < value < 0.1 for value in told)

        def amount(one: float | None) -> str:
            value = None if one is None else self.recommendation.money(one)
            if value is not None and small and 0.1 <= abs(value) < 1.0:
                return _signed(local(f"{value:.3f}"))  # 0.100 beside 0.0998
            return self.amount(one)

        return amount

    def alike(self, *usd: float) -> tuple[str, ...]:
        """Amounts of one sentence without their currency, with as many decimals as the largest."""
        return alike(*map(self.recommendation.money, usd))

    def whole(self, usd: float | None) -> str:
        """An amount to the unit, for bills whose lines a reader adds up."""
        return DASH if usd is None else _signed(local(f"{self.recommendation.money(usd):,.0f}"))

    def unit(self, amount: int) -> str:
        """An amount that is whole and in the user's currency already, for columns that name it."""
        return _signed(local(f"{amount:,}"))

    def exact(self, amount: int) -> str:
        """The same with its currency."""
        return with_currency(self.code, self.unit(amount))

    def per_mtok(self) -> str:
        """The unit of levelised cost."""
        return _("{currency} per million tokens").format(currency=self.code)


def _signed(text: str) -> str:
    """An amount with a minus sign as wide as a digit's, not a hyphen."""
    return "0" if text == "-0" else text.replace("-", "−")


def adding_up(amounts: Sequence[float], total: int | None = None) -> list[int]:
    """Amounts to the unit whose sum is that of the exact ones to the unit, or a given ``total``.

    Each is what the running sum grows by, so none is off by more than one; what is left to a
    given total falls on the last that is not nothing.
    """
    sums = [round(usd) for usd in itertools.accumulate(amounts)]
    found = [after - before for before, after in itertools.pairwise([0, *sums])]
    told = [n for n, amount in enumerate(amounts) if amount]
    if total is not None and told:
        found[told[-1]] += total - sum(found)
    return found


def num(value: float | None, digits: int = 3) -> str:
    """A number with significant figures; a dash where unknown."""
    return DASH if value is None else number(value, digits)


def num_in_column(value: float | None) -> str:
    """Three figures of a number among others of its kind; a dash where unknown."""
    return DASH if value is None else in_column(value)


def count(value: int | None) -> str:
    """A number of things, in full; a dash where unknown."""
    return DASH if value is None else local(f"{value:,}")


def share(value: float | None) -> str:
    """A share as percent; a dash where unknown."""
    return DASH if value is None else percent(value)


def chance(value: float | None) -> str:
    """A sampled frequency; a dash where unknown."""
    return DASH if value is None else chance_text(value)


def signed_share(value: float | None) -> str:
    """A relative change with its sign; a dash where unknown."""
    return DASH if value is None else signed_percent(value)


def ms(value: float | None, like: float | None = None) -> str:
    """A latency with its unit, or in the unit of ``like``."""
    return DASH if value is None else milliseconds(value, like)


def week_count(value: float, digits: int = 2) -> str:
    """A number of weeks with its word."""
    text = num(value, digits)
    return _("1 week") if text == "1" else _("{n} weeks").format(n=text)


def weeks(value: Spread | None) -> str:
    """A lead time with its range."""
    if value is None:
        return _("not known")
    low, high = num(value.low, 2), num(value.high, 2)
    if low == high:
        return week_count(value.base)
    return _("{base} ({low} to {high})").format(base=week_count(value.base), low=low, high=high)


def formula(text: str) -> str:
    """A cost line's formula with its shares as the rest of the report writes them: ``2 %``."""
    told = re.sub(r"(\d+(?:[.,][1-9])?)(?:[.,]0)?%", r"\1 %", text)
    if language() == ENGLISH:
        told = re.sub(r"([\d.,]*\d) USD(?!/)", r"USD \1", told)  # as in the rest of the report
    return told or DASH


def joined(items: Iterable[str]) -> str:
    """Texts separated by commas, doubles dropped."""
    return ", ".join(dict.fromkeys(items))


def years(values: Iterable[float], digits: int = 3) -> str:
    """A yearly series, ``2 → 3 → 4``, shortened to one value where all are equal."""
    texts = [num(v, digits) for v in values]
    if not texts:
        return DASH
    return texts[0] if len(set(texts)) == 1 else " → ".join(texts)
