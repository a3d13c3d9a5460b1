"""What is alike is solved once: counted in calls of the engine, not in seconds."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.analysis import analyse, inverse, second_process, switch_points, tuning
from core.analysis.admission import search_changes
from core.analysis.narrow import Narrow
from core.assess import assess
from core.assessment import Assessment, with_value
from core.performance import engine
from core.recommendation import Answer, Option, SmallestChange
from tests.core.assess.cases import AS_OF, every, run, small_catalog


def calls(monkeypatch: pytest.MonkeyPatch, assessment: Assessment) -> dict[str, int]:
    """How often the engine's expensive steps run in one assessment."""
    counted = {"capacities": 0, "operate": 0}
    with monkeypatch.context() as patch:
        for name in counted:
            original = getattr(engine, name)

            def counting(*args: Any, _name: str = name, _original: Any = original) -> Any:
                counted[_name] += 1
                return _original(*args)

            patch.setattr(engine, name, counting)
        assess(assessment, small_catalog(), as_of=AS_OF)
    return counted


def shared(count: int) -> Assessment:
    """The default demand, split over so many workloads that are alike but for their names."""
    whole = Assessment().workloads[0]
    parts = tuple(
        dataclasses.replace(whole, name=f"Part {i}", users=whole.users // count)
        for i in range(count)
    )
    return dataclasses.replace(Assessment(), workloads=parts)


def test_like_workloads_are_evaluated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert calls(monkeypatch, shared(20)) == calls(monkeypatch, shared(1))


def test_another_workload_is_evaluated_too(monkeypatch: pytest.MonkeyPatch) -> None:
    two = shared(2)
    other = dataclasses.replace(two.workloads[1], input_tokens_mean=900.0)
    different = dataclasses.replace(two, workloads=(two.workloads[0], other))
    assert calls(monkeypatch, different)["capacities"] > calls(monkeypatch, two)["capacities"]


@pytest.mark.parametrize(
    ("count", "most", "asked"),
    [(2, 12, True), (2, 1, False), pytest.param(13, 12, False, marks=pytest.mark.full)],
)
def test_of_many_workloads_less_is_asked_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, count: int, most: int, asked: bool
) -> None:
    """Every re-run works out all of them: questions that can wait wait, and a notice says so."""
    for module in (
        "core.assess.notices",
        "core.analysis",
        "core.analysis.admission.search_changes",
    ):
        monkeypatch.setattr(f"{module}.MOST_SEARCHED_WHOLE", most)  # 12; 13 workloads take long
    searched: list[str] = []

    def question(*_args: Any, **_named: Any) -> tuple[Answer, ...]:
        searched.append("question")
        return ()

    def change(_narrow: Narrow, option: Option) -> SmallestChange:
        searched.append(option.id)
        return SmallestChange(option.id, option.title, (), None, None, None, "", "", verified=False)

    monkeypatch.setattr(inverse, "standard", question)
    monkeypatch.setattr(second_process, "can_fork", lambda: False)  # a copy's calls are not seen
    monkeypatch.setattr(search_changes, "smallest_change", change)
    monkeypatch.setattr(switch_points, "find", lambda _narrow, _tell: ())  # not what is asked here
    monkeypatch.setattr(tuning, "levers", lambda _answer, _catalog: ())
    stated = with_value(shared(count), "site.venues", ("on_premises", "gpu_cloud"))
    answer = assess(with_value(stated, "site.rack_power_kw", 5.0), small_catalog(), as_of=AS_OF)
    assert len(search_changes.interesting(answer)) > 2
    found = analyse(answer, small_catalog(), samples=64)
    followed = {row.option_id for row in found.uncertainty}
    assert len(followed) == min(len(answer.options), 20 if asked else 8)
    assert {o.id for o in answer.options[:2]} <= followed  # the gap between the first two is told
    assert ("question" in searched) == asked
    assert (len(searched) > 2) == asked
    assert any(f"With {count} workloads" in n.text for n in answer.notices) != asked


def test_sites_are_solved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    base = Assessment()
    many = dataclasses.replace(base, site=dataclasses.replace(base.site, edge_sites=5000))
    assert calls(monkeypatch, many)["capacities"] == calls(monkeypatch, base)["capacities"]


def test_alike_sites_add_up() -> None:
    """5,000 sites with 5,000 times the users cost 5,000 times the boxes of one."""
    one, many = run(workload__users=50), run(workload__users=250_000, site__edge_sites=5000)
    boxes = {o.id: o.fleet.units_by_year for o in every(one) if o.venue == "edge"}
    for option in every(many):
        if option.venue == "edge":
            assert option.fleet.units_by_year == tuple(5000 * n for n in boxes[option.id])
