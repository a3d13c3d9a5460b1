"""Evidence grades keep their distance, and intervals of one thing do not contradict another's."""

from __future__ import annotations

import pytest

from core.performance import intervals
from core.performance import parameters as par

LABELS = {
    "engine": "vllm",
    "precision": "fp8",
    "generation": "hopper",
    "model_type": "dense",
}
PAIR = "m|a|vllm|fp8"


@pytest.fixture
def stored():
    tables = {
        "seen": {
            "measured": [PAIR],
            "generation*engine": [par.join_label("generation*engine", LABELS)],
            "model_type*engine": [par.join_label("model_type*engine", LABELS)],
            "precision": ["fp8"],
        },
        "sizes": {PAIR: [2.0, 8.0, 9216.0]},
        "intervals": {
            "tpot|closed_loop": {"measured": [0.8, 1.25]},
            "throughput": {"measured": [0.5, 3.0]},
        },
    }
    with par.use(par.Parameters({}, {}, {}, tables)):
        yield


@pytest.mark.parametrize(
    ("size", "tokens", "expected"),
    [
        (4, 2_000, "measured"),
        (16, 2_000, "measured"),  # twice the largest replica that was run
        (17, 2_000, "calibrated"),
        (1, 2_000, "measured"),
        (72, 2_000, "calibrated"),
        (4, 4 * 9216, "measured"),
        (4, 4 * 9216 + 1, "calibrated"),
        (0, 0, "measured"),
    ],
)
def test_only_what_lies_near_a_published_run_is_measured(stored, size, tokens, expected):
    grade, note = intervals.grade(LABELS, "a", "m", size=size, tokens=tokens)
    assert grade == expected
    if expected == "calibrated":
        assert "Published runs" in note


def test_the_rate_of_a_closed_loop_is_as_sure_as_its_time_per_token(stored):
    assert intervals.factors("throughput", "measured", "closed_loop") == (1 / 1.25, 1 / 0.8)
    assert intervals.factors("throughput", "measured", "offline_max") == (0.5, 3.0)
