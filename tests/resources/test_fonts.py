"""The bundled typeface can be used by Qt, matplotlib and reportlab alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from core.typeface import known_codes

ROOT = Path(__file__).resolve().parents[2] / "resources"
STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
# What engine, screen and report print besides letters: signs, arrows, marks, currencies.
SIGNS = "×−–—…≤≥≈≠±→←↑↓✓✗•·°µ²³½€£¥₹₽₿●○■□▲▼☐☑⚠ⓘ“”‘’„«»\u00a0\u202f\u2009"
LETTERS = "ÄÖÜäöüßàâçéèêëîïôœùûÿŒžščřőűłąęıİğşñøåæðþΑΩαωЖЯжя"


@pytest.fixture(scope="module", params=STYLES)
def font(request: pytest.FixtureRequest) -> TTFont:
    return TTFont(ROOT / "fonts" / f"AdvisorSans-{request.param}.ttf")


def test_outlines_are_truetype(font: TTFont) -> None:
    assert "glyf" in font  # reportlab cannot embed the other kind


def test_every_sign_and_letter_in_use_is_there(font: TTFont) -> None:
    known = font.getBestCmap()
    assert [c for c in SIGNS + LETTERS if ord(c) not in known] == []


def test_what_the_program_reads_of_its_characters_is_what_a_library_reads(font: TTFont) -> None:
    assert known_codes() == frozenset(font.getBestCmap())  # of every face


def test_digits_are_tabular(font: TTFont) -> None:
    names = font.getBestCmap()
    assert len({font["hmtx"][names[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_embedding_is_allowed_and_the_licence_is_beside_it(font: TTFont) -> None:
    assert font["OS/2"].fsType == 0
    assert "SIL OPEN FONT LICENSE" in (ROOT / "licences" / "AdvisorSans-OFL.txt").read_text("utf-8")


def test_styles_are_one_family(font: TTFont) -> None:
    assert font["name"].getDebugName(1) == "Advisor Sans"
