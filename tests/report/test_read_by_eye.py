"""What was seen on pages that were read as a board, facilities and engineers read them."""

from __future__ import annotations

import dataclasses
import re
from decimal import Decimal

import pytest

from core.catalog.types import Provenance
from core.decision import verdicts
from core.decision.wording import points_apart
from core.language import speaking
from core.recommendation import Gate, Spread
from core.report.brief import Brief
from core.report.content import Bullets, Column, Para, Table, plain
from core.report.sections import (
    carbon,
    key_figures,
    measured_runs,
    options,
    references,
    rejected,
    risks,
    sensitivity,
)
from core.report.text import runs_of, wrap
from tests.report import cases


def lines_of(text: str, width: float) -> list[str]:
    return ["".join(p.text for p in line) for line in wrap(runs_of(text), 8.0, width)]


@pytest.mark.parametrize("width", range(60, 260, 7))
def test_a_count_stays_with_what_it_counts(width: int) -> None:
    for line in lines_of("2.6 points behind On-premises: 2 x PCIe server, 4x H200 NVL", width):
        assert not line.endswith(("2", "2 x"))


RANGES = (
    "On-premises: 5 to 8 x Edge server, 2x RTX PRO 6000 Blackwell SE",
    "GPU cloud: up to 6 x Nebius gpu-b200-sxm_8gpu",
    "Eigenes Rechenzentrum: 10 bis 18 x Edge-Server, 4x L4",
    "GPU-Cloud: bis zu 7 x DigitalOcean MI300X on-demand",
    "Sur site : 27 à 44 x serveur de périphérie, 4x L40S",
    "Cloud GPU : jusqu’à 3 x Spheron H200",
)


@pytest.mark.parametrize("text", RANGES)
@pytest.mark.parametrize("width", range(95, 260, 9))
def test_a_range_of_counts_stays_in_one_piece(text: str, width: int) -> None:
    """Narrow tables told "5 bis" on one line and "10 x" on the next."""
    lines = lines_of(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    broken = re.compile(r"(?:\b(?:to|bis|zu|à|x|\dx)|\b\d{1,2})$")
    assert not [line for line in lines[:-1] if broken.search(line)]


def test_where_even_a_range_is_too_wide_no_number_is_broken() -> None:
    lines = lines_of("On-premises: 2,022 to 3,489 x Edge server, 2x L40S", 45.0)
    told = " ".join(lines)
    assert "2,022" in told and "3,489" in told


@pytest.mark.parametrize("one", [73.65, 73.66, 73.74])
@pytest.mark.parametrize("other", [71.04, 71.05, 61.56, 73.64])
def test_points_apart_are_those_of_the_table(one: float, other: float) -> None:
    """The table told 73.7 and 71.0, the text beside it 2.6 points."""
    by_hand = Decimal(f"{one:.1f}") - Decimal(f"{other:.1f}")
    assert Decimal(points_apart(one, other).split()[0]) == by_hand


def test_every_distance_on_the_page_is_the_difference_of_its_scores() -> None:
    answer = cases.rich()
    brief = Brief(answer)
    tables = [b for b in options.blocks(brief) if isinstance(b, Table)]
    scores = {row[0]: Decimal(row[4]) for row in tables[0].rows}
    apart = 0
    for rank, _title, why in tables[-1].rows:
        told = re.match(r"([\d.]+) points? behind", str(why))
        if told:
            apart += 1
            assert Decimal(told[1]) == scores["1"] - scores[str(rank)]
    assert apart


def latency(key: str, label: str, remedy: str) -> Gate:
    return Gate(key, label, "fail", 80.0, 50.0, "ms", "…", remedy)


def test_changes_of_several_latencies_say_of_which() -> None:
    one = latency("tpot", "Time per output token", "At most 89 ms instead of 50 ms.")
    two = latency("ttft", "Time to first token", "At most 1,600 ms instead of 1,000 ms.")
    told = verdicts.remedies((two, one))
    assert told == (
        "Time to first token: At most 1,600 ms instead of 1,000 ms. "
        "Time per output token: At most 89 ms instead of 50 ms."
    )
    assert verdicts.remedies((one,)) == "At most 89 ms instead of 50 ms."


def test_what_stands_in_the_attached_file_only_is_told_above_the_last_table() -> None:
    """Below it the sentence stood alone on a page."""
    answer = cases.rich()
    many = tuple(
        dataclasses.replace(answer.rejected[0], id=f"r{n}", title=f"Rejected {n}")
        for n in range(40)
    )
    found = list(rejected.blocks(Brief(dataclasses.replace(answer, rejected=many))))
    last = found[-1]
    assert isinstance(last, Table) and "more are in the attached options.csv" in last.caption


def test_one_option_meets_and_several_meet() -> None:
    answer = cases.rich()
    alone = dataclasses.replace(answer, options=answer.options[:1])
    for told, verb in ((alone, "options meets"), (answer, "options meet ")):
        text = next(str(b.text) for b in options.blocks(Brief(told)) if isinstance(b, Para))
        assert verb in text


def test_lines_that_a_source_is_used_for_are_told_apart() -> None:
    """Names of lines hold commas: "Cloud instances, on demand, burst" were three or one."""
    option = cases.rich().options[0]
    assert option.cost is not None
    line = option.cost.lines[0]
    two = tuple(
        dataclasses.replace(line, key=f"l{n}", label=label)
        for n, label in enumerate(("Cloud instances, committed", "Cloud instances, on demand"))
    )
    told = dataclasses.replace(option, cost=dataclasses.replace(option.cost, lines=two))
    answer = dataclasses.replace(cases.rich(), options=(told,))
    table = next(b for b in references.sources(Brief(answer)) if isinstance(b, Table))
    used = [plain(row[-1]) for row in table.rows]
    assert "Cloud instances, committed; Cloud instances, on demand" in used


def test_a_source_of_hardware_names_the_options_it_is_of() -> None:
    """ "Derived: 600 W per card; host assumed" did not say of which of ten servers."""
    answer = cases.rich()
    source = Provenance("600 W per card", "2026", "low")
    told = tuple(
        dataclasses.replace(o, sources=(source,) if o.rank in (1, 2) else ())
        for o in answer.options
    )
    brief = Brief(dataclasses.replace(answer, options=told))
    table = next(b for b in references.sources(brief) if isinstance(b, Table))
    row = next(row for row in table.rows if plain(row[0]) == "600 W per card")
    assert plain(row[-1]) == "hardware and model data of #\u00a01, #\u00a02"


def test_low_base_and_high_of_an_assumption_are_three_of_a_kind() -> None:
    table = next(
        b
        for b in risks.assumptions(Brief(cases.rich(), cases.analysis()))
        if isinstance(b, Table) and "rest on an assumption" in b.caption
    )
    assert "present value" in table.caption
    assert [c.title for c in table.columns[1:4]] == ["Low", "Base", "High"]


def test_ratios_of_published_runs_have_two_decimals() -> None:
    runs = [
        dataclasses.replace(cases.NEAREST, measured=100.0, predicted=predicted)
        for predicted in (82.0, 120.0, 100.0)
    ]
    table = measured_runs.measured_runs(runs)
    assert [row[-1] for row in table.rows[1:]] == ["0.82", "1.20", "1.00"]
    assert table.columns[-1] == Column("Ratio", "", "decimal")


@pytest.mark.parametrize("code", ["de", "fr"])
def test_a_translated_report_does_not_say_that_its_sources_are_english(code: str) -> None:
    with speaking(code):
        told = " ".join(references.told_in_english())
    assert "nicht übersetzt" in told or "pas traduit" in told


def test_what_the_mix_of_electricity_is_taken_from_is_told_in_the_language() -> None:
    found = dataclasses.replace(
        cases.rich().options[0].carbon,
        kwh_per_year=1000.0,
        source="Deutschland: 0,381 kgCO2e/kWh (codecarbon 3.3.2, global energy mix)",
    )
    option = dataclasses.replace(cases.rich().options[0], carbon=found)
    with speaking("de"):
        told = [b for b in carbon.blocks(Brief(cases.rich()), option) if isinstance(b, Para)]
        assert "weltweiter Energiemix" in plain(told[0].text)


def test_where_nothing_is_feasible_the_ways_out_are_told_once() -> None:
    """All eleven stood in two sections, down to one that takes 90 times the power."""
    answer = cases.nothing_feasible()
    found = cases.analysis()
    one = found.smallest_changes[0]
    many = tuple(dataclasses.replace(one, option_title=f"Option {n}") for n in range(9))
    found = dataclasses.replace(found, smallest_changes=many, switch_points=())
    brief = Brief(answer, found, {"rejected": 10})
    bullets = next(b for b in sensitivity.blocks(brief) if isinstance(b, Bullets)).items
    assert "5 more: see section 10." in [plain(item) for item in bullets]
    assert len(bullets) == sensitivity.MOST_ADMITTED + 1


def test_parts_of_a_week_are_no_lead_time() -> None:
    option = dataclasses.replace(
        cases.rich().options[0], weeks_to_deploy=Spread(low=0.2, base=1.0, high=3.0)
    )
    assert key_figures._time(option) == ("Time to deploy", "1 week", "at most 3 weeks")


def test_where_no_future_was_drawn_none_is_described() -> None:
    found = dataclasses.replace(cases.analysis(), uncertainty=())
    captions = [
        block.caption
        for block in risks.assumptions(Brief(cases.nothing_feasible(), found))
        if isinstance(block, Table)
    ]
    assert captions and "What the sampled futures draw" not in captions
