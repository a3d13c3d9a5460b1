"""The engine as a session asks it: loaded when first needed, so that no window waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from core.assessment import AS_OF, PARAMETERS, Assessment
from core.language import speaking
from gui.workers import Ticket

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


def told_anew(
    code: str,
    recommendation: Any,
    catalog: Any,
    as_of: date,
    engine: Engine,
    analyser: Analyser | None,
) -> Callable[[Ticket], tuple[Any, Any]]:
    """Work that answers again in another language: sentences are made with the numbers.

    Beside the session's own run, hence with an engine of its own: what one remembers is not for
    two at once.
    """
    ask = AssessEngine() if isinstance(engine, AssessEngine) else engine

    def tell(ticket: Ticket) -> tuple[Any, Any]:
        def going_on(share: float, text: str) -> None:
            ticket.check()

        with speaking(code):
            told = ask(recommendation.assessment, catalog, as_of=as_of, progress=going_on)
            if analyser is None:
                return told, None
            return told, analyser(told, catalog, progress=going_on)

    return tell


def analyse(recommendation: Any, catalog: Any, **options: Any) -> Any:
    """The engine's analysis, loaded when first asked for."""
    from core.analysis import analyse as run

    return run(recommendation, catalog, **options)


def smallest_change(recommendation: Any, catalog: Any, option_id: str) -> Any:
    """What would admit a rejected option, searched by computing again."""
    from core.analysis.admission import change_for

    return change_for(recommendation, catalog, option_id)


def load_the_catalog() -> Any:
    """The shipped catalog."""
    from core.catalog.load import load_catalog

    return load_catalog()


def with_brought(
    names: dict[str, frozenset[str]], assessment: Assessment
) -> dict[str, frozenset[str]]:
    """The ids with what a document brings along: its models, what its measurements stand on."""
    if assessment.custom_models and names:
        own = {model.id for model in assessment.custom_models}
        names = {**names, "models": names["models"] | own}
    if assessment.own_measurements is not None and names:
        from core.performance import parameters

        names = {**names, PARAMETERS: frozenset({parameters.shipped().digest})}
    return names


def names_in(catalog: Any, as_of: date) -> dict[str, frozenset[str]]:
    """Ids that a catalog allows, by table, and the day that answers hold for."""
    tables = ("models", "regions", "use_cases", "traffic_shapes", "links")
    names = {table: frozenset(getattr(catalog, table, ())) for table in tables}
    return {**names, AS_OF: frozenset((as_of.isoformat(),))}
