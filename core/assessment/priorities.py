"""What counts how much: the weights of the criteria and their presets."""

from __future__ import annotations

from dataclasses import dataclass

from core.assessment.fields import entry

WEIGHTS = (
    "weight_cost",
    "weight_memory_bandwidth",
    "weight_latency",
    "weight_power_density",
    "weight_utilization",
    "weight_tuning",
    "weight_carbon",
    "weight_time",
    "weight_control",
)
PRIORITY_PRESETS: dict[str, tuple[int, ...]] = {
    "balanced": (35, 8, 12, 8, 10, 7, 5, 7, 8),
    "cost_first": (60, 5, 8, 5, 8, 4, 3, 4, 3),
    "latency_first": (20, 12, 35, 6, 7, 6, 3, 6, 5),
    "sovereignty_first": (20, 6, 10, 8, 6, 6, 4, 5, 35),
    "sustainability_first": (22, 6, 8, 12, 12, 5, 28, 3, 4),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """Weights of the criteria; only their proportions matter."""

    preset: str = entry(
        "balanced",
        label="Priorities",
        kind="choice",
        group="Priorities",
        choices=(
            ("balanced", "Balanced"),
            ("cost_first", "Cost first"),
            ("latency_first", "Latency first"),
            ("sovereignty_first", "Sovereignty first"),
            ("sustainability_first", "Sustainability first"),
            ("own", "Own weights"),
        ),
        help="Fills the weights below; change any of them afterwards.",
    )
    weight_cost: int = entry(
        35,
        label="Cost per million tokens",
        kind="int",
        minimum=0,
        maximum=100,
        group="Weights",
        decimals=0,
        help="All costs over the horizon in today's money, per million tokens.",
    )
    weight_memory_bandwidth: int = entry(
        8,
        label="Memory bandwidth headroom",
        kind="int",
        minimum=0,
        maximum=100,
        decimals=0,
        group="Weights",
        help="How much of the memory's speed is left over at the peak; the first of the five "
        "constraints.",
    )
    weight_latency: int = entry(
        12,
        label="Latency headroom",
        kind="int",
        minimum=0,
        maximum=100,
        decimals=0,
        group="Weights",
        help="How far latencies stay below their targets; the second of the five constraints.",
    )
    weight_power_density: int = entry(
        8,
        label="Power density headroom",
        kind="int",
        minimum=0,
        maximum=100,
        decimals=0,
        group="Weights",
        help="How far power, cooling and weight stay below what the place carries; the third of "
        "the five constraints.",
    )
    weight_utilization: int = entry(
        10,
        label="Accelerator utilisation",
        kind="int",
        minimum=0,
        maximum=100,
        decimals=0,
        group="Weights",
        help="How well the hardware is used over the year, neither idle nor too full; the fourth "
        "of the five constraints.",
    )
    weight_tuning: int = entry(
        7,
        label="Little operational tuning",
        kind="int",
        minimum=0,
        maximum=100,
        decimals=0,
        group="Weights",
        help="How little expert work it takes to run well; the fifth of the five constraints.",
    )
    weight_carbon: int = entry(
        5,
        label="Low carbon",
        kind="int",
        minimum=0,
        maximum=100,
        decimals=0,
        group="Weights",
        help="Grams of CO2e per million tokens.",
    )
    weight_time: int = entry(
        7,
        label="Fast to deploy",
        kind="int",
        minimum=0,
        maximum=100,
        decimals=0,
        group="Weights",
        help="Weeks until it can serve.",
    )
    weight_control: int = entry(
        8,
        label="Control over data and model",
        kind="int",
        minimum=0,
        maximum=100,
        decimals=0,
        group="Weights",
        help="Own premises score highest, a hosted API lowest.",
    )
