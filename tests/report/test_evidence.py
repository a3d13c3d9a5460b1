"""The report's evidence: of every metric with a target, and plainly what was never published."""

from __future__ import annotations

import dataclasses

from core.report.sections import evidence
from tests.report import cases

RUN = cases.NEAREST
TARGETS = cases.rich_serving().targets


def serving(*runs: object, targets: object = TARGETS, engine: str = "vllm") -> cases.Any:
    return cases.rich_serving(
        nearest=runs, targets=targets, engine=engine, accelerator_name="H200 NVL"
    )


def target(key: str) -> object:
    return dataclasses.replace(TARGETS[0], key=key)


def test_what_no_published_run_shows_is_told_by_metric() -> None:
    rate = dataclasses.replace(RUN, metric="output_tok_s")
    first = dataclasses.replace(RUN, metric="ttft_ms_mean", differs=("accelerator",))
    every = (target("ttft"), target("tpot"))
    told = list(evidence.not_published(serving(first, RUN, rate, targets=every)))
    assert told == ["Of TTFT, no published run is on this accelerator (H200 NVL)."]
    # one run on it is enough; the engine's absence is only of the runs shown
    told = list(evidence.not_published(serving(first, dataclasses.replace(first, differs=()))))
    assert not any("TTFT" in text for text in told)
    other = tuple(dataclasses.replace(r, differs=("engine",)) for r in (first, RUN, rate))
    told = list(evidence.not_published(serving(*other, targets=every)))
    assert told == [
        "Of TTFT, TPOT and throughput, none of the runs shown is by this engine (vLLM)."
    ]
    # none at all
    told = list(evidence.not_published(serving(RUN, rate, targets=every)))
    assert told == ["Of TTFT, no published run is of this model or on this accelerator."]


def test_runs_shown_are_those_of_the_targets_and_of_the_throughput() -> None:
    rate = dataclasses.replace(RUN, metric="output_tok_s")
    first = dataclasses.replace(RUN, metric="ttft_ms_mean")
    shown = evidence.of_targets(serving(first, RUN, rate, targets=(target("ttft"),)))
    assert shown == (first, rate)
    shown = evidence.of_targets(serving(first, RUN, rate, targets=(target("e2e"),)))
    assert shown == (first, RUN, rate)
    assert evidence.of_targets(serving(first, RUN, rate, targets=())) == (first, RUN, rate)
