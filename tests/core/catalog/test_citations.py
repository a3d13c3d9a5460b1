"""Every source can be printed: it names works that a reader can look up, or says what it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from importlib.resources import files

from core import facility
from core.catalog.citations import NOT_VERIFIED, citations, cited
from core.catalog.table import read_table
from core.catalog.types import Provenance
from core.economics.assumptions import DEFAULTS
from core.presets import site_presets
from core.venues import cooling

TABLES = (
    "accelerators", "assumptions", "cloud_offers", "currencies", "links", "models", "platforms",
    "regions", "token_models", "token_offers", "traffic_shapes", "tuning_levers", "use_cases",
)  # fmt: skip  # a list of names
OWN = re.compile(
    r"(Assumption|Derived|No citable price|No data sheet|Unit of the catalog|Definition"
    r"|Choice of venues)|.*assumed$",
    re.IGNORECASE,
)
"""What is our own statement and not another's work."""
WORKSHOP = re.compile(
    r"@[0-9a-zA-Z]|\.(?:com|dev|io|de|fr|us|ca|net|in|ua|ya?ml|json|py|rst|md|csv|sh)\b"
    r"|\b(?:recalled|unverified|analyst|wheel|msrp|github|repo)\b"
)
"""Traces of where facts were found that no reader of a report can use."""


def sources() -> Iterator[tuple[str, str]]:
    """(place, source) of every sourced fact that the program ships."""
    for name in TABLES:
        for row in read_table(name):
            for column in row._cells:
                if (column == "source" or column.endswith("_source")) and row.raw(column):
                    yield f"{name}:{row.line}", row.raw(column)
    for key, value in DEFAULTS.items():
        yield key, value.provenance.source
    for preset in site_presets():
        yield preset.id, preset.provenance.source
    yield "cooling", cooling.SOURCE.source
    yield "inlet air", facility.AIR_SOURCE


def test_every_source_names_a_known_work_or_says_that_it_is_ours():
    for place, source in sources():
        without, works = source, cited([source])
        for work in works:
            without = without.replace(work.id, "")
        assert WORKSHOP.search(without) is None, (place, source)
        assert works or OWN.match(source) or NOT_VERIFIED in source.lower(), (place, source)


def test_every_work_is_used_and_told_with_publisher_title_and_grade():
    used = {work.id for work in cited(source for _place, source in sources())}
    # prices of hosted models are sourced when they are read from their package
    assert set(citations()) - used <= {"genai-prices"}
    for work in citations().values():
        assert work.publisher and work.title
        assert WORKSHOP.search(work.title) is None, work
        assert re.fullmatch(r"(\d{4}(-(\d\d(-\d\d)?|Q\d))?)?", work.date), work


def test_where_each_work_was_read_is_kept():
    """The catalog can be checked: page, package or commit stand in the table."""
    table = files("resources") / "catalog" / "citations.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert all(row["location"] for row in rows)
    places = {row["id"]: row["location"] for row in rows}
    assert "v2-pseo-ai.pages.dev" in places["Unnamed GPU cost guide, 2026"]
    assert "@e353acb" in places["Compilation of data-centre costs"]


def test_the_longest_id_counts_and_no_part_of_a_word():
    found = cited(["EPA eGRID 2023 (codecarbon 3.3.2)", "SEIAL", "DCCI 2025", "EIA: low"])
    assert [work.id for work in found] == [
        "codecarbon 3.3.2", "DCCI 2025", "EIA", "EPA eGRID 2023",
    ]  # fmt: skip  # a list of ids
    assert cited([Provenance("Your input", "", "high").source]) == []
