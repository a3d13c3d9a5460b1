"""What options turn into in drawn futures, beside their bill: points by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.analysis.effects import effects_of
from core.analysis.engine_runs import PLACES
from core.decision.ranking import CRITERIA
from core.recommendation import Option, Score
from tests.core.decision import builders

PLACES_OF_RUNS = np.eye(3, PLACES)


def runs(latency: Score) -> list[Option]:
    """As stated and in two futures: 200 ms of 500 allowed, which is 100 points where it counts."""
    stated = dataclasses.replace(builders.option("hybrid/a:token_api/b"), scores=(latency,))
    return [stated, stated, stated]


def points(latency: Score) -> np.ndarray:
    found = effects_of(runs(latency), np.zeros(3), PLACES_OF_RUNS, [], beside=False)
    values = found.at(PLACES_OF_RUNS + 0.3, [])
    return found.points(values)[:, CRITERIA.index("latency")]


def test_a_predicted_latency_has_the_points_of_its_share() -> None:
    known = Score("latency", "Latency", 100.0, "", "", 1.0, 100.0)
    assert points(known) == pytest.approx([100.0] * 3)


def test_an_unknown_latency_counts_as_little_in_every_future_as_it_does_now() -> None:
    """Own servers of a hybrid may answer in time: what its API takes is not known all the same."""
    unknown = Score("latency", "Latency", None, "", "", 1.0, 0.0, assumed=0.0)
    assert points(unknown) == pytest.approx([0.0] * 3)
