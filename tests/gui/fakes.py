"""A small catalog, an engine that answers at once, and an answer made by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

from core.assessment import Assessment


class Catalog(SimpleNamespace):
    """What the forms ask a catalog for."""


def catalog() -> Any:
    named = lambda *ids: {i: SimpleNamespace(id=i, name=i, title=i) for i in ids}  # noqa: E731 - shorter than a function
    return Catalog(
        models=named("meta-llama/Llama-3.3-70B-Instruct", "Qwen/Qwen3-8B"),
        regions=named("DEU", "FRA"),
        use_cases=named("interactive_chat", "batch_extraction"),
        traffic_shapes=named("business_hours_us", "flat"),
        links=named("nearest_region_internet", "same_rack"),
    )


class Engine:
    """Answers with the values it was asked about; can be held back to test the waiting."""

    def __init__(self) -> None:
        self.asked: list[Assessment] = []
        self.threads: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.answer: Callable[[Assessment, date], Any] = bare

    def __call__(
        self,
        assessment: Assessment,
        catalog: Any,
        *,
        as_of: date,
        progress: Callable[[float, str], None],
    ) -> Any:
        self.asked.append(assessment)
        self.threads.append(threading.get_ident())
        progress(0.5, "half")
        self.gate.wait(10)
        progress(0.9, "nearly")
        if self.error is not None:
            raise self.error
        return self.answer(assessment, as_of)


def bare(assessment: Assessment, as_of: date) -> Any:
    """An answer that says only what it belongs to."""
    return SimpleNamespace(assessment=assessment, as_of=as_of.isoformat())
