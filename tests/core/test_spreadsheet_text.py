"""Numbers and columns of tables as spreadsheets write them."""

from __future__ import annotations

import pytest

from core.spreadsheet_text import Numbers, decoded, numbers_in, separated


@pytest.mark.parametrize(
    ("cells", "separator", "text", "english"),
    [
        # certain by another cell: a comma before one or two digits is no mark of thousands
        (["1,5"], ";", "1,024", "1.024"),
        (["1,5"], "\t", "1,024", "1.024"),
        (["1,5"], ";", "1.234,5", "1234.5"),
        (["1,5"], ";", "1.234", "1234"),
        (["1,5"], ";", "12.345.678", "12345678"),
        (["1,5"], ";", "qps=1,5", "qps=1.5"),
        (["1,5"], ";", ",5", ".5"),
        # points are decimal marks for certain
        (["1.5"], ";", "1.024", "1.024"),
        (["1.5"], "\t", "1.234", "1.234"),
        (["0.125"], ";", "2.375", "2.375"),
        # nothing certain: semicolons mean commas, tabs mean nothing
        (["7"], ";", "1,024", "1.024"),
        (["7"], "\t", "1,024", "1,024"),
        (["7"], "\t", "1.024", "1.024"),
        # commas between the columns
        (["1,5"], ",", "1,5", "1,5"),
    ],
)
def test_numbers_are_read_by_what_is_certain(
    cells: list[str], separator: str, text: str, english: str
) -> None:
    assert Numbers(cells, separator).english(text) == english


@pytest.mark.parametrize("text", ["1,024", "1.024"])
def test_whole_numbers_have_marks_of_thousands_only(text: str) -> None:
    assert Numbers([text], ";").english(text, whole=True) == "1024"
    assert Numbers([text, "0,5"], ";").english("1,024", whole=True) == "1.024"  # a mean


def test_a_thousand_or_a_fraction_is_unclear_where_nothing_is_certain() -> None:
    assert Numbers(["1.234"], ";").unclear("1.234")
    assert not Numbers(["1.234", "0,5"], ";").unclear("1.234")
    assert not Numbers(["1.234"], "\t").unclear("1.234")
    assert not Numbers(["1.234"], ";").unclear("123")


@pytest.mark.parametrize(
    ("text", "separator", "rest"),
    [
        ("a,b\n1,2", ",", "a,b\n1,2"),
        ("a;b\n1,2;3,4", ";", "a;b\n1,2;3,4"),
        ("a\tb\n", "\t", "a\tb\n"),
        ("sep=;\r\na;b", ";", "\r\na;b"),
        ('"sep=|"\na|b', "|", "\na|b"),
        ("", ",", ""),
    ],
)
def test_columns_are_told_by_the_heading(text: str, separator: str, rest: str) -> None:
    assert separated(text) == (separator, rest)


def test_the_codes_that_excel_writes_are_read() -> None:
    text = "Zeit;Wärme\n1;2,5\n"
    for code in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert decoded(text.encode(code)) == text
    with pytest.raises(UnicodeDecodeError):
        decoded(b"\x00\x81\xff")


@pytest.mark.parametrize(
    "text",
    [
        "0.5\n1\n2.25",
        "0,5\n1\n2,25",
        "w\n0.5\n1\n2.25",
        "0,5;1;2,25",
        "0.5, 1, 2.25",
        "0,5\t1\t2,25",
    ],
)
def test_numbers_alone_are_read_from_columns_and_rows(text: str) -> None:
    assert numbers_in(text) == (0.5, 1.0, 2.25)
