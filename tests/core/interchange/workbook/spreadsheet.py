"""A small spreadsheet: reads an ``.xlsx`` file and computes its formulas, stored values unused.

Only what the cost model needs: numbers, references, ranges, ``+ - * / ^``, SUM, SUMPRODUCT, MIN,
MAX, PV, with the precedence of spreadsheets (a sign before a power binds tighter).
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?)|(?P<name>SUMPRODUCT|SUM|MIN|MAX|PV)(?=\()"
    r"|(?P<sheet>'(?:[^']|'')+'!)|(?P<ref>\$?[A-Z]{1,3}\$?\d+)|(?P<sign>[-+*/^(),:]))"
)
Value = float | list[float]


@dataclass
class Stored:
    """One cell as the file has it."""

    text: str | None = None
    number: float | None = None
    formula: str | None = None


@dataclass
class Spreadsheet:
    """Cells by sheet name and address; ``inputs`` replaces numbers before computing."""

    sheets: dict[str, dict[str, Stored]]
    inputs: dict[tuple[str, str], float] = field(default_factory=dict)
    _known: dict[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def of(cls, content: bytes) -> Spreadsheet:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            strings = [
                "".join(part.text or "" for part in item.iter(f"{NS}t"))
                for item in ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
            ]
            book = ElementTree.fromstring(file.read("xl/workbook.xml"))
            names = [sheet.attrib["name"] for sheet in book.iter(f"{NS}sheet")]
            return cls(
                {
                    name: _cells(file.read(f"xl/worksheets/sheet{n}.xml"), strings)
                    for n, name in enumerate(names, 1)
                }
            )

    def with_inputs(self, inputs: dict[tuple[str, str], float]) -> Spreadsheet:
        for sheet, address in inputs:
            assert self.sheets[sheet][address].formula is None, "only inputs are changed"
        return Spreadsheet(self.sheets, inputs)

    def value(self, sheet: str, address: str) -> float:
        """A cell's number, computed."""
        key = (sheet, address.replace("$", ""))
        if key not in self._known:
            cell = self.sheets[sheet].get(key[1], Stored())
            if key in self.inputs:
                self._known[key] = self.inputs[key]
            elif cell.formula is not None:
                self._known[key] = _Formula(self, sheet, cell.formula).result()
            else:
                self._known[key] = cell.number or 0.0
        return self._known[key]

    def range(self, sheet: str, first: str, last: str) -> list[float]:
        (c1, r1), (c2, r2) = _place(first), _place(last)
        return [
            self.value(sheet, f"{_letters(c)}{r}")
            for r in range(r1, r2 + 1)
            for c in range(c1, c2 + 1)
        ]

    def find(self, sheet: str, text: str, start: int = 1) -> int:
        """First row from ``start`` whose first column has this text."""
        rows = [
            _place(address)[1]
            for address, cell in self.sheets[sheet].items()
            if address.startswith("A") and address[1:].isdigit() and cell.text == text
        ]
        return min(row for row in rows if row >= start)


def _cells(xml: bytes, strings: list[str]) -> dict[str, Stored]:
    found = {}
    for cell in ElementTree.fromstring(xml).iter(f"{NS}c"):
        value, formula = cell.find(f"{NS}v"), cell.find(f"{NS}f")
        stored = Stored(formula=None if formula is None else formula.text)
        if value is not None and value.text is not None:
            if cell.attrib.get("t") == "s":
                stored.text = strings[int(value.text)]
            else:
                stored.number = float(value.text)
        found[cell.attrib["r"]] = stored
    return found


def _place(address: str) -> tuple[int, int]:
    match = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", address)
    assert match is not None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return column, int(match[2])


def _letters(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


class _Formula:
    """One formula, parsed by descent and computed on the way."""

    def __init__(self, book: Spreadsheet, sheet: str, text: str) -> None:
        self.book, self.sheet, self.at = book, sheet, 0
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text):
            match = TOKEN.match(text, place)
            assert match is not None, f"not understood: {text[place:]}"
            self.tokens.append((str(match.lastgroup), match[0].strip()))
            place = match.end()

    def result(self) -> float:
        value = self._number(self._sum())
        assert self.at == len(self.tokens)
        return value

    @staticmethod
    def _number(value: Value) -> float:
        assert isinstance(value, float)
        return value

    def _next(self, *texts: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][1] in texts:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def _sum(self) -> Value:
        value = self._product()
        while sign := self._next("+", "-"):
            other = self._number(self._product())
            value = self._number(value) + (other if sign == "+" else -other)
        return value

    def _product(self) -> Value:
        value = self._power()
        while sign := self._next("*", "/"):
            other = self._number(self._power())
            value = self._number(value) * other if sign == "*" else self._number(value) / other
        return value

    def _power(self) -> Value:
        value = self._signed()
        while self._next("^"):
            value = self._number(value) ** self._number(self._signed())
        return value

    def _signed(self) -> Value:
        if self._next("-"):
            return -self._number(self._signed())
        return self._atom()

    def _atom(self) -> Value:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text)
        if kind == "name":
            return self._call(text)
        if text == "(":
            value = self._sum()
            assert self._next(")")
            return value
        sheet = self.sheet
        if kind == "sheet":
            sheet = text[1:-2].replace("''", "'")
            kind, text = self.tokens[self.at]
            self.at += 1
        assert kind == "ref", text
        if self._next(":"):
            last = self.tokens[self.at][1]
            self.at += 1
            return self.book.range(sheet, text, last)
        return self.book.value(sheet, text)

    def _call(self, name: str) -> float:
        assert self._next("(")
        values = [self._sum()]
        while self._next(","):
            values.append(self._sum())
        assert self._next(")")
        if name == "SUMPRODUCT":
            lists = [v for v in values if isinstance(v, list)]
            assert len({len(v) for v in lists}) == 1, "lists of one length"
            return math.fsum(math.prod(row) for row in zip(*lists, strict=True))
        if name == "PV":
            rate, count, payment = (self._number(v) for v in values)
            return math.fsum(-payment * (1.0 + rate) ** -n for n in range(1, int(count) + 1))
        flat = [x for v in values for x in (v if isinstance(v, list) else [v])]
        return {"SUM": math.fsum, "MIN": min, "MAX": max}[name](flat)
