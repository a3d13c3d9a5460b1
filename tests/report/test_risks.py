"""The register's entry on performance: the target with least room, and what was extrapolated."""

from __future__ import annotations

from core.recommendation import Spread, TargetCheck
from core.report.sections.risks import _performance
from tests.core.decision import builders as b

TTFT = TargetCheck("ttft", "TTFT", 500.0, Spread(200.0, 250.0, 300.0), "pass")
TPOT = TargetCheck("tpot", "TPOT", 50.0, Spread(20.0, 30.0, 45.0), "pass")


def test_the_target_whose_interval_comes_nearest_to_its_limit_is_told() -> None:
    """300 of 500 ms is 60 %, 45 of 50 ms 90 %."""
    told = _performance(b.option("a", servings=(b.serving(targets=(TTFT, TPOT)),)))
    assert told == "TPOT: 30 ms predicted, between 20 ms and 45 ms; 50 ms allowed."
    other = b.serving(workload="Search", targets=(TTFT,))
    told = _performance(b.option("a", servings=(b.serving(targets=(TTFT, TPOT)), other)))
    assert told.startswith("Chat assistant, TPOT: 30 ms predicted")


def test_what_was_extrapolated_is_told_with_and_without_targets() -> None:
    new = b.serving(targets=(TTFT,), evidence="extrapolated", evidence_note="Not seen: this.")
    told = _performance(b.option("a", servings=(new,)))
    assert told.startswith("Not seen: this. TTFT: 250 ms predicted")
    bare = b.serving(targets=(), evidence="extrapolated", evidence_note="")
    assert _performance(b.option("a", servings=(bare,))) == "Nothing comparable was measured."
    assert _performance(b.option("a", servings=(b.serving(targets=()),))) == ""
