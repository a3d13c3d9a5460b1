"""Reading a report back: structure, marked content, text."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pypdf import PageObject, PdfReader

from core.report import report_bytes
from tests.report import cases


def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def squeezed(text: str) -> str:
    """Text with every run of white space as one space: line breaks carry no meaning."""
    return re.sub(r"\s+", " ", text)


@functools.lru_cache(maxsize=16)
def all_text(data: bytes) -> str:
    return squeezed(" ".join(page.extract_text() for page in reader(data).pages))


def compact(text: str) -> str:
    """Without any white space, for texts that were broken inside words."""
    return re.sub(r"\s+", "", text)


@functools.cache
def report(name: str) -> bytes:
    """The report of a case, made once for all tests."""
    analysis = cases.analysis() if name == "rich" else None
    return report_bytes(cases.CASES[name](), analysis=analysis)


@functools.lru_cache(maxsize=8)
def opened(data: bytes) -> pikepdf.Pdf:
    """The document, kept open: its objects die with it."""
    return pikepdf.open(io.BytesIO(data))


def elements(data: bytes) -> Iterator[tuple[Any, list[str]]]:
    """(structure element, roles of its ancestors) in reading order."""
    pdf = opened(data)

    def walk(element: Any, above: list[str]) -> Iterator[tuple[Any, list[str]]]:
        yield element, above
        role = str(element.S)
        for kid in element.get("/K", []):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid, [*above, role])

    for top in pdf.Root.StructTreeRoot.K:
        yield from walk(top, [])


def marks_on_pages(data: bytes) -> tuple[list[set[int]], list[str]]:
    """Per page the numbers of its marks; and every operator that paints outside any mark."""
    pdf = opened(data)
    painting = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh"}
    found, loose = [], []
    for page in pdf.pages:
        depth, here = 0, set()
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                depth += 1
                if len(operands) == 2 and "/MCID" in operands[1]:
                    here.add(int(operands[1]["/MCID"]))
            elif name == "EMC":
                depth -= 1
            elif name in painting and depth == 0:
                loose.append(name)
        assert depth == 0
        found.append(here)
    return found, loose


def text_places(page: PageObject) -> list[tuple[float, float, str]]:
    """(x, y, text) of every piece of text on a page, in points from the lower left corner."""
    places: list[tuple[float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_rest: object) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            places.append((x, y, text))

    page.extract_text(visitor_text=visit)
    return places
