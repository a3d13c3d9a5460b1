"""Work in the middle of typing: what of it a file can hold, and what stands in for the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.assessment import Assessment, Entry, entries, get_value, with_value
from core.interchange.document import stored
from core.interchange.errors import DocumentError


@dataclass(frozen=True, slots=True)
class StandIn:
    """An input whose value no file can hold, and the value that is written instead."""

    path: str
    label: str
    typed: Any
    written: Any


def finished(
    assessment: Assessment, earlier: Iterable[Assessment] = ()
) -> tuple[Assessment, tuple[StandIn, ...]]:
    """The assessment as a file can hold it, and what was exchanged for that.

    Text where a number belongs, for instance, becomes the latest value that the input had in
    ``earlier`` (newest first), or its default. Values that are merely out of range stay: they
    are saved and told when the file is opened.
    """
    found: list[StandIn] = []
    states = tuple(earlier)
    for item in entries(assessment):
        if not _fits(item, item.value):
            value = next((v for v in _past(item, states) if _fits(item, v)), item.default)
            found.append(StandIn(item.path, item.field.label, item.value, value))
            assessment = with_value(assessment, item.path, value)
    return assessment, tuple(found)


def _fits(item: Entry, value: Any) -> bool:
    try:
        stored(item.field, value, item.path)
    except DocumentError:
        return False
    return True


def _past(item: Entry, states: Iterable[Assessment]) -> Iterable[Any]:
    for state in states:
        try:
            yield get_value(state, item.path)
        except KeyError:  # a workload that was not there yet
            continue
