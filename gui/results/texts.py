"""Numbers and grades of a recommendation in words; nothing here computes a result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from core.decision.rating import LABELS
from core.decision.wording import chance, figure, milliseconds, money, number, percent
from core.recommendation import Gate, Option, Recommendation, Spread, TargetCheck
from core.units import read_as
from core.words import _

DASH = "–"
"""Shown where a value is unknown or does not apply."""


def confidence_word(level: str) -> str:
    """The grade of a confidence in words."""
    return {"high": _("high"), "medium": _("medium"), "low": _("low")}.get(level, level)


def evidence_word(grade: str | None) -> str:
    """How near to measured data a prediction is; a dash where the venue computes none."""
    words = {
        "measured": _("Measured"),
        "calibrated": _("Calibrated"),
        "extrapolated": _("Extrapolated"),
    }
    return DASH if grade is None else words.get(grade, grade)


def status_word(status: str) -> str:
    """A gate's or target's verdict: a sign and a word, never a colour alone."""
    return {
        "pass": "✓ " + _("met"),
        "fail": "✗ " + _("not met"),
        "unknown": "? " + _("to confirm"),
    }.get(status, status)


def target_name(key: str) -> str:
    """The short name of a latency target."""
    return {
        "ttft": "TTFT",
        "tpot": "TPOT",
        "e2e": _("Whole answer"),
        "answer_ttft": _("First answer token"),
        "throughput": _("throughput"),
        "memory": _("memory"),
    }.get(key, key)


def provider_word(name: str) -> str:
    """Who sells it; a word for hardware that several makers offer."""
    return _("various makers") if name == "various" else name or DASH


def kind_word(kind: str) -> str:
    """The kind of a cost line."""
    return {
        "capex": _("Up front"),
        "opex": _("Running"),
        "energy": _("Energy"),
        "metered": _("Metered"),
        "residual": _("Resale value"),
    }.get(kind, kind)


def constraint_word(key: str | None) -> str:
    """The label of one of the five constraints."""
    return DASH if key is None else _(LABELS.get(key, key))


def amount(usd: float | None, recommendation: Recommendation) -> str:
    """An amount of US dollars in the user's currency; a dash where unknown."""
    if usd is None or not math.isfinite(usd):
        return DASH
    return money(usd, recommendation.currency)


def plain_amount(usd: float | None, recommendation: Recommendation) -> str:
    """The same without the currency's code, for columns whose heading names it."""
    if usd is None or not math.isfinite(usd):
        return DASH
    return figure(recommendation.money(usd))


def value_text(value: float | None, unit: str = "", digits: int = 3) -> str:
    """A number with its unit; a dash where unknown."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return DASH
    text = number(value, digits)
    return f"{text} {unit}" if unit else text


def share_text(share: float | None) -> str:
    """A share 0..1 as a percentage."""
    return DASH if share is None else percent(share)


def chance_text(share: float | None) -> str:
    """A sampled frequency 0..1; never all or nothing where some futures are otherwise."""
    return DASH if share is None else chance(share)


def range_text(spread: Spread | None, unit: str = "") -> str:
    """``10 weeks (6 to 20)``."""
    if spread is None:
        return DASH
    limits = _("{low} to {high}").format(low=number(spread.low), high=number(spread.high))
    return f"{value_text(spread.base, unit)} ({limits})"


def weeks_text(spread: Spread | None) -> str:
    """``10 weeks (6 to 20)``, ``1 week (0 to 2)``."""
    if spread is None:
        return DASH
    return range_text(spread, _("week") if number(spread.base) == "1" else _("weeks"))


def money_range(spread: Spread, recommendation: Recommendation) -> str:
    """Low to high in the user's currency, without its code."""
    return _("{low} to {high}").format(
        low=plain_amount(spread.low, recommendation), high=plain_amount(spread.high, recommendation)
    )


def by_year(values: Sequence[float], unit: str = "") -> str:
    """One value where all years are alike, else first to last year."""
    if not values:
        return DASH
    if all(value == values[0] for value in values):
        return value_text(values[0], unit)
    text = _("{first} in the first year, {last} in the last").format(
        first=number(values[0]), last=number(values[-1])
    )
    return f"{text} ({unit})" if unit else text


def predicted_text(check: TargetCheck) -> str:
    """The predicted latency and its 80 % interval; says so where a venue publishes none.

    A wait is planned and stands apart: the interval is of what is predicted.
    """
    got = check.served_ms
    if got is None:
        return _("not published")
    if not math.isfinite(got.base):
        return _("no bound: overloaded")
    high = milliseconds(got.high, got.base) if math.isfinite(got.high) else _("no bound")
    limits = _("{low} to {high}").format(low=milliseconds(got.low, got.base), high=high)
    text = f"{milliseconds(got.base)} ({limits})"
    if not check.waiting_ms:
        return text
    return _("{waited} planned wait, then {served}").format(
        waited=milliseconds(check.waiting_ms), served=text
    )


def tightest(option: Option) -> TargetCheck | None:
    """The target with the least slack; one that is not published where none is known."""
    checks = [check for serving in option.servings for check in serving.targets]
    known = [check for check in checks if check.predicted_ms is not None]
    return max(known, key=used_share) if known else (checks[0] if checks else None)


def used_share(check: TargetCheck) -> float:
    """How much of a latency limit the prediction uses; 0 where nothing is known."""
    return 0.0 if check.predicted_ms is None else check.predicted_ms.base / check.limit_ms


def worst_evidence(option: Option) -> str | None:
    """The weakest evidence grade among an option's workloads."""
    order = ("measured", "calibrated", "extrapolated")
    grades = [s.evidence for s in option.servings if s.evidence is not None]
    return max(grades, key=order.index) if grades else None


def failed_gates(option: Option) -> tuple[Gate, ...]:
    """The hard limits an option breaks."""
    return tuple(gate for gate in option.gates if gate.status == "fail")


def gate_margin(gate: Gate) -> str:
    """``20.4 kW against 12``; "" where the limit has no numbers."""
    if gate.needed is None or gate.limit is None or not math.isfinite(gate.needed):
        return ""
    if gate.unit == "share":
        needed, limit, unit = number(gate.needed * 100, 6), number(gate.limit * 100, 6), "%"
    else:
        read, unit = read_as(gate.needed, gate.unit)
        needed, limit = number(read), number(read_as(gate.limit, gate.unit)[0])
    return _("{needed} {unit} against {limit}").format(needed=needed, limit=limit, unit=unit)


def cell_text(value: Any) -> str:
    """A chart's or table's cell as text."""
    if value is None:
        return DASH
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number(float(value), 4) if isinstance(value, int | float) else str(value)
