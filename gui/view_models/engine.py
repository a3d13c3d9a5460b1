"""The engine as a session asks it: loaded when first needed, so that no window waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.assessment import Assessment

if TYPE_CHECKING:
    from core.memory import Memory

Engine = Callable[..., Any]
"""``engine(assessment, catalog, as_of=date, progress=callable) -> Recommendation``."""
Analyser = Callable[..., Any]
"""``analyser(recommendation, catalog, progress=callable) -> Analysis``."""


class AssessEngine:
    """The real engine, loaded when first asked; it remembers what an edit does not change."""

    def __init__(self) -> None:
        self._memory: Memory | None = None

    def __call__(self, assessment: Assessment, catalog: Any, **options: Any) -> Any:
        from core.assess import assess
        from core.memory import Memory

        self._memory = self._memory or Memory()
        return assess(assessment, catalog, memory=self._memory, **options)


def analyse(recommendation: Any, catalog: Any, **options: Any) -> Any:
    """The engine's analysis, loaded when first asked for."""
    from core.analysis import analyse as run

    return run(recommendation, catalog, **options)


def load_the_catalog() -> Any:
    """The shipped catalog."""
    from core.catalog.load import load_catalog

    return load_catalog()


def names_in(catalog: Any) -> dict[str, frozenset[str]]:
    """Ids that a catalog allows, by table."""
    tables = ("models", "regions", "use_cases", "traffic_shapes", "links")
    return {table: frozenset(getattr(catalog, table, ())) for table in tables}
