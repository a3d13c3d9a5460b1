"""What one run of the engine may take over from the last, so that an edit is answered sooner."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from core.candidates import Candidates
from core.language import language

if TYPE_CHECKING:
    from core.assessment import Assessment
    from core.catalog.load import Catalog

KEPT = 24
"""Questions whose candidates are kept: the workloads of a few states back, each asked once for
every accelerator on offer and once for the general-purpose reference."""


class Memory:
    """Candidates of earlier runs, as long as what they rest on stays the same.

    They depend on the workload's requests, targets and precision, not on how many requests there
    are, nor on place and money: most edits find theirs here. Not for two runs at once.
    """

    def __init__(self) -> None:
        self._catalog: Catalog | None = None
        self._basis: tuple[object, ...] = ()
        self._solved: dict[Hashable, Candidates] = {}

    def solved(self, assessment: Assessment, catalog: Catalog) -> dict[Hashable, Candidates]:
        """What is known for this catalog and what the assessment brings: models, measurements.

        The run that asks adds what it evaluates itself; the oldest beyond ``KEPT`` are dropped.
        """
        # Why a configuration is impossible is told in words.
        basis = (assessment.custom_models, assessment.own_measurements, language())
        if self._catalog is not catalog or self._basis != basis:
            self._catalog, self._basis, self._solved = catalog, basis, {}
        drop_oldest(self._solved, KEPT)
        return self._solved


def drop_oldest(kept: dict[Any, Any], most: int) -> None:
    """Leave the ``most`` entries that were put in last."""
    for key in list(kept)[: max(0, len(kept) - most)]:
        del kept[key]
