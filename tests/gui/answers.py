"""A whole recommendation for any assessment, made by hand."""

from __future__ import annotations

import dataclasses
from datetime import date

from core.assessment import Assessment
from core.recommendation import Recommendation
from tests.gui.results import samples


def answer(assessment: Assessment, as_of: date) -> Recommendation:
    return dataclasses.replace(
        samples.recommendation(), assessment=assessment, as_of=as_of.isoformat()
    )


def none_feasible(assessment: Assessment, as_of: date) -> Recommendation:
    return dataclasses.replace(samples.nothing_feasible(), assessment=assessment)
