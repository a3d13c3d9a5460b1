"""The wizard's steps, walked without a window."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import flow
from core.assessment import Assessment, Workload, entries, problems, with_value

BOTH = Assessment(workloads=(Workload(), Workload(name="second")))
ALL_SEEN = frozenset(flow.KEYS)


def test_the_steps_are_those_of_the_specification_in_order() -> None:
    assert [step.title for step in flow.STEPS] == [
        "Workload",
        "Latency targets",
        "Site constraints",
        "Economics",
        "Priorities",
        "Review",
        "Recommendation",
        "Report",
    ]


def test_every_input_is_on_exactly_one_page() -> None:
    for item in entries(BOTH):
        assert [s.key for s in flow.STEPS if s.holds(item.path)] == [flow.step_of(item.path).key]
    shown = [item for step in flow.STEPS for item in flow.entries_of(step, BOTH)]
    assert sorted(i.path for i in shown) == sorted(i.path for i in entries(BOTH))


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("project.title", "workload"),
        ("workloads", "workload"),
        ("workloads[1].users", "workload"),
        ("workloads[12].targets.ttft_ms", "targets"),
        ("site.racks", "site"),
        ("economics.currency", "economics"),
        ("priorities.weight_cost", "priorities"),
    ],
)
def test_a_path_leads_to_its_page(path: str, key: str) -> None:
    assert flow.step_of(path) is flow.step(key)


def test_unknown_paths_and_keys_are_refused() -> None:
    for path in ("", "sites.racks", "workload.users"):
        with pytest.raises(KeyError):
            flow.step_of(path)
    with pytest.raises(KeyError):
        flow.step("welcome")


def test_every_page_has_its_help(checkout: Path) -> None:
    for step in flow.STEPS:
        text = (checkout / "resources" / "help" / step.help_file).read_text(encoding="utf-8")
        assert text.startswith(f"# {step.title}\n")


def test_untouched_defaults_are_not_yet_done_and_visited_ones_are() -> None:
    assert set(flow.states(Assessment()).values()) == {"not_yet"}
    seen = flow.states(Assessment(), visited=frozenset({"workload", "review"}))
    assert {key for key, mark in seen.items() if mark == "done"} == {"workload", "review"}


def test_a_problem_marks_its_page_and_review_and_blocks_what_follows() -> None:
    wrong = with_value(BOTH, "workloads[1].targets.ttft_ms", -5.0)
    marks = flow.states(wrong, visited=ALL_SEEN)
    assert flow.states(wrong, visited=ALL_SEEN, known=problems(wrong)) == marks
    assert {key for key, mark in marks.items() if mark == "needs_attention"} == {
        "targets",
        "review",
    }
    assert flow.blocks_next(flow.step("workload"), wrong) == ()
    assert flow.first_problem(flow.step("site"), wrong) is None
    page, problem = flow.first_problem(flow.step("review"), wrong) or (None, None)
    assert page is flow.step("targets")
    assert problem is not None
    assert problem.path == "workloads[1].targets.ttft_ms"
    assert flow.may_enter(flow.step("review"), wrong)
    assert not flow.may_enter(flow.step("recommendation"), wrong)
    assert flow.may_enter(flow.step("report"), BOTH)


def test_catalog_names_are_checked_where_given() -> None:
    names = {"models": frozenset({"other/model"})}
    assert flow.problems_of(flow.step("workload"), BOTH) == ()
    assert len(flow.problems_of(flow.step("workload"), BOTH, names)) == 2
    assert flow.state(flow.step("workload"), BOTH, names) == "needs_attention"


def test_results_are_done_while_they_are_of_the_present_inputs() -> None:
    recommendation, report = flow.step("recommendation"), flow.step("report")
    assert flow.state(recommendation, BOTH, answered=True) == "done"
    assert flow.state(recommendation, BOTH, answered=True, stale=True) == "needs_attention"
    assert flow.state(report, BOTH, answered=True) == "not_yet"
    assert flow.state(report, BOTH, answered=True, reported=True) == "done"
    assert flow.state(report, BOTH, answered=True, reported=True, stale=True) == "needs_attention"


def test_an_input_is_visible_while_its_sibling_asks_for_it() -> None:
    by_path = {item.path: item for item in entries(BOTH)}
    asked = with_value(BOTH, "workloads[0].traffic_entry", "requests")
    assert flow.is_visible(BOTH, by_path["workloads[0].users"])
    assert not flow.is_visible(asked, by_path["workloads[0].users"])
    assert flow.is_visible(asked, by_path["workloads[1].users"])
    assert flow.is_visible(asked, by_path["workloads[0].peak_requests_per_s"])


@given(st.sampled_from(list(entries(BOTH))), st.sampled_from([None, "", -1e9, 1e13, (), object]))
def test_every_possible_problem_has_a_page(item: object, value: object) -> None:
    wrong = with_value(BOTH, item.path, value)  # type: ignore[attr-defined]  # an Entry
    for problem in problems(wrong):
        page = flow.step_of(problem.path)
        assert problem in flow.blocks_next(page, wrong)


def test_no_workload_at_all_is_the_workload_page_s_problem() -> None:
    nothing = dataclasses.replace(BOTH, workloads=())
    page, _ = flow.first_problem(flow.step("review"), nothing) or (None, None)
    assert page is flow.step("workload")
