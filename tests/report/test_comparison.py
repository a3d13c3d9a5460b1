"""The comparative report, read back."""

from __future__ import annotations

import dataclasses
import functools
import io

import pikepdf
import pytest

from core.comparison import compare, comparison_csv
from core.interchange.document import DocumentError, from_json, load
from core.recommendation import Analysis, Currency, Recommendation
from core.report import comparison_bytes
from core.report.sections.scenarios import first_pages
from tests.core.decision.builders import SOURCE
from tests.report import cases, pdf_ua
from tests.report.pdf_reading import all_text, compact, reader


def answers() -> list[Recommendation]:
    return [cases.rich(), cases.hosted_only(), cases.nothing_feasible()]


NAMES = ("Own servers", "Hosted & simple", "No room")


@functools.cache
def report() -> bytes:
    analyses: list[Analysis | None] = [cases.analysis(), None, None]
    return comparison_bytes(answers(), analyses=analyses, names=NAMES)


def test_every_scenario_has_its_short_version() -> None:
    text = compact(all_text(report()))
    for number, (name, answer) in enumerate(zip(NAMES, answers(), strict=True), start=3):
        assert compact(f"{number} {name}") in text
        assert compact(answer.headline) in text
    tops = [str(i.title) for i in reader(report()).outline if not isinstance(i, list)]
    assert tops[1:3] == ["1 Inputs that differ", "2 Results side by side"]
    assert len(tops) == 3 + len(NAMES)


def test_inputs_that_differ_and_results_are_those_of_the_comparison() -> None:
    text = compact(all_text(report()))
    compared = compare(answers(), NAMES)
    assert compared.inputs
    for row in (*compared.inputs, *compared.results):
        assert compact(row.label) in text, row.key
        for value in row.texts:
            assert compact(value) in text, (row.key, value)


def test_the_first_page_tells_the_cheapest_and_the_one_without_an_answer() -> None:
    first = compact(reader(report()).pages[0].extract_text())
    priced = {n: a for n, a in zip(NAMES, answers(), strict=True) if a.winner}
    costs = {
        n: a.winner.cost.usd_per_mtok.base for n, a in priced.items() if a.winner and a.winner.cost
    }
    least = min(costs, key=lambda name: costs[name])
    assert compact(f"“{least}” costs least, EUR {costs[least] * 0.8:.2f}") in first
    assert compact("No option meets every limit in “No room”.") in first


def test_the_range_of_sampled_futures_stands_where_it_is_known() -> None:
    first = compact(reader(report()).pages[0].extract_text())
    sampled = cases.analysis().uncertainty[0]
    for usd in (sampled.usd_per_mtok_p10, sampled.usd_per_mtok_p90):
        assert compact(f"{usd * 0.8:.2f}") in first  # one dollar is 0.8 euros


def more_work() -> Recommendation:
    """The rich answer at ten times the tokens."""
    answer = cases.rich()
    demand = tuple(
        dataclasses.replace(d, tokens_per_year=tuple(10 * t for t in d.tokens_per_year))
        for d in answer.demand
    )
    return dataclasses.replace(answer, demand=demand)


def test_other_work_is_not_ranked_and_its_totals_are_not_set_against_each_other() -> None:
    pair, names = [cases.rich(), more_work()], ("One", "Ten")
    assert not compare(pair, names).same_work
    text = compact(all_text(comparison_bytes(pair, names=names)))
    assert compact("The assessments do not serve the same work (“One” 1 trillion tokens") in text
    assert compact("Cost per million tokens, each for its own work: “One” EUR 1.60") in text
    assert compact("costs least") not in text
    for page in first_pages(compare(pair, names)):
        told = repr(list(page))
        assert "→" not in told, "an arrow tells of a change, which there is none"
        for spent in ("Up-front spending", "What that changes", "Up front", "Deploy"):
            assert spent not in told
    told = repr(first_pages(compare([cases.rich()] * 2, names)))
    assert "What that changes" in told and "Up front" in told
    same = compare([cases.rich(), cases.rich()], names)
    assert same.same_work and not any("same work" in note for note in same.notes)


def test_each_assessment_has_one_page_whatever_is_in_it() -> None:
    """No last row of a table on a page of its own."""
    rich = cases.rich()
    texts = tuple(f"Reason {n}: {'why it is so ' * 30}." for n in range(3))
    wordy = dataclasses.replace(rich, reasons=texts, risks=texts, conditions=texts)
    pages = len(reader(comparison_bytes([wordy, wordy], names=("One", "Two"))).pages)
    assert pages == len(reader(comparison_bytes([rich, rich], names=("One", "Two"))).pages)


def test_sums_over_other_horizons_are_not_set_against_each_other() -> None:
    """That they cannot be compared is told; so no change of theirs is."""
    short = cases.rich()
    economics = dataclasses.replace(short.assessment.economics, horizon_years=1)
    short = dataclasses.replace(
        short, assessment=dataclasses.replace(short.assessment, economics=economics)
    )
    compared = compare([cases.rich(), short], ("Long", "Short"))
    row = next(r for r in compared.results if r.key == "npv_usd")
    assert not compared.comparable(row)
    assert compared.comparable(next(r for r in compared.results if r.key == "capex_usd"))
    assert compare([short, short], ("One", "Two")).comparable(row)


def test_another_currency_is_told_where_it_remains() -> None:
    other = dataclasses.replace(cases.rich(), currency=Currency("USD", 1.0, SOURCE))
    text = compact(all_text(comparison_bytes([cases.rich(), other], names=("A", "B"))))
    assert compact("Amounts of this section are in USD") in text


def test_charts_are_laid_over_each_other() -> None:
    text = all_text(report())
    assert text.count("Cost per million tokens by scenario") >= 1
    assert "Latency against load by scenario" in text


def test_no_chart_is_drawn_twice_and_none_is_lost() -> None:
    """Those of the first page stood again two pages later, and left another one alone on a page."""
    found = pikepdf.open(io.BytesIO(report()))
    words = [str(e.Alt) for e, _ in pdf_ua.elements(found) if pdf_ua.role(e) == "Figure"]
    assert len(words) == len(set(words)) == 3


def test_each_assessment_is_attached_and_none_is_opened_by_guess(tmp_path: object) -> None:
    attached = reader(report()).attachments
    kinds = ("assessment-{}.json", "options-{}.csv", "results-{}.json")
    wanted = ["comparison.csv", *(kind.format(n) for kind in kinds for n in (1, 2, 3))]
    assert sorted(attached) == sorted(wanted)
    assert attached["comparison.csv"][0].decode() == comparison_csv(compare(answers(), NAMES))
    for number, answer in enumerate(answers(), start=1):
        assert from_json(attached[f"assessment-{number}.json"][0].decode()) == answer.assessment


def test_a_comparison_is_not_opened_as_one_assessment(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("compared") / "both.pdf"
    path.write_bytes(report())
    with pytest.raises(DocumentError, match="compares 3 assessments"):
        load(path)


def test_it_is_tagged_like_every_report() -> None:
    with pikepdf.open(io.BytesIO(report())) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root


def test_same_arguments_same_bytes() -> None:
    pair = [cases.hosted_only(), cases.rich()]
    assert comparison_bytes(pair) == comparison_bytes(pair)


def test_many_scenarios_with_long_names_stay_readable() -> None:
    many = [cases.hosted_only()] * 15
    names = [f"{n} {cases.HOSTILE} {cases.LONG[:80]}" for n in range(15)]
    data = comparison_bytes(many, names=names)
    pages = reader(data).pages
    assert "Contents" not in pages[0].extract_text()
    assert pages[1].extract_text().count("Contents") == 1
    assert "3 more: see section 2." in all_text(data)
    assert "All assessments have the same inputs." in all_text(data)


def test_where_there_is_room_an_assessments_page_tells_its_doubts_whole() -> None:
    """They ended in "…", and no other section of a comparison tells the rest."""
    answer = cases.rich()
    doubts = "; ".join(f"doubt number {n} of this answer, told whole" for n in range(12))
    long = dataclasses.replace(answer, confidence_reason=f"Doubts: {doubts}.")
    text = compact(all_text(comparison_bytes([long, cases.hosted_only()], names=NAMES[:2])))
    assert compact(doubts) in text


def test_first_pages_only_get_shorter() -> None:
    lengths = [len(page) for page in first_pages(compare(answers(), NAMES))]
    assert lengths == sorted(lengths, reverse=True)


def test_one_answer_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="at least two"):
        comparison_bytes([cases.rich()])
