"""What is uncertain, how it is drawn, and which cost lines it moves.

The bands are planning values: no source gives the error of a plan's own inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.economics.price_classes import CLASSES, OTHER
from core.recommendation import CostLine
from core.words import N_, _

LOAD_LOW, LOAD_HIGH = 0.7, 1.5
"""P10 and P90 of demand over what was stated (assumption: forecasts of new services miss)."""
GROWTH_POINTS = 0.10
"""Half the width of the 80 % band of growth a year."""
INPUT_LOW, INPUT_HIGH = 0.8, 1.3
OUTPUT_LOW, OUTPUT_HIGH = 0.75, 1.4
"""P10 and P90 of the mean lengths over what was stated, before traffic has been measured."""
PREFIX_POINTS, PREFIX_MOST = 0.15, 0.95


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """One thing that is not known, with its P10 and P90 in words."""

    key: str
    label: str
    low: str
    high: str
    distribution: str
    source: str


_RANGES = N_("The low and high values printed with each cost line")
INPUTS: tuple[UncertainInput, ...] = (
    UncertainInput(
        "load",
        N_("Demand (requests and tokens)"),
        f"{LOAD_LOW:g}×",
        f"{LOAD_HIGH:g}×",
        N_("lognormal, P10 0.7 and P90 1.5 times the stated demand"),
        N_("Assumption"),
    ),
    UncertainInput(
        "growth",
        N_("Growth of demand"),
        N_("−10 points a year"),
        N_("+10 points a year"),
        N_("normal, 80 % within 10 points of the stated growth"),
        N_("Assumption"),
    ),
    UncertainInput(
        "input_tokens",
        N_("Length of prompts"),
        f"{INPUT_LOW:g}×",
        f"{INPUT_HIGH:g}×",
        N_("lognormal, P10 0.8 and P90 1.3 times the stated mean"),
        N_("Assumption"),
    ),
    UncertainInput(
        "output_tokens",
        N_("Length of answers"),
        f"{OUTPUT_LOW:g}×",
        f"{OUTPUT_HIGH:g}×",
        N_("lognormal, P10 0.75 and P90 1.4 times the stated mean"),
        N_("Assumption"),
    ),
    UncertainInput(
        "prefix_share",
        N_("Share of prompts found in the prefix cache"),
        N_("−15 points"),
        N_("+15 points"),
        N_("normal, 80 % within 15 points of the stated share, from 0 to 95 %"),
        N_("Assumption"),
    ),
    UncertainInput(
        "engine",
        N_("Engine's error, common part"),
        N_("pessimistic"),
        N_("optimistic"),
        N_(
            "lognormal within the 80 % interval of throughput and time per token, wider for what "
            "comes before the first token; half of it is common to all options, the rest to "
            "hardware of one generation"
        ),
        N_("Residuals on published runs left out of the fit"),
    ),
    UncertainInput(
        "hardware",
        N_("Hardware prices"),
        N_("low case"),
        N_("high case"),
        N_(
            "lognormal between the low and high price; servers and what is bought with them move "
            "together"
        ),
        _RANGES,
    ),
    UncertainInput(
        "cloud",
        N_("Cloud instance prices"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "tokens",
        N_("Token API prices"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "energy",
        N_("Electricity price"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "staff",
        N_("Labour cost"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "colocation",
        N_("Colocation rate"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "works",
        N_("Power and cooling works"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "support",
        N_("Hardware support"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "residual",
        N_("Resale value"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "other",
        N_("Other lines (licences, egress)"),
        N_("low case"),
        N_("high case"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "token_trend",
        N_("Token API price trend"),
        N_("−15 points a year"),
        N_("+15 points a year"),
        N_("normal, 80 % within 15 points of the stated trend"),
        N_("Assumption"),
    ),
    UncertainInput(
        "cloud_trend",
        N_("Cloud price trend"),
        N_("−15 points a year"),
        N_("+15 points a year"),
        N_("normal, 80 % within 15 points of the stated trend"),
        N_("Assumption"),
    ),
    UncertainInput(
        "hardware_trend",
        N_("Server price trend"),
        N_("−10 points a year"),
        N_("+10 points a year"),
        N_("normal, 80 % within 10 points of the stated trend"),
        N_("Assumption"),
    ),
    UncertainInput(
        "labour_trend",
        N_("Labour cost trend"),
        N_("−2 points a year"),
        N_("+2 points a year"),
        N_("normal, 80 % within 2 points of the stated trend"),
        N_("Assumption"),
    ),
    UncertainInput(
        "energy_trend",
        N_("Electricity price trend"),
        N_("−4 points a year"),
        N_("+4 points a year"),
        N_("normal, 80 % within 4 points of the stated trend"),
        N_("Assumption"),
    ),
)
TREND_POINTS = {
    "token_trend": 0.15,
    "cloud_trend": 0.15,
    "hardware_trend": 0.10,
    "labour_trend": 0.02,
    "energy_trend": 0.04,
}
"""Half the width of the 80 % band of each yearly trend."""
TREND_OF = {
    "tokens": "token_trend",
    "cloud": "cloud_trend",
    "energy": "energy_trend",
    "hardware": "hardware_trend",
    "staff": "labour_trend",
    "colocation": "labour_trend",
}
"""Trend that a price class follows."""
INDEX = {item.key: i for i, item in enumerate(INPUTS)}
KEYS = frozenset(INDEX)


def described() -> tuple[tuple[str, str, str], ...]:
    """(uncertain input, distribution in words, source) for the reader."""
    return tuple((_(item.label), _(item.distribution), _(item.source)) for item in INPUTS)


def input_keys() -> dict[str, str]:
    """Keys of the uncertain inputs by their labels in the language in use, as ``described``."""
    return {_(item.label): item.key for item in INPUTS}


def price_ranges(lines: Sequence[CostLine]) -> dict[str, tuple[float, float] | None]:
    """P10 and P90 of each price class as factors on the base, for one option's cost lines.

    The lines of a class move together, so their ranges are weighted by present value; ``None``
    for a class that the option does not pay.
    """
    known = set(CLASSES.values()) | {OTHER}
    members: dict[str, list[CostLine]] = {key: [] for key in INDEX if key in known}
    for line in lines:
        members.get(CLASSES.get(line.key, OTHER), []).append(line)
    found: dict[str, tuple[float, float] | None] = {}
    for key, paid in members.items():
        total = sum(line.present_value_usd for line in paid)
        found[key] = (
            None
            if not total
            else (
                sum(line.present_value_usd * line.low_factor for line in paid) / total,
                sum(line.present_value_usd * line.high_factor for line in paid) / total,
            )
        )
    return found
