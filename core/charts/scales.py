"""Axes: where the ticks go, what they say, and which unit large sums are counted in."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.text import width_mm
from core.decision.wording import number
from core.notation import local
from core.words import _

Ticks = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a plot: its range, its label with unit, and ticks if they are fixed."""

    low: float
    high: float
    label: str = ""
    log: bool = False
    ticks: Ticks | None = None
    suffix: str = ""
    """Appended to every tick's text, such as `` %``."""

    def place(self, value: float) -> float:
        """Where a value lies, 0 at ``low`` and 1 at ``high``."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def linear_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Multiples of 1, 2 or 5 times a power of ten within a range, at most ``most`` (>= 2)."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return (low,)
    power = 10.0 ** math.floor(math.log10(span / most))
    for step in (power * m for m in (1, 2, 5, 10, 20, 50, 100)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return tuple(round(i * step, 12) for i in range(first, last + 1))
    return (low,)


def log_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """1-2-5 values within a range, else powers of ten, at most ``most``."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    inside = (low * (1 - 1e-9), high * (1 + 1e-9))
    for digits in ((1, 2, 5), (1, 3), (1,)):
        found = [
            d * 10.0**p
            for p in range(first, last + 1)
            for d in digits
            if inside[0] <= d * 10.0**p <= inside[1]
        ]
        if len(found) <= most and (len(found) >= 2 or digits == (1, 2, 5)):
            return tuple(found)
    powers = [p for p in range(first, last + 1) if inside[0] <= 10.0**p <= inside[1]]
    stride = max(1, math.ceil(len(powers) / most))
    return tuple(10.0**p for p in powers[::stride])


def tick_texts(values: Sequence[float], log: bool = False, suffix: str = "") -> tuple[str, ...]:
    """Ticks as text, all with the same number of decimals on a linear axis."""
    if log or len(values) < 2:
        return tuple(f"{number(v)}{suffix}" for v in values)
    step = abs(values[1] - values[0])
    places = max(0, -math.floor(math.log10(step) + 1e-9)) if step else 0
    return tuple(local(f"{v:,.{places}f}").replace("-", "−") + suffix for v in values)


def fitted(axis: Axis, length_mm: float, pt: float, *, across: bool, most: int = 7) -> Ticks:
    """As many ticks as have room along ``length_mm``, their texts side by side or stacked."""
    if axis.ticks is not None:
        return axis.ticks
    make = log_ticks if axis.log else linear_ticks
    ticks: Ticks = ()
    for count in range(most, 1, -1):
        values = make(axis.low, axis.high, count)
        ticks = tuple(zip(values, tick_texts(values, axis.log, axis.suffix), strict=True))
        if _have_room(axis, ticks, length_mm, pt, across):
            return ticks
    return ticks[:1]


def _have_room(axis: Axis, ticks: Ticks, length_mm: float, pt: float, across: bool) -> bool:
    for (left, first), (right, second) in itertools.pairwise(ticks):
        distance = abs(axis.place(right) - axis.place(left)) * length_mm
        if across:
            needed = (width_mm(first, pt) + width_mm(second, pt)) / 2.0 + 0.7 * pt * 0.353
        else:
            needed = 1.9 * pt * 0.353
        if distance < needed:
            return False
    return True


def padded(values: Sequence[float], *, zero: bool = True, pad: float = 0.06) -> tuple[float, float]:
    """A range around finite values, from zero if wanted, with air at its open ends."""
    finite = [v for v in values if math.isfinite(v)] or [0.0]
    low, high = min(finite), max(finite)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    return (
        low if zero and low == 0.0 else low - span * pad,
        high if zero and high == 0.0 and low < 0 else high + span * pad,
    )


def padded_log(values: Sequence[float], pad: float = 0.08) -> tuple[float, float]:
    """A range around positive values on a log axis."""
    finite = [v for v in values if math.isfinite(v) and v > 0] or [1.0]
    low, high = min(finite), max(finite)
    factor = max((high / low) ** pad, 1.1)
    return low / factor, high * factor


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that sums are shown in: divide by ``divisor``, name it with ``text``."""

    divisor: float
    text: str


def money_unit(largest: float, code: str) -> Unit:
    """``EUR``, ``EUR thousand``, ``EUR million`` or ``EUR billion``, by the largest amount."""
    for divisor, words in (
        (1e9, _("{code} billion")),
        (1e6, _("{code} million")),
        (1e4, _("{code} thousand")),
    ):
        if abs(largest) >= divisor:
            return Unit(1e3 if divisor == 1e4 else divisor, words.format(code=code))
    return Unit(1.0, code)


def aligned(values: Sequence[float]) -> tuple[str, ...]:
    """Numbers of a column with the same decimals: cents below 100, fewer above, more far below."""
    sizes = [abs(v) for v in values if v and math.isfinite(v)]
    if not sizes:
        return tuple("0" for _v in values)
    places = 2 if max(sizes) < 100 else 1 if max(sizes) < 1000 and min(sizes) < 10 else 0
    if max(sizes) < 1 and 0.0095 <= min(sizes) < 0.1:
        places = 3  # prices of a few cents a million tokens differ in tenths of them
    if max(sizes) < 1 and min(sizes) < 0.0095:
        places = min(-math.floor(math.log10(min(sizes))), 4)
    return tuple(local(f"{v:,.{places}f}").replace("-", "−") for v in values)


def crossing(line: Sequence[tuple[float, float]], at: float) -> float | None:
    """The height of a line through points, from left to right, at a place; ``None`` beyond it."""
    for (x, y), (other_x, other_y) in itertools.pairwise(line):
        if x <= at <= other_x:
            return y + (at - x) / ((other_x - x) or 1.0) * (other_y - y)
    return None
