"""Sources in other languages: remarks that are told in many places, names as they are."""

from __future__ import annotations

import pytest

from core.catalog.citations import cited, source_texts
from core.catalog.load import load_catalog
from core.catalog.source_words import source_parts, source_words
from core.language import LANGUAGES, speaking

GERMANY = load_catalog().regions["DEU"].electricity_usd_kwh


def test_english_sources_are_what_the_catalog_holds() -> None:
    assert all(source_words(text) == text for text in source_texts())


def test_remarks_are_translated_with_their_figures_and_days() -> None:
    source = (
        "EUR 0.2264 per kWh at the ECB rate of 2026-10-30; low and high are assumptions; "
        "Published configuration of Falcon3-7B-Instruct (LitGPT 0.5.12); A page of somebody"
    )
    with speaking("de"):
        assert source_parts(source) == (
            ("EUR 0,2264 pro kWh zum EZB-Kurs vom 30.10.2026", False),
            ("niedrig und hoch sind Annahmen", False),
            ("Veröffentlichte Konfiguration von Falcon3-7B-Instruct (LitGPT 0.5.12)", False),
            ("A page of somebody", True),
        )
    card = "Derived: card USD 7,500 to 9,000 street price (Aurabyt, May 2026) × 4 + USD 20,000 to 40,000 for the host"  # noqa: E501  # a row of the catalog
    with speaking("fr"):
        told = source_words(card)
    assert "7\N{NO-BREAK SPACE}500 à 9\N{NO-BREAK SPACE}000" in told and " × 4 + " in told
    assert "(Aurabyt, May 2026)" in told and "street" not in told and "host" not in told


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_most_remarks_of_the_catalog_are_translated_and_no_work_is_lost(code: str) -> None:
    assert GERMANY is not None
    sources = sorted(source_texts() | {GERMANY.provenance.source})
    with speaking(code):
        told = {source: source_words(source) for source in sources}
    assert told[GERMANY.provenance.source] != GERMANY.provenance.source
    for source, text in told.items():
        works = {work.id for work in cited([source])}
        assert {work.id for work in cited([text])} == works, source
