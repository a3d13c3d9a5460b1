"""Sources in other languages: remarks that are told in many places, names as they are."""

from __future__ import annotations

import re

import pytest

from core.catalog.citations import citations, cited, source_texts
from core.catalog.load import load_catalog
from core.catalog.remarks import UNNAMED
from core.catalog.source_words import source_parts, source_words
from core.language import LANGUAGES, speaking
from core.report.content import plain
from core.report.quoting import quoted
from core.words import _

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


NAMES_OF_WORKS = {
    "Cloud TPU system architecture: TPU v4",
    "Data Centre Construction Cost Index 2025",
    "Kimi Linear: an expressive, efficient attention architecture (repository)",
    "Secure short-term GPU capacity for ML workloads with EC2 Capacity Blocks (blog)",
    "Study finds data center colocation capacity near zero (web page on JLL's report)",
    *("TPU v5e", "TPU v5p", "TPU v6e", "TPU7x"),
}
"""Titles that the works bear themselves."""
NO_WORDS = re.compile(r"(?:Silicon Valley|Poisson|fp16|GB|[^A-Za-z])*")
"""What may stand beside the names of works: a city, a law's name, units and signs."""


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_only_names_stay_english(code: str) -> None:
    with speaking(code):
        parts = [part for text in source_texts() for part in source_parts(text)]
    for text, is_english in parts:
        if not is_english or text in NAMES_OF_WORKS:
            continue
        left = text
        for work in sorted(cited([text]), key=lambda work: -len(work.id)):
            left = left.replace(work.id, "")
        assert NO_WORDS.fullmatch(left), text


def test_brackets_keep_a_remark_whole() -> None:
    kit = "developer kit of USD 1,999 (not verified; from general knowledge of the field, low confidence) plus 50 % for housing, supply and wide temperature, 15 to 110 % as low and high"  # noqa: E501  # a row of the catalog
    assert any(kit in text for text in source_texts())
    with speaking("de"):
        ((told, is_english),) = source_parts(kit)
    assert not is_english and "1.999" in told and "15 bis 110 %" in told


def test_a_list_keeps_its_commas() -> None:
    with speaking("de"):
        told = source_words(
            "IBM Cloud network latency, 2024: Dallas to Sydney 185, Washington 214 ms"
        )
        unknown = source_parts("Published ping lists: Dallas to nowhere")
    assert told == "IBM Cloud network latency, 2024: Dallas nach Sydney 185, Washington 214 ms"
    assert unknown == (("Published ping lists: Dallas to nowhere", True),)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_publishers_without_a_name_are_told_in_the_language(code: str) -> None:
    known = {work.publisher for work in citations().values()}
    assert set(UNNAMED) <= known
    assert not {p for p in known if "not named" in p} - set(UNNAMED)
    with speaking(code):
        assert all(_(publisher) != publisher for publisher in UNNAMED)


def test_the_size_of_a_request_that_a_token_price_is_for_is_told_in_the_language() -> None:
    source = "genai-prices 0.2.3: HuggingFace (nebius), Qwen/Qwen3-30B-A3B, 2,100 in and 300 out"
    with speaking("fr"):
        words = plain(quoted(source))
    assert words.startswith("genai-prices 0.2.3: HuggingFace (nebius), Qwen/Qwen3-30B-A3B")
    assert "2\u00a0100" in words and " in and " not in words
