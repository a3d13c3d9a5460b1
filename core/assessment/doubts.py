"""Values that are allowed but hardly meant, and texts that the report cannot print as typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.assessment import Assessment, Project
from core.assessment.fields import Field, fields_of, in_digits, shown
from core.typeface import lacking, spelled
from core.words import _

MOST_SIGNS = 8
"""Characters that are named; of a sentence in another script all would fill the window."""

USUAL: dict[str, tuple[float, float, float]] = {
    "users": (10, 1e6, 1000),
    "requests_per_user_hour": (0.1, 100, 100),
    "peak_requests_per_s": (0.01, 1000, 1000),
    "input_tokens_mean": (50, 20_000, 50),
    "output_tokens_mean": (20, 5000, 100),
    "ttft_ms": (50, 10_000, 1000),
    "tpot_ms": (5, 200, 1000),
    "e2e_ms": (200, 100_000, 1000),
    "edge_sites": (1, 2000, 100),
    "edge_site_power_kw": (0.1, 10, 50),
    "edge_line_month": (10, 5000, 1000),
    "rack_power_kw": (3, 150, 5),
    "total_power_kw": (5, 5000, 20),
    "racks": (1, 200, 100),
    "capex_limit": (20_000, 100e6, 1000),
    "opex_limit_per_year": (10_000, 50e6, 1000),
    "current_cost_per_year": (5000, 50e6, 1000),
    "electricity_price_kwh": (0.04, 0.5, 10),
    "staff_cost_usd_year": (40_000, 300_000, 10),
}
"""Usual low and high of an input in its own unit, and how many times beyond it becomes doubtful:
a thousand, less where the allowed range ends before. Orders of magnitude, for nothing else.
Amounts of money are in US dollars."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An input whose value is allowed, and the question whether it is meant, or the warning."""

    path: str
    label: str
    question: str


def doubt(key: str, field: Field, value: object, currency: str = "", per_usd: float = 1.0) -> str:
    """The question whether a value is meant; "" where it is usual, unknown or not allowed.

    Of a text it is what the report cannot print of it.

    ``currency`` is the user's, for amounts of money, and ``per_usd`` how much of it one US dollar
    is worth.
    """
    if field.kind == "text" and isinstance(value, str):
        return _unprinted(value)
    usual = USUAL.get(key)
    if usual is None or isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    low, high, times = usual
    if field.money == "user":
        low, high = low * per_usd, high * per_usd
    most = field.maximum if field.maximum is not None else float("inf")
    if not (0 < value < low / times or high * times < value <= most):
        return ""
    unit = f" {field.unit_in(currency)}".rstrip()
    return _("{value}{unit} is far from the usual {low} to {high}{unit}. Is it meant?").format(
        value=shown(field, value), unit=unit, low=_rounded(low), high=_rounded(high)
    )


def _unprinted(text: str) -> str:
    """That the report cannot print some characters of a text; "" where it prints all."""
    signs = lacking(text)
    if not signs:
        return ""
    told = " ".join(signs[:MOST_SIGNS]) + (" …" if len(signs) > MOST_SIGNS else "")
    return _(
        "The report's typeface lacks {signs}: it prints the number of each instead, such as {code}."
    ).format(signs=told, code=spelled(signs[:1]))


def _rounded(value: float) -> str:
    """Two figures: an order of magnitude at some rate of exchange is no more exact."""
    return in_digits(float(f"{value:.2g}"))


def doubts(assessment: Assessment, per_usd: float = 1.0) -> Iterator[Doubt]:
    """Every value of an assessment that is allowed but hardly meant; not of its project's words.

    ``per_usd`` is the rate of the assessment's currency.
    """
    code = assessment.economics.currency
    sections: list[tuple[str, Any]] = []
    for number, workload in enumerate(assessment.workloads):
        sections.append((f"workloads[{number}]", workload))
        sections.append((f"workloads[{number}].targets", workload.targets))
    sections += [("site", assessment.site), ("economics", assessment.economics)]
    for prefix, section in sections:
        yield from _of_section(prefix, section, code, per_usd)


def doubts_of_words(project: Project) -> Iterator[Doubt]:
    """What the report cannot print of the words that change nothing else of it."""
    yield from _of_section("project", project)


def _of_section(
    prefix: str, section: Any, currency: str = "", per_usd: float = 1.0
) -> Iterator[Doubt]:
    for key, field in fields_of(section):
        if key in USUAL or field.kind == "text":
            question = doubt(key, field, getattr(section, key), currency, per_usd)
            if question:
                yield Doubt(f"{prefix}.{key}", field.label, question)
