"""The whole analysis on a small catalog: complete, seeded, verified, cancellable."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest

from core.analysis import AnalysisCancelledError, analyse, sensitivity, switch_points
from core.analysis.bills import Bills
from core.analysis.fitting import bills_of
from core.analysis.narrow import Narrow, at_load
from core.assess import assess
from core.assessment import with_value
from core.decision.yardstick import peak_req_s
from core.recommendation import Analysis, Recommendation
from tests.core.assess.cases import AS_OF, not_finite, run, small_catalog


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    """Own servers against rented ones, at a load that both can serve."""
    return run(
        site__venues=("on_premises", "public_cloud"),
        workload__targets__ttft_ms=2000.0,
        priorities__weight_cost=60,
    )


@pytest.fixture(scope="module")
def found(answer: Recommendation) -> Analysis:
    return analyse(answer, small_catalog(), seed=7, samples=256)


def test_an_analysis_is_complete_and_finite(answer: Recommendation, found: Analysis) -> None:
    assert (found.samples, found.seed) == (256, 7)
    assert list(not_finite(found)) == []
    followed = Narrow(answer, small_catalog()).options
    assert {u.option_id for u in found.uncertainty} == {o.id for o in followed}
    assert sum(u.win_probability for u in found.uncertainty) == pytest.approx(1.0)
    assert sum(share for _, share in found.stability) == pytest.approx(1.0)
    assert found.base_gap is not None
    assert found.tornado and found.switch_points and found.levers and found.input_ranges
    assert found.answers and found.smallest_changes
    assert answer.winner is not None and answer.winner.title in found.regret
    assert "P90" in found.regret or "cheapest" in found.regret


@pytest.fixture(scope="module")
def bills(answer: Recommendation) -> Bills:
    """How its options' bills follow what is drawn: read only."""
    return bills_of(Narrow(answer, small_catalog()), lambda share: None)


def test_at_base_the_bills_give_the_costs_of_the_recommendation(bills: Bills) -> None:
    from core.analysis.future_cost import one_at_a_time

    costs = one_at_a_time(bills, ["load"], [0.0])[0, 0]
    for bill, cost in zip(bills.bills, costs, strict=True):
        assert bill.option.cost is not None
        assert cost == pytest.approx(bill.option.cost.usd_per_mtok.base, rel=1e-6)


def test_scores_at_base_are_the_scores_of_the_recommendation(bills: Bills) -> None:
    from core.analysis.futures import drawn_at
    from core.analysis.uncertain_inputs import INPUTS

    drawn = drawn_at(bills, np.zeros((1, len(INPUTS))), np.zeros((1, len(bills.bills))))
    for bill, score in zip(bills.bills, drawn.scores[0], strict=True):
        assert score == pytest.approx(bill.option.total_score, abs=1e-6)
    # beside its like an option has all its points, where everything is known
    common = drawn.common
    known = [all(s.assumed is None for s in bill.option.scores) for bill in bills.bills]
    assert any(known)
    for i in np.flatnonzero(known):
        assert common.points[0, i, common.kind[i]] == pytest.approx(drawn.scores[0, i], abs=1e-6)
    assert drawn.leaders.tolist() == [0]


@pytest.mark.full  # beside a second process the same is asked below
def test_the_same_seed_gives_the_same_analysis(answer: Recommendation, found: Analysis) -> None:
    steps: list[float] = []
    again = analyse(
        answer,
        small_catalog(),
        seed=7,
        samples=256,
        progress=lambda share, text: steps.append(share),
    )
    assert again == found
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)


def test_a_second_process_tells_no_progress_of_its_own(
    answer: Recommendation, found: Analysis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is further on than the first: on a terminal both would write, and the bar run back."""
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    monkeypatch.setattr("core.analysis.second_process.can_fork", lambda: True)
    told = tmp_path / "told"

    def tell(share: float, _text: str) -> None:
        with told.open("a", encoding="utf-8") as file:  # both processes reach a file
            file.write(f"{share}\n")

    assert analyse(answer, small_catalog(), seed=7, samples=256, progress=tell) == found
    steps = [float(line) for line in told.read_text(encoding="utf-8").split()]
    assert steps == sorted(steps)


def test_switch_points_hold_when_assess_is_asked_on_both_sides(
    answer: Recommendation, found: Analysis
) -> None:
    """Told as text: the search's own dials say which value the text stands for."""
    assert any(s.switches_at is not None for s in found.switch_points)
    assert all(s.verified for s in found.switch_points if s.switches_at is not None)
    assert all(s.because for s in found.switch_points if s.switches_at is not None)
    (load,) = [s for s in found.switch_points if s.path == "load"]
    if load.switches_at is None:
        pytest.skip("demand does not move the winner on this catalog")
    factor = float(load.switches_at.split()[0].replace(",", ""))
    # just beyond what the text rounds to; farther on, whole instances may turn the rank again
    beyond = assess(
        at_load(answer.assessment, factor * (1.002 if factor > 1 else 0.998)),
        small_catalog(),
        as_of=AS_OF,
    )
    assert answer.winner is not None
    assert beyond.winner is None or beyond.winner.id != answer.winner.id


def test_re_runs_rank_as_assess_does(answer: Recommendation) -> None:
    narrow = Narrow(answer, small_catalog())
    again = narrow.run(answer.assessment)
    full = narrow.run_full(with_value(answer.assessment, "economics.discount_rate", 0.0801))
    assert answer.winner is not None
    for ranked in (again, full):
        assert ranked.winner is not None
        assert ranked.winner.id == answer.winner.id
        assert ranked.winner.total_score == pytest.approx(answer.winner.total_score, abs=0.5)
    assert [o.id for o in again.options] == [o.id for o in answer.options]
    asked = with_value(answer.assessment, "economics.gpu_hour_trend", 0.1)
    plain = assess(asked, small_catalog(), as_of=AS_OF)
    # the second question reuses the first one's performance: it must not show
    again = narrow.run_full(asked)
    assert [o.id for o in again.options] == [o.id for o in plain.options]
    # power is interpolated between loads that depend on which venues were sized beside
    assert [o.total_score for o in again.options] == pytest.approx(
        [o.total_score for o in plain.options], abs=0.01
    )


def test_people_who_look_after_own_servers_may_be_what_decides() -> None:
    """Servers that lead with half a person lose to rented ones where they take many."""
    owning = run(
        site__venues=("on_premises", "gpu_cloud"),
        site__cooling="rear_door",
        economics__minimum_staff_fte=0.0,
        workload__users=4000,
        workload__targets__ttft_ms=2000.0,
        priorities__weight_control=10,
    )
    assert owning.winner is not None and owning.winner.venue == "on_premises"
    narrow = Narrow(owning, small_catalog())
    points = {s.path: s for s in switch_points.find(narrow, lambda share: None)}
    people = points["economics.minimum_staff_fte"]
    assert people.switches_at is not None and people.switches_at.endswith(" FTE")
    assert people.verified and people.new_winner.startswith("GPU cloud")
    fte = float(people.switches_at.split()[0])
    for value, owned in ((1.002 * fte, False), (0.9 * fte, True)):  # told to three figures
        asked = with_value(owning.assessment, "economics.minimum_staff_fte", value)
        best = assess(asked, small_catalog(), as_of=AS_OF).winner
        assert best is not None and (best.venue == "on_premises") == owned


def test_a_discount_rate_is_tried_as_far_as_investors_ask() -> None:
    rates = {d.path: d for d in switch_points.dials(run(), 0.1)}["economics.discount_rate"]
    assert max(rates.tries) >= 0.5


def test_a_load_is_a_multiple_of_the_stated_one(answer: Recommendation) -> None:
    (stated,) = answer.assessment.workloads
    (doubled,) = at_load(answer.assessment, 2.0).workloads
    assert peak_req_s(doubled) == pytest.approx(2.0 * peak_req_s(stated))


def test_prices_nobody_pays_are_not_turned() -> None:
    own = run(site__venues=("on_premises",), workload__targets__ttft_ms=2000.0)
    narrow = Narrow(own, small_catalog())
    asked: list[str] = []
    original = narrow.run_contenders

    def spy(assessment: object) -> object:
        asked.append(str(assessment))
        return original(assessment)  # type: ignore[arg-type]  # passes through

    narrow.run_contenders = spy  # type: ignore[method-assign,assignment]  # counts the calls
    points = {s.path: s for s in switch_points.find(narrow, lambda share: None)}
    assert points["economics.token_price_trend"].switches_at is None
    assert points["economics.gpu_hour_trend"].switches_at is None
    assert len(asked) < 30


def test_it_stops_when_asked(answer: Recommendation) -> None:
    steps: list[float] = []

    def enough() -> bool:
        return len(steps) >= 3

    with pytest.raises(AnalysisCancelledError):
        analyse(
            answer,
            small_catalog(),
            samples=64,
            progress=lambda share, text: steps.append(share),
            cancelled=enough,
        )
    assert len(steps) == 3


# -- special recommendations -----------------------------------------------------------------


def test_only_hosted_apis() -> None:
    answer = run(site__venues=("token_api",))
    assert answer.winner is not None
    found = analyse(answer, small_catalog(), samples=64)
    assert list(not_finite(found)) == []
    assert found.levers == ()  # the provider tunes
    assert {b.key for b in found.tornado} >= {"tokens"} or found.base_gap is None


def test_a_single_option() -> None:
    answer = run(site__venues=("on_premises",), workload__targets__ttft_ms=2000.0)
    alone = dataclasses.replace(answer, options=answer.options[:1])
    found = analyse(alone, small_catalog(), samples=64)
    assert found.base_gap is None and found.tornado == ()
    assert found.stability == ((answer.options[0].id, 1.0),)
    assert [u.win_probability for u in found.uncertainty] == [1.0]


def test_nothing_feasible() -> None:
    answer = run(site__venues=("on_premises",), site__total_power_kw=0.1)
    assert answer.winner is None
    found = analyse(answer, small_catalog(), samples=64)
    assert found.samples == 0
    assert found.uncertainty == found.tornado == found.switch_points == ()
    # 0.1 kW holds no server: some power is the smallest change, and no demand fits
    assert found.smallest_changes and all(c.verified for c in found.smallest_changes if c.changes)
    assert any(
        change.path == "site.total_power_kw"
        for found_change in found.smallest_changes
        for change in found_change.changes
    )
    (room,) = found.answers
    assert room.value is None and room.answer.startswith("None: even ")
    assert found.input_ranges


def test_the_tornado_turns_the_least_staff_of_own_servers() -> None:
    """Three people are more than two servers ask for: the line is in proportion to the least."""
    answer = run(site__venues=("on_premises", "public_cloud"), economics__minimum_staff_fte=3.0)
    best, second = answer.options[:2]
    assert {best.venue, second.venue} == {"on_premises", "public_cloud"}
    owned = best if best.venue == "on_premises" else second
    assert owned.cost is not None
    mtok = owned.cost.npv_usd / owned.cost.usd_per_mtok.base
    staff = sum(x.present_value_usd for x in owned.cost.lines if x.key == "staff") / mtok
    sign = -1.0 if owned is best else 1.0
    narrow = Narrow(answer, small_catalog())
    bills = bills_of(narrow, lambda share: None)
    bars, gap = sensitivity.tornado(bills, sensitivity.minimum_staff(narrow))
    bar = next(b for b in bars if b.key == "minimum_staff")
    assert gap is not None
    assert bar.gap_at_low == pytest.approx(gap - 0.5 * sign * staff)
    assert bar.gap_at_high == pytest.approx(gap + 1.0 * sign * staff)
    assert (bar.low_input, bar.high_input) == ("1.5 FTE", "6 FTE")


def test_what_has_no_latency_target_is_analysed() -> None:
    """A lone request takes no share of a target that is not set."""
    answer = run(
        site__venues=("on_premises", "public_cloud"),
        workload__targets__ttft_ms=None,
        workload__targets__tpot_ms=None,
    )
    found = analyse(answer, small_catalog(), samples=64)
    assert sum(u.win_probability for u in found.uncertainty) == pytest.approx(1.0)
    assert list(not_finite(found)) == []
