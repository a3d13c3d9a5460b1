"""Every number on the pages is one of the answer's: inputs, results, sources or our own wording.

The walk goes over all number words of the report's text and looks each up among the numbers that
the answer holds, written every way the report may write them. Left out are figures (their numbers
are tested with the charts), page numbers and the numbering of headings, ranks and list items.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from core.analysis import analyse
from core.assess import assess
from core.assessment import entries
from core.assessment.fields import shown
from core.catalog.load import load_catalog
from core.decision.against_base import base_option
from core.decision.ordering import order_by
from core.decision.wording import figure, fine_percent, milliseconds, number, percent
from core.interchange.document import load
from core.interchange.exports import plain
from core.recommendation import Analysis, Recommendation
from core.report import document, report_bytes
from tests.leaves import leaves
from tests.report import cases
from tests.report.pdf_reading import reader

WORD = re.compile(r"\d+(?:,\d+)*(?:\.\d+)?")
NUMBERING = 60
"""Whole numbers up to here also number pages, sections, ranks and steps, and count entries."""
FURNITURE = re.compile(r"Page \d+ of \d+|As of [\d-]+")


def text_of(answer: Recommendation, analysis: Analysis, patch: pytest.MonkeyPatch) -> str:
    """The report's text without figures and running heads."""
    patch.setattr(document, "picture", lambda chart, width: [])
    data = report_bytes(answer, analysis=analysis)
    pages = [page.extract_text() for page in reader(data).pages]
    return FURNITURE.sub("", "\n".join(pages))


def written(value: float, rate: float) -> Iterator[str]:
    """A number in every form that the report writes: as it is, in the currency, as a share."""
    if not math.isfinite(value):
        return
    size = abs(value)
    if size == int(size):
        yield f"{size:.0f}"  # a year
    for amount in {size, size * rate}:
        yield figure(amount)
        yield f"{amount:,.0f}"
        if amount < 1.0:
            yield f"{amount:.3f}"  # in a table with amounts below a tenth
    for scaled in (size, size * 100.0, size / 1e6, abs(size - 1.0) * 100.0):
        for digits in (1, 2, 3, 4):
            yield number(scaled, digits)
        yield f"{scaled:.1f}"
        yield f"{scaled:.2f}"
    yield from (percent(size), percent(abs(size - 1.0)), milliseconds(size))
    if size <= 1.0:
        yield fine_percent(size)


def wording() -> Iterator[str]:
    """Our own sentences, and the tables of works and errors that ship."""
    template = files("resources") / "locale" / "messages.pot"
    yield template.read_text(encoding="utf-8")
    works = files("resources") / "catalog" / "citations.csv"
    yield from (w for row in csv.reader(works.read_text("utf-8").splitlines()) for w in row)


def stored() -> Iterator[float]:
    """Numbers of the validation tables."""
    file = files("resources") / "measured" / "parameters.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    yield known["values"]
    yield from (v for v in leaves(known["tables"]) if isinstance(v, int | float))


def known_numbers(answer: Recommendation, analysis: Analysis) -> set[str]:
    """Every number word that the answer, its inputs and our wording can account for."""
    texts = [*wording(), str(json.dumps(plain(answer.assessment), ensure_ascii=False))]
    values: list[float] = [*stored(), 0.001]
    for item in (*leaves(plain(answer)), *leaves(plain(analysis))):
        (texts if isinstance(item, str) else values).append(item)  # type: ignore[arg-type]  # sorted by kind
    for entry in entries(answer.assessment):
        field = entry.field
        texts += [shown(field, entry.value), field.label, field.default_source]
    winner = answer.winner
    when = answer.assessment.site.date_needed
    if winner is not None and winner.weeks_to_deploy is not None and when:
        dates = order_by(answer.as_of, when, winner.weeks_to_deploy)
        texts += [dates.safe, dates.expected, dates.latest]
    if winner is not None and winner.cost is not None:
        values += derived(answer)
    found = {word for text in texts for word in WORD.findall(text)}
    rate = answer.currency.per_usd
    for value in values:
        for form in written(value, rate):
            found.update(WORD.findall(form))
    return found | {f"{n}" for n in range(NUMBERING + 1)} | {f"{n:,}" for n in counts(answer)}


def derived(answer: Recommendation) -> Iterator[float]:
    """The few figures that the report computes itself: low and high cases of lines, their sums."""
    assert answer.winner is not None and answer.winner.cost is not None
    cost = answer.winner.cost
    for line in cost.lines:
        yield line.present_value_usd * line.low_factor
        yield line.present_value_usd * line.high_factor
    for option in answer.rejected:
        if option.cost is not None:
            yield 1.0 - option.cost.usd_per_mtok.base / cost.usd_per_mtok.base
    rate = answer.currency.per_usd
    yearly = dict(cost.depreciation_by_fiscal_year_usd).values()
    for usd in (*yearly, sum(yearly)):  # rounded with their sum
        yield math.floor(usd * rate) / rate
        yield math.ceil(usd * rate) / rate
    base = base_option(answer)
    for option in (*answer.options, *answer.rejected):  # savings, of the amounts as printed
        if base is not None and base.cost is not None and option.cost is not None:
            yield (round(base.cost.npv_usd * rate) - round(option.cost.npv_usd * rate)) / rate
    for lease in answer.lease_or_buy:  # against buying less resale, of the amounts as printed
        bought = round((lease.buy_usd - lease.resale_usd) * rate)
        yield bought / rate
        for way in lease.ways:
            yield (round(way.present_usd * rate) - bought) / rate
    for serving in answer.winner.servings:  # how long the test takes at a low load
        if serving.at_peak is not None and serving.at_peak.req_s > 0:
            for requests in (200, 500, 1000, 5000):
                yield requests / serving.at_peak.req_s / 60.0
                yield requests / serving.at_peak.req_s / 3600.0


def counts(answer: Recommendation) -> Iterator[int]:
    """How many there are of what is listed or left out."""
    both = (*answer.options, *answer.rejected)
    yield from range(len(both) + 1)


def unknown(text: str, known: set[str]) -> list[str]:
    """Number words that nothing accounts for; days may have a leading zero."""
    found = []
    for word in WORD.findall(text):
        if word not in known and word.lstrip("0") not in known:
            found.append(word)
    return sorted(set(found))


def test_every_number_is_the_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, analysis = cases.rich(), cases.analysis()
    text = text_of(answer, analysis, monkeypatch)
    assert len(WORD.findall(text)) > 1000
    assert unknown(text, known_numbers(answer, analysis)) == []


def test_numbers_of_another_answer_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk can fail: amounts at another rate are found out."""
    answer, analysis = cases.rich(), cases.analysis()
    other = dataclasses.replace(
        answer, currency=dataclasses.replace(answer.currency, per_usd=0.8 * 1.0137)
    )
    text = text_of(other, analysis, monkeypatch)
    assert len(unknown(text, known_numbers(answer, analysis))) > 20


@pytest.mark.full
def test_every_number_of_the_bank_is_the_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = load_catalog()
    example = Path(str(files("resources") / "examples" / "bank_chat.json"))
    answer = assess(load(example), catalog, as_of=date(2026, 11, 24))
    analysis = analyse(answer, catalog)
    text = text_of(answer, analysis, monkeypatch)
    assert len(WORD.findall(text)) > 2500
    assert unknown(text, known_numbers(answer, analysis)) == []
