"""Assessments as commands read them: whole, checked, and refused with one message."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.outcome import BadInputError, describe

if TYPE_CHECKING:
    from core.assessment import Assessment
    from core.catalog.load import Catalog
    from core.interchange.comparison_file import Kept
    from core.performance.own_measurements import OwnMeasurements


def read_assessment(source: Path, parameters: str | None = None) -> Assessment:
    """The assessment of a file (JSON, or a report that carries one). Raises BadInputError.

    ``parameters`` names a refit that takes the place of the assessment's own. What needs no
    catalog is checked here, so that such mistakes are told at once.
    """
    from core.interchange.document import load

    return _checked(load(source), str(source), own_measurements(parameters))


def read_comparison(source: Path, parameters: str | None = None) -> tuple[Kept, ...]:
    """The scenarios of a kept comparison (or of a report that compares); as ``read_assessment``."""
    from core.interchange.comparison_file import load

    own, kept = own_measurements(parameters), load(source)
    return tuple(
        dataclasses.replace(
            each, assessment=_checked(each.assessment, f"{source}, {each.name}", own)
        )
        for each in kept
    )


def _checked(assessment: Assessment, place: str, own: OwnMeasurements | None) -> Assessment:
    from core.assessment import problems

    if own is not None:
        assessment = dataclasses.replace(assessment, own_measurements=own)
    found = problems(assessment)
    if found:
        raise BadInputError(describe(place, found))
    return assessment


def catalog_for(read: Sequence[tuple[Path, Assessment]], as_of: date | None = None) -> Catalog:
    """The catalog, after every name in the assessments was found in it. Raises BadInputError."""
    from core.assess.names import known_names
    from core.assessment import problems
    from core.catalog.load import load_catalog

    catalog = load_catalog()
    for source, assessment in read:
        found = problems(assessment, known_names(catalog, assessment, as_of or date.today()))
        if found:
            raise BadInputError(describe(str(source), found))
    return catalog


def own_measurements(parameters: str | None) -> OwnMeasurements | None:
    """What ``--parameters`` names; ``None`` without it. Raises DocumentError."""
    if parameters is None:
        return None
    from core.interchange.site_parameters import load

    return load(Path(parameters))
