from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.report.brief import formula, signed_share
from core.report.content import Run
from core.report.fonts import faces
from core.report.text import (
    fitted,
    longest_word,
    one_line,
    printable,
    runs_of,
    shortened,
    width_of,
    wrap,
)
from core.typeface import VARIANTS


def lines_of(text: str, width: float, size: float = 9.0) -> list[str]:
    return ["".join(p.text for p in line) for line in wrap(runs_of(text), size, width)]


@pytest.mark.parametrize(
    "text", ["Workload “" + "long" * 60 + "”", "word " * 80, "W" * 500, "short"]
)
@pytest.mark.parametrize("width", [40.0, 200.0, 420.0])
def test_a_line_of_the_contents_that_is_cut_says_so(text: str, width: float) -> None:
    """Of a name without spaces the contents told "Workload" alone."""
    for bold in (False, True):
        (piece,) = fitted(text, bold, 9.2, width)
        assert width_of(piece.text, piece.face, 9.2) <= width
        whole = piece.text == one_line(text)
        assert whole is (width_of(one_line(text), piece.face, 9.2) <= width)
        # most of the room is used, but for a word that does not fit
        cut = piece.text.removesuffix("…")
        assert whole or (piece.text.endswith("…") and one_line(text).startswith(cut))
        assert whole or width_of(piece.text, piece.face, 9.2) > 0.4 * width


@given(st.text(max_size=300), st.floats(20.0, 400.0))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(text: str, width: float) -> None:
    lines = wrap(runs_of(text), 9.0, width)
    for line in lines:
        if len(line) == 1 and len(line[0].text) == 1:
            continue  # a single character may be wider than a very narrow column
        assert sum(width_of(p.text, p.face, 9.0) for p in line) <= width + 0.1
    said = "".join(p.text for line in lines for p in line)
    assert said.replace(" ", "") == printable(text).replace("\n", "").replace(" ", "")


@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_printable(text: str) -> None:
    shown = printable(text)
    known = faces()["AdvisorSans"].widths
    assert all(c == "\n" or ord(c) in known for c in shown)
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("a\tb", "a b"),
        ("\u202eabc", "[U+202E]abc"),
        ("\x07bell", "[U+0007]bell"),
        ("日本", "[U+65E5 U+672C]"),
        ("a日本 語b", "a[U+65E5 U+672C] [U+8A9E]b"),
        ("한국", "[U+D55C U+AD6D]"),
        ("☑\ufe0f", "☑"),
        ("\ud800", "[U+D800]"),
        ("e\u0301", "é"),
        ("Zürich – 12 m² ≥ 3 €", "Zürich – 12 m² ≥ 3 €"),
    ],
)
def test_markup_is_literal_and_the_unprintable_visible(typed: str, shown: str) -> None:
    assert printable(typed) == shown


def test_what_the_typeface_has_is_printed_as_it_stands() -> None:
    """Texts of such signs alone are not looked through sign by sign."""
    for code in faces()["AdvisorSans"].widths:
        sign = chr(code)
        if code in VARIANTS:
            shown = "ab"
        elif sign in "\t\r":
            shown = {"\t": "a b", "\r": "a\nb"}[sign]
        elif sign != "\n" and unicodedata.category(sign) in ("Cc", "Cf", "Cn", "Co", "Zl", "Zp"):
            shown = f"a[U+{code:04X}]b"
        else:
            shown = unicodedata.normalize("NFC", f"a{sign}b")  # accents join the letter
        assert printable(f"a{sign}b") == shown


def test_a_number_stays_with_its_unit_and_its_currency() -> None:
    for text in ("about 12 kW", "costs USD 3.20"):
        number_and_unit = text.split(" ", 1)[1]
        assert lines_of(text, width_of(number_and_unit, "AdvisorSans", 9.0) + 1)[-1] == (
            number_and_unit
        )


def test_ties_do_not_survive_in_the_text() -> None:
    assert lines_of("12 kW", 400.0) == ["12 kW"]


def test_a_very_long_word_breaks_anywhere() -> None:
    lines = lines_of("W" * 10_000, 100.0)
    assert sum(map(len, lines)) == 10_000
    assert len(lines) > 500


def test_long_names_break_after_punctuation_first() -> None:
    lines = lines_of("meta-llama/Llama-3.3-70B-Instruct", 60.0)
    assert all(line.endswith(("/", "-", ".")) for line in lines[:-1])


def test_faces_change_inside_a_line_without_a_gap() -> None:
    line = wrap(runs_of((Run("Why. ", bold=True), Run("Because."))), 9.0, 400.0)[0]
    assert [p.face for p in line] == ["AdvisorSans-Bold", "AdvisorSans"]
    assert "".join(p.text for p in line) == "Why. Because."


def test_shares_in_a_formula_are_written_like_all_others() -> None:
    assert formula("2.0% of servers, 12.5% a year, +3,0% and 10%") == (
        "2 % of servers, 12.5 % a year, +3 % and 10 %"
    )
    assert formula("") == "–"


def test_one_line_cuts_with_an_ellipsis() -> None:
    assert one_line("a  b\nc") == "a b c"
    assert one_line("abcdefgh", 5) == "abcd…"


def test_longest_word_knows_ties() -> None:
    assert longest_word("ab 12 kW", "AdvisorSans", 9.0) == pytest.approx(
        width_of("12 kW", "AdvisorSans", 9.0)
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [(-0.9981, "−99.8 %"), (-1.0, "−100 %"), (-0.48, "−48 %"), (0.00067, "≈ 0 %"), (0.0, "0 %"),
     (0.9981, "+100 %"), (None, "–")],
)  # fmt: skip  # a table
def test_changes_are_told_as_finely_as_they_are_known(value: float | None, told: str) -> None:
    assert signed_share(value) == told


@pytest.mark.parametrize(
    ("line", "limit", "kept"),
    [
        ("one two three four", 12, "one two…"),
        ("it then costs EUR 0.45 per million", 20, "it then costs…"),  # not the currency alone
        ("the rack takes 12 kW of it", 18, "the rack takes…"),  # not a number without its unit
        ("its staff share (−25 % to +41 %) is", 28, "its staff share…"),  # no open bracket
        ("abcdefghijklmnop", 8, "abcdefg…"),  # a single word is cut anywhere
    ],
)
def test_a_cut_is_between_words_and_never_in_a_number(line: str, limit: int, kept: str) -> None:
    assert shortened(line, limit) == kept
