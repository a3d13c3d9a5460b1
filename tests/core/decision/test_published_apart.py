"""What published runs of the very configuration say against a prediction, and where it is told."""

from __future__ import annotations

import dataclasses

import pytest

from core.decision.confidence import confidence
from core.decision.published_apart import apart, doubt, risk
from core.performance.types import NearestMeasurement
from core.recommendation import Option, Spread, TargetCheck
from tests.core.decision import builders as b

THROUGHPUT = Spread(0.77, 1.0, 1.6)
TPOT = TargetCheck("tpot", "Time per output token (TPOT)", 50.0, Spread(20.0, 30.0, 39.0), "pass")


def run(
    metric: str, measured: float, predicted: float, differs: tuple[str, ...] = ()
) -> NearestMeasurement:
    return NearestMeasurement(
        model="Qwen3-Coder",
        accelerator="b200-sxm",
        engine="vllm",
        precision="fp8",
        tp=8,
        input_tokens=2000.0,
        output_tokens=256.0,
        concurrency="30",
        metric=metric,
        measured=measured,
        predicted=predicted,
        distance=0.5,
        source="a leaderboard",
        differs=differs,
    )


def option(*runs: NearestMeasurement, targets: tuple[TargetCheck, ...] = ()) -> Option:
    serving = b.serving(targets=targets, evidence="calibrated")
    serving = dataclasses.replace(serving, nearest=runs, throughput_interval=THROUGHPUT)
    return b.option("a", servings=(serving,), total_score=80.0)


def test_runs_of_half_the_predicted_throughput_are_beyond_its_interval() -> None:
    """419 of 779 and 520 of 1,248 tokens/s are 54 % and 42 %; the interval ends at 77 %."""
    best = option(run("output_tok_s", 419.0, 779.0), run("output_tok_s", 520.0, 1248.0))
    (found,) = apart(best)
    assert (found.family, found.runs, found.better) == ("throughput", 2, False)
    assert "reached 42 % to 54 % of the throughput" in risk(found)
    assert "ends at 77 %" in risk(found)
    assert "More servers or instances may be needed" in risk(found)


def test_more_than_predicted_is_told_as_such() -> None:
    best = option(run("output_tok_s", 200.0, 100.0), run("output_tok_s", 170.0, 100.0))
    (found,) = apart(best)
    assert found.better
    assert "Fewer servers or instances may do" in risk(found)


@pytest.mark.parametrize(
    "runs",
    [
        (),
        (run("output_tok_s", 40.0, 100.0),),  # one alone lies outside by chance
        (run("output_tok_s", 80.0, 100.0), run("output_tok_s", 78.0, 100.0)),  # inside
        (run("output_tok_s", 40.0, 100.0), run("output_tok_s", 90.0, 100.0)),  # not of one mind
        (
            run("output_tok_s", 40.0, 100.0, ("precision",)),
            run("output_tok_s", 41.0, 100.0, ("model",)),
        ),  # of something else
        (run("ttft_ms_mean", 400.0, 100.0), run("ttft_ms_mean", 400.0, 100.0)),  # no target on it
    ],
)
def test_nothing_is_told_of_what_proves_little(runs: tuple[NearestMeasurement, ...]) -> None:
    assert not list(apart(option(*runs, targets=(TPOT,))))


def test_a_latency_is_held_against_its_own_interval() -> None:
    """30 ms with up to 39 ms is 1.3 times; runs that took 1.4 and 1.5 times as long are beyond."""
    slow = option(run("tpot_ms_mean", 14.0, 10.0), run("tpot_ms_mean", 15.0, 10.0), targets=(TPOT,))
    (found,) = apart(slow)
    assert not found.better
    assert "1.4 to 1.5 times as long as predicted" in risk(found)
    assert "ends at 1.3 times" in risk(found)


def test_the_confidence_names_it_and_weighs_it_as_a_doubt() -> None:
    plain, runs = option(), (run("output_tok_s", 40.0, 100.0), run("output_tok_s", 41.0, 100.0))
    rival = b.option("b", total_score=40.0)
    told = option(*runs)
    _held, before = confidence(plain, rival)
    _held, after = confidence(told, rival)
    sentence = doubt(tuple(apart(told)))
    assert "throughput" in sentence
    assert sentence not in before
    assert sentence in after
