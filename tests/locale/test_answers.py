"""A whole answer in another language: its words change, nothing else does."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

import pytest

from core.catalog.load import load_catalog
from core.interchange.exports import plain
from core.language import speaking
from core.recommendation import Recommendation
from tests.core.assess import cases

ENGLISH = re.compile(
    r"\b(the|of|and|with|needs|needed|offers|behind|against|first year|is not|per year)\b"
)


@functools.cache
def answered(code: str) -> Recommendation:
    with speaking(code):
        return cases.run()


def numbers(value: Any) -> Any:
    """A result without its sentences: numbers, truth values and places stay."""
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items() if key != "language"}
    if isinstance(value, list):
        return [numbers(item) for item in value]
    return None if isinstance(value, str) else value


@pytest.mark.parametrize("code", ["de", "fr"])
def test_numbers_and_order_are_the_same_in_every_language(code: str) -> None:
    english, other = answered("en"), answered(code)
    assert [o.id for o in english.options] == [o.id for o in other.options]
    assert [o.id for o in english.rejected] == [o.id for o in other.rejected]
    assert numbers(plain(english)) == numbers(plain(other))


@pytest.mark.parametrize("code", ["de", "fr"])
def test_keys_never_depend_on_the_language(code: str) -> None:
    for one, other in zip(cases.every(answered("en")), cases.every(answered(code)), strict=True):
        assert [g.key for g in one.gates] == [g.key for g in other.gates]
        assert [s.key for s in one.scores] == [s.key for s in other.scores]
        if one.cost and other.cost:
            assert [line.key for line in one.cost.lines] == [line.key for line in other.cost.lines]


@pytest.mark.parametrize("code", ["de", "fr"])
def test_servers_have_their_generic_words_translated_and_their_products_own_names(
    code: str,
) -> None:
    generic = re.compile(r"server,|rack,|developer kit|industrial box|liquid-cooled|Mini PC|GPUs$")
    product = re.compile(r"\d+x [A-Z]+\w*\d+|NVL72|Jetson \w+|Mac Studio|Ryzen AI|DGX")
    platforms = load_catalog().platforms.values()
    assert sum(bool(generic.search(p.title)) for p in platforms) > 20
    with speaking(code):
        for platform in platforms:
            left = generic.findall(platform.title)
            assert not left or (code, left) == ("de", ["GPUs"]), platform.title
            assert product.findall(platform.title)[:1] == product.findall(platform.name)[:1]
        titles = [o.title for o in cases.every(cases.run())]
    assert not [title for title in titles if re.search(r"\b(PCIe|Edge|OAM|HGX) server", title)]


@pytest.mark.parametrize("code", ["de", "fr"])
def test_no_sentence_of_an_answer_stays_english(code: str) -> None:
    answer = answered(code)
    said = [answer.headline, answer.confidence_reason, *answer.reasons, *answer.risks,
            *answer.conditions]  # fmt: skip  # one list
    for option in cases.every(answer):
        said += [option.title, option.why]
        for gate in option.gates:
            said += [gate.label, gate.message, gate.remedy]
        said += [part for s in option.scores for part in (s.label, s.reason, s.formula)]
        said += [line.label for line in option.cost.lines] if option.cost else []
    left = sorted({text for text in said if ENGLISH.search(text)})
    assert left == []


def test_english_again_is_english_to_the_byte() -> None:
    before = json.dumps(plain(cases.run()))
    answered("de")
    assert json.dumps(plain(cases.run())) == before
