"""The account of a refit in the words of people, in every language."""

from __future__ import annotations

import re

import pytest

from core.catalog.load import load_catalog
from core.language import speaking
from core.performance.generation_names import NAMES, generation_name
from core.performance.own_measurements import (
    TERMS,
    FamilyErrors,
    OwnMeasurements,
    SiteTerm,
    account_of,
)

OWN = OwnMeasurements(
    file="runs.csv",
    date="2026-11-01",
    data_sha256="0" * 64,
    base_sha256="1" * 64,
    values=1108,
    configurations=2,
    terms=tuple(SiteTerm(term, "vllm", "cdna3", 0.9, 1108) for term in TERMS),
    errors=(FamilyErrors("tpot", 1108, 11.67, 0.045, 0.0361),),
    seen=(),
)


def test_every_generation_of_the_catalog_has_a_name() -> None:
    known = {accelerator.generation for accelerator in load_catalog().accelerators.values()}
    assert known <= set(NAMES)
    assert generation_name("cdna3") == "CDNA 3" and generation_name("new") == "new"


def test_the_account_names_engine_and_generation_as_people_do() -> None:
    lines = account_of(OWN, "model")
    assert lines[0] == "1,108 values of 2 configurations from runs.csv"
    assert "  vLLM on CDNA 3, 1,108 values" in lines
    (told,) = [line for line in lines if "time per output token" in line]
    assert re.split(r"\s{2,}", told.strip())[1:] == ["1,108", "1,167.0 %", "4.5 %", "3.6 %"]
    assert "vLLM on CDNA 3" in OWN.summary


@pytest.mark.parametrize("code", ["de", "fr"])
def test_no_line_of_the_account_stays_english(code: str) -> None:
    with speaking(code):
        lines = "\n".join(account_of(OWN, "x"))
    assert not re.search(
        r"\b(values|before|after|left out|median absolute|factors on)\b", lines, re.I
    )
    assert "1.108" in lines if code == "de" else "1\N{NO-BREAK SPACE}108" in lines
