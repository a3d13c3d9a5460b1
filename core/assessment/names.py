"""Names that the program gives a workload: in the language in use, until a person types another."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from core.assessment.workload import DEFAULT_NAME
from core.language import speaking
from core.words import N_, _

if TYPE_CHECKING:
    from core.assessment import Assessment

ADDED_NAME = N_("New workload")
"""What a workload is called that was added to others."""
_COUNTED = re.compile(r"(.*?)((?: \d+)*)")
"""A name, and the numbers that tell it from those like it."""


def default_name(present: str) -> str:
    """What a workload is called that nobody named; ``present`` where a file has it in English."""
    return present if present == DEFAULT_NAME else _(DEFAULT_NAME)


def told_in_language(example: Assessment) -> Assessment:
    """An example of the program's own with its title, notes and names in the language in use."""
    project = dataclasses.replace(
        example.project,
        **{f.name: _(str(getattr(example.project, f.name)))
           for f in dataclasses.fields(example.project) if getattr(example.project, f.name)},
    )  # fmt: skip  # one mapping
    workloads = tuple(dataclasses.replace(w, name=_(w.name)) for w in example.workloads)
    return dataclasses.replace(example, project=project, workloads=workloads)


def renamed(assessment: Assessment, titles: Iterable[str], before: str) -> Assessment:
    """The assessment with names the program gave in another language in the one in use.

    ``titles`` are those of use cases, untranslated; ``before`` is the other language's code.
    """
    with speaking(before):
        given = {_(text): text for text in (DEFAULT_NAME, ADDED_NAME, *titles)}

    def follows(name: str) -> str:
        found = _COUNTED.fullmatch(name)
        return f"{_(given[found[1]])}{found[2]}" if found and found[1] in given else name

    workloads = tuple(dataclasses.replace(w, name=follows(w.name)) for w in assessment.workloads)
    return dataclasses.replace(assessment, workloads=workloads)
