"""A rejected option's sentence: the binding limit, the margin by hand, what it takes."""

from __future__ import annotations

import dataclasses

import pytest

from core.decision.verdicts import binding, exceeded, rejecting, rejection
from core.recommendation import Gate
from tests.core.decision import builders as b


def gate(key: str, needed: float | None, limit: float | None, unit: str, change: str = "") -> Gate:
    return Gate(key, key.title(), "fail", needed, limit, unit, f"{key.title()} told.", change)


@pytest.mark.parametrize(
    ("needed", "limit", "unit", "told"),
    [
        (12.5, 10.0, "kW", "That is 25 % too much."),
        (30.0, 10.0, "ms", "That is 3 times the limit."),
        (110_000.0, 100_000.0, "EUR", "That is 10 % too much."),
        (0.999, 0.9995, "share", ""),  # more is better: no share says it
        (4.0, 2.0, "of 5", ""),
        (None, None, "", ""),
    ],
)
def test_the_margin(needed: float | None, limit: float | None, unit: str, told: str) -> None:
    assert exceeded(gate("any", needed, limit, unit)) == told


def test_the_limit_that_is_furthest_off_is_told_first() -> None:
    near = gate("racks", 5.0, 4.0, "racks", "One more rack.")
    far = gate("total power", 30.0, 10.0, "kW", "20 kW more.")
    option = dataclasses.replace(b.option(), gates=(near, far))
    assert binding(option.gates) == far
    assert rejection(option) == (
        "Rejected by total Power. Total Power told. That is 3 times the limit. "
        "It also fails on racks. It would take, limit by limit: One more rack. 20 kW more."
    )


def test_one_limit_alone_is_told_with_what_it_takes() -> None:
    option = dataclasses.replace(b.option(), gates=(gate("racks", 5.0, 4.0, "racks", "1 more."),))
    assert rejection(option).endswith("That is 25 % too much. It would take: 1 more.")


def test_without_a_failing_limit_the_price_is_missing() -> None:
    assert rejection(b.option(usd_per_mtok=None)) == "No price is known, so it cannot win."


def test_of_limits_that_reject_as_many_the_key_decides_in_every_language() -> None:
    both = (gate("power", 2.0, 1.0, "kW"), gate("budget", 2.0, 1.0, "EUR"))
    for labels in (("A", "Z"), ("Z", "A")):
        named = tuple(
            dataclasses.replace(g, label=label) for g, label in zip(both, labels, strict=True)
        )
        found = rejecting([b.option("a", gates=named)])
        assert [(g.key, n) for g, n in found] == [("budget", 1), ("power", 1)]
