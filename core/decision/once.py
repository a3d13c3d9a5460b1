"""What many options have in common is judged once.

Two hundred options stand in half a dozen venues and share the configurations that serve them, so
most of their gates and scores are the same ones again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from core.recommendation import Option

T = TypeVar("T")
_UNASKED = object()


class Once:
    """Answers already given while one set of options is judged, by what they depend on.

    For one assessment, one catalog and one day; every option judged with it must outlive it,
    since configurations are told apart by identity.
    """

    def __init__(self) -> None:
        self._found: dict[Hashable, object] = {}

    def __call__(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer to a question; ``answer`` is asked the first time only."""
        found = self._found.get(question, _UNASKED)  # hashing a question is most of the work
        if found is _UNASKED:
            found = self._found[question] = answer()
        return found  # type: ignore[return-value]  # what the same question was answered with


def served_alike(option: Option) -> tuple[int, ...]:
    """What tells options apart whose configurations are the very same."""
    return tuple(map(id, option.servings))
