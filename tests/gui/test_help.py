"""Help on every step, in every language, about the same things."""

from __future__ import annotations

import re

import pytest

from core.flow import STEPS
from core.language import ENGLISH, LANGUAGES, speaking
from gui.help import help_text

OTHERS = tuple(code for code in LANGUAGES if code != ENGLISH)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("key", [step.key for step in STEPS])
def test_a_translated_help_has_the_same_parts_and_figures(key: str, code: str) -> None:
    english = help_text(key)
    with speaking(code):
        other = help_text(key)
    assert other != english
    assert other.count("\n\n") == english.count("\n\n")
    assert other.count("**") == english.count("**")

    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,\u00a0 ](?=\d)|CO2", "", text)))

    assert figures(other) == figures(english)
