"""Where published runs like an option's contradict what is predicted for it.

Told of runs of the same model, accelerator, engine and precision, two at least: what one run says
alone, or runs of other hardware, the interval of the prediction covers already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.decision.wording import listed, number, percent
from core.performance.published_library import FAMILIES
from core.recommendation import Option, Serving, Spread
from core.words import _

LATENCY_OF = {"ttft": "ttft", "answer_ttft": "ttft", "tpot": "tpot"}
"""Family of published values that a target on a latency is of. A whole answer is of two, so no
run alone speaks of it."""
LEAST_RUNS = 2
"""Runs that must agree before they count: one in five lies outside its interval by chance."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Runs of one family whose measured values lie outside the interval of the prediction."""

    workload: str
    family: str
    """Key of ``FAMILIES``."""
    label: str
    """Of the target; "" of the throughput."""
    low: float
    """Least and, ``high``, most of measured over predicted."""
    high: float
    bound: float
    """The end of the 80 % interval that they lie beyond, as a share of the prediction."""
    runs: int

    @property
    def better(self) -> bool:
        """Whether they did more, or took less time, than predicted."""
        return (self.low > self.bound) == (self.family == "throughput")


def apart(option: Option) -> Iterator[Apart]:
    """What published runs say against the prediction, by workload; throughput always counts.

    The throughput sets how many replicas are needed, so every target rests on it.
    """
    for serving in option.servings:
        if serving.throughput_interval is not None:
            yield from _beyond(serving, "throughput", "", serving.throughput_interval)
        told = set()
        for check in serving.targets:
            family, got = LATENCY_OF.get(check.key), check.served_ms
            if family is None or got is None or got.base <= 0.0 or family in told:
                continue
            told.add(family)
            share = Spread(got.low / got.base, 1.0, got.high / got.base)
            yield from _beyond(serving, family, check.label, share)


def _beyond(serving: Serving, family: str, label: str, interval: Spread) -> Iterator[Apart]:
    found = [
        run.measured / run.predicted
        for run in serving.nearest
        if run.metric in FAMILIES[family] and not run.differs and run.predicted > 0.0
    ]
    if len(found) < LEAST_RUNS:
        return
    if max(found) < interval.low:
        bound = interval.low
    elif min(found) > interval.high:
        bound = interval.high
    else:
        return
    yield Apart(serving.workload, family, label, min(found), max(found), bound, len(found))


def risk(found: Apart) -> str:
    """The contradiction with its numbers, and what follows from it."""
    if found.family == "throughput":
        text = _(
            "{workload}: the {n} nearest published runs of this model, accelerator, engine and "
            "precision reached {low} to {high} of the throughput predicted for them, beyond the "
            "80 % interval, which ends at {bound}."
        )
        then = (
            _("Fewer servers or instances may do: measure it before buying.")
            if found.better
            else _("More servers or instances may be needed: measure it before buying.")
        )
        low, high, bound = (percent(value) for value in (found.low, found.high, found.bound))
    else:
        text = _(
            "{workload}: the {n} nearest published runs of this model, accelerator, engine and "
            "precision took {low} to {high} times as long as predicted for them ({label}), beyond "
            "the 80 % interval, which ends at {bound} times."
        )
        then = (
            _("It may be faster than predicted: measure it before buying.")
            if found.better
            else _("It may be slower than predicted: measure it before buying.")
        )
        low, high, bound = (number(value, 2) for value in (found.low, found.high, found.bound))
    told = text.format(
        workload=found.workload, n=found.runs, low=low, high=high, label=found.label, bound=bound
    )
    return f"{told} {then}"


def doubt(found: Sequence[Apart]) -> str:
    """Which predictions are contradicted, as part of a sentence on the confidence."""
    names = dict.fromkeys(item.label or _("throughput") for item in found)
    text = _(
        "the nearest published runs of its model and hardware lie beyond the 80 % interval of its "
        "prediction ({metrics})"
    )
    return text.format(metrics=listed(list(names)))
