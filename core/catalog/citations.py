"""The works that the catalog's sources name: who published what, when, and how near to the fact.

A source in the catalog is a short text that names its works by their ids, as ``Derived: card
USD 30,000 to 35,000 (Aurabyt, May 2026) × 4``; ``citations.csv`` says what each id stands for.
Where the fact was read (page, package, commit) stays in the table's last column, for those who
check it; no reader of a report needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

from core.catalog.table import read_table

Grade = Literal["primary", "research", "compiled", "secondary"]
"""Of a work: by who answers for the fact (a maker, an office, a published trace); a study; a
collection of primary facts by others; a page or report that repeats them."""
READ = "2026-11-23"
"""The day the catalog's sources were read: the date of works that carry none."""
NOT_VERIFIED = "not verified"
"""In the source of every fact that no document was seen for; its confidence is low."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A work, under the id that sources use; ``date`` is "" where the work has none."""

    id: str
    publisher: str
    title: str
    date: str
    grade: Grade


@cache
def citations() -> dict[str, Citation]:
    """Every work by its id. Raises ``CatalogError`` where the table is malformed."""
    found: dict[str, Citation] = {}
    for row in read_table("citations"):
        if row.text("id") in found:
            raise row.fail("id", "an id that no other line has is expected")
        row.text("location")
        found[row.text("id")] = Citation(
            row.text("id"),
            row.text("publisher"),
            row.text("title"),
            row.raw("date"),
            row.choice("grade", get_args(Grade)),
        )
    return found


@cache
def source_texts() -> frozenset[str]:
    """Every source of the catalog's tables as it stands there, and the works' titles: English."""
    found = {work.title for work in citations().values()}
    for file in (files("resources") / "catalog").iterdir():
        name = Path(file.name)
        if name.suffix == ".csv":
            found |= {row.raw("source") for row in read_table(name.stem) if row.has("source")}
    return frozenset(found - {""})


@cache
def texts_of_sources() -> frozenset[str]:
    """Those, and the sources of single figures beside a row's own (power, licence, carbon)."""
    found = set(source_texts())
    for file in (files("resources") / "catalog").iterdir():
        name = Path(file.name)
        if name.suffix == ".csv":
            for row in read_table(name.stem):
                found |= {row.raw(c) for c in row.columns if c.endswith("_source")}
    return frozenset(found - {""})


@cache
def _pattern() -> re.Pattern[str]:
    """Any id, the longest first, not inside a longer word."""
    ids = sorted(citations(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ids))})(?!\w)")


def cited(sources: Iterable[str]) -> list[Citation]:
    """The works that some sources name, in the order of their ids."""
    named = {match for source in sources for match in _pattern().findall(source)}
    return [citations()[key] for key in sorted(named, key=str.lower)]
